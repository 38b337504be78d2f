import CHost
import Glibc
import MonitorProtocol
import Synchronization

/// Moves the bytes of one ring between the sandbox and a host descriptor, on a thread of its own.
/// See ``RingHeader`` in the protocol for who waits for what.
final class RingPump: @unchecked Sendable {
    let index: Int
    private let arena: SharedArena
    private let descriptor: Int32
    private let header: Int
    private let data: Int
    private let capacity: Int
    private let attention: Attention
    private var isTerminalInput: Bool { index == Ring.terminalInput }
    /// Set when the sandbox has ended: what is in the ring is written, then the pump is done.
    private let finishing = Atomic(false)
    private let isDone = Atomic(false)

    init(index: Int, arena: SharedArena, descriptor: Int32, attention: Attention) {
        self.index = index
        self.arena = arena
        self.descriptor = descriptor
        self.attention = attention
        header = Ring.header(index)
        data = Ring.data(index)
        capacity = Ring.capacity(index)
    }

    var isFinished: Bool { isDone.load(ordering: .sequentiallyConsistent) }

    /// Tells an output pump that nothing more will come.
    func finish() {
        finishing.store(true, ordering: .sequentiallyConsistent)
        arena.ring(header + RingHeader.monitorBell)
    }

    /// The reader on the host is gone.
    func markBroken() {
        arena.store32(header + RingHeader.broken, 1)
        arena.ring(Header.kernelBell)
        arena.ring(header + RingHeader.monitorBell)
    }

    private func sleep(bell: UInt32, unless ready: () -> Bool) {
        arena.store32(header + RingHeader.monitorWaiting, 1)
        if !ready() { arena.wait(header + RingHeader.monitorBell, while: bell) }
        arena.store32(header + RingHeader.monitorWaiting, 0)
    }

    // -- output --

    /// Writes what the sandbox produces until it has closed the ring, the host does not take it, or the sandbox is at its end.
    func runOutput() {
        while true {
            let bell = arena.load32(header + RingHeader.monitorBell)
            let consumer = arena.load32(header + RingHeader.consumer)
            let available = arena.load32(header + RingHeader.producer) &- consumer
            if available == 0 {
                if finishing.load(ordering: .sequentiallyConsistent) || arena.load32(header + RingHeader.closed) != 0 || arena.load32(header + RingHeader.broken) != 0 { break }
                sleep(bell: bell) { arena.load32(header + RingHeader.producer) != consumer || finishing.load(ordering: .sequentiallyConsistent) }
                continue
            }
            guard available <= UInt32(capacity), arena.load32(header + RingHeader.broken) == 0 else {
                markBroken()  // no honest kernel does that: stop listening
                break
            }
            let start = Int(consumer) & (capacity - 1)
            let count = min(Int(available), capacity - start)
            let written = arena.send(descriptor, data + start, count)
            if written > 0 {
                arena.store32(header + RingHeader.consumer, consumer &+ UInt32(written))
                if arena.exchange32(header + RingHeader.kernelWaiting, 0) != 0 { arena.ring(Header.kernelBell) }
                continue
            }
            switch Int32(-written) {
            case EINTR: continue
            case EAGAIN: waitFor(POLLOUT)
            case EPIPE:
                markBroken()
                finished()
                return
            default:
                arena.store32(header + RingHeader.error, UInt32(truncatingIfNeeded: -written))
                markBroken()
                finished()
                return
            }
        }
        finished()
    }

    private func finished() {
        isDone.store(true, ordering: .sequentiallyConsistent)
        attention.raise()
    }

    private func waitFor(_ events: Int32) {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        poll(&entry, 1, -1)
    }

    // -- input --

    /// Fills the ring from the host until end of file or until the guest has closed its end.
    func runInput(onDemand: Bool) {
        var endsLine = true
        while arena.load32(header + RingHeader.broken) == 0 {
            let bell = arena.load32(header + RingHeader.monitorBell)
            let producer = arena.load32(header + RingHeader.producer)
            let used = producer &- arena.load32(header + RingHeader.consumer)
            let space = capacity - Int(min(used, UInt32(capacity)))
            let wanted = arena.load32(header + RingHeader.wanted), polled = arena.load32(header + RingHeader.pollWanted)
            guard space > 0, !onDemand || wanted != 0 || polled != 0 else {
                sleep(bell: bell) { arena.load32(header + RingHeader.monitorBell) != bell }
                continue
            }
            waitFor(POLLIN)
            if onDemand && arena.exchange32(header + RingHeader.pollWanted, 0) != 0 {
                arena.store32(header + RingHeader.readable, 1)
                arena.ring(Header.kernelBell)
            }
            var limit = space
            if onDemand {
                let taken = arena.exchange32(header + RingHeader.wanted, 0)
                if taken == 0 { continue }
                limit = min(space, Int(taken))
            }
            let start = Int(producer) & (capacity - 1)
            let count = arena.receive(descriptor, data + start, min(limit, capacity - start))
            if count > 0 {
                if isTerminalInput { endsLine = [10, 13].contains(arena.read(data + start + count - 1, 1).first) }
                arena.store32(header + RingHeader.producer, producer &+ UInt32(count))
                if onDemand { arena.store32(header + RingHeader.readable, 0) }
                arena.ring(Header.kernelBell)
                continue
            }
            if count == -Int(EINTR) || count == -Int(EAGAIN) {
                // Somebody else was faster: the wish stands.
                if onDemand { arena.store32(header + RingHeader.wanted, UInt32(limit)) }
                continue
            }
            if count == 0, isTerminalInput, isatty(descriptor) != 1 {
                // The guest's terminal does not hang up because its keys come from a file: it gets the key for the end of the input, as from
                // script(1); a second one where the first only ends a line.
                let keys: [UInt8] = endsLine || space == 1 ? [4] : [4, 4]
                for (index, key) in keys.enumerated() { arena.write(data + (start + index) & (capacity - 1), [key]) }
                arena.store32(header + RingHeader.producer, producer &+ UInt32(keys.count))
                arena.ring(Header.kernelBell)
                return
            }
            if count < 0 { arena.store32(header + RingHeader.error, UInt32(-count)) }
            arena.store32(header + RingHeader.closed, 1)
            arena.ring(Header.kernelBell)
            return
        }
    }
}
