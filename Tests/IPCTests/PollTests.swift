import IPC
import KernelBase
import LinuxABI
import Machine
import Testing
import VFS

extension IPCTests {
@Suite struct PollTests {
    init() { #expect(booted) }
    let root = Credentials(uid: 0, gid: 0, groups: [])

    func event(_ count: UInt32 = 0) throws -> EventFile {
        let e = try EventFile(count: count, flags: EFD_NONBLOCK)
        e.acquire()
        return e
    }
    func instance() throws -> EpollFile {
        let e = try EpollFile()
        e.acquire()
        return e
    }
    func wait(_ epoll: EpollFile, _ maximum: Int = 100) throws -> [(UInt32, UInt64)] {
        var result: [(UInt32, UInt64)] = []
        let count = try epoll.wait(maximum: maximum, deadline: 0) { (events, data) throws(Errno) in result.append((events, data)) }
        #expect(count == result.count)
        return result
    }
    func add(_ epoll: File, _ fd: Int32, _ file: File, _ events: UInt32) throws(Errno) {
        try EpollFile.control(epoll, EPOLL_CTL_ADD, fd, file, events: events, data: UInt64(fd), root)
    }

    @Test func pollOfMany() throws {
        var requests: [PollRequest] = []
        for index in 0..<1000 { requests.append(PollRequest(file: try event(index == 777 ? 1 : 0), events: POLLIN)) }
        #expect(try PollWait.wait(&requests, deadline: .max) == 1)
        #expect(requests[777].result == POLLIN)
        _ = try (requests[777].file as? EventFile)?.get(8)
        #expect(try PollWait.wait(&requests, deadline: Clock.monotonic() + 1_000_000) == 0)
        requests.append(PollRequest(file: nil, events: 0, result: POLLNVAL))
        #expect(try PollWait.wait(&requests, deadline: .max) == 1)
    }

    @Test func selectSets() throws {
        let ready = try event(1)
        let (r, w) = try PipeFile.makePair(flags: O_NONBLOCK)
        r.acquire()
        w.acquire()
        let files: [Int32: File] = [3: ready, 64: r, 65: w]
        var sets = SelectSets(read: [1 << 3, 3], write: [1 << 3, 3], except: [1 << 3, 0])
        #expect(try sets.wait(limit: 66, deadline: 0) { files[$0] } == 3)
        #expect(sets.read == [1 << 3, 0])
        #expect(sets.write == [1 << 3, 2])
        #expect(sets.except == [0, 0])
        w.release()
        sets = SelectSets(read: [0, 1], write: [], except: [])
        #expect(try sets.wait(limit: 65, deadline: .max) { files[$0] } == 1)
        sets = SelectSets(read: [0, 0], write: [0, 1], except: [])
        #expect(try sets.wait(limit: 65, deadline: 0) { files[$0] } == 0)
        sets = SelectSets(read: [1 << 5], write: [], except: [])
        #expect(failure { () throws(Errno) in try sets.wait(limit: 6, deadline: 0) { files[$0] } } == .EBADF)
        #expect(try sets.wait(limit: 5, deadline: 0) { files[$0] } == 0)
    }

    @Test func levelAndEdge() throws {
        let epoll = try instance()
        let level = try event(), edge = try event(), once = try event()
        try add(epoll, 1, level, EPOLLIN)
        try add(epoll, 2, edge, EPOLLIN | EPOLLET)
        try add(epoll, 3, once, EPOLLIN | EPOLLONESHOT)
        #expect(try wait(epoll).isEmpty)
        for file in [edge, level, once] { file.signal(1) }
        #expect(try wait(epoll).map(\.1) == [2, 1, 3])
        #expect(try wait(epoll).map(\.1) == [1])
        edge.signal(1)
        once.signal(1)
        #expect(try wait(epoll).map(\.1) == [1, 2])
        try EpollFile.control(epoll, EPOLL_CTL_MOD, 3, once, events: EPOLLIN | EPOLLONESHOT, data: 33, root)
        #expect(try wait(epoll).map(\.1) == [1, 33])
        _ = try level.get(8)
        #expect(try wait(epoll).isEmpty)
        epoll.release()
        #expect(level.watchers.isEmpty)
    }

    @Test func rotation() throws {
        let epoll = try instance()
        let files = try (0..<3).map { _ in try event(1) }
        for (index, file) in files.enumerated() { try add(epoll, Int32(index), file, EPOLLIN) }
        #expect(try wait(epoll, 2).map(\.1) == [0, 1])
        #expect(try wait(epoll, 2).map(\.1) == [2, 0])
        #expect(try wait(epoll, 2).map(\.1) == [1, 2])
        let fault = failure { () throws(Errno) in
            try epoll.wait(maximum: 3, deadline: 0) { (_, _) throws(Errno) in throw .EFAULT }
        }
        #expect(fault == .EFAULT)
        #expect(try wait(epoll).map(\.1) == [0, 1, 2])
        files[1].release()
        #expect(try wait(epoll).map(\.1) == [0, 2])
        epoll.release()
    }

    @Test func errors() throws {
        let epoll = try instance()
        let file = try event()
        try add(epoll, 5, file, EPOLLIN)
        #expect(failure { () throws(Errno) in try add(epoll, 5, file, EPOLLIN) } == .EEXIST)
        try add(epoll, 6, file, EPOLLIN)
        #expect(failure { () throws(Errno) in try add(epoll, 9, epoll, EPOLLIN) } == .EINVAL)
        #expect(failure { () throws(Errno) in try add(file, 9, epoll, EPOLLIN) } == .EINVAL)
        #expect(failure { () throws(Errno) in try EpollFile.control(epoll, EPOLL_CTL_DEL, 7, file, events: 0, data: 0, root) } == .ENOENT)
        #expect(failure { () throws(Errno) in try EpollFile.control(epoll, EPOLL_CTL_MOD, 7, file, events: 0, data: 0, root) } == .ENOENT)
        #expect(failure { () throws(Errno) in try EpollFile.control(epoll, 9, 7, file, events: 0, data: 0, root) } == .EINVAL)
        #expect(failure { () throws(Errno) in try add(epoll, 8, file, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT) } == .EINVAL)
        try add(epoll, 8, file, EPOLLIN | EPOLLEXCLUSIVE)
        #expect(failure { () throws(Errno) in try EpollFile.control(epoll, EPOLL_CTL_MOD, 8, file, events: EPOLLIN, data: 0, root) } == .EINVAL)
        try EpollFile.control(epoll, EPOLL_CTL_DEL, 5, file, events: 0, data: 0, root)
        file.signal(1)
        #expect(try wait(epoll).map(\.1).sorted() == [6, 8])
        epoll.release()
        file.release()
    }

    @Test func nesting() throws {
        let chain = try (0..<6).map { _ in try instance() }
        for index in 0..<4 { try add(chain[index], Int32(index), chain[index + 1], EPOLLIN) }
        #expect(failure { () throws(Errno) in try add(chain[4], 50, chain[5], EPOLLIN) } == .ELOOP)
        #expect(failure { () throws(Errno) in try add(chain[4], 50, chain[0], EPOLLIN) } == .ELOOP)
        let file = try event()
        try add(chain[4], 60, file, EPOLLIN)
        #expect(chain[0].poll(nil) == 0)
        file.signal(1)
        #expect(chain[0].poll(nil) == POLLIN | POLLRDNORM)
        #expect(try wait(chain[0]).map(\.1) == [0])
        _ = try file.get(8)
        #expect(try wait(chain[0]).isEmpty)
        for epoll in chain { epoll.release() }
    }
}
}
