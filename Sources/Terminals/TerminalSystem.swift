import Machine
import Tasks

/// The module's root object: the standard streams and the terminals of the sandbox.
public final class TerminalSystem {
    public let streams = HostStreams()
    public let pseudoterminals = PseudoTerminals()
    /// The caller's own terminal, if it has one.
    public internal(set) var console: Console?
    /// Who makes a call.
    public var caller = TerminalCaller()

    private init() {}

    /// Makes the root object. Once, at boot, before any other use of this module.
    public static func boot() { terminalRoot.set(TerminalSystem()) }

    @inline(__always)
    public static var shared: TerminalSystem { terminalRoot.object }
}

public let terminalRoot = Root<TerminalSystem>(6)

/// The task that makes a call. Unit tests, which have no tasks, replace it: without one there is no job control.
open class TerminalCaller {
    public init() {}
    open var task: Task? { Task.current }
}
