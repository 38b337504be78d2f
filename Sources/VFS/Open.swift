import KernelBase
import LinuxABI

/// The open(2) family's arguments after validation.
public struct OpenRequest {
    /// O_ flags as the new description will have them, and those that only matter to the opening.
    public var flags: UInt32
    /// Permissions of a file that is made.
    public var mode: UInt32
    public var lookup: LookupFlags

    static var keptByPath: UInt32 { O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC }
    /// Every flag that openat2(2) knows.
    public static var validFlags: UInt32 {
        O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | O_SYNC | O_DSYNC | O_ASYNC | O_DIRECT
            | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH | O_TMPFILE
    }

    /// open(2), openat(2), creat(2): unknown flags are dropped.
    /// - Throws: `EINVAL`.
    public init(flags: UInt32, mode: UInt32) throws(Errno) {
        var flags = flags & OpenRequest.validFlags
        if flags & O_PATH != 0 { flags &= OpenRequest.keptByPath }
        let makes = flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) != 0
        try self.init(checked: flags, mode: makes ? mode & 0o7777 : 0, resolve: 0)
    }

    /// openat2(2): unknown flags and modes are refused.
    /// - Throws: `EINVAL`, `EAGAIN`.
    public init(flags: UInt64, mode: UInt64, resolve: UInt64) throws(Errno) {
        guard flags & ~UInt64(OpenRequest.validFlags) == 0 else { throw .EINVAL }
        let flags = UInt32(truncatingIfNeeded: flags)
        guard resolve & ~(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_CACHED) == 0,
              resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT) != RESOLVE_BENEATH | RESOLVE_IN_ROOT else { throw .EINVAL }
        if flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) != 0 {
            guard mode & ~0o7777 == 0 else { throw .EINVAL }
        } else {
            guard mode == 0 else { throw .EINVAL }
        }
        if flags & O_PATH != 0, flags & ~OpenRequest.keptByPath != 0 { throw .EINVAL }
        if resolve & RESOLVE_CACHED != 0, flags & (O_TRUNC | O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) != 0 { throw .EAGAIN }
        try self.init(checked: flags, mode: UInt32(truncatingIfNeeded: mode), resolve: resolve)
    }

    private init(checked flags: UInt32, mode: UInt32, resolve: UInt64) throws(Errno) {
        var flags = flags
        let temporary = O_TMPFILE & ~O_DIRECTORY
        if flags & (O_DIRECTORY | O_CREAT) == O_DIRECTORY | O_CREAT { throw .EINVAL }
        if flags & temporary != 0 {
            guard flags & O_DIRECTORY != 0, flags & O_ACCMODE == O_WRONLY || flags & O_ACCMODE == O_RDWR else { throw .EINVAL }
        }
        if flags & (O_SYNC & ~O_DSYNC) != 0 { flags |= O_DSYNC }
        self.flags = flags
        self.mode = mode
        lookup = LookupFlags(resolve: resolve)
        if flags & O_DIRECTORY != 0 { lookup.insert(.directory) }
        if flags & O_NOFOLLOW == 0 { lookup.insert(.follow) }
    }

    /// The access that the flags ask for.
    var access: Access {
        var access: Access
        switch flags & O_ACCMODE {
        case O_RDONLY: access = .read
        case O_WRONLY: access = .write
        default: access = [.read, .write]
        }
        if flags & O_TRUNC != 0 { access.insert(.write) }
        return access
    }

    var makesTemporary: Bool { flags & (O_TMPFILE & ~O_DIRECTORY) != 0 }
}

extension VFS {
    /// open(2). The description has no user yet: the caller acquires it, or installs it in a table.
    /// May sleep (FIFOs, file systems of the host).
    public func open(_ path: Span<UInt8>, at start: Path? = nil, _ request: OpenRequest, _ context: FSContext, _ credentials: Credentials) throws(Errno) -> File {
        if path.isEmpty, !request.lookup.contains(.emptyPath) { throw .ENOENT }
        if request.makesTemporary { return try openTemporary(path, start, request, context, credentials) }
        if request.flags & O_PATH != 0 {
            let found = try lookup(path, at: start, request.lookup, context, credentials)
            guard let inode = found.inode else { throw .ENOENT }
            inode.pathCount &+= 1
            let file = opened(PathFile(inode: inode, path: found, flags: request.flags & OpenRequest.keptByPath & ~O_CLOEXEC))
            file.openedBy = credentials
            return file
        }
        if request.flags & O_CREAT != 0 { return try openOrCreate(path, start, request, context, credentials) }
        let found = try lookup(path, at: start, request.lookup, context, credentials)
        return try finishOpen(found, request, created: false, credentials)
    }

