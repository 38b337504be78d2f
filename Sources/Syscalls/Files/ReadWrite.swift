import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// read(2), write(2) and their relatives.
extension SyscallContext {
    // MARK: the shared bodies

    /// Reads at the file's position, which moves.
    @inline(__always)
    private func read(_ file: File, _ buffer: inout IOBuffer) throws(Errno) -> Int {
        guard file.isReadable else { throw .EBADF }
        file.acquire()
        defer { file.release() }
        task.io.readCalls &+= 1
        let done: Int
        if file.isSeekable {
            file.positionLock.lock()
            defer { file.positionLock.unlock() }
            if file.position > Int.max &- MAX_RW_COUNT { try SyscallContext.checkEnd(file.position, buffer.count) }
            done = try file.read(&buffer, at: file.position)
            file.position &+= done
        } else {
            done = try file.read(&buffer, at: 0)
        }
        if done > 0 {
            task.io.readBytes &+= UInt64(done)
            VFS.shared.notify(.accessed, file)
        }
        return done
    }

    /// A write to a file; SIGPIPE comes with `EPIPE`.
    @inline(__always)
    func put(_ file: File, _ buffer: inout IOBuffer, _ offset: inout Int) throws(Errno) -> Int {
        do throws(Errno) {
            return try file.write(&buffer, at: &offset)
        } catch {
            if error == .EPIPE, file.raisesBrokenPipe { raiseBrokenPipe() }
            throw error
        }
    }

    @inline(__always)
    private func write(_ file: File, _ buffer: inout IOBuffer) throws(Errno) -> Int {
        guard file.isWritable else { throw .EBADF }
        file.acquire()
        defer { file.release() }
        let done: Int
        if file.isSeekable {
            file.positionLock.lock()
            defer { file.positionLock.unlock() }
            var offset = file.position
            if offset > Int.max &- MAX_RW_COUNT { try SyscallContext.checkEnd(offset, buffer.count) }
            task.io.writeCalls &+= 1
            done = try put(file, &buffer, &offset)
            file.position = offset &+ done
        } else {
            var offset = 0
            task.io.writeCalls &+= 1
            done = try put(file, &buffer, &offset)
        }
        if done > 0 {
            task.io.writtenBytes &+= UInt64(done)
            VFS.shared.notify(.modified, file)
        }
        return done
    }

    /// A transfer must end at an offset that can be said.
    static func checkEnd(_ offset: Int, _ count: Int) throws(Errno) {
        if offset.addingReportingOverflow(count).overflow { throw .EINVAL }
    }

    private func readAt(_ file: File, _ buffer: inout IOBuffer, _ offset: Int) throws(Errno) -> Int {
        guard file.isSeekable else { throw .ESPIPE }
        guard file.isReadable else { throw .EBADF }
        try SyscallContext.checkEnd(offset, buffer.count)
        file.acquire()
        defer { file.release() }
        task.io.readCalls &+= 1
        let done = try file.read(&buffer, at: offset)
        if done > 0 {
            task.io.readBytes &+= UInt64(done)
            VFS.shared.notify(.accessed, file)
        }
        return done
    }

    private func writeAt(_ file: File, _ buffer: inout IOBuffer, _ offset: Int) throws(Errno) -> Int {
        guard file.writesAtOffset else { throw .ESPIPE }
        guard file.isWritable else { throw .EBADF }
        try SyscallContext.checkEnd(offset, buffer.count)
        file.acquire()
        defer { file.release() }
        var offset = offset
        task.io.writeCalls &+= 1
        let done = try put(file, &buffer, &offset)
        if done > 0 {
            task.io.writtenBytes &+= UInt64(done)
            VFS.shared.notify(.modified, file)
        }
        return done
    }

    /// A buffer argument; the whole range must be the guest's to name.
    @inline(__always)
    private func buffer(_ address: UInt, _ count: UInt) throws(Errno) -> IOBuffer {
        guard UserMemory.isUserRange(address, count) else { throw .EFAULT }
        return IOBuffer(user: address, count: count)
    }

    /// The pieces of an iovec array, readv(2).
    /// - Throws: `EINVAL` for more than 1024, or a negative length; `EFAULT`.
    func vector(at address: UInt, count: UInt) throws(Errno) -> IOBuffer {
        guard count <= UInt(IOV_MAX) else { throw .EINVAL }
        if count == 1 {
            let piece = try UserMemory.load(Iovec.self, at: address)
            guard piece.len <= UInt64(Int.max) else { throw .EINVAL }
            return try buffer(UInt(piece.base), UInt(piece.len))
        }
        var segments: [IOSegment] = []
        segments.reserveCapacity(Int(count))
        for index in 0..<count {
            let piece = try UserMemory.load(Iovec.self, at: address &+ index &* 16)
            guard piece.len <= UInt64(Int.max) else { throw .EINVAL }
            guard UserMemory.isUserRange(UInt(piece.base), UInt(piece.len)) else { throw .EFAULT }
            segments.append(IOSegment(address: UInt(piece.base), count: UInt(piece.len)))
        }
        return IOBuffer(segments: segments)
    }

    // MARK: one buffer

    /// read(2)
    func sysRead() throws(Errno) -> Int {
        let file = try files.get(i0)
        var buffer = try buffer(a1, a2)
        return try read(file, &buffer)
    }

