import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

extension Timespec {
    /// A file time as seconds and nanoseconds, the latter never negative.
    @inline(__always)
    init(_ time: FileTime) {
        var seconds = time / 1_000_000_000, rest = time % 1_000_000_000
        if rest < 0 {
            seconds &-= 1
            rest &+= 1_000_000_000
        }
        self.init(seconds: seconds, nanoseconds: rest)
    }
}

extension Stat {
    /// The attributes of an inode that have been brought up to date.
    @inline(__always)
    init(_ inode: Inode) {
        self.init()
        dev = inode.superblock.device
        ino = inode.number
        nlink = UInt64(inode.linkCount)
        mode = inode.mode
        uid = inode.uid
        gid = inode.gid
        rdev = inode.specialDevice
        size = Int64(inode.size)
        blksize = Int64(inode.blockSize)
        blocks = Int64(inode.blocks)
        atime = Timespec(inode.accessTime)
        mtime = Timespec(inode.modifyTime)
        ctime = Timespec(inode.changeTime)
    }
}

/// stat(2), access(2), readlink(2), statfs(2) and their relatives.
extension SyscallContext {
    @inline(__always)
    private func answer(_ inode: Inode, at address: UInt) throws(Errno) -> Int {
        try inode.refresh()
        try UserMemory.store(Stat(inode), at: address)
        return 0
    }

    private func inode(_ place: Path) throws(Errno) -> Inode {
        guard let inode = place.inode else { throw .ENOENT }
        return inode
    }

    /// stat(2)
    func sysStat() throws(Errno) -> Int {
        let path = try path(at: a0)
        return try answer(try inode(try vfs.lookup(path.span, .follow, fs, credentials)), at: a1)
    }

    /// lstat(2)
    func sysLstat() throws(Errno) -> Int {
        let path = try path(at: a0)
        return try answer(try inode(try vfs.lookup(path.span, [], fs, credentials)), at: a1)
    }

    /// fstat(2)
    func sysFstat() throws(Errno) -> Int { try answer(try files.getAny(i0).inode, at: a1) }

