import KernelBase
import LinuxABI
import Machine

/// The end of the run: the program that the sandbox was made for has ended.
public final class SandboxEnd {
    /// The wait status of the program, once it has ended.
    public private(set) var status: Int32?
    /// Init's main thread sleeps here.
    public let queue = WaitQueue()
    public init() {}

    public static func programEnded(status: Int32) {
        let end = sandboxEndRoot.object
        end.status = status
        end.queue.wakeAll()
    }
}

public let sandboxEndRoot = Root<SandboxEnd>(8)
