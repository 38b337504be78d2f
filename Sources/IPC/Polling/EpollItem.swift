import KernelBase
import LinuxABI
import Machine
import VFS

/// One entry of an epoll instance: a descriptor that is watched.
///
/// It is the waiter on the watched file's queues, and a link of the instance's ready list.
final class EpollItem: Waiter {
    let epoll: EpollFile
    /// Not counted in the file's users: its closing removes the entry.
    let file: File
    let descriptor: Int32
    var events: UInt32
    var data: UInt64
    /// The queues it is registered with; nil once removed.
    private var table: PollTable?
    private var watcher: EpollWatcher?
    /// Another entry of the same descriptor number, whose file is still open elsewhere.
    var nextOfDescriptor: EpollItem?

    var isReady = false
    var previousReady: EpollItem?
    var nextReady: EpollItem?
    /// The file is just being asked: what it tells meanwhile is in its answer.
    private var isAsking = false

    /// Bits that say how to report rather than what.
    static var privateBits: UInt32 { EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE }

    init(epoll: EpollFile, file: File, descriptor: Int32, events: UInt32, data: UInt64) {
        self.epoll = epoll
        self.file = file
        self.descriptor = descriptor
        self.events = events
        self.data = data
    }

    /// Registers with the file.
    /// - Returns: the events that are true now.
    func register() -> UInt32 {
        let watcher = EpollWatcher(self)
        self.watcher = watcher
        file.watchers.append(watcher)
        let table = PollTable(self)
        self.table = table
        return file.poll(table) & events
    }

    func unregister() {
        table?.clear()
        table = nil
        if let watcher { file.watchers.removeAll { $0 === watcher } }
        watcher = nil
    }

    /// The events of interest that are true now.
    func ask() -> UInt32 {
        isAsking = true
        let result = file.poll(nil) & events
        isAsking = false
        return result
    }

    override var isExclusive: Bool { events & EPOLLEXCLUSIVE != 0 }

    override func notify(_ told: UInt32) -> Bool {
        // All bits set: an event that does not say which.
        let told = told == .max ? 0 : told
        let isOfInterest = events & ~EpollItem.privateBits != 0 && (told == 0 || told & events != 0)
        guard isOfInterest, !isAsking else { return false }
        var takesIt = false
        if !epoll.waiters.isEmpty, isExclusive {
            switch told & (EPOLLIN | EPOLLOUT) {
            case EPOLLIN: takesIt = events & EPOLLIN != 0
            case EPOLLOUT: takesIt = events & EPOLLOUT != 0
            case 0: takesIt = true
            default: break
            }
        }
        epoll.becameReady(self)
        return takesIt
    }
}

/// Takes the entry out when the watched file goes away.
final class EpollWatcher: FileWatcher {
    let item: EpollItem
    init(_ item: EpollItem) { self.item = item }
    override func fileClosed(_ file: File) { item.epoll.remove(item) }
}
