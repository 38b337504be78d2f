import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// The process file system, proc(5).
///
/// What is there for the whole sandbox is a tree of nodes that is made once (``ProcRoot``, StaticTree.swift). What is
/// there for a process is made by each lookup and kept nowhere: such an inode knows its task by number and
/// birth (``TaskReference``), so that none outlives its process, and another one with the same number is not mistaken for it.
public enum ProcFS {
    /// The file system, ready to be mounted. Once, at boot, after the root objects of Tasks have been made.
    public static func makeRoot() -> (superblock: Superblock, root: Inode) {
        let superblock = ProcSuperblock()
        return (superblock, ProcRoot(superblock))
    }
}

/// The superblock of /proc.
final class ProcSuperblock: Superblock {
    /// Number of the next inode that exists for ever; Linux's begin there, too.
    private var lastNumber: UInt64 = 0xf000_0000
    /// A new name for each start, /proc/sys/kernel/random/boot_id.
    let bootID: Bytes = ProcText.randomUUID()
    /// The text of /proc/cpuinfo behind what changes, made when first asked for.
    let processors = ProcessorDescription()

    /// Where the namespaces are, which the links in /proc/PID/ns lead to.
    let namespaces: Superblock = NamespaceSuperblock()

    init() {
        super.init(device: VFS.shared.allocateDevice())
        cachesNegative = false
        hasNegatives = false
    }

    func nextNumber() -> UInt64 {
        lastNumber &+= 1
        return lastNumber
    }

    override var typeName: StaticString { "proc" }

    override func status() throws(Errno) -> FileSystemStatus {
        var status = FileSystemStatus()
        status.type = UInt(PROC_SUPER_MAGIC)
        return status
    }
}

/// What all inodes of /proc and /sys have in common: sizes of 0, and that nothing can be made or removed.
class PseudoInode: Inode {
    init(_ superblock: Superblock, number: UInt64, mode: UInt32, uid: UInt32 = 0, gid: UInt32 = 0) {
        super.init(superblock: superblock, number: number, mode: mode, uid: uid, gid: gid)
        if superblock is ProcSuperblock { blockSize = 1024 }
        if mode & S_IFMT == S_IFDIR { linkCount = 2 }
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try openSpecial(path, flags: flags, credentials)
    }

    override func create(_ name: Bytes, mode: UInt32, device: UInt64, _ credentials: Credentials) throws(Errno) -> Inode {
        throw mode & S_IFMT == S_IFREG ? .EACCES : .EPERM
    }

    /// Opening with O_TRUNC and truncate(2) succeed, and do nothing.
    override func truncate(to length: Int) throws(Errno) {
        if isDirectory { throw .EISDIR }
    }
    override var isEmptyDirectory: Bool { false }
    override var allowsDirect: Bool { false }
    override var directorySeeksFromEnd: Bool { true }
}

/// A file whose contents the kernel makes when they are read.
class TextInode: PseudoInode {
    /// The whole text as it is now. May sleep.
    func text() throws(Errno) -> Bytes { throw .EINVAL }
    /// A part of the text, for those that may be long; others are one part. May sleep.
    /// - Parameter place: 0, or what the part before gave.
    /// - Returns: the part, and the place of the next one; nil at the end.
    func part(at place: UInt) throws(Errno) -> (text: Bytes, next: UInt?) { (try text(), nil) }
    /// A write of `bytes` at the beginning of the file. May sleep.
    func store(_ bytes: Bytes) throws(Errno) { throw .EIO }
    /// Called at the opening, after the check of permissions. May refuse.
    func checkOpen(flags: UInt32) throws(Errno) {}
    /// Whether lseek(2) knows SEEK_END; most do not.
    var seeksFromEnd: Bool { false }
    /// poll(2) says something of its changes, so that epoll(7) takes it.
    var canPoll: Bool { false }
    /// What the text is about just now: an open file shows nothing once this is not what it was at the opening.
    var subjectNumber: UInt64 { 0 }
    /// Bytes that one write may have.
    var writeLimit: Int { 4096 }
    /// ioctl(2). May sleep.
    func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int { throw .ENOTTY }
    /// Counts changes of a value that poll(2) tells of, and those who wait for one; nil for all others.
    var changes: ValueChanges? { nil }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try checkOpen(flags: flags)
        return TextFile(self, path, flags: flags)
    }

    override func readBytes(offset: Int, count: Int) throws(Errno) -> Bytes {
        let text = try text()
        guard offset >= 0, offset < text.count, count > 0 else { return [] }
        return Bytes(text[offset..<min(text.count, offset &+ min(count, text.count &- offset))])
    }
}

