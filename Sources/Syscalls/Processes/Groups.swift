import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    /// setpgid(2)
    func sysSetpgid() throws(Errno) -> Int {
        let pid = i0 == 0 ? process.pid : i0
        let id = i1 == 0 ? pid : i1
        guard id >= 0 else { throw .EINVAL }
        guard let target = TaskTable.shared.process(pid) else { throw Errno(3) }
        try process.setGroup(of: target, to: id)
        return 0
    }

    func sysGetpgid() throws(Errno) -> Int {
        if i0 == 0 { return Int(process.group.id) }
        guard let target = TaskTable.shared.task(i0) else { throw Errno(3) }
        return Int(target.process.group.id)
    }

    func sysSetsid() throws(Errno) -> Int { try process.startSession() }

    func sysGetsid() throws(Errno) -> Int {
        if i0 == 0 { return Int(process.session.id) }
        guard let target = TaskTable.shared.task(i0) else { throw Errno(3) }
        return Int(target.process.session.id)
    }
}
