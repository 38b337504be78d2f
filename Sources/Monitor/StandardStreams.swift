import CHost
import Glibc
import MonitorProtocol

/// What one of the caller's standard descriptors is, and how the guest gets it.
struct StandardStream: Equatable {
    var descriptor: Int
    var kind: UInt32
    /// Access mode, O_APPEND, O_NONBLOCK.
    var openFlags: UInt32 = 0
    var sameAs: Int
    var mode: UInt32 = 0
    /// File offset, or device number.
    var offset: Int64 = 0
    var inputRing: Int?
    var outputRing: Int?
    /// Of the host's file.
    var inode: UInt64 = 0
    var length: Int64 = 0

    init(descriptor: Int, kind: UInt32) {
        self.descriptor = descriptor
        self.kind = kind
        sameAs = descriptor
    }
}

/// The caller's three standard descriptors.
struct StandardStreams {
    var streams: [StandardStream]
    /// Whether the guest gets a terminal.
    var usesTerminal: Bool
    /// The host's terminal descriptor whose mode and size count, if any.
    var terminal: Int32?

    /// Which of descriptors 0, 1 and 2 were closed when the program started. Opens `/dev/null` in their place, so
    /// that no other descriptor can take these numbers. To be called before anything is opened.
    static func holdClosed() -> Set<Int> {
        var closed: Set<Int> = []
        for descriptor in 0..<3 where fcntl(Int32(descriptor), F_GETFD) < 0 {
            closed.insert(descriptor)
            // The lowest free number is this one, for the lower ones have just been filled. Not close-on-exec matters not: init closes.
            _ = open("/dev/null", O_RDWR)
        }
        return closed
    }

    /// Looks at the descriptors.
    /// - Parameters:
    ///   - closed: what ``holdClosed()`` found.
    ///   - terminal: nil: a terminal for the guest if both standard input and output are one.
    ///   - sharesErrors: the monitor writes to standard error during the run as well. If that is a file, the guest writes by way of
    ///     the monitor, so that neither overwrites what the other one has written.
    init(closed: Set<Int>, terminal wanted: Bool?, sharesErrors: Bool = false) {
        let isTerminal = (0..<3).map { !closed.contains($0) && isatty(Int32($0)) == 1 }
        usesTerminal = wanted ?? (isTerminal[0] && isTerminal[1])
        terminal = isTerminal.firstIndex(of: true).map { Int32($0) }
        streams = []
        for descriptor in 0..<3 {
            if usesTerminal && (isTerminal[descriptor] || wanted == true) && !closed.contains(descriptor) {
                streams.append(StandardStream(descriptor: descriptor, kind: StdioKind.terminal))
            } else {
                streams.append(Self.classify(descriptor, closed: closed.contains(descriptor)))
            }
        }
        findShared()
        if sharesErrors { pumpErrors() }
        assignRings()
    }

    init(streams: [StandardStream], usesTerminal: Bool) {
        self.streams = streams
        self.usesTerminal = usesTerminal
        assignRings()
    }

    private static func classify(_ descriptor: Int, closed: Bool) -> StandardStream {
        var stream = StandardStream(descriptor: descriptor, kind: StdioKind.closed)
        var attributes = chost_attributes()
        let flags = chost_get_flags(Int32(descriptor))
        guard !closed, flags >= 0, chost_stat(Int32(descriptor), "", &attributes) == 0 else { return stream }
        stream.openFlags = UInt32(bitPattern: flags & (O_ACCMODE | O_APPEND | O_NONBLOCK))
        stream.mode = attributes.mode
        stream.inode = attributes.inode
        stream.length = Int64(clamping: attributes.length)
        switch attributes.mode & UInt32(S_IFMT) {
        case UInt32(S_IFREG):
            stream.kind = StdioKind.file
            stream.offset = max(0, Int64(lseek(Int32(descriptor), 0, SEEK_CUR)))
        case UInt32(S_IFCHR) where attributes.special_device >> 8 == 1 && attributes.special_device & 0xff == 3:
            stream.kind = StdioKind.null
        case UInt32(S_IFCHR) where attributes.special_device >> 8 == 1 && [5, 7, 8, 9].contains(attributes.special_device & 0xff):
            stream.kind = StdioKind.device
            stream.offset = Int64(attributes.special_device)
        default:
            stream.kind = StdioKind.stream
        }
        return stream
    }

