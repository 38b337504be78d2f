import KernelBase
import LinuxABI
import Machine
import VFS

/// The inode of a pipe without a name: what fstat(2) shows, and what a re-opening through /proc/self/fd finds.
final class PipeInode: Inode {
    let pipe = Pipe()

    init(_ state: IPCState) {
        let credentials = state.caller.credentials()
        super.init(superblock: state.pipes, number: state.nextInode(), mode: S_IFIFO | 0o600,
                   uid: credentials.fsuid, gid: credentials.fsgid)
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        let file = PipeFile(inode: self, path: nil, flags: flags, pipe: pipe)
        pipe.attach(reads: file.isReadable, writes: file.isWritable)
        return file
    }
}

/// An open end of a pipe or FIFO (both ends, when a FIFO is opened for reading and writing).
public final class PipeFile: File {
    public let pipe: Pipe
    /// The pipe's writer count when a FIFO was opened without a writer: there is no hang-up before one came.
    var writersAtOpen: UInt = .max

    init(inode: Inode, path: Path?, flags: UInt32, pipe: Pipe) {
        self.pipe = pipe
        super.init(inode: inode, path: path, flags: flags)
    }

    /// pipe2(2). The caller takes the first reference of both files.
    /// - Parameter flags: O_NONBLOCK and O_DIRECT.
    public static func makePair(flags: UInt32) throws(Errno) -> (reader: PipeFile, writer: PipeFile) {
        try requireMemory()
        let inode = PipeInode(IPCState.shared)
        let pipe = inode.pipe
        let reader = PipeFile(inode: inode, path: nil, flags: O_RDONLY | (flags & O_NONBLOCK), pipe: pipe)
        let writer = PipeFile(inode: inode, path: nil, flags: O_WRONLY | (flags & (O_NONBLOCK | O_DIRECT)), pipe: pipe)
        pipe.attach(reads: true, writes: false)
        pipe.attach(reads: false, writes: true)
        return (reader, writer)
    }

    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard isReadable else { throw .EBADF }
        let count = try pipe.read(&buffer, nonBlocking: isNonBlocking)
        if count > 0, flags & O_NOATIME == 0 { inode.accessTime = FileTime(bitPattern: Clock.coarseRealtime()) }
        return count
    }

    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        guard isWritable else { throw .EBADF }
        let count = try pipe.write(&buffer, packets: flags & O_DIRECT != 0, nonBlocking: isNonBlocking)
        if count > 0 { inode.touchModified() }
        return count
    }

    public override func setAsync(_ descriptor: Int32?) -> Bool {
        if isReadable { pipe.asyncReaders.set(self, descriptor) }
        if isWritable { pipe.asyncWriters.set(self, descriptor) }
        return true
    }

    public override func poll(_ table: PollTable?) -> UInt32 {
        pipe.poll(table, reads: isReadable, writes: isWritable, hasHadWriter: writersAtOpen != pipe.writerCount)
    }

    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        guard UInt(request) == FIONREAD else { throw .ENOTTY }
        try UserMemory.store(Int32(truncatingIfNeeded: pipe.available), at: argument)
        return 0
    }

    public override func closing() {
        pipe.detach(reads: isReadable, writes: isWritable)
        if pipe.files == 0, inode.attachment === pipe { inode.attachment = nil }
    }

    public override var linkText: Bytes {
        var text = Bytes("pipe:[")
        text.append(decimal: UInt(inode.number))
        text.append("]")
        return text
    }
}

/// FIFOs, fifo(7): pipes that are found by an inode of a file system.
public enum FIFO {
    /// Opens a FIFO. Sleeps until there is a partner.
    /// - Throws: `ENXIO` for a non-blocking writer without a reader, `ERESTARTSYS`, `EINVAL` for access mode 3.
    public static func open(_ inode: Inode, _ path: Path?, flags: UInt32) throws(Errno) -> File {
        try requireMemory()
        let pipe: Pipe
        if let existing = inode.attachment as? Pipe {
            pipe = existing
        } else {
            pipe = Pipe()
            inode.attachment = pipe
        }
        let file = PipeFile(inode: inode, path: path, flags: flags, pipe: pipe)
        let nonBlocking = flags & O_NONBLOCK != 0
        switch flags & O_ACCMODE {
        case O_RDONLY:
            pipe.attach(reads: true, writes: false)
            if pipe.readers == 1 { pipe.wakeEveryone() }
            if pipe.writers == 0 {
                if nonBlocking {
                    file.writersAtOpen = pipe.writerCount
                } else {
                    let seen = pipe.writerCount
                    do throws(Errno) {
                        _ = try pipe.readQueue.wait { pipe.writerCount != seen }
                    } catch {
                        file.closing()
                        throw error
                    }
                }
            }
        case O_WRONLY:
            if nonBlocking, pipe.readers == 0 {
                if pipe.files == 0 { inode.attachment = nil }
                throw .ENXIO
            }
            pipe.attach(reads: false, writes: true)
            if pipe.writers == 1 { pipe.wakeEveryone() }
            if pipe.readers == 0 {
                let seen = pipe.readerCount
                do throws(Errno) {
                    _ = try pipe.writeQueue.wait { pipe.readerCount != seen }
                } catch {
                    file.closing()
                    throw error
                }
            }
        case O_RDWR:
            pipe.attach(reads: true, writes: true)
            if pipe.readers == 1 || pipe.writers == 1 { pipe.wakeEveryone() }
        default:
            if pipe.files == 0 { inode.attachment = nil }
            throw .EINVAL
        }
        return file
    }
}
