import KernelBase
import LinuxABI

/// How mounts are told apart and described: /proc/PID/mountinfo, statx(2), statmount(2).
extension Mount {
    /// Numbers that are never used again are greater than this one.
    public static var uniqueOffset: UInt64 { 1 << 31 }
    /// Number of the one mount name space.
    public static var namespace: UInt64 { 4 }

    /// The number that no other mount ever has.
    public var uniqueID: UInt64 { Mount.uniqueOffset | UInt64(UInt32(bitPattern: id)) }

    public var rootPath: Path { Path(mount: self, dentry: root) }

    /// Which directory of its file system is mounted.
    public var rootText: Bytes {
        var top = root
        while let parent = top.parent { top = parent }
        if top === root { return Bytes("/") }
        // As if all of it were mounted.
        let whole = Mount(superblock: superblock, root: top)
        return VFS.text(of: Path(mount: whole, dentry: root), root: Path(mount: whole, dentry: top)).text
    }

    /// MOUNT_ATTR_*.
    public var attributes: UInt64 {
        var attributes: UInt64 = 0
        if flags & MS_RDONLY != 0 { attributes |= MOUNT_ATTR_RDONLY }
        if flags & MS_NOSUID != 0 { attributes |= MOUNT_ATTR_NOSUID }
        if flags & MS_NODEV != 0 { attributes |= MOUNT_ATTR_NODEV }
        if flags & MS_NOEXEC != 0 { attributes |= MOUNT_ATTR_NOEXEC }
        if flags & MS_NODIRATIME != 0 { attributes |= MOUNT_ATTR_NODIRATIME }
        if flags & MS_NOSYMFOLLOW != 0 { attributes |= MOUNT_ATTR_NOSYMFOLLOW }
        if flags & MS_NOATIME != 0 {
            attributes |= MOUNT_ATTR_NOATIME
        } else if flags & MS_RELATIME == 0 {
            attributes |= MOUNT_ATTR_STRICTATIME
        }
        return attributes
    }
}
