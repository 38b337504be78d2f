import Machine

/// The module's root object: the standard streams and the terminals of the sandbox.
public final class TerminalSystem {
    public let streams = HostStreams()

    private init() {}

    /// Makes the root object. Once, at boot, before any other use of this module.
    public static func boot() { terminalRoot.set(TerminalSystem()) }

    @inline(__always)
    public static var shared: TerminalSystem { terminalRoot.object }
}

public let terminalRoot = Root<TerminalSystem>(6)
