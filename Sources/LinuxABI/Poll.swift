// Constants of poll(2), select(2), epoll(7) and eventfd(2).
//
// Events are 32 bits wide here although struct pollfd has 16, since poll and epoll share their
// low bits and files answer both with one mask.

// MARK: - poll(2)

public let POLLIN: UInt32 = 0x1
public let POLLPRI: UInt32 = 0x2
public let POLLOUT: UInt32 = 0x4
public let POLLERR: UInt32 = 0x8
public let POLLHUP: UInt32 = 0x10
public let POLLNVAL: UInt32 = 0x20
public let POLLRDNORM: UInt32 = 0x40
public let POLLRDBAND: UInt32 = 0x80
public let POLLWRNORM: UInt32 = 0x100
public let POLLWRBAND: UInt32 = 0x200
public let POLLMSG: UInt32 = 0x400
public let POLLREMOVE: UInt32 = 0x1000
public let POLLRDHUP: UInt32 = 0x2000

// MARK: - epoll(7): events and flags of an entry

public let EPOLLIN: UInt32 = 0x1
public let EPOLLPRI: UInt32 = 0x2
public let EPOLLOUT: UInt32 = 0x4
public let EPOLLERR: UInt32 = 0x8
public let EPOLLHUP: UInt32 = 0x10
public let EPOLLRDNORM: UInt32 = 0x40
public let EPOLLRDBAND: UInt32 = 0x80
public let EPOLLWRNORM: UInt32 = 0x100
public let EPOLLWRBAND: UInt32 = 0x200
public let EPOLLMSG: UInt32 = 0x400
public let EPOLLRDHUP: UInt32 = 0x2000
public let EPOLLEXCLUSIVE: UInt32 = 0x1000_0000
public let EPOLLWAKEUP: UInt32 = 0x2000_0000
public let EPOLLONESHOT: UInt32 = 0x4000_0000
public let EPOLLET: UInt32 = 0x8000_0000

// MARK: - epoll_ctl(2)

public let EPOLL_CTL_ADD: Int32 = 1
public let EPOLL_CTL_DEL: Int32 = 2
public let EPOLL_CTL_MOD: Int32 = 3

// MARK: - epoll_create1(2)

public let EPOLL_CLOEXEC: UInt32 = 0o2000000

// MARK: - epoll(7): limits

/// Epoll descriptors that watch each other, at most.
public let EP_MAX_NESTS: Int = 4
/// Largest maxevents of epoll_wait(2).
public let EP_MAX_EVENTS: Int = 178_956_970

// MARK: - eventfd(2)

public let EFD_SEMAPHORE: UInt32 = 0o1
public let EFD_CLOEXEC: UInt32 = 0o2000000
public let EFD_NONBLOCK: UInt32 = 0o4000

// MARK: - select(2): limits of C libraries; the kernel itself goes by the size of the file table

public let FD_SETSIZE: Int = 1024
public let NFDBITS: Int = 64
