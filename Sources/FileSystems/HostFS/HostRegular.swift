import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import VFS

/// A host descriptor that the monitor passed; closed with its last reference. The descriptor table is one for the whole sandbox.
final class HostDescriptor {
    let number: Int32
    /// O_RDONLY, O_WRONLY or O_RDWR.
    let access: UInt32

    init(_ number: Int32, access: UInt32) {
        self.number = number
        self.access = access
    }

    deinit { Host.close(descriptor: number) }

    func serves(_ wanted: UInt32) -> Bool { access == O_RDWR || access == wanted }
}

/// A regular file of the host.
///
/// Its data are the host's: they are read by pread(2) of a descriptor that the monitor passed, and mapped from it, so that the pages
/// are shared with the host. Small files of shares that are not writable are read once and served from ``pages``; an open of a file
/// whose descriptor or pages are still here needs no request.
final class HostRegular: HostInode {
    /// Files up to this size are kept in memory as a whole.
    static var smallSize: Int { 256 << 10 }

    /// Kept for the next open while ``HostSystem`` has room.
    private var descriptor: HostDescriptor?
    /// Used since the ring's hand came by.
    var isDescriptorRecent = false
    var isInDescriptorRing = false

    /// All data of a small file.
    private(set) var pages: PageRun?
    /// Bytes in ``pages``.
    private var pageBytes = 0
    var arePagesRecent = false
    private var isReading = false
    /// Little reads that went straight to the host.
    private var glances = 0

    override func evict() {
        super.evict()
        descriptor = nil
        dropPages()
    }

    // MARK: Descriptors

    /// A descriptor that permits `access` (O_RDONLY, O_WRONLY or O_RDWR); asks the monitor if there is none. May sleep.
    func open(access: UInt32, appending: Bool = false) throws(Errno) -> HostDescriptor {
        if !appending, let descriptor, descriptor.serves(access) {
            isDescriptorRecent = true
            return descriptor
        }
        guard access == O_RDONLY || share.isWritable else { throw .EROFS }
        // The descriptor is shared by all opens, so it permits both if it can.
        do throws(Errno) {
            return try fetch(access == O_RDONLY ? O_RDONLY : O_RDWR, appending: appending)
        } catch {
            guard error == .EACCES, access == O_WRONLY else { throw error }
            return try fetch(O_WRONLY, appending: appending)
        }
    }

    private func fetch(_ access: UInt32, appending: Bool) throws(Errno) -> HostDescriptor {
        let answer = try share.system.retryingWithFewerDescriptors { () throws(Errno) in
            try request(.open, [], [], UInt64(access), appending ? 1 : 0, passes: true)
        }
        let fresh = HostDescriptor(answer.descriptor, access: access)
        guard let attributes = HostAttributes(answer.data) else { throw .EIO }
        noteOpened(attributes, from: answer.request)
        if !appending, access != O_WRONLY { keep(fresh) }
        return fresh
    }

    /// What was opened may have changed since it was listed, or even have been replaced: this inode stands for what
    /// the name stands for now.
    private func noteOpened(_ attributes: HostAttributes, from request: Int) {
        if attributes.size != size || attributes.modifyTime != modifyTime || attributes.number != number { dropPages() }
        if attributes.key != key {
            parent?.distrustListing()
            share.forgetLinks(self)
        }
        apply(attributes, from: request)
    }

    /// Keeps a descriptor for later opens.
    func keep(_ fresh: HostDescriptor) {
        descriptor = fresh
        isDescriptorRecent = true
        share.system.noteDescriptor(self)
    }

    /// Gives the descriptor up if no open file or mapping uses it.
    /// - Returns: whether there is none now.
    func dropDescriptor() -> Bool {
        guard descriptor != nil else { return true }
        guard isKnownUniquelyReferenced(&descriptor) else { return false }
        descriptor = nil
        return true
    }

    // MARK: Pages of small files

    func dropPages() {
        guard let run = pages else { return }
        share.system.pageBytes &-= run.byteCount
        pages = nil
    }

    /// Whether reads are served from memory of the kernel.
    var isSmall: Bool { !share.isWritable && size <= HostRegular.smallSize }

    /// Whether a read is answered by the host without keeping the file's data: of a program or library only headers are read (and pages
    /// of which text is patched), the rest is mapped.
    func isGlance(offset: Int, count: Int) -> Bool {
        guard pages == nil, glances < 16, count <= 4096, size > 4 &* 4096 else { return false }
        glances &+= 1
        return true
    }