    /// Opens what a path already resolved to, as open(2) would: for exec and kernel readers.
    public func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try finishOpen(path, try OpenRequest(flags: flags, mode: 0), created: false, credentials)
    }

    // MARK: O_CREAT

    private func openOrCreate(_ path: Span<UInt8>, _ start: Path?, _ request: OpenRequest, _ context: FSContext, _ credentials: Credentials) throws(Errno) -> File {
        var walk = Walk(self, start, request.lookup, context, credentials)
        var last = try walk.resolveParent(path)
        while true {
            switch last.kind {
            case .root, .dot: return try finishOpen(walk.path, request, created: false, credentials)
            case .dotDot:
                try walk.goUp()
                return try finishOpen(walk.path, request, created: false, credentials)
            case .name: break
            }
            if last.hasTrailingSlash { throw .EISDIR }
            let (child, created) = try lookUpOrCreate(walk.path, last.name, request, context, credentials)
            guard let inode = child.inode else { throw .ENOENT }
            if created {
                return try finishOpen(Path(mount: walk.mount, dentry: child), request, created: true, credentials)
            }
            if inode.isSymbolicLink, request.flags & (O_NOFOLLOW | O_EXCL) == 0 {
                guard let text = try walk.linkText(inode) else {
                    return try finishOpen(walk.path, request, created: false, credentials)
                }
                last = try walk.resolveParent(text.span)
                continue
            }
            try walk.enter(child)
            return try finishOpen(walk.path, request, created: false, credentials)
        }
    }

    /// The name's dentry; if there is nothing, a regular file is made.
    private func lookUpOrCreate(_ parent: Path, _ name: Bytes, _ request: OpenRequest, _ context: FSContext, _ credentials: Credentials) throws(Errno) -> (Dentry, created: Bool) {
        guard let directory = parent.inode else { throw .ENOENT }
        guard name.count <= directory.superblock.nameLimit else { throw .ENAMETOOLONG }
        // What exists is opened without the directory's lock.
        if let found = cache.find(parent.dentry, name), found.inode != nil, !directory.superblock.needsRevalidation { return (found, false) }
        directory.lock()
        defer { directory.unlock() }
        if directory.isDead { throw .ENOENT }
        let child = try child(parent.dentry, name, locked: true)
        if child.inode != nil { return (child, false) }
        if parent.mount.isReadOnly { throw .EROFS }
        try directory.permission([.write, .execute], credentials)
        let mode = NewOwner.prepare(S_IFREG | request.mode, in: directory, umask: context.umask, credentials)
        let inode = try directory.create(name, mode: mode, device: 0, credentials)
        instantiate(child, inode)
        notify(.created, child)
        return (child, true)
    }

    // MARK: O_TMPFILE

    private func openTemporary(_ path: Span<UInt8>, _ start: Path?, _ request: OpenRequest, _ context: FSContext, _ credentials: Credentials) throws(Errno) -> File {
        var flags = request.lookup
        flags.insert(.directory)
        let parent = try lookup(path, at: start, flags, context, credentials)
        guard let directory = parent.inode else { throw .ENOENT }
        if parent.mount.isReadOnly { throw .EROFS }
        try directory.permission([.write, .execute], credentials)
        let mode = NewOwner.prepare(S_IFREG | request.mode, in: directory, umask: context.umask, credentials)
        let inode = try directory.makeTemporary(mode: mode, credentials)
        inode.linkCount = 0
        inode.isLinkable = request.flags & O_EXCL == 0
        // Linux shows such a file in /proc as "#<inode number> (deleted)" in its directory.
        var name: Bytes = [UInt8(ascii: "#")]
        name.append(decimal: UInt(inode.number))
        let dentry = Dentry(name: name, parent: parent.dentry, inode: inode)
        dentry.isUnlinked = true
        var request = request
        request.flags &= ~(O_TMPFILE & ~O_DIRECTORY) & ~O_DIRECTORY
        return try finishOpen(Path(mount: parent.mount, dentry: dentry), request, created: true, credentials)
    }

    // MARK: The end of every open

    private func finishOpen(_ path: Path, _ request: OpenRequest, created: Bool, _ credentials: Credentials) throws(Errno) -> File {
        guard let inode = path.inode else { throw .ENOENT }
        let flags = request.flags
        let type = inode.type
        if flags & O_CREAT != 0 {
            if flags & O_EXCL != 0, !created { throw .EEXIST }
            if type == S_IFDIR { throw .EISDIR }
        }
        if flags & O_DIRECTORY != 0, type != S_IFDIR { throw .ENOTDIR }
        var truncates = false
        if !created, flags & O_TRUNC != 0, type == S_IFREG {
            if path.mount.isReadOnly { throw .EROFS }
            truncates = true
        }
        try checkOpen(path, inode, type, created ? [] : request.access, flags, credentials)

        let writes = type == S_IFREG && flags & O_ACCMODE != O_RDONLY
        if writes {
            if path.mount.isReadOnly { throw .EROFS }
            guard inode.writers >= 0 else { throw .ETXTBSY }
            inode.writers &+= 1
        }
        var file: File
        do throws(Errno) {
            try breakLeases(inode, writes: flags & O_ACCMODE != O_RDONLY, waits: flags & O_NONBLOCK == 0)
            // Terminals look at O_NOCTTY; nobody else does.
            file = try inode.open(path, flags: flags & ~(O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC) | O_LARGEFILE, credentials)
            file.flags &= ~O_NOCTTY
        } catch {
            if writes { inode.writers &-= 1 }
            throw error
        }
        file = opened(file)
        file.wasCreated = created
        file.openedBy = credentials
        // The file system may open another inode in this one's place (an overlay's copy-up, a device).
        if writes { file.countWriter(openedAs: inode) }
        if flags & O_DIRECT != 0, !file.inode.allowsDirect {
            file.acquire()
            file.release()
            throw .EINVAL
        }
        if truncates {
            do throws(Errno) {
                guard inode.writers >= 0 else { throw Errno.ETXTBSY }
                try truncateLocked(inode, to: 0, credentials)
            } catch {
                file.acquire()
                file.release()
                throw error
            }
        }
        if watchCount > 0 {
            notify(.opened, path.dentry)
            if truncates { notify(.modified, path.dentry) }
        }
        return file
    }

    /// Opens a file to execute it: read permission is not needed, and whether it may be executed has been looked at. The caller
    /// takes hold of it.
    public func openForExecution(_ path: Path, _ credentials: Credentials) throws(Errno) -> File {
        guard let inode = path.inode else { throw .ENOENT }
        let file = opened(try inode.open(path, flags: 0, credentials))
        notify(.opened, path.dentry)
        return file
    }

    /// Counts an opening of a file: what it is made of goes with the last of them when no name leads to it.
    public func opened(_ file: File) -> File {
        file.countsAsOpen = true
        file.inode.openCount &+= 1
        return file
    }

    /// may_open.
    private func checkOpen(_ path: Path, _ inode: Inode, _ type: UInt32, _ access: Access, _ flags: UInt32, _ credentials: Credentials) throws(Errno) {
        switch type {
        case S_IFREG: break
        case S_IFLNK: throw .ELOOP
        case S_IFDIR: if access.contains(.write) { throw .EISDIR }
        case S_IFBLK, S_IFCHR: if path.mount.flags & MS_NODEV != 0 { throw .EACCES }
        default: break
        }
        if !access.isEmpty { try inode.permission(access, credentials) }
        if inode.isAppendOnly, flags & O_ACCMODE != O_RDONLY && flags & O_APPEND == 0 || flags & O_TRUNC != 0 { throw .EPERM }
        if flags & O_NOATIME != 0, !inode.isOwned(by: credentials) { throw .EPERM }
    }

    /// A truncation after its checks: removes privileges, changes the size, tells watchers. May sleep.
    func truncateLocked(_ inode: Inode, to length: Int, _ credentials: Credentials) throws(Errno) {
        if length > inode.size { try VFS.checkFileSize(length) }
        try inode.truncate(to: length)
        inode.removeFileCapabilities()
        if let kept = inode.modeWithoutPrivileges(credentials, ofOwner: false) { try inode.setMode(kept & 0o7777) }
    }
}

