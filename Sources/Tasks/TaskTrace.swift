// What --strace, --audit and --log tell of tasks: their birth, programs, signals and end. The records of calls are
// Syscalls/Tracing/CallTrace.swift.

import KernelBase
import LinuxABI
import Machine
import Memory
import MonitorProtocol

extension ThreadSlot {
    /// The slot's host thread runs for `task` from now on.
    public func carry(_ task: Task) {
        setObject(task)
        let name = task.name
        setIdentity(pid: task.process.pid, tid: task.tid, name: name.span)
    }
}

extension Task {
    /// Writes what traces and reports call this task to its host thread's slot, if that runs for it.
    func identify() {
        guard slot.runs(self) else { return }
        let name = self.name
        slot.setIdentity(pid: process.pid, tid: tid, name: name.span)
    }
}

extension TaskTable {
    /// System calls made so far by all tasks.
    public var callCount: UInt64 {
        var sum = ThreadSlot.callsOfEnded
        for process in allProcesses {
            // A vfork child's calls count in its parent's slot.
            for task in process.threads where task.slot.runs(task) { sum &+= task.slot.callCount }
        }
        return sum
    }
}

/// Records about tasks. Nothing here sleeps. Called under the kernel lock.
enum TaskTrace {
    private static func record(_ kind: UInt16, _ task: Task) -> TraceWriter { TraceWriter(kind, pid: task.process.pid, tid: task.tid) }

    /// A task is about to start.
    static func made(_ child: Task, by parent: Task) {
        SharedArea.store64(SharedArea.load64(Statistics.tasks) &+ 1, Statistics.tasks)
        guard Tracing.tracesCalls else { return }
        var record = record(TraceKind.task, parent)
        record.put(UInt32(bitPattern: child.tid))
        record.put(UInt32(bitPattern: child.process.pid))
        TraceRing.sendNow(record)
    }

    /// A program was loaded, and starts when the thread leaves the kernel.
    static func executed(_ task: Task, _ image: ExecImage) {
        SharedArea.store64(SharedArea.load64(Statistics.execs) &+ 1, Statistics.execs)
        if Log.isOn(LogLevel.debug) {
            var text = Bytes("execute ")
            text.append(contentsOf: image.path)
            Log.write(LogLevel.debug, text)
        }
        guard Tracing.tracesCalls else { return }
        var record = record(TraceKind.program, task)
        record.put(text: image.path)
        record.pad()
        record.put(UInt32(truncatingIfNeeded: image.arguments.count))
        for text in image.arguments.prefix(TraceChunk.arrayLimit) {
            let count = min(text.count, TraceChunk.stringLimit &* 8)
            record.put(UInt32(truncatingIfNeeded: count) | (text.count > count ? TraceChunk.longer : 0))
            record.put(Bytes(text.prefix(count)))
        }
        TraceRing.sendNow(record)
    }

    /// The parent of a vfork child has its thread back: its call returns the child's number.
    static func vforkReturned(_ parent: Task, child: Int32) {
        guard Tracing.tracesCalls else { return }
        var record = record(TraceKind.leave, parent)
        record.put(UInt64(Syscall.vfork.rawValue))
        record.put(UInt64(bitPattern: Int64(child)))
        TraceRing.sendNow(record)
    }

    static func signal(_ info: Siginfo, _ task: Task) {
        var record = record(TraceKind.signal, task)
        let bytes = info.encoded()
        for index in 0..<6 { record.put(bytes.load(index &* 8) as UInt64) }
        TraceRing.sendNow(record)
    }

    static func stopped(_ task: Task, _ signal: Int32) {
        var record = record(TraceKind.stop, task)
        record.put(UInt32(bitPattern: signal))
        TraceRing.sendNow(record)
    }

    static func ended(_ task: Task, _ status: Int32) {
        var record = record(TraceKind.exit, task)
        record.put(UInt32(bitPattern: status))
        TraceRing.sendNow(record)
    }
}
