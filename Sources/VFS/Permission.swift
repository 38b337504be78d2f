import KernelBase
import LinuxABI

/// What is wanted of an inode, as in Linux's MAY_*.
public struct Access: OptionSet, Sendable {
    public let rawValue: UInt32
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// To execute a file, to search a directory.
    @inlinable public static var execute: Access { Access(rawValue: 1) }
    @inlinable public static var write: Access { Access(rawValue: 2) }
    @inlinable public static var read: Access { Access(rawValue: 4) }
}

extension Inode {
    /// The access control of inode_permission: read-only file system, then owner, group, others, capabilities.
    /// - Throws: `EROFS`, `EACCES`.
    public final func permission(_ wanted: Access, _ credentials: Credentials) throws(Errno) {
        if wanted.contains(.write) {
            if superblock.isReadOnly {
                let type = type
                if type == S_IFREG || type == S_IFDIR || type == S_IFLNK { throw .EROFS }
            }
            if isImmutable { throw .EPERM }
        }
        if !allows(wanted, credentials) { throw .EACCES }
    }

    /// Whether a directory may be searched: the check of each step of a walk.
    @inline(__always)
    final func checkSearch(_ credentials: Credentials) throws(Errno) {
        // Whoever asks, one of these bits decides.
        if mode & 0o111 == 0o111, accessLists == nil { return }
        if !allows(.execute, credentials) { throw .EACCES }
    }

    /// Mode bits, access control list and capabilities only.
    public final func allows(_ wanted: Access, _ credentials: Credentials) -> Bool {
        let bits = wanted.rawValue & 7
        let granted: UInt32
        if credentials.fsuid == uid {
            granted = mode >> 6
        } else if accessLists != nil, mode & 0o070 != 0, let list = accessLists?.access {
            return list.allows(bits, group: gid, credentials) || allowsByCapability(bits, credentials)
        } else if (mode >> 3 ^ mode) & bits != 0, credentials.isMember(of: gid) {
            // The group matters only where it differs from the others.
            granted = mode >> 3
        } else {
            granted = mode
        }
        if bits & ~granted == 0 { return true }
        return allowsByCapability(bits, credentials)
    }

    @inline(never)
    private final func allowsByCapability(_ bits: UInt32, _ credentials: Credentials) -> Bool {
        if credentials.effective == 0 { return false }
        if isDirectory {
            if bits & 2 == 0, credentials.has(Int(CAP_DAC_READ_SEARCH)) { return true }
            return credentials.has(Int(CAP_DAC_OVERRIDE))
        }
        if bits == 4, credentials.has(Int(CAP_DAC_READ_SEARCH)) { return true }
        // Nobody executes what has no execute bit at all.
        if bits & 1 == 0 || mode & 0o111 != 0 { return credentials.has(Int(CAP_DAC_OVERRIDE)) }
        return false
    }

    /// inode_owner_or_capable: may change mode, times and the like.
    public final func isOwned(by credentials: Credentials) -> Bool {
        uid == credentials.fsuid || credentials.has(Int(CAP_FOWNER))
    }

    /// Whether a sticky directory keeps this user from removing `victim`.
    final func stickyForbids(_ victim: Inode, _ credentials: Credentials) -> Bool {
        guard mode & S_ISVTX != 0 else { return false }
        if victim.uid == credentials.fsuid || uid == credentials.fsuid { return false }
        return !credentials.has(Int(CAP_FOWNER))
    }

    /// in_group_or_capable: may keep or set the setgid bit.
    final func mayKeepSetgid(_ credentials: Credentials) -> Bool {
        credentials.isMember(of: gid) || credentials.has(Int(CAP_FSETID))
    }

    /// The mode without the bits that a write by this user, or any change of owner, takes away.
    /// - Parameter ofOwner: for chown(2), where even root loses them.
    /// - Returns: nil when nothing is to be taken away.
    final func modeWithoutPrivileges(_ credentials: Credentials, ofOwner: Bool) -> UInt32? {
        guard mode & (S_ISUID | S_ISGID) != 0, ofOwner ? !isDirectory : isRegular else { return nil }
        if !ofOwner, credentials.has(Int(CAP_FSETID)) { return nil }
        var kept = mode & ~S_ISUID
        if mode & S_ISGID != 0, mode & S_IXGRP != 0 || !mayKeepSetgid(credentials) { kept &= ~S_ISGID }
        return kept == mode ? nil : kept
    }

    /// The file has changed, or its owner has: the capabilities it gives to those who execute it go. May sleep.
    final func removeFileCapabilities() {
        guard hasFileCapabilities else { return }
        hasFileCapabilities = false
        try? removeExtendedAttribute(Bytes("security.capability"))
    }

    /// file_remove_privs: after a write or truncation by one without CAP_FSETID. May sleep.
    public final func removePrivileges(_ credentials: Credentials) throws(Errno) {
        removeFileCapabilities()
        guard mode & (S_ISUID | S_ISGID) != 0, let kept = modeWithoutPrivileges(credentials, ofOwner: false) else { return }
        try setMode(kept & 0o7777)
    }

    /// Moves the access time if the mount's rules want it (relatime unless the mount says otherwise).
    @inline(__always)
    public final func touchAccessed(_ mount: Mount?, flags: UInt32 = 0) {
        if flags & O_NOATIME != 0 { return }
        // The common case: read before, not changed since, and not a day old.
        let now = FileTime(bitPattern: Clock.coarseRealtime())
        if accessTime > modifyTime, accessTime > changeTime, now &- accessTime < 86_400_000_000_000,
           (mount?.flags ?? MS_RELATIME) & MS_STRICTATIME == 0 { return }
        touchAccessedSlowly(mount, now)
    }

    @inline(never)
    private final func touchAccessedSlowly(_ mount: Mount?, _ now: FileTime) {
        if fileFlags & FS_NOATIME_FL != 0 { return }
        if let mount {
            if mount.isReadOnly || mount.flags & MS_NOATIME != 0 { return }
            if mount.flags & MS_NODIRATIME != 0, isDirectory { return }
        } else if superblock.isReadOnly {
            return
        }
        setAccessed(now)
    }
}

/// What a new inode's owner, group and mode are: as the directory's setgid bit says.
public struct NewOwner {
    public let uid: UInt32
    public let gid: UInt32
    public let mode: UInt32

    public init(_ mode: UInt32, in directory: Inode, _ credentials: Credentials) {
        uid = credentials.fsuid
        if directory.mode & S_ISGID != 0 {
            gid = directory.gid
            self.mode = mode & S_IFMT == S_IFDIR ? mode | S_ISGID : mode
        } else {
            gid = credentials.fsgid
            self.mode = mode
        }
    }

    /// The permissions a call asks for, less what umask(2) and mode_strip_sgid take away. The type stays. Where the directory
    /// has an access control list for new files, that takes the umask's place.
    static func prepare(_ mode: UInt32, in directory: Inode, umask: UInt32, _ credentials: Credentials) -> UInt32 {
        // What the umask takes away counts for this rule.
        var mode = mode
        if mode & S_IFMT != S_IFDIR, mode & (S_ISGID | S_IXGRP) == S_ISGID | S_IXGRP, directory.mode & S_ISGID != 0,
           !directory.mayKeepSetgid(credentials) {
            mode &= ~S_ISGID
        }
        return directory.accessLists?.inherited == nil ? mode & ~(umask & 0o777) : mode
    }
}
