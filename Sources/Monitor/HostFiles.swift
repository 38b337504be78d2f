import CHost
import Glibc
import MonitorProtocol

/// Serves the operations on shared host directories. Each works on one component beneath a handle and follows no
/// symbolic link, so nothing outside the shares can be named; what a share's mode forbids ends here.
/// Owned by one thread.
final class HostFiles {
    let handles: HandleTable
    /// Passes a descriptor to the sandbox.
    private let pass: (Int32) throws(HostError) -> Void
    private var listings = ListingCache()

    init(handles: HandleTable, pass: @escaping (Int32) throws(HostError) -> Void) {
        self.handles = handles
        self.pass = pass
    }

    /// Carries out a request.
    /// - Throws: the errno to answer.
    func serve(_ request: Request) throws(HostError) -> Answer {
        if request.operation == .enter { giveBack(request.arguments[..<4]) }
        let entry = try handles.entry(request.handle)
        if entry.isHidden { return try serveHidden(request, entry) }
        switch request.operation {
        case .lookup: return try lookup(request, entry)
        case .list: return try list(request, entry)
        case .enter: return try enter(request, entry)
        case .getAttributes: return Answer(data: Self.encode(try attributes(entry, request.optionalName())))
        case .open: return try open(request, entry)
        case .readLink: return try readLink(request, entry)
        case .statFileSystem: return try statFileSystem(entry)
        case .forget:
            try handles.remove(request.handle)
            listings.drop(handle: request.handle)
            return Answer()
        case .getExtendedAttribute: return try getExtendedAttribute(request, entry)
        case .listExtendedAttributes: return try listExtendedAttributes(request, entry)
        case .create, .makeDirectory, .symbolicLink, .link, .unlink, .removeDirectory, .rename, .changeMode, .changeOwner,
            .setTimes, .truncate, .makeSpecial, .setExtendedAttribute, .removeExtendedAttribute, .synchronize:
            guard handles.share(of: entry).isWritable else { throw .readOnly }
            return try change(request, entry)
        }
    }

    // -- reading --

    /// A hidden file system is an empty, read-only directory.
    private func serveHidden(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        switch request.operation {
        case .list: return Answer()
        case .getAttributes where request.bytes(0).isEmpty: return Answer(data: Self.encode(try attributes(entry, nil)))
        case .enter where request.bytes(0).isEmpty: return try enter(request, entry)
        case .statFileSystem: return try statFileSystem(entry)
        case .forget:
            try handles.remove(request.handle)
            return Answer()
        case .lookup, .enter, .getAttributes, .open, .readLink, .getExtendedAttribute: throw .noEntry
        case .listExtendedAttributes: return Answer()
        default: throw .readOnly
        }
    }

    private func lookup(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        guard entry.isDirectory else { throw .notDirectory }
        let name = try request.name()
        var found = try attributes(entry, name)
        let type = found.mode & UInt32(S_IFMT)
        let wantsHandle = request.arguments[0] & LookupFlags.handle != 0
        guard type == UInt32(S_IFDIR) || wantsHandle else {
            let target = type == UInt32(S_IFLNK) ? try target(entry, name) : []
            return Answer(data: Self.encode(found) + target)
        }
        let descriptor = try openPath(entry, name)
        let handle = try adopt(descriptor, of: entry, &found)
        var data = Self.encode(found)
        if found.mode & UInt32(S_IFMT) == UInt32(S_IFLNK), let target = try? target(try handles.entry(handle), nil) { data += target }
        return Answer(result: Int64(handle), data: data)
    }

    /// Makes a handle of an O_PATH descriptor and tells its attributes, which are those of the very object.
    private func adopt(_ descriptor: Int32, of parent: HandleEntry, _ found: inout chost_attributes) throws(HostError) -> UInt32 {
        let entry: HandleEntry
        do throws(HostError) {
            try HostError.check(chost_stat(descriptor, "", &found))
            let crossed = found.device != parent.device
            let isDirectory = found.mode & UInt32(S_IFMT) == UInt32(S_IFDIR)
            let isHidden = crossed ? try FileSystemKind.isHidden(descriptor) : false
            if isHidden && !isDirectory { throw HostError.noEntry }
            entry = HandleEntry(
                descriptor: descriptor, share: parent.share, isDirectory: isDirectory, device: found.device, isHidden: isHidden)
        } catch {
            close(descriptor)
            throw error
        }
        return try handles.insert(entry)
    }

    private func list(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        var answer = Answer()
        _ = try list(request.handle, entry, from: request.arguments[0], into: &answer)
        return answer
    }

