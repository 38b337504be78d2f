import KernelBase
import LinuxABI

/// Calls that take names away: unlink, rmdir, rename.
extension VFS {
    /// may_delete.
    /// - Parameter asDirectory: the caller removes a directory.
    func checkRemoval(of child: Dentry, _ victim: Inode, in directory: Inode, asDirectory: Bool, _ credentials: Credentials) throws(Errno) {
        try directory.permission([.write, .execute], credentials)
        if directory.isAppendOnly || victim.isImmutableOrAppendOnly || directory.stickyForbids(victim, credentials) { throw .EPERM }
        if asDirectory {
            if !victim.isDirectory { throw .ENOTDIR }
            if child.parent == nil { throw .EBUSY }
        } else if victim.isDirectory {
            throw .EISDIR
        }
        if directory.isDead { throw .ENOENT }
    }

    /// unlink(2). May sleep.
    public func unlink(_ path: Span<UInt8>, at start: Path? = nil, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        if path.isEmpty { throw .ENOENT }
        var walk = Walk(self, start, [], context, credentials)
        let last = try walk.resolveParent(path)
        guard last.kind == .name else { throw .EISDIR }
        if walk.mount.isReadOnly { throw .EROFS }
        guard let directory = walk.dentry.inode else { throw .ENOENT }
        guard last.name.count <= directory.superblock.nameLimit else { throw .ENAMETOOLONG }
        directory.lock()
        defer { directory.unlock() }
        let child = try child(walk.dentry, last.name, locked: true)
        guard let victim = child.inode else { throw .ENOENT }
        if last.hasTrailingSlash { throw victim.isDirectory ? .EISDIR : .ENOTDIR }
        try checkRemoval(of: child, victim, in: directory, asDirectory: false, credentials)
        if child.mountCount > 0 { throw .EBUSY }
        try directory.unlink(last.name, victim)
        forget(child)
        removed(child, victim)
    }

    /// rmdir(2). May sleep.
    public func removeDirectory(_ path: Span<UInt8>, at start: Path? = nil, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        if path.isEmpty { throw .ENOENT }
        var walk = Walk(self, start, [], context, credentials)
        let last = try walk.resolveParent(path)
        switch last.kind {
        case .dotDot: throw .ENOTEMPTY
        case .dot: throw .EINVAL
        case .root: throw .EBUSY
        case .name: break
        }
        if walk.mount.isReadOnly { throw .EROFS }
        guard let directory = walk.dentry.inode else { throw .ENOENT }
        guard last.name.count <= directory.superblock.nameLimit else { throw .ENAMETOOLONG }
        directory.lock()
        defer { directory.unlock() }
        let child = try child(walk.dentry, last.name, locked: true)
        guard let victim = child.inode else { throw .ENOENT }
        try checkRemoval(of: child, victim, in: directory, asDirectory: true, credentials)
        if child.mountCount > 0 { throw .EBUSY }
        try directory.removeDirectory(last.name, victim)
        victim.isDead = true
        forget(child)
        removed(child, victim)
    }

    /// What follows when a name is gone.
    private func removed(_ child: Dentry, _ victim: Inode) {
        if !victim.isDirectory { notifyAttributes(victim) }
        // That the file has gone is told before its name has.
        let isLast = isUnused(victim)
        if isLast { notifyGone(victim) }
        notify(.removed, child)
        if isLast { victim.evict() }
    }

    /// The last name is gone, and nobody has it open.
    private func isUnused(_ victim: Inode) -> Bool { (victim.linkCount == 0 || victim.isDead) && victim.openCount == 0 }

    /// The last name is gone: without open files the inode goes too.
    private func dropIfUnused(_ victim: Inode) {
        if isUnused(victim) {
            notifyGone(victim)
            victim.evict()
        }
    }

    /// renameat2(2). May sleep.
    /// - Throws: `EINVAL` for RENAME_WHITEOUT, which only overlays need.
    public func rename(_ oldPath: Span<UInt8>, at oldStart: Path? = nil, to newPath: Span<UInt8>, at newStart: Path? = nil, flags: UInt32, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        guard flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT) == 0 else { throw .EINVAL }
        let exchanges = flags & RENAME_EXCHANGE != 0
        if exchanges, flags & (RENAME_NOREPLACE | RENAME_WHITEOUT) != 0 { throw .EINVAL }
        if flags & RENAME_WHITEOUT != 0 { throw .EINVAL }
        if oldPath.isEmpty || newPath.isEmpty { throw .ENOENT }

