// Delivery of signals on the way back to the guest: default actions, handler frames, restart of
// interrupted calls, rt_sigreturn(2).

import KernelBase
import LinuxABI
import Machine
import Memory

/// What a call left in rax when it was interrupted.
private enum Interrupted {
    case no
    case restartIfSA      // ERESTARTSYS
    case restartAlways    // ERESTARTNOINTR
    case restartNoHandler // ERESTARTNOHAND
    case restartBlock

    init(_ frame: Frame) {
        guard frame.originalRAX != UInt.max else {
            self = .no
            return
        }
        switch Int(bitPattern: frame.rax) {
        case -512: self = .restartIfSA
        case -513: self = .restartAlways
        case -514: self = .restartNoHandler
        case -516: self = .restartBlock
        default: self = .no
        }
    }
}

extension Task {
    /// The work before a return to the guest. Called with the kernel lock held, by the thread itself.
    /// - Returns: false if the task has to end (``endOnWayOut()``).
    public func prepareReturnToGuest() -> Bool {
        let frame = Frame.current
        while true {
            ThreadSlot.clearWork(Work.signal | Work.fullRestore | Work.housekeeping | Work.service)
            outliveVforkParent()
            if mustEnd { return false }
            ThreadSlot.clearWork(Work.exit)
            memory.performPendingWork()
            process.timers?.threadReturns(self)
            if process.stopPending || process.state == .stopped {
                participateInStop()
                continue
            }
            guard let info = dequeueSignal(SignalSet(bits: ~blocked.bits)) else { break }
            if deliver(info, frame) { break }
            if mustEnd { return false }
        }
        // No handler ran: an interrupted call is made again, with the mask as it was before it.
        finishInterruptedCall(frame)
        restoreMask()
        updateSignalWork()
        return true
    }

    /// Restarts a call that was interrupted when no handler runs.
    private func finishInterruptedCall(_ frame: Frame) {
        switch Interrupted(frame) {
        case .no: return
        case .restartIfSA, .restartAlways, .restartNoHandler:
            frame.rax = frame.originalRAX
            frame.rip &-= 2
        case .restartBlock:
            frame.rax = UInt(Syscall.restart_syscall.rawValue)
            frame.rip &-= 2
        }
        frame.originalRAX = UInt.max
    }

    /// Acts on one signal. True if a handler frame was made: the guest continues in the handler.
    private func deliver(_ info: Siginfo, _ frame: Frame) -> Bool {
        let signal = info.signo
        let action = process.handlers[signal]
        if Tracing.tracesCalls { TaskTrace.signal(info, self) }
        if action.handler == SIG_IGN { return false }
        if action.handler == SIG_DFL {
            if process.isInit && signal != SIGKILL { return false }
            switch defaultAction(of: signal) {
            case .ignore, .continue: return false
            case .stop:
                if signal != SIGSTOP, process.group.isOrphaned() { return false }
                beginStop(signal)
                return false
            case .terminate, .core:
                let core: Int32 = defaultAction(of: signal) == .core && process.limit(4) > 0 && process.dumpable == 1 ? 0x80 : 0
                process.beginGroupExit(signal | core, except: self)
                requestExit(process.groupExit ?? signal)
                return false
            }
        }
        switch Interrupted(frame) {
        case .no:
            if frame.originalRAX == UInt.max,
               let place = patcherRoot.object.original(of: frame.rip, in: memory, stepping: signal == SIGTRAP) { frame.rip = place }
        case .restartIfSA where action.flags & UInt64(SA_RESTART) != 0, .restartAlways:
            frame.rax = frame.originalRAX
            frame.rip &-= 2
        default:
            frame.rax = UInt(bitPattern: -4)
        }
        frame.originalRAX = UInt.max
        do throws(Errno) {
            try makeHandlerFrame(info, action, frame)
        } catch {
            // No room for the frame: the process dies of SIGSEGV.
            if signal == SIGSEGV { process.handlers[SIGSEGV] = Sigaction() }
            savedMask = nil
            force(SIGSEGV, Siginfo(signo: SIGSEGV, code: SI_KERNEL))
            return false
        }
        if action.flags & UInt64(SA_RESETHAND) != 0 { process.handlers[signal].handler = SIG_DFL }
        var mask = blocked.union(action.mask)
        if action.flags & UInt64(SA_NODEFER) == 0 { mask.insert(signal) }
        savedMask = nil
        setBlocked(mask)
        return true
    }

