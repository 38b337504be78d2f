// Job control: stopping and continuing processes, and telling parents about it.

import KernelBase
import LinuxABI
import Machine

extension Task {
    /// A stop signal's default action: all threads of the process stop.
    func beginStop(_ signal: Int32) {
        guard process.groupExit == nil, process.state == .running else { return }
        process.stopPending = true
        process.stopSignal = signal
        for task in process.threads where task !== self && !task.isExiting { task.noticeSignal() }
        participateInStop()
    }

    /// Sleeps until the process is continued or has to end. The last thread to stop tells the parent.
    func participateInStop() {
        let process = self.process
        if Tracing.tracesCalls { TaskTrace.stopped(self, process.stopSignal) }
        if process.stopPending {
            isStopped = true
            var all = true
            for task in process.threads where !task.isExiting && !task.isStopped { all = false }
            if all {
                process.stopPending = false
                process.state = .stopped
                process.stopReport = process.stopSignal
                process.continueReport = false
                process.notifyParent(code: CLD_STOPPED, status: process.stopSignal)
            }
        }
        isStopped = true
        _ = try? process.stopQueue.wait(.death) { () throws(Errno) in
            !(process.stopPending || process.state == .stopped) || process.groupExit != nil
        }
        isStopped = false
    }
}

extension Process {
    /// SIGCHLD to the parent and a wake-up for its waits. The caller has set what wait will report.
    func notifyParent(code: Int32, status: Int32) {
        guard let parent else { return }
        let action = parent.handlers[SIGCHLD]
        let quiet = code != CLD_EXITED && code != CLD_KILLED && code != CLD_DUMPED && action.flags & UInt64(SA_NOCLDSTOP) != 0
        if !quiet {
            parent.send(SIGCHLD, childInfo(code: code, status: status))
        }
        parent.childEvents.wakeAll(1)
    }

    func childInfo(code: Int32, status: Int32) -> Siginfo {
        let uid = (leader ?? threads.first)?.credentials.uid ?? lastUID
        return .child(code: code, pid: pid, uid: uid, status: status,
                      utime: Int64(times.user / 10_000_000), stime: Int64(times.system / 10_000_000))
    }
}
