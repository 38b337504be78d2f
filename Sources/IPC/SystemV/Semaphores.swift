import KernelBase
import LinuxABI
import Machine

/// What tasks that share it (CLONE_SYSVSEM) want to be undone when the last of them ends, SEM_UNDO of semop(2). The
/// adjustments themselves are with the sets.
public final class SemaphoreUndoList {
    /// Its number among all that there have been, for an order and as a key.
    public let number: Int
    private var users = 1

    /// A list with one user.
    public init() {
        let system = SystemV.shared
        system.undoLists &+= 1
        number = system.undoLists
    }

    /// One more task uses it.
    public func acquire() { users &+= 1 }
    /// A task lets go of it. After the last one the adjustments take effect.
    public func release() {
        users &-= 1
        if users == 0 { SystemV.shared.undo(self) }
    }
}

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
    /// What is to be added to each semaphore at the end of an undo list, by its number.
    private var undo = HashTable<Int, [Int32]>()
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
    /// - Parameter list: the number of the caller's undo list, if an operation needs it.
    /// - Throws: `ERANGE`.
    private func attempt(_ operations: [Sembuf], _ pid: Int32, _ list: Int) throws(Errno) -> Outcome {
        var next = values
        var adjustments = undo[list] ?? []
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
        if changesUndo { undo[list] = adjustments }
        operationTime = SystemVObject.now
        return .done
    }

    /// semtimedop(2). May sleep.
    /// - Throws: `EFBIG`, `EACCES`, `EAGAIN`, `ERANGE`, `EIDRM`, `EINTR`.
    public func operate(_ operations: [Sembuf], deadline: UInt64) throws(Errno) {
        var alters = false, undoes = false
        for operation in operations {
            guard Int(operation.num) < values.count else { throw .EFBIG }
            if operation.op != 0 { alters = true }
            if UInt32(UInt16(bitPattern: operation.flags)) & SEM_UNDO != 0 { undoes = true }
        }
        try check(alters ? 0o222 : 0o444)
        let pid = IPCState.shared.caller.processID()
        let list = undoes ? IPCState.shared.caller.undoList().number : 0
        guard case .wouldBlock(let first) = try attempt(operations, pid, list) else {
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
                switch try attempt(operations, pid, list) {
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

    /// SETVAL. Takes back what would be undone.
    /// - Throws: `ERANGE`, `EINVAL` for a wrong number.
    public func set(_ number: Int, to value: Int32) throws(Errno) {
        guard value >= 0, value <= Int32(SEMVMX) else { throw .ERANGE }
        guard number >= 0, number < values.count else { throw .EINVAL }
        for list in undo.keys { undo[list]?[number] = 0 }
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

    /// Does what is to be undone at the end of a list; `pid` is the process that ends.
    func undoAll(of list: Int, _ pid: Int32) {
        guard let adjustments = undo.remove(list) else { return }
        for index in 0..<min(adjustments.count, values.count) where adjustments[index] != 0 {
            values[index] = max(0, min(Int32(SEMVMX), values[index] &+ adjustments[index]))
            lastPIDs[index] = pid
        }
        operationTime = SystemVObject.now
        queue.wakeAll()
    }

    public override func removed() { queue.wakeAll() }
}
