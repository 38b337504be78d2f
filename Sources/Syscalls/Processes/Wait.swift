import LinuxABI
import Machine
import Tasks
import VFS

extension SyscallContext {
    /// wait4(2)
    func sysWait4() throws(Errno) -> Int {
        let options = u2
        // WNOHANG, WUNTRACED, WCONTINUED, __WNOTHREAD, __WALL, __WCLONE
        guard options & ~(WNOHANG | WUNTRACED | WCONTINUED | 0xe000_0000) == 0 else { throw .EINVAL }
        if i0 == Int32.min { throw Errno(3) }
        let selection: WaitSelection =
            i0 == -1 ? .any : i0 == 0 ? .group(process.group.id) : i0 < 0 ? .group(0 &- i0) : .pid(i0)
        guard let result = try task.waitForChild(selection, options: options | WEXITED) else { return 0 }
        if a1 != 0 { try UserMemory.store(result.waitStatus, at: a1) }
        if a3 != 0 { try UserMemory.store(result.times.rusage, at: a3) }
        return Int(result.pid)
    }

    /// waitid(2). Also when it fails the structure says that there is nothing.
    func sysWaitid() throws(Errno) -> Int {
        do throws(Errno) {
            return try waitForID()
        } catch {
            if error.rawValue < 512 { _ = try storeWaitid(nil) }
            throw error
        }
    }

    private func waitForID() throws(Errno) -> Int {
        let options = u3
        guard options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | 0xe000_0000) == 0,
              options & (WEXITED | WSTOPPED | WCONTINUED) != 0 else { throw .EINVAL }
        let selection: WaitSelection
        switch i0 {
        case P_ALL: selection = .any
        case P_PID:
            guard i1 > 0 else { throw .EINVAL }
            selection = .pid(i1)
        case P_PGID:
            guard i1 >= 0 else { throw .EINVAL }
            selection = .group(i1 == 0 ? process.group.id : i1)
        case P_PIDFD:
            guard i1 >= 0 else { throw .EINVAL }
            let target = try PidFile.process(try files.getAny(i1))
            if try files.getAny(i1).isNonBlocking {
                let found = try task.waitForChild(.pid(target.pid), options: options | WNOHANG)
                guard let found else {
                    if options & WNOHANG != 0 { return try storeWaitid(nil) }
                    throw .EAGAIN
                }
                return try storeWaitid(found)
            }
            selection = .pid(target.pid)
        default: throw .EINVAL
        }
        return try storeWaitid(try task.waitForChild(selection, options: options))
    }

    private func storeWaitid(_ result: WaitResult?) throws(Errno) -> Int {
        if let result {
            if a4 != 0 { try UserMemory.store(result.times.rusage, at: a4) }
            if a2 != 0 {
                try UserMemory.store(Siginfo.child(code: result.code, pid: result.pid, uid: result.uid, status: result.status), at: a2)
            }
        } else if a2 != 0 {
            // Only these fields are written; the caller sees si_signo 0.
            for offset in [0, 4, 8, 16, 20, 24] as [UInt] { try UserMemory.store(Int32(0), at: a2 &+ offset) }
        }
        return 0
    }
}
