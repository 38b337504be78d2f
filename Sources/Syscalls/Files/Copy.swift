import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// Calls that move data between descriptors: sendfile(2), copy_file_range(2), splice(2), tee(2), vmsplice(2).
extension SyscallContext {
    private static var chunk: Int { 65536 }

    /// Copies from one file to another through the kernel.
    /// - Parameters:
    ///   - from: offset in the source; it moves.
    ///   - to: offset in the target, nil for its own position or for what has none.
    /// - Returns: bytes copied; an error only counts if nothing was.
    private func copy(_ source: File, _ from: inout Int, _ target: File, _ to: inout Int, count: Int) throws(Errno) -> Int {
        var done = 0
        while done < count {
            let bytes = KernelBuffer()
            var input = IOBuffer(kernel: bytes, count: min(count &- done, SyscallContext.chunk))
            do throws(Errno) {
                let got = try source.read(&input, at: from)
                if got == 0 { break }
                var output = IOBuffer(kernel: bytes, count: got)
                let put = try self.put(target, &output, &to)
                from &+= put
                to &+= put
                done &+= put
                if put < got { break }
            } catch {
                if done == 0 { throw error }
                break
            }
            if ThreadSlot.work & (Work.signal | Work.exit) != 0 { break }
        }
        task.io.readCalls &+= 1
        task.io.writeCalls &+= 1
        if done > 0 {
            task.io.readBytes &+= UInt64(done)
            task.io.writtenBytes &+= UInt64(done)
            vfs.notify(.accessed, source)
            vfs.notify(.modified, target)
        }
        return done
    }

    /// sendfile(2)
    func sysSendfile() throws(Errno) -> Int {
        var offset = 0
        if a2 != 0 { offset = try UserMemory.load(Int.self, at: a2) }
        let source = try files.get(i1)
        guard source.isReadable else { throw .EBADF }
        if a2 != 0, !source.isSeekable { throw .ESPIPE }
        if a2 != 0, offset < 0 { throw .EINVAL }
        let target = try files.get(i0)
        guard target.isWritable else { throw .EBADF }
        guard source.isSeekable, !source.inode.isDirectory else { throw .EINVAL }
        if target.isAppending { throw .EINVAL }
        guard Int(bitPattern: a3) >= 0 else { throw .EINVAL }
        let wanted = Int(min(a3, UInt(MAX_RW_COUNT)))
        try SyscallContext.checkEnd(a2 != 0 ? offset : source.position, wanted)
        if target.isSeekable { try SyscallContext.checkEnd(target.position, wanted) }
        source.acquire()
        target.acquire()
        defer {
            source.release()
            target.release()
        }
        var from = a2 != 0 ? offset : source.position
        var to = target.isSeekable ? target.position : 0
        let done = try copy(source, &from, target, &to, count: wanted)
        if target.isSeekable { target.position = to }
        if a2 != 0 { try UserMemory.store(from, at: a2) } else { source.position = from }
        return done
    }

    /// copy_file_range(2)
    func sysCopyFileRange() throws(Errno) -> Int {
        let source = try files.get(i0)
        let target = try files.get(i2)
        var from = a1 != 0 ? try UserMemory.load(Int.self, at: a1) : source.position
        var to = a3 != 0 ? try UserMemory.load(Int.self, at: a3) : target.position
        guard u5 == 0 else { throw .EINVAL }
        if source.inode.isDirectory || target.inode.isDirectory { throw .EISDIR }
        guard source.inode.isRegular, target.inode.isRegular else { throw .EINVAL }
        guard source.isReadable, target.isWritable, !target.isAppending else { throw .EBADF }
        // The sums are Linux's unsigned ones, so most negative offsets are overflows.
        guard !UInt(bitPattern: from).addingReportingOverflow(a4).overflow, !UInt(bitPattern: to).addingReportingOverflow(a4).overflow else {
            throw .EOVERFLOW
        }
        guard from >= 0, to >= 0 else { throw .EINVAL }
        let wanted = Int(min(a4, UInt(MAX_RW_COUNT)))
        try SyscallContext.checkEnd(from, wanted)
        try SyscallContext.checkEnd(to, wanted)
        let count = min(wanted, max(0, source.inode.size &- from), MAX_RW_COUNT)
        if source.inode === target.inode, count > 0, from < to &+ count, to < from &+ count { throw .EINVAL }
        source.acquire()
        target.acquire()
        defer {
            source.release()
            target.release()
        }
        let done = try copy(source, &from, target, &to, count: count)
        if a1 != 0 { try UserMemory.store(from, at: a1) } else { source.position = from }
        if a3 != 0 { try UserMemory.store(to, at: a3) } else { target.position = to }
        return done
    }

