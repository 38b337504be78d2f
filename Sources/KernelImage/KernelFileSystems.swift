import FileSystems
import KernelBase
import VFS
#if hasFeature(Embedded)
/// The kernel's own file systems.
enum KernelFileSystems {
    struct Own { var superblock: Superblock; var root: Inode; var path: Bytes; var source: Bytes }
    static func all(_ configuration: BootConfiguration) -> [Own] {
        let tmp = Tmpfs(device: VFS.shared.allocateDevice())
        return [Own(superblock: tmp, root: tmp.makeRoot(mode: 0o1777), path: Bytes("/tmp"), source: Bytes("tmpfs"))]
    }
}
#endif
