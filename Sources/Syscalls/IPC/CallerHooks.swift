import FileSystems
import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// Connects the IPC objects with tasks and the file layer.
public enum IPCBoot {
    /// Once, at boot, when the file layer is there.
    public static func boot() {
        let hooks = SpecialFileHooks()
        specialFileHooks.set(hooks)
        IPCState.boot(hooks: hooks)
        let caller = IPCState.shared.caller
        caller.credentials = { Task.current.credentials }
        caller.processID = { Task.current.process.pid }
        caller.raiseBrokenPipe = { Task.current.send(SIGPIPE, Task.current.senderInfo(SIGPIPE)) }
        caller.descriptorLimit = { Task.current.process.limit(Int(RLIMIT_NOFILE)) }
        caller.limit = { Task.current.process.limit($0) }
        caller.sendSignal = { pid, info in TaskTable.shared.process(pid)?.send(info.signo, info) }
        caller.undoList = { Task.current.ownUndoList() }
        caller.makeSegment = { (size, key) throws(Errno) in
            let inode = try Memfds.shared.makeUnnamedFile(mode: 0o777, Task.current.credentials)
            try inode.truncate(to: size)
            var name = Bytes("SYSV")
            name.append(hex: UInt(UInt32(bitPattern: key)), width: 8)
            return (inode, Path(mount: Memfds.mount, dentry: Dentry(name: name, unlinked: inode)))
        }
        caller.findSocket = { (path) throws(Errno) in
            let task = Task.current
            let place = try VFS.shared.lookup(path.span, .follow, task.fs, task.credentials)
            guard let inode = place.inode else { throw .ENOENT }
            try inode.permission(.write, task.credentials)
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
}

extension SyscallContext {
    /// Gives a new file a descriptor; without one it is closed.
    /// - Throws: `EMFILE`.
    func installNew(_ file: File, closeOnExec: Bool) throws(Errno) -> Int {
        file.acquire()
        defer { file.release() }
        return Int(try files.install(file, limit: descriptorLimit, closeOnExec: closeOnExec))
    }

    /// Two new files at once, as pipe(2) makes them: neither has a descriptor if one cannot have.
    /// - Parameter store: takes the descriptors to the caller.
    func installPair(_ first: File, _ second: File, closeOnExec: Bool, store: (Int32, Int32) throws(Errno) -> Void) throws(Errno) {
        first.acquire()
        second.acquire()
        defer {
            first.release()
            second.release()
        }
        let a = try files.reserve(limit: descriptorLimit, closeOnExec: closeOnExec)
        let b: Int32
        do throws(Errno) {
            b = try files.reserve(limit: descriptorLimit, closeOnExec: closeOnExec)
        } catch {
            files.cancel(a)
            throw error
        }
        do throws(Errno) {
            try store(a, b)
        } catch {
            files.cancel(a)
            files.cancel(b)
            throw error
        }
        files.fill(a, first)
        files.fill(b, second)
    }

    /// Raises SIGPIPE, as a write to a broken pipe does.
    func raiseBrokenPipe() { task.send(SIGPIPE, task.senderInfo(SIGPIPE)) }
}
