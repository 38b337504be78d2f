import KernelBase
import LinuxABI

/// A lock of a range of bytes.
struct RecordLock {
    /// A ``FileTable`` for fcntl(2)'s traditional locks, a ``File`` for open file description locks.
    var owner: AnyObject
    var ofDescription: Bool
    var isWrite: Bool
    var start: Int
    /// The last byte; `.max` for all to come.
    var end: Int
    /// What F_GETLK tells: the process, -1 for a description.
    var pid: Int32
}

/// A lock of flock(2): whole file, owned by the open file description.
struct WholeFileLock {
    var owner: File
    var isExclusive: Bool
    /// Who took it.
    var pid: Int32
}

/// An owner that sleeps until another one's lock goes; for finding deadlocks.
struct BlockedOwner {
    var waiter: AnyObject
    var blocker: AnyObject
}

/// A range as struct flock says it, already made absolute.
public struct LockRange {
    public var start: Int
    /// The last byte.
    public var end: Int

    /// - Parameters:
    ///   - base: what `whence` counts from.
    ///   - length: 0 for all to come; negative for bytes before `start`.
    /// - Throws: `EINVAL`, `EOVERFLOW`.
    public init(base: Int, start: Int, length: Int) throws(Errno) {
        let (first, overflow) = base.addingReportingOverflow(start)
        guard !overflow else { throw .EOVERFLOW }
        guard first >= 0 else { throw .EINVAL }
        if length > 0 {
            let (last, overflow) = first.addingReportingOverflow(length &- 1)
            guard !overflow else { throw .EOVERFLOW }
            self.start = first
            end = last
        } else if length < 0 {
            let (lower, overflow) = first.addingReportingOverflow(length)
            guard !overflow, lower >= 0 else { throw .EINVAL }
            self.start = lower
            end = first &- 1
        } else {
            self.start = first
            end = .max
        }
    }
}

/// What stands in the way of a lock, F_GETLK.
public struct LockConflict {
    public var isWrite: Bool
    public var start: Int
    public var end: Int
    public var pid: Int32
}

extension InodeExtra {
    // MARK: record locks

    private func conflict(_ owner: AnyObject, isWrite: Bool, _ range: LockRange) -> Int? {
        records.firstIndex {
            $0.owner !== owner && ($0.isWrite || isWrite) && $0.start <= range.end && range.start <= $0.end
        }
    }

    func firstConflict(_ owner: AnyObject, isWrite: Bool, _ range: LockRange) -> LockConflict? {
        guard let index = conflict(owner, isWrite: isWrite, range) else { return nil }
        let lock = records[index]
        return LockConflict(isWrite: lock.isWrite, start: lock.start, end: lock.end, pid: lock.pid)
    }

    /// Takes or changes a lock. May sleep.
    /// - Throws: `EAGAIN`, `EDEADLK`, `ENOLCK`, `ERESTARTSYS`.
    func lock(_ owner: AnyObject, ofDescription: Bool, isWrite: Bool, _ range: LockRange, pid: Int32, waits: Bool) throws(Errno) {
        if conflict(owner, isWrite: isWrite, range) != nil {
            guard waits else { throw .EAGAIN }
            let vfs = VFS.shared
            defer { if !ofDescription { vfs.blockedOwners.removeAll { $0.waiter === owner } } }
            _ = try lockQueue.wait { () throws(Errno) in
                if !ofDescription { vfs.blockedOwners.removeAll { $0.waiter === owner } }
                guard let index = conflict(owner, isWrite: isWrite, range) else { return true }
                if !ofDescription {
                    let blocker = records[index].owner
                    if vfs.leadsBack(from: blocker, to: owner) { throw Errno.EDEADLK }
                    vfs.blockedOwners.append(BlockedOwner(waiter: owner, blocker: blocker))
                }
                return false
            }
        }
        guard records.count < 100_000 else { throw .ENOLCK }
        let weakened = cut(owner, range, keeping: isWrite)
        add(RecordLock(owner: owner, ofDescription: ofDescription, isWrite: isWrite, start: range.start, end: range.end, pid: pid))
        if weakened { lockQueue.wakeAll() }
    }

    func unlock(_ owner: AnyObject, _ range: LockRange) {
        if cut(owner, range, keeping: nil) { lockQueue.wakeAll() }
    }

    /// Takes a range out of the owner's locks.
    /// - Parameter keeping: the kind of the lock that follows there, or nil.
    /// - Returns: whether others may have waited for what went.
    private func cut(_ owner: AnyObject, _ range: LockRange, keeping isWrite: Bool?) -> Bool {
        var weakened = false
        var kept: [RecordLock] = []
        kept.reserveCapacity(records.count &+ 1)
        for lock in records {
            guard lock.owner === owner, lock.start <= range.end, range.start <= lock.end else {
                kept.append(lock)
                continue
            }
            if isWrite == nil || (lock.isWrite && isWrite == false) { weakened = true }
            if lock.start < range.start {
                var part = lock
                part.end = range.start &- 1
                kept.append(part)
            }
            if lock.end > range.end {
                var part = lock
                part.start = range.end &+ 1
                kept.append(part)
            }
        }
        records = kept
        return weakened
    }

    /// Adds a lock whose range its owner has free, joined with its neighbours of the same kind.
    private func add(_ lock: RecordLock) {
        var lock = lock
        var index = 0
        while index < records.count {
            let other = records[index]
            if other.owner === lock.owner, other.isWrite == lock.isWrite,
               (other.end != .max && other.end &+ 1 == lock.start) || (lock.end != .max && lock.end &+ 1 == other.start) {
                lock.start = min(lock.start, other.start)
                lock.end = max(lock.end, other.end)
                records.remove(at: index)
            } else {
                index &+= 1
            }
        }
        // In the order of their starts, as F_GETLK finds them.
        let place = records.firstIndex { $0.start > lock.start } ?? records.count
        records.insert(lock, at: place)
    }

