import KernelBase
import LinuxABI
import Machine
import VFS

/// An epoll instance, epoll(7).
///
/// Entries are found by descriptor number and file. Those that may be ready are in a list in the order
/// in which they became so; a level-triggered one goes back to its end when it has been reported, so all
/// get their turn whatever `maxevents` is. The list is only a hint: the file is asked before an event is reported.
public final class EpollFile: File {
    private var items = HashTable<Int32, EpollItem>()
    private var firstReady: EpollItem?
    private var lastReady: EpollItem?
    private var readyCount = 0
    /// Threads in epoll_wait(2).
    let waiters = WaitQueue()
    /// Those who poll this instance itself.
    private let pollers = WaitQueue()

    /// epoll_create1(2).
    public init() throws(Errno) {
        try requireMemory()
        super.init(inode: IPCState.shared.anonymousInode, path: nil, flags: O_RDWR)
    }

    // --- the ready list ---

    private func linkLast(_ item: EpollItem) {
        guard !item.isReady else { return }
        item.isReady = true
        item.previousReady = lastReady
        if let lastReady { lastReady.nextReady = item } else { firstReady = item }
        lastReady = item
        readyCount &+= 1
    }

    private func linkFirst(_ item: EpollItem) {
        guard !item.isReady else { return }
        item.isReady = true
        item.nextReady = firstReady
        if let firstReady { firstReady.previousReady = item } else { lastReady = item }
        firstReady = item
        readyCount &+= 1
    }

    private func unlink(_ item: EpollItem) {
        guard item.isReady else { return }
        item.isReady = false
        let previous = item.previousReady, next = item.nextReady
        item.previousReady = nil
        item.nextReady = nil
        if let previous { previous.nextReady = next } else { firstReady = next }
        if let next { next.previousReady = previous } else { lastReady = previous }
        readyCount &-= 1
    }

    func becameReady(_ item: EpollItem) {
        linkLast(item)
        waiters.wake(POLLIN)
        pollers.wakeAll(POLLIN | POLLRDNORM)
    }

    // --- epoll_ctl(2) ---

    private func find(_ descriptor: Int32, _ file: File) -> EpollItem? {
        var item = items[descriptor]
        while let current = item {
            if current.file === file { return current }
            item = current.nextOfDescriptor
        }
        return nil
    }

    /// epoll_ctl(2). The arguments are the files of both descriptors.
    /// - Parameter epoll: the file of the epoll descriptor.
    /// - Throws: `EPERM`, `EINVAL`, `ELOOP`, `EEXIST`, `ENOENT`, `ENOMEM`.
    public static func control(_ epoll: File, _ operation: Int32, _ descriptor: Int32, _ file: File,
                               events: UInt32, data: UInt64, _ credentials: Credentials) throws(Errno) {
        guard file.canPoll else { throw .EPERM }
        guard epoll !== file, let epoll = epoll as? EpollFile else { throw .EINVAL }
        let nested = file as? EpollFile
        var events = events
        if operation != EPOLL_CTL_DEL {
            if events & EPOLLWAKEUP != 0, !credentials.has(Int(CAP_BLOCK_SUSPEND)) { events &= ~EPOLLWAKEUP }
            if events & EPOLLEXCLUSIVE != 0 {
                if operation == EPOLL_CTL_MOD { throw .EINVAL }
                let allowed = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE
                if operation == EPOLL_CTL_ADD, nested != nil || events & ~allowed != 0 { throw .EINVAL }
            }
        }
        if operation == EPOLL_CTL_ADD, let nested {
            // Both loops and chains that are too long.
            guard let below = nested.depth(lookingFor: epoll, 0), below &+ 1 &+ epoll.height(0) <= EP_MAX_NESTS else {
                throw .ELOOP
            }
        }
        let item = epoll.find(descriptor, file)
        switch operation {
        case EPOLL_CTL_ADD:
            guard item == nil else { throw .EEXIST }
            try requireMemory()
            epoll.insert(file, descriptor, events | EPOLLERR | EPOLLHUP, data)
        case EPOLL_CTL_DEL:
            guard let item else { throw .ENOENT }
            epoll.remove(item)
        case EPOLL_CTL_MOD:
            guard let item else { throw .ENOENT }
            guard item.events & EPOLLEXCLUSIVE == 0 else { throw .EINVAL }
            item.events = events | EPOLLERR | EPOLLHUP
            item.data = data
            if item.ask() != 0 { epoll.becameReady(item) }
        default:
            throw .EINVAL
        }
    }

    private func insert(_ file: File, _ descriptor: Int32, _ events: UInt32, _ data: UInt64) {
        let item = EpollItem(epoll: self, file: file, descriptor: descriptor, events: events, data: data)
        item.nextOfDescriptor = items[descriptor]
        items[descriptor] = item
        if item.register() != 0 { becameReady(item) }
    }

