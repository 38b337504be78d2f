// Making tasks: fork(2), vfork(2), clone(2), clone3(2).

import IPC
import KernelBase
import LinuxABI
import Machine
import Memory
import MonitorProtocol
import VFS

/// What a clone asks for, decoded.
public struct CloneRequest {
    public var flags: UInt64
    /// The child's stack pointer, or 0 to keep the parent's.
    public var stack: UInt = 0
    public var parentTID: UInt = 0
    public var childTID: UInt = 0
    public var tls: UInt = 0
    public var exitSignal: Int32
    /// Where the descriptor of a CLONE_PIDFD goes.
    public var pidFDAddress: UInt = 0
    public var wantedTIDs: [Int32] = []

    public init(flags: UInt64, exitSignal: Int32) {
        self.flags = flags
        self.exitSignal = exitSignal
    }

    func has(_ flag: UInt64) -> Bool { flags & flag != 0 }

    /// Combinations that Linux refuses.
    func validate(_ task: Task) throws(Errno) {
        let namespaces = CLONE_NEWNS | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_NEWTIME
        if has(CLONE_FS) && (has(CLONE_NEWNS) || has(CLONE_NEWUSER)) { throw .EINVAL }
        if has(CLONE_THREAD) && !has(CLONE_SIGHAND) { throw .EINVAL }
        if has(CLONE_SIGHAND) && !has(CLONE_VM) { throw .EINVAL }
        if has(CLONE_SIGHAND) && has(CLONE_CLEAR_SIGHAND) { throw .EINVAL }
        if has(CLONE_PARENT) && task.process.isInit { throw .EINVAL }
        if has(CLONE_THREAD) && flags & (CLONE_NEWUSER | CLONE_NEWPID) != 0 { throw .EINVAL }
        if has(CLONE_PIDFD) && has(CLONE_DETACHED) { throw .EINVAL }
        if flags & namespaces != 0 { throw .EPERM }
        if has(CLONE_SETTLS), tls >= Host.userEnd { throw .EPERM }
        if !wantedTIDs.isEmpty { throw task.credentials.has(40) || task.credentials.has(21) ? Errno(17) : .EPERM }
    }
}

extension Task {
    /// Makes a task as `request` says. Drops the kernel lock while the host makes the thread.
    /// - Returns: the new tid.
    /// - Throws: `EINVAL`, `EPERM`, `EAGAIN`, `ENOMEM`, `EMFILE`, `EFAULT`.
    public func clone(_ request: CloneRequest) throws(Errno) -> Int {
        try request.validate(self)
        if Host.heapIsLow { throw .ENOMEM }
        // A promise of SCHED_DEADLINE is not for two.
        if deadline != nil, !resetOnFork { throw .EAGAIN }
        let table = TaskTable.shared
        let asThread = request.has(CLONE_THREAD)
        if process.groupExit != nil || process.executing != nil { throw .ERESTARTNOINTR }
        if credentials.uid != 0, process.limit(6) <= UInt64(table.taskCount) {
            var count: UInt64 = 0
            for other in table.allProcesses { for task in other.threads where task.credentials.uid == credentials.uid { count += 1 } }
            if count >= process.limit(6), !credentials.has(24), !credentials.has(21) { throw .EAGAIN }
        }
        let borrows = request.has(CLONE_VFORK) && request.has(CLONE_VM) && !asThread
        var slot = self.slot
        if !borrows {
            guard let new = ThreadSlot.allocate() else { throw .EAGAIN }
            slot = new
        }
        var installed = false
        defer {
            if !installed && !borrows {
                slot.markUnused()
                slot.release()
            }
        }
        let pid = try table.allocatePID()
        let child = makeChild(pid, request, slot)

        var pidFD: Int32 = -1
        if request.has(CLONE_PIDFD) {
            pidFD = try files.install(PidFile.make(child, threadOnly: asThread), limit: process.limit(7), closeOnExec: true)
            do throws(Errno) {
                try UserMemory.store(pidFD, at: request.pidFDAddress)
            } catch {
                try? files.close(pidFD)
                throw error
            }
        }
        if request.has(CLONE_PARENT_SETTID) { try? UserMemory.store(child.tid, at: request.parentTID) }
        if request.has(CLONE_CHILD_CLEARTID) { child.clearChildTID = request.childTID }

        link(child, request, asThread)
        installed = true
        if borrows {
            runVforkChild(child, request)
            return 0
        }
        let frame = Frame.of(slot)
        frame.copy(from: .current)
        frame.rax = 0
        frame.originalRAX = UInt.max
        if request.stack != 0 { frame.rsp = request.stack }
        child.inheritedGS = Host.gsBase
        if request.has(CLONE_CHILD_SETTID) { child.setTIDAddress = request.childTID }
        slot.carry(child)
        // Before it can run: it may have ended when this thread looks again.
        let done = request.has(CLONE_VFORK) ? WaitQueue() : nil
        child.vforkDone = done
        do throws(Errno) {
            try startHostThread(child, request)
        } catch {
            Log.write(LogLevel.info, "the host makes no thread or process: errno ", Int(error.rawValue))
            unlink(child, request)
            if pidFD >= 0 { try? files.close(pidFD) }
            slot.markUnused()
            slot.release()
            throw error == .EAGAIN || error == .ENOMEM ? error : .EAGAIN
        }
        // CLONE_VFORK with memory of its own, or as a thread: wait until the child is done with it.
        if let done { _ = try? done.wait(.death) { () throws(Errno) in child.vforkDone == nil } }
        return Int(pid)
    }

