import KernelBase
import LinuxABI
import Machine
import VFS

/// A directory of an overlay: the lower directory's entries, less those that were taken away, plus new ones.
final class OverlayDirectory: OverlayInode {
    /// What a name means that is not simply the lower directory's.
    private struct Change {
        /// Nil: a whiteout, the lower entry is gone.
        var inode: OverlayInode?
        /// The lower directory has the name too, so that a whiteout must stay when the entry goes.
        var coversLower: Bool
    }
    private var changes = DirectoryEntries<Change>()

    /// Positions in listings: below it the lower directory's own, above it those of ``changes``.
    private static var base: Int { 1 << 61 }

    override init(_ overlay: Overlay, lower: Inode) { super.init(overlay, lower: lower) }

    /// A new directory, which shows nothing of what may have been below it.
    override init(_ overlay: Overlay, mode: UInt32, uid: UInt32, gid: UInt32) {
        super.init(overlay, mode: mode, uid: uid, gid: gid)
        linkCount = 2
        size = 4096
    }

    // MARK: looking

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        if let change = changes[name] {
            guard let inode = change.inode else { throw .ENOENT }
            return inode
        }
        guard let lower else { throw .ENOENT }
        return overlay.node(for: try lower.lookup(name))
    }

    override var isEmptyDirectory: Bool {
        for entry in changes.entries where entry.value?.inode != nil { return false }
        guard let lower else { return true }
        var empty = true
        do throws(Errno) {
            try lower.list(from: 2) { name, _, _, _ in
                if changes[name] == nil { empty = false }
                return empty
            }
        } catch {
            return false
        }
        return empty
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        var position = position
        if position < OverlayDirectory.base {
            if let lower {
                var stopped = false
                try lower.list(from: position) { name, number, type, next in
                    if changes[name] != nil { return true }
                    if emit(name, number, type, next) { return true }
                    stopped = true
                    return false
                }
                if stopped { return }
            }
            position = OverlayDirectory.base
        }
        let current = changes.entries
        var index = changes.index(at: position &- OverlayDirectory.base)
        while index < current.count {
            if let inode = current[index].value?.inode {
                let type = UInt8(truncatingIfNeeded: inode.mode >> 12 & 15)
                guard emit(current[index].name, inode.number, type, OverlayDirectory.base &+ current[index].position &+ 1) else { return }
            }
            index &+= 1
        }
    }

    // MARK: changing

    /// Keeps this directory's attributes from now on. May sleep, so it comes before any change.
    private func prepare() throws(Errno) {
        if Host.heapIsLow { throw .ENOMEM }
        try refresh()
        markChanged()
    }

    /// Makes a name stand for `inode`.
    private func put(_ name: Bytes, _ inode: OverlayInode, coversLower: Bool) {
        let change = Change(inode: inode, coversLower: coversLower)
        if changes[name] != nil { changes.replace(name, change) } else { changes.add(name, change) }
    }

    /// Whether a name that exists, or whose whiteout does, is in the lower directory.
    private func coversLower(_ name: Bytes, exists: Bool) -> Bool { changes[name]?.coversLower ?? (exists && lower != nil) }

    /// Takes a name away that exists.
    private func take(_ name: Bytes) {
        if coversLower(name, exists: true) {
            let whiteout = Change(inode: nil, coversLower: true)
            if changes[name] != nil { changes.replace(name, whiteout) } else { changes.add(name, whiteout) }
        } else {
            changes.remove(name)
        }
    }

    /// Counts a subdirectory more or less; lower file systems that do not count have 1 for all.
    private func countDirectory(_ by: Int) {
        guard linkCount >= 2 else { return }
        if by > 0 { linkCount &+= 1 } else if linkCount > 2 { linkCount &-= 1 }
    }

    private func made(_ name: Bytes, _ inode: OverlayInode) -> Inode {
        put(name, inode, coversLower: coversLower(name, exists: false))
        if inode.isDirectory { countDirectory(1) }
        touchModified()
        return inode
    }

    override func create(_ name: Bytes, mode: UInt32, device: UInt64, _ credentials: Credentials) throws(Errno) -> Inode {
        try prepare()
        let owner = NewOwner(mode, in: self, credentials)
        if mode & S_IFMT == S_IFREG {
            return made(name, try OverlayRegular(overlay, mode: owner.mode, owner: credentials, uid: owner.uid, gid: owner.gid))
        }
        let node = OverlayInode(overlay, mode: owner.mode, uid: owner.uid, gid: owner.gid)
        if mode & S_IFMT == S_IFCHR || mode & S_IFMT == S_IFBLK { node.specialDevice = device }
        return made(name, node)
    }

    override func makeDirectory(_ name: Bytes, mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode {
        try prepare()
        let owner = NewOwner(mode, in: self, credentials)
        return made(name, OverlayDirectory(overlay, mode: owner.mode, uid: owner.uid, gid: owner.gid))
    }

    override func makeSymbolicLink(_ name: Bytes, target: Bytes, _ credentials: Credentials) throws(Errno) -> Inode {
        try prepare()
        let owner = NewOwner(S_IFLNK | 0o777, in: self, credentials)
        return made(name, OverlayInode(overlay, target: target, uid: owner.uid, gid: owner.gid))
    }

    override func makeTemporary(mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode {
        try overlay.requireInode()
        let owner = NewOwner(mode, in: self, credentials)
        let file = try OverlayRegular(overlay, mode: owner.mode, owner: credentials, uid: owner.uid, gid: owner.gid)
        file.linkCount = 0
        return file
    }

    override func link(_ name: Bytes, to inode: Inode) throws(Errno) {
        guard let inode = inode as? OverlayInode else { throw .EXDEV }
        try prepare()
        try inode.addLinks(1)
        _ = made(name, inode)
    }

    override func unlink(_ name: Bytes, _ inode: Inode) throws(Errno) {
        guard let inode = inode as? OverlayInode else { throw .ENOENT }
        try prepare()
        try inode.addLinks(-1)
        take(name)
        touchModified()
    }

    override func removeDirectory(_ name: Bytes, _ inode: Inode) throws(Errno) {
        guard let inode = inode as? OverlayDirectory else { throw .ENOENT }
        guard inode.isEmptyDirectory else { throw .ENOTEMPTY }
        try prepare()
        try inode.prepare()
        take(name)
        inode.linkCount = 0
        inode.touchChanged()
        countDirectory(-1)
        touchModified()
    }

    override func rename(_ name: Bytes, _ inode: Inode, to target: Inode, _ newName: Bytes, over existing: Inode?, flags: UInt32) throws(Errno) {
        guard let target = target as? OverlayDirectory, let inode = inode as? OverlayInode else { throw .EXDEV }
        let existing = existing as? OverlayInode
        try prepare()
        try target.prepare()
        try inode.refresh()
        inode.markChanged()
        if flags & RENAME_EXCHANGE != 0 {
            guard let existing else { throw .ENOENT }
            try existing.refresh()
            existing.markChanged()
            put(name, existing, coversLower: coversLower(name, exists: true))
            target.put(newName, inode, coversLower: target.coversLower(newName, exists: true))
            if target !== self {
                if inode.isDirectory {
                    countDirectory(-1)
                    target.countDirectory(1)
                }
                if existing.isDirectory {
                    target.countDirectory(-1)
                    countDirectory(1)
                }
            }
            existing.touchChanged()
        } else {
            if let existing {
                if existing.isDirectory {
                    try target.removeDirectory(newName, existing)
                } else {
                    try target.unlink(newName, existing)
                }
            }
            let covers = target.coversLower(newName, exists: false)
            take(name)
            target.put(newName, inode, coversLower: covers)
            if inode.isDirectory, target !== self {
                countDirectory(-1)
                target.countDirectory(1)
            }
        }
        touchModified()
        target.touchModified()
        inode.touchChanged()
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        DirectoryFile(inode: self, path: path, flags: flags)
    }
}
