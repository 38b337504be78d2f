import KernelBase
import LinuxABI
import Machine
import VFS

/// A regular file in a tmpfs.
public class TmpfsFile: TmpfsInode {
    private final var data = PageExtents()
    /// Some of its pages have been handed out for mapping since it was last empty.
    private final var wasMapped = false
    /// Whether it has seals at all: files of overlays have none, fcntl(2) F_GET_SEALS.
    public final var canBeSealed: Bool { superblock === fileSystem }
    /// F_SEAL_ bits of a memfd. Files that are no memfds are sealed against sealing.
    public private(set) final var seals: UInt32 = F_SEAL_SEAL

    /// Beyond it there is no file offset: page arithmetic must not overflow.
    static var maximumSize: Int { 1 << 62 }

    deinit { data.truncate(toPage: 0, fileSystem) }

    public override func evict() { data.truncate(toPage: 0, fileSystem) }

    private final func updateBlocks() { blocks = data.pages &* 8 }

    /// Gives an overlay's file that had none data of its own.
    final func setData(_ data: PageExtents) {
        self.data = data
        updateBlocks()
    }

    // MARK: data

    /// Reads up to `buffer.count` bytes.
    final func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard offset >= 0, offset < size else { return 0 }
        return try data.read(&buffer, offset: offset, count: min(buffer.count, size &- offset))
    }

    /// Writes all of the buffer, or as much as there is room for.
    /// - Throws: `EFBIG`, `ENOSPC`, `EPERM` (sealed), `EFAULT`.
    final func write(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        var count = buffer.count
        guard count > 0 else { return 0 }
        guard offset >= 0 else { throw .EINVAL }
        count = try VFS.allowedCount(count, at: offset)
        guard offset < TmpfsFile.maximumSize else { throw .EFBIG }
        count = min(count, TmpfsFile.maximumSize &- offset)
        if seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_GROW) != 0 {
            if seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) != 0 { throw .EPERM }
            if offset &+ count > size {
                // Whole pages before the last one of the file can be written.
                guard offset < size & ~4095 else { throw .EPERM }
                count = size & ~4095 &- offset
            }
        }
        let oldSize = size
        if offset > oldSize { clearTail(oldSize) }
        let done: Int
        do throws(Errno) {
            done = try data.write(&buffer, offset: offset, count: count, fileSystem)
        } catch {
            updateBlocks()
            throw error
        }
        if offset &+ done > size { size = offset &+ done }
        updateBlocks()
        touchModified()
        return done
    }

    /// What a mapping may have written between the end of the file and the end of its page is not the file's.
    private final func clearTail(_ end: Int) {
        if end & 4095 != 0 { data.clear(offset: end, count: 4096 &- end & 4095) }
    }

    public override func truncate(to length: Int) throws(Errno) {
        guard length <= TmpfsFile.maximumSize else { throw .EFBIG }
        if length < size, seals & F_SEAL_SHRINK != 0 { throw .EPERM }
        if length > size, seals & F_SEAL_GROW != 0 { throw .EPERM }
        if length < size {
            size = length
            let firstGone = (length &+ 4095) >> 12
            mappings?.invalidate(from: firstGone << 12, to: .max)
            data.truncate(toPage: firstGone, fileSystem)
            clearTail(length)
            if length == 0 { wasMapped = false }
        } else {
            clearTail(size)
            size = length
        }
        updateBlocks()
        touchModified()
    }

    public override func allocate(mode: UInt32, offset: Int, length: Int) throws(Errno) {
        guard offset >= 0, length > 0 else { throw .EINVAL }
        let (end, overflow) = offset.addingReportingOverflow(length)
        guard !overflow, end <= TmpfsFile.maximumSize else { throw .EFBIG }
        let keepsSize = mode & FALLOC_FL_KEEP_SIZE != 0
        let firstWhole = (offset &+ 4095) >> 12, endWhole = end >> 12
        switch mode & ~FALLOC_FL_KEEP_SIZE {
        case FALLOC_FL_PUNCH_HOLE:
            if seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) != 0 { throw .EPERM }
            data.clear(offset: offset, count: length)
            data.punch(first: firstWhole, end: endWhole, isMapped: wasMapped, fileSystem)
        case FALLOC_FL_ZERO_RANGE:
            if seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) != 0 { throw .EPERM }
            fallthrough
        case 0:
            if !keepsSize, end > size {
                if seals & F_SEAL_GROW != 0 { throw .EPERM }
                try VFS.checkFileSize(end)
            }
            let pages = (end &+ 4095) >> 12 &- offset >> 12
            guard pages <= fileSystem.pageLimit &- fileSystem.pagesUsed &+ data.pages else { throw .ENOSPC }
            if end > size { clearTail(size) }
            if mode & FALLOC_FL_ZERO_RANGE != 0 { data.clear(offset: offset, count: length) }
            defer { updateBlocks() }
            try data.allocate(first: offset >> 12, end: (end &+ 4095) >> 12, fileSystem)
            if !keepsSize, end > size { size = end }
        default:
            throw .EOPNOTSUPP
        }
        updateBlocks()
        touchModified()
    }

    /// lseek(2) SEEK_DATA and SEEK_HOLE.
    final func seek(data wanted: Bool, from offset: Int) throws(Errno) -> Int {
        guard offset >= 0, offset < size else { throw .ENXIO }
        guard let found = data.next(data: wanted, from: offset), found < size else {
            if wanted { throw .ENXIO }
            return size
        }
        return found
    }

    public override func readBytes(offset: Int, count: Int) throws(Errno) -> Bytes {
        guard offset >= 0, offset < size, count > 0 else { return [] }
        let count = min(count, size &- offset)
        guard count <= 1 << 26 else { throw .ENOMEM }
        return data.bytes(offset: offset, count: count)
    }

    // MARK: mapping

    public override var mapsAtOnce: Bool { true }

    public override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        guard offset >= 0, length > 0 else { return [] }
        if shared, writable, seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE) != 0 { throw .EPERM }
        let first = offset >> 12
        let (sum, overflow) = offset.addingReportingOverflow(length)
        let end = min((size &+ 4095) >> 12, overflow ? .max : (min(sum, TmpfsFile.maximumSize) &+ 4095) >> 12)
        guard first < end else { return [] }
        wasMapped = true
        if shared {
            defer { updateBlocks() }
            try data.allocate(first: first, end: end, fileSystem)
        }
        return data.mapping(first: first, end: end)
    }

    // MARK: opening and sealing

    public override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        TmpfsOpenFile(inode: self, path: path, flags: flags)
    }

    /// An open description without a path, for memfd_create(2).
    public final func openUnnamed(flags: UInt32, path: Path?) -> File { TmpfsOpenFile(inode: self, path: path, flags: flags) }

    /// Allows sealing; for memfd_create(2).
    public final func setSeals(_ seals: UInt32) { self.seals = seals }

    /// fcntl(2) F_ADD_SEALS on a file open for writing.
    /// - Throws: `EPERM` when sealed against it, `EBUSY` when it is mapped for writing, `EINVAL`.
    public final func addSeals(_ added: UInt32) throws(Errno) {
        let known = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | F_SEAL_EXEC
        guard added & ~known == 0 else { throw .EINVAL }
        if seals & F_SEAL_SEAL != 0 { throw .EPERM }
        if added & F_SEAL_WRITE != 0, seals & F_SEAL_WRITE == 0, (mappings?.sharedWritableCount ?? 0) > 0 { throw .EBUSY }
        var added = added
        if added & F_SEAL_EXEC != 0, mode & 0o111 != 0 { added |= F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE }
        seals |= added
    }

    public override func setMode(_ mode: UInt32) throws(Errno) {
        if seals & F_SEAL_EXEC != 0, (mode ^ self.mode) & 0o111 != 0 { throw .EPERM }
        try super.setMode(mode)
    }
}

/// An open regular file of a tmpfs.
final class TmpfsOpenFile: File {
    private let file: TmpfsFile

    init(inode: TmpfsFile, path: Path?, flags: UInt32) {
        file = inode
        super.init(inode: inode, path: path, flags: flags)
    }

    override var isSeekable: Bool { true }
    override var canPoll: Bool { false }

    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        let done = try file.read(&buffer, at: offset)
        file.touchAccessed(path?.mount, flags: flags)
        return done
    }

    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        if flags & O_APPEND != 0 { offset = file.size }
        let done = try file.write(&buffer, at: offset)
        if file.mode & (S_ISUID | S_ISGID) != 0 || file.hasFileCapabilities { try file.removePrivileges(VFS.shared.hooks.credentials) }
        return done
    }

    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        guard whence == 3 || whence == 4 else { return try super.seek(offset, whence: whence) }
        position = try file.seek(data: whence == 3, from: offset)
        return position
    }

    override func truncate(to length: Int) throws(Errno) { try file.truncate(to: length) }
    override func synchronize(dataOnly: Bool) throws(Errno) {}
    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        try file.mapping(offset: offset, length: length, shared: shared, writable: writable)
    }
}
