import KernelBase
import LinuxABI
import Machine
import VFS

/// A counter that can be waited for, eventfd(2).
public final class EventFile: File {
    private var count: UInt64
    private let isSemaphore: Bool
    private let queue = WaitQueue()

    /// - Parameter flags: EFD_SEMAPHORE and EFD_NONBLOCK.
    public init(count: UInt32, flags: UInt32) throws(Errno) {
        try requireMemory()
        self.count = UInt64(count)
        isSemaphore = flags & EFD_SEMAPHORE != 0
        super.init(inode: IPCState.shared.anonymousInode, path: nil, flags: O_RDWR | (flags & EFD_NONBLOCK))
    }

    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard buffer.count >= 8 else { throw .EINVAL }
        if count == 0 {
            if isNonBlocking { throw .EAGAIN }
            _ = try queue.wait(spin: Pipe.spin) { count != 0 }
        }
        let value = isSemaphore ? 1 : count
        count &-= value
        queue.wakeAll(POLLOUT)
        return try store(value, in: &buffer)
    }

    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        guard buffer.count == 8 else { throw .EINVAL }
        let value = try loadWord(from: &buffer)
        guard value != .max else { throw .EINVAL }
        if .max &- count <= value {
            if isNonBlocking { throw .EAGAIN }
            _ = try queue.wait { .max &- count > value }
        }
        count &+= value
        queue.wakeAll(POLLIN)
        return 8
    }

    /// Adds to the counter from inside the kernel; the counter stops at its maximum, which polls as an error.
    public func signal(_ value: UInt64) {
        let (sum, overflow) = count.addingReportingOverflow(value)
        count = overflow ? .max : sum
        queue.wakeAll(count == .max ? POLLIN | POLLERR : POLLIN)
    }

    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(queue)
        var events: UInt32 = 0
        if count > 0 { events |= POLLIN }
        if count == .max { events |= POLLERR }
        if count < .max &- 1 { events |= POLLOUT }
        return events
    }

    public override var ignoresSeek: Bool { true }
    public override var linkText: Bytes { Bytes("anon_inode:[eventfd]") }
    /// For /proc/PID/fdinfo.
    public var counter: UInt64 { count }
}

/// Writes a 64-bit number to a reader's buffer.
func store(_ value: UInt64, in buffer: inout IOBuffer) throws(Errno) -> Int {
    var bytes = InlineArray<8, UInt8>(repeating: 0)
    for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: value &>> UInt64(index &* 8)) }
    guard try buffer.write(bytes.span) == 8 else { throw .EFAULT }
    return 8
}

/// Takes a 64-bit number from a writer's buffer.
func loadWord(from buffer: inout IOBuffer) throws(Errno) -> UInt64 {
    let bytes = try buffer.read(8)
    guard bytes.count == 8 else { throw .EFAULT }
    var value: UInt64 = 0
    for index in 0..<8 { value |= UInt64(bytes[index]) &<< UInt64(index &* 8) }
    return value
}
