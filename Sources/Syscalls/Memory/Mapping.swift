import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

extension SyscallContext {
    /// CAP_IPC_LOCK: RLIMIT_MEMLOCK does not count.
    private var mayLockAll: Bool { credentials.has(14) }

    /// mmap(2)
    func sysMmap() throws(Errno) -> Int {
        guard Page.isAligned(a5) else { throw .EINVAL }
        var request = MapRequest(address: a0, length: a1, protection: u2, flags: u3, pageOffset: a5 >> 12, mayLockAll: mayLockAll)
        if u3 & MAP_ANONYMOUS != 0 {
            if u3 & MAP_HUGETLB != 0 {
                // There are no huge pages to reserve: 2 MiB and 1 GiB are sizes of this machine, others are not.
                let size = u3 >> MAP_HUGE_SHIFT & MAP_HUGE_MASK
                throw size == 0 || size == 21 || size == 30 ? .ENOMEM : .EINVAL
            }
            return Int(bitPattern: try memory.map(request))
        }
        let file = try file(i4)
        if u3 & MAP_HUGETLB != 0 { throw .EINVAL }
        file.acquire()
        defer { file.release() }
        request.file = file
        return Int(bitPattern: try memory.map(request))
    }

    /// munmap(2)
    func sysMunmap() throws(Errno) -> Int {
        try memory.unmap(a0, a1)
        return 0
    }

    /// mprotect(2)
    func sysMprotect() throws(Errno) -> Int {
        try memory.protect(a0, a1, u2)
        return 0
    }

    /// mremap(2)
    func sysMremap() throws(Errno) -> Int {
        // An unknown bit in the upper half is as wrong as one in the lower.
        guard a3 <= 0xffff_ffff else { throw .EINVAL }
        return Int(bitPattern: try memory.remap(a0, a1, a2, flags: u3, newAddress: a4, mayLockAll: mayLockAll))
    }

    /// brk(2)
    func sysBrk() -> Int { Int(bitPattern: memory.changeBreak(to: a0, mayLockAll: mayLockAll)) }

    /// msync(2)
    func sysMsync() throws(Errno) -> Int {
        try memory.synchronize(a0, a1, flags: u2)
        return 0
    }

    /// remap_file_pages(2): done by a mapping of its own, as Linux does since 4.0.
    func sysRemapFilePages() throws(Errno) -> Int {
        guard a2 == 0 else { throw .EINVAL }
        try memory.remapFilePages(Page.down(a0), Page.down(a1), pageOffset: a3)
        return 0
    }

    /// mseal(2)
    func sysMseal() throws(Errno) -> Int {
        try memory.seal(a0, a1, flags: a2)
        return 0
    }

    /// madvise(2)
    func sysMadvise() throws(Errno) -> Int {
        try memory.advise(a0, a1, i2, privileged: credentials.has(21))
        return 0
    }

    /// mincore(2)
    func sysMincore() throws(Errno) -> Int {
        guard Page.isAligned(a0) else { throw .EINVAL }
        guard UserMemory.isUserRange(a0, a1) else { throw .ENOMEM }
        var left = Int(a1 >> 12) &+ (a1 & Page.mask != 0 ? 1 : 0)
        guard UserMemory.isUserRange(a2, UInt(left)) else { throw .EFAULT }
        var address = a0, vector = a2
        while left > 0 {
            // In pieces, so that a large range needs no large buffer.
            let bytes = try memory.residency(address, pages: min(left, 4096))
            guard !bytes.isEmpty else { throw .ENOMEM }
            try UserMemory.copyOut(bytes.span, to: vector)
            left &-= bytes.count
            vector &+= UInt(bytes.count)
            address &+= UInt(bytes.count) << 12
        }
        return 0
    }

    // --- locking ---

    /// mlock(2)
    func sysMlock() throws(Errno) -> Int {
        try memory.lockPages(a0, a1, onFault: false, privileged: mayLockAll)
        return 0
    }

    /// mlock2(2)
    func sysMlock2() throws(Errno) -> Int {
        guard u2 & ~MLOCK_ONFAULT == 0 else { throw .EINVAL }
        try memory.lockPages(a0, a1, onFault: u2 & MLOCK_ONFAULT != 0, privileged: mayLockAll)
        return 0
    }

    func sysMunlock() throws(Errno) -> Int {
        try memory.unlockPages(a0, a1)
        return 0
    }

    func sysMlockall() throws(Errno) -> Int {
        try memory.lockAll(flags: u0, privileged: mayLockAll)
        return 0
    }

    func sysMunlockall() throws(Errno) -> Int {
        try memory.unlockAll()
        return 0
    }

    // --- protection keys: as on a machine without them ---

    /// pkey_mprotect(2); key -1 is plain mprotect.
    func sysPkeyMprotect() throws(Errno) -> Int {
        // Nothing can be said of no bytes, whatever the key.
        guard i3 == -1 || a1 == 0 else { throw .EINVAL }
        return try sysMprotect()
    }

    /// pkey_alloc(2): the processor has no keys, as far as programs can tell.
    func sysPkeyAlloc() throws(Errno) -> Int {
        // PKEY_DISABLE_ACCESS and PKEY_DISABLE_WRITE.
        guard a0 == 0, a1 & ~3 == 0 else { throw .EINVAL }
        throw .ENOSPC
    }
    func sysPkeyFree() throws(Errno) -> Int { throw .EINVAL }
}