/// An open text: made at the first read and whenever the file is read from its beginning, so that a reader who
/// goes on sees one state of it, or of each part of a long one.
final class TextFile: File {
    private let node: TextInode
    private let subjectNumber: UInt64
    /// The change that the last poll(2) has told of.
    private var seenChange: UInt32
    /// As far as it has been made.
    private var text: Bytes = []
    /// Where the next part begins; nil at the end.
    private var place: UInt? = 0
    /// Counts how often the text was begun.
    private var beginning: UInt = 0

    init(_ inode: TextInode, _ path: Path, flags: UInt32) {
        node = inode
        subjectNumber = inode.subjectNumber
        seenChange = inode.changes?.count ?? 0
        super.init(inode: inode, path: path, flags: flags)
    }

    override var isSeekable: Bool { true }
    /// Linux's sequence files, which most are, refuse it.
    override var writesAtOffset: Bool { node.seeksFromEnd }
    override var canPoll: Bool { node.canPoll || node.changes != nil }

    override func poll(_ table: PollTable?) -> UInt32 {
        guard let changes = node.changes else { return super.poll(table) }
        table?.add(changes.waiters)
        guard changes.count != seenChange else { return POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM }
        seenChange = changes.count
        return POLLIN | POLLRDNORM | POLLERR | POLLPRI
    }

    override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        if subjectNumber != 0, node.subjectNumber != subjectNumber { throw .ESRCH }
        return try node.control(request, argument)
    }

    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard isReadable else { throw .EBADF }
        guard offset >= 0 else { throw .EINVAL }
        if buffer.count == 0 { return 0 }
        if offset == 0 {
            text = []
            place = 0
            beginning &+= 1
        }
        let (wanted, overflow) = offset.addingReportingOverflow(buffer.count)
        do throws(Errno) {
            while let place, overflow || text.count < wanted {
                if Host.heapIsLow { throw .ENOMEM }
                // What has ended says so itself.
                let number = node.subjectNumber
                if number != subjectNumber, number != 0 { break }
                let mine = beginning
                let part = try node.part(at: place)
                // Another thread may have made it meanwhile.
                guard mine == beginning, place == self.place else { continue }
                if text.isEmpty { text = part.text } else { text.append(contentsOf: part.text) }
                self.place = part.next
            }
        } catch {
            if offset >= text.count { throw error }
        }
        guard offset < text.count else { return 0 }
        let current = text
        if offset == 0 { return try buffer.write(current) }
        return try buffer.write(Bytes(current[offset..<(offset &+ min(buffer.count, current.count &- offset))]))
    }

    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        guard isWritable else { throw .EBADF }
        let count = buffer.count
        guard count <= 1 << 16 else { throw .EINVAL }
        let bytes = try buffer.read(min(count, node.writeLimit))
        try node.store(bytes)
        return bytes.count
    }

    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        if whence == 0 || whence == 1 || node.seeksFromEnd { return try super.seek(offset, whence: whence) }
        throw .EINVAL
    }
}

/// A symbolic link of which only the text matters.
final class TextLink: PseudoInode {
    private let target: () -> Bytes

    init(_ superblock: Superblock, number: UInt64, _ target: @escaping () -> Bytes) {
        self.target = target
        super.init(superblock, number: number, mode: S_IFLNK | 0o777)
    }
    override func readLink() throws(Errno) -> Bytes { target() }
}
