import KernelBase
import LinuxABI
import Machine
import VFS

/// A regular file of the lower layer: its data are the lower file's until they are written, then its own.
///
/// They are copied as late as possible: at the first write, truncation or shared writable mapping. Opening for writing, changes of
/// attributes, links and renames copy nothing. Descriptors that were opened before see the same file as those that are opened later.
/// Only mappings that exist already go on showing the lower file, as they do on Linux.
final class OverlayRegular: TmpfsFile {
    private let overlay: Overlay
    private let file: Inode
    /// The lower file, if it is the host's.
    let host: HostRegular?
    /// The data have been copied.
    private(set) var hasOwnData = false
    private var isCopying = false

    init(_ overlay: Overlay, lower: Inode, number: UInt64) {
        self.overlay = overlay
        file = lower
        host = lower as? HostRegular
        super.init(overlay.upper, lower: lower, number: number)
    }

    override var isUnchanged: Bool { !hasOwnData && super.isUnchanged }

    override func evict() {
        overlay.forget(self)
        super.evict()
    }

    // MARK: the lower file's data

    /// A descriptor of the host file, nil if none is needed now. May sleep.
    func openHost() throws(Errno) -> HostDescriptor? {
        guard let host, !hasOwnData, size > 0, host.pages == nil else { return nil }
        let wasUnchanged = isUnchanged
        let descriptor = try host.open(access: O_RDONLY)
        // The file may have changed on the host since it was listed; what was opened counts.
        if wasUnchanged, !isUnchanged { copyAttributes(of: host) }
        return descriptor
    }

    /// Reads from the lower file; the data have not been copied. May sleep.
    /// - Parameters:
    ///   - ahead: of the open file, if it reads in small pieces.
    ///   - descriptor: gives one that is kept by the caller.
    func readLower(_ buffer: inout IOBuffer, at offset: Int, _ ahead: ReadAhead?, _ descriptor: () throws(Errno) -> HostDescriptor?) throws(Errno) -> Int {
        guard offset >= 0, offset < size else { return 0 }
        let count = min(buffer.count, size &- offset)
        if let host {
            let kept = try descriptor()
            if host.isSmall, !host.isGlance(offset: offset, count: count), let loaded = try host.load(kept) {
                guard offset < loaded.count else { return 0 }
                return try buffer.write(loaded.run, offset: offset, count: min(count, loaded.count &- offset))
            }
            let source: HostDescriptor
            if let kept { source = kept } else { source = try host.open(access: O_RDONLY) }
            if let ahead { return try ahead.read(&buffer, count, from: source, at: offset) }
            return try buffer.write(hostDescriptor: source.number, offset: offset, count: count)
        }
        return try buffer.write(file.readBytes(offset: offset, count: min(count, 1 << 17)))
    }

    override func readBytes(offset: Int, count: Int) throws(Errno) -> Bytes {
        if hasOwnData { return try super.readBytes(offset: offset, count: count) }
        guard offset < size else { return [] }
        return try file.readBytes(offset: offset, count: count)
    }

    // MARK: copying

    /// Makes the data the overlay's own. May sleep.
    /// - Parameter limit: bytes from the front that matter.
    /// - Throws: `ENOSPC`, errors of reading.
    @inline(__always)
    func copyUp(_ limit: Int = .max) throws(Errno) {
        if !hasOwnData { try copy(limit) }
    }

    @inline(never)
    private func copy(_ limit: Int) throws(Errno) {
        while isCopying {
            // Not interruptible, so it does not throw.
            _ = try? overlay.copies.wait(.nothing) { () throws(Errno) in !isCopying }
        }
        if hasOwnData { return }
        isCopying = true
        defer {
            isCopying = false
            overlay.copies.wakeAll()
        }
        // Others go on reading the lower file meanwhile.
        let descriptor = limit > 0 ? try openHost() : nil
        let wanted = min(size, limit)
        var data = PageExtents()
        do throws(Errno) {
            let done = try data.fill(wanted, fileSystem) { (run, start, offset, count) throws(Errno) in
                try readPiece(descriptor, run, start, offset, count)
            }
            // It was shortened on the host.
            if done < wanted { size = done }
        } catch {
            data.truncate(toPage: 0, fileSystem)
            throw error
        }
        hasOwnData = true
        setData(data)
    }

