import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import VFS

/// A file of the host. This class itself serves FIFOs, sockets and device nodes, of which only the attributes are the host's.
///
/// The monitor knows objects by handle, or by a name beneath a directory's handle. Few inodes have a handle: directories
/// that are in use, files that have lost their name, and the root of a mount. The rest is reached through the parent.
class HostInode: Inode {
    final let share: HostShare
    /// The host's st_dev.
    final let hostDevice: UInt64
    /// Where the inode was found last; nil for the root of a mount.
    final private(set) var parent: HostDirectory?
    final private(set) var name: Bytes = []
    /// The monitor's handle; 0 for none.
    final var handle: UInt32 = 0
    /// Requests that use ``handle`` right now: it must not be given back meanwhile.
    final var handleUsers: Int32 = 0
    /// CLOCK_MONOTONIC_COARSE until which the attributes of a writable share are believed.
    final var freshUntil: UInt64 = 0
    /// How many requests there had been when the sandbox changed the file last.
    final private var changedAfter = 0
    /// It is known that there are no extended attributes (of a share that is not writable).
    final private var hasNoExtendedAttributes = false

    init(_ share: HostShare, _ superblock: HostSuperblock, _ attributes: HostAttributes) {
        self.share = share
        hostDevice = attributes.device
        super.init(superblock: superblock, number: attributes.number, mode: attributes.mode, uid: attributes.uid, gid: attributes.gid)
        share.system.inodeCount &+= 1
        apply(attributes, from: .max)
    }

    deinit {
        share.system.inodeCount &-= 1
        if handle != 0, handle != share.rootHandle { share.system.giveBack(handle) }
    }

    final var key: HostKey { HostKey(device: hostDevice, number: number) }

    final func place(in parent: HostDirectory, _ name: Bytes) {
        self.parent = parent
        self.name = name
    }

    // --- requests ---

    /// Sends a request about this object. The kernel lock is dropped.
    final func request(_ operation: Operation, _ second: Bytes = [], _ third: Bytes = [],
                       _ a0: UInt64 = 0, _ a1: UInt64 = 0, _ a2: UInt64 = 0, _ a3: UInt64 = 0, passes: Bool = false) throws(Errno) -> MonitorAnswer {
        if handle != 0 {
            handleUsers &+= 1
            defer { handleUsers &-= 1 }
            return try share.link.call(operation, handle, [], second, third, a0, a1, a2, a3, passes: passes)
        }
        guard let parent else { throw .ESTALE }
        let name = name
        let directory = try parent.pinHandle()
        defer { parent.unpinHandle() }
        return try share.link.call(operation, directory, name, second, third, a0, a1, a2, a3, passes: passes)
    }

    /// Makes the object reachable without its name, which is about to go.
    final func keepReachable() throws(Errno) {
        guard handle == 0, let parent else { return }
        let name = name
        let directory = try parent.pinHandle()
        defer { parent.unpinHandle() }
        let answer = try share.system.retryingWithFewerHandles { () throws(Errno) in
            try share.link.call(.lookup, directory, name, [], [], MonitorProtocol.LookupFlags.handle)
        }
        guard let attributes = HostAttributes(answer.data), attributes.key == key, handle == 0 else {
            // Something else has the name by now.
            share.system.giveBack(answer.handle)
            return
        }
        handle = answer.handle
    }

    // --- attributes ---

    /// Whether the attributes are to be believed without asking.
    final var isFresh: Bool { !share.isWritable || HostClock.now() < freshUntil }

    /// Takes over what the monitor told.
    /// - Parameter request: the number of the request it is the answer to. One that was made before the sandbox changed the file
    ///   may tell how it was before that, and is not believed.
    /// - Returns: whether it was believed.
    @discardableResult
    final func apply(_ attributes: HostAttributes, from request: Int) -> Bool {
        guard request > changedAfter else {
            markStale()
            return false
        }
        applyIdentity(attributes)
        let oldSize = size
        size = attributes.size
        blocks = attributes.blocks
        blockSize = attributes.blockSize
        specialDevice = attributes.specialDevice
        accessTime = attributes.accessTime
        modifyTime = attributes.modifyTime
        changeTime = attributes.changeTime
        birthTime = attributes.birthTime
        freshUntil = share.isWritable ? HostClock.now() &+ HostClock.lifetime : 0
        if size < oldSize, isRegular { mappings?.invalidate(from: size, to: .max) }
        return true
    }

    /// What has to do with names and rights, not with the data.
    private final func applyIdentity(_ attributes: HostAttributes) {
        mode = type | attributes.mode & 0o7777
        number = attributes.number
        uid = attributes.uid
        gid = attributes.gid
        linkCount = attributes.links
    }

    /// Takes over the answer to a change of the file. Its data may have been changed otherwise meanwhile.
    final func applyChange(_ attributes: HostAttributes, from request: Int) {
        if !apply(attributes, from: request) { applyIdentity(attributes) }
        changedAfter = share.link.requests
    }

    /// The sandbox has changed the file: its attributes, and answers to what was asked before, are too old.
    final func noteChange() {
        changedAfter = share.link.requests
        markStale()
    }

    /// The attributes are to be asked for again.
    final func markStale() { freshUntil = 0 }

