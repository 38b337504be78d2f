import KernelBase
import LinuxABI

/// How a time is set by utimensat(2).
public enum NewTime {
    case now
    case keep
    case at(FileTime)
}

/// Calls on the attributes of what a path or a descriptor has been resolved to. Each may sleep.
extension VFS {
    // MARK: truncate

    /// truncate(2). `length` is not negative.
    public func truncate(_ path: Path, to length: Int, _ credentials: Credentials) throws(Errno) {
        guard length >= 0 else { throw .EINVAL }
        guard let inode = path.inode else { throw .ENOENT }
        if inode.isDirectory { throw .EISDIR }
        guard inode.isRegular else { throw .EINVAL }
        if path.mount.isReadOnly { throw .EROFS }
        try inode.permission(.write, credentials)
        if inode.isAppendOnly { throw .EPERM }
        guard inode.writers >= 0 else { throw .ETXTBSY }
        // Who truncates counts as a writer, so that a write lease cannot become a read lease meanwhile.
        inode.writers &+= 1
        defer { inode.writers &-= 1 }
        try breakLeases(inode, writes: true, waits: true)
        try truncateLocked(inode, to: length, credentials)
        if watchCount > 0 { notify(.truncated, path.dentry) }
    }

    /// ftruncate(2).
    public func truncate(_ file: File, to length: Int, _ credentials: Credentials) throws(Errno) {
        guard length >= 0 else { throw .EINVAL }
        guard file.inode.isRegular, file.isWritable else { throw .EINVAL }
        if file.inode.isAppendOnly { throw .EPERM }
        if length > file.inode.size { try VFS.checkFileSize(length) }
        try file.truncate(to: length)
        try file.inode.removePrivileges(credentials)
        if watchCount > 0 { notify(.truncated, file) }
    }

    // MARK: mode and owner

    /// chmod(2) and its relatives.
    public func changeMode(_ path: Path, _ mode: UInt32, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode else { throw .ENOENT }
        if path.mount.isReadOnly { throw .EROFS }
        if inode.isSymbolicLink { throw .EOPNOTSUPP }
        try inode.refresh()
        if inode.isImmutableOrAppendOnly { throw .EPERM }
        guard inode.isOwned(by: credentials) else { throw .EPERM }
        var mode = mode & 0o7777
        if mode & S_ISGID != 0, !inode.mayKeepSetgid(credentials) { mode &= ~S_ISGID }
        try inode.setMode(mode)
        notifyAttributes(inode, path.dentry)
    }

    /// chown(2) and its relatives; nil leaves an id as it is.
    public func changeOwner(_ path: Path, uid: UInt32?, gid: UInt32?, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode else { throw .ENOENT }
        if path.mount.isReadOnly { throw .EROFS }
        try inode.refresh()
        if uid != nil || gid != nil, inode.isImmutableOrAppendOnly { throw .EPERM }
        let kept = inode.modeWithoutPrivileges(credentials, ofOwner: true)
        let isOwner = inode.uid == credentials.fsuid
        let capable = credentials.has(Int(CAP_CHOWN))
        if let uid, !(isOwner && uid == inode.uid), !capable { throw .EPERM }
        if let gid, !(isOwner && (gid == inode.gid || credentials.isMember(of: gid))), !capable { throw .EPERM }
        if kept != nil, !inode.isOwned(by: credentials) { throw .EPERM }
        try inode.setOwner(uid: uid, gid: gid)
        if !inode.isDirectory { inode.removeFileCapabilities() }
        if let kept { try inode.setMode(kept & 0o7777) }
        notifyAttributes(inode, path.dentry)
    }

    // MARK: times

    /// utimensat(2) with the path resolved; both `.keep` is the caller's to answer, without looking at the path.
    public func changeTimes(_ path: Path, access: NewTime, modify: NewTime, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode else { throw .ENOENT }
        if path.mount.isReadOnly { throw .EROFS }
        try inode.refresh()
        if case .now = access, case .now = modify {
            if inode.isImmutable { throw .EPERM }
            // Who may write may also say "now".
            if !inode.isOwned(by: credentials) { try inode.permission(.write, credentials) }
        } else if inode.isImmutableOrAppendOnly || !inode.isOwned(by: credentials) {
            throw .EPERM
        }
        try inode.setTimes(access: VFS.resolve(access), modify: VFS.resolve(modify))
        // One time alone looks like what sets it otherwise.
        if case .keep = modify {
            notify(.accessed, path.dentry)
        } else if case .keep = access {
            notify(.modified, path.dentry)
        } else {
            notifyAttributes(inode, path.dentry)
        }
    }