    // MARK: flock

    /// flock(2). May sleep.
    /// - Throws: `EAGAIN`, `ERESTARTSYS`.
    func lockWhole(_ file: File, isExclusive: Bool, waits: Bool) throws(Errno) {
        if let index = wholeFile.firstIndex(where: { $0.owner === file }) {
            if wholeFile[index].isExclusive == isExclusive { return }
            // Converting is not atomic: the old lock goes first.
            wholeFile.remove(at: index)
            lockQueue.wakeAll()
        }
        let blocked = { () throws(Errno) -> Bool in self.wholeFile.contains { $0.owner !== file && ($0.isExclusive || isExclusive) } }
        if try blocked() {
            guard waits else { throw .EAGAIN }
            _ = try lockQueue.wait { () throws(Errno) in !(try blocked()) }
        }
        wholeFile.append(WholeFileLock(owner: file, isExclusive: isExclusive, pid: VFS.shared.hooks.processID))
    }

    func unlockWhole(_ file: File) {
        guard wholeFile.contains(where: { $0.owner === file }) else { return }
        wholeFile.removeAll { $0.owner === file }
        lockQueue.wakeAll()
    }

    // MARK: closing

    /// A descriptor of `table` for one of the inode's files is being closed: the table's record locks go, all of them, and its
    /// wish to be told what happens in that open directory.
    public func descriptorClosed(_ file: File, of table: FileTable) {
        if !records.isEmpty { unlockAll(table) }
        if !notes.isEmpty { forgetNotes(file, of: table) }
    }

    /// An open file description goes away, and its locks with it.
    func fileClosed(_ file: File) {
        if !records.isEmpty { unlockAll(file) }
        if !wholeFile.isEmpty { unlockWhole(file) }
        if !leases.isEmpty { _ = removeLease(of: file) }
        if !notes.isEmpty { forgetNotes(file) }
    }

    private func unlockAll(_ owner: AnyObject) {
        let before = records.count
        records.removeAll { $0.owner === owner }
        if records.count != before { lockQueue.wakeAll() }
    }
}

extension VFS {
    /// Whether `from` waits, directly or through others, for `owner`.
    func leadsBack(from: AnyObject, to owner: AnyObject) -> Bool {
        var current = from
        // As on Linux, long chains are given up: they are no deadlock that anybody would notice.
        for _ in 0..<10 {
            if current === owner { return true }
            guard let next = blockedOwners.first(where: { $0.waiter === current }) else { return false }
            current = next.blocker
        }
        return false
    }

    /// fcntl(2) F_SETLK, F_SETLKW and their OFD forms. May sleep.
    /// - Parameters:
    ///   - table: the caller's, owner of a traditional lock; nil for one of the description.
    ///   - isWrite: nil to unlock.
    /// - Throws: `EBADF` when the file is not open for it; `EAGAIN`, `EDEADLK`, `ENOLCK`, `ERESTARTSYS`.
    public func setLock(_ file: File, table: FileTable?, isWrite: Bool?, _ range: LockRange, waits: Bool) throws(Errno) {
        guard let isWrite else {
            file.inode.extra?.unlock(table ?? file, range)
            return
        }
        guard isWrite ? file.isWritable : file.isReadable else { throw .EBADF }
        try file.inode.requireExtra().lock(table ?? file, ofDescription: table == nil, isWrite: isWrite, range,
                                           pid: table == nil ? -1 : hooks.processID, waits: waits)
    }

    /// fcntl(2) F_GETLK and F_OFD_GETLK: what would stand in the way, or nil.
    public func findLock(_ file: File, table: FileTable?, isWrite: Bool, _ range: LockRange) -> LockConflict? {
        file.inode.extra?.firstConflict(table ?? file, isWrite: isWrite, range)
    }

    /// flock(2). May sleep.
    /// - Parameter isExclusive: nil to unlock.
    public func lockWhole(_ file: File, isExclusive: Bool?, waits: Bool) throws(Errno) {
        guard let isExclusive else {
            file.inode.extra?.unlockWhole(file)
            return
        }
        try file.inode.requireExtra().lockWhole(file, isExclusive: isExclusive, waits: waits)
    }

    /// A line of /proc/locks, without its number.
    public struct LockLine {
        public var kind: StaticString
        /// ADVISORY, or what a lease is doing.
        public var state: StaticString
        public var access: StaticString
        public var pid: Int32
        public var start: Int
        public var end: Int
    }

    /// All locks and leases of an inode.
    public static func locks(of inode: Inode) -> [LockLine] {
        guard let extra = inode.extra else { return [] }
        var result: [LockLine] = []
        func access(_ isWrite: Bool) -> StaticString { isWrite ? "WRITE " : "READ " }
        for lock in extra.wholeFile {
            result.append(LockLine(kind: "FLOCK  ", state: "ADVISORY  ", access: access(lock.isExclusive), pid: lock.pid, start: 0, end: .max))
        }
        for lock in extra.records {
            result.append(LockLine(kind: lock.ofDescription ? "OFDLCK " : "POSIX  ", state: "ADVISORY  ", access: access(lock.isWrite), pid: lock.pid,
                                   start: lock.start, end: lock.end))
        }
        for lease in extra.leases {
            result.append(LockLine(kind: "LEASE  ", state: lease.isBreaking ? "BREAKING  " : "ACTIVE    ",
                                   access: lease.target == F_UNLCK ? "UNLCK " : access(lease.target == F_WRLCK), pid: lease.pid, start: 0, end: .max))
        }
        return result
    }
}
