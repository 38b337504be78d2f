import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    /// rt_sigaction(2)
    func sysRtSigaction() throws(Errno) -> Int {
        guard a3 == 8 else { throw .EINVAL }
        let signal = i0
        guard isSignal(signal) else { throw .EINVAL }
        let old = process.handlers[signal]
        if a1 != 0 {
            var action = try UserMemory.load(Sigaction.self, at: a1)
            guard signal != SIGKILL, signal != SIGSTOP else { throw .EINVAL }
            action.mask.subtract(.unblockable)
            // Flags that are not known read back as 0.
            action.flags &= SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_EXPOSE_TAGBITS | SA_RESTORER | SA_ONSTACK | SA_RESTART | SA_NODEFER | SA_RESETHAND
            task.setAction(signal, action)
        }
        if a2 != 0 { try UserMemory.store(old, at: a2) }
        return 0
    }

    /// rt_sigprocmask(2)
    func sysRtSigprocmask() throws(Errno) -> Int {
        guard a3 == 8 else { throw .EINVAL }
        let old = task.blocked
        if a1 != 0 {
            let set = SignalSet(bits: try UserMemory.load(UInt64.self, at: a1))
            switch i0 {
            case 0: task.setBlocked(old.union(set))
            case 1: task.setBlocked(old.subtracting(set))
            case 2: task.setBlocked(set)
            default: throw .EINVAL
            }
        }
        if a2 != 0 { try UserMemory.store(old.bits, at: a2) }
        return 0
    }

    /// rt_sigpending(2)
    func sysRtSigpending() throws(Errno) -> Int {
        guard a1 <= 8 else { throw .EINVAL }
        var bytes = task.pendingBlocked.bits
        if a1 == 8 {
            try UserMemory.store(bytes, at: a0)
        } else {
            for index in 0..<a1 {
                try UserMemory.store(UInt8(truncatingIfNeeded: bytes), at: a0 &+ index)
                bytes >>= 8
            }
        }
        return 0
    }

    /// rt_sigsuspend(2)
    func sysRtSigsuspend() throws(Errno) -> Int {
        guard let mask = try signalSet(at: a0, size: a1) else {
            guard a1 == 8 else { throw .EINVAL }
            throw .EFAULT
        }
        task.setTemporaryMask(mask)
        do throws(Errno) {
            _ = try Sleep.until(.max)
        } catch {}
        throw .ERESTARTNOHAND
    }

    func sysPause() throws(Errno) -> Int {
        do throws(Errno) {
            _ = try Sleep.until(.max)
        } catch {}
        throw .ERESTARTNOHAND
    }

    /// rt_sigtimedwait(2)
    func sysRtSigtimedwait() throws(Errno) -> Int {
        guard a3 == 8 else { throw .EINVAL }
        let wanted = SignalSet(bits: try UserMemory.load(UInt64.self, at: a0))
        let deadline = try deadline(timeoutAt: a2)
        let info = try task.waitForSignal(wanted, deadline: deadline)
        if a1 != 0 { try UserMemory.store(info, at: a1) }
        return Int(info.signo)
    }

    /// kill(2)
    func sysKill() throws(Errno) -> Int {
        let pid = i0
        let signal = i1
        let isValid = signal == 0 || isSignal(signal)
        let table = TaskTable.shared
        if pid > 0 {
            guard let target = table.process(pid) ?? table.task(pid)?.process else { throw Errno(3) }
            guard isValid else { throw .EINVAL }
            guard task.maySignal(target, signal) else { throw .EPERM }
            if signal != 0 { target.send(signal, task.senderInfo(signal)) }
            return 0
        }
        if pid == Int32.min { throw Errno(3) }
        var members: [Process] = []
        if pid == -1 {
            for target in table.allProcesses where target.pid > 1 && target !== process { members.append(target) }
        } else {
            let id = pid == 0 ? process.group.id : 0 &- pid
            members = table.group(id)?.members ?? []
        }
        if members.isEmpty { throw Errno(3) }
        guard isValid else { throw .EINVAL }
        // All others: that none of them may be signalled is no error.
        var sent = pid == -1
        for target in members where task.maySignal(target, signal) {
            sent = true
            if signal != 0 { target.send(signal, task.senderInfo(signal)) }
        }
        if !sent { throw .EPERM }
        return 0
    }

    func sysTkill() throws(Errno) -> Int {
        guard i0 > 0 else { throw .EINVAL }
        return try signalThread(group: nil, i0, i1)
    }

    func sysTgkill() throws(Errno) -> Int {
        guard i0 > 0, i1 > 0 else { throw .EINVAL }
        return try signalThread(group: i0, i1, i2)
    }

    private func signalThread(group: Int32?, _ tid: Int32, _ signal: Int32) throws(Errno) -> Int {
        guard let target = TaskTable.shared.task(tid), group == nil || target.process.pid == group else { throw Errno(3) }
        guard signal == 0 || isSignal(signal) else { throw .EINVAL }
        guard task.maySignal(target.process, signal) else { throw .EPERM }
        if signal != 0 {
            guard target.process.hasRoom(for: signal) else { throw .EAGAIN }
            target.send(signal, task.senderInfo(signal, code: SI_TKILL))
        }
        return 0
    }

    /// rt_sigqueueinfo(2)
    func sysRtSigqueueinfo() throws(Errno) -> Int {
        let info = try queuedInfo(at: a2, signal: i1, target: i0)
        guard let target = TaskTable.shared.process(i0) ?? TaskTable.shared.task(i0)?.process else { throw Errno(3) }
        guard i1 == 0 || isSignal(i1) else { throw .EINVAL }
        guard task.maySignal(target, i1) else { throw .EPERM }
        if i1 != 0 {
            guard target.hasRoom(for: i1) else { throw .EAGAIN }
            target.send(i1, info)
        }
        return 0
    }

    /// rt_tgsigqueueinfo(2)
    func sysRtTgsigqueueinfo() throws(Errno) -> Int {
        guard i0 > 0, i1 > 0 else { throw .EINVAL }
        let info = try queuedInfo(at: a3, signal: i2, target: i1)
        guard let target = TaskTable.shared.task(i1), target.process.pid == i0 else { throw Errno(3) }
        guard i2 == 0 || isSignal(i2) else { throw .EINVAL }
        guard task.maySignal(target.process, i2) else { throw .EPERM }
        if i2 != 0 {
            guard target.process.hasRoom(for: i2) else { throw .EAGAIN }
            target.send(i2, info)
        }
        return 0
    }

    /// Nobody may pretend to be the kernel or kill(2) towards others.
    private func queuedInfo(at address: UInt, signal: Int32, target: Int32) throws(Errno) -> Siginfo {
        var info = try UserMemory.load(Siginfo.self, at: address)
        info.signo = signal
        if info.code >= 0 || info.code == SI_TKILL, target != process.pid, target != task.tid { throw .EPERM }
        return info
    }

    /// sigaltstack(2)
    func sysSigaltstack() throws(Errno) -> Int {
        let sp = frame.rsp
        let old = StackT(sp: task.alternateStack.sp, flags: UInt32(truncatingIfNeeded: task.alternateStackFlags(sp)), size: task.alternateStack.size)
        if a0 != 0 {
            let new = try UserMemory.load(StackT.self, at: a0)
            try task.setAlternateStack(new, sp: sp)
        }
        if a1 != 0 { try UserMemory.store(old, at: a1) }
        return 0
    }

    /// restart_syscall(2)
    func sysRestartSyscall() throws(Errno) -> Int {
        guard let block = task.restart else { throw .EINTR }
        task.restart = nil
        return try block.resume(task)
    }
}
