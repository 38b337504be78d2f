import KernelBase
import LinuxABI

/// Calls that make names: mkdir, mknod, symlink, link.
extension VFS {
    /// filename_create: resolves the directory of a name that is to be made, and finds that there is none.
    /// `body` gets the parent, the parent's inode (locked) and the negative dentry.
    /// - Throws: `EEXIST`, `ENOENT`, `EROFS`, the walk's errors.
    private func creating(_ path: Span<UInt8>, _ start: Path?, isDirectory: Bool, _ context: FSContext, _ credentials: Credentials,
                          _ body: (Path, Inode, Dentry) throws(Errno) -> Void) throws(Errno) {
        if path.isEmpty { throw .ENOENT }
        var walk = Walk(self, start, [], context, credentials)
        let last = try walk.resolveParent(path)
        guard last.kind == .name else { throw .EEXIST }
        let parent = walk.path
        guard let directory = parent.inode else { throw .ENOENT }
        guard last.name.count <= directory.superblock.nameLimit else { throw .ENAMETOOLONG }
        directory.lock()
        defer { directory.unlock() }
        if directory.isDead { throw .ENOENT }
        let child = try child(parent.dentry, last.name, locked: true)
        if child.inode != nil { throw .EEXIST }
        if last.hasTrailingSlash, !isDirectory { throw .ENOENT }
        if parent.mount.isReadOnly { throw .EROFS }
        try body(parent, directory, child)
    }

    /// mkdir(2). May sleep.
    public func makeDirectory(_ path: Span<UInt8>, at start: Path? = nil, mode: UInt32, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        try creating(path, start, isDirectory: true, context, credentials) { (parent, directory, child) throws(Errno) in
            try directory.permission([.write, .execute], credentials)
            let mode = NewOwner.prepare(S_IFDIR | (mode & 0o1777), in: directory, umask: context.umask, credentials)
            instantiate(child, try directory.makeDirectory(child.name, mode: mode, credentials))
            notify(.created, child)
        }
    }

    /// mknod(2). May sleep.
    /// - Parameter device: of a device node, as mknod encodes it.
    /// - Throws: `EPERM` for directories, `EINVAL` for other types.
    public func makeNode(_ path: Span<UInt8>, at start: Path? = nil, mode: UInt32, device: UInt64, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        var mode = mode
        switch mode & S_IFMT {
        case 0: mode |= S_IFREG
        case S_IFREG, S_IFCHR, S_IFBLK, S_IFIFO, S_IFSOCK: break
        case S_IFDIR: throw .EPERM
        default: throw .EINVAL
        }
        _ = try makeSpecial(path, at: start, mode: mode, device: device, context, credentials)
    }

    /// mknod without the checks of the type: also what bind(2) makes of a Unix socket's name. May sleep.
    /// - Returns: the place of the new node.
    public func makeSpecial(_ path: Span<UInt8>, at start: Path? = nil, mode: UInt32, device: UInt64, _ context: FSContext, _ credentials: Credentials) throws(Errno) -> Path {
        var made: Path? = nil
        try creating(path, start, isDirectory: false, context, credentials) { (parent, directory, child) throws(Errno) in
            let type = mode & S_IFMT
            let wanted = NewOwner.prepare(type | mode & 0o7777, in: directory, umask: context.umask, credentials)
            try directory.permission([.write, .execute], credentials)
            if type == S_IFCHR || type == S_IFBLK {
                // A character device 0:0 is an overlay's whiteout, which anybody may make.
                if !(type == S_IFCHR && device == 0), !credentials.has(Int(CAP_MKNOD)) { throw .EPERM }
            }
            instantiate(child, try directory.create(child.name, mode: wanted, device: device, credentials))
            made = Path(mount: parent.mount, dentry: child)
            notify(.created, child)
        }
        guard let made else { throw .ENOENT }
        return made
    }

    /// symlink(2). May sleep.
    public func makeSymbolicLink(_ path: Span<UInt8>, at start: Path? = nil, target: Bytes, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        if target.isEmpty { throw .ENOENT }
        try creating(path, start, isDirectory: false, context, credentials) { (parent, directory, child) throws(Errno) in
            try directory.permission([.write, .execute], credentials)
            instantiate(child, try directory.makeSymbolicLink(child.name, target: target, credentials))
            notify(.created, child)
        }
    }

    /// link(2) of what `old` resolved to. May sleep.
    public func link(_ old: Path, to path: Span<UInt8>, at start: Path? = nil, _ context: FSContext, _ credentials: Credentials) throws(Errno) {
        guard let inode = old.inode else { throw .ENOENT }
        try creating(path, start, isDirectory: false, context, credentials) { (parent, directory, child) throws(Errno) in
            if old.mount !== parent.mount { throw .EXDEV }
            try directory.permission([.write, .execute], credentials)
            if inode.superblock !== directory.superblock { throw .EXDEV }
            if inode.isImmutableOrAppendOnly { throw .EPERM }
            if inode.isDirectory { throw .EPERM }
            if inode.linkCount == 0, !inode.isLinkable { throw .ENOENT }
            try directory.link(child.name, to: inode)
            inode.isLinkable = false
            instantiate(child, inode)
            notifyAttributes(inode)
            notify(.created, child)
        }
    }
}
