import KernelBase
import LinuxABI
import Machine

/// Collects the wait queues a poll looks at. A nil table means: only look.
public final class PollTable {
    private let waiter: Waiter
    private var queues: [WaitQueue] = []

    public init(_ waiter: Waiter) { self.waiter = waiter }

    public func add(_ queue: WaitQueue) {
        queue.add(waiter)
        queues.append(queue)
    }
    /// Takes the waiter out of all queues. Must be called before the table is dropped.
    public func clear() {
        for queue in queues { queue.remove(waiter) }
        queues.removeAll()
    }
}

/// An open file description: what descriptors refer to.
///
/// Life: ``users`` counts the descriptors, mappings, messages in flight and calls that hold it; when it
/// falls to 0, ``closing`` is called once. Subclasses are what can be open: a regular file, a directory, a
/// pipe end, a socket... All methods run under the kernel lock; those that may sleep say so.
open class File {
    /// Where it was opened; nil for files without a name (pipes, sockets, eventfds).
    public final let path: Path?
    public final let inode: Inode
    /// Access mode (O_ACCMODE) and status flags: O_APPEND, O_NONBLOCK, O_DIRECT, O_NOATIME, O_PATH, O_SYNC...
    public final var flags: UInt32
    /// The file offset.
    public final var position: Int = 0
    public private(set) final var users: Int = 0
    /// Counted in the inode's ``Inode/writers``.
    final var countsAsWriter = false
    /// Counted in the inode's ``Inode/openCount``.
    final var countsAsOpen = false
    /// The open(2) that made this description made the file as well, F_CREATED_QUERY.
    public final var wasCreated = false
    /// Who has opened it, of files with a path: linkat(2) AT_EMPTY_PATH wants the same.
    public internal(set) final var openedBy: Credentials?
    /// Receiver of SIGIO, fcntl(2) F_SETOWN; see SignalDriven.swift.
    public internal(set) final var owner: FileOwner?
    /// epoll entries that watch this file; each is told when it closes.
    public final var watchers: [FileWatcher] = []
    /// Serialises calls that use ``position`` (read, write, lseek, getdents) when they may sleep in between.
    public final let positionLock = SleepLock()

    public init(inode: Inode, path: Path?, flags: UInt32) {
        self.inode = inode
        self.path = path
        self.flags = flags
    }

    public final var isReadable: Bool { flags & 3 == 0 || flags & 3 == 2 }
    public final var isWritable: Bool { flags & 3 == 1 || flags & 3 == 2 }
    public final var isNonBlocking: Bool { flags & 0o4000 != 0 }
    public final var isAppending: Bool { flags & 0o2000 != 0 }
    /// An O_PATH descriptor: good for naming, not for data.
    public final var isPathOnly: Bool { flags & 0o10000000 != 0 }

    @inline(__always)
    public final func acquire() { users &+= 1 }

    /// The last release closes. May sleep.
    @inline(__always)
    public final func release() {
        users &-= 1
        if users == 0 { finish() }
    }

    @inline(never)
    private final func finish() {
        let watching = watchers
        watchers.removeAll()
        for watcher in watching { watcher.fileClosed(self) }
        if flags & O_ASYNC != 0 { _ = setAsync(nil) }
        inode.extra?.fileClosed(self)
        if countsAsOpen, !isPathOnly { VFS.shared.notify(isWritable ? .closedWritten : .closed, self) }
        closing()
        if countsAsWriter {
            countsAsWriter = false
            inode.writers &-= 1
        }
        if countsAsOpen {
            countsAsOpen = false
            inode.openCount &-= 1
            if isPathOnly { inode.pathCount &-= 1 }
            if inode.openCount == 0, inode.linkCount == 0 {
                VFS.shared.notifyGone(inode)
                inode.evict()
            }
        }
    }

    /// The description goes away: wake the other end, give back host descriptors, drop locks.
    open func closing() {}
    /// A descriptor for it was closed (close(2)): flush, and drop POSIX locks of `owner`. Its error is close's.
    open func flush() throws(Errno) {}

