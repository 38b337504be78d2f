import KernelBase
import LinuxABI
import Machine

/// What happened to a name or a file, as inotify(7) tells it.
public enum FileEvent {
    case created, removed, opened, modified, truncated, accessed, attributes, closedWritten, closed

    var mask: UInt32 {
        switch self {
        case .created: IN_CREATE
        case .removed: IN_DELETE
        case .opened: IN_OPEN
        case .modified, .truncated: IN_MODIFY
        case .accessed: IN_ACCESS
        case .attributes: IN_ATTRIB
        case .closedWritten: IN_CLOSE_WRITE
        case .closed: IN_CLOSE_NOWRITE
        }
    }
    /// What IN_EXCL_UNLINK leaves out of files whose name is gone: what is done through a descriptor.
    var isOfDescriptor: Bool {
        switch self {
        case .opened, .modified, .accessed, .closedWritten, .closed: true
        default: false
        }
    }
    /// Told to watches of the directory only, not to those of the file.
    var isOfDirectory: Bool {
        switch self {
        case .created, .removed: true
        default: false
        }
    }
}

// MARK: - Telling

extension VFS {
    /// Tells the watches of a file and of the directory it is in. Without watches anywhere it costs a comparison.
    @inline(__always)
    func notify(_ event: FileEvent, _ dentry: Dentry) {
        if watchCount > 0 { tell(event, dentry) }
    }

    /// For reads, writes and other uses of an open file.
    @inline(__always)
    public func notify(_ event: FileEvent, _ file: File) {
        if watchCount > 0 { tell(event, file) }
    }

    @inline(never)
    private func tell(_ event: FileEvent, _ file: File) {
        if let dentry = file.path?.dentry { tell(event, dentry) } else { file.inode.extra?.tell(event.mask, 0, []) }
    }

    @inline(never)
    private func tell(_ event: FileEvent, _ dentry: Dentry) {
        let directory: UInt32 = dentry.inode?.isDirectory ?? false ? IN_ISDIR : 0
        let ofUnlinked = dentry.isUnlinked && event.isOfDescriptor
        dentry.parent?.inode?.extra?.tell(event.mask | directory, 0, dentry.name, ofUnlinked: ofUnlinked)
        if !event.isOfDirectory { dentry.inode?.extra?.tell(event.mask | directory, 0, [], ofUnlinked: ofUnlinked) }
    }

    /// Attributes or the number of links changed.
    func notifyAttributes(_ inode: Inode, _ dentry: Dentry? = nil) {
        guard watchCount > 0 else { return }
        if let dentry { return tell(.attributes, dentry) }
        inode.extra?.tell(IN_ATTRIB | (inode.isDirectory ? IN_ISDIR : 0), 0, [])
    }

    /// The inode is gone: its watches end.
    func notifyGone(_ inode: Inode) {
        guard watchCount > 0, let extra = inode.extra else { return }
        extra.tell(IN_DELETE_SELF, 0, [])
        extra.endWatches()
    }

    func nextCookie() -> UInt32 {
        lastCookie &+= 1
        return lastCookie
    }

    func notifyMoved(from oldParent: Dentry, _ oldName: Bytes, to newParent: Dentry, _ newName: Bytes, _ inode: Inode, _ cookie: UInt32) {
        let directory: UInt32 = inode.isDirectory ? IN_ISDIR : 0
        if oldParent === newParent { oldParent.inode?.extra?.tellNotes(DN_RENAME) }
        oldParent.inode?.extra?.tell(IN_MOVED_FROM | directory, cookie, oldName)
        newParent.inode?.extra?.tell(IN_MOVED_TO | directory, cookie, newName)
    }

    func notifyMovedSelf(_ inode: Inode) { inode.extra?.tell(IN_MOVE_SELF, 0, []) }
}

extension InodeExtra {
    /// Queues an event to each watch that wants it.
    func tell(_ mask: UInt32, _ cookie: UInt32, _ name: Bytes, ofUnlinked: Bool = false) {
        if !notes.isEmpty { tellNotes(DirectoryNote.mask(of: mask)) }
        if watches.isEmpty { return }
        // A copy: a one-shot watch goes away meanwhile.
        let current = watches
        for watch in current where watch.mask & mask & IN_ALL_EVENTS != 0 {
            if ofUnlinked, watch.mask & IN_EXCL_UNLINK != 0 { continue }
            watch.instance?.add(watch.number, mask, cookie, name)
            if watch.mask & IN_ONESHOT != 0 { watch.instance?.end(watch) }
        }
    }

