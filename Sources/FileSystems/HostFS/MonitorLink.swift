import KernelBase
import LinuxABI
import Machine
import MonitorProtocol

/// What the monitor answered to a request.
struct MonitorAnswer {
    /// 0 or more; what it means depends on the operation.
    var result: Int
    var data: Bytes
    /// The host descriptor that came with the answer; it belongs to the receiver.
    var descriptor: Int32 = -1
    /// The request's number: how many there had been when it was made, itself included.
    var request = 0

    /// The handle in the result; 0 for none.
    var handle: UInt32 { UInt32(truncatingIfNeeded: result) }
}

/// The request slots: how the kernel asks the monitor for things on the host.
///
/// A request takes a slot, is encoded into it, and sleeps (without the kernel lock) until the monitor has answered. Requests
/// cannot be interrupted: each is a few host calls of the monitor, and an abandoned slot could be answered late.
public final class MonitorLink {
    /// Slots nobody uses.
    private var free: [Int] = []
    private let slotQueue = WaitQueue()
    /// Serialises ``receive(_:)``: only its holder takes messages off the socket.
    private let receiving = SleepLock()
    /// Descriptors that came while another request's was expected, by slot; -1 for none.
    private var received: [Int32]
    /// How often a requester looks for the answer before it sleeps, about 25 ns each: `spinLimit` while answers come soon, less while they do
    /// not, as on a machine whose processors others want. A monitor that is awake answers within 10 us, one that sleeps within 40, while
    /// sleep and wake-up of the requester cost 25 each; and the monitor finds the next request before it falls asleep itself.
    private var spin: UInt32
    /// 0 where there is one processor only.
    private let spinLimit: UInt32
    /// Requests made, for statistics and tests.
    public private(set) var requests = 0

    #if !hasFeature(Embedded)
    /// Unit tests answer here: called with the number of a slot that was submitted.
    public var responder: ((Int) -> Void)?
    /// Stands for the descriptor socket in unit tests.
    public var passed: [(number: UInt32, descriptor: Int32)] = []
    #endif

    /// - Parameter processors: how many the sandbox may use.
    public init(processors: UInt32) {
        spinLimit = processors > 1 ? 2000 : 0
        spin = spinLimit
        received = [Int32](repeating: -1, count: Slot.count)
        free.reserveCapacity(Slot.count)
        // The lowest is taken first: the monitor looks at them in this order, and few memory pages are touched.
        for slot in 0..<Slot.count { free.append(Slot.count &- 1 &- slot) }
    }

    /// Sends a request and waits for its answer. Drops the kernel lock; not interruptible.
    /// - Parameters:
    ///   - passes: a successful answer comes with a descriptor.
    /// - Throws: the errno of the answer; `E2BIG` if the strings do not fit; `ENFILE` if the descriptor did not arrive because
    ///   the sandbox has too many.
    func call(_ operation: Operation, _ handle: UInt32, _ name: Bytes = [], _ second: Bytes = [], _ third: Bytes = [],
              _ a0: UInt64 = 0, _ a1: UInt64 = 0, _ a2: UInt64 = 0, _ a3: UInt64 = 0, passes: Bool = false) throws(Errno) -> MonitorAnswer {
        guard name.count &+ second.count &+ third.count <= Slot.dataSize else { throw .E2BIG }
        let slot = takeSlot()
        defer { releaseSlot(slot) }
        requests &+= 1
        let number = requests

        let header = Slot.header(slot)
        let data = Slot.data(slot)
        SharedArea.store32(operation.rawValue, header &+ SlotHeader.operation)
        SharedArea.store32(handle, header &+ SlotHeader.handle)
        SharedArea.store32(UInt32(name.count), header &+ SlotHeader.lengths)
        SharedArea.store32(UInt32(second.count), header &+ SlotHeader.lengths &+ 4)
        SharedArea.store32(UInt32(third.count), header &+ SlotHeader.lengths &+ 8)
        SharedArea.store64(a0, header &+ SlotHeader.arguments)
        SharedArea.store64(a1, header &+ SlotHeader.arguments &+ 8)
        SharedArea.store64(a2, header &+ SlotHeader.arguments &+ 16)
        SharedArea.store64(a3, header &+ SlotHeader.arguments &+ 24)
        SharedArea.store64(0, header &+ SlotHeader.arguments &+ 32)
        SharedArea.store64(0, header &+ SlotHeader.arguments &+ 40)
        SharedArea.store(name.span, data)
        SharedArea.store(second.span, data &+ name.count)
        SharedArea.store(third.span, data &+ name.count &+ second.count)
        submit(slot, header &+ SlotHeader.state)

        let result = Int(truncatingIfNeeded: Int64(bitPattern: SharedArea.load64(header &+ SlotHeader.result)))
        guard result >= 0 else { throw result > -512 ? Errno(Int32(truncatingIfNeeded: 0 &- result)) : .EIO }
        let length = Int(SharedArea.load32(header &+ SlotHeader.resultLength))
        guard length <= Slot.dataSize else { throw .EIO }
        var answer = MonitorAnswer(result: result, data: SharedArea.bytes(data, length))
        answer.request = number
        if passes { answer.descriptor = try receive(slot) }
        return answer
    }