    // MARK: pipes

    private func readEnd(_ file: File) -> Pipe? { file.isReadable ? (file as? PipeFile)?.pipe : nil }
    private func writeEnd(_ file: File) -> Pipe? { file.isWritable ? (file as? PipeFile)?.pipe : nil }

    /// Waits until the pipe has data.
    /// - Returns: false at the end of the data (no writer).
    private func waitForData(_ file: File, _ pipe: Pipe, nonBlocking: Bool) throws(Errno) -> Bool {
        pipe.awaitReader()
        while pipe.isEmpty {
            if file.poll(nil) & POLLHUP != 0 { return false }
            if nonBlocking { throw .EAGAIN }
            _ = try pipe.readQueue.wait { () throws(Errno) in !pipe.isEmpty || file.poll(nil) & POLLHUP != 0 }
            pipe.awaitReader()
        }
        return true
    }

    private func waitForRoom(_ file: File, _ pipe: Pipe, nonBlocking: Bool) throws(Errno) {
        while pipe.isFull, file.poll(nil) & POLLERR == 0 {
            if nonBlocking { throw .EAGAIN }
            _ = try pipe.writeQueue.wait { () throws(Errno) in !pipe.isFull || file.poll(nil) & POLLERR != 0 }
        }
    }

    /// Takes `count` bytes that have been looked at out of a pipe.
    private func consume(_ file: File, _ count: Int) {
        var sink = IOBuffer(kernel: KernelBuffer(discarding: ()), count: count)
        _ = try? file.read(&sink, at: 0)
    }

    /// splice(2)
    func sysSplice() throws(Errno) -> Int {
        guard u5 & ~(SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT) == 0 else { throw .EINVAL }
        if a4 == 0 { return 0 }
        let source = try files.get(i0)
        let target = try files.get(i2)
        guard source.isReadable, target.isWritable else { throw .EBADF }
        let input = source as? PipeFile, output = target as? PipeFile
        guard input != nil || output != nil else { throw .EINVAL }
        if input != nil, a1 != 0 { throw .ESPIPE }
        if output != nil, a3 != 0 { throw .ESPIPE }
        if let input, let output, input.pipe === output.pipe { throw .EINVAL }
        if input == nil, a1 != 0, !source.isSeekable { throw .EINVAL }
        if output == nil, a3 != 0, !target.isSeekable { throw .EINVAL }
        if output == nil, target.isAppending { throw .EINVAL }
        source.acquire()
        target.acquire()
        defer {
            source.release()
            target.release()
        }
        let count = Int(min(a4, UInt(MAX_RW_COUNT)))
        if let input {
            let nonBlocking = u5 & SPLICE_F_NONBLOCK != 0 || source.isNonBlocking
            guard try waitForData(source, input.pipe, nonBlocking: nonBlocking) else { return 0 }
            if let output { try waitForRoom(target, output.pipe, nonBlocking: u5 & SPLICE_F_NONBLOCK != 0 || target.isNonBlocking) }
            var offset = a3 != 0 ? try UserMemory.load(Int.self, at: a3) : target.isSeekable ? target.position : 0
            guard offset >= 0 else { throw .EINVAL }
            if output == nil { try SyscallContext.checkEnd(offset, count) }
            var limit = min(count, input.pipe.capacity)
            if let output { limit = min(limit, max(1, output.pipe.room)) }
            let bytes = input.pipe.peek(limit)
            var buffer = IOBuffer(kernel: KernelBuffer(bytes), count: bytes.count)
            let done = try self.put(target, &buffer, &offset)
            consume(source, done)
            offset &+= done
            if a3 != 0 { try UserMemory.store(offset, at: a3) } else if target.isSeekable { target.position = offset }
            tellTransfer(source, target, done)
            return done
        }
        guard let output else { throw .EINVAL }
        try waitForRoom(target, output.pipe, nonBlocking: u5 & SPLICE_F_NONBLOCK != 0 || target.isNonBlocking)
        var offset = a1 != 0 ? try UserMemory.load(Int.self, at: a1) : source.isSeekable ? source.position : 0
        guard offset >= 0 else { throw .EINVAL }
        try SyscallContext.checkEnd(offset, count)
        let bytes = KernelBuffer()
        var reader = IOBuffer(kernel: bytes, count: min(count, max(4096, output.pipe.room)))
        let got = try source.read(&reader, at: offset)
        if got == 0 { return 0 }
        var buffer = IOBuffer(kernel: bytes, count: got)
        var ignored = 0
        let done = try self.put(target, &buffer, &ignored)
        offset &+= done
        if a1 != 0 { try UserMemory.store(offset, at: a1) } else if source.isSeekable { source.position = offset }
        tellTransfer(source, target, done)
        return done
    }