    func remove(_ item: EpollItem) {
        unlink(item)
        item.unregister()
        if let first = items[item.descriptor] {
            if first === item {
                items[item.descriptor] = item.nextOfDescriptor
            } else {
                var current = first
                while let next = current.nextOfDescriptor {
                    if next === item {
                        current.nextOfDescriptor = item.nextOfDescriptor
                        break
                    }
                    current = next
                }
            }
        }
        item.nextOfDescriptor = nil
    }

    /// How many epoll instances are below this one in its longest chain; nil if one of them is `other`, or
    /// there are too many.
    private func depth(lookingFor other: EpollFile, _ level: Int) -> Int? {
        if self === other || level > EP_MAX_NESTS { return nil }
        var deepest = 0
        for first in items.values {
            var item: EpollItem? = first
            while let current = item {
                if let nested = current.file as? EpollFile {
                    guard let below = nested.depth(lookingFor: other, level &+ 1) else { return nil }
                    deepest = max(deepest, below &+ 1)
                }
                item = current.nextOfDescriptor
            }
        }
        return deepest
    }

    /// How many epoll instances are above this one in the longest chain.
    private func height(_ level: Int) -> Int {
        if level > EP_MAX_NESTS { return level }
        var highest = 0
        for watcher in watchers {
            if let watcher = watcher as? EpollWatcher { highest = max(highest, watcher.item.epoll.height(level &+ 1) &+ 1) }
        }
        return highest
    }

    // --- epoll_wait(2) ---

    /// Waits for events.
    /// - Parameters:
    ///   - deadline: CLOCK_MONOTONIC nanoseconds; `.max` for none, 0 to look only.
    ///   - emit: takes an event and its data; what it throws ends the call if nothing was taken before.
    /// - Returns: the number of events taken; 0 when the time has come.
    /// - Throws: `EINTR`.
    public func wait(maximum: Int, deadline: UInt64, emit: (UInt32, UInt64) throws(Errno) -> Void) throws(Errno) -> Int {
        while true {
            if firstReady != nil {
                let count = try deliver(maximum, emit)
                if count > 0 { return count }
            }
            if deadline == 0 { return 0 }
            acquire()
            var isReady = false
            do throws(Errno) {
                isReady = try waiters.wait(deadline: deadline, exclusive: true, spin: Pipe.spin) { firstReady != nil }
            } catch {
                release()
                throw error == .ERESTARTSYS ? .EINTR : error
            }
            release()
            if !isReady { return 0 }
        }
    }

    private func deliver(_ maximum: Int, _ emit: (UInt32, UInt64) throws(Errno) -> Void) throws(Errno) -> Int {
        var left = readyCount
        var count = 0
        var failure: Errno?
        while left > 0, count < maximum, let item = firstReady {
            left &-= 1
            unlink(item)
            let events = item.ask()
            guard events != 0 else { continue }
            do throws(Errno) {
                try emit(events, item.data)
            } catch {
                linkFirst(item)
                failure = error
                break
            }
            count &+= 1
            if item.events & EPOLLONESHOT != 0 {
                item.events &= EpollItem.privateBits
            } else if item.events & EPOLLET == 0 {
                linkLast(item)
            }
        }
        // What is left is for the next of the waiting threads.
        if firstReady != nil { waiters.wake(POLLIN) }
        if count == 0, let failure { throw failure }
        return count
    }

    // --- as a file ---

    public override func poll(_ table: PollTable?) -> UInt32 {
        table?.add(pollers)
        var left = readyCount
        while left > 0, let item = firstReady {
            left &-= 1
            if item.ask() != 0 { return POLLIN | POLLRDNORM }
            unlink(item)
        }
        return 0
    }

    public override func closing() {
        for first in items.values {
            var item: EpollItem? = first
            while let current = item {
                item = current.nextOfDescriptor
                current.nextOfDescriptor = nil
                unlink(current)
                current.unregister()
            }
        }
        items.removeAll()
    }

    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int { throw .EINVAL }
    public override var ignoresSeek: Bool { true }
    public override var linkText: Bytes { Bytes("anon_inode:[eventpoll]") }

    /// The entries in order of descriptor, for /proc/PID/fdinfo.
    public var entries: [(descriptor: Int32, events: UInt32, data: UInt64)] {
        var result: [(descriptor: Int32, events: UInt32, data: UInt64)] = []
        for first in items.values {
            var item: EpollItem? = first
            while let current = item {
                result.append((current.descriptor, current.events, current.data))
                item = current.nextOfDescriptor
            }
        }
        return result.sorted { $0.descriptor < $1.descriptor }
    }
}
