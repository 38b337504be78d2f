import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import VFS

/// Mounting what the monitor shares.
public enum HostFS {
    /// A mount that is to be made at boot.
    public struct Mounted {
        /// Absolute path in the guest; the root comes first.
        public var path: Bytes
        public var superblock: Superblock
        public var root: Inode
        /// ``MountMode``. With ``MountMode/copyOnWrite`` the superblock is the lower layer, read-only.
        public var mode: UInt32
    }

    /// Makes the module's root object. Once, at boot, after ``VFS``.
    public static func boot(_ configuration: BootConfiguration) {
        let link = MonitorLink(processors: configuration.processors)
        let system = HostSystem(link: link, handleLimit: configuration.handleLimit) { VFS.shared.allocateDevice() }
        // The data of small files must not crowd out the sandbox's own pages.
        if configuration.memoryLimit != 0 { system.pageLimit = min(system.pageLimit, Int(clamping: configuration.memoryLimit / 8)) }
        // Nor the names of big trees the kernel's heap: some 600 bytes for an inode with its name in use, 200 for an entry of a listing.
        system.inodeLimit = min(max(system.inodeLimit, configuration.nameLimit), Host.heapLimit / 8 / 600)
        system.entryLimit = min(system.entryLimit, Host.heapLimit / 8 / 200)
        VFS.shared.cache.limit = min(VFS.shared.cache.limit, Host.heapLimit / 8 / 300)
        hostRoot.set(system)
        pageReclaimerRoot.set(HostPageReclaimer(system))
    }

    /// The superblocks and roots for the configuration's mount records, in their order. One request for each; may sleep.
    /// - Throws: what the monitor answers, for the first that fails.
    public static func mountFromConfiguration(_ records: [BootMount]) throws(Errno) -> [Mounted] {
        var result: [Mounted] = []
        for record in records {
            let made = try HostSystem.shared.mount(rootHandle: record.handle, isWritable: record.mode == MountMode.readWrite)
            result.append(Mounted(path: record.path, superblock: made.superblock, root: made.root, mode: record.mode))
        }
        return result
    }
}
