import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks

// Memory policies on a machine with one node: arguments are checked and the policy is remembered, for
// there is nothing to choose between.
extension SyscallContext {
    /// Whether node 0 is in the mask. `EINVAL` for any other node or too long a mask; `EFAULT`.
    private func nodes(at address: UInt, maxNode: UInt) throws(Errno) -> Bool {
        // Linux counts one bit too many, and so must we; of no bits at all it makes the largest number.
        let bits = maxNode &- 1
        guard address != 0, bits != 0 else { return false }
        guard bits <= 4096 * 8 else { throw .EINVAL }
        var first = false
        for word in 0..<((bits &+ 63) / 64) {
            var value = try UserMemory.load(UInt64.self, at: address &+ word &* 8)
            let used = bits &- word &* 64
            if used < 64 { value &= (1 << UInt64(used)) &- 1 }
            if word == 0 {
                first = value & 1 != 0
                value &= ~1
            }
            if value != 0 { throw .EINVAL }
        }
        return first
    }

    /// Checks a mode with its flags and nodes.
    private func policy(_ mode: Int32, at address: UInt, maxNode: UInt) throws(Errno) -> MemoryPolicy {
        let flags = UInt32(bitPattern: mode) & (MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES | MPOL_F_NUMA_BALANCING)
        let kind = mode & ~Int32(bitPattern: flags)
        // Up to MPOL_WEIGHTED_INTERLEAVE.
        guard kind >= 0, kind <= 6, flags & MPOL_F_STATIC_NODES == 0 || flags & MPOL_F_RELATIVE_NODES == 0 else { throw .EINVAL }
        if flags & MPOL_F_NUMA_BALANCING != 0, kind != MPOL_BIND, kind != MPOL_PREFERRED_MANY { throw .EINVAL }
        let hasNode = try nodes(at: address, maxNode: maxNode)
        switch kind {
        case MPOL_DEFAULT, MPOL_LOCAL:
            if hasNode || kind == MPOL_LOCAL && flags != 0 { throw .EINVAL }
        case MPOL_PREFERRED:
            if !hasNode, flags != 0 { throw .EINVAL }
            // Preferring no node means the local one.
            if !hasNode { return MemoryPolicy(mode: MPOL_LOCAL, hasNode: false) }
        default:
            if !hasNode { throw .EINVAL }
        }
        return MemoryPolicy(mode: kind | Int32(bitPattern: flags), hasNode: hasNode)
    }

    /// set_mempolicy(2)
    func sysSetMempolicy() throws(Errno) -> Int {
        memory.policy = try policy(i0, at: a1, maxNode: a2)
        return 0
    }

    /// get_mempolicy(2)
    func sysGetMempolicy() throws(Errno) -> Int {
        let flags = a4
        guard flags & ~UInt(MPOL_F_NODE | MPOL_F_ADDR | MPOL_F_MEMS_ALLOWED) == 0 else { throw .EINVAL }
        if a1 != 0, a2 < 1 { throw .EINVAL }
        var mode: Int32 = 0
        var hasNode = true
        if flags & UInt(MPOL_F_MEMS_ALLOWED) != 0 {
            if flags & UInt(MPOL_F_NODE | MPOL_F_ADDR) != 0 { throw .EINVAL }
        } else {
            var policy = memory.policy
            if flags & UInt(MPOL_F_ADDR) != 0 {
                guard memory.area(at: a3) != nil else { throw .EFAULT }
                policy = memory.policy
            } else if a3 != 0 {
                throw .EINVAL
            }
            mode = policy.mode
            hasNode = policy.hasNode
            if flags & UInt(MPOL_F_NODE) != 0 {
                // With an address: the node of its page, 0.
                if flags & UInt(MPOL_F_ADDR) == 0, policy.mode != MPOL_INTERLEAVE { throw .EINVAL }
                mode = 0
            }
        }
        if a0 != 0 { try UserMemory.store(mode, at: a0) }
        if a1 != 0 {
            for word in 0..<((min(a2, 4096 * 8) &+ 63) / 64) {
                try UserMemory.store(UInt64(word == 0 && hasNode ? 1 : 0), at: a1 &+ word &* 8)
            }
        }
        return 0
    }

    /// mbind(2)
    func sysMbind() throws(Errno) -> Int {
        let flags = u5
        let wanted = try policy(i2, at: a3, maxNode: a4)
        guard flags & ~(MPOL_MF_STRICT | MPOL_MF_MOVE | MPOL_MF_MOVE_ALL) == 0 else { throw .EINVAL }
        if flags & MPOL_MF_MOVE_ALL != 0, !credentials.has(23) { throw .EPERM }
        guard Page.isAligned(a0) else { throw .EINVAL }
        let (end, overflow) = a0.addingReportingOverflow(Page.up(a1))
        guard !overflow else { throw .EINVAL }
        guard end > a0 else { return 0 }
        // The default policy forgives holes.
        if wanted.mode != MPOL_DEFAULT, !memory.isMapped(a0, end) { throw .EFAULT }
        return 0
    }

    /// migrate_pages(2): all pages are on the one node already.
    func sysMigratePages() throws(Errno) -> Int {
        _ = try nodes(at: a2, maxNode: a1)
        let target = try nodes(at: a3, maxNode: a1)
        guard i0 == 0 || TaskTable.shared.task(i0) != nil else { throw .ESRCH }
        guard target else { throw .EINVAL }
        return 0
    }

    /// set_mempolicy_home_node(2): no area has a policy of its own whose home could be set.
    func sysSetMempolicyHomeNode() throws(Errno) -> Int {
        guard Page.isAligned(a0), a3 == 0, a2 == 0 else { throw .EINVAL }
        let length = Page.up(a1)
        guard !a0.addingReportingOverflow(length).overflow else { throw .EINVAL }
        if length == 0 { return 0 }
        throw .ENOENT
    }

    /// move_pages(2): reports node 0 for what is mapped.
    func sysMovePages() throws(Errno) -> Int {
        guard u5 & ~(MPOL_MF_MOVE | MPOL_MF_MOVE_ALL) == 0 else { throw .EINVAL }
        if u5 & MPOL_MF_MOVE_ALL != 0, !credentials.has(23) { throw .EPERM }
        var space = memory
        if i0 != 0 {
            guard let target = TaskTable.shared.task(i0) else { throw .ESRCH }
            space = target.process.memory
        }
        for index in 0..<a1 {
            let page = try UserMemory.load(UInt.self, at: a2 &+ index &* 8)
            if a3 != 0 {
                let node = try UserMemory.load(Int32.self, at: a3 &+ index &* 4)
                guard node == 0 else { throw .ENODEV }
            }
            let status: Int32 = space.area(at: page) == nil ? Errno.EFAULT.rawValue : 0
            try UserMemory.store(-status, at: a4 &+ index &* 4)
        }
        return 0
    }
}
