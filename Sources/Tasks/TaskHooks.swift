// What the modules below ask about the calling task.

import IPC
import KernelBase
import LinuxABI
import Machine
import VFS

/// The answers for the file layer and for IPC.
public final class TaskHooks: VFSHooks {
    /// Registers them. Once, at boot, after the root objects of VFS and IPC have been made.
    public static func install() {
        VFS.shared.hooks = TaskHooks()
        let caller = IPCState.shared.caller
        caller.credentials = { Task.current.credentials }
        caller.processID = { Task.current.process.pid }
        caller.descriptorLimit = { Task.current.process.limit(Int(RLIMIT_NOFILE)) }
        caller.findSocket = { (path) throws(Errno) in
            let task = Task.current
            let place = try VFS.shared.lookup(path.span, [.follow], task.fs, task.credentials)
            guard let inode = place.inode else { throw .ENOENT }
            try inode.permission([.write], task.credentials)
            return inode
        }
        caller.makeSocket = { (path, mode) throws(Errno) in
            let task = Task.current
            // bind(2) applies the umask itself, so it counts even where the directory has an access control list for new files.
            let place = try VFS.shared.makeSpecial(path.span, mode: mode & ~(task.fs.umask & 0o777), device: 0, task.fs, task.credentials)
            guard let inode = place.inode else { throw .ENOENT }
            return inode
        }
    }

    /// RLIMIT_FSIZE.
    public override var fileSizeLimit: Int { Int(min(Task.current.process.limit(Int(RLIMIT_FSIZE)), UInt64(Int.max))) }

    public override func fileSizeExceeded() {
        let task = Task.current
        task.send(SIGXFSZ, task.senderInfo(SIGXFSZ))
    }

    public override func isAnybody(_ id: Int32) -> Bool {
        let table = TaskTable.shared
        return table.task(id) != nil || table.process(id) != nil || table.group(id) != nil || table.session(id) != nil
    }

    public override func isThere(_ owner: FileOwner) -> Bool {
        let table = TaskTable.shared
        switch owner.type {
        case F_OWNER_TID: return table.task(owner.id) != nil
        case F_OWNER_PID: return table.process(owner.id) != nil
        default: return table.group(owner.id) != nil
        }
    }

    public override func signal(_ owner: FileOwner, descriptor: Int32, reason: Int32) {
        let table = TaskTable.shared
        switch owner.type {
        case F_OWNER_TID: if let task = table.task(owner.id) { signal(task, shared: false, owner, descriptor, reason) }
        case F_OWNER_PID: if let task = table.process(owner.id)?.anyTask { signal(task, shared: true, owner, descriptor, reason) }
        default:
            guard let group = table.group(owner.id) else { return }
            for process in group.members { if let task = process.anyTask { signal(task, shared: true, owner, descriptor, reason) } }
        }
    }

    /// Linux's send_sigio_to_task.
    private func signal(_ task: Task, shared: Bool, _ owner: FileOwner, _ descriptor: Int32, _ reason: Int32) {
        let theirs = task.credentials
        guard owner.euid == 0 || owner.euid == theirs.suid || owner.euid == theirs.uid || owner.uid == theirs.suid || owner.uid == theirs.uid else { return }
        let number = owner.signal
        guard number != 0 else {
            task.process.post(SIGIO, .kill(SIGIO, code: SI_KERNEL, pid: 0, uid: 0), to: task, shared: shared)
            return
        }
        let band: UInt32 = switch reason {
        case POLL_IN: POLLIN | POLLRDNORM
        case POLL_OUT: POLLOUT | POLLWRNORM | POLLWRBAND
        case POLL_MSG: POLLIN | POLLRDNORM | POLLMSG
        case POLL_ERR: POLLERR
        case POLL_PRI: POLLPRI | POLLRDBAND
        default: POLLHUP | POLLERR
        }
        // Signals whose codes mean something else say only where they come from.
        let code: Int32 = switch number {
        case SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGTRAP, SIGCHLD, SIGSYS: SI_SIGIO
        default: reason
        }
        task.process.post(number, .poll(number, code: code, band: Int64(band), fd: descriptor), to: task, shared: shared)
    }

    public override var credentials: Credentials { Task.current.credentials }
    public override var processID: Int32 { Task.current.process.pid }
}
