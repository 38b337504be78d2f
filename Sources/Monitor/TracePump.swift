import CHost
import Glibc
import MonitorProtocol
import Synchronization
import TraceDecoder

/// Reads the trace ring on a thread of its own: writes the lines of `--strace` and `--log`, and counts for `--audit`.
final class TracePump: @unchecked Sendable {
    private let arena: SharedArena
    private let descriptor: Int32
    private let attention: Attention
    /// Lines end with CR LF: the descriptor is a terminal in raw mode.
    private let rawTerminal: Bool
    private let header = Ring.header(Ring.trace)
    private let capacity = Ring.capacity(Ring.trace)
    private let finishing = Atomic(false)
    private let isDone = Atomic(false)

    // -- of the pump's thread, and of nobody else before it is done --
    private var lines: LineWriter
    private let showsCalls: Bool
    private(set) var audit: Audit?
    /// The sandbox has written something that is no record.
    private(set) var isCorrupt = false
    private var output: [UInt8] = []
    /// The errno of the first write that failed.
    private(set) var writeError: Int32?
    private var canWrite: Bool { writeError == nil }
    /// Lines wait for the end of the run: the descriptor is a file at whose offset the guest writes.
    private let holdsLines: Bool
    /// What has waited, when the pump is done.
    private(set) var heldLines = ""

    /// - Parameters:
    ///   - filter: the calls that are shown; nil: none, only lines of the log.
    ///   - audit: whether to count.
    ///   - holdsLines: see ``heldLines``. Only for runs without many lines.
    init(arena: SharedArena, descriptor: Int32, attention: Attention, rawTerminal: Bool, filter: CallSet?, audit: Bool, holdsLines: Bool = false) {
        self.arena = arena
        self.descriptor = descriptor
        self.attention = attention
        self.rawTerminal = rawTerminal
        self.holdsLines = holdsLines
        lines = LineWriter(filter: filter ?? .all)
        showsCalls = filter != nil
        self.audit = audit ? Audit() : nil
    }

    var isFinished: Bool { isDone.load(ordering: .sequentiallyConsistent) }

    /// Tells the pump that nothing more will come.
    func finish() {
        finishing.store(true, ordering: .sequentiallyConsistent)
        arena.ring(header + RingHeader.monitorBell)
    }

    private var isFinishing: Bool { finishing.load(ordering: .sequentiallyConsistent) }

    /// Runs until the sandbox is at its end.
    func run() {
        while !isCorrupt {
            let bell = arena.load32(header + RingHeader.monitorBell)
            let consumer = arena.load32(header + RingHeader.consumer)
            let available = arena.load32(header + RingHeader.producer) &- consumer
            guard available > 0 else {
                if isFinishing { break }
                rest(bell, consumer)
                continue
            }
            guard available <= UInt32(capacity) else {
                isCorrupt = true
                break
            }
            take(consumer, Int(available))
            if !canWrite && audit == nil { break }
        }
        if isCorrupt || !canWrite {
            // Nobody listens any more: the kernel is not to wait for room.
            arena.store32(header + RingHeader.broken, 1)
            arena.ring(Header.kernelBell)
        }
        output += lines.finish().utf8
        write(all: true)
        audit?.finish()
        isDone.store(true, ordering: .sequentiallyConsistent)
        attention.raise()
    }

    /// Sleeps until there is something new. A line that is still open is shown after a while.
    private func rest(_ bell: UInt32, _ consumer: UInt32) {
        arena.store32(header + RingHeader.monitorWaiting, 1)
        if arena.load32(header + RingHeader.producer) == consumer && !isFinishing {
            arena.wait(header + RingHeader.monitorBell, while: bell, nanoseconds: output.isEmpty ? -1 : 100_000_000)
        }
        arena.store32(header + RingHeader.monitorWaiting, 0)
        if arena.load32(header + RingHeader.producer) == consumer {
            write(all: true)
        } else if !isFinishing && (showsCalls || audit != nil) {
            // More will come: one look at many records costs less than waking up for each.
            usleep(300)
        }
    }

    /// Takes what is in the ring: whole records.
    private func take(_ consumer: UInt32, _ available: Int) {
        var bytes: [UInt8] = []
        let start = Int(consumer) & (capacity - 1)
        let first = min(available, capacity - start)
        bytes = arena.read(Ring.data(Ring.trace) + start, first)
        if first < available { bytes += arena.read(Ring.data(Ring.trace), available - first) }
        arena.store32(header + RingHeader.consumer, consumer &+ UInt32(available))
        if arena.exchange32(header + RingHeader.kernelWaiting, 0) != 0 { arena.ring(Header.kernelBell) }

        var position = 0
        while position < bytes.count {
            guard let length = TraceEvent.length(bytes[position...]), length <= bytes.count - position else {
                isCorrupt = true
                break
            }
            let event = TraceEvent([UInt8](bytes[position..<(position + length)]))
            position += length
            audit?.add(event)
            if showsCalls || event.kind == TraceKind.log { output += lines.text(event).utf8 }
            if output.count > 1 << 16 { write(all: false) }
        }
        write(all: false)
    }

    /// Writes the lines that are complete, or everything.
    private func write(all: Bool) {
        var end = output.count
        if !all {
            guard let last = output.lastIndex(of: UInt8(ascii: "\n")) else { return }
            end = last + 1
        }
        guard end > 0 else { return }
        var bytes = [UInt8](output[..<end])
        output.removeFirst(end)
        guard canWrite else { return }
        if holdsLines {
            if heldLines.utf8.count < 1 << 20 { heldLines += String(decoding: bytes, as: UTF8.self) }
            return
        }
        if rawTerminal { bytes = bytes.flatMap { $0 == UInt8(ascii: "\n") ? [UInt8(ascii: "\r"), $0] : [$0] } }
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count > 0 {
                done += count
            } else if count < 0, errno == EAGAIN {
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, -1)
            } else if count < 0, errno != EINTR {
                writeError = errno
                return
            }
        }
    }
}
