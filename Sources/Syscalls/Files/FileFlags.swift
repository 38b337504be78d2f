import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// The flags of files: ioctl_iflags(2), ioctl_fsgetxattr(2), file_getattr(2), file_setattr(2).
extension SyscallContext {
    /// struct fsxattr: flags, extent size, extents, project, extent size of copies, 8 bytes.
    private static var extendedSize: Int { 28 }
    /// struct file_attr: u64 flags, extent size, extents, project, extent size of copies.
    private static var attributesSize: UInt { 24 }

    /// A little-endian number, and zeros.
    private static func padded(_ value: UInt32, to count: Int) -> Bytes {
        var bytes = Bytes(repeating: 0, count: count)
        bytes.store(littleEndian: value, at: 0)
        return bytes
    }

    /// The four ioctls.
    /// - Throws: `ENOIOCTLCMD` for files that have no flags.
    func controlFlags(_ place: Path) throws(Errno) -> Int {
        guard let inode = place.inode else { throw .ENOENT }
        switch UInt(u1) {
        case FS_IOC_GETFLAGS:
            try UserMemory.store(try vfs.fileFlags(inode).flags, at: a2)
        case FS_IOC_SETFLAGS:
            try vfs.setFileFlags(place, FileFlags(flags: try UserMemory.load(UInt32.self, at: a2)), credentials)
        case FS_IOC_FSGETXATTR:
            let bytes = SyscallContext.padded(try vfs.fileFlags(inode).extended, to: SyscallContext.extendedSize)
            try UserMemory.copyOut(bytes.span, to: a2)
        default:
            let bytes = try UserMemory.copyIn(SyscallContext.extendedSize, from: a2)
            guard bytes.load32(at: 0) & ~FS_XFLAGS_MASK == 0 else { throw .EOPNOTSUPP }
            try vfs.setFileFlags(
                place,
                FileFlags(extended: bytes.load32(at: 0), extentSize: bytes.load32(at: 4), project: bytes.load32(at: 12), copyExtentSize: bytes.load32(at: 16)),
                credentials)
        }
        return 0
    }

    private func checkAttributes() throws(Errno) {
        guard u4 & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0 else { throw .EINVAL }
        guard a3 <= 4096 else { throw .E2BIG }
        guard a3 >= SyscallContext.attributesSize else { throw .EINVAL }
    }

    private func attributesPlace() throws(Errno) -> Path {
        // Here an empty path does not go with O_PATH.
        if u4 & AT_EMPTY_PATH != 0, i0 != AT_FDCWD {
            let path = a1 == 0 ? [] : try self.path(at: a1)
            if path.isEmpty { return SyscallContext.place(of: try files.get(i0)) }
        }
        return try place(i0, a1, follow: u4 & AT_SYMLINK_NOFOLLOW == 0, emptyPath: u4 & AT_EMPTY_PATH != 0)
    }

    /// file_getattr(2)
    func sysFileGetattr() throws(Errno) -> Int {
        try checkAttributes()
        guard let inode = try attributesPlace().inode else { throw .ENOENT }
        guard inode.keepsFileFlags else { throw .EOPNOTSUPP }
        // What is longer than the structure is filled with zeros.
        let bytes = SyscallContext.padded(try vfs.fileFlags(inode).extended, to: Int(a3))
        try UserMemory.copyOut(bytes.span, to: a2)
        return 0
    }

    /// file_setattr(2)
    func sysFileSetattr() throws(Errno) -> Int {
        try checkAttributes()
        let bytes = try UserMemory.copyIn(Int(a3), from: a2)
        for index in Int(SyscallContext.attributesSize)..<bytes.count where bytes[index] != 0 { throw .E2BIG }
        guard bytes.load32(at: 0) & ~FS_XFLAGS_MASK == 0, bytes.load32(at: 4) == 0 else { throw .EINVAL }
        do throws(Errno) {
            try vfs.setFileFlags(
                try attributesPlace(),
                FileFlags(extended: bytes.load32(at: 0), extentSize: bytes.load32(at: 8), project: bytes.load32(at: 16), copyExtentSize: bytes.load32(at: 20)),
                credentials)
        } catch {
            throw error == .ENOIOCTLCMD ? .EOPNOTSUPP : error
        }
        return 0
    }
}