    /// Adds entries to an answer while they fit.
    /// - Returns: the cookie of the last, or 0 at the end of the directory.
    private func list(_ handle: UInt32, _ entry: HandleEntry, from cookie: UInt64, into answer: inout Answer) throws(HostError) -> UInt64 {
        guard entry.isDirectory else { throw .notDirectory }
        let listing = try listings.take(handle: handle, cookie: cookie) { () throws(HostError) in
            try HostError.check(chost_open(entry.descriptor, ".", O_RDONLY | O_DIRECTORY | O_NOCTTY, 0))
        }
        if try listing.fill(&answer) { return 0 }
        listings.keep(listing)
        return listing.cookie
    }

    /// Lookup of a directory and the first part of its listing.
    private func enter(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        guard let name = try request.optionalName() else { return try enter(request.handle, entry) }
        guard entry.isDirectory else { throw .notDirectory }
        var found = chost_attributes()
        let handle = try adopt(openPath(entry, name), of: entry, &found)
        do throws(HostError) {
            var answer = try enter(handle, try handles.entry(handle))
            answer.result = Int64(handle)
            return answer
        } catch {
            giveBack([UInt64(handle)])
            throw error
        }
    }

    private func enter(_ handle: UInt32, _ entry: HandleEntry) throws(HostError) -> Answer {
        guard entry.isDirectory else { throw .notDirectory }
        var answer = Answer(data: Self.encode(try attributes(entry, nil)))
        answer.data += [UInt8](repeating: 0, count: EnterAnswer.entries - answer.data.count)
        let cookie = entry.isHidden ? 0 : try list(handle, entry, from: 0, into: &answer)
        for index in 0..<8 { answer.data[EnterAnswer.cookie + index] = UInt8(truncatingIfNeeded: cookie >> UInt64(8 * index)) }
        answer.result = 0
        return answer
    }

    /// Handles the kernel does not need any more; 0 and what is no handle are passed over.
    private func giveBack(_ numbers: some Collection<UInt64>) {
        for number in numbers where number != 0 {
            guard let handle = UInt32(exactly: number), (try? handles.remove(handle)) != nil else { continue }
            listings.drop(handle: handle)
        }
    }

    private func open(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        let access = try request.argument32(0)
        guard access <= 2 else { throw .invalid }
        if access != 0 && !handles.share(of: entry).isWritable { throw .readOnly }
        let appends = access != 0 && request.arguments[1] & 1 != 0
        return try open(entry, request.optionalName(), access: Int32(access) | (appends ? O_APPEND : 0))
    }

    /// Opens a regular file and passes it. The object is looked at before it is opened, by an O_PATH descriptor that pins it: opening
    /// a device or FIFO could have effects.
    private func open(_ entry: HandleEntry, _ name: ComponentName?, access: Int32) throws(HostError) -> Answer {
        let pinned = try name.map { (name) throws(HostError) in try openPath(entry, name) } ?? entry.descriptor
        defer { if name != nil { close(pinned) } }
        var found = chost_attributes()
        try HostError.check(chost_stat(pinned, "", &found))
        switch found.mode & UInt32(S_IFMT) {
        case UInt32(S_IFREG): break
        case UInt32(S_IFDIR): throw .isDirectory
        case UInt32(S_IFLNK): throw HostError(ELOOP)
        default: throw HostError(ENXIO)
        }
        if found.device != entry.device, try FileSystemKind.isHidden(pinned) { throw .noEntry }
        let file = try HostError.check(chost_reopen(pinned, access))
        defer { close(file) }
        try pass(file)
        return Answer(data: Self.encode(found))
    }

    private func readLink(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        let target = try target(entry, request.optionalName())
        return Answer(result: Int64(target.count), data: target)
    }

