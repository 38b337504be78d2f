/// Byte rings between the kernel and the monitor's pumps: standard streams, terminal and trace.
///
/// `producer` and `consumer` are free-running u32 byte counts: `producer &- consumer` bytes are in the
/// ring, and byte n lies at `n & (capacity - 1)`. The producer stores data, then `producer` with release order;
/// the consumer loads `producer` with acquire order, copies, then stores `consumer` with release order.
///
/// Bells. After each change of its side (bytes produced or consumed, `closed`, `broken`, `wanted`,
/// `pollWanted`) the kernel increments ``RingHeader/monitorBell`` and, if ``RingHeader/monitorWaiting`` is
/// not 0, wakes it (shared futex, one waiter). After each change of its side that the kernel may wait
/// for, the monitor increments and wakes ``Header/kernelBell``; it does so for consumed bytes only if
/// ``RingHeader/kernelWaiting`` is not 0 (which it then clears).
///
/// Input is read on demand, so that bytes the guest does not ask for stay with the caller's next program:
/// a reader that finds the ring empty stores the number of bytes it wants in ``RingHeader/wanted`` and rings; the
/// monitor takes it (exchange with 0) once the host descriptor is readable, reads at most that many bytes
/// and rings the kernel. A reader that gives up stores 0. To poll, the kernel sets
/// ``RingHeader/pollWanted``; when the host descriptor becomes readable (or is at its end) the monitor
/// takes that (exchange with 0), sets ``RingHeader/readable`` to 1 and rings; it clears
/// `readable` when it has read. The terminal's ring is filled without demand.
public enum Ring {
    @inlinable public static var standardInput: Int { 0 }
    @inlinable public static var standardOutput: Int { 1 }
    @inlinable public static var standardError: Int { 2 }
    /// Keys typed; the host terminal is in raw mode.
    @inlinable public static var terminalInput: Int { 3 }
    @inlinable public static var terminalOutput: Int { 4 }
    /// Records for `--strace`, `--audit` and `--log` (``TraceRecord``). When it is full the kernel waits where it may sleep;
    /// elsewhere it drops the record and counts it in ``Statistics/traceDropped``. The kernel rings only if the monitor waits.
    @inlinable public static var trace: Int { 5 }
    @inlinable public static var count: Int { 6 }

    /// Offset of ring `index`'s header in the arena.
    @inlinable public static func header(_ index: Int) -> Int { 0x41_0000 &+ index &* 0x1000 }
    /// Offset of ring `index`'s data in the arena.
    @inlinable public static func data(_ index: Int) -> Int { 0x42_0000 &+ index &* 0x4_0000 }
    /// Bytes ring `index` can hold; a power of two.
    @inlinable public static func capacity(_ index: Int) -> Int { index == 5 ? 1 << 20 : 1 << 18 }
}

/// Offsets in a ring's header page; every field is a u32, and each group has its own cache line.
public enum RingHeader {
    @inlinable public static var producer: Int { 0x00 }
    /// Set by the producer: no more bytes will come (end of file once the ring is empty).
    @inlinable public static var closed: Int { 0x04 }

    @inlinable public static var consumer: Int { 0x40 }
    /// Set by the consumer: nobody reads any more (EPIPE).
    @inlinable public static var broken: Int { 0x44 }

    @inlinable public static var monitorBell: Int { 0x80 }
    @inlinable public static var monitorWaiting: Int { 0x84 }
    @inlinable public static var kernelWaiting: Int { 0x88 }

    @inlinable public static var wanted: Int { 0xC0 }
    @inlinable public static var pollWanted: Int { 0xC4 }
    @inlinable public static var readable: Int { 0xC8 }
    /// Set by the monitor with `closed` when reading failed: the errno to report instead of end of file.
    @inlinable public static var error: Int { 0xCC }
}
