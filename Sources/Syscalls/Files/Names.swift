import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// Calls that make, remove, rename and list names, and those on the working directory.
extension SyscallContext {
    // MARK: making

    private func makeDirectory(_ directory: Int32, _ address: UInt, _ mode: UInt32) throws(Errno) -> Int {
        let path = try path(at: address)
        try vfs.makeDirectory(path.span, at: try start(directory, path), mode: mode, fs, credentials)
        return 0
    }
    /// mkdir(2)
    func sysMkdir() throws(Errno) -> Int { try makeDirectory(AT_FDCWD, a0, u1) }
    /// mkdirat(2)
    func sysMkdirat() throws(Errno) -> Int { try makeDirectory(i0, a1, u2) }

    private func makeNode(_ directory: Int32, _ address: UInt, _ mode: UInt32, _ device: UInt) throws(Errno) -> Int {
        switch mode & S_IFMT {
        case S_IFREG, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK, 0: break
        case S_IFDIR: throw .EPERM
        default: throw .EINVAL
        }
        let path = try path(at: address)
        try vfs.makeNode(path.span, at: try start(directory, path), mode: mode & 0o177777, device: UInt64(UInt32(truncatingIfNeeded: device)), fs, credentials)
        return 0
    }
    /// mknod(2)
    func sysMknod() throws(Errno) -> Int { try makeNode(AT_FDCWD, a0, u1, a2) }
    /// mknodat(2)
    func sysMknodat() throws(Errno) -> Int { try makeNode(i0, a1, u2, a3) }

    private func symlink(_ target: UInt, _ directory: Int32, _ address: UInt) throws(Errno) -> Int {
        let target = try path(at: target)
        if target.isEmpty { throw .ENOENT }
        let path = try path(at: address)
        try vfs.makeSymbolicLink(path.span, at: try start(directory, path), target: target, fs, credentials)
        return 0
    }
    /// symlink(2)
    func sysSymlink() throws(Errno) -> Int { try symlink(a0, AT_FDCWD, a1) }
    /// symlinkat(2)
    func sysSymlinkat() throws(Errno) -> Int { try symlink(a0, i1, a2) }

