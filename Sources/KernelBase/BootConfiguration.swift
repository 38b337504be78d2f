import Machine
import MonitorProtocol

/// What the monitor has written down for the image: the program, its surroundings and its limits.
///
/// Decoded once at boot from the records of ``ConfigTag``. The monitor is trusted, but nothing here depends on
/// that: a record that is too short or has an unknown tag is passed over, and the defaults stand.
public struct BootConfiguration {
    /// argv; the first names the program.
    public var arguments: [Bytes] = []
    /// `NAME=value`, in order.
    public var environment: [Bytes] = []
    /// Absolute path in the guest.
    public var workingDirectory: Bytes = [UInt8(ascii: "/")]
    public var uid: UInt32 = 0
    public var gid: UInt32 = 0
    /// Supplementary groups.
    public var groups: [UInt32] = []
    public var hostname: Bytes = Bytes("martlet")
    /// The root first.
    public var mounts: [BootMount] = []
    /// Bytes; 0: no limit.
    public var memoryLimit: UInt64 = 0
    /// Tasks; 0: the kernel's own limit.
    public var taskLimit: UInt32 = 0
    /// ``ConfigFlags``.
    public var flags: UInt32 = 0
    /// ``LogLevel``.
    public var logLevel: UInt32 = LogLevel.none
    /// Standard input, output and error.
    public var standardStreams: [BootStream] = []
    public var umask: UInt32 = 0o022
    /// Bit n-1: signal n is ignored from the start.
    public var ignoredSignals: UInt64 = 0
    /// By RLIMIT_ number; those that were not given are missing at the end.
    public var resourceLimits: [BootResourceLimit] = []
    /// For the kernel's random generators; 32 bytes.
    public var randomSeed: Bytes = []
    /// Physical memory of the host in bytes; 0: unknown.
    public var hostMemory: UInt64 = 0
    /// How many names of files are remembered that nobody uses. One that was looked at takes 1.1 KiB with its inodes: all of them at most a sixtieth
    /// of the host's memory, but as many as a large `/usr` has where that is much.
    public var nameLimit: Int {
        hostMemory == 0 ? 100_000 : Int(max(50_000, min(400_000, hostMemory / 60 / 1100)))
    }
    /// Processors the caller may use.
    public var processors: UInt32 = 1
    public var niceValue: Int32 = 0
    /// Bit n of word n / 64: processor n may be used.
    public var processorSet: [UInt64] = []
    /// CLOCK_MONOTONIC nanoseconds at which the monitor was started.
    public var startTime: UInt64 = 0
    /// uname(2) release of the host.
    public var hostRelease: Bytes = []
    /// Handles of host files that may be in use at once.
    public var handleLimit: UInt32 = 0
    /// Bit n of word n / 64: call n is traced. Empty: all are.
    public var tracedCalls: [UInt64] = []

    public init() {}

    /// Whether each system call is to be traced.
    public var traceCalls: Bool { flags & ConfigFlags.strace != 0 }
    /// Whether the sandbox has a terminal.
    public var hasTerminal: Bool { flags & ConfigFlags.terminal != 0 }

    /// Decodes what the header page points to.
    /// - Returns: nil if the area was made for another version of the protocol.
    public static func load() -> BootConfiguration? {
        guard SharedArea.load64(Header.magic) == Arena.magic else { return nil }
        let offset = Int(truncatingIfNeeded: SharedArea.load64(Header.configOffset))
        let length = Int(truncatingIfNeeded: SharedArea.load64(Header.configLength))
        guard length >= 0, length <= Header.configCapacity else { return nil }
        return BootConfiguration(decoding: SharedArea.bytes(offset, length))
    }

    /// Decodes records: u32 tag, u32 length, value, padding to a multiple of 8.
    public init(decoding bytes: Bytes) {
        var position = 0
        while position &+ 8 <= bytes.count {
            let tag = bytes.load32(at: position)
            let length = Int(bytes.load32(at: position &+ 4))
            guard length <= bytes.count &- position &- 8 else { return }
            if tag == ConfigTag.end.rawValue { return }
            if let tag = ConfigTag(rawValue: tag) {
                decode(tag, Bytes(bytes[(position &+ 8)..<(position &+ 8 &+ length)]))
            }
            position &+= 8 &+ (length &+ 7) & ~7
        }
    }

    private mutating func decode(_ tag: ConfigTag, _ value: Bytes) {
        switch tag {
        case .end: break
        case .argument: arguments.append(value)
        case .environment: environment.append(value)
        case .workingDirectory: if !value.isEmpty { workingDirectory = value }
        case .userID: if value.count >= 4 { uid = value.load32(at: 0) }
        case .groupID: if value.count >= 4 { gid = value.load32(at: 0) }
        case .supplementaryGroups: groups = (0..<(value.count / 4)).map { value.load32(at: $0 &* 4) }
        case .hostname: if value.count <= 64 { hostname = value }
        case .mount: if let mount = BootMount(decoding: value) { mounts.append(mount) }
        case .memoryLimit: if value.count >= 8 { memoryLimit = value.load64(at: 0) }
        case .taskLimit: if value.count >= 4 { taskLimit = value.load32(at: 0) }
        case .flags: if value.count >= 4 { flags = value.load32(at: 0) }
        case .logLevel: if value.count >= 4 { logLevel = value.load32(at: 0) }
        case .stdio: if let stream = BootStream(decoding: value) { standardStreams.append(stream) }
        case .stdioPath:
            for index in standardStreams.indices where value.count > 4 && UInt32(standardStreams[index].descriptor) == value.load32(at: 0) {
                standardStreams[index].path = Bytes(value[4...])
            }
        case .umask: if value.count >= 4 { umask = value.load32(at: 0) & 0o777 }
        case .ignoredSignals: if value.count >= 8 { ignoredSignals = value.load64(at: 0) }
        case .resourceLimits:
            resourceLimits = (0..<min(16, value.count / 16)).map {
                BootResourceLimit(soft: value.load64(at: $0 &* 16), hard: value.load64(at: $0 &* 16 &+ 8))
            }
        case .randomSeed: randomSeed = value
        case .hostMemory: if value.count >= 8 { hostMemory = value.load64(at: 0) }
        case .processors: if value.count >= 4 { processors = max(1, value.load32(at: 0)) }
        case .niceValue: if value.count >= 4 { niceValue = Int32(bitPattern: value.load32(at: 0)) }
        case .processorSet: processorSet = (0..<(value.count / 8)).map { value.load64(at: $0 &* 8) }
        case .startTime: if value.count >= 8 { startTime = value.load64(at: 0) }
        case .hostRelease: hostRelease = value
        case .handleLimit: if value.count >= 4 { handleLimit = value.load32(at: 0) }
        case .tracedCalls: tracedCalls = (0..<(value.count / 8)).map { value.load64(at: $0 &* 8) }
        }
    }
}