    /// Hands the slot to the monitor and waits until it is done.
    private func submit(_ slot: Int, _ state: Int) {
        SharedArea.store32(SlotState.submitted, state)
        #if !hasFeature(Embedded)
        if let responder {
            responder(slot)
            return
        }
        #endif
        SharedArea.add32(1, Header.doorbell)
        if SharedArea.load32(Header.doorbellWaiting) != 0 {
            KernelLock.dropped { SharedArea.wakeWaiters(Header.doorbell, 1) }
        }
        let start = Clock.monotonic()
        // Host signals end the wait early.
        while SharedArea.load32(state) == SlotState.submitted {
            SharedArea.waitWhile(state, equals: SlotState.submitted, spin: spin)
        }
        spin = Clock.monotonic() &- start < 100_000 ? spinLimit : max(spinLimit / 16, spin / 2)
    }

    private func takeSlot() -> Int {
        while true {
            if let slot = free.popLast() { return slot }
            // Not interruptible, so it does not throw.
            _ = try? slotQueue.wait(.nothing, exclusive: true) { () throws(Errno) in !free.isEmpty }
        }
    }

    private func releaseSlot(_ slot: Int) {
        SharedArea.store32(SlotState.free, Slot.header(slot) &+ SlotHeader.state)
        free.append(slot)
        slotQueue.wake()
    }

    /// The descriptor for a slot whose answer is there. It was sent before the answer, so it has been received for this
    /// slot already or is in the socket, maybe behind others'.
    private func receive(_ slot: Int) throws(Errno) -> Int32 {
        receiving.lock()
        defer { receiving.unlock() }
        while received[slot] == -1 {
            let message = try nextMessage()
            guard message.kind == Passed.slot, message.number < UInt32(Slot.count) else {
                if message.descriptor >= 0 { Host.close(descriptor: message.descriptor) }
                continue
            }
            let number = Int(message.number)
            // One that nobody has fetched would be lost: there is none unless the monitor is broken.
            if received[number] >= 0 { Host.close(descriptor: received[number]) }
            // -2: the message came without its descriptor, because this process's table is full.
            received[number] = message.descriptor >= 0 ? message.descriptor : -2
        }
        let descriptor = received[slot]
        received[slot] = -1
        guard descriptor >= 0 else { throw .ENFILE }
        return descriptor
    }

    private func nextMessage() throws(Errno) -> (kind: UInt32, number: UInt32, descriptor: Int32) {
        #if !hasFeature(Embedded)
        if responder != nil {
            guard !passed.isEmpty else { throw .EIO }
            let first = passed.removeFirst()
            return (Passed.slot, first.number, first.descriptor)
        }
        #endif
        return try Host.receiveDescriptor()
    }
}
