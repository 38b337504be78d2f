import KernelBase
import LinuxABI
import Machine
import VFS

/// ioctl(2) on the blocks of a file: sharing them with another file (ioctl_ficlone(2), ioctl_fideduperange(2)) and telling where they are.
///
/// No file system here has blocks that could be shared or told of. What is wrong with a request is found before that, as on Linux.
extension SyscallContext {
    /// - Throws: `EOPNOTSUPP`, or what is wrong with the request.
    func controlBlocks(_ file: File) throws(Errno) -> Int {
        switch UInt(u1) {
        case FICLONE: try checkClone(from: i2, to: file)
        case FICLONERANGE:
            let range = try UserMemory.load(FileCloneRange.self, at: a2)
            // The descriptor is 64 bits wide, of which Linux looks at the lower half.
            try checkClone(from: Int32(truncatingIfNeeded: range.srcFd), to: file)
        case FIDEDUPERANGE: try checkDeduplication(file)
        case FIBMAP:
            guard credentials.has(Int(CAP_SYS_RAWIO)) else { throw .EPERM }
            _ = try UserMemory.load(Int32.self, at: a2)
            throw .EINVAL
        default: break
        }
        throw .EOPNOTSUPP
    }

    private func checkClone(from descriptor: Int32, to target: File) throws(Errno) {
        let source = try files.get(descriptor)
        guard source.inode.superblock === target.inode.superblock else { throw .EXDEV }
        if source.inode.isDirectory || target.inode.isDirectory { throw .EISDIR }
        guard source.inode.isRegular, target.inode.isRegular else { throw .EINVAL }
        guard source.isReadable, target.isWritable, target.flags & O_APPEND == 0 else { throw .EBADF }
    }

    /// The header of `struct file_dedupe_range` (24 bytes: offset, length, number of targets, reserved), then 32 bytes for each target.
    private func checkDeduplication(_ file: File) throws(Errno) {
        let count = try UserMemory.load(UInt16.self, at: a2 &+ 16)
        let size = 24 + 32 * Int(count)
        guard size <= 4096 else { throw .ENOMEM }
        _ = try UserMemory.copyIn(size, from: a2)
        let reserved1 = try UserMemory.load(UInt16.self, at: a2 &+ 18), reserved2 = try UserMemory.load(UInt32.self, at: a2 &+ 20)
        guard file.isReadable, reserved1 == 0, reserved2 == 0 else { throw .EINVAL }
        if file.inode.isDirectory { throw .EISDIR }
        guard file.inode.isRegular else { throw .EINVAL }
    }
}
