import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// chmod(2), chown(2), utimensat(2), truncate(2), fallocate(2) and their relatives.
extension SyscallContext {
    // MARK: mode and owner

    /// chmod(2)
    func sysChmod() throws(Errno) -> Int {
        try vfs.changeMode(try place(AT_FDCWD, a0, follow: true), u1, credentials)
        return 0
    }
    /// fchmod(2)
    func sysFchmod() throws(Errno) -> Int {
        try vfs.changeMode(SyscallContext.place(of: try files.get(i0)), u1, credentials)
        return 0
    }
    /// fchmodat(2) as the kernel has it, without flags
    func sysFchmodat() throws(Errno) -> Int {
        try vfs.changeMode(try place(i0, a1, follow: true), u2, credentials)
        return 0
    }
    /// fchmodat2(2)
    func sysFchmodat2() throws(Errno) -> Int {
        guard u3 & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0 else { throw .EINVAL }
        try vfs.changeMode(try place(i0, a1, follow: u3 & AT_SYMLINK_NOFOLLOW == 0, emptyPath: u3 & AT_EMPTY_PATH != 0), u2, credentials)
        return 0
    }

    private func changeOwner(_ place: Path, _ uid: UInt32, _ gid: UInt32) throws(Errno) -> Int {
        try vfs.changeOwner(place, uid: uid == .max ? nil : uid, gid: gid == .max ? nil : gid, credentials)
        return 0
    }
    /// chown(2)
    func sysChown() throws(Errno) -> Int { try changeOwner(try place(AT_FDCWD, a0, follow: true), u1, u2) }
    /// lchown(2)
    func sysLchown() throws(Errno) -> Int { try changeOwner(try place(AT_FDCWD, a0, follow: false), u1, u2) }
    /// fchown(2)
    func sysFchown() throws(Errno) -> Int { try changeOwner(SyscallContext.place(of: try files.get(i0)), u1, u2) }
    /// fchownat(2)
    func sysFchownat() throws(Errno) -> Int {
        guard u4 & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0 else { throw .EINVAL }
        return try changeOwner(try place(i0, a1, follow: u4 & AT_SYMLINK_NOFOLLOW == 0, emptyPath: u4 & AT_EMPTY_PATH != 0), u2, u3)
    }

    // MARK: times

    private static func time(seconds: Int64, nanoseconds: Int64) throws(Errno) -> NewTime {
        if nanoseconds == UTIME_NOW { return .now }
        if nanoseconds == UTIME_OMIT { return .keep }
        guard nanoseconds >= 0, nanoseconds < 1_000_000_000 else { throw .EINVAL }
        // Times that 64 bits of nanoseconds cannot hold are clamped, as Linux clamps to what a file system can store.
        let limit: Int64 = 9_223_372_035
        if seconds > limit { return .at(limit &* 1_000_000_000) }
        if seconds < -limit { return .at(-limit &* 1_000_000_000) }
        return .at(seconds &* 1_000_000_000 &+ nanoseconds)
    }

    private func setTimes(_ directory: Int32, _ address: UInt, _ access: NewTime, _ modify: NewTime, _ flags: UInt32) throws(Errno) -> Int {
        guard flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0 else { throw .EINVAL }
        if case .keep = access, case .keep = modify { return 0 }
        let target: Path
        if address == 0, directory != AT_FDCWD, flags & AT_EMPTY_PATH == 0 {
            // futimens: no path at all.
            guard flags == 0 else { throw .EINVAL }
            target = SyscallContext.place(of: try files.get(directory))
        } else {
            target = try place(directory, address, follow: flags & AT_SYMLINK_NOFOLLOW == 0, emptyPath: flags & AT_EMPTY_PATH != 0)
        }
        try vfs.changeTimes(target, access: access, modify: modify, credentials)
        return 0
    }

    /// utimensat(2)
    func sysUtimensat() throws(Errno) -> Int {
        var access = NewTime.now, modify = NewTime.now
        if a2 != 0 {
            let first = try UserMemory.load(Timespec.self, at: a2), second = try UserMemory.load(Timespec.self, at: a2 &+ 16)
            access = try SyscallContext.time(seconds: first.seconds, nanoseconds: first.nanoseconds)
            modify = try SyscallContext.time(seconds: second.seconds, nanoseconds: second.nanoseconds)
        }
        return try setTimes(i0, a1, access, modify, u3)
    }

