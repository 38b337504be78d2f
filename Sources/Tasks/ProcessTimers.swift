// Timers of a process: itimers, POSIX timers.

import KernelBase
import LinuxABI
import Machine

/// setitimer(2), timer_create(2).
public struct ProcessTimers {
    public init() {}
    mutating func cancelAll() {}
    /// exec: POSIX timers go, itimers stay.
    mutating func programExecuted() {}
    /// A signal of a POSIX timer is delivered: its overrun count starts anew.
    mutating func signalTaken(_ info: Siginfo) {}
}
