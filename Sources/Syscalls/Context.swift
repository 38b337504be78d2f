import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

/// One system call: who makes it, and with what. Handlers are extensions of it, one file for each
/// family: they decode and check the arguments, and call what does the work.
///
/// A handler runs under the kernel lock, returns what goes to rax, and throws the errno.
public struct SyscallContext {
    public let task: Task
    public let a0, a1, a2, a3, a4, a5: UInt

    /// For what goes on without the registers of a call: restarted ones.
    init(task: Task) {
        self.task = task
        a0 = 0
        a1 = 0
        a2 = 0
        a3 = 0
        a4 = 0
        a5 = 0
    }

    @inline(__always)
    public init(task: Task, frame: Frame) {
        self.task = task
        a0 = frame.rdi
        a1 = frame.rsi
        a2 = frame.rdx
        a3 = frame.r10
        a4 = frame.r8
        a5 = frame.r9
    }

    // Arguments that are C ints: the upper half of the register is ignored, as by Linux.
    @inline(__always) public var i0: Int32 { Int32(truncatingIfNeeded: a0) }
    @inline(__always) public var i1: Int32 { Int32(truncatingIfNeeded: a1) }
    @inline(__always) public var i2: Int32 { Int32(truncatingIfNeeded: a2) }
    @inline(__always) public var i3: Int32 { Int32(truncatingIfNeeded: a3) }
    @inline(__always) public var i4: Int32 { Int32(truncatingIfNeeded: a4) }
    @inline(__always) public var i5: Int32 { Int32(truncatingIfNeeded: a5) }
    @inline(__always) public var u0: UInt32 { UInt32(truncatingIfNeeded: a0) }
    @inline(__always) public var u1: UInt32 { UInt32(truncatingIfNeeded: a1) }
    @inline(__always) public var u2: UInt32 { UInt32(truncatingIfNeeded: a2) }
    @inline(__always) public var u3: UInt32 { UInt32(truncatingIfNeeded: a3) }
    @inline(__always) public var u4: UInt32 { UInt32(truncatingIfNeeded: a4) }
    @inline(__always) public var u5: UInt32 { UInt32(truncatingIfNeeded: a5) }

    @inline(__always) public var files: FileTable { task.files }
    @inline(__always) public var fs: FSContext { task.fs }
    @inline(__always) public var memory: AddressSpace { task.process.memory }
    @inline(__always) public var process: Process { task.process }
    @inline(__always) public var credentials: Credentials { task.credentials }
    @inline(__always) public var frame: Frame { Frame.current }

    /// RLIMIT_NOFILE, soft: the limit of new descriptors.
    @inline(__always) public var descriptorLimit: UInt64 { task.process.limit(7) }

    /// The file of a descriptor. Hold it (``File/acquire()``) across anything that may sleep.
    @inline(__always) public func file(_ descriptor: Int32) throws(Errno) -> File { try files.get(descriptor) }

    /// A path argument: at most 4095 bytes; `ENAMETOOLONG`, `EFAULT`. (An empty one is for the walker to refuse.)
    public func path(at address: UInt) throws(Errno) -> Bytes { try UserMemory.string(at: address, limit: 4096) }

    /// A struct timespec as nanoseconds. `EINVAL` if malformed.
    public func nanoseconds(at address: UInt) throws(Errno) -> UInt64 {
        let time = try UserMemory.load(Timespec.self, at: address)
        guard time.seconds >= 0, time.nanoseconds >= 0, time.nanoseconds < 1_000_000_000 else { throw .EINVAL }
        let (product, overflow) = UInt64(time.seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = product.addingReportingOverflow(UInt64(time.nanoseconds))
        // Times too far away never come.
        return overflow || overflow2 ? .max &- 1 : sum
    }

    /// The deadline of an optional relative time-out; `.max` when the pointer is null.
    public func deadline(timeoutAt address: UInt) throws(Errno) -> UInt64 {
        address == 0 ? .max : Clock.deadline(after: try nanoseconds(at: address))
    }

    /// A signal mask argument with its size; nil when the pointer is null.
    public func signalSet(at address: UInt, size: UInt) throws(Errno) -> SignalSet? {
        guard address != 0 else { return nil }
        guard size == 8 else { throw .EINVAL }
        return SignalSet(bits: try UserMemory.load(UInt64.self, at: address))
    }
}
