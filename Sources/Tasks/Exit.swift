// The end of tasks and processes: exit(2), exit_group(2), death by signal, reparenting.

import IPC
import KernelBase
import LinuxABI
import Machine
import Memory
import VFS

extension Task {
    /// exit_group(2): ends all threads of the process. The caller returns; the thread ends on its way out of the kernel, where
    /// no reference to anything is left on its stack.
    public func exitGroup(status: Int32) {
        process.beginGroupExit((status & 0xff) << 8, except: self)
        requestExit(process.groupExit ?? 0)
    }

    /// exit(2): ends this thread, and the process with its last one. Returns as ``exitGroup(status:)`` does.
    public func exitThread(status: Int32) { requestExit(process.groupExit ?? (status & 0xff) << 8) }

    func requestExit(_ status: Int32) {
        if exitRequest == nil { exitRequest = status }
        slot.postWork(Work.exit)
    }

    /// What the host thread of a task that has ended does next.
    public enum AfterEnd {
        /// It goes on as the parent of a vfork child.
        case resume
        /// It ends, and its slot is free.
        case exit
        /// It becomes the host process of another task: ``HostProcesses/waitForTask()``.
        case waitForTask
    }

    /// Ends the calling thread's task, which ``prepareReturnToGuest()`` has found due.
    public func endOnWayOut() -> AfterEnd {
        if isRemains {
            slot.release()
            HostProcesses.shared.drop(self)
            return .exit
        }
        let spares = HostProcesses.shared.spares, isReusable = spares.suits(self), privatePages = memory.privatePages
        end(status: exitRequest ?? process.groupExit ?? 0)
        if vforkParent != nil {
            resumeVforkParent()
            return .resume
        }
        guard isReusable else {
            slot.release()
            return .exit
        }
        spares.startsEmptying(slot, privatePages: privatePages)
        return .waitForTask
    }

    /// Everything about the end but the host thread's.
    func end(status: Int32) {
        isExiting = true
        process.endedIO.add(io)
        if Tracing.tracesCalls { TaskTrace.ended(self, process.groupExit ?? status) }
        leaveMemory()
        files.release()
        leaveUndoList()
        let process = self.process
        let table = TaskTable.shared
        if process.threads.count == 1 || process.threads.allSatisfy({ $0.isExiting }) {
            finishProcess(status: process.groupExit ?? status)
        } else if !isLeader {
            process.threads.removeAll { $0 === self }
            table.remove(self)
        }
        // A leader that ends first stays as the process's face until the last thread is gone.
        process.threadEvents.wakeAll()
        // For the pidfds of threads.
        process.exitEvents.wakeAll(POLLIN)
        reparentDeathSignals()
    }

    /// The task's undo list, made when it has none.
    public func ownUndoList() -> SemaphoreUndoList {
        if let undoList { return undoList }
        let list = SemaphoreUndoList()
        undoList = list
        return list
    }

    /// Lets go of the undo list: what only this task wanted undone is undone.
    public func leaveUndoList() {
        guard let list = undoList else { return }
        undoList = nil
        list.release()
    }

    /// Lets go of the guest's memory: tells those who wait for it on futexes.
    func leaveMemory() {
        Futexes.releaseRobustList(self)
        if clearChildTID != 0 {
            // Nobody else would see it in memory that dies with this task.
            if sharesMemory {
                try? UserMemory.store(Int32(0), at: clearChildTID)
                Futexes.wake(self, address: clearChildTID, count: 1)
            }
            clearChildTID = 0
        }
        if let done = vforkDone {
            vforkDone = nil
            done.wakeAll()
        }
    }

    /// Another task, of this process or another one, uses the same memory.
    private var sharesMemory: Bool {
        if process.memory.users > 1 { return true }
        for task in process.threads where task !== self && !task.isExiting { return true }
        return false
    }

