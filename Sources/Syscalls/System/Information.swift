import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import ProcFS
import Tasks

extension SyscallContext {
    /// uname(2): Linux, with the host's release; the name is the sandbox's own.
    func sysUname() throws(Errno) -> Int {
        let system = SystemState.shared
        var bytes: Bytes = []
        func padded(_ text: Bytes) {
            let clipped = Bytes(text.prefix(64))
            bytes.append(contentsOf: clipped)
            bytes.append(contentsOf: Bytes(repeating: 0, count: 65 - clipped.count))
        }
        padded(Bytes("Linux"))
        padded(system.hostname)
        padded(system.release)
        padded(Bytes("#1 SMP PREEMPT_DYNAMIC Martlet"))
        padded(Bytes("x86_64"))
        padded(system.domainname)
        try UserMemory.copyOut(bytes.span, to: a0)
        return 0
    }

    func sysSethostname() throws(Errno) -> Int { try setName { SystemState.shared.hostname = $0 } }
    func sysSetdomainname() throws(Errno) -> Int { try setName { SystemState.shared.domainname = $0 } }

    private func setName(_ body: (Bytes) -> Void) throws(Errno) -> Int {
        guard credentials.has(21) else { throw .EPERM }
        guard a1 <= 64 else { throw .EINVAL }
        body(try UserMemory.copyIn(Int(a1), from: a0))
        return 0
    }

    func sysSysinfo() throws(Errno) -> Int {
        let system = SystemState.shared
        var info = Sysinfo()
        info.uptime = Int64(Clock.boottime() / 1_000_000_000)
        let total = system.memoryLimit == 0 ? system.hostMemory : min(system.memoryLimit, system.hostMemory)
        let used = UInt64(PageRun.pagesUsed) << 12
        info.totalram = total
        info.freeram = total > used ? total - used : 0
        info.sharedram = used
        info.procs = UInt16(truncatingIfNeeded: TaskTable.shared.taskCount)
        info.memUnit = 1
        let loads = SystemText.loads()
        // Sixteen binary places here, instead of eleven.
        info.load1 = loads[0] << 5
        info.load5 = loads[1] << 5
        info.load15 = loads[2] << 5
        try UserMemory.store(info, at: a0)
        return 0
    }

    /// getrandom(2)
    func sysGetrandom() throws(Errno) -> Int {
        guard u2 & ~7 == 0, u2 & 6 != 6 else { throw .EINVAL }
        var buffer = IOBuffer(user: a0, count: min(a1, 0x1ff_ffff))
        var done = 0
        while buffer.count > 0 {
            let count = try buffer.write(KernelRandom.bytes(min(buffer.count, 4096)))
            done += count
            if count == 0 { break }
        }
        return done
    }

    /// getcpu(2). The vDSO answers most; here it is the host's number by its own vDSO.
    func sysGetcpu() throws(Errno) -> Int {
        if a0 != 0 { try UserMemory.store(UInt32(0), at: a0) }
        if a1 != 0 { try UserMemory.store(UInt32(0), at: a1) }
        return 0
    }

    /// membarrier(2): a guest process is a host process, whose registrations and barriers are the host's.
    func sysMembarrier() throws(Errno) -> Int {
        guard u1 == 0 else { throw .EINVAL }
        switch i0 {
        case MEMBARRIER_CMD_QUERY:
            return Int(MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED | MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED
                | MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED
                | MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE)
        case MEMBARRIER_CMD_GLOBAL, MEMBARRIER_CMD_GLOBAL_EXPEDITED, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED,
             MEMBARRIER_CMD_PRIVATE_EXPEDITED, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED,
             MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
            return try Host.membarrier(i0)
        default: throw .EINVAL
        }
    }

    func sysPersonality() throws(Errno) -> Int {
        let old = process.personality
        if u0 != 0xffff_ffff { process.personality = u0 }
        return Int(old)
    }
}
