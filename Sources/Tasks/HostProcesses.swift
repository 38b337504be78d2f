// Fresh host processes for tasks that cannot stay in theirs: the program after a vfork, and the first one.

import KernelBase
import LinuxABI
import Machine
import Memory
import MonitorProtocol

/// They are taken from those whose program has ended (``SpareProcesses``), or made on request by init's main thread: a clone of
/// init is small and has no guest memory.
public final class HostProcesses {
    private var waiting: [Task] = []
    /// Without a host process for this one there is no run.
    private var required: Task?
    private let queue = WaitQueue()
    /// What is left of tasks that have gone to another host process, until its host thread ends.
    private var remains: [Task] = []
    let spares = SpareProcesses()

    public init() {}
    public static var shared: HostProcesses { hostProcessesRoot.object }

    func keep(_ task: Task) { remains.append(task) }
    func drop(_ task: Task) { remains.removeAll { $0 === task } }

    /// Runs `task` in a new host process. Its ``Task/start`` is called there first.
    /// - Parameter required: it is the sandbox's first: a host that makes no process for it does not let the sandbox start.
    public func launch(_ task: Task, required: Bool = false) {
        if required { self.required = task }
        if let spare = spares.take() {
            assign(task, to: spare)
            spare.slot.wake()
            return
        }
        guard let slot = ThreadSlot.allocate() else {
            abandon(task)
            return
        }
        place(task, on: slot)
        waiting.append(task)
        // One that is about to be free takes it sooner than init could make another.
        if waiting.count > spares.comingCount { queue.wakeAll() }
    }

    /// The task runs on the slot's host thread from its next moment on; what that has used before is none of the task's.
    func place(_ task: Task, on slot: ThreadSlot, used: HostUse = HostUse()) {
        task.slot = slot
        slot.carry(task)
        Frame.of(slot).reset(instruction: 0, stack: 0)
        task.process.usedBefore = used
        task.process.hadThreads = false
    }

    /// The next task that waits for a host process.
    func nextWaiting() -> Task? { waiting.isEmpty ? nil : waiting.removeFirst() }

    /// A host process was killed by the host. What it would have done is left to init.
    func hostProcessEnded(_ host: Int32) {
        guard let slot = spares.remove(host: host) else { return }
        slot.markUnused()
        slot.release()
        queue.wakeAll()
    }

    /// The body of init's main thread. Returns when `done` says so.
    public func serve(until done: () -> Bool) {
        while true {
            _ = try? queue.wait(.nothing) { () throws(Errno) in !waiting.isEmpty || done() }
            if done() { return }
            serveWaiting()
        }
    }

    /// Makes the processes that were asked for so far.
    public func serveWaiting() {
        while let task = nextWaiting() { start(task) }
    }

    /// Init looks at its end condition again.
    public func wake() { queue.wakeAll() }

    private func start(_ task: Task) {
        let slot = task.slot
        let result = KernelLock.dropped { () -> Result<Int32, Errno> in
            do throws(Errno) { return .success(try Host.clone(flags: UInt(CLONE_FILES), slot: slot, tls: 0)) } catch { return .failure(error) }
        }
        switch result {
        case .success(let host):
            // It may have ended already, or gone on to another one.
            if task.slot == slot { task.process.hostProcess = host }
            required = nil
        case .failure(let error):
            Log.write(LogLevel.info, "the host makes no process: errno ", Int(error.rawValue))
            if task === required { Host.refuse("cannot start the program's process", error) }
            abandon(task)
            slot.markUnused()
            slot.release()
        }
    }

    /// The host makes no process for the task, whose old program is gone: it ends as by SIGKILL.
    private func abandon(_ task: Task) {
        task.start = nil
        // The task has let go of its old memory already.
        task.process.memory = AddressSpace(limits: task.process.memoryLimits)
        task.clearChildTID = 0
        task.robustList = 0
        if task.process.groupExit == nil { task.process.groupExit = SIGKILL }
        task.end(status: SIGKILL)
    }
}

public let hostProcessesRoot = Root<HostProcesses>(11)