    /// The host thread of a child that does not borrow ours.
    private func startHostThread(_ child: Task, _ request: CloneRequest) throws(Errno) {
        // The host's share: VM, FS, FILES, SIGHAND as fits; all of the sandbox share one descriptor table, and every process
        // is a child of init (CLONE_PARENT), which reaps it.
        var flags: UInt
        if request.has(CLONE_THREAD) {
            flags = UInt(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)
        } else {
            flags = UInt(CLONE_FILES | CLONE_PARENT) | (request.has(CLONE_VM) ? UInt(CLONE_VM) : 0)
        }
        if request.has(CLONE_SETTLS) { flags |= UInt(CLONE_SETTLS) }
        let copies = !request.has(CLONE_VM)
        let slot = child.slot
        // The address space must not change between the copy of its description and the host's copy.
        if copies { memory.lock.lock() }
        defer { if copies { memory.lock.unlock() } }
        if copies {
            patcherRoot.object.refresh(memory)
            child.process.memory = try memory.forked()
        }
        let result = KernelLock.dropped { () -> Result<Int32, Errno> in
            do throws(Errno) { return .success(try Host.clone(flags: flags, slot: slot, tls: request.tls)) } catch { return .failure(error) }
        }
        switch result {
        case .success(let host):
            if !request.has(CLONE_THREAD) { child.process.hostProcess = host } else { child.process.hostProcess = process.hostProcess }
        case .failure(let error): throw error
        }
    }

    /// The objects of the child, not yet visible to anybody.
    private func makeChild(_ pid: Int32, _ request: CloneRequest, _ slot: ThreadSlot) -> Task {
        let childProcess: Process
        if request.has(CLONE_THREAD) {
            childProcess = process
        } else {
            let handlers = request.has(CLONE_SIGHAND) ? process.handlers : process.handlers.copy()
            if request.has(CLONE_CLEAR_SIGHAND) { handlers.resetForExec() }
            let parent = request.has(CLONE_PARENT) ? process.parent : process
            childProcess = Process(pid: pid, parent: parent, group: process.group, memory: memory, handlers: handlers, limits: process.limits)
            childProcess.hasTerminal = process.hasTerminal
            childProcess.parentTask = request.has(CLONE_PARENT) ? process.parentTask : self
            childProcess.exitSignal = request.has(CLONE_PARENT) ? process.exitSignal : request.exitSignal
            childProcess.dumpable = process.dumpable
            childProcess.personality = process.personality
            childProcess.hugePagesDisabled = process.hugePagesDisabled
            childProcess.oomScoreAdjust = process.oomScoreAdjust
            childProcess.leastOOMScoreAdjust = process.leastOOMScoreAdjust
            childProcess.loginUser = process.loginUser
            childProcess.auditSession = process.auditSession
            childProcess.coredumpFilter = process.coredumpFilter
            childProcess.hasSubreaperAncestor = process.isSubreaper || process.hasSubreaperAncestor
        }
        if request.has(CLONE_FILES) { files.acquire() }
        // As on Linux, a process has credentials of its own though they say the same: linkat(2) AT_EMPTY_PATH looks at that.
        let child = Task(tid: pid, process: childProcess, slot: slot, credentials: request.has(CLONE_THREAD) ? credentials : credentials.with(),
                         files: request.has(CLONE_FILES) ? files : files.copy(),
                         fs: request.has(CLONE_FS) ? fs : fs.copy(), name: name, affinity: affinity)
        child.blocked = savedMask ?? blocked
        child.nice = nice
        child.noNewPrivileges = noNewPrivileges
        child.seccompMode = seccompMode
        child.seccompFilter = seccompFilter
        child.timerSlack = timerSlack
        child.defaultTimerSlack = timerSlack
        child.ioPriority = ioPriority
        if request.has(CLONE_SYSVSEM) {
            let list = ownUndoList()
            list.acquire()
            child.undoList = list
        }
        if resetOnFork {
            if schedulingPolicy == 0 || schedulingPolicy == 3 || schedulingPolicy == 5 { child.nice = max(nice, 0) }
        } else {
            child.schedulingPolicy = schedulingPolicy
            child.schedulingPriority = schedulingPriority
        }
        if !request.has(CLONE_VM) || request.has(CLONE_VFORK) {
            child.alternateStack = alternateStack
        }
        if !request.has(CLONE_VM) {
            child.rseqAddress = rseqAddress
            child.rseqLength = rseqLength
            child.rseqSignature = rseqSignature
        }
        return child
    }

