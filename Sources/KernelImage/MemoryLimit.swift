import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import Tasks

#if hasFeature(Embedded)

/// The limits of the sandbox's memory: of the kernel's own by its own bookkeeping, of the programs' by the monitor's.
enum MemoryLimit {
    /// First of all at boot.
    static func set(_ configuration: BootConfiguration) {
        let host = Int(clamping: configuration.hostMemory)
        let limit = Int(clamping: configuration.memoryLimit)
        // What files in memory and buffers may take: without a limit, no more than the host has.
        let most = limit == 0 ? host : host == 0 ? limit : min(limit, host)
        if most > 0 { PageRun.setLimit(pages: most >> 12) }
        // The kernel's heap is for names, tasks and the like.
        if host > 0 { Host.setHeapLimit(bytes: host / 4) }
        guard limit > 0 else { return }
        Host.setHeapLimit(bytes: min(Host.heapLimit, max(32 << 20, limit / 2)))
        Host.watchMemory(above: limit)
    }

    /// Files of one file system in memory may take half of the memory, and there may be one for each two pages, as in tmpfs(5).
    static var fileSystemBytes: Int { PageRun.pageLimit / 2 &* 4096 }
    static var fileSystemInodes: Int { max(1024, PageRun.pageLimit / 2) }

    /// The monitor has rung: maybe because too much memory is used.
    static func relieve() {
        guard SharedArea.load64(Header.memoryVictim) != 0 else { return }
        let host = Int32(truncatingIfNeeded: SharedArea.exchange64(0, Header.memoryVictim))
        guard host > 0, let victim = TaskTable.shared.endForMemory(host: host) else { return }
        var name = Bytes(victim.name.prefix(15))
        while name.count < 16 { name.append(0) }
        SharedArea.store(name.span, Header.memoryKilledName)
        SharedArea.store32(UInt32(bitPattern: victim.pid), Header.memoryKilled)
        SharedArea.add32(1, Header.memoryKills)
    }
}

#endif
