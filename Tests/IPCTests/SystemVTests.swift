import IPC
import KernelBase
import LinuxABI
import Machine
import Testing

extension IPCTests {
@Suite struct SystemVTests {
    init() { #expect(booted) }

    func operation(_ number: UInt16, _ op: Int16, _ flags: UInt32 = IPC_NOWAIT) -> Sembuf {
        Sembuf(num: number, op: op, flags: Int16(truncatingIfNeeded: flags))
    }

    @Test func semaphores() throws {
        let system = SystemV.shared
        #expect(failure { () throws(Errno) in try system.semaphoreSet(key: 77, count: 2, flags: 0o600) } == .ENOENT)
        let id = try system.semaphoreSet(key: 77, count: 2, flags: 0o600 | IPC_CREAT)
        #expect(try system.semaphoreSet(key: 77, count: 1, flags: 0) == id)
        #expect(failure { () throws(Errno) in try system.semaphoreSet(key: 77, count: 3, flags: 0) } == .EINVAL)
        #expect(failure { () throws(Errno) in try system.semaphoreSet(key: 77, count: 2, flags: IPC_CREAT | IPC_EXCL) } == .EEXIST)
        let set = try system.semaphoreSet(id)
        try set.operate([operation(0, 3), operation(1, 1)], deadline: .max)
        #expect(set.values == [3, 1])
        // All or nothing.
        #expect(failure { () throws(Errno) in try set.operate([operation(0, -1), operation(1, -2)], deadline: .max) } == .EAGAIN)
        #expect(set.values == [3, 1])
        #expect(failure { () throws(Errno) in try set.operate([operation(2, 1)], deadline: .max) } == .EFBIG)
        #expect(failure { () throws(Errno) in try set.operate([operation(0, 32767)], deadline: .max) } == .ERANGE)
        #expect(failure { () throws(Errno) in try set.operate([operation(0, 0, 0)], deadline: Clock.monotonic() + 100_000) } == .EAGAIN)
        let list = SemaphoreUndoList()
        IPCState.shared.caller.undoList = { list }
        try set.operate([operation(0, -2, SEM_UNDO)], deadline: .max)
        #expect(set.values == [1, 1])
        list.release()
        #expect(set.values == [3, 1])
        system.remove(set)
        #expect(failure { () throws(Errno) in try system.semaphoreSet(id) } == .EINVAL)
        let next = try system.semaphoreSet(key: 77, count: 1, flags: 0o600 | IPC_CREAT)
        #expect(next != id)
        #expect(failure { () throws(Errno) in try system.semaphoreSet(id) } == .EIDRM)
        system.remove(try system.semaphoreSet(next))
    }

    @Test func messages() throws {
        let system = SystemV.shared
        let queue = try system.messageQueue(try system.messageQueue(key: IPC_PRIVATE, flags: 0o600))
        for (type, text) in [(3, "c"), (1, "a"), (2, "bb"), (1, "aa")] { try queue.send(type, [UInt8](text.utf8), flags: 0) }
        func receive(_ type: Int, _ room: Int = 100, _ flags: UInt32 = IPC_NOWAIT) throws(Errno) -> String {
            String(decoding: try queue.receive(type, room: room, flags: flags).text, as: UTF8.self)
        }
        #expect(try receive(-2) == "a")
        #expect(try receive(3, 100, IPC_NOWAIT | MSG_EXCEPT) == "bb")
        #expect(failure { () throws(Errno) in try receive(1, 1) } == .E2BIG)
        #expect(try receive(0) == "c")
        #expect(failure { () throws(Errno) in try receive(9) } == .ENOMSG)
        #expect(queue.bytes == 2)
        for _ in 0..<2 { try queue.send(5, [UInt8](repeating: 0, count: 8000), flags: 0) }
        #expect(failure { () throws(Errno) in try queue.send(5, [UInt8](repeating: 0, count: 8000), flags: IPC_NOWAIT) } == .EAGAIN)
        system.remove(queue)
    }
}
}
