import KernelBase
import LinuxABI
import Machine
import Memory
import MonitorProtocol
import Syscalls
import Tasks

// The entry points that the assembly calls (CMachine/entry.S). Each hands over at once.

#if hasFeature(Embedded)

/// A system call from a patched site. The return value is the guest's rax.
@c(martlet_syscall)
public func syscallEntry(_ address: UInt) -> Int {
    Trap.setFastEntry()
    let frame = Frame.current
    KernelLock.acquire()
    let result = Tracing.tracesCalls ? serveTraced(frame) : serve(frame)
    KernelLock.release()
    return result
}

/// Guest code was interrupted by a host signal: a call that trapped, a fault, or a kick.
@c(martlet_trap)
public func trapEntry(_ address: UInt) {
    let trap = Trap.current
    let frame = Frame.current
    KernelLock.acquire()
    if trap.signal == SIGSYS {
        if trap.architecture == AUDIT_ARCH_X86_64 {
            SharedArea.store64(SharedArea.load64(Statistics.traps) &+ 1, Statistics.traps)
            patcherRoot.object.trapped(Task.current, next: frame.rip)
            frame.rax = UInt(bitPattern: Tracing.tracesCalls ? serveTraced(frame) : serve(frame))
        } else {
            // int 0x80 and other doors of 32-bit programs: there is nothing behind them.
            frame.rax = UInt(bitPattern: -38)
        }
    } else if trap.signal != SIGURG {
        Task.current.handleFault(trap)
    }
    KernelLock.release()
}

/// A copy between the kernel and the guest faulted, under the kernel lock.
@c(martlet_user_fault)
public func userFault(_ address: UInt64, _ write: Bool) -> Bool {
    Task.current.memory.makeAccessibleAtOnce(UInt(address), write: write)
}

/// Work was posted, or the frame has changed: prepares the return to the guest.
@c(martlet_exit_work)
public func exitWork(_ address: UInt) {
    KernelLock.acquire()
    // The loop's second round is that of a vfork parent which gets its thread back.
    while !Task.current.prepareReturnToGuest() {
        switch Task.current.endOnWayOut() {
        case .resume: continue
        case .exit:
            KernelLock.release()
            Host.exitThread(wholeProcess: false)
        case .waitForTask:
            KernelLock.release()
            Host.restartStack(argument: 0, nextTask)
        }
    }
    KernelLock.release()
}

/// A host process whose program has ended goes on with another one.
private func nextTask(_ argument: UInt64) {
    KernelLock.acquire()
    guard HostProcesses.shared.waitForTask() else {
        ThreadSlot.current.release()
        KernelLock.release()
        Host.exitThread(wholeProcess: false)
    }
    Task.current.started()
    KernelLock.release()
    Host.enterGuest()
}

/// The first kernel code of a new host thread.
@c(martlet_child_started)
public func childStarted(_ address: UInt) {
    KernelLock.acquire()
    Task.current.started()
    KernelLock.release()
}

@inline(__always)
private func serve(_ frame: Frame) -> Int {
    let number = frame.originalRAX
    Trap.record(call: number)
    let task = Task.current
    if task.seccompMode != 0, let result = task.intercept(number, frame) { return result }
    guard let call = Syscall(rawValue: number) else { return failed(.ENOSYS, number) }
    let context = SyscallContext(task: task, frame: frame)
    do throws(Errno) {
        return try context.dispatch(call)
    } catch {
        return failed(error, number)
    }
}

/// The same with records before and after the call.
@inline(never)
private func serveTraced(_ frame: Frame) -> Int {
    let trace = CallTrace(frame.originalRAX, frame)
    trace.enter()
    let result = serve(frame)
    trace.leave(result, Task.current)
    return result
}

@inline(never)
private func failed(_ error: Errno, _ number: UInt) -> Int {
    if error.rawValue >= 512 {
        // The call was interrupted: the slow exit decides between a restart and EINTR.
        ThreadSlot.requireFullRestore()
        return -Int(error.rawValue)
    }
    if error == .ENOSYS { Unimplemented.count(number) }
    if Log.isOn(LogLevel.info) { RefusalLog.shared.failed(error, number, Frame.current, Task.current) }
    return -Int(error.rawValue)
}

@c(KernelImage_main) public func packageManagerMain() {}

#else

/// The ordinary build exists for the modules' unit tests; the image is built with the trait KernelImage.
@main
struct KernelImage {
    static func main() { print("This is not the kernel image: build with --traits KernelImage.") }
}

#endif