        var oldWalk = Walk(self, oldStart, [], context, credentials)
        let oldLast = try oldWalk.resolveParent(oldPath)
        var newWalk = Walk(self, newStart, [], context, credentials)
        let newLast = try newWalk.resolveParent(newPath)
        if oldWalk.mount !== newWalk.mount { throw .EXDEV }
        if oldLast.kind != .name { throw .EBUSY }
        if newLast.kind != .name { throw flags & RENAME_NOREPLACE != 0 ? .EEXIST : .EBUSY }
        if oldWalk.mount.isReadOnly { throw .EROFS }
        let oldParent = oldWalk.dentry, newParent = newWalk.dentry
        guard let source = oldParent.inode, let target = newParent.inode else { throw .ENOENT }
        let limit = source.superblock.nameLimit
        guard oldLast.name.count <= limit, newLast.name.count <= limit else { throw .ENAMETOOLONG }

        // Two directories are locked in one order, by one renamer at a time.
        let crosses = source !== target
        if crosses { renameLock.lock() }
        defer { if crosses { renameLock.unlock() } }
        let first = crosses && source.number > target.number ? target : source
        first.lock()
        defer { first.unlock() }
        let second = first === source ? target : source
        if crosses { second.lock() }
        defer { if crosses { second.unlock() } }

        let old = try child(oldParent, oldLast.name, locked: true)
        guard let moved = old.inode else { throw .ENOENT }
        let new = try child(newParent, newLast.name, locked: true)
        if new.inode != nil, flags & RENAME_NOREPLACE != 0 { throw .EEXIST }
        if exchanges {
            guard let other = new.inode else { throw .ENOENT }
            if !other.isDirectory, newLast.hasTrailingSlash { throw .ENOTDIR }
        }
        if !moved.isDirectory {
            if oldLast.hasTrailingSlash { throw .ENOTDIR }
            if !exchanges, newLast.hasTrailingSlash { throw .ENOTDIR }
        }
        if crosses || old !== new {
            // A directory cannot go below itself, nor replace one it lies in.
            if old.isAncestor(of: newParent) { throw .EINVAL }
            if new.inode != nil, new.isAncestor(of: oldParent) { throw exchanges ? .EINVAL : .ENOTEMPTY }
        }
        if moved === new.inode { return }
        let replaced = new.inode
        try checkRemoval(of: old, moved, in: source, asDirectory: moved.isDirectory, credentials)
        if let replaced {
            try checkRemoval(of: new, replaced, in: target, asDirectory: exchanges ? replaced.isDirectory : moved.isDirectory, credentials)
        } else {
            if target.isDead { throw .ENOENT }
            try target.permission([.write, .execute], credentials)
        }
        if crosses {
            // `..` changes: a directory that moves must be writable itself.
            if moved.isDirectory { try moved.permission(.write, credentials) }
            if exchanges, let replaced, replaced.isDirectory { try replaced.permission(.write, credentials) }
        }
        if old.mountCount > 0 || new.mountCount > 0 { throw .EBUSY }
        try source.rename(oldLast.name, moved, to: target, newLast.name, over: replaced, flags: flags)

        let oldName = old.name
        let cookie = watchCount > 0 ? nextCookie() : 0
        cache.remove(old)
        if exchanges {
            cache.remove(new)
            let newName = new.name
            new.parent = oldParent
            new.setName(oldName)
            old.parent = newParent
            old.setName(newName)
            cache.insert(new)
        } else {
            cache.remove(new)
            if let replaced {
                new.isUnlinked = true
                if replaced.isDirectory { replaced.isDead = true }
            }
            old.parent = newParent
            old.setName(newLast.name)
        }
        if let stale = cache.find(newParent, newLast.name) { cache.remove(stale) }
        cache.insert(old)

        if watchCount > 0 {
            notifyMoved(from: oldParent, oldName, to: newParent, newLast.name, moved, cookie)
            if !exchanges, let replaced, !replaced.isDirectory { notifyAttributes(replaced) }
            notifyMovedSelf(moved)
            if exchanges, let replaced {
                notifyMoved(from: newParent, newLast.name, to: oldParent, oldName, replaced, nextCookie())
                notifyMovedSelf(replaced)
            }
        }
        if !exchanges, let replaced { dropIfUnused(replaced) }
    }
}
