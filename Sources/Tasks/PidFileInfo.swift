// What a pidfd tells of its process, ioctl(2) PIDFD_GET_INFO of <linux/pidfd.h>.

import KernelBase
import LinuxABI
import Machine

extension PidFile {
    /// PIDFD_GET_INFO. The size of the caller's structure is in the request; what is beyond ours it finds as zeros.
    /// - Parameter argument: the address of its `struct pidfd_info`, in which the mask says what is asked for.
    /// - Throws: `ENOTTY` for any other request, `EINVAL`, `EFAULT`; `ESRCH` when the process has been waited for and its exit status is not asked for.
    func answer(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        let size = request >> 16 & 0x3fff
        guard request & ~(0x3fff << 16) == PIDFD_GET_INFO, size >= UInt32(PIDFD_INFO_SIZE_VER0) else { throw .ENOTTY }
        guard argument != 0 else { throw .EINVAL }
        let wanted = try UserMemory.load(UInt64.self, at: argument)
        var info = Bytes(repeating: 0, count: PIDFD_INFO_SIZE)
        var mask = wanted & PIDFD_INFO_COREDUMP
        if isGone {
            guard wanted & PIDFD_INFO_EXIT != 0 else { throw .ESRCH }
            mask |= PIDFD_INFO_EXIT | PIDFD_INFO_CGROUPID
            info.store(littleEndian: endedStatus, at: 60)
        } else {
            guard let task = thread ?? process.leader ?? process.threads.first else { throw .ESRCH }
            mask |= PIDFD_INFO_PID | PIDFD_INFO_CREDS | PIDFD_INFO_CGROUPID
            let mine = task.credentials
            let parent = process.parent?.pid ?? 0
            for (index, number) in [UInt32(bitPattern: task.tid), UInt32(bitPattern: process.pid), UInt32(bitPattern: parent), mine.uid, mine.gid,
                                    mine.euid, mine.egid, mine.suid, mine.sgid, mine.fsuid, mine.fsgid].enumerated() {
                info.store(littleEndian: number, at: 16 &+ index &* 4)
            }
            if mask & PIDFD_INFO_COREDUMP != 0, process.state != .zombie {
                // PIDFD_COREDUMP_SKIP, _USER and _ROOT.
                info.store(littleEndian: UInt32(process.dumpable == 1 ? 4 : process.dumpable == 2 ? 8 : 2), at: 64)
            }
        }
        info.store(littleEndian: mask, at: 0)
        // The root of the only hierarchy.
        info.store(littleEndian: UInt64(1), at: 8)
        let count = min(Int(size), info.count)
        if count < info.count { info.removeLast(info.count &- count) }
        try UserMemory.copyOut(info.span, to: argument)
        let rest = Int(size) &- count
        if rest > 0, UserMemory.clearPartly(rest, at: argument &+ UInt(count)) != rest { throw .EFAULT }
        return 0
    }
}
