import IPC
import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

/// System V shared memory, sysvipc(7).
extension SyscallContext {
    /// shmget(2)
    func sysShmget() throws(Errno) -> Int { Int(try SystemV.shared.segment(key: i0, size: a1, flags: u2)) }

    /// shmat(2)
    func sysShmat() throws(Errno) -> Int {
        guard i0 >= 0 else { throw .EINVAL }
        let flags = u2
        var address = a1, mapFlags = MAP_SHARED
        if address != 0 {
            if !Page.isAligned(address) {
                guard flags & SHM_RND != 0 else { throw .EINVAL }
                address = Page.down(address)
                if address == 0, flags & SHM_REMAP != 0 { throw .EINVAL }
            }
            mapFlags |= MAP_FIXED
        } else if flags & SHM_REMAP != 0 {
            throw .EINVAL
        }
        var protection = PROT_READ, wanted: UInt32 = 0o444, access = O_RDONLY
        if flags & SHM_RDONLY == 0 {
            protection |= PROT_WRITE
            wanted |= 0o222
            access = O_RDWR
        }
        if flags & SHM_EXEC != 0 {
            protection |= PROT_EXEC
            wanted |= 0o111
        }
        let segment = try SystemV.shared.segment(i0)
        try segment.check(wanted)
        let size = Page.up(UInt(segment.size))
        if address != 0, flags & SHM_REMAP == 0 {
            guard !address.addingReportingOverflow(size).overflow, !memory.isAnythingMapped(address, size) else { throw .EINVAL }
        }
        let file = segment.open(flags: access)
        file.acquire()
        defer { file.release() }
        return Int(bitPattern: try memory.map(MapRequest(address: address, length: UInt(segment.size), protection: protection, flags: mapFlags, file: file,
                                                         mayLockAll: credentials.has(Int(CAP_IPC_LOCK)))))
    }

    /// shmdt(2)
    func sysShmdt() throws(Errno) -> Int {
        guard Page.isAligned(a0) else { throw .EINVAL }
        try memory.detachSegment(at: a0)
        return 0
    }

    /// shmctl(2)
    func sysShmctl() throws(Errno) -> Int {
        guard i0 >= 0, i1 >= 0 else { throw .EINVAL }
        let system = SystemV.shared
        let command = i1 & ~0x100 // IPC_64
        switch command {
        case IPC_INFO:
            var info = Shminfo()
            info.shmmax = UInt64(SystemV.largestSegment)
            info.shmmin = 1
            info.shmmni = UInt64(SystemV.shared.segments.limit)
            info.shmseg = info.shmmni
            info.shmall = UInt64(SystemV.largestSegment)
            try UserMemory.store(info, at: a2)
            return system.segments.highest
        case SHM_INFO:
            var info = ShmInfo()
            info.usedIDs = Int32(truncatingIfNeeded: system.segments.count)
            system.segments.forEach {
                info.total &+= UInt64(($0.size &+ 4095) >> 12)
                info.resident &+= UInt64($0.residentPages)
            }
            try UserMemory.store(info, at: a2)
            return system.segments.highest
        case IPC_STAT, SHM_STAT, SHM_STAT_ANY:
            let segment = command == IPC_STAT ? try system.segment(i0) : try system.segment(at: i0)
            if command != SHM_STAT_ANY { try segment.check(0o444) }
            var status = ShmidDs()
            status.perm = segment.permissions
            status.segsz = UInt64(segment.size)
            status.atime = segment.attachTime
            status.dtime = segment.detachTime
            status.ctime = segment.changeTime
            status.cpid = segment.creator
            status.lpid = segment.lastPID
            status.nattch = UInt64(segment.attached)
            try UserMemory.store(status, at: a2)
            return command == IPC_STAT ? 0 : Int(segment.id)
        case IPC_SET:
            let new = try UserMemory.load(ShmidDs.self, at: a2)
            let segment = try system.segment(i0)
            try segment.checkOwner()
            try system.set(segment, new.perm)
            return 0
        case IPC_RMID:
            let segment = try system.segment(i0)
            try segment.checkOwner()
            segment.markForRemoval()
            return 0
        case SHM_LOCK, SHM_UNLOCK:
            let segment = try system.segment(i0)
            if !credentials.has(Int(CAP_IPC_LOCK)) {
                guard credentials.euid == segment.uid || credentials.euid == segment.creatorUID else { throw .EPERM }
                if command == SHM_LOCK, process.limit(Int(RLIMIT_MEMLOCK)) == 0 { throw .EPERM }
            }
            segment.setLocked(command == SHM_LOCK)
            return 0
        default:
            throw .EINVAL
        }
    }
}
