import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import VFS

/// A regular file of the host that the caller passed as standard input, output or error.
///
/// The guest reads and writes it directly, by pread(2) and pwrite(2) through the gate; the offset is the guest's own until
/// ``saveOffset()`` hands it back.
public final class HostRegularInode: Inode {
    let descriptor: Int32

    private let canRead: Bool
    private let canWrite: Bool

    /// - Parameters:
    ///   - access: the descriptor's access mode, O_ACCMODE.
    ///   - length: bytes of the file at the start. Where it can be read its length is looked up whenever needed; otherwise this and
    ///     what is written to it are all that is known.
    init(_ superblock: Superblock, descriptor: Int32, number: UInt64, mode: UInt32, uid: UInt32, gid: UInt32, access: UInt32, length: Int) {
        self.descriptor = descriptor
        canRead = access != O_WRONLY
        canWrite = access != O_RDONLY
        super.init(superblock: superblock, number: number, mode: mode, uid: uid, gid: gid)
        size = max(0, length)
        blocks = (size &+ 511) / 512
    }

    /// Other programs of the host may make the file longer or shorter. Drops the kernel lock.
    public override func refresh() throws(Errno) {
        guard canRead else { return }
        size = findLength()
        blocks = (size &+ 511) / 512
    }

    private func hasByte(at offset: Int) -> Bool {
        guard let bytes = try? Host.readBytes(descriptor: descriptor, offset: offset, count: 1) else { return false }
        return bytes.count == 1
    }

    /// The gate has no fstat(2), so the end is searched for by reading single bytes around the last known one.
    private func findLength() -> Int {
        var low = size, step = 1
        if low > 0, !hasByte(at: low &- 1) {
            // Shorter than it was: search all of it.
            low = 0
        } else if !hasByte(at: low) {
            return low
        }
        var high = low
        while hasByte(at: high) {
            low = high &+ 1
            let (next, overflow) = high.addingReportingOverflow(step)
            if overflow { return low }
            high = next
            step = step &<< 1
            if step > 1 << 40 { break }
        }
        // Everything below `low` exists, nothing at `high` does.
        while low < high {
            let middle = low &+ (high &- low) / 2
            if hasByte(at: middle) { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    func written(upTo end: Int) {
        if end > size { size = end }
        blocks = (size &+ 511) / 512
        touchModified()
    }

    public override func truncate(to length: Int) throws(Errno) {
        try Host.truncate(descriptor: descriptor, length: length)
        size = length
        touchModified()
    }

    public override func allocate(mode: UInt32, offset: Int, length: Int) throws(Errno) {
        try Host.allocate(descriptor: descriptor, mode: Int32(bitPattern: mode), offset: offset, length: length)
        let (end, overflow) = offset.addingReportingOverflow(length)
        if mode & 1 == 0, !overflow { written(upTo: end) }
    }

    public override func readBytes(offset: Int, count: Int) throws(Errno) -> Bytes {
        try Host.readBytes(descriptor: descriptor, offset: offset, count: count)
    }

    /// Opened again through /proc/self/fd: the same host descriptor serves, within its access mode.
    public override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        let access = flags & O_ACCMODE
        if access != O_WRONLY && !canRead || access != O_RDONLY && !canWrite { throw .EACCES }
        return HostRegularFile(self, path: path, flags: flags)
    }

    public override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        guard canRead, offset >= 0, length > 0 else { throw .EACCES }
        try refresh()
        let end = min(offset &+ length, (size &+ 4095) & ~4095)
        guard end > offset else { return [] }
        return [MappedExtent(.host(descriptor: descriptor, offset: UInt(offset)), length: end &- offset, owner: self)]
    }

    deinit { Host.close(descriptor: descriptor) }
}

/// An open passed file.
public final class HostRegularFile: File {
    private let host: HostRegularInode
    private let standard: Int
    private let name: Bytes

    /// - Parameters:
    ///   - standard: which standard descriptor it is, 0, 1 or 2.
    ///   - descriptor: the host descriptor the monitor passed; it belongs to this object.
    ///   - mode: st_mode of the host's file.
    ///   - flags: access mode, O_APPEND, O_NONBLOCK.
    ///   - offset: the file offset at the start.
    ///   - length: bytes of the file, if known.
    ///   - inode: its number on the host; 0 if not known.
    ///   - name: the path by which the guest can find it; empty if there is none.
    public init(standard: Int, descriptor: Int32, mode: UInt32, flags: UInt32, offset: Int, length: Int? = nil, inode: UInt64 = 0, name: Bytes = [],
                uid: UInt32 = 0, gid: UInt32 = 0) {
        host = HostRegularInode(
            HostStreamSuperblock(device: 0x11, magic: EXT4_SUPER_MAGIC), descriptor: descriptor, number: inode != 0 ? inode : UInt64(truncatingIfNeeded: standard &+ 1), mode: mode,
            uid: uid, gid: gid, access: flags & O_ACCMODE, length: length ?? offset)
        self.standard = standard
        self.name = name
        super.init(inode: host, path: nil, flags: flags)
        position = max(0, offset)
        TerminalSystem.shared.streams.add(self)
    }

    fileprivate init(_ inode: HostRegularInode, path: Path, flags: UInt32) {
        host = inode
        standard = -1
        name = []
        super.init(inode: inode, path: path, flags: flags)
    }

    func saveOffset() {
        guard standard >= 0, standard < 3 else { return }
        SharedArea.store64(UInt64(bitPattern: Int64(position)), Header.stdioOffset &+ standard &* 8)
    }

    public override func closing() { saveOffset() }

    public override var linkText: Bytes {
        if !name.isEmpty { return name }
        // As Linux shows what is outside of the root directory.
        var text = Bytes("(unreachable)/file:[")
        text.append(decimal: UInt(host.number))
        text.append("]")
        return text
    }

    public override var isSeekable: Bool { true }
    public override var canPoll: Bool { false }

    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard offset >= 0 else { throw .EINVAL }
        return try buffer.write(hostDescriptor: host.descriptor, offset: offset, count: buffer.count)
    }

    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        guard offset >= 0 else { throw .EINVAL }
        if isAppending {
            // The host's description is O_APPEND, too, and puts the bytes at the end wherever that is by now.
            try host.refresh()
            offset = host.size
        }
        let allowed = try VFS.allowedCount(buffer.count, at: offset)
        let count = try buffer.read(hostDescriptor: host.descriptor, offset: offset, count: allowed)
        let (end, overflow) = offset.addingReportingOverflow(count)
        if !overflow { host.written(upTo: end) }
        return count
    }

    public override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        if whence >= 2 { try host.refresh() }
        return try super.seek(offset, whence: whence)
    }

    public override func synchronize(dataOnly: Bool) throws(Errno) {
        try Host.synchronize(descriptor: host.descriptor, dataOnly: dataOnly)
    }

    public override func truncate(to length: Int) throws(Errno) { try host.truncate(to: length) }

    public override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        try host.mapping(offset: offset, length: length, shared: shared, writable: writable)
    }
}
