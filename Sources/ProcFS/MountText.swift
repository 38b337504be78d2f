import KernelBase
import LinuxABI
import VFS

/// /proc/PID/mounts, mountinfo and mountstats: the mounts that can be reached from a root.
enum MountText {
    private static func forEach(_ root: Path, _ body: (Mount, _ place: Bytes) -> Void) {
        for mount in VFS.shared.mounts {
            let (place, isReachable) = VFS.text(of: Path(mount: mount, dentry: mount.root), root: root)
            if isReachable { body(mount, place) }
        }
    }

    /// The options of the mount itself; the first says whether it can be written.
    private static func append(options flags: UInt64, isReadOnly: Bool, _ text: inout Bytes) {
        text.append(isReadOnly ? "ro" : "rw")
        if flags & MS_NOSUID != 0 { text.append(",nosuid") }
        if flags & MS_NODEV != 0 { text.append(",nodev") }
        if flags & MS_NOEXEC != 0 { text.append(",noexec") }
        if flags & MS_NOATIME != 0 { text.append(",noatime") }
        if flags & MS_NODIRATIME != 0 { text.append(",nodiratime") }
        if flags & MS_RELATIME != 0, flags & MS_NOATIME == 0 { text.append(",relatime") }
        if flags & MS_NOSYMFOLLOW != 0 { text.append(",nosymfollow") }
    }

    static func mounts(root: Path) -> Bytes {
        var text: Bytes = []
        forEach(root) { mount, place in
            ProcText.append(escaped: mount.source, &text)
            text.append(" ")
            ProcText.append(escaped: place, &text)
            text.append(" ")
            text.append(mount.superblock.typeName)
            text.append(" ")
            append(options: mount.flags, isReadOnly: mount.isReadOnly, &text)
            text.append(" 0 0\n")
        }
        return text
    }

    static func mountinfo(root: Path) -> Bytes {
        var text: Bytes = []
        forEach(root) { mount, place in
            let device = mount.superblock.device
            text.append(decimal: Int(mount.id))
            text.append(" ")
            text.append(decimal: Int(mount.parent?.id ?? mount.id))
            text.append(" ")
            text.append(decimal: UInt(DeviceNumber.major(device)))
            text.append(":")
            text.append(decimal: UInt(DeviceNumber.minor(device)))
            text.append(" ")
            ProcText.append(escaped: mount.rootText, &text)
            text.append(" ")
            ProcText.append(escaped: place, &text)
            text.append(" ")
            append(options: mount.flags, isReadOnly: mount.flags & MS_RDONLY != 0, &text)
            text.append(" - ")
            text.append(mount.superblock.typeName)
            text.append(" ")
            ProcText.append(escaped: mount.source, &text)
            text.append(mount.superblock.isReadOnly ? " ro\n" : " rw\n")
        }
        return text
    }

    static func mountstats(root: Path) -> Bytes {
        var text: Bytes = []
        forEach(root) { mount, place in
            text.append("device ")
            ProcText.append(escaped: mount.source, &text)
            text.append(" mounted on ")
            ProcText.append(escaped: place, &text)
            text.append(" with fstype ")
            text.append(mount.superblock.typeName)
            text.append("\n")
        }
        return text
    }
}
