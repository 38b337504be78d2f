import KernelBase
import LinuxABI
import Machine

/// Counts the changes of a value, and wakes those who poll(2) a file that shows it.
public final class ValueChanges {
    public private(set) var count: UInt32 = 0
    public let waiters = WaitQueue()
    public init() {}
    func add() {
        count &+= 1
        waiters.wake(POLLIN | POLLRDNORM | POLLERR | POLLPRI)
    }
}

/// Facts of the sandbox as a whole: names, size of the machine, start time.
public final class SystemState {
    public var hostname: Bytes { didSet { hostnameChanges.add() } }
    public var domainname: Bytes = Bytes("(none)") { didSet { domainnameChanges.add() } }
    public let hostnameChanges = ValueChanges(), domainnameChanges = ValueChanges()
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
