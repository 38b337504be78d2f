import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

extension SyscallContext {
    // fork(2), vfork(2), clone(2), clone3(2)

    func sysFork() throws(Errno) -> Int {
        try task.clone(CloneRequest(flags: 0, exitSignal: SIGCHLD))
    }

    func sysVfork() throws(Errno) -> Int {
        try task.clone(CloneRequest(flags: CLONE_VFORK | CLONE_VM, exitSignal: SIGCHLD))
    }

    func sysClone() throws(Errno) -> Int {
        // The signal is in the low byte; the upper half of the register is ignored.
        let flags = UInt64(u0) & ~0xff
        if flags & CLONE_PIDFD != 0, flags & CLONE_PARENT_SETTID != 0 { throw .EINVAL }
        var request = CloneRequest(flags: flags, exitSignal: Int32(u0 & 0xff))
        request.stack = a1
        request.parentTID = a2
        request.pidFDAddress = a2
        request.childTID = a3
        request.tls = a4
        return try task.clone(request)
    }

    func sysClone3() throws(Errno) -> Int {
        let arguments = try UserMemory.load(CloneArgs.self, size: a1, at: a0)
        let known = ~UInt64(0xff) & 0x3_ffff_ffff
        guard arguments.flags & ~known == 0, arguments.exitSignal & ~0xff == 0, arguments.exitSignal <= 64 else { throw .EINVAL }
        if arguments.flags & (CLONE_DETACHED | (CLONE_NEWTIME & 0xff)) != 0 { throw .EINVAL }
        if arguments.flags & (CLONE_THREAD | CLONE_PARENT) != 0, arguments.exitSignal != 0 { throw .EINVAL }
        if arguments.flags & CLONE_INTO_CGROUP != 0 { throw Errno(9) }
        guard (arguments.stack == 0) == (arguments.stackSize == 0) else { throw .EINVAL }
        if arguments.stack != 0 {
            guard UserMemory.isUserRange(UInt(arguments.stack), UInt(arguments.stackSize)) else { throw .EINVAL }
        }
        guard (arguments.setTid == 0) == (arguments.setTidSize == 0), arguments.setTidSize <= 32 else { throw .EINVAL }
        var request = CloneRequest(flags: arguments.flags, exitSignal: Int32(arguments.exitSignal))
        request.stack = UInt(arguments.stack) &+ UInt(arguments.stackSize)
        request.parentTID = UInt(arguments.parentTid)
        request.childTID = UInt(arguments.childTid)
        request.pidFDAddress = UInt(arguments.pidfd)
        request.tls = UInt(arguments.tls)
        for index in 0..<UInt(arguments.setTidSize) {
            request.wantedTIDs.append(try UserMemory.load(Int32.self, at: UInt(arguments.setTid) &+ index &* 4))
        }
        return try task.clone(request)
    }

    // exit(2), exit_group(2)

    func sysExit() -> Int {
        task.exitThread(status: i0)
        return 0
    }

    func sysExitGroup() -> Int {
        task.exitGroup(status: i0)
        return 0
    }

    func sysSetTidAddress() -> Int {
        task.clearChildTID = a0
        return Int(task.tid)
    }
}
