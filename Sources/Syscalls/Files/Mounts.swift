import KernelBase
import LinuxABI
import Machine
import VFS

/// Mounts in detail: statmount(2), listmount(2).
extension SyscallContext {
    /// struct mnt_id_req: size, descriptor of a name space, mount, parameter, and since Linux 6.10 the name space.
    private struct MountRequest {
        var mount: UInt64 = 0
        var parameter: UInt64 = 0
    }

    /// - Throws: `EFAULT`, `E2BIG`, `EINVAL`; `ENOENT` for a name space that is not the only one.
    private func mountRequest(at address: UInt) throws(Errno) -> MountRequest {
        let size = try UserMemory.load(UInt32.self, at: address)
        guard size <= 4096 else { throw .E2BIG }
        guard size >= 24 else { throw .EINVAL }
        let bytes = try UserMemory.copyIn(Int(size), from: address)
        if bytes.count > 32 {
            for byte in bytes[32...] where byte != 0 { throw .E2BIG }
        }
        guard bytes.load32(at: 4) == 0 else { throw .EINVAL }
        let request = MountRequest(mount: bytes.load64(at: 8), parameter: bytes.load64(at: 16))
        guard request.mount > Mount.uniqueOffset else { throw .EINVAL }
        if bytes.count >= 32 {
            let space = bytes.load64(at: 24)
            guard space == 0 || space == Mount.namespace else { throw .ENOENT }
        }
        return request
    }

    /// The mount with a number. Those that are not below the root may only be seen by the mighty.
    private func findMount(_ number: UInt64) throws(Errno) -> Mount {
        for mount in vfs.mounts where mount.uniqueID == number {
            guard VFS.text(of: Path(mount: mount, dentry: mount.root), root: fs.root).isReachable || credentials.has(Int(CAP_SYS_ADMIN)) else {
                throw .EPERM
            }
            return mount
        }
        throw .ENOENT
    }

    /// listmount(2)
    func sysListmount() throws(Errno) -> Int {
        guard u3 & ~LISTMOUNT_REVERSE == 0 else { throw .EINVAL }
        guard a2 <= 1_000_000 else { throw .EOVERFLOW }
        guard UserMemory.isUserRange(a1, a2 &* 8) else { throw .EFAULT }
        let request = try mountRequest(at: a0)
        guard request.parameter == 0 || request.parameter > Mount.uniqueOffset else { throw .EINVAL }
        let root = request.mount == LSMT_ROOT ? fs.root : try findMount(request.mount).rootPath
        let isBackward = u3 & LISTMOUNT_REVERSE != 0
        var done: UInt = 0
        let mounts = vfs.mounts
        for index in 0..<mounts.count {
            if done >= a2 { break }
            let mount = mounts[isBackward ? mounts.count &- 1 &- index : index], id = mount.uniqueID
            if id == request.mount { continue }
            // Where the caller left off.
            if request.parameter != 0, isBackward ? id >= request.parameter : id <= request.parameter { continue }
            guard VFS.text(of: mount.rootPath, root: root).isReachable else { continue }
            try UserMemory.store(id, at: a1 &+ done &* 8)
            done &+= 1
        }
        return Int(done)
    }

    /// statmount(2)
    func sysStatmount() throws(Errno) -> Int {
        guard u3 == 0 else { throw .EINVAL }
        let request = try mountRequest(at: a0)
        guard UserMemory.isUserRange(a1, a2) else { throw .EFAULT }
        let mount = try findMount(request.mount)
        var status = MountStatus(request.parameter)
        status.fill(mount, root: fs.root)
        let strings = status.strings
        let head = min(a2, UInt(MountStatus.size))
        if !strings.isEmpty {
            guard a2 >= UInt(MountStatus.size &+ strings.count) else { throw .EOVERFLOW }
            try UserMemory.copyOut(strings.span, to: a1 &+ UInt(MountStatus.size))
        }
        status.set(UInt32(truncatingIfNeeded: Int(head) &+ strings.count), at: 0)
        let told = status.bytes
        if head > 0 { try UserMemory.copyOut(told.span.extracting(0..<Int(head)), to: a1) }
        return 0
    }
}

/// struct statmount: what is asked for of a mount, and strings after it.
private struct MountStatus {
    static var size: Int { 512 }

    private let wanted: UInt64
    private var told: UInt64 = 0
    private(set) var bytes = Bytes(repeating: 0, count: MountStatus.size)
    /// With their zeros; the first is empty.
    private(set) var strings: Bytes = []

    init(_ wanted: UInt64) { self.wanted = wanted }

    mutating func set<Number: FixedWidthInteger>(_ value: Number, at offset: Int) { bytes.store(littleEndian: value, at: offset) }
    private mutating func takes(_ part: UInt64) -> Bool {
        guard wanted & part != 0 else { return false }
        told |= part
        return true
    }
    private mutating func set(_ part: UInt64, _ string: Bytes, at offset: Int) {
        guard takes(part) else { return }
        if strings.isEmpty { strings.append(0) }
        set(UInt32(truncatingIfNeeded: strings.count), at: offset)
        strings.append(contentsOf: string)
        strings.append(0)
    }

    mutating func fill(_ mount: Mount, root: Path) {
        let superblock = mount.superblock
        if takes(STATMOUNT_SB_BASIC) {
            set(DeviceNumber.major(superblock.device), at: 16)
            set(DeviceNumber.minor(superblock.device), at: 20)
            set(UInt64((try? superblock.status())?.type ?? 0), at: 24)
            set(UInt32(superblock.isReadOnly ? 1 : 0), at: 32)
        }
        if takes(STATMOUNT_MNT_BASIC) {
            let parent = mount.parent ?? mount
            set(mount.uniqueID, at: 40)
            set(parent.uniqueID, at: 48)
            set(UInt32(bitPattern: mount.id), at: 56)
            set(UInt32(bitPattern: parent.id), at: 60)
            set(mount.attributes, at: 64)
            // Nothing is propagated.
            set(UInt64(MS_PRIVATE), at: 72)
        }
        _ = takes(STATMOUNT_PROPAGATE_FROM)
        set(STATMOUNT_FS_TYPE, Bytes(superblock.typeName), at: 36)
        set(STATMOUNT_MNT_ROOT, mount.rootText, at: 104)
        let place = VFS.text(of: mount.rootPath, root: root)
        set(STATMOUNT_MNT_POINT, place.isReachable ? place.text : [], at: 108)
        set(STATMOUNT_SB_SOURCE, mount.source, at: 124)
        if takes(STATMOUNT_MNT_NS_ID) { set(Mount.namespace, at: 112) }
        if takes(STATMOUNT_SUPPORTED_MASK) {
            set(STATMOUNT_SB_BASIC | STATMOUNT_MNT_BASIC | STATMOUNT_PROPAGATE_FROM | STATMOUNT_MNT_ROOT | STATMOUNT_MNT_POINT | STATMOUNT_FS_TYPE
                | STATMOUNT_MNT_NS_ID | STATMOUNT_SB_SOURCE | STATMOUNT_SUPPORTED_MASK, at: 144)
        }
        set(told, at: 8)
    }
}