    /// utimes(2) and futimesat(2)
    private func setTimes(_ directory: Int32, _ address: UInt, timevals: UInt) throws(Errno) -> Int {
        var access = NewTime.now, modify = NewTime.now
        if timevals != 0 {
            let first = try UserMemory.load(Timeval.self, at: timevals), second = try UserMemory.load(Timeval.self, at: timevals &+ 16)
            guard first.microseconds >= 0, first.microseconds < 1_000_000, second.microseconds >= 0, second.microseconds < 1_000_000 else { throw .EINVAL }
            access = try SyscallContext.time(seconds: first.seconds, nanoseconds: first.microseconds &* 1000)
            modify = try SyscallContext.time(seconds: second.seconds, nanoseconds: second.microseconds &* 1000)
        }
        return try setTimes(directory, address, access, modify, 0)
    }
    func sysUtimes() throws(Errno) -> Int { try setTimes(AT_FDCWD, a0, timevals: a1) }
    func sysFutimesat() throws(Errno) -> Int { try setTimes(i0, a1, timevals: a2) }

    /// utime(2)
    func sysUtime() throws(Errno) -> Int {
        var access = NewTime.now, modify = NewTime.now
        if a1 != 0 {
            access = try SyscallContext.time(seconds: try UserMemory.load(Int64.self, at: a1), nanoseconds: 0)
            modify = try SyscallContext.time(seconds: try UserMemory.load(Int64.self, at: a1 &+ 8), nanoseconds: 0)
        }
        return try setTimes(AT_FDCWD, a0, access, modify, 0)
    }

    // MARK: size

    /// truncate(2)
    func sysTruncate() throws(Errno) -> Int {
        let length = Int(bitPattern: a1)
        guard length >= 0 else { throw .EINVAL }
        try vfs.truncate(try place(AT_FDCWD, a0, follow: true), to: length, credentials)
        return 0
    }

    /// ftruncate(2)
    func sysFtruncate() throws(Errno) -> Int {
        let length = Int(bitPattern: a1)
        guard length >= 0 else { throw .EINVAL }
        let file = try files.get(i0)
        file.acquire()
        defer { file.release() }
        try vfs.truncate(file, to: length, credentials)
        return 0
    }

    /// fallocate(2)
    func sysFallocate() throws(Errno) -> Int {
        let offset = Int(bitPattern: a2), length = Int(bitPattern: a3)
        let file = try files.get(i0)
        guard offset >= 0, length > 0 else { throw .EINVAL }
        let modes = u1 & ~FALLOC_FL_KEEP_SIZE
        guard modes == 0 || modes == FALLOC_FL_UNSHARE_RANGE || modes == FALLOC_FL_ZERO_RANGE || modes == FALLOC_FL_PUNCH_HOLE
                || modes == FALLOC_FL_COLLAPSE_RANGE || modes == FALLOC_FL_INSERT_RANGE else { throw .EOPNOTSUPP }
        if modes == FALLOC_FL_PUNCH_HOLE, u1 & FALLOC_FL_KEEP_SIZE == 0 { throw .EOPNOTSUPP }
        if modes == FALLOC_FL_COLLAPSE_RANGE || modes == FALLOC_FL_INSERT_RANGE, u1 & FALLOC_FL_KEEP_SIZE != 0 { throw .EOPNOTSUPP }
        guard file.isWritable else { throw .EBADF }
        if modes != 0, file.inode.isAppendOnly { throw .EPERM }
        if file.inode.isImmutable { throw .EPERM }
        switch file.inode.type {
        case S_IFREG: break
        case S_IFIFO: throw .ESPIPE
        case S_IFDIR: throw .EISDIR
        default: throw .ENODEV
        }
        guard !offset.addingReportingOverflow(length).overflow else { throw .EFBIG }
        file.acquire()
        defer { file.release() }
        try file.allocate(mode: u1, offset: offset, length: length)
        vfs.notify(.modified, file)
        return 0
    }
}
