import FileSystems
import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// fcntl(2), flock(2), ioctl(2) of any file.
extension SyscallContext {
    /// fcntl(2)
    func sysFcntl() throws(Errno) -> Int {
        let file = try files.getAny(i0)
        if file.isPathOnly {
            switch u1 {
            case F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_QUERY, F_CREATED_QUERY: break
            default: throw .EBADF
            }
        }
        switch u1 {
        case F_DUPFD, F_DUPFD_CLOEXEC:
            guard UInt64(u2) < descriptorLimit else { throw .EINVAL }
            return Int(try files.install(file, from: Int(u2), limit: descriptorLimit, closeOnExec: u1 == F_DUPFD_CLOEXEC))
        case F_DUPFD_QUERY:
            return try files.getAny(i2) === file ? 1 : 0
        case F_CREATED_QUERY:
            return file.wasCreated ? 1 : 0
        case F_GETFD:
            return files.isCloseOnExec(i0) ? Int(FD_CLOEXEC) : 0
        case F_SETFD:
            files.setCloseOnExec(i0, u2 & FD_CLOEXEC != 0)
            return 0
        case F_GETFL:
            return Int(file.flags)
        case F_SETFL:
            if file.flags & O_APPEND != 0, u2 & O_APPEND == 0, file.inode.isAppendOnly { throw .EPERM }
            let settable = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME
            if u2 & O_DIRECT != 0, file.flags & O_DIRECT == 0, file.inode.type != S_IFIFO, !file.inode.allowsDirect { throw .EINVAL }
            if u2 & O_NOATIME != 0, file.flags & O_NOATIME == 0, !file.inode.isOwned(by: credentials) { throw .EPERM }
            if (u2 ^ file.flags) & O_ASYNC != 0 { file.changeAsync(u2 & O_ASYNC != 0 ? i0 : nil) }
            file.flags = file.flags & ~settable | u2 & settable
            file.flagsChanged()
            return 0
        case F_GETLK, F_OFD_GETLK:
            return try getLock(file, ofDescription: u1 == F_OFD_GETLK)
        case F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW:
            return try setLock(file, ofDescription: u1 == F_OFD_SETLK || u1 == F_OFD_SETLKW, waits: u1 == F_SETLKW || u1 == F_OFD_SETLKW)
        case F_SETOWN:
            try file.setOwner(i2)
            return 0
        case F_GETOWN:
            return Int(file.ownerNumber)
        case F_SETOWN_EX:
            let owner = try UserMemory.load(FOwnerEx.self, at: a2)
            guard owner.type == F_OWNER_TID || owner.type == F_OWNER_PID || owner.type == F_OWNER_PGRP else { throw .EINVAL }
            try file.setOwner(type: owner.type, id: owner.pid)
            return 0
        case F_GETOWN_EX:
            let isThere = file.ownerNumber != 0
            try UserMemory.store(FOwnerEx(type: file.owner?.type ?? F_OWNER_TID, pid: isThere ? file.owner?.id ?? 0 : 0), at: a2)
            return 0
        case F_SETSIG:
            guard i2 >= 0, i2 <= 64 else { throw .EINVAL }
            file.requireOwner().signal = i2
            return 0
        case F_GETSIG:
            return Int(file.owner?.signal ?? 0)
        case F_SETLEASE:
            file.acquire()
            defer { file.release() }
            guard let type = Int16(exactly: i2) else { throw .EINVAL }
            try vfs.setLease(file, i0, type: type)
            return 0
        case F_NOTIFY:
            try vfs.notifyDirectory(file, i0, u2, of: files)
            return 0
        case F_GETLEASE:
            return Int(vfs.lease(of: file))
        case F_SETPIPE_SZ:
            guard let pipe = file as? PipeFile else { throw .EBADF }
            return try pipe.pipe.setCapacity(a2, credentials)
        case F_GETPIPE_SZ:
            guard let pipe = file as? PipeFile else { throw .EBADF }
            return pipe.pipe.capacity
        case F_ADD_SEALS:
            guard file.isWritable else { throw .EPERM }
            guard let inode = file.inode as? TmpfsFile, inode.canBeSealed else { throw .EINVAL }
            try inode.addSeals(u2)
            return 0
        case F_GET_SEALS:
            guard let inode = file.inode as? TmpfsFile, inode.canBeSealed else { throw .EINVAL }
            return Int(inode.seals)
        // The hints of single descriptions are gone since Linux 5.17.
        case F_GET_RW_HINT:
            try UserMemory.store(UInt64(0), at: a2)
            return 0
        case F_SET_RW_HINT:
            guard file.inode.isOwned(by: credentials) else { throw .EPERM }
            guard try UserMemory.load(UInt64.self, at: a2) <= 5 else { throw .EINVAL }
            return 0
        default:
            throw .EINVAL
        }
    }

    // MARK: locks

