import LinuxABI

/// Who a task is, credentials(7). Immutable: a change replaces the object, so it can be shared freely.
public final class Credentials {
    public let uid, euid, suid, fsuid: UInt32
    public let gid, egid, sgid, fsgid: UInt32
    public let groups: [UInt32]
    public let effective, permitted, inheritable, bounding, ambient: UInt64
    public let secureBits: UInt32

    public init(uid: UInt32, euid: UInt32, suid: UInt32, fsuid: UInt32,
                gid: UInt32, egid: UInt32, sgid: UInt32, fsgid: UInt32, groups: [UInt32],
                effective: UInt64, permitted: UInt64, inheritable: UInt64, bounding: UInt64, ambient: UInt64,
                secureBits: UInt32 = 0) {
        self.uid = uid
        self.euid = euid
        self.suid = suid
        self.fsuid = fsuid
        self.gid = gid
        self.egid = egid
        self.sgid = sgid
        self.fsgid = fsgid
        self.groups = groups
        self.effective = effective
        self.permitted = permitted
        self.inheritable = inheritable
        self.bounding = bounding
        self.ambient = ambient
        self.secureBits = secureBits
    }

    /// All capabilities that exist (0...40, capabilities(7)).
    public static var allCapabilities: UInt64 { (1 << 41) - 1 }

    /// A user as login makes it; root has all capabilities.
    public convenience init(uid: UInt32, gid: UInt32, groups: [UInt32]) {
        let caps = uid == 0 ? Credentials.allCapabilities : 0
        self.init(uid: uid, euid: uid, suid: uid, fsuid: uid, gid: gid, egid: gid, sgid: gid, fsgid: gid, groups: groups,
                  effective: caps, permitted: caps, inheritable: 0, bounding: Credentials.allCapabilities, ambient: 0)
    }

    /// Whether the effective set holds a capability (CAP_ number).
    @inline(__always)
    public func has(_ capability: Int) -> Bool { effective >> UInt64(capability & 63) & 1 != 0 }

    /// Whether `gid` is the file-system group or a supplementary one.
    public func isMember(of gid: UInt32) -> Bool { gid == fsgid || groups.contains(gid) }

    /// A copy with some fields changed.
    public func with(uid: UInt32? = nil, euid: UInt32? = nil, suid: UInt32? = nil, fsuid: UInt32? = nil,
                     gid: UInt32? = nil, egid: UInt32? = nil, sgid: UInt32? = nil, fsgid: UInt32? = nil,
                     groups: [UInt32]? = nil, effective: UInt64? = nil, permitted: UInt64? = nil,
                     inheritable: UInt64? = nil, bounding: UInt64? = nil, ambient: UInt64? = nil,
                     secureBits: UInt32? = nil) -> Credentials {
        Credentials(uid: uid ?? self.uid, euid: euid ?? self.euid, suid: suid ?? self.suid, fsuid: fsuid ?? self.fsuid,
                    gid: gid ?? self.gid, egid: egid ?? self.egid, sgid: sgid ?? self.sgid, fsgid: fsgid ?? self.fsgid,
                    groups: groups ?? self.groups, effective: effective ?? self.effective,
                    permitted: permitted ?? self.permitted, inheritable: inheritable ?? self.inheritable,
                    bounding: bounding ?? self.bounding, ambient: ambient ?? self.ambient,
                    secureBits: secureBits ?? self.secureBits)
    }
}