    // --- the frame on the guest's stack, as Linux lays it out (struct rt_sigframe) ---
    //   0 return address | 8 ucontext: flags, link, stack(24), 40 sigcontext (256), 296 mask (8) | 304 ...
    //   312 siginfo (128)
    private static var contextOffset: UInt { 8 }
    private static var frameSize: UInt { 440 }

    private func onAlternateStack(_ sp: UInt) -> Bool {
        guard alternateStack.flags & UInt32(SS_AUTODISARM) == 0 else { return false }
        let base = UInt(alternateStack.sp)
        return sp > base && sp &- base <= UInt(alternateStack.size)
    }

    private func makeHandlerFrame(_ info: Siginfo, _ action: Sigaction, _ frame: Frame) throws(Errno) {
        guard action.flags & UInt64(SA_RESTORER) != 0 else { throw .EFAULT }
        var sp = frame.rsp &- 128
        let alreadyThere = onAlternateStack(frame.rsp)
        var entering = false
        if action.flags & UInt64(SA_ONSTACK) != 0, !alreadyThere,
           alternateStack.flags & UInt32(SS_DISABLE) == 0, alternateStack.size > 0 {
            sp = UInt(alternateStack.sp) &+ UInt(alternateStack.size)
            entering = true
        }
        let stateSize = UInt(UserMemory.vectorStateSize)
        // The vector state, then 4 bytes that mark its end.
        let state = (sp &- stateSize &- 4) & ~63
        let base = ((state &- Task.frameSize) & ~15) &- 8
        if entering || alreadyThere, base < UInt(alternateStack.sp) || base > sp { throw .EFAULT }
        guard UserMemory.isUserRange(base, sp &- base) else { throw .EFAULT }

        // The header must be clean before XSAVE, which does not write all of it.
        guard UserMemory.clearPartly(64, at: state &+ 512) == 64 else { throw .EFAULT }
        try UserMemory.saveVectorState(at: state)
        let extended = stateSize > 512
        try UserMemory.store(extended ? UInt32(0x46505853) : 0, at: state &+ 464)
        try UserMemory.store(UInt32(stateSize &+ 4), at: state &+ 468)
        try UserMemory.store(UserMemory.vectorStateMask, at: state &+ 472)
        try UserMemory.store(UInt32(stateSize), at: state &+ 480)
        if extended { try UserMemory.store(UInt32(0x46505845), at: state &+ stateSize) }

        var words = ByteBuffer<55>() // 440 bytes
        words.store(action.restorer, 0)
        let uc = 8
        words.store(UInt64(extended ? 7 : 6), uc) // UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS
        words.store(alternateStack.sp, uc + 16)
        words.store(UInt64(alternateStack.size == 0 ? UInt32(SS_DISABLE) | alternateStack.flags : alternateStack.flags), uc + 24)
        words.store(alternateStack.size, uc + 32)
        let sc = uc + 40
        words.store(UInt64(frame.r8), sc)
        words.store(UInt64(frame.r9), sc + 8)
        words.store(UInt64(frame.r10), sc + 16)
        words.store(UInt64(frame.r11), sc + 24)
        words.store(UInt64(frame.r12), sc + 32)
        words.store(UInt64(frame.r13), sc + 40)
        words.store(UInt64(frame.r14), sc + 48)
        words.store(UInt64(frame.r15), sc + 56)
        words.store(UInt64(frame.rdi), sc + 64)
        words.store(UInt64(frame.rsi), sc + 72)
        words.store(UInt64(frame.rbp), sc + 80)
        words.store(UInt64(frame.rbx), sc + 88)
        words.store(UInt64(frame.rdx), sc + 96)
        words.store(UInt64(frame.rax), sc + 104)
        words.store(UInt64(frame.rcx), sc + 112)
        words.store(UInt64(frame.rsp), sc + 120)
        words.store(UInt64(frame.rip), sc + 128)
        words.store(UInt64(frame.rflags), sc + 136)
        words.store(UInt64(0x33) | UInt64(0x2b) << 48, sc + 144)
        words.store(UInt64(lastTrap.error), sc + 152)
        words.store(UInt64(lastTrap.number), sc + 160)
        words.store((savedMask ?? blocked).bits, sc + 168)
        words.store(UInt64(lastTrap.address), sc + 176)
        words.store(UInt64(state), sc + 184)
        words.store((savedMask ?? blocked).bits, uc + 296)
        let bytes = info.encoded()
        for index in 0..<16 { words.store(bytes.load(index * 8) as UInt64, 312 + index * 8) }
        try UserMemory.store(RawBlock(words: words), at: base)
        // A handler starts with registers as a program does.
        Host.resetVectorState()

        if alternateStack.flags & UInt32(SS_AUTODISARM) != 0 && entering {
            alternateStack = StackT(sp: 0, flags: UInt32(SS_DISABLE), size: 0)
        }
        frame.rdi = UInt(bitPattern: Int(info.signo))
        frame.rsi = base &+ 312
        frame.rdx = base &+ Task.contextOffset
        frame.rax = 0
        frame.rsp = base
        frame.rip = UInt(action.handler)
        // The ABI wants the direction flag clear; a single step does not go on in the handler.
        frame.rflags &= ~(0x400 | 0x100 | 0x10000)
    }