    private func link(_ child: Task, _ request: CloneRequest, _ asThread: Bool) {
        let table = TaskTable.shared
        child.process.threads.append(child)
        table.insert(child)
        TaskTrace.made(child, by: self)
        if asThread {
            process.hadThreads = true
        } else {
            let new = child.process
            if request.has(CLONE_VM) { memory.acquire() }
            new.parent?.children.append(new)
            process.group.add(new)
            table.insert(new)
            new.watchCPULimit()
        }
    }

    private func unlink(_ child: Task, _ request: CloneRequest) {
        let table = TaskTable.shared
        let childProcess = child.process
        child.files.release()
        child.leaveUndoList()
        childProcess.threads.removeAll { $0 === child }
        table.remove(child)
        if childProcess !== process {
            childProcess.timers?.cancelAll()
            childProcess.parent?.removeChild(childProcess)
            childProcess.group.remove(childProcess)
            table.remove(childProcess)
            // What a failed copy of the memory has left is the parent's, with no reference of the child's.
            if request.has(CLONE_VM) || childProcess.memory !== memory { childProcess.memory.release() }
        }
    }

    // --- vfork ---

    /// The child runs on this host thread, with this thread's registers but rax, until it executes a
    /// program or ends; then ``resumeVforkParent`` gives the thread back. Nothing is copied and the host
    /// is not asked: a vfork costs no more than its bookkeeping.
    private func runVforkChild(_ child: Task, _ request: CloneRequest) {
        let frame = Frame.current
        let suspended = VforkSuspension(parent: self, registers: frame.registers, fsBase: Host.fsBase, gsBase: Host.gsBase)
        child.vforkParent = suspended
        child.process.hostProcess = process.hostProcess
        child.process.usedBefore = process.usedBefore
        child.process.hadThreads = process.hadThreads
        if request.stack != 0 { frame.rsp = request.stack }
        if request.has(CLONE_SETTLS) { Host.fsBase = request.tls }
        if request.has(CLONE_CHILD_SETTID) { try? UserMemory.store(child.tid, at: request.childTID) }
        frame.rax = 0
        frame.originalRAX = UInt.max
        slot.carry(child)
        child.updateSignalWork()
        ThreadSlot.requireFullRestore()
    }

    /// Gives the host thread of an ending or executing vfork child back to its parent. The caller returns to
    /// the guest (or goes on with what it was asked to do) as the parent.
    func resumeVforkParent() {
        guard let suspended = vforkParent else { return }
        vforkParent = nil
        let parent = suspended.parent
        let frame = Frame.current
        frame.restore(suspended.registers)
        frame.rax = UInt(bitPattern: Int(tid))
        frame.originalRAX = UInt.max
        Host.fsBase = suspended.fsBase
        Host.gsBase = suspended.gsBase
        parent.slot.carry(parent)
        TaskTrace.vforkReturned(parent, child: tid)
        // Whatever was posted to the slot meanwhile may have been the child's.
        parent.slot.postWork(Work.signal | Work.fullRestore | (parent.mustEnd ? Work.exit : 0))
    }

    /// The parent of a vfork child has to end, and does not wait for the child to be done (its wait is a killable one): it
    /// ends here, and its host thread is the child's from now on.
    func outliveVforkParent() {
        guard let suspended = vforkParent, suspended.parent.mustEnd else { return }
        let parent = suspended.parent
        vforkParent = nil
        // What the end asks about the calling task concerns the parent.
        slot.carry(parent)
        parent.end(status: parent.exitRequest ?? parent.process.groupExit ?? 0)
        slot.carry(self)
    }

    /// The process is ending, or another thread executes a program.
    var mustEnd: Bool {
        exitRequest != nil || process.groupExit != nil || (process.executing != nil && process.executing !== self)
    }

    /// The first code of a new host thread, before it enters the guest.
    public func started() {
        if inheritedGS != 0 { Host.gsBase = inheritedGS }
        if setTIDAddress != 0 {
            try? UserMemory.store(tid, at: setTIDAddress)
            setTIDAddress = 0
        }
        if isLeader { memory.finishFork() }
        if affinity != SystemState.shared.processorSet { try? Host.setAffinity(affinity) }
        updateSignalWork()
        if let start {
            self.start = nil
            start(self)
        }
    }
}