    func endWatches() {
        let current = watches
        for watch in current { watch.instance?.end(watch) }
    }
}

// MARK: - Instances

/// What /proc/sys/fs/inotify sets, and what of it each user has.
public final class InotifyLimits {
    /// Of one instance, that wait to be read.
    public var events = 16384
    /// Of one user.
    public var instances = 128
    public var watches = 65536
    private var instanceCounts = HashTable<UInt32, Int>()
    private var watchCounts = HashTable<UInt32, Int>()

    /// - Throws: `EMFILE`.
    func addInstance(_ user: UInt32) throws(Errno) {
        let count = instanceCounts[user] ?? 0
        guard count < instances else { throw .EMFILE }
        instanceCounts[user] = count &+ 1
    }
    func removeInstance(_ user: UInt32) { InotifyLimits.decrease(&instanceCounts, user) }

    /// - Throws: `ENOSPC`.
    func addWatch(_ user: UInt32) throws(Errno) {
        let count = watchCounts[user] ?? 0
        guard count < watches else { throw .ENOSPC }
        watchCounts[user] = count &+ 1
    }
    func removeWatch(_ user: UInt32) { InotifyLimits.decrease(&watchCounts, user) }

    private static func decrease(_ counts: inout HashTable<UInt32, Int>, _ user: UInt32) {
        let count = counts[user] ?? 0
        if count > 1 { counts[user] = count &- 1 } else { _ = counts.remove(user) }
    }
}

/// A watch: an inode of interest to an inotify instance.
final class InotifyWatch {
    let number: Int32
    let inode: Inode
    /// Nil once the watch has ended.
    var instance: InotifyFile?
    var mask: UInt32

    init(_ number: Int32, _ inode: Inode, _ instance: InotifyFile, _ mask: UInt32) {
        self.number = number
        self.inode = inode
        self.instance = instance
        self.mask = mask
    }
}

/// An inotify instance, inotify(7): a queue of events.
public final class InotifyFile: File {
    private struct Event {
        var watch: Int32
        var mask: UInt32
        var cookie: UInt32
        var name: Bytes
        /// Bytes of the name field: the name and zeros up to a multiple of 16.
        var nameSize: Int { name.isEmpty ? 0 : (name.count &+ 16) & ~15 }
        var size: Int { 16 &+ nameSize }
    }

    private var events: [Event] = []
    private var head = 0
    private var watches: [InotifyWatch] = []
    private var lastNumber: Int32 = 0
    private let readers = WaitQueue()
    private var asyncList = AsyncList()

    /// The user on whose account it is.
    private let user: UInt32
    /// The most events that wait, as it was set when the instance was made.
    private let queueLimit: Int

    /// - Parameters:
    ///   - flags: O_NONBLOCK or 0.
    ///   - user: the real user id of whoever makes it.
    /// - Throws: `EMFILE` when the user has as many as may be.
    public init(anonymous inode: Inode, flags: UInt32, user: UInt32) throws(Errno) {
        let limits = VFS.shared.inotifyLimits
        try limits.addInstance(user)
        self.user = user
        queueLimit = limits.events
        super.init(inode: inode, path: nil, flags: flags & O_NONBLOCK)
    }

    // --- watches ---

    /// inotify_add_watch(2) of what the path resolved to; the mask has been validated.
    /// - Throws: `EEXIST`, `ENOSPC`.
    public func add(_ inode: Inode, mask: UInt32) throws(Errno) -> Int32 {
        let extra = inode.requireExtra()
        let kept = mask & (IN_ALL_EVENTS | IN_ONESHOT | IN_EXCL_UNLINK)
        if let watch = watches.first(where: { $0.inode === inode }) {
            if mask & IN_MASK_CREATE != 0 { throw .EEXIST }
            watch.mask = mask & IN_MASK_ADD != 0 ? watch.mask | kept : kept
            return watch.number
        }
        // Beyond this the list of an instance is too long to look through.
        guard VFS.shared.watchCount < 1 << 18 else { throw .ENOSPC }
        try VFS.shared.inotifyLimits.addWatch(user)
        lastNumber = lastNumber == .max ? 1 : lastNumber &+ 1
        let watch = InotifyWatch(lastNumber, inode, self, kept)
        watches.append(watch)
        extra.watches.append(watch)
        VFS.shared.watchCount &+= 1
        return watch.number
    }

