import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

/// What the open files of this page have in common: whose memory they show. Of a program that was executed after the opening
/// they show nothing: it may have more rights than whoever has the file.
private class SubjectFile: File {
    private final let subject: TaskReference
    private final let number: UInt64

    init(_ subject: TaskReference, inode: Inode, path: Path, flags: UInt32) {
        self.subject = subject
        number = subject.memoryNumber
        super.init(inode: inode, path: path, flags: flags)
    }

    /// The task, while it has the memory that the file was opened for.
    final var task: Task? {
        guard let task = subject.alive, task.hasMemory, task.memory.number == number else { return nil }
        return task
    }

    override var isSeekable: Bool { true }
    override var canPoll: Bool { false }
}

/// /proc/PID/mem: the memory of a process as a file.
///
/// Another process's memory is reached by one of its own threads (Memory/RemoteAccess.swift). Protection does not count, as for a
/// debugger: what is only readable but private can be written.
final class MemoryInode: ProcessInode {
    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        _ = try subject.inspectable()
        return MemoryFile(subject, inode: self, path: path, flags: flags)
    }
}

private final class MemoryFile: SubjectFile {
    /// Moves pieces until one cannot be reached.
    private func transfer(_ buffer: inout IOBuffer, _ offset: Int,
                          _ move: (inout IOBuffer, AddressSpace, UInt, Int, Bool) throws(Errno) -> Int) throws(Errno) -> Int {
        guard let task else { return 0 }
        let space = task.memory, isOwn = task.sharesMemoryWithCaller
        var address = UInt(bitPattern: offset)
        var done = 0
        while buffer.count > 0 {
            let piece = min(buffer.count, AddressSpace.remotePiece)
            do throws(Errno) {
                let moved = try move(&buffer, space, address, piece, isOwn)
                if moved == 0 { throw .EIO }
                done &+= moved
                address &+= UInt(moved)
                if moved < piece { break }
            } catch {
                if done > 0 { break }
                if error == .ESRCH { return 0 }
                throw error
            }
        }
        return done
    }

    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard isReadable else { throw .EBADF }
        return try transfer(&buffer, offset) { (buffer, space, address, count, isOwn) throws(Errno) in
            let bytes = try space.readRemotely(count, at: address, isForced: true, isOwn: isOwn)
            return bytes.isEmpty ? 0 : try buffer.write(bytes)
        }
    }

    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        guard isWritable else { throw .EBADF }
        return try transfer(&buffer, offset) { (buffer, space, address, count, isOwn) throws(Errno) in
            let bytes = try buffer.read(count)
            return try space.writeRemotely(bytes, at: address, isForced: true, isOwn: isOwn)
        }
    }

    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        switch whence {
        case 0: position = offset
        case 1: position = position &+ offset
        default: throw .EINVAL
        }
        return position
    }
}

/// /proc/PID/pagemap: a word for each page, telling whether it is there.
final class PagemapInode: ProcessInode {
    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        _ = try subject.inspectable()
        return PagemapFile(subject, inode: self, path: path, flags: flags)
    }
}

private final class PagemapFile: SubjectFile {
    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard isReadable else { throw .EBADF }
        guard offset >= 0, offset & 7 == 0, buffer.count & 7 == 0 else { throw .EINVAL }
        guard let task else { return 0 }
        var done = 0
        while buffer.count > 0 {
            let page = UInt(offset &+ done) / 8
            let end = Host.userEnd >> 12
            guard page < end else { break }
            let count = min(buffer.count / 8, Int(end &- page), 512)
            let look = { (space: AddressSpace) -> Bytes in
                var words: Bytes = []
                words.reserveCapacity(count &* 8)
                for word in space.pagemap(page << 12, pages: count) { words.append(littleEndian: word) }
                return words
            }
            let memory = task.process.memory
            let bytes = task.sharesMemoryWithCaller ? look(memory) : try memory.lookRemotely(deadline: .max, look)
            let moved = try buffer.write(bytes)
            done &+= moved
            if moved < bytes.count { break }
        }
        return done
    }

    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        if whence > 1 { throw .EINVAL }
        return try super.seek(offset, whence: whence)
    }
}
