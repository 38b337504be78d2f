import KernelBase
import LinuxABI
import Machine

/// A set of System V semaphores, semop(2).
public final class SemaphoreSet: SystemVObject {
    /// One call that sleeps: what keeps it from going on.
    private final class Sleeper {
        var number = 0
        var waitsForZero = false
    }

    public private(set) var values: [Int32]
    public private(set) var lastPIDs: [Int32]
    /// Seconds of the last semop.
    public private(set) var operationTime: Int64 = 0
    /// What is to be added to each semaphore when a process ends (SEM_UNDO).
    private var undo = HashTable<Int32, [Int32]>()
    private var sleepers: [Sleeper] = []
    private let queue = WaitQueue()

    init(key: Int32, count: Int, mode: UInt32) {
        values = [Int32](repeating: 0, count: count)
        lastPIDs = [Int32](repeating: 0, count: count)
        super.init(key: key, mode: mode)
    }

    private enum Outcome {
        case done
        case wouldBlock(Int)
    }

    /// Does all operations, or none.
    /// - Throws: `ERANGE`.
    private func attempt(_ operations: [Sembuf], _ pid: Int32) throws(Errno) -> Outcome {
        var next = values
        var adjustments = undo[pid] ?? []
        var changesUndo = false
        for index in 0..<operations.count {
            let operation = operations[index]
            let number = Int(operation.num)
            guard number < next.count else { throw .EFBIG }
            let value = next[number] &+ Int32(operation.op)
            if operation.op == 0 {
                if next[number] != 0 { return .wouldBlock(index) }
                continue
            }
            if value < 0 { return .wouldBlock(index) }
            guard value <= Int32(SEMVMX) else { throw .ERANGE }
            if UInt32(UInt16(bitPattern: operation.flags)) & SEM_UNDO != 0 {
                if adjustments.isEmpty { adjustments = [Int32](repeating: 0, count: next.count) }
                let adjustment = adjustments[number] &- Int32(operation.op)
                guard adjustment >= -32768, adjustment <= 32767 else { throw .ERANGE }
                adjustments[number] = adjustment
                changesUndo = true
            }
            next[number] = value
        }
        values = next
        for operation in operations { lastPIDs[Int(operation.num)] = pid }
        if changesUndo { undo[pid] = adjustments }
        operationTime = SystemVObject.now
        return .done
    }

    /// semtimedop(2). May sleep.
    /// - Throws: `EFBIG`, `EACCES`, `EAGAIN`, `ERANGE`, `EIDRM`, `EINTR`.
    public func operate(_ operations: [Sembuf], deadline: UInt64) throws(Errno) {
        var alters = false
        for operation in operations {
            guard Int(operation.num) < values.count else { throw .EFBIG }
            if operation.op != 0 { alters = true }
        }
        try check(alters ? 0o222 : 0o444)
        let pid = IPCState.shared.caller.processID()
        guard case .wouldBlock(let first) = try attempt(operations, pid) else {
            if alters { queue.wakeAll() }
            return
        }
        if UInt32(UInt16(bitPattern: operations[first].flags)) & IPC_NOWAIT != 0 { throw .EAGAIN }
        let sleeper = Sleeper()
        sleepers.append(sleeper)
        defer { sleepers.removeAll { $0 === sleeper } }
        sleeper.number = Int(operations[first].num)
        sleeper.waitsForZero = operations[first].op == 0
        var isDone = false
        do throws(Errno) {
            isDone = try queue.wait(deadline: deadline) { () throws(Errno) in
                if isRemoved { throw .EIDRM }
                switch try attempt(operations, pid) {
                case .done: return true
                case .wouldBlock(let index):
                    if UInt32(UInt16(bitPattern: operations[index].flags)) & IPC_NOWAIT != 0 { throw .EAGAIN }
                    sleeper.number = Int(operations[index].num)
                    sleeper.waitsForZero = operations[index].op == 0
                    return false
                }
            }
        } catch {
            // Never restarted, whatever the handler says.
            throw error == .ERESTARTSYS ? .EINTR : error
        }
        guard isDone else { throw .EAGAIN }
        if alters { queue.wakeAll() }
    }

    // --- semctl(2) ---

    /// SETVAL. Takes back what processes would undo.
    /// - Throws: `ERANGE`, `EINVAL` for a wrong number.
    public func set(_ number: Int, to value: Int32) throws(Errno) {
        guard value >= 0, value <= Int32(SEMVMX) else { throw .ERANGE }
        guard number >= 0, number < values.count else { throw .EINVAL }
        for pid in undo.keys { undo[pid]?[number] = 0 }
        values[number] = value
        lastPIDs[number] = IPCState.shared.caller.processID()
        touch()
        queue.wakeAll()
    }

    /// SETALL
    public func setAll(_ new: [UInt16]) throws(Errno) {
        guard new.count == values.count else { throw .EINVAL }
        for value in new { guard Int(value) <= SEMVMX else { throw .ERANGE } }
        undo.removeAll()
        let pid = IPCState.shared.caller.processID()
        for index in 0..<new.count {
            values[index] = Int32(new[index])
            lastPIDs[index] = pid
        }
        touch()
        queue.wakeAll()
    }

    /// How many calls wait for a semaphore to rise (GETNCNT), or to become 0 (GETZCNT).
    public func waiting(_ number: Int, forZero: Bool) -> Int {
        var count = 0
        for sleeper in sleepers where sleeper.number == number && sleeper.waitsForZero == forZero { count &+= 1 }
        return count
    }

    /// A process ended: does what it asked to be undone.
    func undoAll(of pid: Int32) {
        guard let adjustments = undo.remove(pid) else { return }
        for index in 0..<min(adjustments.count, values.count) where adjustments[index] != 0 {
            values[index] = max(0, min(Int32(SEMVMX), values[index] &+ adjustments[index]))
            lastPIDs[index] = pid
        }
        operationTime = SystemVObject.now
        queue.wakeAll()
    }

    public override func removed() { queue.wakeAll() }
}
