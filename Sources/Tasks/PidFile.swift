// Descriptors of processes and threads, pidfd_open(2).

import IPC
import KernelBase
import LinuxABI
import Machine
import VFS

/// A pidfd: names a process, or one thread (PIDFD_THREAD), also when its number has been given to another.
public final class PidFile: File {
    public let process: Process
    /// The thread that a PIDFD_THREAD descriptor was opened for, and its number then.
    private let named: Task?
    private let number: Int32
    /// The thread that a PIDFD_THREAD descriptor names. The leader is whoever has its number: a thread that executes a program
    /// takes its place.
    public var thread: Task? {
        guard let named else { return nil }
        return number == process.pid ? process.leader ?? named : named
    }

    /// - Parameter flags: PIDFD_NONBLOCK and PIDFD_THREAD, which the file shows as its status flags.
    init(_ process: Process, thread: Task?, flags: UInt32) {
        self.process = process
        named = thread
        number = thread?.tid ?? 0
        super.init(inode: IPCState.shared.anonymousInode, path: nil, flags: O_RDWR | flags)
    }

    /// The pidfd of a new task, for CLONE_PIDFD.
    static func make(_ task: Task, threadOnly: Bool) throws(Errno) -> File {
        PidFile(task.process, thread: threadOnly ? task : nil, flags: threadOnly ? PIDFD_THREAD : 0)
    }

    /// pidfd_open(2).
    /// - Throws: `EINVAL`, `ESRCH`; `ENOENT` for a thread that is not the leader, without PIDFD_THREAD.
    public static func open(_ pid: Int32, flags: UInt32) throws(Errno) -> File {
        guard flags & ~(PIDFD_NONBLOCK | PIDFD_THREAD) == 0, pid > 0 else { throw .EINVAL }
        let table = TaskTable.shared
        if flags & PIDFD_THREAD != 0 {
            if let task = table.task(pid) { return PidFile(task.process, thread: task, flags: flags) }
        } else if let process = table.process(pid) {
            return PidFile(process, thread: nil, flags: flags)
        } else if table.task(pid) != nil {
            throw .ENOENT
        }
        throw .ESRCH
    }

    /// The process of a pidfd. `EBADF` for any other file.
    public static func process(_ file: File) throws(Errno) -> Process { try of(file).process }

    /// A file as a pidfd. `EBADF` for any other file.
    public static func of(_ file: File) throws(Errno) -> PidFile {
        guard let pidFile = file as? PidFile else { throw .EBADF }
        return pidFile
    }

    /// What it names has been waited for: its number is free.
    public var isGone: Bool {
        if let named, number != process.pid {
            return named.tid != number || named.isExiting && (TaskTable.shared.task(number) !== named || process.state == .dead)
        }
        return process.state == .dead
    }

    /// The wait status of what is gone.
    var endedStatus: Int32 {
        guard let named, number != process.pid else { return process.exitStatus }
        return named.exitRequest ?? process.groupExit ?? 0
    }

    /// The number for /proc/PID/fdinfo; -1 when it is gone.
    public var shownPID: Int32 { isGone ? -1 : thread?.tid ?? process.pid }

    /// Readable when the process (or the thread) has ended, and hung up when it has been waited for.
    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(process.exitEvents)
        if isGone { return POLLIN | POLLRDNORM | POLLHUP }
        // The leader has ended when all threads have.
        if let thread, !thread.isLeader { return thread.isExiting ? POLLIN | POLLRDNORM : 0 }
        return process.state == .zombie ? POLLIN | POLLRDNORM : 0
    }

    /// ioctl(2) PIDFD_GET_INFO, see PidFileInfo.swift.
    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int { try answer(request, argument) }

    public override var linkText: Bytes { Bytes("anon_inode:[pidfd]") }
}

extension Task {
    /// Whether this task may look into another one, as ptrace(2) decides by real user and group ids.
    public func mayInspect(_ target: Task) -> Bool {
        if target.process === process || credentials.has(Int(CAP_SYS_PTRACE)) { return true }
        let mine = credentials, theirs = target.credentials
        return mine.uid == theirs.uid && mine.uid == theirs.euid && mine.uid == theirs.suid
            && mine.gid == theirs.gid && mine.gid == theirs.egid && mine.gid == theirs.sgid
            && target.process.dumpable == 1 && theirs.permitted & ~mine.permitted == 0
    }

    /// pidfd_getfd(2): a file of another process.
    /// - Throws: `ESRCH`, `EPERM`, `EBADF`.
    public func file(of pidFile: PidFile, _ descriptor: Int32) throws(Errno) -> File {
        guard let target = pidFile.thread ?? pidFile.process.leader ?? pidFile.process.threads.first,
              !target.isExiting, pidFile.process.state != .zombie, !pidFile.isGone else { throw .ESRCH }
        guard mayInspect(target) else { throw .EPERM }
        return try target.files.getAny(descriptor)
    }

    /// pidfd_send_signal(2).
    /// - Parameters:
    ///   - info: what the caller says about the signal; nil for what kill(2) says.
    ///   - scope: PIDFD_SIGNAL_* or 0 for what the descriptor names.
    /// - Throws: `ESRCH`, `EINVAL`, `EPERM`.
    public func signal(_ pidFile: PidFile, _ number: Int32, _ info: Siginfo?, scope: UInt32) throws(Errno) {
        let toThread = scope == PIDFD_SIGNAL_THREAD || (scope == 0 && pidFile.thread != nil)
        if let info {
            guard info.signo == number else { throw .EINVAL }
            let isSelf = (pidFile.thread?.tid ?? pidFile.process.pid) == tid && scope != PIDFD_SIGNAL_PROCESS_GROUP
            if !isSelf, info.code >= 0 || info.code == SI_TKILL { throw .EPERM }
        }
        let sent = info ?? senderInfo(number, code: toThread ? SI_TKILL : SI_USER)
        guard !pidFile.isGone else { throw .ESRCH }
        if scope == PIDFD_SIGNAL_PROCESS_GROUP {
            guard let group = TaskTable.shared.group(pidFile.process.pid) else { throw .ESRCH }
            guard number == 0 || isSignal(number) else { throw .EINVAL }
            var allowed = false
            for member in group.members where maySignal(member, number) {
                allowed = true
                if number != 0 { member.send(number, sent) }
            }
            if !allowed { throw .EPERM }
            return
        }
        guard number == 0 || isSignal(number) else { throw .EINVAL }
        guard maySignal(pidFile.process, number) else { throw .EPERM }
        guard number != 0 else { return }
        if toThread {
            guard let target = pidFile.thread ?? pidFile.process.leader else { throw .ESRCH }
            if !target.isExiting { target.send(number, sent) }
        } else {
            pidFile.process.send(number, sent)
        }
    }
}
