// Waiting for children: wait4(2), waitid(2).

import KernelBase
import LinuxABI
import Machine

/// What a wait found.
public struct WaitResult {
    public var pid: Int32
    public var uid: UInt32
    /// CLD_*.
    public var code: Int32
    /// For CLD_EXITED the exit code, else the signal.
    public var status: Int32
    /// As wait4(2) stores it.
    public var waitStatus: Int32
    public var times: CPUTimes
}

/// Which children a wait is about.
public enum WaitSelection {
    case any
    case pid(Int32)
    case group(Int32)
}

extension Task {
    /// Waits for a child to change its state.
    /// - Parameter options: WEXITED, WSTOPPED, WCONTINUED, WNOHANG, WNOWAIT, __WALL, __WCLONE, __WNOTHREAD.
    /// - Returns: nil if WNOHANG and nothing has happened.
    /// - Throws: `ECHILD`, `ERESTARTSYS`.
    public func waitForChild(_ selection: WaitSelection, options: UInt32) throws(Errno) -> WaitResult? {
        var result: WaitResult?
        _ = try process.childEvents.wait(spin: options & WNOHANG == 0 ? 400 : 0) { () throws(Errno) in
            result = try self.findChild(selection, options)
            return result != nil || options & WNOHANG != 0
        }
        return result
    }

    private func findChild(_ selection: WaitSelection, _ options: UInt32) throws(Errno) -> WaitResult? {
        var eligible = false
        for child in process.children {
            switch selection {
            case .any: break
            case .pid(let pid): if child.pid != pid { continue }
            case .group(let id): if child.group.id != id { continue }
            }
            // A "clone" child is one that sends another signal than SIGCHLD at its end.
            let isClone = child.exitSignal != SIGCHLD
            if options & 0x4000_0000 == 0, isClone != (options & 0x8000_0000 != 0) { continue }
            if options & 0x2000_0000 != 0, child.parentTask !== self { continue }
            // What is left of a zombie is its end.
            if child.state != .zombie || options & WEXITED != 0 { eligible = true }
            if let result = report(child, options) { return result }
        }
        if !eligible { throw Errno(10) }
        return nil
    }

    private func report(_ child: Process, _ options: UInt32) -> WaitResult? {
        let keep = options & WNOWAIT != 0
        let uid = child.leader?.credentials.uid ?? child.lastUID
        if child.state == .zombie, options & WEXITED != 0 {
            let status = child.exitStatus
            let signalled = status & 0x7f != 0
            let result = WaitResult(
                pid: child.pid, uid: uid,
                code: !signalled ? CLD_EXITED : status & 0x80 != 0 ? CLD_DUMPED : CLD_KILLED,
                status: signalled ? status & 0x7f : status >> 8 & 0xff, waitStatus: status, times: child.times)
            if !keep { child.reap(waitedFor: true) }
            return result
        }
        if child.stopReport != 0, options & WSTOPPED != 0 {
            let signal = child.stopReport
            if !keep { child.stopReport = 0 }
            return WaitResult(pid: child.pid, uid: uid, code: CLD_STOPPED, status: signal,
                              waitStatus: signal << 8 | 0x7f, times: child.times)
        }
        if child.continueReport, options & WCONTINUED != 0 {
            if !keep { child.continueReport = false }
            return WaitResult(pid: child.pid, uid: uid, code: CLD_CONTINUED, status: SIGCONT, waitStatus: 0xffff, times: child.times)
        }
        return nil
    }
}

extension CPUTimes {
    /// As getrusage(2) shows them.
    public var rusage: Rusage {
        var usage = Rusage()
        usage.utime = Timeval(seconds: Int64(user / 1_000_000_000), microseconds: Int64(user % 1_000_000_000 / 1000))
        usage.stime = Timeval(seconds: Int64(system / 1_000_000_000), microseconds: Int64(system % 1_000_000_000 / 1000))
        usage.maxrss = maxResident
        usage.minflt = minorFaults
        usage.majflt = majorFaults
        usage.nvcsw = voluntarySwitches
        usage.nivcsw = involuntarySwitches
        return usage
    }
}
