// Sending signals, signal(7). Delivery is in SignalDelivery.swift.

import KernelBase
import LinuxABI
import Machine

/// What a process does on each signal; shared by threads, and by CLONE_SIGHAND.
public final class SignalHandlers {
    private var actions: [Sigaction]

    init() { actions = Array(repeating: Sigaction(), count: 64) }
    private init(_ actions: [Sigaction]) { self.actions = actions }

    public subscript(signal: Int32) -> Sigaction {
        get { signal >= 1 && signal <= 64 ? actions[Int(signal) - 1] : Sigaction() }
        set { if signal >= 1 && signal <= 64 { actions[Int(signal) - 1] = newValue } }
    }

    func copy() -> SignalHandlers { SignalHandlers(actions) }

    /// exec: handlers become the default; what is ignored stays ignored.
    func resetForExec() {
        for index in actions.indices where actions[index].handler != SIG_IGN { actions[index] = Sigaction() }
    }

    public func ignores(_ signal: Int32) -> Bool {
        let handler = self[signal].handler
        guard handler == SIG_DFL else { return handler == SIG_IGN }
        // SIGCONT continues when it is sent; nothing is left to deliver, and no call to interrupt.
        let action = defaultAction(of: signal)
        return action == .ignore || action == .continue
    }
}

/// Signals that were sent and not yet delivered, in the order they came.
public struct PendingSignals {
    public private(set) var set = SignalSet.empty
    /// The oldest first. Those before ``head`` have been taken: thousands may be queued, and they mostly go in their order.
    private var queue: [Siginfo] = []
    private var head = 0

    public init() {}
    public var count: Int { queue.count &- head }

    mutating func enqueue(_ info: Siginfo) {
        set.insert(info.signo)
        queue.append(info)
    }

    private mutating func forgetTaken() {
        // The memory of a long queue is not kept for the next.
        if head == queue.count, head > 1024 { queue = [] } else { queue.removeFirst(head) }
        head = 0
    }

    /// A signal that is pending without an entry: there was no room for what is known of it.
    mutating func mark(_ signal: Int32) { set.insert(signal) }

    /// Takes the oldest entry of a signal.
    mutating func take(_ signal: Int32) -> Siginfo? {
        guard set.contains(signal) else { return nil }
        var index = head
        var position = -1
        var more = false
        while index < queue.count {
            if queue[index].signo == signal {
                if position >= 0 {
                    more = true
                    break
                }
                position = index
            }
            index += 1
        }
        if !more { set.remove(signal) }
        // One that was marked only says nothing of its sender.
        guard position >= 0 else { return .kill(signal, code: SI_USER, pid: 0, uid: 0) }
        if position > head { return queue.remove(at: position) }
        let found = queue[head]
        head &+= 1
        if head == queue.count || head > 1024 && head > queue.count / 2 { forgetTaken() }
        return found
    }

    mutating func discard(_ signals: SignalSet) {
        guard set.intersects(signals) else { return }
        set.subtract(signals)
        forgetTaken()
        queue.removeAll { signals.contains($0.signo) }
    }

    /// Takes back the queued entries that `matches` (POSIX timers that were deleted).
    mutating func removeAll(where matches: (Siginfo) -> Bool) {
        forgetTaken()
        var queued = SignalSet.empty
        for info in queue { queued.insert(info.signo) }
        queue.removeAll(where: matches)
        var left = set.subtracting(queued)
        for info in queue { left.insert(info.signo) }
        set = left
    }
}

extension Process {
    /// Whether a signal of this number would be dropped at once.
    func wouldIgnore(_ signal: Int32, in task: Task?) -> Bool {
        // A blocked signal stays pending even if ignored now: the handler may change. In sigtimedwait(2) the mask from before counts.
        if let task, task.blocked.contains(signal) || task.blockedBeforeWait.contains(signal) { return false }
        if isInit { return handlers[signal].handler == SIG_DFL || handlers.ignores(signal) }
        return handlers.ignores(signal)
    }

    /// The thread that stands for the process.
    var anyTask: Task? { leader ?? threads.first }

