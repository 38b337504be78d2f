import KernelBase
import LinuxABI
import VFS

/// The contents of /dev: a tmpfs with the nodes that programs expect.
///
/// What opens a device is found by its number in ``SpecialFileHooks``, so a node made by mknod(1) anywhere works too.
public enum Devfs {
    /// Registers the memory devices. Once, at boot, after the hooks' root object has been made.
    public static func registerDevices(_ hooks: SpecialFileHooks) {
        hooks.register(major: 1, minor: 3) { (inode, path, flags, _) throws(Errno) in NullFile(inode: inode, path: path, flags: flags) }
        hooks.register(major: 1, minor: 5) { (inode, path, flags, _) throws(Errno) in ZeroFile(inode: inode, path: path, flags: flags) }
        hooks.register(major: 1, minor: 7) { (inode, path, flags, _) throws(Errno) in FullFile(inode: inode, path: path, flags: flags) }
        hooks.register(major: 1, minor: 8) { (inode, path, flags, _) throws(Errno) in
            RandomFile(inode: inode, path: path, flags: flags, pollable: true)
        }
        hooks.register(major: 1, minor: 9) { (inode, path, flags, _) throws(Errno) in
            RandomFile(inode: inode, path: path, flags: flags, pollable: false)
        }
    }

    private struct Node {
        var name: StaticString
        var major: UInt32
        var minor: UInt32
        var mode: UInt32
        var gid: UInt32
    }

    /// A new /dev. The directories `pts`, `shm` and `mqueue` are there to be mounted on.
    public static func make(device: UInt64) throws(Errno) -> (superblock: Superblock, root: Inode) {
        let fileSystem = Tmpfs(device: device, typeName: "devtmpfs")
        let root = fileSystem.makeRoot(mode: 0o755)
        let owner = Credentials(uid: 0, gid: 0, groups: [])
        let nodes: [Node] = [
            Node(name: "null", major: 1, minor: 3, mode: 0o666, gid: 0),
            Node(name: "zero", major: 1, minor: 5, mode: 0o666, gid: 0),
            Node(name: "full", major: 1, minor: 7, mode: 0o666, gid: 0),
            Node(name: "random", major: 1, minor: 8, mode: 0o666, gid: 0),
            Node(name: "urandom", major: 1, minor: 9, mode: 0o666, gid: 0),
            Node(name: "tty", major: 5, minor: 0, mode: 0o666, gid: 5),
            Node(name: "console", major: 5, minor: 1, mode: 0o600, gid: 5),
            Node(name: "ptmx", major: 5, minor: 2, mode: 0o666, gid: 5),
        ]
        for node in nodes {
            let inode = try root.create(Bytes(node.name), mode: S_IFCHR | node.mode, device: DeviceNumber.make(node.major, node.minor), owner)
            inode.gid = node.gid
        }
        for (name, mode) in [("pts", 0o755), ("shm", 0o1777), ("mqueue", 0o1777)] as [(StaticString, UInt32)] {
            _ = try root.makeDirectory(Bytes(name), mode: S_IFDIR | mode, owner)
        }
        let links: [(StaticString, StaticString)] = [
            ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"),
        ]
        for (name, target) in links { _ = try root.makeSymbolicLink(Bytes(name), target: Bytes(target), owner) }
        return (fileSystem, root)
    }
}