/// A pair of limits, getrlimit(2); all ones: unlimited.
public struct BootResourceLimit {
    public var soft: UInt64
    public var hard: UInt64
    public init(soft: UInt64, hard: UInt64) {
        self.soft = soft
        self.hard = hard
    }
}

/// A host file or directory that is to be mounted.
public struct BootMount {
    /// The monitor's handle of its root.
    public var handle: UInt32
    /// ``MountMode``.
    public var mode: UInt32
    /// The root is a file.
    public var isFile: Bool
    /// Absolute path in the guest.
    public var path: Bytes

    public init(handle: UInt32, mode: UInt32, isFile: Bool, path: Bytes) {
        self.handle = handle
        self.mode = mode
        self.isFile = isFile
        self.path = path
    }

    /// Decodes the value of a ``ConfigTag/mount`` record; nil if it is too short.
    init?(decoding value: Bytes) {
        guard value.count >= MountRecord.path else { return nil }
        let length = Int(value.load32(at: MountRecord.pathLength))
        guard length <= value.count &- MountRecord.path else { return nil }
        handle = value.load32(at: MountRecord.handle)
        mode = value.load32(at: MountRecord.mode)
        isFile = value.load32(at: MountRecord.flags) & MountRecord.flagFile != 0
        path = Bytes(value[MountRecord.path..<(MountRecord.path &+ length)])
    }
}

/// A standard descriptor of the program.
public struct BootStream {
    /// 0, 1 or 2.
    public var descriptor: Int
    /// ``StdioKind``.
    public var kind: UInt32
    /// Access mode, O_APPEND, O_NONBLOCK.
    public var openFlags: UInt32
    /// Ring it is read from; nil if none.
    public var inputRing: Int?
    /// Ring it is written to; nil if none.
    public var outputRing: Int?
    /// The lowest descriptor with the same open file description.
    public var sameAs: Int
    /// st_mode of the host's file.
    public var mode: UInt32
    /// File offset for ``StdioKind/file``, st_rdev for ``StdioKind/device``.
    public var offset: Int64
    /// Inode number and length of the host's file.
    public var inode: UInt64
    public var length: Int64
    /// The path in the guest that leads to the file; empty if there is none.
    public var path: Bytes = []

    /// Decodes the value of a ``ConfigTag/stdio`` record; nil if it is too short or names no standard descriptor.
    init?(decoding value: Bytes) {
        guard value.count >= StdioRecord.size, value.load32(at: StdioRecord.descriptor) < 3 else { return nil }
        descriptor = Int(value.load32(at: StdioRecord.descriptor))
        kind = value.load32(at: StdioRecord.kind)
        openFlags = value.load32(at: StdioRecord.openFlags)
        let input = value.load32(at: StdioRecord.ring), output = value.load32(at: StdioRecord.outputRing)
        inputRing = input < UInt32(Ring.count) ? Int(input) : nil
        outputRing = output < UInt32(Ring.count) ? Int(output) : nil
        sameAs = min(descriptor, Int(value.load32(at: StdioRecord.sameAs)))
        mode = value.load32(at: StdioRecord.mode)
        offset = Int64(bitPattern: value.load64(at: StdioRecord.offset))
        inode = value.load64(at: StdioRecord.inode)
        length = Int64(bitPattern: value.load64(at: StdioRecord.length))
    }
}

extension Array where Element == UInt8 {
    /// The little-endian number at `offset`; 0 where it is not wholly inside.
    @inline(__always)
    public func load16(at offset: Int) -> UInt16 {
        guard offset >= 0, offset <= count &- 2 else { return 0 }
        return UInt16(self[offset]) | UInt16(self[offset &+ 1]) &<< 8
    }

    /// The little-endian number at `offset`; 0 where it is not wholly inside.
    @inline(__always)
    public func load32(at offset: Int) -> UInt32 {
        guard offset >= 0, offset <= count &- 4 else { return 0 }
        return UInt32(self[offset]) | UInt32(self[offset &+ 1]) &<< 8
            | UInt32(self[offset &+ 2]) &<< 16 | UInt32(self[offset &+ 3]) &<< 24
    }

    /// The little-endian number at `offset`; 0 where it is not wholly inside.
    @inline(__always)
    public func load64(at offset: Int) -> UInt64 {
        guard offset >= 0, offset <= count &- 8 else { return 0 }
        return UInt64(load32(at: offset)) | UInt64(load32(at: offset &+ 4)) &<< 32
    }
}
