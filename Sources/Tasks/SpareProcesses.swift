// Host processes whose program has ended, kept for the next one.

import KernelBase
import Machine
import Memory

/// A host process is expensive: the host makes it, makes its page tables, takes page faults until it has mapped what the kernel
/// touches, and takes all of it apart at its end. So one whose program has ended unmaps what that had, and waits for the next
/// program that needs a host process (see ``HostProcesses``).
///
/// All processes of a sandbox are one trust domain, so what a program may have left in registers or kernel memory is no secret
/// from the next one.
final class SpareProcesses {
    struct Spare {
        let slot: ThreadSlot
        /// What its clocks say when it has nothing to do: see ``HostUse``.
        let use: HostUse
        var host: Int32 { slot.hostThread }
    }

    private var ready: [Spare] = []
    /// Those that are unmapping the memory of their last program. Each looks for a task by itself then.
    private var emptying: [(slot: ThreadSlot, isSmall: Bool)] = []

    /// So many are kept: as many as programs end and start at the same time on a small machine.
    private static var limit: Int { 2 }
    /// Pages of private memory in what is unmapped sooner than init could make a host process, and in what is worth keeping at all.
    private static var small: Int { 1024 }
    private static var largest: Int { 16384 }

    /// How many will look for a task before init could have made a host process.
    var comingCount: Int { emptying.reduce(0) { $0 &+ ($1.isSmall ? 1 : 0) } }

    /// Whether the host process of a task that is about to end can be used again: it must be the task's alone, and in the
    /// state in which the host makes one.
    func suits(_ task: Task) -> Bool {
        let process = task.process
        return ready.count &+ emptying.count < SpareProcesses.limit && task.vforkParent == nil && process.threads.count == 1
            && !process.hadThreads && task.slot.hostThread == process.hostProcess
            && task.memory.users == 1 && task.memory.privatePages <= SpareProcesses.largest
            && task.affinity == SystemState.shared.processorSet && sandboxEndRoot.object.status == nil
    }

    /// The host process of the calling thread unmaps what was a program's with so many private pages.
    func startsEmptying(_ slot: ThreadSlot, privatePages: Int) {
        emptying.append((slot, privatePages <= SpareProcesses.small))
    }

    /// It is empty now.
    func hasEmptied(_ slot: ThreadSlot) { emptying.removeAll { $0.slot == slot } }

    func add(_ spare: Spare) { ready.append(spare) }
    func take() -> Spare? { ready.popLast() }

    /// The host has killed a process.
    /// - Returns: its slot, if it was one of these.
    func remove(host: Int32) -> ThreadSlot? {
        for (index, spare) in ready.enumerated() where spare.host == host {
            ready.remove(at: index)
            return spare.slot
        }
        for (index, process) in emptying.enumerated() where process.slot.hostThread == host {
            return emptying.remove(at: index).slot
        }
        return nil
    }
}

extension HostProcesses {
    /// The host process of a task that has just ended, in its only thread and with nothing on its stack: empties itself and
    /// waits for another task. Holds the kernel lock at the call and at the return; drops it meanwhile.
    /// - Returns: false if the host process is to end.
    public func waitForTask() -> Bool {
        let slot = ThreadSlot.current
        guard let initTask = TaskTable.shared.process(1)?.leader else { return false }
        // The slot's task is gone. What the thread does from here on it does in init's name.
        slot.carry(initTask)
        slot.settleCalls()
        AddressSpace.unmapGuest()
        spares.hasEmptied(slot)
        ThreadSlot.clearWork(.max)
        let spare = SpareProcesses.Spare(slot: slot, use: .now())
        if let task = nextWaiting() {
            let reserved = task.slot
            assign(task, to: spare)
            reserved.markUnused()
            reserved.release()
            return true
        }
        guard sandboxEndRoot.object.status == nil else { return false }
        spares.add(spare)
        while true {
            let token = ThreadSlot.wakeToken
            if !slot.runs(initTask) { return true }
            _ = ThreadSlot.sleep(token: token, deadline: .max)
        }
    }

    /// The task runs in the spare's host process from now on.
    func assign(_ task: Task, to spare: SpareProcesses.Spare) {
        place(task, on: spare.slot, used: spare.use)
        task.process.hostProcess = spare.host
    }
}
