// Sets of signals, sigset_t, and what a signal does by default.

/// A set of signals as the kernel has it: 64 bits, signal n is bit n - 1.
public struct SignalSet: Equatable, Sendable {
    public var bits: UInt64

    @inlinable
    public init(bits: UInt64) { self.bits = bits }

    /// The set of one signal; empty if there is no such signal.
    @inlinable
    public init(_ signal: Int32) { bits = SignalSet.bit(signal) }

    @inlinable public static var empty: SignalSet { SignalSet(bits: 0) }
    @inlinable public static var all: SignalSet { SignalSet(bits: ~0) }

    /// SIGKILL and SIGSTOP, which can be neither blocked nor caught.
    @inlinable public static var unblockable: SignalSet { SignalSet(bits: 1 << 8 | 1 << 18) }

    /// The signals that stop a process by default and that SIGCONT takes back.
    @inlinable public static var stopping: SignalSet {
        SignalSet(bits: 1 << 18 | 1 << 19 | 1 << 20 | 1 << 21)
    }

    /// The signals that the instruction just executed raises; they are delivered before all others.
    @inlinable public static var synchronous: SignalSet {
        SignalSet(bits: 1 << 3 | 1 << 4 | 1 << 6 | 1 << 7 | 1 << 10 | 1 << 30)
    }

    /// The real-time signals, which are queued instead of merged.
    @inlinable public static var realTime: SignalSet { SignalSet(bits: ~0 << 31) }

    /// The bit of a signal; 0 for a number outside 1...64.
    @inlinable
    public static func bit(_ signal: Int32) -> UInt64 {
        signal >= 1 && signal <= NSIG ? 1 << UInt64(signal &- 1) : 0
    }

    @inlinable public var isEmpty: Bool { bits == 0 }
    @inlinable public var count: Int { bits.nonzeroBitCount }

    /// The lowest signal in the set.
    @inlinable
    public var first: Int32? { bits == 0 ? nil : Int32(bits.trailingZeroBitCount) &+ 1 }

    /// The signal to deliver next of the pending signals in this set: synchronous ones first, then
    /// the lowest number, as Linux does.
    @inlinable
    public var nextToDeliver: Int32? { intersection(.synchronous).first ?? first }

    @inlinable public func contains(_ signal: Int32) -> Bool { bits & SignalSet.bit(signal) != 0 }
    @inlinable public mutating func insert(_ signal: Int32) { bits |= SignalSet.bit(signal) }
    @inlinable public mutating func remove(_ signal: Int32) { bits &= ~SignalSet.bit(signal) }

    @inlinable
    public func union(_ other: SignalSet) -> SignalSet { SignalSet(bits: bits | other.bits) }
    @inlinable
    public func intersection(_ other: SignalSet) -> SignalSet { SignalSet(bits: bits & other.bits) }
    @inlinable
    public func subtracting(_ other: SignalSet) -> SignalSet { SignalSet(bits: bits & ~other.bits) }
    @inlinable
    public func intersects(_ other: SignalSet) -> Bool { bits & other.bits != 0 }

    @inlinable public mutating func formUnion(_ other: SignalSet) { bits |= other.bits }
    @inlinable public mutating func formIntersection(_ other: SignalSet) { bits &= other.bits }
    @inlinable public mutating func subtract(_ other: SignalSet) { bits &= ~other.bits }
}

/// What a signal does to a process that neither handles nor ignores it, signal(7).
public enum DefaultAction: UInt8, Sendable {
    case terminate
    case core
    case stop
    case `continue`
    case ignore
}

/// The default action of a signal; `.terminate` for a number outside 1...64.
@inlinable
public func defaultAction(of signal: Int32) -> DefaultAction {
    switch signal {
    case SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGXCPU, SIGXFSZ, SIGSYS: .core
    case SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU: .stop
    case SIGCONT: .continue
    case SIGCHLD, SIGURG, SIGWINCH: .ignore
    default: .terminate
    }
}

/// Whether a number names a signal.
@inlinable
public func isSignal(_ number: Int32) -> Bool { number >= 1 && number <= NSIG }

/// The name of a signal, for traces; "SIGRT" for the real-time signals, "SIG?" for no signal.
public func signalName(_ signal: Int32) -> StaticString {
    switch signal {
    case SIGHUP: "SIGHUP"
    case SIGINT: "SIGINT"
    case SIGQUIT: "SIGQUIT"
    case SIGILL: "SIGILL"
    case SIGTRAP: "SIGTRAP"
    case SIGABRT: "SIGABRT"
    case SIGBUS: "SIGBUS"
    case SIGFPE: "SIGFPE"
    case SIGKILL: "SIGKILL"
    case SIGUSR1: "SIGUSR1"
    case SIGSEGV: "SIGSEGV"
    case SIGUSR2: "SIGUSR2"
    case SIGPIPE: "SIGPIPE"
    case SIGALRM: "SIGALRM"
    case SIGTERM: "SIGTERM"
    case SIGSTKFLT: "SIGSTKFLT"
    case SIGCHLD: "SIGCHLD"
    case SIGCONT: "SIGCONT"
    case SIGSTOP: "SIGSTOP"
    case SIGTSTP: "SIGTSTP"
    case SIGTTIN: "SIGTTIN"
    case SIGTTOU: "SIGTTOU"
    case SIGURG: "SIGURG"
    case SIGXCPU: "SIGXCPU"
    case SIGXFSZ: "SIGXFSZ"
    case SIGVTALRM: "SIGVTALRM"
    case SIGPROF: "SIGPROF"
    case SIGWINCH: "SIGWINCH"
    case SIGIO: "SIGIO"
    case SIGPWR: "SIGPWR"
    case SIGSYS: "SIGSYS"
    default: isSignal(signal) ? "SIGRT" : "SIG?"
    }
}