    private func link(_ oldDirectory: Int32, _ old: UInt, _ newDirectory: Int32, _ new: UInt, _ flags: UInt32) throws(Errno) -> Int {
        guard flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH) == 0 else { throw .EINVAL }
        // Linking what a descriptor holds is for those who have opened it as who they are still, or could read anything.
        if flags & AT_EMPTY_PATH != 0, oldDirectory != AT_FDCWD, !credentials.has(Int(CAP_DAC_READ_SEARCH)), try path(at: old).isEmpty,
           try files.getAny(oldDirectory).openedBy !== credentials { throw .ENOENT }
        let place = try place(oldDirectory, old, follow: flags & AT_SYMLINK_FOLLOW != 0, emptyPath: flags & AT_EMPTY_PATH != 0)
        let path = try path(at: new)
        try vfs.link(place, to: path.span, at: try start(newDirectory, path), fs, credentials)
        return 0
    }
    /// link(2)
    func sysLink() throws(Errno) -> Int { try link(AT_FDCWD, a0, AT_FDCWD, a1, 0) }
    /// linkat(2)
    func sysLinkat() throws(Errno) -> Int { try link(i0, a1, i2, a3, u4) }

    // MARK: removing and renaming

    private func unlink(_ directory: Int32, _ address: UInt) throws(Errno) -> Int {
        let path = try path(at: address)
        try vfs.unlink(path.span, at: try start(directory, path), fs, credentials)
        return 0
    }
    private func removeDirectory(_ directory: Int32, _ address: UInt) throws(Errno) -> Int {
        let path = try path(at: address)
        try vfs.removeDirectory(path.span, at: try start(directory, path), fs, credentials)
        return 0
    }
    /// unlink(2)
    func sysUnlink() throws(Errno) -> Int { try unlink(AT_FDCWD, a0) }
    /// rmdir(2)
    func sysRmdir() throws(Errno) -> Int { try removeDirectory(AT_FDCWD, a0) }
    /// unlinkat(2)
    func sysUnlinkat() throws(Errno) -> Int {
        guard u2 & ~AT_REMOVEDIR == 0 else { throw .EINVAL }
        return u2 != 0 ? try removeDirectory(i0, a1) : try unlink(i0, a1)
    }

    private func rename(_ oldDirectory: Int32, _ old: UInt, _ newDirectory: Int32, _ new: UInt, _ flags: UInt32) throws(Errno) -> Int {
        guard flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT) == 0 else { throw .EINVAL }
        let oldPath = try path(at: old)
        let newPath = try path(at: new)
        try vfs.rename(oldPath.span, at: try start(oldDirectory, oldPath), to: newPath.span, at: try start(newDirectory, newPath),
                       flags: flags, fs, credentials)
        return 0
    }
    /// rename(2)
    func sysRename() throws(Errno) -> Int { try rename(AT_FDCWD, a0, AT_FDCWD, a1, 0) }
    /// renameat(2)
    func sysRenameat() throws(Errno) -> Int { try rename(i0, a1, i2, a3, 0) }
    /// renameat2(2)
    func sysRenameat2() throws(Errno) -> Int { try rename(i0, a1, i2, a3, u4) }

    // MARK: listing

    /// Lists into a guest buffer; `old` is the record format of getdents(2).
    private func list(old: Bool) throws(Errno) -> Int {
        let file = try files.get(i0)
        file.acquire()
        defer { file.release() }
        file.positionLock.lock()
        defer { file.positionLock.unlock() }
        let before = file.position
        guard file.inode.isDirectory else { throw .ENOTDIR }
        guard i2 >= 0 else { throw .EINVAL }
        // What one call gives is bounded; readers ask again.
        let room = Int(min(u2, 1 << 20))
        var records: Bytes = []
        records.reserveCapacity(min(room, 4096))
        var full = false
        try file.list { (name, number, type, next) in
            let length = Dirent64.recordLength(nameLength: name.count)
            guard length <= room &- records.count else {
                full = true
                return false
            }
            let start = records.count
            SyscallContext.append(&records, number, 8)
            SyscallContext.append(&records, UInt64(bitPattern: Int64(next)), 8)
            SyscallContext.append(&records, UInt64(length), 2)
            if !old { records.append(type) }
            records.append(contentsOf: name)
            while records.count < start &+ length { records.append(0) }
            if old { records[start &+ length &- 1] = type }
            return true
        }
        if records.isEmpty, full { throw .EINVAL }
        let done = try deliver(records, file, before)
        if done > 0 { vfs.notify(.accessed, file) }
        return done
    }

    /// Takes records to the guest: those that are whole in memory it can write to, the others stay unread.
    /// - Parameter before: the file's position before they were listed.
    /// - Returns: bytes of records.
    private func deliver(_ records: Bytes, _ file: File, _ before: Int) throws(Errno) -> Int {
        let room = UserMemory.copyOutPartly(records.span, to: a1)
        guard room < records.count else { return room }
        var done = 0
        file.position = before
        while done &+ 18 <= records.count {
            let length = Int(records[done &+ 16]) | Int(records[done &+ 17]) << 8
            guard length > 0, done &+ length <= room else { break }
            var next: UInt64 = 0
            for index in 0..<8 { next |= UInt64(records[done &+ 8 &+ index]) << UInt64(index &* 8) }
            file.position = Int(truncatingIfNeeded: next)
            done &+= length
        }
        guard done > 0 else { throw .EFAULT }
        return done
    }

    private static func append(_ bytes: inout Bytes, _ value: UInt64, _ count: Int) {
        var value = value
        for _ in 0..<count {
            bytes.append(UInt8(truncatingIfNeeded: value))
            value >>= 8
        }
    }

    /// getdents(2)
    func sysGetdents() throws(Errno) -> Int { try list(old: true) }
    /// getdents64(2)
    func sysGetdents64() throws(Errno) -> Int { try list(old: false) }

    // MARK: the working directory

    /// chdir(2)
    func sysChdir() throws(Errno) -> Int {
        let path = try path(at: a0)
        try vfs.changeDirectory(try vfs.lookup(path.span, [.follow, .directory], fs, credentials), fs, credentials)
        return 0
    }

    /// fchdir(2)
    func sysFchdir() throws(Errno) -> Int {
        guard let place = try files.getAny(i0).path else { throw .ENOTDIR }
        try vfs.changeDirectory(place, fs, credentials)
        return 0
    }

    /// chroot(2)
    func sysChroot() throws(Errno) -> Int {
        let path = try path(at: a0)
        try vfs.changeRoot(try vfs.lookup(path.span, [.follow, .directory], fs, credentials), fs, credentials)
        return 0
    }

    /// getcwd(2): the length with the final zero.
    func sysGetcwd() throws(Errno) -> Int {
        var text = try vfs.workingDirectoryText(fs)
        text.append(0)
        guard text.count <= PATH_MAX else { throw .ENAMETOOLONG }
        guard UInt(text.count) <= a1 else { throw .ERANGE }
        try UserMemory.copyOut(text.span, to: a0)
        return text.count
    }
}
