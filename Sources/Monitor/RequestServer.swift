import CHost
import Glibc
import MonitorProtocol

/// The thread that answers the sandbox's requests.
final class RequestServer: @unchecked Sendable {
    private let arena: SharedArena
    private let files: HostFiles
    private let socket: Int32
    private let attention: Attention

    /// - Parameters:
    ///   - socket: the monitor's end of the descriptor socket; stays the caller's.
    ///   - attention: raised when the run state changes.
    init(arena: SharedArena, handles: HandleTable, socket: Int32, attention: Attention) {
        self.arena = arena
        self.socket = socket
        self.attention = attention
        let current = CurrentSlot()
        files = HostFiles(handles: handles) { (descriptor) throws(HostError) in
            try HostError.check(chost_send_descriptor(socket, Passed.slot, current.number, descriptor))
        }
        self.current = current
    }

    private final class CurrentSlot {
        var number: UInt32 = 0
    }
    private let current: CurrentSlot

    /// How often the doorbell is looked at before going to sleep, some 25 ns each: requests come in trains (a path walk, a `find`), and
    /// waking a sleeping thread costs more than the pause between two of them. Less while requests are far apart.
    private var spins = spinLimit
    private static let spinLimit = 1000

    /// Serves for ever; the process ends around it.
    func run() {
        var state = RunState.booting
        while true {
            let bell = arena.load32(Header.doorbell)
            let served = serveAll()
            let newState = arena.load32(Header.runState)
            if newState != state {
                state = newState
                attention.raise()
            }
            if served || spin(on: bell) { continue }
            let start = chost_monotonic_ns()
            arena.store32(Header.doorbellWaiting, 1)
            if arena.load32(Header.doorbell) == bell { arena.wait(Header.doorbell, while: bell) }
            arena.store32(Header.doorbellWaiting, 0)
            spins = chost_monotonic_ns() - start < 100_000 ? Self.spinLimit : max(Self.spinLimit / 8, spins / 2)
        }
    }

    private func spin(on bell: UInt32) -> Bool {
        for _ in 0..<spins {
            if arena.load32(Header.doorbell) != bell { return true }
            chost_pause()
        }
        return false
    }

    /// Serves what is submitted; whether there was anything.
    func serveAll() -> Bool {
        var any = false
        for slot in 0..<Slot.count where arena.load32(Slot.header(slot) + SlotHeader.state) == SlotState.submitted {
            serve(slot)
            any = true
        }
        return any
    }

    private func serve(_ slot: Int) {
        let header = Slot.header(slot)
        current.number = UInt32(slot)
        var answer = Answer()
        do throws(HostError) {
            answer = try files.serve(Request(slot: slot, in: arena))
        } catch {
            answer.result = -Int64(error.code)
        }
        if answer.data.count > Slot.dataSize { answer = Answer(result: -Int64(EIO)) }
        arena.write(Slot.data(slot), answer.data)
        arena.store32(header + SlotHeader.resultLength, UInt32(answer.data.count))
        arena.store64(header + SlotHeader.result, UInt64(bitPattern: answer.result))
        arena.store32(header + SlotHeader.state, SlotState.done)
        arena.wake(header + SlotHeader.state)
    }
}

/// A way to wake the main thread from its poll.
final class Attention: Sendable {
    let descriptor: Int32

    init() throws(HostError) { descriptor = try HostError.check(chost_eventfd()) }

    deinit { close(descriptor) }

    func raise() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    /// Takes back what was raised.
    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
