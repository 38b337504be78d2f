import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

extension SyscallContext {
    /// unshare(2): what threads share besides their memory. Namespaces are refused, as where unprivileged ones are off.
    func sysUnshare() throws(Errno) -> Int {
        let flags = UInt64(a0)
        let namespaces = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP | CLONE_NEWTIME
        let sharing = CLONE_THREAD | CLONE_FS | CLONE_SIGHAND | CLONE_VM | CLONE_FILES | CLONE_SYSVSEM
        guard flags & ~(namespaces | sharing) == 0 else { throw .EINVAL }
        // A thread cannot leave its process.
        if flags & (CLONE_THREAD | CLONE_SIGHAND | CLONE_VM) != 0 {
            guard process.threads.count == 1 else { throw .EINVAL }
            if flags & (CLONE_SIGHAND | CLONE_VM) != 0, process.sharesHandlersWithOthers { throw .EINVAL }
            if flags & CLONE_VM != 0, memory.users > 1 { throw .EINVAL }
        }
        if flags & namespaces != 0 { throw .EPERM }
        if flags & CLONE_FS != 0 { task.fs = task.fs.copy() }
        if flags & CLONE_SYSVSEM != 0 { task.leaveUndoList() }
        if flags & CLONE_FILES != 0, files.users > 1 {
            let own = files.copy()
            files.release()
            task.files = own
        }
        return 0
    }

    /// setns(2): no descriptor names a namespace that one may enter.
    func sysSetns() throws(Errno) -> Int {
        let kinds = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWCGROUP | CLONE_NEWTIME
        let file = try files.get(i0)
        guard let subject = file as? PidFile, u1 != 0, UInt64(u1) & ~kinds == 0 else { throw .EINVAL }
        throw subject.process.state == .zombie || subject.isGone ? .ESRCH : .EPERM
    }
}
