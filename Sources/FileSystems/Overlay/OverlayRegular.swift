import KernelBase
import LinuxABI
import Machine
import VFS

/// A regular file of an overlay: the lower file's data until the first write, then its own.
final class OverlayRegular: OverlayInode {
    /// The data once it has been changed.
    private(set) var upper: TmpfsFile?
    /// The lower file, opened for reading; shared by all who have this file open, and kept while somebody has.
    private var lowerFile: File?
    private var lowerUsers = 0

    override init(_ overlay: Overlay, lower: Inode) { super.init(overlay, lower: lower) }

    /// A new, empty file.
    init(_ overlay: Overlay, mode: UInt32, owner credentials: Credentials, uid: UInt32, gid: UInt32) throws(Errno) {
        let data = try overlay.upper.makeUnnamedFile(mode: 0o600, credentials)
        upper = data
        super.init(overlay, mode: mode, uid: uid, gid: gid)
    }

    // MARK: the lower file

    /// Counts a description, and opens the lower file if it will be read. May sleep.
    func openLower(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) {
        lowerUsers &+= 1
        if lowerFile != nil || upper != nil || flags & O_ACCMODE == O_WRONLY { return }
        guard let lower else { return }
        do throws(Errno) {
            let file = try lower.open(path, flags: O_RDONLY | O_LARGEFILE, credentials)
            file.acquire()
            // Another thread may have opened it meanwhile.
            if lowerFile == nil { lowerFile = file } else { file.release() }
        } catch {
            lowerUsers &-= 1
            throw error
        }
        follow(lower)
    }

    func closeLower() {
        lowerUsers &-= 1
        if lowerUsers == 0, let file = lowerFile {
            lowerFile = nil
            file.release()
        }
    }

    // MARK: data

    func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        if let upper { return try upper.read(&buffer, at: offset) }
        guard let lowerFile else { return 0 }
        lowerFile.acquire()
        defer { lowerFile.release() }
        return try lowerFile.read(&buffer, at: offset)
    }

    /// Writes; the data is the overlay's own from then on. May sleep.
    func write(_ buffer: inout IOBuffer, at offset: inout Int, append: Bool) throws(Errno) -> Int {
        let data = try copyUp(.max)
        if append { offset = data.size }
        defer { takeOver(data) }
        let done = try data.write(&buffer, at: offset)
        if done > 0 { touchModified() }
        return done
    }

    /// Size and space are the data's.
    private func takeOver(_ data: TmpfsFile) {
        size = data.size
        blocks = data.blocks
    }

    /// The data as a file of the upper layer, copied from the lower one if it is not yet. May sleep.
    /// - Parameter limit: bytes from the front that matter.
    private func copyUp(_ limit: Int) throws(Errno) -> TmpfsFile {
        if let upper { return upper }
        lock()
        defer { unlock() }
        if let upper { return upper }
        let data = try overlay.upper.makeUnnamedFile(mode: 0o600, VFS.shared.hooks.credentials)
        try refresh()
        let wanted = min(size, limit)
        if wanted > 0, let lower {
            var file = lowerFile
            if file == nil {
                let dentry = Dentry(name: [], parent: nil, inode: lower)
                file = try lower.open(Path(mount: Mount(superblock: lower.superblock, root: dentry), dentry: dentry),
                                      flags: O_RDONLY | O_LARGEFILE, VFS.shared.hooks.credentials)
            }
            if let file {
                file.acquire()
                defer { file.release() }
                try OverlayRegular.copy(file, wanted, to: data)
            }
        }
        markChanged()
        upper = data
        takeOver(data)
        return data
    }

    /// Copies the first `count` bytes; blocks of zeros become holes.
    private static func copy(_ file: File, _ count: Int, to data: TmpfsFile) throws(Errno) {
        var offset = 0
        while offset < count {
            let bytes = KernelBuffer()
            var input = IOBuffer(kernel: bytes, count: min(count &- offset, 131_072))
            let got = try file.read(&input, at: offset)
            if got == 0 { break }
            if isZero(bytes.bytes) {
                try data.truncate(to: offset &+ got)
            } else {
                var output = IOBuffer(kernel: bytes, count: got)
                var done = 0
                while done < got {
                    let put = try data.writeUnlimited(&output, at: offset &+ done)
                    if put == 0 { throw .ENOSPC }
                    done &+= put
                }
            }
            offset &+= got
        }
    }

    private static func isZero(_ bytes: Bytes) -> Bool {
        var index = 0
        while index < bytes.count {
            if Words.load(bytes.span, index) != 0 { return false }
            index &+= 8
        }
        return true
    }

    override func truncate(to length: Int) throws(Errno) {
        let data = try copyUp(length)
        data.mappings = mappings
        defer { takeOver(data) }
        try data.truncate(to: length)
        touchModified()
    }

    override func allocate(mode: UInt32, offset: Int, length: Int) throws(Errno) {
        let data = try copyUp(.max)
        data.mappings = mappings
        defer { takeOver(data) }
        try data.allocate(mode: mode, offset: offset, length: length)
        touchModified()
    }

    /// lseek(2) SEEK_DATA and SEEK_HOLE. A lower file is all data.
    func seek(data wanted: Bool, from offset: Int) throws(Errno) -> Int {
        if let upper { return try upper.seek(data: wanted, from: offset) }
        guard offset >= 0, offset < size else { throw .ENXIO }
        return wanted ? offset : size
    }

    override func readBytes(offset: Int, count: Int) throws(Errno) -> Bytes {
        if let upper { return try upper.readBytes(offset: offset, count: count) }
        return try lower?.readBytes(offset: offset, count: count) ?? []
    }

    // MARK: mapping

    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        if upper == nil, !(shared && writable) {
            if let lowerFile { return try lowerFile.mapping(offset: offset, length: length, shared: shared, writable: false) }
            if let lower { return try lower.mapping(offset: offset, length: length, shared: shared, writable: false) }
        }
        let data = try copyUp(.max)
        defer { takeOver(data) }
        return try data.mapping(offset: offset, length: length, shared: shared, writable: writable)
    }

    // MARK: opening

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try openLower(path, flags: flags, credentials)
        return OverlayFile(inode: self, path: path, flags: flags)
    }

    override func evict() {
        super.evict()
        upper?.evict()
    }
}

/// An open regular file of an overlay.
final class OverlayFile: File {
    private let file: OverlayRegular

    init(inode: OverlayRegular, path: Path, flags: UInt32) {
        file = inode
        super.init(inode: inode, path: path, flags: flags)
    }

    override var isSeekable: Bool { true }
    override var canPoll: Bool { false }

    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        let done = try file.read(&buffer, at: offset)
        if file.isChanged { file.touchAccessed(path?.mount, flags: flags) }
        return done
    }

    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        if buffer.count == 0 { return 0 }
        let done = try file.write(&buffer, at: &offset, append: flags & O_APPEND != 0)
        if file.mode & (S_ISUID | S_ISGID) != 0 { try file.removePrivileges(VFS.shared.hooks.credentials) }
        return done
    }

    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        guard whence == 3 || whence == 4 else { return try super.seek(offset, whence: whence) }
        position = try file.seek(data: whence == 3, from: offset)
        return position
    }

    override func truncate(to length: Int) throws(Errno) { try file.truncate(to: length) }
    /// What is changed is in memory, and what is not is on the host.
    override func synchronize(dataOnly: Bool) throws(Errno) {}
    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        try file.mapping(offset: offset, length: length, shared: shared, writable: writable)
    }
    override func closing() { file.closeLower() }
}
