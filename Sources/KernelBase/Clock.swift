import LinuxABI
import Machine

/// Time, in nanoseconds, from the host's vDSO.
public enum Clock {
    @inline(__always) public static func monotonic() -> UInt64 { Host.clock(1) }
    @inline(__always) public static func realtime() -> UInt64 { Host.clock(0) }
    /// The coarse real-time clock: what file times are taken from.
    @inline(__always) public static func coarseRealtime() -> UInt64 { Host.clock(5) }
    public static func boottime() -> UInt64 { Host.clock(7) }

    /// Converts a CLOCK_REALTIME deadline to CLOCK_MONOTONIC as of now.
    public static func monotonicDeadline(realtime deadline: UInt64) -> UInt64 {
        let now = realtime()
        let base = monotonic()
        if deadline <= now { return base }
        let (sum, overflow) = base.addingReportingOverflow(deadline &- now)
        return overflow ? .max &- 1 : sum
    }

    /// A deadline a duration from now, saturating.
    public static func deadline(after nanoseconds: UInt64) -> UInt64 {
        let (sum, overflow) = monotonic().addingReportingOverflow(nanoseconds)
        return overflow ? .max &- 1 : sum
    }
}

/// Something to be done at a time. Subclass, or use the closure.
open class KernelTimer {
    fileprivate var deadline: UInt64 = .max
    fileprivate var position = -1
    private let action: (() -> Void)?

    public init(_ action: (() -> Void)? = nil) { self.action = action }

    public final var isArmed: Bool { position >= 0 }
    /// CLOCK_MONOTONIC nanoseconds; meaningful while armed.
    public final var expiry: UInt64 { deadline }

    /// Called once at the deadline, in the kernel's timer thread, under the kernel lock. Must not sleep.
    open func fire() { action?() }
}

/// All armed timers of the sandbox, a binary heap; served by one kernel thread in init.
public final class TimerQueue {
    private var heap: [KernelTimer] = []
    /// The thread that serves the queue; set when it starts.
    private var server: ThreadSlot?

    public init() {}

    public static var shared: TimerQueue { timersRoot.object }

    /// Arms (or arms again) a timer at a CLOCK_MONOTONIC time.
    public func arm(_ timer: KernelTimer, at deadline: UInt64) {
        if timer.position >= 0 { take(timer) }
        timer.deadline = deadline
        timer.position = heap.count
        heap.append(timer)
        siftUp(timer.position)
        if timer.position == 0 { server?.wake() }
    }

    public func cancel(_ timer: KernelTimer) {
        if timer.position >= 0 { take(timer) }
    }

    /// The body of the timer thread. Called with the kernel lock held; never returns.
    public func serve() -> Never {
        server = .current
        while true {
            let token = ThreadSlot.wakeToken
            runExpired()
            _ = ThreadSlot.sleep(token: token, deadline: heap.first?.deadline ?? .max)
        }
    }

    /// Fires the timers whose time has come.
    public func runExpired() {
        let now = Clock.monotonic()
        while let first = heap.first, first.deadline <= now {
            take(first)
            first.fire()
        }
    }

    private func take(_ timer: KernelTimer) {
        let index = timer.position
        guard index >= 0, index < heap.count else { return }
        timer.position = -1
        let last = heap.removeLast()
        guard last !== timer else { return }
        heap[index] = last
        last.position = index
        siftDown(index)
        siftUp(last.position)
    }

    private func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index &- 1) / 2
            if heap[parent].deadline <= heap[index].deadline { return }
            exchange(parent, index)
            index = parent
        }
    }

    private func siftDown(_ start: Int) {
        var index = start
        while true {
            var least = index
            let left = 2 &* index &+ 1
            if left < heap.count, heap[left].deadline < heap[least].deadline { least = left }
            if left &+ 1 < heap.count, heap[left &+ 1].deadline < heap[least].deadline { least = left &+ 1 }
            if least == index { return }
            exchange(index, least)
            index = least
        }
    }

    private func exchange(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        heap[a].position = a
        heap[b].position = b
    }
}

public let timersRoot = Root<TimerQueue>(3)