    // --- data; `buffer` is advanced. May sleep. ---

    /// Whether read and write use the file offset; false for pipes, sockets, terminals (ESPIPE).
    open var isSeekable: Bool { false }
    /// lseek(2) has no effect, and no error, though it is not seekable.
    open var ignoresSeek: Bool { false }
    /// pwrite(2) works; a few files of /proc can be read at an offset and not written there (ESPIPE).
    open var writesAtOffset: Bool { isSeekable }
    /// - Parameter offset: where to read for a seekable file; others ignore it.
    /// - Returns: bytes read, 0 at the end.
    open func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int { throw .EINVAL }
    /// - Parameter offset: where to write; a seekable file with O_APPEND writes at its end and sets `offset` to it.
    open func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int { throw .EINVAL }
    /// Whether a write that fails with EPIPE also raises SIGPIPE.
    open var raisesBrokenPipe: Bool { true }
    /// lseek(2) on a file that is seekable. The default serves files whose size is the inode's.
    open func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        guard isSeekable else { throw Errno(29) }
        let base: Int
        switch whence {
        case 0: base = 0
        case 1: base = position
        case 2: base = inode.size
        case 3, 4:
            guard offset >= 0, offset < inode.size else { throw Errno(6) }
            position = whence == 3 ? offset : inode.size
            return position
        default: throw .EINVAL
        }
        let (sum, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, sum >= 0 else { throw .EINVAL }
        position = sum
        return sum
    }
    /// Events that are true now (POLL*); registers the queues that tell of changes.
    open func poll(_ table: PollTable?) -> UInt32 { 0x145 /* IN OUT RDNORM WRNORM: never blocks */ }
    /// epoll accepts it (regular files and directories are EPERM).
    open var canPoll: Bool { true }

    /// ioctl(2); ENOTTY by default. `argument` is the guest's third argument. May sleep.
    open func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int { throw Errno(25) }
    /// getdents64(2) from ``position``. `emit` returns false when its buffer is full.
    open func list(_ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) { throw Errno(20) }
    open func synchronize(dataOnly: Bool) throws(Errno) { throw .EINVAL }
    open func truncate(to length: Int) throws(Errno) { throw .EINVAL }
    /// fallocate(2); the arguments have been checked. May sleep.
    open func allocate(mode: UInt32, offset: Int, length: Int) throws(Errno) { try inode.allocate(mode: mode, offset: offset, length: length) }
    /// Puts the file on the ``AsyncList`` of what it stands for, with this si_fd, or (nil) takes it off.
    /// - Returns: false if files of this kind do not signal.
    open func setAsync(_ descriptor: Int32?) -> Bool { false }
    /// F_SETFL changed O_NONBLOCK, O_APPEND, O_ASYNC...
    open func flagsChanged() {}
    /// See ``Inode/mapping(offset:length:shared:writable:)``; ENODEV for what cannot be mapped.
    open func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] { throw Errno(19) }
    /// Whether ``mappingAtOnce(offset:length:shared:writable:)`` can answer.
    open var mapsAtOnce: Bool { inode.mapsAtOnce }
    /// As ``mapping(offset:length:shared:writable:)`` without a sleep, as far as the file's size is known.
    open func mappingAtOnce(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        try mapping(offset: offset, length: length, shared: shared, writable: writable)
    }
    /// An area of some address space shows it, or one less does.
    open func mappingAdded() {}
    open func mappingRemoved() {}
    /// A System V shared memory segment, which shmdt(2) lets go.
    open var isSegment: Bool { false }
    /// The text of its link in /proc/PID/fd when it has no path, such as `pipe:[12]`.
    open var linkText: Bytes { Bytes("anon_inode:") }
}

/// Told when a watched file goes away (epoll).
open class FileWatcher {
    public init() {}
    open func fileClosed(_ file: File) {}
}
