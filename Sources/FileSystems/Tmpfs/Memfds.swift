import KernelBase
import LinuxABI
import Machine
import VFS

/// The file system that memfds live on; it is mounted nowhere a path leads.
public final class Memfds {
    private let fileSystem: Tmpfs
    private let place: Path

    private init(_ vfs: VFS) {
        fileSystem = Tmpfs(device: vfs.allocateDevice())
        let root = Dentry(name: [], parent: nil, inode: fileSystem.makeRoot())
        place = Path(mount: Mount(superblock: fileSystem, root: root), dentry: root)
    }

    /// Makes it. Once, at boot, after VFS.
    public static func boot() { memfdsRoot.set(Memfds(VFS.shared)) }

    public static var shared: Tmpfs { memfdsRoot.object.fileSystem }
    /// The mount of their paths.
    public static var mount: Mount { memfdsRoot.object.place.mount }
}

public let memfdsRoot = Root<Memfds>(RootIndex.memfds)
