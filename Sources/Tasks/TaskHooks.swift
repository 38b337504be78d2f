// What the file layer asks about the calling task.

import KernelBase
import LinuxABI
import Machine
import VFS

/// The file layer's hooks, answered for the calling task.
public final class TaskHooks: VFSHooks {
    /// Registers them. Once, at boot, after VFS has been made.
    public static func install() { VFS.shared.hooks = TaskHooks() }

    /// RLIMIT_FSIZE.
    public override var fileSizeLimit: Int { Int(min(Task.current.process.limit(Int(RLIMIT_FSIZE)), UInt64(Int.max))) }

    public override func fileSizeExceeded() {
        let task = Task.current
        task.send(SIGXFSZ, task.senderInfo(SIGXFSZ))
    }

    public override var processID: Int32 { Task.current.process.pid }
}