    private func target(_ entry: HandleEntry, _ name: ComponentName?) throws(HostError) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = name.map { $0.with { readlinkat(entry.descriptor, $0, &buffer, buffer.count) } }
            ?? readlinkat(entry.descriptor, "", &buffer, buffer.count)
        if count < 0 { throw errno == ENOENT && name == nil ? .invalid : .last }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }

    private func statFileSystem(_ entry: HandleEntry) throws(HostError) -> Answer {
        var status = [UInt64](repeating: 0, count: 10)
        try HostError.check(chost_statfs(entry.descriptor, &status))
        var record = RecordWriter()
        for value in status { record.append(value) }
        return Answer(data: record.bytes)
    }

    private func getExtendedAttribute(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        let attribute = try Self.attributeName(request)
        return try withObject(entry, request) { (descriptor, _) throws(HostError) in
            var value = [UInt8](repeating: 0, count: Slot.dataSize)
            let count = try HostError.check(attribute.with { chost_getxattr(descriptor, $0, &value, value.count) })
            return Answer(result: Int64(count), data: Array(value[..<count]))
        }
    }

    private func listExtendedAttributes(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        try withObject(entry, request) { (descriptor, _) throws(HostError) in
            var value = [UInt8](repeating: 0, count: Slot.dataSize)
            let count = try HostError.check(chost_listxattr(descriptor, &value, value.count))
            let names = value[..<count].split(separator: 0).filter { $0.starts(with: Self.userPrefix) }
            let data = names.flatMap { $0 + [0] }
            return Answer(result: Int64(data.count), data: data)
        }
    }

    // -- changing (shares of mode rw only) --

    private func change(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        switch request.operation {
        case .create: return try create(request, entry)
        case .makeDirectory:
            let name = try request.name()
            let mode = mode_t(try request.argument32(0) & 0o1777)
            try HostError.checkErrno(name.with { mkdirat(entry.descriptor, $0, mode) })
            var found = chost_attributes()
            let handle = try adopt(openPath(entry, name), of: entry, &found)
            return Answer(result: Int64(handle), data: Self.encode(found))
        case .symbolicLink:
            let name = try request.name()
            let target = try PlainBytes(request.bytes(1), limit: Int(PATH_MAX) - 1, tooLong: .nameTooLong)
            try HostError.checkErrno(target.with { target in name.with { symlinkat(target, entry.descriptor, $0) } })
            return Answer(data: Self.encode(try attributes(entry, name)))
        case .makeSpecial:
            let name = try request.name()
            let type = mode_t(try request.argument32(0)) & S_IFMT
            // Nothing of the host is behind either: a FIFO's other end is whoever opens it, and nobody listens at the socket.
            guard type == S_IFIFO || type == S_IFSOCK else { throw .notPermitted }
            let mode = mode_t(try request.argument32(0) & 0o777)
            try HostError.checkErrno(name.with { mknodat(entry.descriptor, $0, type | mode, 0) })
            return Answer(data: Self.encode(try attributes(entry, name)))
        case .link: return try link(request, entry)
        case .unlink:
            let name = try request.name()
            try HostError.checkErrno(name.with { unlinkat(entry.descriptor, $0, 0) })
            return Answer()
        case .removeDirectory:
            let name = try request.name()
            try HostError.checkErrno(name.with { unlinkat(entry.descriptor, $0, AT_REMOVEDIR) })
            return Answer()
        case .rename: return try rename(request, entry)
        case .changeMode:
            let mode = try request.argument32(0)
            return try changing(entry, request) { (descriptor, found) throws(HostError) in
                try HostError.check(chost_chmod(descriptor, Self.safeMode(mode, type: found.mode)))
            }
        case .changeOwner:
            let user = try request.argument32(0), group = try request.argument32(1)
            return try changing(entry, request) { (descriptor, _) throws(HostError) in
                try HostError.check(chost_chown(descriptor, user, group))
            }
        case .setTimes:
            let accessNanoseconds = try request.argument32(1), modifyNanoseconds = try request.argument32(3)
            let access = Int64(bitPattern: request.arguments[0]), modify = Int64(bitPattern: request.arguments[2])
            return try changing(entry, request) { (descriptor, _) throws(HostError) in
                try HostError.check(chost_utimens(descriptor, access, accessNanoseconds, modify, modifyNanoseconds))
            }
        case .truncate: return try truncate(request, entry)
        case .setExtendedAttribute:
            let attribute = try Self.attributeName(request)
            let flags = try request.argument32(0)
            guard flags <= 3 else { throw .invalid }
            return try changing(entry, request) { (descriptor, _) throws(HostError) in
                let value = Array(request.bytes(2))
                try HostError.check(attribute.with { chost_setxattr(descriptor, $0, value, value.count, Int32(flags)) })
            }
        case .removeExtendedAttribute:
            let attribute = try Self.attributeName(request)
            return try changing(entry, request) { (descriptor, _) throws(HostError) in
                try HostError.check(attribute.with { chost_removexattr(descriptor, $0) })
            }
        case .synchronize:
            let file = try HostError.check(
                entry.isDirectory ? chost_open(entry.descriptor, ".", O_RDONLY | O_DIRECTORY, 0) : chost_reopen(entry.descriptor, O_RDONLY))
            defer { close(file) }
            try HostError.checkErrno(fsync(file))
            return Answer()
        default: throw .notImplemented
        }
    }

    private func create(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        guard entry.isDirectory else { throw .notDirectory }
        let name = try request.name()
        let mode = Self.safeMode(try request.argument32(0), type: UInt32(S_IFREG))
        let exclusive = request.arguments[1] & 1 != 0
        for _ in 0..<16 {
            let created = name.with { chost_open_beneath(entry.descriptor, $0, O_RDWR | O_CREAT | O_EXCL | O_NOCTTY, mode) }
            if created >= 0 {
                defer { close(created) }
                var found = chost_attributes()
                try HostError.check(chost_stat(created, "", &found))
                try pass(created)
                return Answer(data: Self.encode(found))
            }
            guard created == -EEXIST, !exclusive else { throw HostError(-created) }
            do throws(HostError) {
                return try open(entry, name, access: O_RDWR)
            } catch {
                guard error == .noEntry else { throw error }  // removed in between
            }
        }
        throw .noEntry
    }

    private func link(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        let directory = try handles.entry(request.argument32(0))
        // A link from one share into another would hand its file to the other's mode.
        guard directory.share == entry.share else { throw HostError(EXDEV) }
        guard directory.isDirectory, !directory.isHidden else { throw .notDirectory }
        let newName = try request.name(1)
        return try withObject(entry, request) { (descriptor, found) throws(HostError) in
            guard found.mode & UInt32(S_IFMT) != UInt32(S_IFDIR) else { throw .notPermitted }
            try HostError.check(newName.with { chost_link(descriptor, directory.descriptor, $0) })
            return Answer(data: Self.encode(try self.attributes(directory, newName)))
        }
    }

    private func rename(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        let directory = try handles.entry(request.argument32(0))
        guard directory.share == entry.share else { throw HostError(EXDEV) }
        guard !directory.isHidden else { throw .readOnly }
        let flags = try request.argument32(1)
        guard flags <= 2 else { throw .invalid }  // no whiteouts: they are device nodes
        let name = try request.name(), newName = try request.name(1)
        try HostError.check(
            name.with { old in newName.with { chost_renameat2(entry.descriptor, old, directory.descriptor, $0, flags) } })
        return Answer()
    }

    private func truncate(_ request: Request, _ entry: HandleEntry) throws(HostError) -> Answer {
        guard let length = off_t(exactly: request.arguments[0]) else { throw .invalid }
        return try changing(entry, request) { (descriptor, found) throws(HostError) in
            switch found.mode & UInt32(S_IFMT) {
            case UInt32(S_IFREG): break
            case UInt32(S_IFDIR): throw .isDirectory
            default: throw .invalid
            }
            let file = try HostError.check(chost_reopen(descriptor, O_WRONLY))
            defer { close(file) }
            try HostError.checkErrno(ftruncate(file, length))
        }
    }

    // -- parts --

    private static let userPrefix = Array("user.".utf8)

    private static func attributeName(_ request: Request) throws(HostError) -> PlainBytes {
        let name = try PlainBytes(request.bytes(1), limit: 255, tooLong: .range)
        guard name.bytes.starts(with: userPrefix) else { throw .notSupported }
        return name
    }

    /// Set-id bits never reach the host: a set-user-id file owned by the caller would be a door for other users.
    private static func safeMode(_ mode: UInt32, type: UInt32) -> mode_t {
        let isDirectory = type & UInt32(S_IFMT) == UInt32(S_IFDIR)
        return mode_t(mode & (isDirectory ? 0o3777 : 0o1777))
    }

    private func attributes(_ entry: HandleEntry, _ name: ComponentName?) throws(HostError) -> chost_attributes {
        var found = chost_attributes()
        if let name {
            try HostError.check(name.with { chost_stat(entry.descriptor, $0, &found) })
        } else {
            try HostError.check(chost_stat(entry.descriptor, "", &found))
        }
        return found
    }

    private func openPath(_ entry: HandleEntry, _ name: ComponentName) throws(HostError) -> Int32 {
        try HostError.check(name.with { chost_open_beneath(entry.descriptor, $0, Int32(CHOST_O_PATH) | O_NOFOLLOW, 0) })
    }

    /// Pins the object that a request names and calls `body` with a descriptor (O_PATH) for it and its attributes.
    private func withObject<R>(
        _ entry: HandleEntry, _ request: Request, _ body: (Int32, chost_attributes) throws(HostError) -> R
    ) throws(HostError) -> R {
        let name = try request.optionalName()
        let descriptor = try name.map { (name) throws(HostError) in try openPath(entry, name) } ?? entry.descriptor
        defer { if name != nil { close(descriptor) } }
        var found = chost_attributes()
        try HostError.check(chost_stat(descriptor, "", &found))
        if found.device != entry.device, try FileSystemKind.isHidden(descriptor) { throw .noEntry }
        return try body(descriptor, found)
    }

    /// The same for a change, answering the attributes after it.
    private func changing(
        _ entry: HandleEntry, _ request: Request, _ body: (Int32, chost_attributes) throws(HostError) -> Void
    ) throws(HostError) -> Answer {
        try withObject(entry, request) { (descriptor, found) throws(HostError) in
            try body(descriptor, found)
            var after = chost_attributes()
            try HostError.check(chost_stat(descriptor, "", &after))
            return Answer(data: Self.encode(after))
        }
    }

    static func encode(_ attributes: chost_attributes) -> [UInt8] {
        withUnsafeBytes(of: attributes) { Array($0) }
    }
}