    /// Sends a signal to the process: any thread that does not block it takes it.
    public func send(_ signal: Int32, _ info: Siginfo) {
        guard let some = leader ?? threads.first else { return }
        post(signal, info, to: some, shared: true)
    }

    /// The common path of all sending.
    /// - Parameter isTimer: an entry of a POSIX timer, of which each has its own, also for signals that are not queued.
    /// - Returns: false if the signal was ignored.
    @discardableResult
    func post(_ signal: Int32, _ info: Siginfo, to target: Task, shared: Bool, isTimer: Bool = false) -> Bool {
        guard isSignal(signal), state != .zombie, state != .dead else { return false }
        // SIGCONT and the stop signals take each other back, even when ignored or blocked.
        if signal == SIGCONT {
            discardPending(.stopping)
            continueAll()
        } else if SignalSet.stopping.contains(signal) {
            discardPending(SignalSet(SIGCONT))
        }
        if wouldIgnore(signal, in: target) {
            if Tracing.tracesCalls, !isInit { TaskTrace.signal(info, target) }
            return false
        }
        let already = shared ? sharedPending.set.contains(signal) : target.pending.set.contains(signal)
        if already && !isTimer && !SignalSet.realTime.contains(signal) { return true }
        if hasRoom(for: signal) {
            if shared { sharedPending.enqueue(info) } else { target.pending.enqueue(info) }
        } else {
            if shared { sharedPending.mark(signal) } else { target.pending.mark(signal) }
        }
        notifySignalFDs(signal)
        chooseThread(signal, info, target, shared: shared)
        return true
    }

    /// RLIMIT_SIGPENDING: real-time signals, of which any number may be pending, are queued up to this many. Linux counts
    /// what is pending for all processes of a user; here each process has the limit for itself.
    public func hasRoom(for signal: Int32) -> Bool {
        guard SignalSet.realTime.contains(signal) else { return true }
        var count = sharedPending.count
        for task in threads { count &+= task.pending.count }
        return UInt64(count) < limit(Int(RLIMIT_SIGPENDING)) && !Host.heapIsLow
    }

    private func discardPending(_ signals: SignalSet) {
        sharedPending.discard(signals)
        for task in threads { task.pending.discard(signals) }
    }

    private func chooseThread(_ signal: Int32, _ info: Siginfo, _ target: Task, shared: Bool) {
        var chosen: Task?
        if wants(signal, target) {
            chosen = target
        } else if shared {
            for task in threads where wants(signal, task) {
                chosen = task
                break
            }
        }
        if let chosen {
            // A signal that will kill the whole process does so at once, whatever its threads do.
            if isFatal(signal), groupExit == nil, !chosen.blocked.contains(signal), !chosen.blockedBeforeWait.contains(signal), defaultAction(of: signal) != .core {
                if Tracing.tracesCalls, signal != SIGKILL { TaskTrace.signal(info, chosen) }
                beginGroupExit(signal & 0x7f)
                return
            }
            chosen.noticeSignal()
        } else {
            for task in threads where task.waitingFor.contains(signal) {
                task.slot.wake()
                if shared { break }
            }
        }
    }

    private func wants(_ signal: Int32, _ task: Task) -> Bool {
        if task.isExiting { return false }
        if signal == SIGKILL { return true }
        // A stopped thread takes nothing, and does not die of anything, before it is continued.
        return !task.isStopped && !task.blocked.contains(signal)
    }

    private func isFatal(_ signal: Int32) -> Bool {
        if signal == SIGKILL { return true }
        guard !isInit, handlers[signal].handler == SIG_DFL else { return false }
        let action = defaultAction(of: signal)
        return action == .terminate || action == .core
    }

    /// Makes all threads end with this wait status.
    func beginGroupExit(_ status: Int32, except: Task? = nil) {
        if groupExit == nil { groupExit = status }
        if state == .stopped { state = .running }
        stopPending = false
        stopQueue.wakeAll()
        for task in threads where task !== except && !task.isExiting { task.postExit() }
    }

