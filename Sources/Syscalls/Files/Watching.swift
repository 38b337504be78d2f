import FileSystems
import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// inotify(7), memfd_create(2), and the calls that write data back or give advice.
extension SyscallContext {
    // MARK: inotify

    private func makeInotify(_ flags: UInt32) throws(Errno) -> Int {
        guard flags & ~(IN_CLOEXEC | IN_NONBLOCK) == 0 else { throw .EINVAL }
        let file = try InotifyFile(anonymous: IPCState.shared.anonymousInode, flags: flags, user: credentials.uid)
        return try installNew(file, closeOnExec: flags & IN_CLOEXEC != 0)
    }
    /// inotify_init(2)
    func sysInotifyInit() throws(Errno) -> Int { try makeInotify(0) }
    /// inotify_init1(2)
    func sysInotifyInit1() throws(Errno) -> Int { try makeInotify(u0) }

    /// inotify_add_watch(2)
    func sysInotifyAddWatch() throws(Errno) -> Int {
        let known = IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED | IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK
            | IN_MASK_CREATE | IN_MASK_ADD | IN_ISDIR | IN_ONESHOT
        guard u2 & known != 0, u2 & ~known == 0 else { throw .EINVAL }
        let file = try files.get(i0)
        if u2 & IN_MASK_ADD != 0, u2 & IN_MASK_CREATE != 0 { throw .EINVAL }
        guard let instance = file as? InotifyFile else { throw .EINVAL }
        let path = try path(at: a1)
        var flags: LookupFlags = u2 & IN_DONT_FOLLOW == 0 ? .follow : []
        if u2 & IN_ONLYDIR != 0 { flags.insert(.directory) }
        guard let inode = try vfs.lookup(path.span, flags, fs, credentials).inode else { throw .ENOENT }
        try inode.permission(.read, credentials)
        return Int(try instance.add(inode, mask: u2))
    }

    /// inotify_rm_watch(2)
    func sysInotifyRmWatch() throws(Errno) -> Int {
        guard let instance = try files.get(i0) as? InotifyFile else { throw .EINVAL }
        try instance.remove(i1)
        return 0
    }

    // MARK: memfd

    /// memfd_create(2)
    func sysMemfdCreate() throws(Errno) -> Int {
        let hugeSize = UInt32(0x3f) << 26
        guard u1 & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB | MFD_NOEXEC_SEAL | MFD_EXEC | hugeSize) == 0 else { throw .EINVAL }
        if u1 & MFD_EXEC != 0, u1 & MFD_NOEXEC_SEAL != 0 { throw .EINVAL }
        if u1 & MFD_HUGETLB == 0, u1 & hugeSize != 0 { throw .EINVAL }
        // Room for "memfd:" before the name in 255 bytes.
        let name: Bytes
        do throws(Errno) { name = try UserMemory.string(at: a0, limit: NAME_MAX &- 5) } catch {
            throw error == .ENAMETOOLONG ? .EINVAL : error
        }
        // No huge pages are set aside; other sizes than these two the machine does not have.
        if u1 & MFD_HUGETLB != 0 { throw [0, 21, 30].contains(u1 >> MAP_HUGE_SHIFT & MAP_HUGE_MASK) ? .ENOMEM : .ENODEV }
        let inode = try Memfds.shared.makeUnnamedFile(mode: u1 & MFD_NOEXEC_SEAL != 0 ? 0o666 : 0o777, credentials)
        if u1 & MFD_NOEXEC_SEAL != 0 {
            inode.setSeals(F_SEAL_EXEC)
        } else if u1 & MFD_ALLOW_SEALING != 0 {
            inode.setSeals(0)
        }
        let dentry = Dentry(name: Bytes("memfd:") + name, unlinked: inode)
        let place = Path(mount: Memfds.mount, dentry: dentry)
        return try installNew(vfs.opened(inode.openUnnamed(flags: O_RDWR | O_LARGEFILE, path: place)), closeOnExec: u1 & MFD_CLOEXEC != 0)
    }

    // MARK: writing back, advice

    private func synchronize(dataOnly: Bool) throws(Errno) -> Int {
        let file = try files.get(i0)
        file.acquire()
        defer { file.release() }
        try file.synchronize(dataOnly: dataOnly)
        return 0
    }
    /// fsync(2)
    func sysFsync() throws(Errno) -> Int { try synchronize(dataOnly: false) }
    /// fdatasync(2)
    func sysFdatasync() throws(Errno) -> Int { try synchronize(dataOnly: true) }

    /// sync(2)
    func sysSync() -> Int {
        for mount in vfs.mounts { _ = try? mount.superblock.synchronize() }
        return 0
    }

    /// syncfs(2)
    func sysSyncfs() throws(Errno) -> Int {
        let file = try files.get(i0)
        file.acquire()
        defer { file.release() }
        try file.inode.superblock.synchronize()
        return 0
    }

    /// sync_file_range(2): starts writing back what a crash of the host could lose, which is what fdatasync does.
    func sysSyncFileRange() throws(Errno) -> Int {
        let file = try files.get(i0)
        guard u3 & ~(SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER) == 0,
              Int(bitPattern: a1) >= 0, Int(bitPattern: a2) >= 0,
              !Int(bitPattern: a1).addingReportingOverflow(Int(bitPattern: a2)).overflow else { throw .EINVAL }
        switch file.inode.type {
        case S_IFREG, S_IFBLK, S_IFDIR, S_IFLNK: break
        default: throw .ESPIPE
        }
        guard file.inode.isRegular, u3 != 0 else { return 0 }
        return try synchronize(dataOnly: true)
    }

    /// posix_fadvise(2): the kernel keeps file data where it is, so advice changes nothing.
    func sysFadvise64() throws(Errno) -> Int {
        let file = try files.get(i0)
        if file.inode.type == S_IFIFO { throw .ESPIPE }
        guard i3 >= POSIX_FADV_NORMAL, i3 <= POSIX_FADV_NOREUSE, Int(bitPattern: a2) >= 0 else { throw .EINVAL }
        return 0
    }

    /// readahead(2)
    func sysReadahead() throws(Errno) -> Int {
        let file = try files.get(i0)
        guard file.isReadable else { throw .EBADF }
        guard file.inode.isRegular || file.inode.type == S_IFBLK else { throw .EINVAL }
        return 0
    }
}
