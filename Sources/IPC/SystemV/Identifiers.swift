import KernelBase
import LinuxABI
import Machine

/// What semaphore sets, message queues and shared memory segments have in common, sysvipc(7).
open class SystemVObject {
    public fileprivate(set) var id: Int32 = 0
    public fileprivate(set) var key: Int32
    /// In the slot of its number; distinguishes it from earlier objects there.
    fileprivate var sequence: UInt16 = 0
    public private(set) var uid: UInt32, gid: UInt32
    public let creatorUID: UInt32, creatorGID: UInt32
    public private(set) var mode: UInt32
    /// Seconds.
    public private(set) var changeTime: Int64
    /// IPC_RMID: those who sleep on it throw `EIDRM`.
    public fileprivate(set) var isRemoved = false

    init(key: Int32, mode: UInt32) {
        let credentials = IPCState.shared.caller.credentials()
        self.key = key
        uid = credentials.euid
        gid = credentials.egid
        creatorUID = credentials.euid
        creatorGID = credentials.egid
        self.mode = mode & 0o777
        changeTime = SystemVObject.now
    }

    /// The time in seconds, as these objects keep it.
    static var now: Int64 { Int64(Clock.realtime() / 1_000_000_000) }

    public final var permissions: IpcPerm {
        var result = IpcPerm()
        result.key = key
        result.uid = uid
        result.gid = gid
        result.cuid = creatorUID
        result.cgid = creatorGID
        result.mode = mode
        result.seq = sequence
        return result
    }

    /// - Parameter wanted: permission bits, in any of the three classes.
    /// - Throws: `EACCES`.
    public final func check(_ wanted: UInt32) throws(Errno) {
        let caller = IPCState.shared.caller.credentials()
        let requested = wanted >> 6 | wanted >> 3 | wanted
        var granted = mode
        if caller.euid == creatorUID || caller.euid == uid {
            granted >>= 6
        } else if caller.egid == creatorGID || caller.egid == gid || caller.groups.contains(creatorGID) || caller.groups.contains(gid) {
            granted >>= 3
        }
        if requested & ~granted & 7 != 0, !caller.has(Int(CAP_IPC_OWNER)) { throw .EACCES }
    }

    /// Whether the caller may remove it or change its owner.
    /// - Throws: `EPERM`.
    public final func checkOwner() throws(Errno) {
        let caller = IPCState.shared.caller.credentials()
        guard caller.euid == creatorUID || caller.euid == uid || caller.has(Int(CAP_SYS_ADMIN)) else { throw .EPERM }
    }

    /// IPC_SET
    final func set(uid: UInt32, gid: UInt32, mode: UInt32) throws(Errno) {
        guard uid != .max, gid != .max else { throw .EINVAL }
        self.uid = uid
        self.gid = gid
        self.mode = self.mode & ~0o777 | mode & 0o777
        touch()
    }
    final func touch() { changeTime = SystemVObject.now }

    /// Nobody finds it by its key any more.
    final func becomePrivate() { key = IPC_PRIVATE }
    /// Sets or clears a bit of the mode beyond the permissions.
    final func mark(_ bit: UInt32, _ isSet: Bool) { mode = isSet ? mode | bit : mode & ~bit }
    /// It has got its id.
    func numbered() {}

    /// It was removed: wake those who wait.
    open func removed() {}
}

/// All objects of one kind.
public struct SystemVTable<Object: SystemVObject> {
    private var slots: [Object?] = []
    private var sequence: UInt16 = 0
    public private(set) var count = 0
    /// How many there may be; what there is already stays.
    public var limit: Int
    /// The id that the next object is to have, if that is free; -1 for any. For who puts back objects with their ids.
    public var wanted = -1

    init(limit: Int) { self.limit = limit }

    /// The highest slot in use, as the INFO commands return it.
    public var highest: Int {
        var index = slots.count
        while index > 0 {
            index &-= 1
            if slots[index] != nil { return index }
        }
        return 0
    }

    /// What the *get calls do.
    /// - Parameters:
    ///   - check: further conditions on an object that exists.
    ///   - make: a new object.
    /// - Throws: `ENOENT`, `EEXIST`, `EACCES`, `ENOSPC`, or what the closures throw.
    mutating func get(key: Int32, flags: UInt32, check: (Object) throws(Errno) -> Void, make: () throws(Errno) -> Object) throws(Errno) -> Int32 {
        if key != IPC_PRIVATE {
            for case let object? in slots where object.key == key {
                if flags & IPC_CREAT != 0, flags & IPC_EXCL != 0 { throw .EEXIST }
                try check(object)
                try object.check(flags)
                return object.id
            }
            guard flags & IPC_CREAT != 0 else { throw .ENOENT }
        }
        let object = try make()
        guard count < limit else { throw .ENOSPC }
        var index = 0
        let slot = wanted & 32767
        let isWanted = wanted >= 0 && (slot >= slots.count || slots[slot] == nil)
        if isWanted {
            index = slot
        } else {
            while index < slots.count, slots[index] != nil { index &+= 1 }
        }
        while slots.count <= index { slots.append(nil) }
        if wanted >= 0 {
            object.sequence = UInt16(truncatingIfNeeded: wanted >> 15)
            wanted = -1
        } else {
            object.sequence = sequence
            // Ids stay positive.
            sequence = sequence == 0xffff ? 0 : sequence &+ 1
        }
        object.id = Int32(truncatingIfNeeded: Int(object.sequence) &* 32768 &+ index)
        slots[index] = object
        object.numbered()
        count &+= 1
        return object.id
    }

    /// - Throws: `EINVAL`, `EIDRM` for the id of an object that was removed.
    func find(_ id: Int32) throws(Errno) -> Object {
        guard id >= 0 else { throw .EINVAL }
        guard let object = at(Int(id & 32767)) else { throw .EINVAL }
        guard object.id == id else { throw .EIDRM }
        return object
    }

    /// The object in a slot, for the STAT commands.
    func at(_ index: Int) -> Object? { index >= 0 && index < slots.count ? slots[index] : nil }

    mutating func remove(_ object: Object) {
        let index = Int(object.id & 32767)
        guard index < slots.count, slots[index] === object else { return }
        slots[index] = nil
        count &-= 1
        object.isRemoved = true
        object.key = IPC_PRIVATE
        object.removed()
    }

    public func forEach(_ body: (Object) -> Void) {
        for case let object? in slots { body(object) }
    }
}
