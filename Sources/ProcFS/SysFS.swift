import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// The file system of /sys, sysfs(5): the little of it that programs ask, above all how many processors there are.
public enum SysFS {
    /// The file system, ready to be mounted.
    public static func makeRoot() -> (superblock: Superblock, root: Inode) {
        let superblock = SysSuperblock()
        let root = StaticDirectory(superblock, number: 1, nextNumber: { superblock.nextNumber() }, build)
        return (superblock, root)
    }

    private static func build(_ root: StaticDirectory) {
        root.directory("devices", mode: 0o755) { devices in
            devices.directory("system", mode: 0o755) { system in
                system.directory("cpu", mode: 0o755, processors)
                system.directory("node", mode: 0o755, nodes)
            }
            devices.directory("virtual", mode: 0o755) { _ in }
        }
        root.directory("kernel", mode: 0o755) { kernel in
            kernel.directory("mm", mode: 0o755) { mm in
                mm.directory("transparent_hugepage", mode: 0o755) { pages in
                    pages.text("enabled", "always [madvise] never\n", mode: 0o644)
                    pages.text("defrag", "always defer defer+madvise [madvise] never\n", mode: 0o644)
                    pages.text("shmem_enabled", "always within_size advise [never] deny force\n", mode: 0o644)
                    pages.text("hpage_pmd_size", "2097152\n")
                    pages.text("use_zero_page", "1\n", mode: 0o644)
                }
                mm.directory("hugepages", mode: 0o755) { _ in }
            }
            kernel.directory("debug", mode: 0o700) { _ in }
            kernel.directory("security", mode: 0o755) { _ in }
        }
        root.directory("fs", mode: 0o755) { fs in
            fs.directory("cgroup", mode: 0o755) { _ in }
        }
        for name in ["class", "bus", "block", "dev", "firmware", "module", "power"] as [StaticString] {
            root.directory(name, mode: 0o755) { _ in }
        }
    }

    private static func processors(_ directory: StaticDirectory) {
        directory.size("online") { ProcText.list(SystemState.shared.processorSet) }
        directory.size("possible") { range() }
        directory.size("present") { range() }
        directory.size("offline") { offline() }
        directory.size("isolated") { Bytes("\n") }
        directory.size("kernel_max") { Bytes("8191\n") }
        for processor in SystemText.processors {
            var name = Bytes("cpu")
            name.append(decimal: processor)
            directory.directory(name, mode: 0o755) { topology($0, processor) }
        }
    }

    private static func topology(_ directory: StaticDirectory, _ processor: Int) {
        if processor > 0 { directory.text("online", "1\n", mode: 0o644) }
        directory.directory("topology", mode: 0o755) { topology in
            // Each processor is a core of one package.
            let all = SystemState.shared.processorSet
            var own = [UInt64](repeating: 0, count: processor / 64 &+ 1)
            own[processor / 64] = 1 << UInt64(processor & 63)
            let single = own
            func mask(_ words: [UInt64]) -> Bytes {
                var text = ProcText.mask(words, bits: SystemText.processorLimit)
                text.append("\n")
                return text
            }
            func number(_ name: StaticString, _ value: Int) {
                topology.size(name) {
                    var text: Bytes = []
                    text.line("", value)
                    return text
                }
            }
            number("physical_package_id", 0)
            number("die_id", 0)
            number("core_id", processor)
            for name in ["thread_siblings", "core_cpus"] as [StaticString] { topology.size(name) { mask(single) } }
            for name in ["thread_siblings_list", "core_cpus_list"] as [StaticString] { topology.size(name) { ProcText.list(single) } }
            for name in ["core_siblings", "package_cpus", "die_cpus"] as [StaticString] { topology.size(name) { mask(all) } }
            for name in ["core_siblings_list", "package_cpus_list", "die_cpus_list"] as [StaticString] { topology.size(name) { ProcText.list(all) } }
        }
    }

    /// All numbers up to the highest.
    private static func range() -> Bytes {
        var text = Bytes("0")
        let limit = SystemText.processorLimit
        if limit > 1 {
            text.append("-")
            text.append(decimal: limit &- 1)
        }
        text.append("\n")
        return text
    }

    private static func offline() -> Bytes {
        let limit = SystemText.processorLimit
        var words = SystemState.shared.processorSet
        for index in words.indices {
            let bits = max(0, min(64, limit &- index &* 64))
            words[index] = ~words[index] & (bits == 64 ? .max : (1 << UInt64(bits)) &- 1)
        }
        return ProcText.list(words)
    }

    /// One node with everything in it.
    private static func nodes(_ directory: StaticDirectory) {
        for name in ["online", "possible", "has_cpu", "has_memory", "has_normal_memory"] as [StaticString] { directory.text(name, "0\n") }
        directory.directory("node0", mode: 0o755) { node in
            node.size("cpulist") { ProcText.list(SystemState.shared.processorSet) }
            node.size("cpumap") {
                var text = ProcText.mask(SystemState.shared.processorSet, bits: SystemText.processorLimit)
                text.append("\n")
                return text
            }
            node.text("distance", "10\n")
            node.size("meminfo") {
                let (total, used) = SystemText.memory
                var text: Bytes = []
                text.kilobytes("Node 0 MemTotal:       ", Int(total >> 10))
                text.kilobytes("Node 0 MemFree:        ", Int((total &- used) >> 10))
                text.kilobytes("Node 0 MemUsed:        ", Int(used >> 10))
                return text
            }
        }
    }
}

extension StaticDirectory {
    /// A file with Linux's size for such files: a page.
    fileprivate func size(_ name: StaticString, _ text: @escaping () -> Bytes) {
        file(Bytes(name), size: 4096) { () throws(Errno) in text() }
    }
    /// A file that always says the same. Those that root may write on Linux cannot be changed: `EIO`.
    fileprivate func text(_ name: StaticString, _ text: StaticString, mode: UInt32 = 0o444) {
        file(Bytes(name), mode: mode, size: 4096) { () throws(Errno) in Bytes(text) }
    }
}

/// The superblock of /sys.
private final class SysSuperblock: Superblock {
    private var lastNumber: UInt64 = 1

    init() {
        super.init(device: VFS.shared.allocateDevice())
        cachesNegative = false
    }
    func nextNumber() -> UInt64 {
        lastNumber &+= 1
        return lastNumber
    }
    override var typeName: StaticString { "sysfs" }
    override func status() throws(Errno) -> FileSystemStatus {
        var status = FileSystemStatus()
        status.type = UInt(SYSFS_MAGIC)
        return status
    }
}