    /// Asks the monitor if the attributes are too old. What was removed on the host keeps its last attributes.
    override func refresh() throws(Errno) {
        if isFresh { return }
        if let parent, handle == 0, !isDirectory, parent.refreshListing(insteadOf: self) { return }
        try fetchAttributes()
    }

    final func fetchAttributes() throws(Errno) {
        do throws(Errno) {
            // Again when the file was changed meanwhile; who is changed all the time knows itself best.
            for _ in 0..<4 {
                let answer = try request(.getAttributes)
                guard let attributes = HostAttributes(answer.data), attributes.key == key, attributes.type == type else {
                    parent?.distrustListing()
                    return
                }
                if apply(attributes, from: answer.request) { return }
            }
        } catch {
            // The path walk finds out that the name is gone; who has the file open sees it as it was.
            guard error == .ENOENT || error == .ESTALE || error == .EBADF else { throw error }
            parent?.distrustListing()
        }
    }

    /// Sends a change whose answer are the new attributes.
    final func change(_ operation: Operation, _ second: Bytes = [], _ third: Bytes = [],
                      _ a0: UInt64 = 0, _ a1: UInt64 = 0, _ a2: UInt64 = 0, _ a3: UInt64 = 0) throws(Errno) {
        guard share.isWritable else { throw .EROFS }
        let answer = try request(operation, second, third, a0, a1, a2, a3)
        guard let attributes = HostAttributes(answer.data), attributes.key == key else { return noteChange() }
        applyChange(attributes, from: answer.request)
    }

    override func setMode(_ mode: UInt32) throws(Errno) { try change(.changeMode, [], [], UInt64(mode & 0o7777)) }

    override func setOwner(uid: UInt32?, gid: UInt32?) throws(Errno) {
        try change(.changeOwner, [], [], UInt64(uid ?? .max), UInt64(gid ?? .max))
    }

    override func setTimes(access: FileTime?, modify: FileTime?) throws(Errno) {
        let omit: (seconds: UInt64, nanoseconds: UInt64) = (0, 0x3fff_fffe /* UTIME_OMIT */)
        var first = omit, second = omit
        if let access { first = HostAttributes.parts(access) }
        if let modify { second = HostAttributes.parts(modify) }
        try change(.setTimes, [], [], first.seconds, first.nanoseconds, second.seconds, second.nanoseconds)
    }

    /// Access times are the host's affair: reads reach the host's files, or do not, as caching has it.
    override func setAccessed(_ now: FileTime) {}

    /// FIFOs and device nodes of the host are names only: behind them are the sandbox's own pipes and devices.
    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try openSpecial(path, flags: flags, credentials)
    }

    override func evict() {
        share.forgetLinks(self)
        // A handle of the nameless file goes with the inode.
    }

    // --- extended attributes: only user.* is shared ---

    private static func isShared(_ name: Bytes) -> Bool { name.hasPrefix("user.") }

    override func getExtendedAttribute(_ name: Bytes) throws(Errno) -> Bytes {
        guard HostInode.isShared(name) else { throw .EOPNOTSUPP }
        if hasNoExtendedAttributes { throw .ENODATA }
        return try request(.getExtendedAttribute, name).data
    }

    override func setExtendedAttribute(_ name: Bytes, _ value: Bytes, flags: UInt32) throws(Errno) {
        guard HostInode.isShared(name) else { throw .EOPNOTSUPP }
        try change(.setExtendedAttribute, name, value, UInt64(flags))
    }

    override func removeExtendedAttribute(_ name: Bytes) throws(Errno) {
        guard HostInode.isShared(name) else { throw .EOPNOTSUPP }
        try change(.removeExtendedAttribute, name)
    }

    override func listExtendedAttributes() throws(Errno) -> [Bytes] {
        if hasNoExtendedAttributes { return [] }
        let text = try request(.listExtendedAttributes).data
        var result: [Bytes] = []
        var start = 0
        for index in 0..<text.count where text[index] == 0 {
            if index > start { result.append(Bytes(text[start..<index])) }
            start = index &+ 1
        }
        if result.isEmpty, !share.isWritable { hasNoExtendedAttributes = true }
        return result
    }
}

/// A symbolic link of the host.
final class HostLink: HostInode {
    /// The text, once it is known. A link that is changed on the host is another file.
    private var target: Bytes

    init(_ share: HostShare, _ superblock: HostSuperblock, _ attributes: HostAttributes, target: Bytes) {
        self.target = target
        super.init(share, superblock, attributes)
    }

    override func readLink() throws(Errno) -> Bytes {
        if target.isEmpty { target = try request(.readLink).data }
        return target
    }
}

/// How long what was learned about a writable share is believed.
enum HostClock {
    /// CLOCK_MONOTONIC_COARSE: a few nanoseconds to read, right to 4 ms.
    @inline(__always)
    static func now() -> UInt64 { Host.clock(6) }

    /// Nanoseconds. The host's own changes to a writable share are seen after at most this time, and a program that goes over
    /// a thousand files within it asks about each directory once.
    static var lifetime: UInt64 { 100_000_000 }
}

extension HostShare {
    func fileSystemStatus() throws(Errno) -> Bytes { try link.call(.statFileSystem, rootHandle).data }
}
