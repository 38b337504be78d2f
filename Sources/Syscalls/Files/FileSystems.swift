import KernelBase
import LinuxABI
import Machine
import ProcFS
import Tasks
import VFS

/// What is asked of file systems and caches as a whole: ustat(2), sysfs(2), cachestat(2).
extension SyscallContext {
    /// ustat(2)
    func sysUstat() throws(Errno) -> Int {
        let device = UInt64(u0)
        guard let mount = vfs.mounts.first(where: { $0.superblock.device == device }) else { throw .EINVAL }
        let status = try mount.superblock.status()
        try UserMemory.store(UInt32(truncatingIfNeeded: status.blocksFree), at: a1)
        try UserMemory.store(UInt32(0), at: a1 &+ 4)
        try UserMemory.store(UInt64(status.filesFree), at: a1 &+ 8)
        // No names.
        try UserMemory.store(UInt64(0), at: a1 &+ 16)
        try UserMemory.store(UInt64(0), at: a1 &+ 24)
        return 0
    }

    /// sysfs(2): the file systems by number.
    func sysSysfs() throws(Errno) -> Int {
        let names = SystemText.fileSystemNames
        switch i0 {
        case 1:
            let wanted = try path(at: a1)
            for (index, name) in names.enumerated() where wanted.equals(name) { return index }
            throw .EINVAL
        case 2:
            guard a1 < UInt(names.count) else { throw .EINVAL }
            var name = Bytes(names[Int(a1)])
            name.append(0)
            try UserMemory.copyOut(name.span, to: a2)
            return 0
        case 3: return names.count
        default: throw .EINVAL
        }
    }

    /// cachestat(2). What there is of a file is in memory, ours or the host's; nothing waits to be written back by us.
    func sysCachestat() throws(Errno) -> Int {
        let file = try files.get(i0)
        let offset = try UserMemory.load(UInt64.self, at: a1), length = try UserMemory.load(UInt64.self, at: a1 &+ 8)
        guard file.isWritable || file.inode.isOwned(by: credentials) || (try? file.inode.permission(.write, credentials)) != nil else { throw .EPERM }
        guard u3 == 0 else { throw .EINVAL }
        var pages: UInt64 = 0
        if file.inode.isRegular {
            file.acquire()
            defer { file.release() }
            try file.inode.refresh()
            let first = offset >> 12, size = (UInt64(max(0, file.inode.size)) &+ 4095) >> 12
            let (last, overflow) = offset.addingReportingOverflow(length &- 1)
            let end = length == 0 || overflow ? size : min(size, last >> 12 &+ 1)
            pages = end > first ? end &- first : 0
        }
        for (index, number) in [pages, 0, 0, 0, 0].enumerated() { try UserMemory.store(number, at: a2 &+ UInt(index &* 8)) }
        return 0
    }
}
