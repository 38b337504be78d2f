// setpgid(2) and setsid(2).

import LinuxABI

extension Process {
    /// - Throws: `ESRCH`, `EACCES`, `EPERM`, in Linux's order.
    public func setGroup(of target: Process, to id: Int32) throws(Errno) {
        if target !== self {
            guard target.parent === self else { throw Errno(3) }
            guard target.session === session else { throw .EPERM }
            guard !target.hasExecuted else { throw Errno(13) }
        }
        // A session leader stays what it is.
        guard target.session.leader !== target else { throw .EPERM }
        let table = TaskTable.shared
        let group: ProcessGroup
        if id == target.pid {
            if target.group.id == id { return }
            if let existing = table.group(id) {
                guard existing.session === session else { throw .EPERM }
                group = existing
            } else {
                group = ProcessGroup(id: id, session: session)
                table.insert(group)
                session.groupStarted()
            }
        } else {
            guard let existing = table.group(id), existing.session === session else { throw .EPERM }
            group = existing
        }
        guard group !== target.group else { return }
        let old = target.group
        group.add(target)
        old.remove(target)
    }

    /// Makes a session of this process. `EPERM` for a group leader.
    /// - Returns: the session id.
    public func startSession() throws(Errno) -> Int {
        let table = TaskTable.shared
        guard group.id != pid, table.group(pid) == nil else { throw .EPERM }
        let new = Session(id: pid, leader: self)
        hasTerminal = false
        table.insert(new)
        let newGroup = ProcessGroup(id: pid, session: new)
        table.insert(newGroup)
        new.groupStarted()
        let old = group
        newGroup.add(self)
        old.remove(self)
        return Int(pid)
    }
}