    /// The data of a small file, and how many bytes; nil if there is no memory for them. May sleep.
    func load(_ descriptor: HostDescriptor?) throws(Errno) -> (run: PageRun, count: Int)? {
        while true {
            if let pages {
                arePagesRecent = true
                return (pages, pageBytes)
            }
            if !isReading { break }
            // Not interruptible, so it does not throw.
            _ = try? share.system.queue.wait(.nothing) { () throws(Errno) in !isReading }
        }
        isReading = true
        defer {
            isReading = false
            share.system.queue.wakeAll()
        }
        let source: HostDescriptor
        if let descriptor { source = descriptor } else { source = try open(access: O_RDONLY) }
        let wanted = min(size, HostRegular.smallSize)
        share.system.makePageRoom(wanted)
        guard let run = PageRun.allocate(bytes: max(wanted, 1)) else { return nil }
        var done = 0
        while done < wanted {
            let count = try run.readHost(descriptor: source.number, fileOffset: done, offset: done, count: wanted &- done)
            if count == 0 { break }
            done &+= count
        }
        if done < size { size = done }
        pages = run
        pageBytes = done
        arePagesRecent = true
        share.system.notePages(self, run.byteCount)
        return (run, done)
    }

    // MARK: The inode's operations

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        if pages != nil, flags & O_ACCMODE == O_RDONLY { return HostFile(self, nil, path: path, flags: flags) }
        // What is opened is what the host has now.
        if share.isWritable, !isFresh { try refresh() }
        return HostFile(self, try open(access: flags & O_ACCMODE), path: path, flags: flags)
    }

    override func readBytes(offset: Int, count: Int) throws(Errno) -> Bytes {
        guard offset >= 0, count > 0 else { return [] }
        if isSmall, size > 0, !isGlance(offset: offset, count: count), let loaded = try load(nil) {
            guard offset < loaded.count else { return [] }
            return loaded.run.bytes(offset: offset, count: min(count, loaded.count &- offset))
        }
        let descriptor = try open(access: O_RDONLY)
        try refresh()
        guard offset < size else { return [] }
        return try Host.readBytes(descriptor: descriptor.number, offset: offset, count: min(count, size &- offset))
    }

    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        try mapping(open(access: shared && writable ? O_RDWR : O_RDONLY), offset, length)
    }

    func mapping(_ descriptor: HostDescriptor, _ offset: Int, _ length: Int) throws(Errno) -> [MappedExtent] {
        guard offset >= 0, length > 0 else { throw .EINVAL }
        try refresh()
        return knownMapping(descriptor, offset, length)
    }

    /// As far as the size is known. Does not sleep.
    func knownMapping(_ descriptor: HostDescriptor, _ offset: Int, _ length: Int) -> [MappedExtent] {
        let fileEnd = size > Int.max &- 4095 ? Int.max & ~4095 : (size &+ 4095) & ~4095
        guard offset < fileEnd else { return [] }
        return [MappedExtent(.host(descriptor: descriptor.number, offset: UInt(offset)), length: min(length, fileEnd &- offset), owner: descriptor)]
    }

    // MARK: Changes, of writable shares only

    /// Own data reached up to `end`.
    func written(upTo end: Int) {
        if end > size {
            size = end
            blocks = (end >> 9) &+ (end & 511 == 0 ? 0 : 1)
        }
        changed()
    }

    /// The host's clock has set the times; they are asked for when somebody wants to know.
    private func changed() {
        touchModified()
        noteChange()
    }

    override func truncate(to length: Int) throws(Errno) {
        guard share.isWritable else { throw .EROFS }
        if let descriptor, descriptor.access == O_RDWR {
            try Host.truncate(descriptor: descriptor.number, length: length)
            truncated(to: length)
        } else {
            try change(.truncate, [], [], UInt64(length))
        }
    }

    func truncated(to length: Int) {
        let old = size
        size = length
        changed()
        if length < old { mappings?.invalidate(from: length, to: .max) }
    }

    override func allocate(mode: UInt32, offset: Int, length: Int) throws(Errno) {
        let descriptor = try open(access: O_WRONLY)
        if VFS.shared.hooks.fileSizeLimit != .max, mode == 0 || mode == FALLOC_FL_ZERO_RANGE {
            // The host knows no limit of the guest's.
            try refresh()
            let (end, overflow) = offset.addingReportingOverflow(length)
            if !overflow, end > size { try VFS.checkFileSize(end) }
        }
        try Host.allocate(descriptor: descriptor.number, mode: Int32(bitPattern: mode), offset: offset, length: length)
        let (end, overflow) = offset.addingReportingOverflow(length)
        noteChange()
        // FALLOC_FL_KEEP_SIZE
        if mode & 1 == 0, !overflow { written(upTo: end) }
        // Holes and removed ranges show in mappings by themselves: they are the host's pages.
    }
}