    /// write(2)
    func sysWrite() throws(Errno) -> Int {
        let file = try files.get(i0)
        var buffer = try buffer(a1, a2)
        return try write(file, &buffer)
    }

    /// pread(2)
    func sysPread64() throws(Errno) -> Int {
        let offset = Int(bitPattern: a3)
        guard offset >= 0 else { throw .EINVAL }
        let file = try files.get(i0)
        guard file.isSeekable else { throw .ESPIPE }
        guard file.isReadable else { throw .EBADF }
        var buffer = try buffer(a1, a2)
        return try readAt(file, &buffer, offset)
    }

    /// pwrite(2)
    func sysPwrite64() throws(Errno) -> Int {
        let offset = Int(bitPattern: a3)
        guard offset >= 0 else { throw .EINVAL }
        let file = try files.get(i0)
        guard file.writesAtOffset else { throw .ESPIPE }
        guard file.isWritable else { throw .EBADF }
        var buffer = try buffer(a1, a2)
        return try writeAt(file, &buffer, offset)
    }

    // MARK: vectors

    /// readv(2)
    func sysReadv() throws(Errno) -> Int {
        let file = try files.get(i0)
        guard file.isReadable else { throw .EBADF }
        var buffer = try vector(at: a1, count: a2)
        return try read(file, &buffer)
    }

    /// writev(2)
    func sysWritev() throws(Errno) -> Int {
        let file = try files.get(i0)
        guard file.isWritable else { throw .EBADF }
        var buffer = try vector(at: a1, count: a2)
        return try write(file, &buffer)
    }

    /// preadv(2)
    func sysPreadv() throws(Errno) -> Int {
        let offset = Int(bitPattern: a3)
        guard offset >= 0 else { throw .EINVAL }
        let file = try files.get(i0)
        guard file.isSeekable else { throw .ESPIPE }
        guard file.isReadable else { throw .EBADF }
        var buffer = try vector(at: a1, count: a2)
        return try readAt(file, &buffer, offset)
    }

    /// pwritev(2)
    func sysPwritev() throws(Errno) -> Int {
        let offset = Int(bitPattern: a3)
        guard offset >= 0 else { throw .EINVAL }
        let file = try files.get(i0)
        guard file.writesAtOffset else { throw .ESPIPE }
        guard file.isWritable else { throw .EBADF }
        var buffer = try vector(at: a1, count: a2)
        return try writeAt(file, &buffer, offset)
    }

    /// preadv2(2): offset -1 means the position.
    func sysPreadv2() throws(Errno) -> Int {
        let offset = Int(bitPattern: a3)
        guard offset >= -1 else { throw .EINVAL }
        let file = try files.get(i0)
        if offset >= 0, !file.isSeekable { throw .ESPIPE }
        guard file.isReadable else { throw .EBADF }
        var buffer = try vector(at: a1, count: a2)
        guard u5 & ~(RWF_HIPRI | RWF_NOWAIT | RWF_DSYNC | RWF_SYNC) == 0 else { throw .EOPNOTSUPP }
        if u5 & RWF_NOWAIT != 0, !file.isSeekable, file.poll(nil) & 1 == 0 { throw .EAGAIN }
        return offset < 0 ? try read(file, &buffer) : try readAt(file, &buffer, offset)
    }

    /// pwritev2(2)
    func sysPwritev2() throws(Errno) -> Int {
        let offset = Int(bitPattern: a3)
        guard offset >= -1 else { throw .EINVAL }
        let file = try files.get(i0)
        if offset >= 0, !file.writesAtOffset { throw .ESPIPE }
        guard file.isWritable else { throw .EBADF }
        var buffer = try vector(at: a1, count: a2)
        guard u5 & ~(RWF_HIPRI | RWF_NOWAIT | RWF_DSYNC | RWF_SYNC | RWF_APPEND | RWF_NOAPPEND) == 0 else { throw .EOPNOTSUPP }
        if u5 & RWF_APPEND != 0, u5 & RWF_NOAPPEND != 0 { throw .EINVAL }
        // What the flags change holds for this call alone; nobody else writes meanwhile, for writers of regular files do not sleep
        // between the test of O_APPEND and the use of the offset.
        let old = file.flags
        if u5 & RWF_APPEND != 0 { file.flags |= O_APPEND }
        if u5 & RWF_NOAPPEND != 0 { file.flags &= ~O_APPEND }
        defer { if u5 & (RWF_APPEND | RWF_NOAPPEND) != 0 { file.flags = file.flags & ~O_APPEND | old & O_APPEND } }
        let done = offset < 0 ? try write(file, &buffer) : try writeAt(file, &buffer, offset)
        if u5 & (RWF_DSYNC | RWF_SYNC) != 0, file.isSeekable { try file.synchronize(dataOnly: u5 & RWF_SYNC == 0) }
        return done
    }

    // MARK: the position

    /// lseek(2)
    func sysLseek() throws(Errno) -> Int {
        let file = try files.get(i0)
        guard u2 <= SEEK_HOLE else { throw .EINVAL }
        guard file.isSeekable else {
            if file.ignoresSeek { return 0 }
            throw .ESPIPE
        }
        file.acquire()
        defer { file.release() }
        file.positionLock.lock()
        defer { file.positionLock.unlock() }
        return try file.seek(Int(bitPattern: a1), whence: i2)
    }
}
