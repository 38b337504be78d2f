// Descriptors of processes, pidfd_open(2).

import KernelBase
import LinuxABI
import Machine
import VFS

/// A pidfd.
public final class PidFile: File {
    static func make(_ task: Task, threadOnly: Bool) throws(Errno) -> File { throw .ENOSYS }

    /// The process of a pidfd. `EBADF` for any other descriptor.
    public static func process(_ file: File) throws(Errno) -> Process { throw Errno(9) }
}