/// An open regular file of the host.
final class HostFile: File {
    private let host: HostRegular
    /// Nil for a small file whose data are in memory, until something else is wanted.
    private var descriptor: HostDescriptor?
    /// A description of its own with O_APPEND, so that appended data land at the end also when the host appends, too.
    private var appender: HostDescriptor?
    private var ahead: ReadAhead?

    init(_ host: HostRegular, _ descriptor: HostDescriptor?, path: Path, flags: UInt32) {
        self.host = host
        self.descriptor = descriptor
        super.init(inode: host, path: path, flags: flags)
    }

    private func source() throws(Errno) -> HostDescriptor {
        if let descriptor { return descriptor }
        let opened = try host.open(access: flags & O_ACCMODE)
        descriptor = opened
        return opened
    }

    override func closing() {
        descriptor = nil
        appender = nil
        ahead = nil
    }

    override var isSeekable: Bool { true }
    override var canPoll: Bool { false }

    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard offset >= 0 else { throw .EINVAL }
        // Empty files are many (markers, package files); there is nothing to keep of them.
        if host.isSmall, offset >= host.size { return 0 }
        if host.isSmall, !host.isGlance(offset: offset, count: buffer.count), let loaded = try host.load(descriptor) {
            guard offset < loaded.count else { return 0 }
            return try buffer.write(loaded.run, offset: offset, count: min(buffer.count, loaded.count &- offset))
        }
        let source = try source()
        if !host.share.isWritable, let ahead = ReadAhead.forRead(of: buffer.count, &ahead, host.share.system) {
            return try ahead.read(&buffer, buffer.count, from: source, at: offset)
        }
        return try buffer.write(hostDescriptor: source.number, offset: offset, count: buffer.count)
    }

    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        guard offset >= 0 else { throw .EINVAL }
        guard host.share.isWritable else { throw .EBADF }
        if isAppending { return try append(&buffer, &offset) }
        let source = try source()
        let allowed = try VFS.allowedCount(buffer.count, at: offset)
        let count = try buffer.read(hostDescriptor: source.number, offset: offset, count: allowed)
        let (end, overflow) = offset.addingReportingOverflow(count)
        if !overflow { host.written(upTo: end) }
        return count
    }

    /// The host puts the data at the end, wherever that is: pwrite(2) on an O_APPEND description ignores the offset.
    private func append(_ buffer: inout IOBuffer, _ offset: inout Int) throws(Errno) -> Int {
        if appender == nil { appender = try host.open(access: O_WRONLY, appending: true) }
        guard let appender else { throw .EBADF }
        let before = host.size
        let count = try buffer.read(hostDescriptor: appender.number, offset: before, count: VFS.allowedCount(buffer.count, at: before))
        host.noteChange()
        // Where it has landed is known by the size now, as far as nobody else appends at the same time.
        try host.refresh()
        if !host.isFresh { try host.fetchAttributes() }
        offset = max(0, host.size &- count)
        return count
    }

    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        if whence >= 2 { try host.refresh() }
        return try super.seek(offset, whence: whence)
    }

    override func synchronize(dataOnly: Bool) throws(Errno) {
        guard host.share.isWritable else { return }
        try Host.synchronize(descriptor: source().number, dataOnly: dataOnly)
    }

    override func truncate(to length: Int) throws(Errno) {
        guard host.share.isWritable else { throw .EINVAL }
        try Host.truncate(descriptor: source().number, length: length)
        host.truncated(to: length)
    }

    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        try host.mapping(source(), offset, length)
    }

    /// The file has grown by the sandbox's own doing, since the size is known: there is nobody to be asked.
    override var mapsAtOnce: Bool { descriptor != nil }

    override func mappingAtOnce(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        guard let descriptor else { return [] }
        return host.knownMapping(descriptor, offset, length)
    }
}
