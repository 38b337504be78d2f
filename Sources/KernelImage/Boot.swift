import FileSystems
import IPC
import KernelBase
import LinuxABI
import Machine
import Memory
import MonitorProtocol
import ProcFS
import Syscalls
import Tasks
import Terminals
import VFS

#if hasFeature(Embedded)

// From the first instruction after CMachine/boot.c to the program's first: roots, file systems, kernel
// threads, the filter, and then the program in a host process of its own.

@c(martlet_boot)
public func boot() {
    // From here on no host call but those on the filter's list. First of all, so that every thread and process has it.
    Host.installFilter()
    KernelLock.acquire()
    guard let configuration = BootConfiguration.load() else { Host.panic("no configuration") }
    MemoryLimit.set(configuration)
    Tracing.set(calls: configuration.traceCalls, logLevel: configuration.logLevel)
    KernelRandom.seed(configuration.randomSeed)
    makeRoots(configuration)
    let owner = Credentials(uid: configuration.uid, gid: configuration.gid, groups: configuration.groups)
    var program: Task
    do throws(Errno) {
        let fs = try FileSystemSetup.mount(configuration, owner)
        program = makeFirstTasks(configuration, owner, fs)
        TerminalSystem.shared.console?.attach(to: program.process)
        try openStandardStreams(configuration, program)
    } catch {
        Host.refuse("cannot set up the file systems", error)
    }
    SharedArea.store32(RunState.running, Header.runState)

    // The program's process first: while it gets going on another processor, there is time for the rest.
    program.start = { task in runProgram(task, configuration) }
    HostProcesses.shared.launch(program, required: true)
    HostProcesses.shared.serveWaiting()
    startKernelThread { _ in
        KernelLock.acquire()
        TimerQueue.shared.serve()
    }
    startKernelThread { _ in serveBell() }
    startKernelThread { _ in reapHostProcesses() }
    HostProcesses.shared.serve { sandboxEndRoot.object.status != nil }
    finish()
}

private func makeRoots(_ configuration: BootConfiguration) {
    timersRoot.set(TimerQueue())
    systemRoot.set(SystemState(configuration))
    refusalLogRoot.set(RefusalLog())
    callFilterRoot.set(CallFilter(configuration.tracedCalls))
    tasksRoot.set(TaskTable())
    hostProcessesRoot.set(HostProcesses())
    sandboxEndRoot.set(SandboxEnd())
    futexesRoot.set(FutexTable())
    vfsRoot.set(VFS(dentryLimit: configuration.nameLimit))
    Memfds.boot()
    IPCBoot.boot()
    MemoryManager.install()
    TaskTable.connectMemoryManager()
    patcherRoot.set(TextPatcher())
    MemoryManager.shared.textMapper = patcherRoot.object
    TerminalSystem.boot()
    Devfs.registerDevices(specialFileHooks.object)
    TerminalDevices.register(specialFileHooks.object)
    HostFS.boot(configuration)
    TaskHooks.install()
    if configuration.hasTerminal { Console.boot(uid: configuration.uid) }
    if configuration.taskLimit > 0 { TaskTable.shared.taskLimit = Int(min(configuration.taskLimit, 7000)) }
}

/// Pid 1, which never runs guest code and reaps orphans, and pid 2, the program.
private func makeFirstTasks(_ configuration: BootConfiguration, _ owner: Credentials, _ root: FSContext) -> Task {
    var limits: [Rlimit] = []
    for index in 0..<16 {
        var limit = Rlimit()
        limit.cur = .max
        limit.max = .max
        if index < configuration.resourceLimits.count {
            limit.cur = configuration.resourceLimits[index].soft
            limit.max = configuration.resourceLimits[index].hard
        }
        limits.append(limit)
    }
    let initTask = TaskTable.makeInit(credentials: Credentials(uid: 0, gid: 0, groups: []), fs: root, limits: limits,
                                      affinity: configuration.processorSet)
    ThreadSlot.current.carry(initTask)
    let program = TaskTable.makeProgram(parent: initTask, credentials: owner, fs: root.copy())
    program.nice = configuration.niceValue
    var signal: Int32 = 1
    while signal <= 64 {
        if SignalSet(bits: configuration.ignoredSignals).contains(signal) {
            program.process.handlers[signal].handler = SIG_IGN
        }
        signal += 1
    }
    return program
}

