import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// Path and descriptor arguments of the calls on files.
extension SyscallContext {
    @inline(__always) var vfs: VFS { VFS.shared }

    /// Where a path begins; nil for the working directory (or for nothing, if it is absolute).
    /// - Throws: `EBADF`; `ENOTDIR` for descriptors of what has no place in the tree.
    @inline(__always)
    func start(_ directory: Int32, _ path: Bytes) throws(Errno) -> Path? {
        if directory == AT_FDCWD || path.first == UInt8(ascii: "/") { return nil }
        return try startAt(directory, path)
    }

    @inline(never)
    private func startAt(_ directory: Int32, _ path: Bytes) throws(Errno) -> Path? {
        if path.isEmpty { throw .ENOENT }
        guard let place = try files.getAny(directory).path else { throw .ENOTDIR }
        return place
    }

    /// What a directory descriptor and a path stand for.
    /// - Parameter emptyPath: AT_EMPTY_PATH: with an empty path the descriptor itself, of whatever kind.
    func place(_ directory: Int32, _ address: UInt, follow: Bool, emptyPath: Bool = false) throws(Errno) -> Path {
        // With AT_EMPTY_PATH a null pointer is an empty path.
        let path = emptyPath && address == 0 ? [] : try self.path(at: address)
        if path.isEmpty {
            guard emptyPath else { throw .ENOENT }
            if directory == AT_FDCWD { return fs.workingDirectory }
            return SyscallContext.place(of: try files.getAny(directory))
        }
        return try vfs.lookup(path.span, at: try start(directory, path), follow ? .follow : [], fs, credentials)
    }

    /// A file's place; one for itself if it has none in the tree, as pipes and sockets.
    static func place(of file: File) -> Path {
        if let path = file.path { return path }
        let dentry = Dentry(name: [], parent: nil, inode: file.inode)
        return Path(mount: Mount(superblock: file.inode.superblock, root: dentry), dentry: dentry)
    }
}