    /// fstatat(2)
    func sysNewfstatat() throws(Errno) -> Int {
        guard u3 & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE) == 0 else { throw .EINVAL }
        return try answer(try inode(try place(i0, a1, follow: u3 & AT_SYMLINK_NOFOLLOW == 0, emptyPath: u3 & AT_EMPTY_PATH != 0)), at: a2)
    }

    /// statx(2)
    func sysStatx() throws(Errno) -> Int {
        guard u3 & STATX__RESERVED == 0, u2 & AT_STATX_SYNC_TYPE != AT_STATX_SYNC_TYPE,
              u2 & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE) == 0 else { throw .EINVAL }
        let place = try place(i0, a1, follow: u2 & AT_SYMLINK_NOFOLLOW == 0, emptyPath: u2 & AT_EMPTY_PATH != 0)
        let inode = try inode(place)
        try inode.refresh()
        var answer = Statx()
        answer.mask = STATX_BASIC_STATS | u3 & STATX_BTIME | (u3 & STATX_MNT_ID_UNIQUE != 0 ? STATX_MNT_ID_UNIQUE : STATX_MNT_ID)
        answer.blksize = inode.blockSize
        answer.nlink = inode.linkCount
        answer.uid = inode.uid
        answer.gid = inode.gid
        answer.mode = UInt16(truncatingIfNeeded: inode.mode)
        answer.ino = inode.number
        answer.size = UInt64(bitPattern: Int64(inode.size))
        answer.blocks = UInt64(bitPattern: Int64(inode.blocks))
        answer.attributesMask = STATX_ATTR_MOUNT_ROOT
        if place.dentry === place.mount.root { answer.attributes = STATX_ATTR_MOUNT_ROOT }
        if inode.keepsFileFlags {
            // FS_*_FL and STATX_ATTR_* are the same numbers.
            let told = FS_IMMUTABLE_FL | FS_APPEND_FL | FS_NODUMP_FL
            answer.attributesMask |= UInt64(told)
            answer.attributes |= UInt64(inode.fileFlags & told)
        }
        func stamp(_ time: FileTime) -> StatxTimestamp {
            let parts = Timespec(time)
            return StatxTimestamp(seconds: parts.seconds, nanoseconds: UInt32(truncatingIfNeeded: parts.nanoseconds))
        }
        answer.atime = stamp(inode.accessTime)
        answer.mtime = stamp(inode.modifyTime)
        answer.ctime = stamp(inode.changeTime)
        if u3 & STATX_BTIME != 0 { answer.btime = stamp(inode.birthTime) }
        answer.rdevMajor = DeviceNumber.major(inode.specialDevice)
        answer.rdevMinor = DeviceNumber.minor(inode.specialDevice)
        answer.devMajor = DeviceNumber.major(inode.superblock.device)
        answer.devMinor = DeviceNumber.minor(inode.superblock.device)
        answer.mountID = u3 & STATX_MNT_ID_UNIQUE != 0 ? place.mount.uniqueID : UInt64(UInt32(bitPattern: place.mount.id))
        try UserMemory.store(answer, at: a4)
        return 0
    }

    // MARK: access

    private func access(_ directory: Int32, _ address: UInt, _ mode: Int32, _ flags: UInt32) throws(Errno) -> Int {
        guard mode & ~7 == 0, flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0 else { throw .EINVAL }
        let who = flags & AT_EACCESS != 0 ? credentials : VFS.realCredentials(credentials)
        let path = try path(at: address)
        let place: Path
        if path.isEmpty, flags & AT_EMPTY_PATH != 0 {
            place = directory == AT_FDCWD ? fs.workingDirectory : SyscallContext.place(of: try files.getAny(directory))
        } else {
            place = try vfs.lookup(path.span, at: try start(directory, path), flags & AT_SYMLINK_NOFOLLOW == 0 ? .follow : [], fs, who)
        }
        try vfs.checkAccess(place, mode: mode, who)
        return 0
    }

    /// access(2)
    func sysAccess() throws(Errno) -> Int { try access(AT_FDCWD, a0, i1, 0) }
    /// faccessat(2) as the kernel has it, without flags
    func sysFaccessat() throws(Errno) -> Int { try access(i0, a1, i2, 0) }
    /// faccessat2(2)
    func sysFaccessat2() throws(Errno) -> Int { try access(i0, a1, i2, u3) }

    // MARK: readlink

    private func readLink(_ directory: Int32, _ address: UInt, _ buffer: UInt, _ size: Int32) throws(Errno) -> Int {
        guard size > 0 else { throw .EINVAL }
        let path = try path(at: address)
        let text: Bytes
        if path.isEmpty {
            // A descriptor of a link itself (O_PATH | O_NOFOLLOW).
            guard directory != AT_FDCWD else { throw .ENOENT }
            text = try vfs.readLink(SyscallContext.place(of: try files.getAny(directory)), isEmptyPath: true)
        } else {
            text = try vfs.readLink(try vfs.lookup(path.span, at: try start(directory, path), [], fs, credentials))
        }
        let count = min(text.count, Int(size))
        let part = count < text.count ? Bytes(text[0..<count]) : text
        try UserMemory.copyOut(part.span, to: buffer)
        return count
    }

    /// readlink(2)
    func sysReadlink() throws(Errno) -> Int { try readLink(AT_FDCWD, a0, a1, i2) }
    /// readlinkat(2)
    func sysReadlinkat() throws(Errno) -> Int { try readLink(i0, a1, a2, i3) }

    // MARK: statfs

    private func answer(_ status: FileSystemStatus, _ device: UInt64, at address: UInt) throws(Errno) -> Int {
        var answer = Statfs()
        answer.type = Int64(bitPattern: UInt64(status.type))
        answer.bsize = Int64(status.blockSize)
        answer.blocks = UInt64(status.blocks)
        answer.bfree = UInt64(status.blocksFree)
        answer.bavail = UInt64(status.blocksAvailable)
        answer.files = UInt64(status.files)
        answer.ffree = UInt64(status.filesFree)
        answer.fsid = device
        answer.namelen = Int64(status.nameLength)
        answer.frsize = Int64(status.fragmentSize)
        answer.flags = Int64(status.flags)
        try UserMemory.store(answer, at: address)
        return 0
    }

    /// statfs(2)
    func sysStatfs() throws(Errno) -> Int {
        let path = try path(at: a0)
        let place = try vfs.lookup(path.span, .follow, fs, credentials)
        return try answer(try vfs.status(place), place.mount.superblock.device, at: a1)
    }

    /// fstatfs(2)
    func sysFstatfs() throws(Errno) -> Int {
        let place = SyscallContext.place(of: try files.getAny(i0))
        return try answer(try vfs.status(place), place.mount.superblock.device, at: a1)
    }
}
