import CMachine

/// What is traced and logged, as one word that every entry can look at: it is set at boot, before any guest runs, and never changes.
public enum Tracing {
    /// Whether system calls are traced.
    @inline(__always) public static var tracesCalls: Bool { ml_tracing() & 1 != 0 }
    /// The level (MonitorProtocol's `LogLevel`) from which on lines are logged.
    @inline(__always) public static var logLevel: UInt32 { ml_tracing() >> 8 }

    public static func set(calls: Bool, logLevel: UInt32) { ml_set_tracing((calls ? 1 : 0) | (logLevel & 0xff) << 8) }
}