    /// Finds descriptors that are one open file description, such as after `2>&1`.
    private mutating func findShared() {
        for later in 1..<3 {
            for earlier in 0..<later where streams[earlier].sameAs == earlier {
                let a = streams[earlier], b = streams[later]
                guard a.kind == b.kind, a.kind != StdioKind.closed, a.kind != StdioKind.terminal else { continue }
                var same = chost_same_description(Int32(earlier), Int32(later))
                if same < 0 {
                    // The host does not tell (kcmp(2) is often refused in containers): then the same file opened the same way, at the same
                    // offset, is taken to be one description.
                    same = Self.looksShared(a, b) ? 1 : 0
                }
                if same == 1 {
                    streams[later].sameAs = earlier
                    break
                }
            }
        }
    }

    /// Standard error, and standard output if it is the same file, become streams.
    private mutating func pumpErrors() {
        let owner = streams[2].sameAs
        guard errorsAreFile, owner > 0 else { return }
        for index in owner..<3 where streams[index].sameAs == owner {
            streams[index].kind = StdioKind.stream
            streams[index].offset = 0
        }
    }

    /// Standard error is a file at whose offset the guest writes.
    var errorsAreFile: Bool { streams[2].kind == StdioKind.file && streams[2].openFlags & UInt32(O_APPEND) == 0 }

    private static func looksShared(_ a: StandardStream, _ b: StandardStream) -> Bool {
        var first = chost_attributes(), second = chost_attributes()
        guard chost_stat(Int32(a.descriptor), "", &first) == 0, chost_stat(Int32(b.descriptor), "", &second) == 0 else { return false }
        return first.device == second.device && first.inode == second.inode && a.openFlags == b.openFlags && a.offset == b.offset
    }

    /// Gives every stream description the rings its access mode asks for. Input comes from descriptor 0 only.
    private mutating func assignRings() {
        for index in 0..<streams.count where streams[index].kind == StdioKind.stream {
            let owner = streams[index].sameAs
            let access = Int32(bitPattern: streams[index].openFlags) & O_ACCMODE
            if index == 0 && access != O_WRONLY { streams[0].inputRing = Ring.standardInput }
            guard access != O_RDONLY else { continue }
            if owner != index {
                // A later name of a description that was read through descriptor 0: the first writer's ring serves all its names.
                if streams[owner].outputRing == nil { streams[owner].outputRing = index == 1 ? Ring.standardOutput : Ring.standardError }
            } else if index > 0 {
                streams[index].outputRing = index == 1 ? Ring.standardOutput : Ring.standardError
            }
        }
        for index in 0..<streams.count where streams[index].sameAs != index {
            streams[index].inputRing = streams[streams[index].sameAs].inputRing
            streams[index].outputRing = streams[streams[index].sameAs].outputRing
        }
    }

    /// Rings to pump to the host, with the host's descriptor.
    var outputs: [(ring: Int, descriptor: Int32)] {
        var result: [(ring: Int, descriptor: Int32)] = []
        for stream in streams where stream.sameAs == stream.descriptor {
            if let ring = stream.outputRing { result.append((ring, Int32(stream.descriptor))) }
        }
        if usesTerminal { result.append((Ring.terminalOutput, terminalDescriptor(for: 1))) }
        return result
    }

    /// Rings to fill from the host, with the host's descriptor, and whether only on demand.
    var inputs: [(ring: Int, descriptor: Int32, onDemand: Bool)] {
        var result: [(ring: Int, descriptor: Int32, onDemand: Bool)] = []
        if let ring = streams[0].inputRing { result.append((ring, 0, true)) }
        if usesTerminal { result.append((Ring.terminalInput, terminalDescriptor(for: 0), false)) }
        return result
    }

    /// The descriptor behind the guest's terminal: the natural one if it is a terminal, else any that is, else (a terminal
    /// was asked for though there is none) the natural one.
    private func terminalDescriptor(for natural: Int) -> Int32 {
        if isatty(Int32(natural)) == 1 { return Int32(natural) }
        return terminal ?? Int32(natural)
    }
}
