// The tasks that exist before any fork, and the death of host processes.

import KernelBase
import LinuxABI
import Machine
import Memory
import MonitorProtocol
import VFS

extension TaskTable {
    /// Pid 1: the kernel's own, in whose name its threads act. It runs no guest code, ignores all signals and
    /// reaps at once what becomes its child.
    public static func makeInit(credentials: Credentials, fs: FSContext, limits: [Rlimit], affinity: [UInt64]) -> Task {
        let table = shared
        let pid = (try? table.allocatePID()) ?? 1
        let session = Session(id: pid, leader: nil)
        let group = ProcessGroup(id: pid, session: session)
        session.groupStarted()
        let process = Process(pid: pid, parent: nil, group: group, memory: AddressSpace(), handlers: SignalHandlers(), limits: limits)
        let task = Task(tid: pid, process: process, slot: .current, credentials: credentials, files: FileTable(), fs: fs,
                        name: Bytes("martlet-init"), affinity: affinity)
        process.threads = [task]
        group.add(process)
        table.insert(session)
        table.insert(group)
        table.insert(process)
        table.insert(task)
        return task
    }

    /// Pid 2: the program of the sandbox, leader of a session of its own.
    public static func makeProgram(parent: Task, credentials: Credentials, fs: FSContext) -> Task {
        let table = shared
        let pid = (try? table.allocatePID()) ?? 2
        let session = Session(id: pid, leader: nil)
        let group = ProcessGroup(id: pid, session: session)
        session.groupStarted()
        let process = Process(pid: pid, parent: parent.process, group: group, memory: AddressSpace(), handlers: SignalHandlers(),
                              limits: parent.process.limits)
        session.leader = process
        process.parentTask = parent
        let task = Task(tid: pid, process: process, slot: parent.slot, credentials: credentials, files: FileTable(), fs: fs,
                        name: Bytes("martlet"), affinity: parent.affinity)
        process.threads = [task]
        parent.process.children.append(process)
        group.add(process)
        table.insert(session)
        table.insert(group)
        table.insert(process)
        table.insert(task)
        return task
    }

    /// A host process has ended. If its tasks had not, the host has killed it (for want of memory, or for a call that the
    /// filter forbids): they end as by SIGKILL. A kernel lock that it held can never be released again.
    public func hostProcessEnded(_ host: Int32) {
        // More than one process, if one of them is a vfork child.
        for process in allProcesses where process.runs(on: host) && process.state != .zombie && process.state != .dead {
            process.hostProcessDied()
        }
        HostProcesses.shared.hostProcessEnded(host)
    }
}

extension TaskTable {
    /// Ends the process on a host process, because the sandbox's memory is used up: it uses most.
    /// - Returns: its number and name; nil if it has ended already.
    public func endForMemory(host: Int32) -> (pid: Int32, name: Bytes)? {
        var victim: (pid: Int32, name: Bytes)? = nil
        // More than one process, if one of them is a vfork child.
        for process in allProcesses where process.runs(on: host) && process.state != .zombie && process.state != .dead {
            victim = (process.pid, process.leader?.name ?? process.threads.first?.name ?? [])
            process.send(SIGKILL, Siginfo(signo: SIGKILL, code: SI_KERNEL))
        }
        return victim
    }
}

extension Process {
    /// The number may not be noted yet if the host process died as soon as it was there; the host has written it to the
    /// thread's slot.
    func runs(on host: Int32) -> Bool {
        hostProcess == host || hostProcess == 0 && threads.contains { !$0.isExiting && $0.slot.hostThread == host }
    }

    func hostProcessDied() {
        let victims = threads
        if Log.isOn(LogLevel.warning) {
            var text = Bytes("the host has killed process ")
            text.append(decimal: Int(pid))
            text.append(" (")
            text.append(contentsOf: (leader ?? victims.first)?.name ?? [])
            text.append("), perhaps for want of memory")
            Log.write(LogLevel.warning, text)
        }
        groupExit = groupExit ?? SIGKILL
        for task in victims where !task.isExiting {
            if task.slot.isHolding { Host.refuseKilledHolder() }
            // The slot of a vfork child is its parent's.
            let slot = task.vforkParent == nil ? task.slot : nil
            slot?.markUnused()
            task.vforkParent = nil
            task.clearChildTID = 0
            task.robustList = 0
            task.end(status: groupExit ?? SIGKILL)
            slot?.release()
        }
    }
}

extension Task {
    /// Executes the program of the sandbox: argv[0] is searched in PATH if it has no slash.
    public func executeFirst(_ arguments: [Bytes], _ environment: [Bytes]) throws(Errno) {
        guard let name = arguments.first, !name.isEmpty else { throw .ENOENT }
        if name.contains(UInt8(ascii: "/")) {
            try execute(ExecRequest(file: try openExecutable(name, at: nil, follow: true), path: name, arguments: arguments, environment: environment))
            return
        }
        var search = Bytes("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
        for text in environment where text.hasPrefix("PATH=") { search = Bytes(text[5...]) }
        var failure = Errno.ENOENT
        for directory in search.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            var path = directory.isEmpty ? Bytes(".") : Bytes(directory)
            path.append(UInt8(ascii: "/"))
            path.append(contentsOf: name)
            do throws(Errno) {
                let file = try openExecutable(path, at: nil, follow: true)
                try execute(ExecRequest(file: file, path: path, arguments: arguments, environment: environment))
                return
            } catch {
                // As the shell does: go on, but remember that something was there.
                if error != .ENOENT && error != Errno(20) { failure = error }
            }
        }
        throw failure
    }
}
