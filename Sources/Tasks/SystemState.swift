import KernelBase
import LinuxABI
import Machine

/// Facts of the sandbox as a whole: names, size of the machine, start time.
public final class SystemState {
    public var hostname: Bytes
    public var domainname: Bytes = Bytes("(none)")
    /// uname(2) release: that of the host, since its vDSO and CPU features are what programs see.
    public let release: Bytes
    public let hostMemory: UInt64
    public let memoryLimit: UInt64
    public let processors: UInt32
    public let processorSet: [UInt64]
    /// CLOCK_BOOTTIME when the sandbox started.
    public let bootTime: UInt64
    public var load = LoadAverage()

    public init(_ configuration: BootConfiguration) {
        hostname = configuration.hostname
        release = configuration.hostRelease.isEmpty ? Bytes("6.1.0") : configuration.hostRelease
        hostMemory = configuration.hostMemory
        memoryLimit = configuration.memoryLimit
        processors = configuration.processors
        processorSet = configuration.processorSet
        bootTime = Clock.boottime()
    }

    @inline(__always)
    public static var shared: SystemState { systemRoot.object }
}

public let systemRoot = Root<SystemState>(12)
