import IPC
import KernelBase
import LinuxABI
import Machine
import Testing
import VFS

extension IPCTests {
@Suite struct PipeTests {
    init() { #expect(booted) }

    func pair(_ flags: UInt32 = O_NONBLOCK) throws -> (PipeFile, PipeFile) {
        let (r, w) = try PipeFile.makePair(flags: flags)
        r.acquire()
        w.acquire()
        return (r, w)
    }

    @Test func bytesComeInOrder() throws {
        let (r, w) = try pair()
        #expect(try w.put("hello ") == 6)
        #expect(try w.put("world") == 5)
        #expect(r.pipe.available == 11)
        #expect(try r.getText(3) == "hel")
        #expect(try r.getText(100) == "lo world")
        #expect(failure { () throws(Errno) in try r.get(1) } == .EAGAIN)
        w.release()
        #expect(try r.get(1) == [])
    }

    @Test(arguments: [(1, 65536), (1000, 64000), (4095, 65520), (4096, 65536), (3000, 48000), (5000, 54096), (6000, 64096), (9000, 58096)])
    func capacityByWriteSize(size: Int, total: Int) throws {
        let (r, w) = try pair()
        var sum = 0
        while true {
            do throws(Errno) { sum += try w.put([UInt8](repeating: 7, count: size)) } catch { break }
        }
        #expect(sum == total)
        #expect(w.poll(nil) & POLLOUT == 0)
        var read = 0
        while true {
            do throws(Errno) { read += try r.get(70000).count } catch { break }
        }
        #expect(read == sum)
        #expect(w.poll(nil) & POLLOUT != 0)
    }

    @Test func errorsAtTheEnds() throws {
        let (r, w) = try pair()
        #expect(r.poll(nil) == 0)
        #expect(w.poll(nil) == POLLOUT | POLLWRNORM)
        r.release()
        #expect(failure { () throws(Errno) in try w.put("x") } == .EPIPE)
        #expect(try w.put("") == 0)
        #expect(w.poll(nil) == POLLOUT | POLLWRNORM | POLLERR)
        let (r2, w2) = try pair()
        _ = try w2.put("x")
        w2.release()
        #expect(r2.poll(nil) == POLLIN | POLLRDNORM | POLLHUP)
        #expect(try r2.get(5) == [120])
        #expect(r2.poll(nil) == POLLHUP)
    }

    @Test func packets() throws {
        let (r, w) = try pair(O_NONBLOCK | O_DIRECT)
        _ = try w.put("abc")
        _ = try w.put("defg")
        #expect(try r.getText(2) == "ab")
        #expect(try r.getText(100) == "defg")
    }

    @Test func capacityChanges() throws {
        let (r, w) = try pair()
        let user = Credentials(uid: 1000, gid: 1000, groups: [])
        #expect(w.pipe.capacity == 65536)
        #expect(try w.pipe.setCapacity(1, user) == 4096)
        _ = try w.put([UInt8](repeating: 1, count: 4096))
        #expect(failure { () throws(Errno) in try w.put("x") } == .EAGAIN)
        #expect(try w.pipe.setCapacity(8192, user) == 8192)
        _ = try w.put([UInt8](repeating: 2, count: 10))
        #expect(failure { () throws(Errno) in try w.pipe.setCapacity(4096, user) } == .EBUSY)
        #expect(failure { () throws(Errno) in try w.pipe.setCapacity(1 << 21, user) } == .EPERM)
        #expect(failure { () throws(Errno) in try w.pipe.setCapacity(1 << 32, user) } == .EINVAL)
        #expect(try w.pipe.setCapacity(1 << 20, user) == 1 << 20)
        #expect(try r.get(9000).count == 4106)
    }

    @Test func wakeUps() throws {
        let (r, w) = try pair()
        let counter = Counter()
        let table = PollTable(counter)
        _ = r.poll(table)
        _ = try w.put("x")
        #expect(counter.count == 1)
        #expect(counter.events == POLLIN | POLLRDNORM)
        _ = try w.put("x")
        #expect(counter.count == 2)
        w.release()
        #expect(counter.count == 3)
        table.clear()
        r.release()
    }

    @Test func fifoRules() throws {
        let inode = Inode(superblock: Superblock(device: 1), number: 1, mode: S_IFIFO | 0o600, uid: 0, gid: 0)
        #expect(failure { () throws(Errno) in try FIFO.open(inode, nil, flags: O_WRONLY | O_NONBLOCK) } == .ENXIO)
        #expect(inode.attachment == nil)
        let r = try FIFO.open(inode, nil, flags: O_RDONLY | O_NONBLOCK)
        r.acquire()
        #expect(r.poll(nil) == 0)
        #expect(try r.get(1) == [])
        let w = try FIFO.open(inode, nil, flags: O_WRONLY | O_NONBLOCK)
        w.acquire()
        #expect(failure { () throws(Errno) in try r.get(1) } == .EAGAIN)
        _ = try w.put("abc")
        w.release()
        #expect(r.poll(nil) == POLLIN | POLLRDNORM | POLLHUP)
        #expect(try r.getText(10) == "abc")
        r.release()
        #expect(inode.attachment == nil)
        let both = try FIFO.open(inode, nil, flags: O_RDWR)
        both.acquire()
        _ = try both.put("x")
        #expect(try both.getText(5) == "x")
        both.release()
    }
}
}
