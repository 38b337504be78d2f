/// The records of the trace ring: what the kernel tells of calls, signals and itself for `--strace`, `--audit` and `--log`.
///
/// The kernel writes what it alone can know: numbers, and the bytes of the guest's memory at the moment of the call. All
/// text is made by the monitor. Records lie in the ring one after the other, each a multiple of 8 bytes
/// long and never longer than ``maximum``; the producer's count moves by whole records. Numbers are little-endian.
public enum TraceRecord {
    /// u32: bytes of the record, this header included.
    @inlinable public static var size: Int { 0 }
    /// u16: ``TraceKind``.
    @inlinable public static var kind: Int { 4 }
    /// u16: bits by kind.
    @inlinable public static var flags: Int { 6 }
    /// i32: the thread concerned, 0 if none.
    @inlinable public static var tid: Int { 8 }
    /// i32: its process.
    @inlinable public static var pid: Int { 12 }
    /// Where the kind's own fields begin.
    @inlinable public static var body: Int { 16 }
    /// The longest record.
    @inlinable public static var maximum: Int { 0x4000 }

    /// ``TraceKind/enter``: u64 number, u64 x 6 arguments; then ``TraceChunk``s.
    @inlinable public static var enterNumber: Int { 16 }
    @inlinable public static var enterArguments: Int { 24 }
    @inlinable public static var enterChunks: Int { 72 }

    /// ``TraceKind/leave``: u64 number, i64 result; then ``TraceChunk``s.
    @inlinable public static var leaveNumber: Int { 16 }
    @inlinable public static var leaveResult: Int { 24 }
    @inlinable public static var leaveChunks: Int { 32 }
    /// Flag of ``TraceKind/leave``: there is no handler for this number.
    @inlinable public static var flagNoHandler: UInt16 { 1 }

    /// ``TraceKind/task``: i32 new thread, i32 its process. The header's thread made it.
    @inlinable public static var taskTID: Int { 16 }
    @inlinable public static var taskPID: Int { 20 }

    /// ``TraceKind/signal``: the first 48 bytes of siginfo_t. ``TraceKind/stop``: i32 signal.
    @inlinable public static var signalInfo: Int { 16 }
    /// ``TraceKind/exit``: i32, as by wait(2).
    @inlinable public static var exitStatus: Int { 16 }

    /// ``TraceKind/log`` (flags: ``LogLevel``): u32 length, bytes. ``TraceKind/program``: the path likewise, then
    /// from the next multiple of 8 on a list of strings (``TraceChunk/strings``), the arguments.
    @inlinable public static var textLength: Int { 16 }
    @inlinable public static var text: Int { 20 }
}

/// Values of ``TraceRecord/kind``.
public enum TraceKind {
    /// A thread has made a call.
    @inlinable public static var enter: UInt16 { 1 }
    /// The call of a thread returns. Calls that never return have none.
    @inlinable public static var leave: UInt16 { 2 }
    /// A thread was made.
    @inlinable public static var task: UInt16 { 3 }
    /// The thread's process runs another program from now on.
    @inlinable public static var program: UInt16 { 4 }
    /// A signal is delivered.
    @inlinable public static var signal: UInt16 { 5 }
    /// The thread stops.
    @inlinable public static var stop: UInt16 { 6 }
    /// The thread has ended.
    @inlinable public static var exit: UInt16 { 7 }
    /// A line of the log.
    @inlinable public static var log: UInt16 { 8 }
}

/// Bytes of the guest's memory, with a call's argument: 8 bytes of header, data, padding to a multiple of 8.
public enum TraceChunk {
    /// u8: index of the argument.
    @inlinable public static var argument: Int { 0 }
    /// u8: ``form``.
    @inlinable public static var form: Int { 1 }
    /// u8: bit 0: there is more than what was taken; bit 1: it could not be read.
    @inlinable public static var flags: Int { 2 }
    /// u32: bytes of data.
    @inlinable public static var length: Int { 4 }
    @inlinable public static var header: Int { 8 }

    @inlinable public static var cut: UInt8 { 1 }
    @inlinable public static var fault: UInt8 { 2 }

    // Forms.

    /// The bytes themselves: a string, a structure, an array of structures.
    @inlinable public static var bytes: UInt8 { 0 }
    /// Strings: u32 how many there are (those not taken included), then for each that was taken u32 length, with the top bit
    /// if the string is longer, and its bytes.
    @inlinable public static var strings: UInt8 { 1 }
    /// The beginning of what the buffers of an iovec array hold: for each that was taken u32 length, with the top bit if
    /// there is more, and bytes.
    @inlinable public static var buffers: UInt8 { 2 }
    /// What a struct msghdr points to: the address, the iovec array, the control data.
    @inlinable public static var name: UInt8 { 3 }
    @inlinable public static var vector: UInt8 { 4 }
    @inlinable public static var control: UInt8 { 5 }
    /// u32: how many entries there are.
    @inlinable public static var count: UInt8 { 6 }

    @inlinable public static var longer: UInt32 { 0x8000_0000 }

    // How much the kernel takes.

    /// Bytes of a string that is not a path, or of a buffer.
    @inlinable public static var stringLimit: Int { 32 }
    /// Bytes of a path.
    @inlinable public static var pathLimit: Int { 4096 }
    /// Elements of an array.
    @inlinable public static var arrayLimit: Int { 32 }
}
