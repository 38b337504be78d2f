import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import VFS

/// A host directory or file that the monitor shares, and all inodes made of it.
final class HostShare {
    let system: HostSystem
    let isWritable: Bool
    /// The monitor's handle of the root; never given back.
    let rootHandle: UInt32
    /// One for each host file system met: st_dev changes where the host has a mount.
    private var superblocks: [HostSuperblock] = []
    /// Inodes that have, or had, several names, so that all names lead to one object. Others are held by their
    /// directory's table only.
    private var linked = HashTable<HostKey, HostInode>()
    private(set) var root: HostInode?
    /// The host has refused to give a new file to the user that made it in the sandbox: it will not give others.
    var ownersAreFixed = false

    var link: MonitorLink { system.link }

    init(_ system: HostSystem, rootHandle: UInt32, isWritable: Bool) {
        self.system = system
        self.rootHandle = rootHandle
        self.isWritable = isWritable
    }

    /// Makes the root inode, asking for its attributes.
    func makeRoot() throws(Errno) -> HostInode {
        let answer = try link.call(.getAttributes, rootHandle)
        guard let attributes = HostAttributes(answer.data) else { throw .EIO }
        let inode = makeInode(attributes, parent: nil, name: [], target: [])
        inode.handle = rootHandle
        root = inode
        return inode
    }

    func superblock(ofDevice device: UInt64) -> HostSuperblock {
        for superblock in superblocks where superblock.hostDevice == device { return superblock }
        let superblock = HostSuperblock(self, hostDevice: device, device: system.allocateDevice())
        superblocks.append(superblock)
        return superblock
    }

    /// The inode for a name with these attributes: the one that another hard link has made already, or a new one.
    func inode(_ attributes: HostAttributes, parent: HostDirectory, name: Bytes, target: Bytes) -> HostInode {
        if attributes.links > 1, attributes.type != S_IFDIR {
            if let known = linked[attributes.key], known.type == attributes.type {
                // The newest name is the one by which it is asked for.
                known.place(in: parent, name)
                return known
            }
            let inode = makeInode(attributes, parent: parent, name: name, target: target)
            linked[attributes.key] = inode
            return inode
        }
        return makeInode(attributes, parent: parent, name: name, target: target)
    }

    private func makeInode(_ attributes: HostAttributes, parent: HostDirectory?, name: Bytes, target: Bytes) -> HostInode {
        let superblock = superblock(ofDevice: attributes.device)
        let inode: HostInode
        switch attributes.type {
        case S_IFDIR: inode = HostDirectory(self, superblock, attributes)
        case S_IFREG: inode = HostRegular(self, superblock, attributes)
        case S_IFLNK: inode = HostLink(self, superblock, attributes, target: target)
        default: inode = HostInode(self, superblock, attributes)
        }
        if let parent { inode.place(in: parent, name) }
        if superblock.sample == nil, let directory = inode as? HostDirectory { superblock.sample = directory }
        return inode
    }

    /// The inode gets a second name.
    func noteLinks(_ inode: HostInode) {
        if inode.linkCount > 1, !inode.isDirectory { linked[inode.key] = inode }
    }

    /// The inode's last name is gone.
    func forgetLinks(_ inode: HostInode) {
        if let known = linked[inode.key], known === inode { linked.remove(inode.key) }
    }

    func isLinked(_ inode: HostInode) -> Bool {
        guard let known = linked[inode.key] else { return false }
        return known === inode
    }

    // --- making room ---

    /// Drops inodes that only tables hold and, with `tables`, listings that were not used since the last time.
    /// The tables keep the attributes; a dropped listing is fetched again.
    func sweep(tables: Bool) {
        // Inodes with several names are found again by `linked`, so the tables need not hold them.
        // A directory is looked at after what is below it, and by then nothing here refers to what is below.
        guard let top = root as? HostDirectory else { return }
        var order: [HostDirectory] = [top]
        var next = 0
        while next < order.count {
            let directory = order[next]
            next &+= 1
            directory.forEachDirectory { order.append($0) }
        }
        while let directory = order.popLast() { directory.sweep(tables: tables) }
        for key in linked.keys {
            guard var inode = linked.remove(key) else { continue }
            if !isKnownUniquelyReferenced(&inode) { linked[key] = inode }
        }
    }
}