    private func range(_ file: File, _ lock: Flock) throws(Errno) -> LockRange {
        let base: Int
        switch lock.whence {
        case Int16(SEEK_SET): base = 0
        case Int16(SEEK_CUR): base = file.position
        case Int16(SEEK_END): base = file.inode.size
        default: throw .EINVAL
        }
        return try LockRange(base: base, start: Int(lock.start), length: Int(lock.len))
    }

    private func setLock(_ file: File, ofDescription: Bool, waits: Bool) throws(Errno) -> Int {
        let lock = try UserMemory.load(Flock.self, at: a2)
        let range = try range(file, lock)
        if ofDescription, lock.pid != 0 { throw .EINVAL }
        let isWrite: Bool?
        switch lock.type {
        case F_RDLCK: isWrite = false
        case F_WRLCK: isWrite = true
        case F_UNLCK: isWrite = nil
        default: throw .EINVAL
        }
        file.acquire()
        defer { file.release() }
        let table = files
        try vfs.setLock(file, table: ofDescription ? nil : table, isWrite: isWrite, range, waits: waits)
        // Closed meanwhile by another thread: the lock would never go.
        if isWrite != nil, table.file(i0) !== file, !ofDescription { file.inode.extra?.descriptorClosed(file, of: table) }
        return 0
    }

    private func getLock(_ file: File, ofDescription: Bool) throws(Errno) -> Int {
        var lock = try UserMemory.load(Flock.self, at: a2)
        if ofDescription, lock.pid != 0 { throw .EINVAL }
        guard lock.type == F_RDLCK || lock.type == F_WRLCK || (ofDescription && lock.type == F_UNLCK) else { throw .EINVAL }
        let range = try range(file, lock)
        if let found = vfs.findLock(file, table: ofDescription ? nil : files, isWrite: lock.type == F_WRLCK, range) {
            lock.type = found.isWrite ? F_WRLCK : F_RDLCK
            lock.whence = Int16(SEEK_SET)
            lock.start = Int64(found.start)
            lock.len = found.end == .max ? 0 : Int64(found.end &- found.start &+ 1)
            lock.pid = found.pid
        } else {
            lock.type = F_UNLCK
        }
        try UserMemory.store(lock, at: a2)
        return 0
    }

    /// flock(2)
    func sysFlock() throws(Errno) -> Int {
        let isExclusive: Bool?
        switch u1 & ~LOCK_NB {
        case LOCK_SH: isExclusive = false
        case LOCK_EX: isExclusive = true
        case LOCK_UN: isExclusive = nil
        default: throw .EINVAL
        }
        let file = try files.get(i0)
        if isExclusive != nil, !file.isReadable, !file.isWritable { throw .EBADF }
        file.acquire()
        defer { file.release() }
        try vfs.lockWhole(file, isExclusive: isExclusive, waits: u1 & LOCK_NB == 0)
        return 0
    }

    // MARK: ioctl

    /// ioctl(2): what holds for every file, then what the file itself knows.
    func sysIoctl() throws(Errno) -> Int {
        let file = try files.get(i0)
        switch UInt(u1) {
        case FIOCLEX:
            files.setCloseOnExec(i0, true)
            return 0
        case FIONCLEX:
            files.setCloseOnExec(i0, false)
            return 0
        case FIONBIO:
            let on = try UserMemory.load(Int32.self, at: a2) != 0
            file.flags = on ? file.flags | O_NONBLOCK : file.flags & ~O_NONBLOCK
            file.flagsChanged()
            return 0
        case FIOASYNC:
            let on = try UserMemory.load(Int32.self, at: a2) != 0
            if on != (file.flags & O_ASYNC != 0) { guard file.changeAsync(on ? i0 : nil) else { throw .ENOTTY } }
            return 0
        case FIOQSIZE:
            guard file.inode.isRegular || file.inode.isDirectory || file.inode.isSymbolicLink else { throw .ENOTTY }
            try UserMemory.store(Int64(file.inode.size), at: a2)
            return 0
        case FIGETBSZ:
            try UserMemory.store(Int32(bitPattern: file.inode.blockSize), at: a2)
            return 0
        case FIONREAD where file.inode.isRegular:
            try UserMemory.store(Int32(truncatingIfNeeded: file.inode.size &- file.position), at: a2)
            return 0
        case FICLONE, FICLONERANGE, FIDEDUPERANGE, FS_IOC_FIEMAP: return try controlBlocks(file)
        case FIBMAP where file.inode.isRegular: return try controlBlocks(file)
        case FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_IOC_FSGETXATTR, FS_IOC_FSSETXATTR:
            do throws(Errno) {
                return try controlFlags(SyscallContext.place(of: file))
            } catch {
                throw error == .ENOIOCTLCMD ? .ENOTTY : error
            }
        default:
            file.acquire()
            defer { file.release() }
            do throws(Errno) {
                return try file.control(u1, a2)
            } catch {
                throw error == .ENOIOCTLCMD ? .ENOTTY : error
            }
        }
    }
}
