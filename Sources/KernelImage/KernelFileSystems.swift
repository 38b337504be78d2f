import FileSystems
import IPC
import KernelBase
import LinuxABI
import ProcFS
import Terminals
import VFS

#if hasFeature(Embedded)

/// The kernel's own file systems, in the order they are mounted.
enum KernelFileSystems {
    struct Own {
        var superblock: Superblock
        var root: Inode
        var path: Bytes
        var source: Bytes
    }

    static func all() throws(Errno) -> [Own] {
        let vfs = VFS.shared
        let device = try Devfs.make(device: vfs.allocateDevice())
        let terminals = DevptsSuperblock.make()
        let shared = Tmpfs(device: vfs.allocateDevice(), sizeLimit: MemoryLimit.fileSystemBytes, inodeLimit: MemoryLimit.fileSystemInodes)
        let queues = PosixQueues()
        let processes = ProcFS.makeRoot()
        let system = SysFS.makeRoot()
        return [
            Own(superblock: processes.superblock, root: processes.root, path: Bytes("/proc"), source: Bytes("proc")),
            Own(superblock: system.superblock, root: system.root, path: Bytes("/sys"), source: Bytes("sysfs")),
            Own(superblock: device.superblock, root: device.root, path: Bytes("/dev"), source: Bytes("dev")),
            Own(superblock: terminals.superblock, root: terminals.root, path: Bytes("/dev/pts"), source: Bytes("devpts")),
            Own(superblock: queues, root: queues.makeRoot(), path: Bytes("/dev/mqueue"), source: Bytes("mqueue")),
            Own(superblock: shared, root: shared.makeRoot(mode: 0o1777), path: Bytes("/dev/shm"), source: Bytes("shm")),
        ]
    }
}

#endif
