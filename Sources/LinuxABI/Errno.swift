/// An error number of the Linux system call interface, errno(3).
///
/// Values above 511 are the kernel's own and never reach a guest: they say how an interrupted call
/// is to be restarted, as in Linux.
public struct Errno: Error, Equatable, Sendable {
    public let rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) { self.rawValue = rawValue }

    @inlinable
    public static func == (a: Errno, b: Errno) -> Bool { a.rawValue == b.rawValue }
}

extension Errno {
    @inlinable public static var EPERM: Errno { Errno(1) }
    @inlinable public static var ENOENT: Errno { Errno(2) }
    @inlinable public static var EINTR: Errno { Errno(4) }
    @inlinable public static var EFAULT: Errno { Errno(14) }
    @inlinable public static var EINVAL: Errno { Errno(22) }
    @inlinable public static var ENOMEM: Errno { Errno(12) }
    @inlinable public static var EAGAIN: Errno { Errno(11) }
    @inlinable public static var ETIMEDOUT: Errno { Errno(110) }
    @inlinable public static var ENOSYS: Errno { Errno(38) }

    /// Restart the call after a handler only if it was installed with SA_RESTART.
    @inlinable public static var ERESTARTSYS: Errno { Errno(512) }
    /// Restart the call always.
    @inlinable public static var ERESTARTNOINTR: Errno { Errno(513) }
    /// Restart the call only if no handler ran.
    @inlinable public static var ERESTARTNOHAND: Errno { Errno(514) }
    /// Restart through restart_syscall(2) if no handler ran.
    @inlinable public static var ERESTART_RESTARTBLOCK: Errno { Errno(516) }
}
