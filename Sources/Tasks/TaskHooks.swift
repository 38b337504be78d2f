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
            let place = try VFS.shared.makeSpecial(path.span, mode: mode, device: 0, task.fs, task.credentials)
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

    public override var credentials: Credentials { Task.current.credentials }
    public override var processID: Int32 { Task.current.process.pid }
}
