import KernelBase
import LinuxABI

/// A lease, fcntl(2) F_SETLEASE: its holder is told before another open of the file that does not go with it, which
/// waits until the holder has given the lease back or made it weaker, or a time has passed.
final class Lease {
    let file: File
    /// si_fd of the signal.
    let descriptor: Int32
    /// Who took it.
    let pid: Int32
    var isWrite: Bool
    /// An open for writing waits: the lease is to go.
    var isToGo = false
    /// An open for reading waits: the lease is to become one for reading.
    var isToWeaken = false
    /// When that happens without the holder's doing, CLOCK_MONOTONIC nanoseconds.
    var deadline: UInt64 = .max

    init(_ file: File, _ descriptor: Int32, pid: Int32, isWrite: Bool) {
        self.pid = pid
        self.file = file
        self.descriptor = descriptor
        self.isWrite = isWrite
    }

    var isBreaking: Bool { isToGo || isToWeaken }
    /// What it will be: F_RDLCK, F_WRLCK, F_UNLCK.
    var target: Int16 { isToGo ? F_UNLCK : isToWeaken ? F_RDLCK : isWrite ? F_WRLCK : F_RDLCK }

    func weaken() {
        isWrite = false
        isToWeaken = false
    }
}

extension Inode {
    /// Files that have it open for reading only.
    private final var readers: Int32 { openCount &- pathCount &- max(0, writers) }

    /// Nobody else has it open in a way that does not go with a lease of `file`.
    /// - Throws: `EAGAIN`.
    final func checkLeaseConflict(_ file: File, isWrite: Bool) throws(Errno) {
        if isWrite {
            let own: Int32 = file.isWritable ? 1 : 0
            guard writers == own, readers == 1 &- own else { throw .EAGAIN }
        } else {
            guard writers <= 0 else { throw .EAGAIN }
        }
    }
}

extension VFS {
    /// fcntl(2) F_SETLEASE.
    /// - Parameter type: F_RDLCK, F_WRLCK or F_UNLCK.
    /// - Throws: `EACCES` for other people's files, `EINVAL`, `EAGAIN`.
    public func setLease(_ file: File, _ descriptor: Int32, type: Int16) throws(Errno) {
        guard type == F_RDLCK || type == F_WRLCK || type == F_UNLCK else { throw .EINVAL }
        let credentials = hooks.credentials
        let inode = file.inode
        guard credentials.fsuid == inode.uid || credentials.has(Int(CAP_LEASE)) else { throw .EACCES }
        guard inode.isRegular else { throw .EINVAL }
        if type == F_UNLCK {
            guard let extra = inode.extra, extra.removeLease(of: file) else { throw .EAGAIN }
            return
        }
        let isWrite = type == F_WRLCK
        let extra = inode.requireExtra()
        extra.expireLeases()
        try inode.checkLeaseConflict(file, isWrite: isWrite)
        var own: Lease?
        for lease in extra.leases {
            if lease.file === file { own = lease; continue }
            if isWrite || lease.isToGo { throw .EAGAIN }
        }
        if let own {
            if isWrite { own.isWrite = true } else { own.weaken() }
            extra.lockQueue.wakeAll()
        } else {
            file.flags |= O_ASYNC
            extra.leases.append(Lease(file, descriptor, pid: hooks.processID, isWrite: isWrite))
        }
        try file.setOwner(type: F_OWNER_PID, id: hooks.processID, force: false)
    }

    /// fcntl(2) F_GETLEASE.
    public func lease(of file: File) -> Int16 {
        guard let extra = file.inode.extra else { return F_UNLCK }
        extra.expireLeases()
        for lease in extra.leases where lease.file === file { return lease.target }
        return F_UNLCK
    }

    /// Before an open or a truncation: tells the holders of leases that do not go with it, and waits for them. May sleep.
    /// - Throws: `EAGAIN` instead of waiting, `ERESTARTSYS`.
    @inline(__always)
    func breakLeases(_ inode: Inode, writes: Bool, waits: Bool) throws(Errno) {
        if let extra = inode.extra, !extra.leases.isEmpty { try extra.breakLeases(writes: writes, waits: waits) }
    }
}

extension InodeExtra {
    /// Does what holders have not done in time.
    func expireLeases() {
        guard leases.contains(where: { $0.deadline != .max }) else { return }
        let now = Clock.monotonic()
        for lease in leases where lease.deadline <= now {
            lease.deadline = .max
            if lease.isToGo { _ = removeLease(of: lease.file) } else if lease.isToWeaken { lease.weaken() }
        }
    }

    /// - Returns: whether there was one.
    func removeLease(of file: File) -> Bool {
        guard let index = leases.firstIndex(where: { $0.file === file }) else { return false }
        leases.remove(at: index)
        file.owner?.clear()
        file.flags &= ~O_ASYNC
        lockQueue.wakeAll()
        return true
    }

    private func conflict(writes: Bool) -> Bool {
        expireLeases()
        return leases.contains { writes || $0.isWrite }
    }

    @inline(never)
    fileprivate func breakLeases(writes: Bool, waits: Bool) throws(Errno) {
        guard conflict(writes: writes) else { return }
        let deadline = Clock.deadline(after: VFS.shared.leaseBreakTime &* 1_000_000_000)
        for lease in leases where writes || lease.isWrite {
            if writes {
                if lease.isToGo { continue }
                lease.isToGo = true
            } else {
                if lease.isBreaking { continue }
                lease.isToWeaken = true
            }
            lease.deadline = min(lease.deadline, deadline)
            lease.file.signalOwner(lease.descriptor, POLL_MSG)
        }
        if !waits { throw .EAGAIN }
        while true {
            var next = UInt64.max
            for lease in leases { next = min(next, lease.deadline) }
            if try lockQueue.wait(deadline: next, until: { () throws(Errno) in !conflict(writes: writes) }) { return }
        }
    }
}