    /// SS_ONSTACK and SS_DISABLE as sigaltstack(2) reports them.
    public func alternateStackFlags(_ sp: UInt) -> UInt64 {
        let kept = alternateStack.flags & UInt32(SS_AUTODISARM)
        if alternateStack.size == 0 { return UInt64(UInt32(SS_DISABLE) | kept) }
        return UInt64((onAlternateStack(sp) ? UInt32(SS_ONSTACK) : 0) | kept)
    }

    /// rt_sigreturn(2): everything back as the frame on the stack says. A frame that cannot be read kills.
    public func returnFromHandler() -> Int {
        let frame = Frame.current
        // The handler's `ret` took the return address.
        let context = frame.rsp
        do throws(Errno) {
            let words = try UserMemory.load(ContextBlock.self, at: context).words
            let sc = 40
            let state = UInt(words.load(sc + 184) as UInt64)
            if state != 0 {
                // Only the user's own state; a malformed one is refused by the processor.
                if state & 63 != 0 { throw .EFAULT }
                try UserMemory.restoreVectorState(from: state)
            } else {
                Host.resetVectorState()
            }
            frame.r8 = UInt(words.load(sc) as UInt64)
            frame.r9 = UInt(words.load(sc + 8) as UInt64)
            frame.r10 = UInt(words.load(sc + 16) as UInt64)
            frame.r11 = UInt(words.load(sc + 24) as UInt64)
            frame.r12 = UInt(words.load(sc + 32) as UInt64)
            frame.r13 = UInt(words.load(sc + 40) as UInt64)
            frame.r14 = UInt(words.load(sc + 48) as UInt64)
            frame.r15 = UInt(words.load(sc + 56) as UInt64)
            frame.rdi = UInt(words.load(sc + 64) as UInt64)
            frame.rsi = UInt(words.load(sc + 72) as UInt64)
            frame.rbp = UInt(words.load(sc + 80) as UInt64)
            frame.rbx = UInt(words.load(sc + 88) as UInt64)
            frame.rdx = UInt(words.load(sc + 96) as UInt64)
            frame.rax = UInt(words.load(sc + 104) as UInt64)
            frame.rcx = UInt(words.load(sc + 112) as UInt64)
            frame.rsp = UInt(words.load(sc + 120) as UInt64)
            frame.rip = UInt(words.load(sc + 128) as UInt64)
            frame.rflags = UInt(words.load(sc + 136) as UInt64)
            frame.sanitize()
            var stack = StackT()
            stack.sp = words.load(16)
            stack.flags = UInt32(truncatingIfNeeded: words.load(24) as UInt64)
            stack.size = words.load(32)
            // Linux looks where the handler ran: one that set up its own stack again keeps it.
            _ = try? setAlternateStack(stack, sp: context, restoring: true)
            setBlocked(SignalSet(bits: words.load(296)))
        } catch {
            force(SIGSEGV, Siginfo(signo: SIGSEGV, code: SI_KERNEL))
        }
        frame.originalRAX = UInt.max
        ThreadSlot.requireFullRestore()
        return Int(bitPattern: frame.rax)
    }