    /// What inotify hears of splice(2) and tee(2).
    private func tellTransfer(_ source: File, _ target: File, _ done: Int) {
        guard done > 0 else { return }
        vfs.notify(.modified, target)
        vfs.notify(.accessed, source)
    }

    /// tee(2)
    func sysTee() throws(Errno) -> Int {
        guard u3 & ~(SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT) == 0 else { throw .EINVAL }
        if a2 == 0 { return 0 }
        let source = try files.get(i0)
        let target = try files.get(i1)
        guard source.isReadable, target.isWritable else { throw .EBADF }
        guard let input = readEnd(source), let output = writeEnd(target), input !== output else { throw .EINVAL }
        source.acquire()
        target.acquire()
        defer {
            source.release()
            target.release()
        }
        let nonBlocking = u3 & SPLICE_F_NONBLOCK != 0
        guard try waitForData(source, input, nonBlocking: nonBlocking || source.isNonBlocking) else { return 0 }
        try waitForRoom(target, output, nonBlocking: nonBlocking || target.isNonBlocking)
        let bytes = input.peek(min(Int(min(a2, UInt(MAX_RW_COUNT))), max(1, output.room)))
        var buffer = IOBuffer(kernel: KernelBuffer(bytes), count: bytes.count)
        var ignored = 0
        let done = try self.put(target, &buffer, &ignored)
        tellTransfer(source, target, done)
        return done
    }

    /// vmsplice(2): the bytes are copied, which a caller cannot tell from moved pages it does not touch.
    func sysVmsplice() throws(Errno) -> Int {
        guard u3 & ~(SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT) == 0 else { throw .EINVAL }
        let file = try files.get(i0)
        guard file.isReadable || file.isWritable else { throw .EBADF }
        var buffer = try vector(at: a1, count: a2)
        if buffer.count == 0 { return 0 }
        guard let pipe = (file as? PipeFile)?.pipe else { throw .EBADF }
        file.acquire()
        defer { file.release() }
        let nonBlocking = u3 & SPLICE_F_NONBLOCK != 0 || file.isNonBlocking
        var ignored = 0
        if file.isWritable {
            // It waits for some room, never for more.
            try waitForRoom(file, pipe, nonBlocking: nonBlocking)
            buffer.limit(to: max(1, pipe.room))
            return try self.put(file, &buffer, &ignored)
        }
        guard try waitForData(file, pipe, nonBlocking: nonBlocking) else { return 0 }
        return try file.read(&buffer, at: 0)
    }
}
