/// The configuration the monitor leaves for the image: records of u32 tag, u32 length of the value in
/// bytes, value, padding to a multiple of 8. It does not change after the start. Unknown tags are skipped.
public enum ConfigTag: UInt32, Sendable {
    /// Ends the records; length 0.
    case end = 0
    /// Bytes without NUL; one record for each, in order. The first names the program: the kernel searches the
    /// guest's PATH when it has no slash.
    case argument = 1
    /// `NAME=value`; one record for each, in order.
    case environment = 2
    /// Absolute path in the guest.
    case workingDirectory = 3
    /// u32
    case userID = 4
    /// u32
    case groupID = 5
    /// u32 x n
    case supplementaryGroups = 6
    /// Bytes without NUL, at most 64.
    case hostname = 7
    /// ``MountRecord``; the root comes first, then the others in the order they are to be mounted.
    case mount = 8
    /// u64 bytes; 0 or absent: no limit.
    case memoryLimit = 9
    /// u32 tasks; 0 or absent: the kernel's own limit.
    case taskLimit = 10
    /// u32: ``ConfigFlags``.
    case flags = 11
    /// u32: ``LogLevel``.
    case logLevel = 12
    /// ``StdioRecord``; three records: standard input, output, error.
    case stdio = 13
    /// u32: umask of the caller.
    case umask = 14
    /// u64: signals the caller has set to be ignored (bit n-1), which exec keeps, for example under nohup(1).
    case ignoredSignals = 15
    /// u64 pairs (soft, hard; all ones = unlimited), indexed by RLIMIT_ number, 16 of them.
    case resourceLimits = 16
    /// 32 random bytes for the kernel's generators.
    case randomSeed = 17
    /// u64: physical memory of the host in bytes.
    case hostMemory = 18
    /// u32: processors the caller may use.
    case processors = 19
    /// i32: nice value of the caller.
    case niceValue = 20
    /// u64 bits: processors the caller may use, 64 per word.
    case processorSet = 21
    /// u64: nanoseconds of CLOCK_MONOTONIC at which `martlet` started.
    case startTime = 22
    /// The host's uname(2) release, bytes.
    case hostRelease = 23
    /// u32: how many handles (``Operation/lookup``) may be in use at once; beyond it the monitor answers ENFILE.
    case handleLimit = 24
    /// u32 standard descriptor, then bytes: the absolute path in the guest that leads to the file the descriptor stands for. Not for
    /// files that the guest cannot see.
    case stdioPath = 25
    /// u64 x 8: bit n of word n / 64: call n is traced if ``ConfigFlags/strace`` is set. Absent: all are.
    case tracedCalls = 26
}

/// Bits of ``ConfigTag/flags``.
public enum ConfigFlags {
    /// Write records of system calls, signals and ends of tasks to the trace ring (``TraceRecord``).
    @inlinable public static var strace: UInt32 { 1 << 0 }
    /// There is a terminal: ``Ring/terminalInput`` and ``Ring/terminalOutput`` are connected; the kernel makes a tty of them,
    /// the program's controlling terminal.
    @inlinable public static var terminal: UInt32 { 1 << 1 }
}

/// Values of ``ConfigTag/logLevel``; the kernel logs what is at or above it, to the trace ring.
public enum LogLevel {
    @inlinable public static var none: UInt32 { 0 }
    @inlinable public static var error: UInt32 { 1 }
    @inlinable public static var warning: UInt32 { 2 }
    @inlinable public static var info: UInt32 { 3 }
    @inlinable public static var debug: UInt32 { 4 }
    @inlinable public static var trace: UInt32 { 5 }
}

/// Value of a ``ConfigTag/mount`` record: offsets.
public enum MountRecord {
    /// u32: handle of the mount's root for requests.
    @inlinable public static var handle: Int { 0 }
    /// u32: ``MountMode``.
    @inlinable public static var mode: Int { 4 }
    /// u32: bit 0: the root is a file, not a directory.
    @inlinable public static var flags: Int { 8 }
    /// u32: bytes of the destination path.
    @inlinable public static var pathLength: Int { 12 }
    /// Absolute path in the guest.
    @inlinable public static var path: Int { 16 }
    @inlinable public static var flagFile: UInt32 { 1 }
}

/// How a host directory is shared.
public enum MountMode {
    @inlinable public static var readOnly: UInt32 { 0 }
    @inlinable public static var readWrite: UInt32 { 1 }
    /// Read-only below, writable in memory above.
    @inlinable public static var copyOnWrite: UInt32 { 2 }
}

/// Value of a ``ConfigTag/stdio`` record: offsets. 56 bytes.
///
/// A description open for reading and writing (a socket, a terminal that is only pumped) can have both rings.
public enum StdioRecord {
    /// u32: 0, 1 or 2.
    @inlinable public static var descriptor: Int { 0 }
    /// u32: ``StdioKind``.
    @inlinable public static var kind: Int { 4 }
    /// u32: the host's open flags: access mode (O_ACCMODE), O_APPEND and O_NONBLOCK only.
    @inlinable public static var openFlags: Int { 8 }
    /// u32: for ``StdioKind/stream``: index of the ring from which it is read, or ``noRing``.
    @inlinable public static var ring: Int { 12 }
    /// u32: lowest standard descriptor that is the same open file description; itself when it is the first.
    /// A later one shares the earlier one's file object, and nothing is passed or pumped for it.
    @inlinable public static var sameAs: Int { 16 }
    /// u32: type and permissions of the host's file (st_mode), so that fstat(2) shows a pipe, socket or file.
    @inlinable public static var mode: Int { 20 }
    /// i64: file offset at the start, for ``StdioKind/file``; st_rdev for ``StdioKind/device``.
    @inlinable public static var offset: Int { 24 }
    /// u32: for ``StdioKind/stream``: index of the ring to which it is written, or ``noRing``.
    @inlinable public static var outputRing: Int { 32 }
    /// u64: inode number of the host's file.
    @inlinable public static var inode: Int { 40 }
    /// i64: bytes of the host's file at the start.
    @inlinable public static var length: Int { 48 }
    @inlinable public static var size: Int { 56 }
    @inlinable public static var noRing: UInt32 { 0xFFFF_FFFF }
}

/// What a standard descriptor is in the guest.
public enum StdioKind {
    /// Closed in the caller: closed in the guest as well.
    @inlinable public static var closed: UInt32 { 0 }
    /// `/dev/null`.
    @inlinable public static var null: UInt32 { 1 }
    /// A regular file, passed by the socket.
    @inlinable public static var file: UInt32 { 2 }
    /// A pipe, socket or device, pumped through a ring.
    @inlinable public static var stream: UInt32 { 3 }
    /// The guest's own terminal.
    @inlinable public static var terminal: UInt32 { 4 }
    /// A memory device (zero, full, random, urandom): the guest's own device of the same number.
    @inlinable public static var device: UInt32 { 5 }
}
