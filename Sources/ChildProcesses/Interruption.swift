import CHost
import Glibc

/// SIGINT, SIGTERM and SIGHUP are blocked while a command works and looked for between two steps, so that scratch files, children
/// and results are never left behind half-done.
public struct Interruption: Sendable {
    private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]
    /// Readable while a signal is pending; nobody reads it, so that it stays so.
    public let descriptor: Int32

    private static func set() -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }

    /// Blocks them, in this thread and those it will start.
    public init() {
        var set = Self.set()
        pthread_sigmask(SIG_BLOCK, &set, nil)
        descriptor = chost_signalfd(&set)
    }

    /// Whether one has arrived; it stays pending.
    public var isPending: Bool { Self.pendingSignal != nil }

    /// The signal that has arrived, for whoever was not handed the interruption.
    public static var pendingSignal: Int32? {
        var pending = sigset_t()
        sigemptyset(&pending)
        sigpending(&pending)
        return signals.first { sigismember(&pending, $0) == 1 }
    }

    /// Lets what is pending take its course, which ends the process if there is something.
    public func unblock() {
        var set = Self.set()
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        close(descriptor)
    }
}
