// Fast user-space locks, futex(2).

import KernelBase
import LinuxABI
import Machine
import VFS

/// Futexes: the queues that futex(2) waits on, by address space and address.
public enum Futexes {
    /// Wakes waiters at an address of the task's memory.
    public static func wake(_ task: Task, address: UInt, count: Int) {}
    /// The robust list of a task that ends, get_robust_list(2).
    static func releaseRobustList(_ task: Task) {}
}