extension File {
    /// The description of a writable regular file takes part in ETXTBSY; its inode's count is given back at the end.
    final func countWriter(openedAs inode: Inode) {
        countsAsWriter = true
        if inode !== self.inode {
            inode.writers &-= 1
            self.inode.writers &+= 1
        }
    }
}

/// A description made with O_PATH: good for naming.
public final class PathFile: File {
    public override var canPoll: Bool { false }
    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int { throw .EBADF }
    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int { throw .EBADF }
}

/// An open directory of any file system.
public final class DirectoryFile: File {
    public override var canPoll: Bool { false }
    public override var isSeekable: Bool { true }
    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int { throw .EISDIR }
    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int { throw .EBADF }
    public override func synchronize(dataOnly: Bool) throws(Errno) { try inode.synchronize(dataOnly: dataOnly) }

    public override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        let target: Int
        switch whence {
        case 0: target = offset
        case 1:
            let (sum, overflow) = position.addingReportingOverflow(offset)
            guard !overflow else { throw .EOVERFLOW }
            target = sum
        case 2:
            guard inode.directorySeeksFromEnd else { throw .EINVAL }
            target = offset
        default: throw .EINVAL
        }
        guard target >= 0 else { throw .EINVAL }
        position = target
        return target
    }

    public override func list(_ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        if inode.isDead { throw .ENOENT }
        inode.touchAccessed(path?.mount, flags: flags)
        inode.lock()
        defer { inode.unlock() }
        if position == 0 {
            guard emit([UInt8(ascii: ".")], inode.number, DT_DIR, 1) else { return }
            position = 1
        }
        if position == 1 {
            guard emit([UInt8(ascii: "."), UInt8(ascii: ".")], outerNumber, DT_DIR, 2) else { return }
            position = 2
        }
        var reached = position
        try inode.list(from: position) { name, number, type, next in
            guard emit(name, number, type, next) else { return false }
            reached = next
            return true
        }
        position = reached
    }

    /// The inode number of `..`, across mounts.
    private var outerNumber: UInt64 {
        guard let path else { return inode.number }
        if let parent = path.dentry.parent, path.dentry !== path.mount.root { return parent.inode?.number ?? inode.number }
        return inode.number
    }
}