    /// sigaltstack(2)'s checks. `EPERM` while the thread runs on the stack.
    public func setAlternateStack(_ stack: StackT, sp: UInt, restoring: Bool = false) throws(Errno) {
        if onAlternateStack(sp) {
            if restoring { return }
            throw .EPERM
        }
        let mode = stack.flags & ~UInt32(SS_AUTODISARM)
        guard mode == 0 || mode == UInt32(SS_ONSTACK) || mode == UInt32(SS_DISABLE) else { throw .EINVAL }
        if mode == UInt32(SS_DISABLE) {
            alternateStack = StackT(sp: 0, flags: stack.flags, size: 0)
            return
        }
        guard stack.size >= UInt64(Host.minimalSignalStack == 0 ? 2048 : Host.minimalSignalStack) else { throw .ENOMEM }
        alternateStack = StackT(sp: stack.sp, flags: stack.flags & UInt32(SS_AUTODISARM), size: stack.size)
    }
}

/// The words of a signal frame, for one copy to the guest.
private struct RawBlock: ABIStruct {
    typealias Bytes = ByteBuffer<55>
    static var size: Int { 440 }
    var words: ByteBuffer<55>
    init(words: ByteBuffer<55>) { self.words = words }
    init(decoding bytes: ByteBuffer<55>) { words = bytes }
    func encode(into bytes: inout ByteBuffer<55>) { bytes = words }
}

/// The ucontext of a frame, without the return address and the siginfo.
private struct ContextBlock: ABIStruct {
    typealias Bytes = ByteBuffer<38>
    static var size: Int { 304 }
    var words: ByteBuffer<38>
    init(decoding bytes: ByteBuffer<38>) { words = bytes }
    func encode(into bytes: inout ByteBuffer<38>) { bytes = words }
}

extension Task {
    /// Installs an action; what is ignored now is no longer pending.
    public func setAction(_ signal: Int32, _ action: Sigaction) {
        process.handlers[signal] = action
        if process.handlers.ignores(signal) {
            process.sharedPending.discard(SignalSet(signal))
            for thread in process.threads { thread.pending.discard(SignalSet(signal)) }
            process.timers?.signalsDropped(signal)
        }
    }

    /// Pending signals that are blocked, sigpending(2).
    public var pendingBlocked: SignalSet { pending.set.union(process.sharedPending.set).intersection(blocked) }

    /// sigtimedwait(2). `EAGAIN` when the time has come, `EINTR` when another signal did.
    public func waitForSignal(_ wanted: SignalSet, deadline: UInt64) throws(Errno) -> Siginfo {
        let set = wanted.subtracting(.unblockable)
        if let info = dequeueSignal(set) {
            updateSignalWork()
            return info
        }
        // While it waits, the wanted signals count as unblocked, so that sending picks this thread.
        let mask = blocked
        waitingFor = set
        blockedBeforeWait = mask
        blocked = blocked.subtracting(set)
        var found: Siginfo?
        var interrupted = false
        do throws(Errno) {
            _ = try Sleep.until(deadline) {
                if found == nil { found = self.dequeueSignal(set) }
                return found != nil
            }
        } catch {
            interrupted = true
        }
        waitingFor = .empty
        blockedBeforeWait = .empty
        blocked = mask
        if found == nil { found = dequeueSignal(set) }
        updateSignalWork()
        if let found { return found }
        throw interrupted ? .EINTR : .EAGAIN
    }
}