private func startKernelThread(_ body: @convention(c) (UInt64) -> Void) {
    guard let slot = ThreadSlot.allocate() else { Host.panic("no slot for a kernel thread") }
    // What a kernel thread does it does in init's name.
    slot.carry(Task.current)
    do throws(Errno) {
        try Host.spawnKernelThread(slot: slot, argument: 0, body)
    } catch {
        Host.refuse("cannot start the sandbox's own threads", error)
    }
}

/// The monitor rang: rings, signals or the window have changed.
private func serveBell() -> Never {
    KernelLock.acquire()
    while true {
        let seen = SharedArea.load32(Header.kernelBell)
        HostStreams.bell()
        Console.pump()
        deliverHostSignals()
        MemoryLimit.relieve()
        SharedArea.waitWhile(Header.kernelBell, equals: seen)
    }
}

/// Signals sent to `martlet` go to the foreground group of its terminal, or to the program.
private func deliverHostSignals() {
    let pending = SignalSet(bits: SharedArea.exchange64(0, Header.pendingSignals))
    guard !pending.isEmpty, let program = TaskTable.shared.process(2) else { return }
    var left = pending
    while let signal = left.first {
        left.remove(signal)
        if let console = TerminalSystem.shared.console {
            console.signalForeground(signal)
        } else {
            program.send(signal, Siginfo(signo: signal, code: SI_USER))
        }
    }
}

/// Host processes that end are children of init. One whose threads left by the kernel is no news; one that was killed
/// (out of memory, or for a forbidden call) ends its task, and the sandbox if it held the kernel lock. That comes out when it is
/// waited for, so this thread does not wait for the lock without looking for the ends of others too.
private func reapHostProcesses() -> Never {
    var killed = InlineArray<64, Int32>(repeating: 0)
    var count = 0
    var block = true
    while true {
        var pid: Int32 = 0
        if count < killed.count {
            let end = Host.waitForChild(block: block)
            pid = end.pid
            if pid > 0, end.status != Host.orderlyEnd {
                killed[count] = pid
                count &+= 1
            }
        }
        if count > 0, KernelLock.acquireIfSoonFree() {
            for place in 0..<count { TaskTable.shared.hostProcessEnded(killed[place]) }
            count = 0
            KernelLock.release()
        }
        // Who makes a thousand processes a second is not interrupted for each that ends: after one that was waited for, and when
        // there is no child at all, more may come for a moment, and then go together.
        if pid <= 0 || block { Host.pause(1_000_000) }
        block = pid <= 0 && count == 0
    }
}

/// The first code in the program's host process.
private func runProgram(_ task: Task, _ configuration: BootConfiguration) {
    do throws(Errno) {
        try task.executeFirst(configuration.arguments, configuration.environment)
    } catch {
        SharedArea.store32(UInt32(error.rawValue), Header.execErrno)
        task.exitGroup(status: error == Errno(2) ? 127 : 126)
    }
}

/// The program has ended: tell the monitor, and end init, which takes all host processes with it.
private func finish() -> Never {
    HostStreams.saveOffsets()
    let status = sandboxEndRoot.object.status ?? 0
    SharedArea.store32(UInt32(bitPattern: status), Header.exitStatus)
    SharedArea.store64(UInt64(Host.heapUsed), Statistics.heapUsed)
    SharedArea.store64(UInt64(Host.heapCommitted), Statistics.heapReserved)
    SharedArea.store64(UInt64(PageRun.pagesUsed) << 12, Statistics.pagesUsed)
    SharedArea.store64(TaskTable.shared.callCount, Statistics.calls)
    SharedArea.store32(RunState.exited, Header.runState)
    SharedArea.add32(1, Header.doorbell)
    SharedArea.wakeWaiters(Header.doorbell, 1)
    Host.exitSandbox(status: 0)
}

#endif