    /// inotify_rm_watch(2).
    /// - Throws: `EINVAL`.
    public func remove(_ number: Int32) throws(Errno) {
        guard let watch = watches.first(where: { $0.number == number }) else { throw .EINVAL }
        end(watch)
    }

    /// Ends a watch and says so in the queue.
    func end(_ watch: InotifyWatch) {
        guard detach(watch) else { return }
        watches.removeAll { $0 === watch }
        add(watch.number, IN_IGNORED, 0, [])
    }

    private func detach(_ watch: InotifyWatch) -> Bool {
        guard watch.instance != nil else { return false }
        watch.instance = nil
        watch.inode.extra?.watches.removeAll { $0 === watch }
        VFS.shared.watchCount &-= 1
        VFS.shared.inotifyLimits.removeWatch(user)
        return true
    }

    public override func closing() {
        for watch in watches { _ = detach(watch) }
        watches = []
        events = []
        head = 0
        VFS.shared.inotifyLimits.removeInstance(user)
    }

    /// Numbers, inodes and masks of the watches, for /proc/PID/fdinfo.
    public var watchList: [(number: Int32, inode: Inode, mask: UInt32)] { watches.map { ($0.number, $0.inode, $0.mask) } }

    // --- the queue ---

    func add(_ watch: Int32, _ mask: UInt32, _ cookie: UInt32, _ name: Bytes) {
        var mask = mask
        // Events of the watched directory itself do not say that it is one.
        if mask & (IN_DELETE_SELF | IN_MOVE_SELF) != 0 { mask &= ~IN_ISDIR }
        if let last = events.last, head < events.count, last.watch == watch, last.mask == mask, mask & IN_IGNORED == 0, last.name == name { return }
        if events.count &- head >= queueLimit {
            if let last = events.last, last.mask == IN_Q_OVERFLOW { return }
            events.append(Event(watch: -1, mask: IN_Q_OVERFLOW, cookie: 0, name: []))
        } else {
            events.append(Event(watch: watch, mask: mask, cookie: cookie, name: name))
        }
        readers.wake(0x41)
        asyncList.tell(POLL_IN)
    }

    public override func setAsync(_ descriptor: Int32?) -> Bool {
        asyncList.set(self, descriptor)
        return true
    }

    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        if head == events.count {
            if isNonBlocking { throw .EAGAIN }
            _ = try readers.wait { () throws(Errno) in head < events.count }
        }
        guard events[head].size <= buffer.count else { throw .EINVAL }
        var total = 0
        while head < events.count {
            let event = events[head]
            guard event.size <= buffer.count else { break }
            var bytes: Bytes = []
            bytes.reserveCapacity(event.size)
            InotifyFile.append(&bytes, UInt32(bitPattern: event.watch))
            InotifyFile.append(&bytes, event.mask)
            InotifyFile.append(&bytes, event.cookie)
            InotifyFile.append(&bytes, UInt32(truncatingIfNeeded: event.nameSize))
            bytes.append(contentsOf: event.name)
            while bytes.count < event.size { bytes.append(0) }
            // As on Linux, an event that cannot be stored is lost.
            head &+= 1
            let done: Int
            do throws(Errno) { done = try buffer.write(bytes) } catch {
                if total == 0 { throw error }
                break
            }
            if done < bytes.count {
                if total == 0 { throw .EFAULT }
                break
            }
            total &+= done
        }
        if head == events.count {
            events.removeAll(keepingCapacity: events.capacity <= 256)
            head = 0
        } else if head >= 1024 {
            events.removeFirst(head)
            head = 0
        }
        return total
    }

    private static func append(_ bytes: inout Bytes, _ value: UInt32) {
        for shift in 0..<UInt32(4) { bytes.append(UInt8(truncatingIfNeeded: value >> (shift &* 8))) }
    }

    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(readers)
        return head < events.count ? 0x41 : 0
    }

    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        guard request == 0x541B /* FIONREAD */ else { throw .ENOTTY }
        var size = 0
        for index in head..<events.count { size &+= events[index].size }
        try UserMemory.store(Int32(truncatingIfNeeded: size), at: argument)
        return 0
    }

    public override var ignoresSeek: Bool { true }
    public override var linkText: Bytes { Bytes("anon_inode:inotify") }
}