    /// SIGCONT: stopped threads go on, and the parent is told.
    func continueAll() {
        let wasStopped = state == .stopped
        stopPending = false
        stopReport = 0
        if wasStopped {
            state = .running
            continueReport = true
            stopQueue.wakeAll()
            notifyParent(code: CLD_CONTINUED, status: SIGCONT)
        }
    }
}

extension Task {
    /// Signals that would be delivered now.
    var deliverable: SignalSet {
        pending.set.union(process.sharedPending.set).subtracting(blocked)
    }

    public var hasPendingSignal: Bool { !deliverable.isEmpty }

    /// Brings the thread's work flag in line with what is pending.
    func updateSignalWork() {
        if !deliverable.isEmpty || process.stopPending { slot.postWork(Work.signal) } else if self === Task.current { ThreadSlot.clearWork(Work.signal) }
    }

    /// There is something to deliver: wake the thread, or make it enter the kernel.
    func noticeSignal() {
        slot.postWork(Work.signal)
        slot.wake()
        if self !== Task.current { slot.kick() }
    }

    func postExit() {
        slot.postWork(Work.exit | Work.signal)
        slot.wake()
        if self !== Task.current { slot.kick() }
    }

    /// Sends a signal to this thread alone.
    public func send(_ signal: Int32, _ info: Siginfo) { process.post(signal, info, to: self, shared: false) }

    /// A signal raised by the instruction the thread just executed: it cannot be blocked or ignored.
    func force(_ signal: Int32, _ info: Siginfo) {
        var action = process.handlers[signal]
        if blocked.contains(signal) || action.handler == SIG_IGN {
            action.handler = SIG_DFL
            process.handlers[signal] = action
            blocked.remove(signal)
        }
        if !pending.set.contains(signal) {
            pending.enqueue(info)
        }
        slot.postWork(Work.signal)
        slot.wake()
    }

    /// Replaces the mask of blocked signals.
    public func setBlocked(_ mask: SignalSet) {
        blocked = mask.subtracting(.unblockable)
        updateSignalWork()
        // What this thread blocks now another one may have to take.
        let orphaned = process.sharedPending.set.intersection(blocked)
        if !orphaned.isEmpty {
            for other in process.threads where other !== self && !other.isExiting {
                if orphaned.subtracting(other.blocked).isEmpty { continue }
                other.noticeSignal()
                break
            }
        }
    }

    /// For the duration of a call; the old mask comes back after it, or after the handler it lets in.
    public func setTemporaryMask(_ mask: SignalSet) {
        savedMask = blocked
        setBlocked(mask)
    }

    /// Restores the mask at the end of a call that was not interrupted.
    public func restoreMask() {
        if let mask = savedMask {
            savedMask = nil
            setBlocked(mask)
        }
    }

    /// Takes the next signal of `allowed`, the thread's own first.
    func dequeueSignal(_ allowed: SignalSet) -> Siginfo? {
        let own = pending.set.intersection(allowed)
        let shared = process.sharedPending.set.intersection(allowed)
        var found: Siginfo?
        if let signal = own.nextToDeliver { found = pending.take(signal) }
        if found == nil, let signal = shared.nextToDeliver {
            found = process.sharedPending.take(signal)
            if signal == SIGALRM { process.timers?.alarmTaken() }
        }
        guard var info = found else { return nil }
        if info.code == SI_TIMER { process.timers?.signalTaken(&info) }
        return info
    }

    /// Information for a signal sent by this task.
    public func senderInfo(_ signal: Int32, code: Int32 = SI_USER) -> Siginfo {
        .kill(signal, code: code, pid: process.pid, uid: credentials.uid)
    }

    /// kill(2)'s permission check.
    public func maySignal(_ process: Process, _ signal: Int32) -> Bool {
        guard let target = process.leader ?? process.threads.first else { return true }
        let mine = credentials, theirs = target.credentials
        if mine.euid == theirs.suid || mine.euid == theirs.uid || mine.uid == theirs.suid || mine.uid == theirs.uid { return true }
        if signal == SIGCONT, process.session === self.process.session { return true }
        return mine.has(5) // CAP_KILL
    }
}
