import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    private static var unchanged: UInt32 { .max }
    private var maySetUser: Bool { credentials.has(7) }
    private var maySetGroup: Bool { credentials.has(6) }

    /// Capabilities follow the user ids, capabilities(7).
    private func adopt(_ new: Credentials) {
        let old = credentials
        var effective = new.effective, permitted = new.permitted, ambient = new.ambient
        let hadRoot = old.uid == 0 || old.euid == 0 || old.suid == 0
        let hasRoot = new.uid == 0 || new.euid == 0 || new.suid == 0
        if new.secureBits & 4 == 0 { // SECBIT_NO_SETUID_FIXUP
            if hadRoot, !hasRoot {
                if new.secureBits & SECBIT_KEEP_CAPS == 0 {
                    permitted = 0
                    effective = 0
                }
                ambient = 0
            }
            if old.euid == 0, new.euid != 0 { effective = 0 }
            if old.euid != 0, new.euid == 0 { effective = permitted }
        }
        if old.euid != new.euid || old.egid != new.egid || old.fsuid != new.fsuid || old.fsgid != new.fsgid {
            process.dumpable = 0
            task.parentDeathSignal = 0
        }
        task.credentials = new.with(effective: effective, permitted: permitted, ambient: ambient)
    }

    func sysSetuid() throws(Errno) -> Int {
        let id = u0
        guard id != SyscallContext.unchanged else { throw .EINVAL }
        let c = credentials
        if maySetUser {
            adopt(c.with(uid: id, euid: id, suid: id, fsuid: id))
        } else if id == c.uid || id == c.suid {
            adopt(c.with(euid: id, fsuid: id))
        } else {
            throw .EPERM
        }
        return 0
    }

    func sysSetgid() throws(Errno) -> Int {
        let id = u0
        guard id != SyscallContext.unchanged else { throw .EINVAL }
        let c = credentials
        if maySetGroup {
            adopt(c.with(gid: id, egid: id, sgid: id, fsgid: id))
        } else if id == c.gid || id == c.sgid {
            adopt(c.with(egid: id, fsgid: id))
        } else {
            throw .EPERM
        }
        return 0
    }

    func sysSetreuid() throws(Errno) -> Int {
        let c = credentials
        let real = u0, effective = u1
        if real != .max, !maySetUser, real != c.uid, real != c.euid { throw .EPERM }
        if effective != .max, !maySetUser, effective != c.uid, effective != c.euid, effective != c.suid { throw .EPERM }
        let uid = real == .max ? c.uid : real
        let euid = effective == .max ? c.euid : effective
        let saved = real != .max || (effective != .max && effective != c.uid) ? euid : c.suid
        adopt(c.with(uid: uid, euid: euid, suid: saved, fsuid: euid))
        return 0
    }

    func sysSetregid() throws(Errno) -> Int {
        let c = credentials
        let real = u0, effective = u1
        if real != .max, !maySetGroup, real != c.gid, real != c.egid { throw .EPERM }
        if effective != .max, !maySetGroup, effective != c.gid, effective != c.egid, effective != c.sgid { throw .EPERM }
        let gid = real == .max ? c.gid : real
        let egid = effective == .max ? c.egid : effective
        let saved = real != .max || (effective != .max && effective != c.gid) ? egid : c.sgid
        adopt(c.with(gid: gid, egid: egid, sgid: saved, fsgid: egid))
        return 0
    }

    func sysSetresuid() throws(Errno) -> Int {
        let c = credentials
        for id in [u0, u1, u2] where id != .max && !maySetUser && id != c.uid && id != c.euid && id != c.suid { throw .EPERM }
        let euid = u1 == .max ? c.euid : u1
        adopt(c.with(uid: u0 == .max ? c.uid : u0, euid: euid, suid: u2 == .max ? c.suid : u2, fsuid: euid))
        return 0
    }

    func sysSetresgid() throws(Errno) -> Int {
        let c = credentials
        for id in [u0, u1, u2] where id != .max && !maySetGroup && id != c.gid && id != c.egid && id != c.sgid { throw .EPERM }
        let egid = u1 == .max ? c.egid : u1
        adopt(c.with(gid: u0 == .max ? c.gid : u0, egid: egid, sgid: u2 == .max ? c.sgid : u2, fsgid: egid))
        return 0
    }

    func sysGetresuid() throws(Errno) -> Int {
        try UserMemory.store(credentials.uid, at: a0)
        try UserMemory.store(credentials.euid, at: a1)
        try UserMemory.store(credentials.suid, at: a2)
        return 0
    }

    func sysGetresgid() throws(Errno) -> Int {
        try UserMemory.store(credentials.gid, at: a0)
        try UserMemory.store(credentials.egid, at: a1)
        try UserMemory.store(credentials.sgid, at: a2)
        return 0
    }

    /// Returns the old id, changed or not.
    func sysSetfsuid() -> Int {
        let c = credentials
        if u0 == c.uid || u0 == c.euid || u0 == c.suid || u0 == c.fsuid || maySetUser, u0 != .max {
            adopt(c.with(fsuid: u0, effective: fileCapabilities(c, fsuid: u0)))
        }
        return Int(c.fsuid)
    }

    /// What setfsuid(2) does to the effective set: the capabilities that are about files go and come with file user 0.
    private func fileCapabilities(_ c: Credentials, fsuid: UInt32) -> UInt64 {
        guard c.secureBits & SECBIT_NO_SETUID_FIXUP == 0, (c.fsuid == 0) != (fsuid == 0) else { return c.effective }
        var set: UInt64 = 0
        for capability in [CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER, CAP_FSETID, CAP_LINUX_IMMUTABLE, CAP_MKNOD, CAP_MAC_OVERRIDE] {
            set |= 1 << UInt64(capability)
        }
        return fsuid == 0 ? c.effective | c.permitted & set : c.effective & ~set
    }

    func sysSetfsgid() -> Int {
        let c = credentials
        if u0 == c.gid || u0 == c.egid || u0 == c.sgid || u0 == c.fsgid || maySetGroup, u0 != .max { adopt(c.with(fsgid: u0)) }
        return Int(c.fsgid)
    }

    func sysGetgroups() throws(Errno) -> Int {
        let groups = credentials.groups
        guard i0 >= 0 else { throw .EINVAL }
        if i0 == 0 { return groups.count }
        guard Int(i0) >= groups.count else { throw .EINVAL }
        for index in groups.indices { try UserMemory.store(groups[index], at: a1 &+ UInt(index) &* 4) }
        return groups.count
    }

    func sysSetgroups() throws(Errno) -> Int {
        guard maySetGroup else { throw .EPERM }
        guard a0 <= 65536 else { throw .EINVAL }
        var groups: [UInt32] = []
        for index in 0..<a0 { groups.append(try UserMemory.load(UInt32.self, at: a1 &+ index &* 4)) }
        groups.sort()
        task.credentials = credentials.with(groups: groups)
        return 0
    }

    // --- capabilities, capget(2) ---

    private static var version3: UInt32 { 0x2008_0522 }

    func sysCapget() throws(Errno) -> Int {
        let header = try UserMemory.load(CapHeader.self, at: a0)
        let words = try capabilityWords(header.version)
        guard let words else {
            if a1 == 0 { return 0 }
            throw .EINVAL
        }
        guard header.pid >= 0 else { throw .EINVAL }
        guard let target = header.pid == 0 ? task : TaskTable.shared.task(header.pid) else { throw Errno(3) }
        guard a1 != 0 else { return 0 }
        let c = target.credentials
        for index in 0..<words {
            let shift = UInt64(index * 32)
            try UserMemory.store(UInt32(truncatingIfNeeded: c.effective >> shift), at: a1 &+ UInt(index * 12))
            try UserMemory.store(UInt32(truncatingIfNeeded: c.permitted >> shift), at: a1 &+ UInt(index * 12 + 4))
            try UserMemory.store(UInt32(truncatingIfNeeded: c.inheritable >> shift), at: a1 &+ UInt(index * 12 + 8))
        }
        return 0
    }

    func sysCapset() throws(Errno) -> Int {
        let header = try UserMemory.load(CapHeader.self, at: a0)
        guard let words = try capabilityWords(header.version) else { throw .EINVAL }
        guard header.pid == 0 || header.pid == task.tid else { throw .EPERM }
        var effective: UInt64 = 0, permitted: UInt64 = 0, inheritable: UInt64 = 0
        for index in 0..<words {
            let shift = UInt64(index * 32)
            effective |= UInt64(try UserMemory.load(UInt32.self, at: a1 &+ UInt(index * 12))) << shift
            permitted |= UInt64(try UserMemory.load(UInt32.self, at: a1 &+ UInt(index * 12 + 4))) << shift
            inheritable |= UInt64(try UserMemory.load(UInt32.self, at: a1 &+ UInt(index * 12 + 8))) << shift
        }
        let all = Credentials.allCapabilities
        effective &= all
        permitted &= all
        inheritable &= all
        let c = credentials
        if !c.has(8), inheritable & ~(c.inheritable | c.permitted) != 0 { throw .EPERM }
        if inheritable & ~(c.inheritable | c.bounding) != 0 { throw .EPERM }
        if permitted & ~c.permitted != 0 || effective & ~permitted != 0 { throw .EPERM }
        task.credentials = c.with(effective: effective, permitted: permitted, inheritable: inheritable,
                                  ambient: c.ambient & permitted & inheritable)
        return 0
    }

    /// Words of 32 capabilities by the version; nil, with the preferred version stored, for an unknown one.
    private func capabilityWords(_ version: UInt32) throws(Errno) -> Int? {
        switch version {
        case 0x1998_0330: return 1
        case 0x2007_1026, SyscallContext.version3: return 2
        default:
            try UserMemory.store(SyscallContext.version3, at: a0)
            return nil
        }
    }
}