    private static func resolve(_ time: NewTime) -> FileTime? {
        switch time {
        case .now: FileTime(bitPattern: Clock.coarseRealtime())
        case .keep: nil
        case .at(let time): time
        }
    }

    // MARK: access

    /// The credentials access(2) judges by: the real ids, and what a program with them could do.
    public static func realCredentials(_ credentials: Credentials) -> Credentials {
        // SECBIT_NO_SETUID_FIXUP leaves the capabilities alone.
        let capabilities = credentials.secureBits & 4 != 0 ? credentials.effective : credentials.uid == 0 ? credentials.permitted : 0
        if credentials.fsuid == credentials.uid, credentials.fsgid == credentials.gid, credentials.effective == capabilities { return credentials }
        return credentials.with(fsuid: credentials.uid, fsgid: credentials.gid, effective: capabilities)
    }

    /// faccessat2(2) with the path resolved.
    /// - Parameter mode: R_OK, W_OK, X_OK or F_OK.
    public func checkAccess(_ path: Path, mode: Int32, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode else { throw .ENOENT }
        let wanted = Access(rawValue: UInt32(mode & 7))
        if wanted.isEmpty { return }
        if wanted.contains(.execute), inode.isRegular, path.mount.isNoExec { throw .EACCES }
        try inode.refresh()
        try inode.permission(wanted, credentials)
        if wanted.contains(.write), path.mount.isReadOnly {
            let type = inode.type
            if type == S_IFREG || type == S_IFDIR || type == S_IFLNK { throw .EROFS }
        }
    }

    // MARK: directories of the task

    /// chdir(2): the directory must be searchable.
    public func changeDirectory(_ path: Path, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode, inode.isDirectory else { throw .ENOTDIR }
        try inode.permission(.execute, credentials)
        context.workingDirectory = path
    }

    /// chroot(2).
    public func changeRoot(_ path: Path, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode, inode.isDirectory else { throw .ENOTDIR }
        try inode.permission(.execute, credentials)
        guard credentials.has(Int(CAP_SYS_CHROOT)) else { throw .EPERM }
        context.root = path
    }

    // MARK: symbolic links

    /// readlink(2) with the path resolved without following.
    /// - Parameter isEmptyPath: the path was empty and a descriptor was meant.
    public func readLink(_ path: Path, isEmptyPath: Bool = false) throws(Errno) -> Bytes {
        guard let inode = path.inode else { throw .ENOENT }
        guard inode.isSymbolicLink else { throw isEmptyPath ? .ENOENT : .EINVAL }
        inode.touchAccessed(path.mount)
        return try inode.readLink()
    }

    // MARK: statfs

    /// statfs(2), the mount's flags included.
    public func status(_ path: Path) throws(Errno) -> FileSystemStatus {
        var status = try path.mount.superblock.status()
        let flags = path.mount.flags
        var shown = UInt(ST_VALID)
        if path.mount.isReadOnly { shown |= UInt(ST_RDONLY) }
        if flags & MS_NOSUID != 0 { shown |= UInt(ST_NOSUID) }
        if flags & MS_NODEV != 0 { shown |= UInt(ST_NODEV) }
        if flags & MS_NOEXEC != 0 { shown |= UInt(ST_NOEXEC) }
        if flags & MS_NOATIME != 0 { shown |= UInt(ST_NOATIME) }
        if flags & MS_NODIRATIME != 0 { shown |= UInt(ST_NODIRATIME) }
        if flags & MS_RELATIME != 0 { shown |= UInt(ST_RELATIME) }
        if flags & MS_NOSYMFOLLOW != 0 { shown |= UInt(ST_NOSYMFOLLOW) }
        status.flags = shown
        return status
    }
}
