import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// POSIX message queues, mq_overview(7).
extension SyscallContext {
    /// mq_open(2)
    func sysMqOpen() throws(Errno) -> Int {
        let attributes = a3 == 0 ? nil : try UserMemory.load(MqAttr.self, at: a3)
        let name = try path(at: a0)
        if name.isEmpty { throw .ENOENT }
        let descriptor = try files.reserve(limit: descriptorLimit, closeOnExec: true)
        do throws(Errno) {
            let file = try PosixQueues.open(name, flags: u1, mode: u2, attributes, fs, credentials)
            files.fill(descriptor, file)
        } catch {
            files.cancel(descriptor)
            throw error
        }
        return Int(descriptor)
    }

    /// mq_unlink(2)
    func sysMqUnlink() throws(Errno) -> Int {
        try PosixQueues.unlink(try path(at: a0), fs, credentials)
        return 0
    }

    private func queue(_ descriptor: Int32) throws(Errno) -> PosixQueueFile {
        guard let file = try files.get(descriptor) as? PosixQueueFile else { throw .EBADF }
        return file
    }

    /// mq_timedsend(2)
    func sysMqTimedsend() throws(Errno) -> Int {
        let deadline = a4 == 0 ? nil : try nanoseconds(at: a4)
        guard Int(u3) < MQ_PRIO_MAX else { throw .EINVAL }
        let file = try queue(i0)
        guard file.isWritable else { throw .EBADF }
        guard a2 <= UInt(file.queue.maximalSize) else { throw .EMSGSIZE }
        let text = try UserMemory.copyIn(Int(a2), from: a1)
        file.acquire()
        defer { file.release() }
        try file.send(text, priority: u3, deadline: deadline)
        return 0
    }

    /// mq_timedreceive(2)
    func sysMqTimedreceive() throws(Errno) -> Int {
        let deadline = a4 == 0 ? nil : try nanoseconds(at: a4)
        let file = try queue(i0)
        guard file.isReadable else { throw .EBADF }
        guard a2 >= UInt(file.queue.maximalSize) else { throw .EMSGSIZE }
        file.acquire()
        defer { file.release() }
        let message = try file.receive(deadline: deadline)
        if a3 != 0 { try UserMemory.store(message.priority, at: a3) }
        let text = message.text
        try UserMemory.copyOut(text.span, to: a1)
        return text.count
    }

    /// mq_notify(2). Threads cannot be started: that way leads through a netlink socket.
    func sysMqNotify() throws(Errno) -> Int {
        var event: Sigevent?
        if a1 != 0 {
            let wanted = try UserMemory.load(Sigevent.self, at: a1)
            guard wanted.notify == SIGEV_NONE || wanted.notify == SIGEV_SIGNAL || wanted.notify == SIGEV_THREAD else { throw .EINVAL }
            if wanted.notify == SIGEV_SIGNAL { guard wanted.signo >= 0, wanted.signo <= 64 else { throw .EINVAL } }
            if wanted.notify == SIGEV_THREAD {
                _ = try files.get(wanted.signo)
                throw .ENOTSOCK
            }
            event = wanted
        }
        try queue(i0).queue.setNotification(event)
        return 0
    }

    /// mq_getsetattr(2)
    func sysMqGetsetattr() throws(Errno) -> Int {
        let new = a1 == 0 ? nil : try UserMemory.load(MqAttr.self, at: a1)
        if let new, new.flags & ~Int64(O_NONBLOCK) != 0 { throw .EINVAL }
        let file = try queue(i0)
        let old = MqAttr(flags: Int64(file.flags & O_NONBLOCK), maxmsg: Int64(file.queue.maximalCount), msgsize: Int64(file.queue.maximalSize),
                         curmsgs: Int64(file.queue.count))
        if let new { file.flags = file.flags & ~O_NONBLOCK | UInt32(truncatingIfNeeded: new.flags) & O_NONBLOCK }
        if a2 != 0 { try UserMemory.store(old, at: a2) }
        return 0
    }
}
