import KernelBase
import LinuxABI
import MonitorProtocol
import VFS

/// Changes of directories of writable shares. Each is one request (two if a file that is in use loses its name); errors are
/// the host's. The path walk holds the directory's lock.
extension HostDirectory {
    /// Runs a change with the table to itself and this directory's handle.
    private func changing(_ body: (UInt32) throws(Errno) -> Void) throws(Errno) {
        try beginChange()
        defer { endChange() }
        let handle = try pinHandle()
        defer { unpinHandle() }
        try body(handle)
        // Its times and link count are the host's to tell.
        markStale()
    }

    /// Enters what a request has just made.
    private func enter(_ name: Bytes, target: Bytes, _ answer: MonitorAnswer) throws(Errno) -> HostInode {
        guard let attributes = HostAttributes(answer.data) else { throw .EIO }
        let inode = share.inode(attributes, parent: self, name: name, target: target)
        table.insert(name, target: target, attributes, inode: inode)
        return inode
    }

    /// What the monitor makes belongs to its user on the host. When a program goes by another identity, as after su(1), it is given to that
    /// one, so that the program may go on to use it; if the host allows that, and that is when the monitor is root's. May sleep.
    private func giveOwner(_ inode: HostInode, _ credentials: Credentials) {
        guard !share.ownersAreFixed else { return }
        let owner = NewOwner(inode.mode, in: self, credentials)
        guard inode.uid != owner.uid || inode.gid != owner.gid else { return }
        do throws(Errno) {
            try inode.setOwner(uid: owner.uid, gid: owner.gid)
        } catch {
            if error == .EPERM { share.ownersAreFixed = true }
        }
    }

    /// A regular file, FIFO or socket, by the type in `mode`. What is behind a FIFO or a socket is the sandbox's; the host has the
    /// name, so that other processes of the sandbox find it as they would on any file system.
    func makeNode(_ name: Bytes, _ mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode {
        var made: HostInode? = nil
        try changing { (handle) throws(Errno) in
            switch mode & S_IFMT {
            case S_IFREG:
                // Always exclusively: the path walk has found that there is none, and O_EXCL must hold against the host, too.
                let answer = try share.link.call(.create, handle, name, [], [], UInt64(mode & 0o7777), 1, passes: true)
                let descriptor = HostDescriptor(answer.descriptor, access: O_RDWR)
                let inode = try enter(name, target: [], answer)
                if let regular = inode as? HostRegular { regular.keep(descriptor) }
                made = inode
            case S_IFIFO, S_IFSOCK:
                made = try enter(name, target: [], try share.link.call(.makeSpecial, handle, name, [], [], UInt64(mode & (S_IFMT | 0o777))))
            default:
                // A device of the sandbox would be one of the host's there.
                throw .EPERM
            }
        }
        guard let made else { throw .EIO }
        giveOwner(made, credentials)
        return made
    }

    func makeSubdirectory(_ name: Bytes, _ mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode {
        var made: HostInode? = nil
        try changing { (handle) throws(Errno) in
            let answer = try share.system.retryingWithFewerHandles { () throws(Errno) in
                try share.link.call(.makeDirectory, handle, name, [], [], UInt64(mode & 0o7777))
            }
            let inode = try enter(name, target: [], answer)
            if let directory = inode as? HostDirectory, let attributes = HostAttributes(answer.data) {
                try directory.adopt(answer.handle, attributes)
                directory.becomeEmpty()
            }
            made = inode
        }
        guard let made else { throw .EIO }
        giveOwner(made, credentials)
        return made
    }

    func makeLink(_ name: Bytes, _ target: Bytes, _ credentials: Credentials) throws(Errno) -> Inode {
        var made: HostInode? = nil
        try changing { (handle) throws(Errno) in
            made = try enter(name, target: target, try share.link.call(.symbolicLink, handle, name, target))
        }
        guard let made else { throw .EIO }
        giveOwner(made, credentials)
        return made
    }

    func addName(_ name: Bytes, _ inode: Inode) throws(Errno) {
        guard let inode = inode as? HostInode, inode.share === share else { throw .EXDEV }
        try changing { (handle) throws(Errno) in
            let answer = try inode.request(.link, name, [], UInt64(handle))
            guard let attributes = HostAttributes(answer.data), attributes.key == inode.key else { return distrustListing() }
            inode.applyChange(attributes, from: answer.request)
            share.noteLinks(inode)
            table.insert(name, target: [], attributes, inode: inode)
        }
    }

    /// - Parameter operation: `unlink` or `removeDirectory`.
    func removeName(_ name: Bytes, _ inode: Inode, _ operation: Operation) throws(Errno) {
        guard let inode = inode as? HostInode else { throw .EXDEV }
        try changing { (handle) throws(Errno) in
            prepareLoss(of: inode)
            _ = try share.link.call(operation, handle, name)
            table.remove(name)
            lost(inode)
        }
    }

    /// A name of the inode is about to go: if the inode can be reached without it, it needs a handle.
    private func prepareLoss(of inode: HostInode) {
        guard !inode.isDirectory, inode.openCount > 0 || inode.linkCount > 1 else { return }
        // Without a handle the open file still works by its descriptor.
        do throws(Errno) { try inode.keepReachable() } catch {}
    }

    /// A name of the inode has gone.
    private func lost(_ inode: HostInode) {
        if inode.isDirectory {
            inode.linkCount = 0
        } else if inode.linkCount > 0 {
            inode.linkCount &-= 1
        }
        inode.touchChanged()
        inode.markStale()
        if inode.linkCount == 0 { share.forgetLinks(inode) }
    }

    func move(_ name: Bytes, _ inode: Inode, to target: Inode, _ newName: Bytes, over existing: Inode?, _ flags: UInt32) throws(Errno) {
        guard let target = target as? HostDirectory, target.share === share, let inode = inode as? HostInode else { throw .EXDEV }
        guard flags & RENAME_WHITEOUT == 0 else { throw .EINVAL }
        // The path walk has locked both directories, so no other rename wants them in the other order.
        if target !== self { try target.beginChange() }
        defer { if target !== self { target.endChange() } }
        try changing { (handle) throws(Errno) in
            let newHandle = try target.pinHandle()
            defer { target.unpinHandle() }
            let other = existing as? HostInode
            let exchanges = flags & RENAME_EXCHANGE != 0
            if let other, !exchanges { prepareLoss(of: other) }
            _ = try share.link.call(.rename, handle, name, newName, [], UInt64(newHandle), UInt64(flags))

            let text = targetText(name)
            let otherText = target.targetText(newName)
            table.remove(name)
            target.table.insert(newName, target: text, HostAttributes(of: inode), inode: inode)
            inode.place(in: target, newName)
            inode.markStale()
            if let other {
                if exchanges {
                    table.insert(name, target: otherText, HostAttributes(of: other), inode: other)
                    other.place(in: self, name)
                    other.markStale()
                } else {
                    lost(other)
                }
            }
            target.markStale()
        }
    }

    private func targetText(_ name: Bytes) -> Bytes {
        guard let index = table.find(name) else { return [] }
        return table.target(index)
    }
}
