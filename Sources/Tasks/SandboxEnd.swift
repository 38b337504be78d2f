import KernelBase
import LinuxABI
import Machine

/// The end of the run: the program that the sandbox was made for has ended.
public final class SandboxEnd {
    /// The wait status of the program, once it has ended.
    public private(set) var status: Int32?
    public init() {}

    /// Init's main thread finishes the run.
    public static func programEnded(status: Int32) {
        sandboxEndRoot.object.status = status
        HostProcesses.shared.wake()
    }
}

public let sandboxEndRoot = Root<SandboxEnd>(8)