    /// Reads `count` bytes from `offset` into a run.
    private func readPiece(_ descriptor: HostDescriptor?, _ run: PageRun, _ start: Int, _ offset: Int, _ count: Int) throws(Errno) -> Int {
        if descriptor == nil, let host, let loaded = try host.load(nil) {
            return run.copy(offset: start, count: min(count, max(0, loaded.count &- offset)), from: loaded.run, at: offset)
        }
        var done = 0
        while done < count {
            let got: Int
            if let descriptor {
                got = try run.readHost(descriptor: descriptor.number, fileOffset: offset &+ done, offset: start &+ done, count: count &- done)
            } else {
                let bytes = try file.readBytes(offset: offset &+ done, count: min(count &- done, 1 << 17))
                got = run.store(offset: start &+ done, from: bytes.span)
            }
            if got == 0 { break }
            done &+= got
        }
        return done
    }

    // MARK: the inode's operations

    override func truncate(to length: Int) throws(Errno) {
        guard length <= TmpfsFile.maximumSize else { throw .EFBIG }
        try copyUp(length)
        try super.truncate(to: length)
    }

    override func allocate(mode: UInt32, offset: Int, length: Int) throws(Errno) {
        guard offset >= 0, length > 0 else { throw .EINVAL }
        try copyUp()
        try super.allocate(mode: mode, offset: offset, length: length)
    }

    /// The host's file may have to be opened.
    override var mapsAtOnce: Bool { hasOwnData }

    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        try mapping(offset, length, shared: shared, writable: writable, nil)
    }

    /// - Parameter descriptor: of the lower file, if there is one already.
    func mapping(_ offset: Int, _ length: Int, shared: Bool, writable: Bool, _ descriptor: HostDescriptor?) throws(Errno) -> [MappedExtent] {
        if shared, writable { try copyUp() }
        if hasOwnData { return try super.mapping(offset: offset, length: length, shared: shared, writable: writable) }
        guard offset >= 0, length > 0 else { return [] }
        if let host {
            let source: HostDescriptor
            if let descriptor { source = descriptor } else { source = try host.open(access: O_RDONLY) }
            return try host.mapping(source, offset, length)
        }
        return try file.mapping(offset: offset, length: length, shared: shared, writable: false)
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        if hasOwnData { return try super.open(path, flags: flags, credentials) }
        // Who opens for writing may be about to truncate, and to read nothing.
        let descriptor = flags & O_ACCMODE == O_RDONLY ? try openHost() : nil
        return OverlayFile(self, descriptor, path: path, flags: flags)
    }
}

/// An open regular file whose data had not been copied when it was opened.
final class OverlayFile: File {
    private let file: OverlayRegular
    private var descriptor: HostDescriptor?
    private var ahead: ReadAhead?

    init(_ file: OverlayRegular, _ descriptor: HostDescriptor?, path: Path, flags: UInt32) {
        self.file = file
        self.descriptor = descriptor
        super.init(inode: file, path: path, flags: flags)
    }

    override func closing() {
        descriptor = nil
        ahead = nil
    }

    override var isSeekable: Bool { true }
    override var canPoll: Bool { false }

    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        let done: Int
        if file.hasOwnData {
            done = try file.read(&buffer, at: offset)
        } else {
            done = try file.readLower(&buffer, at: offset, readAhead(buffer.count)) { () throws(Errno) in try source() }
        }
        file.touchAccessed(path?.mount, flags: flags)
        return done
    }

    private func readAhead(_ count: Int) -> ReadAhead? {
        guard let host = file.host, !host.isSmall else { return nil }
        return ReadAhead.forRead(of: count, &ahead, host.share.system)
    }

    /// The host descriptor, opened when it is first needed.
    private func source() throws(Errno) -> HostDescriptor? {
        if let descriptor { return descriptor }
        let opened = try file.openHost()
        descriptor = opened
        return opened
    }

    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        if buffer.count == 0 { return 0 }
        try file.copyUp()
        if flags & O_APPEND != 0 { offset = file.size }
        let done = try file.write(&buffer, at: offset)
        if file.mode & (S_ISUID | S_ISGID) != 0 || file.hasFileCapabilities { try file.removePrivileges(VFS.shared.hooks.credentials) }
        return done
    }

    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        guard whence == 3 || whence == 4, file.hasOwnData else { return try super.seek(offset, whence: whence) }
        position = try file.seek(data: whence == 3, from: offset)
        return position
    }

    override func truncate(to length: Int) throws(Errno) { try file.truncate(to: length) }
    /// What is changed is in memory, and what is not is on the host.
    override func synchronize(dataOnly: Bool) throws(Errno) {}

    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        // A shared mapping of a file that is open for writing may be made writable later, mprotect(2).
        try file.mapping(offset, length, shared: shared, writable: writable || isWritable, descriptor)
    }
}
