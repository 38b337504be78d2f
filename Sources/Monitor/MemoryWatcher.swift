import CHost
import Glibc
import MonitorProtocol

/// Keeps a sandbox to its memory limit (`--memory`).
///
/// Private memory of guests is the host's, and only the host knows how much of it is in use. The kernel tells
/// (``Header/memoryWatch``) whether the sandbox *could* use more than the limit, by all that its programs have mapped; only
/// then the host is asked, the more often the less is left. When the limit is exceeded the kernel is told to kill the process that uses
/// most. If that does not help soon, or the limit is far exceeded, the sandbox is ended: so the limit holds for one whose kernel
/// is not obeying any more, too.
final class MemoryWatcher: @unchecked Sendable {
    /// Bytes.
    let limit: UInt64
    private let sandbox: Sandbox
    /// Told a line for people.
    private let tell: @Sendable (String) -> Void
    private var processes = [pid_t](repeating: 0, count: 8192)
    private let exceeded: UnsafeMutablePointer<UInt32>
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    /// Kills that were told of; under the lock.
    private var told: UInt32 = 0

    /// The sandbox is to be ended, because it uses too much. May be asked by any thread.
    var isExceeded: Bool { chost_load32(exceeded) != 0 }

    init(limit: UInt64, sandbox: Sandbox, tell: @escaping @Sendable (String) -> Void) {
        self.limit = limit
        self.sandbox = sandbox
        self.tell = tell
        exceeded = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)
        exceeded.initialize(to: 0)
        lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
    }

    deinit {
        exceeded.deallocate()
        pthread_mutex_destroy(lock)
        lock.deallocate()
    }

    /// Tells of the last process that was killed, if that was not told yet. May be called by any thread: with the program the sandbox may
    /// be at its end before the watching thread comes to it.
    func tellOfKills() {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        let kills = sandbox.arena.load32(Header.memoryKills)
        guard kills != told else { return }
        told = kills
        let name = sandbox.arena.read(Header.memoryKilledName, 16).prefix { $0 != 0 }
        let number = sandbox.arena.load32(Header.memoryKilled)
        tell("out of memory (\(Self.size(limit))): killed process \(number) (\(Text.lines(Array(name)).first ?? ""))")
    }

    // What follows is the watching thread's.

    /// A process that stands ready costs the host about this much beside its memory: page tables, stacks, descriptions.
    private static let processCost: UInt64 = 64 << 10
    /// How fast memory is taken, at most: bytes in a millisecond.
    private static let fastest: UInt64 = 8 << 20
    /// The limit may be exceeded by so much before the whole sandbox is ended.
    private var slack: UInt64 { max(limit / 4, 64 << 20) }
    /// How long a victim may take to go.
    private static let patience: UInt64 = 1_000_000_000

    /// Watches for ever; the process ends around it.
    func run() {
        var unchanged: UInt64 = 0
        var last: UInt64 = 0
        while true {
            if sandbox.arena.load32(Header.memoryWatch) == 0 {
                // Once a second all the same: a kernel that has been overwritten rings no more.
                sandbox.arena.wait(Header.memoryWatch, while: 0, nanoseconds: 1_000_000_000)
            }
            if let use = hoard() {
                giveUp(use)
                continue
            }
            let use = measure()
            if use.total > limit {
                relieve(use)
                last = 0
                continue
            }
            // Where nothing happens, looking becomes rarer.
            unchanged = use.total == last ? min(unchanged + 1, 10) : 0
            last = use.total
            if sandbox.arena.load32(Header.memoryWatch) == 0 { continue }
            let milliseconds = max(2, min((limit - use.total) / Self.fastest, 50)) + unchanged
            usleep(UInt32(milliseconds) * 1000)
        }
    }

    /// When all of the sandbox is to be looked at next, and how often that is done at most.
    private var nextSearch = chost_monotonic_ns() + searchInterval
    private static let searchInterval: UInt64 = 1_000_000_000

    /// What a sandbox uses whose kernel does not obey, if that is far too much. Its processes need not be init's children, and may use
    /// memory that ``measure()`` does not count: so all of its process group are looked at, which they cannot leave.
    private func hoard() -> Use? {
        let start = chost_monotonic_ns()
        guard start >= nextSearch else { return nil }
        defer {
            // It takes the longer the more processes the host has: no more than a fiftieth of the time.
            let end = chost_monotonic_ns()
            nextSearch = end + max(Self.searchInterval, (end - start) * 50)
        }
        let count = Int(chost_group_members(sandbox.initProcess, &processes, Int32(processes.count)))
        let members = processes.prefix(max(0, count))
        func sum(_ memory: (pid_t) -> Int64) -> UInt64 {
            members.reduce(UInt64(max(0, sandbox.arenaMemory))) { $0 + UInt64(max(0, memory($1))) + UInt64(max(0, chost_kernel_memory($1))) }
        }
        var use = Use(total: sum { chost_private_memory($0) })
        guard use.total > limit + slack else { return nil }
        use.total = sum(Self.share)
        return use.total > limit + slack ? use : nil
    }

    /// Exactly what a process has, where it is known.
    private static func share(_ process: pid_t) -> Int64 {
        let share = chost_private_share(process)
        return share >= 0 ? share : chost_private_memory(process)
    }

    private struct Use {
        var total: UInt64 = 0
        /// What of it those have that are dying.
        var dying: UInt64 = 0
        /// The process with most of the others.
        var largest: pid_t = 0
    }

    private func measure(_ dying: [pid_t] = []) -> Use {
        let fast = measure(dying) { chost_private_memory($0) }
        if fast.total - fast.dying <= limit { return fast }
        // Processes that share pages since a fork have been counted several times: exactly now.
        return measure(dying, Self.share)
    }

    private func measure(_ dying: [pid_t], _ memory: (pid_t) -> Int64) -> Use {
        var use = Use()
        use.total = UInt64(max(0, sandbox.arenaMemory)) + UInt64(max(0, memory(sandbox.initProcess)))
        let count = Int(chost_children(sandbox.initProcess, &processes, Int32(processes.count)))
        var most: Int64 = -1
        for process in processes.prefix(max(0, count)) {
            let bytes = memory(process)
            guard bytes >= 0 else { continue }
            use.total += UInt64(bytes) + Self.processCost
            if dying.contains(process) {
                use.dying += UInt64(bytes) + Self.processCost
            } else if bytes > most {
                most = bytes
                use.largest = process
            }
        }
        return use
    }

    /// Makes those processes go that use most, until what the others have is within the limit.
    private func relieve(_ first: Use) {
        var use = first
        var dying: [pid_t] = []
        var since = chost_monotonic_ns()
        while true {
            guard use.total <= limit + slack, chost_monotonic_ns() - since < Self.patience else { return giveUp(use) }
            if let use = hoard() { return giveUp(use) }
            // The kernel takes one at a time.
            if use.total - use.dying > limit, use.largest != 0, sandbox.arena.load64(Header.memoryVictim) == 0 {
                sandbox.arena.store64(Header.memoryVictim, UInt64(chost_inner_pid(use.largest)))
                sandbox.arena.ring(Header.kernelBell)
                if dying.isEmpty { since = chost_monotonic_ns() }
                dying.append(use.largest)
            }
            usleep(1000)
            tellOfKills()
            let before = dying.count
            dying.removeAll { chost_private_memory($0) <= 0 }
            if dying.count < before { since = chost_monotonic_ns() }
            use = measure(dying)
            if dying.isEmpty && use.total <= limit { return }
        }
    }

    private func giveUp(_ use: Use) {
        if !isExceeded { tell("out of memory: the sandbox used \(Self.size(use.total)) of \(Self.size(limit)), and was ended") }
        chost_store32(exceeded, 1)
        sandbox.attention.raise()
        usleep(100_000)
    }

    static func size(_ bytes: UInt64) -> String {
        if bytes >= 1 << 20 { return "\(bytes >> 20) MiB" }
        return bytes >= 1 << 10 ? "\(bytes >> 10) KiB" : "\(bytes) bytes"
    }
}