    private func finishProcess(status: Int32) {
        let process = self.process
        let table = TaskTable.shared
        process.exitStatus = status
        process.lastUID = credentials.uid
        if vforkParent == nil { process.times.add(CPUTimes.ofHostProcess()) }
        process.timers?.cancelAll()
        for task in process.threads where task !== self && task.tid != process.pid { table.remove(task) }
        process.state = .zombie
        process.memory.release()
        if process.session.leader === process { process.endSession() }
        process.reparentChildren()
        process.checkOrphanedGroup()
        process.exitEvents.wakeAll()
        process.signalEvents.wakeAll()
        guard let parent = process.parent else { return }
        let signalled = status & 0x7f != 0
        let code = !signalled ? CLD_EXITED : status & 0x80 != 0 ? CLD_DUMPED : CLD_KILLED
        let reportedStatus = signalled ? status & 0x7f : (status >> 8) & 0xff
        var reap = parent.isInit
        if process.exitSignal == SIGCHLD {
            let action = parent.handlers[SIGCHLD]
            if action.handler == SIG_IGN || action.flags & UInt64(SA_NOCLDWAIT) != 0 { reap = true }
            if action.handler != SIG_IGN { parent.send(SIGCHLD, process.childInfo(code: code, status: reportedStatus)) }
        } else if process.exitSignal != 0 {
            var info = process.childInfo(code: code, status: reportedStatus)
            info.signo = process.exitSignal
            parent.send(process.exitSignal, info)
        }
        if process.pid == 2 { SandboxEnd.programEnded(status: status) }
        if reap { process.reap() }
        parent.childEvents.wakeAll(1)
    }

    /// PR_SET_PDEATHSIG of children this thread made.
    private func reparentDeathSignals() {
        let heir = process.threads.first { !$0.isExiting }
        for child in process.children where child.parentTask === self {
            child.parentTask = heir
            child.parentEnded(process)
        }
    }
}

extension Process {
    func removeChild(_ child: Process) {
        for index in children.indices where children[index] === child {
            children.remove(at: index)
            return
        }
    }

    /// The zombie is gone for good: its numbers are free. Only one that was waited for counts in its parent's times.
    func reap(waitedFor: Bool = false) {
        guard state == .zombie else { return }
        state = .dead
        if let parent {
            if waitedFor {
                parent.childrenTimes.add(times)
                parent.childrenTimes.add(childrenTimes)
                parent.endedIO.add(io)
            }
            parent.removeChild(self)
        }
        let table = TaskTable.shared
        for task in threads { table.remove(task) }
        threads.removeAll()
        group.remove(self)
        table.remove(self)
        parent = nil
        parentTask = nil
        // Pidfds hang up now.
        exitEvents.wakeAll()
    }

    /// PR_SET_PDEATHSIG: the thread that made this process has ended.
    func parentEnded(_ parent: Process) {
        for task in threads where task.parentDeathSignal != 0 && !task.isExiting {
            send(task.parentDeathSignal, Siginfo.kill(task.parentDeathSignal, pid: parent.pid, uid: parent.lastUID))
        }
    }

    /// Children of a dead process go to the nearest subreaper, or to init.
    func reparentChildren() {
        guard !children.isEmpty else { return }
        var heir = TaskTable.shared.process(1)
        if hasSubreaperAncestor {
            var ancestor = parent
            while let candidate = ancestor {
                if candidate.isSubreaper && candidate.state != .zombie {
                    heir = candidate
                    break
                }
                ancestor = candidate.parent
            }
        }
        let orphans = children
        children.removeAll()
        for child in orphans {
            child.parent = heir
            child.parentTask = heir?.leader
            child.exitSignal = SIGCHLD
            child.parentEnded(self)
            heir?.children.append(child)
            if child.state == .zombie, let heir {
                if heir.isInit { child.reap() } else {
                    child.notifyParent(code: child.exitStatus & 0x7f == 0 ? CLD_EXITED : CLD_KILLED,
                                       status: child.exitStatus & 0x7f == 0 ? child.exitStatus >> 8 & 0xff : child.exitStatus & 0x7f)
                }
            } else if child.group !== group {
                child.group.hangUpIfOrphaned(because: self)
            }
        }
    }

    /// The end of this process may have orphaned its own group.
    func checkOrphanedGroup() {
        guard let parent, parent.group !== group, parent.session === session else { return }
        group.hangUpIfOrphaned(because: self)
    }

    func endSession() {
        guard let terminal = session.terminal else {
            if let former = session.formerForeground {
                session.formerForeground = nil
                former.signal(SIGHUP)
                former.signal(SIGCONT)
            }
            session.leader = nil
            return
        }
        if let foreground = terminal.foregroundGroup {
            foreground.signal(SIGHUP)
            foreground.signal(SIGCONT)
        }
        terminal.sessionEnded(session)
        session.terminal = nil
        session.leader = nil
    }
}

extension ProcessGroup {
    /// A group that became orphaned with stopped members gets SIGHUP and SIGCONT.
    func hangUpIfOrphaned(because process: Process) {
        guard isOrphaned(ignoring: process), hasStoppedMembers else { return }
        signal(SIGHUP)
        signal(SIGCONT)
    }
}
