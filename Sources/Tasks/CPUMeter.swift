// CPU time that a guest process has used, for timers and limits on it.

import KernelBase
import LinuxABI
import Machine

/// Adds up the CPU time of a guest process over the host processes it runs in: one until it executes a program
/// after a vfork, then another.
struct CPUMeter {
    /// What is measured: a CPUCLOCK_ number.
    private let kind: Int32
    private var host: Int32 = 0
    private var last: UInt64 = 0
    private(set) var total: UInt64 = 0

    init(kind: Int32) { self.kind = kind }

    /// - Returns: nanoseconds since the process was made. The child of a vfork uses its parent's until it has a
    ///   host process of its own.
    mutating func update(_ process: Process) -> UInt64 {
        guard process.hostProcess > 0, !process.borrowsHostProcess else { return total }
        if process.hostProcess != host {
            // Its clock starts at 0 when it comes to the guest process.
            host = process.hostProcess
            last = 0
        }
        let now = process.cpuClock(kind)
        if now > last {
            total &+= now &- last
            last = now
        }
        return total
    }
}

extension Process {
    /// Its only thread is a vfork child on its parent's host thread.
    var borrowsHostProcess: Bool { threads.first?.vforkParent != nil }
}

extension Clock {
    /// A deadline that may be beyond what fits; `.max` would mean never.
    @inline(__always)
    static func saturating(_ base: UInt64, _ length: UInt64) -> UInt64 {
        let (sum, overflow) = base.addingReportingOverflow(length)
        return overflow ? .max &- 1 : min(sum, .max &- 1)
    }
}
