import KernelBase
import LinuxABI

/// Who is told by a signal that an open file is ready, or that its lease is to be given back: fcntl(2) F_SETOWN and F_SETSIG.
/// Most files have none.
public final class FileOwner {
    /// F_OWNER_TID, F_OWNER_PID or F_OWNER_PGRP.
    public fileprivate(set) var type: Int32 = F_OWNER_TID
    /// Task, process or group; 0: nobody.
    public fileprivate(set) var id: Int32 = 0
    /// Real and effective user of the caller that named the receiver: whom it may signal.
    public fileprivate(set) var uid: UInt32 = 0, euid: UInt32 = 0
    /// F_SETSIG; 0 for a plain SIGIO.
    public var signal: Int32 = 0

    init() {}

    /// Nobody any more; for a lease that was given back.
    func clear() {
        id = 0
        signal = 0
    }
}

extension File {
    /// ``owner``, made if there is none.
    public final func requireOwner() -> FileOwner {
        if let owner { return owner }
        let made = FileOwner()
        owner = made
        return made
    }

    /// fcntl(2) F_SETOWN_EX.
    /// - Parameters:
    ///   - type: F_OWNER_*, checked.
    ///   - id: 0 for nobody.
    ///   - force: whether a receiver that was named before is replaced.
    /// - Throws: `ESRCH` if nobody has that number.
    public final func setOwner(type: Int32, id: Int32, force: Bool = true) throws(Errno) {
        let hooks = VFS.shared.hooks
        if id != 0 { guard hooks.isAnybody(id) else { throw .ESRCH } }
        let owner = requireOwner()
        if owner.id != 0, !force { return }
        owner.type = type
        owner.id = id
        if id != 0 {
            let credentials = hooks.credentials
            owner.uid = credentials.uid
            owner.euid = credentials.euid
        }
    }

    /// fcntl(2) F_SETOWN, ioctl(2) FIOSETOWN: a process, or minus a process group.
    /// - Throws: `EINVAL`, `ESRCH`.
    public final func setOwner(_ who: Int32) throws(Errno) {
        guard who != .min else { throw .EINVAL }
        try setOwner(type: who < 0 ? F_OWNER_PGRP : F_OWNER_PID, id: who < 0 ? 0 &- who : who)
    }

    /// fcntl(2) F_GETOWN: 0 when the receiver is gone.
    public final var ownerNumber: Int32 {
        guard let owner, VFS.shared.hooks.isThere(owner) else { return 0 }
        return owner.type == F_OWNER_PGRP ? 0 &- owner.id : owner.id
    }

    /// F_SETFL or FIOASYNC changed O_ASYNC.
    /// - Parameter descriptor: what the signal's si_fd says; nil to switch off.
    /// - Returns: whether a file of this kind ever signals. If not, O_ASYNC is not kept.
    @discardableResult
    public final func changeAsync(_ descriptor: Int32?) -> Bool {
        guard setAsync(descriptor) else { return false }
        flags = descriptor == nil ? flags & ~O_ASYNC : flags | O_ASYNC
        return true
    }
}

/// The open files that want a signal when something happens to one object (Linux: fasync_struct). Each is on it as long as it
/// is open with O_ASYNC.
public struct AsyncList {
    private var entries: [(file: File, descriptor: Int32)] = []

    public init() {}

    /// Adds, changes or (nil) removes the entry of a file.
    public mutating func set(_ file: File, _ descriptor: Int32?) {
        for index in entries.indices where entries[index].file === file {
            if let descriptor { entries[index].descriptor = descriptor } else { entries.remove(at: index) }
            return
        }
        if let descriptor { entries.append((file, descriptor)) }
    }

    /// Signals all owners.
    /// - Parameter reason: POLL_IN, POLL_OUT...
    @inline(__always)
    public func tell(_ reason: Int32) {
        if !entries.isEmpty { tellAll(reason) }
    }

    @inline(never)
    private func tellAll(_ reason: Int32) {
        let current = entries
        for entry in current { entry.file.signalOwner(entry.descriptor, reason) }
    }
}

extension File {
    /// Sends the owner its signal.
    final func signalOwner(_ descriptor: Int32, _ reason: Int32) {
        if let owner, owner.id != 0 { VFS.shared.hooks.signal(owner, descriptor: descriptor, reason: reason) }
    }
}
