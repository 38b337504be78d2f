import IPC
import KernelBase
import LinuxABI
import Machine
import ProcFS
import Tasks
import VFS

extension SyscallContext {
    /// pidfd_open(2)
    func sysPidfdOpen() throws(Errno) -> Int {
        let file = try PidFile.open(i0, flags: u1)
        return Int(try files.install(file, limit: descriptorLimit, closeOnExec: true))
    }

    /// pidfd_send_signal(2)
    func sysPidfdSendSignal() throws(Errno) -> Int {
        let scopes = PIDFD_SIGNAL_THREAD | PIDFD_SIGNAL_THREAD_GROUP | PIDFD_SIGNAL_PROCESS_GROUP
        guard u3 & ~scopes == 0, u3.nonzeroBitCount <= 1 else { throw .EINVAL }
        // /proc/PID, opened as a directory, stands for the process as well.
        let file = try files.get(i0)
        let target: PidFile
        if let process = try ProcFS.process(ofDirectory: file.inode) {
            target = try PidFile.of(try PidFile.open(process.pid, flags: 0))
        } else {
            target = try PidFile.of(file)
        }
        let info = a2 == 0 ? nil : try UserMemory.load(Siginfo.self, at: a2)
        try task.signal(target, i1, info, scope: u3)
        return 0
    }

    /// pidfd_getfd(2)
    func sysPidfdGetfd() throws(Errno) -> Int {
        guard u2 == 0 else { throw .EINVAL }
        let file = try task.file(of: try PidFile.of(try files.get(i0)), i1)
        return Int(try files.install(file, limit: descriptorLimit, closeOnExec: true))
    }

    /// process_mrelease(2): the memory of a process that has been killed is the host's to give back, at once.
    func sysProcessMrelease() throws(Errno) -> Int {
        guard u1 == 0 else { throw .EINVAL }
        let target = try PidFile.process(try files.get(i0))
        guard target.state != .zombie, target.state != .dead else { throw .ESRCH }
        guard target.groupExit != nil else { throw .EINVAL }
        return 0
    }

    /// kcmp(2): 0 for the same object, 1 and 2 for an order between others.
    func sysKcmp() throws(Errno) -> Int {
        let table = TaskTable.shared
        guard let one = table.task(i0), let other = table.task(i1) else { throw .ESRCH }
        guard task.mayInspect(one), task.mayInspect(other) else { throw .EPERM }
        switch i2 {
        case KCMP_FILE:
            return order(try one.files.getAny(i3), try other.files.getAny(i4))
        case KCMP_VM: return order(one.memory, other.memory)
        case KCMP_FILES: return order(one.files, other.files)
        case KCMP_FS: return order(one.fs, other.fs)
        case KCMP_SIGHAND: return order(one.process.handlers, other.process.handlers)
        // Nobody has an I/O context.
        case KCMP_IO: return 0
        case KCMP_SYSVSEM:
            let first = one.undoList?.number ?? 0, second = other.undoList?.number ?? 0
            return first == second ? 0 : first < second ? 1 : 2
        case KCMP_EPOLL_TFD: throw .EOPNOTSUPP
        default: throw .EINVAL
        }
    }

    private func order<T: AnyObject>(_ a: T, _ b: T) -> Int {
        let x = UInt(bitPattern: ObjectIdentifier(a)), y = UInt(bitPattern: ObjectIdentifier(b))
        return x == y ? 0 : x < y ? 1 : 2
    }
}
