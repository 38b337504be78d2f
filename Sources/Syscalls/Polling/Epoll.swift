import IPC
import LinuxABI
import Machine
import VFS

extension SyscallContext {
    /// epoll_create(2)
    func sysEpollCreate() throws(Errno) -> Int {
        guard i0 > 0 else { throw .EINVAL }
        return try installNew(try EpollFile(), closeOnExec: false)
    }

    /// epoll_create1(2)
    func sysEpollCreate1() throws(Errno) -> Int {
        guard u0 & ~EPOLL_CLOEXEC == 0 else { throw .EINVAL }
        return try installNew(try EpollFile(), closeOnExec: u0 & EPOLL_CLOEXEC != 0)
    }

    /// epoll_ctl(2)
    func sysEpollCtl() throws(Errno) -> Int {
        var event = EpollEvent()
        if i1 != EPOLL_CTL_DEL { event = try UserMemory.load(EpollEvent.self, at: a3) }
        let epoll = try file(i0)
        let target = try file(i2)
        try EpollFile.control(epoll, i1, i2, target, events: event.events, data: event.data, credentials)
        return 0
    }

    /// epoll_wait(2)
    func sysEpollWait() throws(Errno) -> Int { try epollWait(deadline: deadline(milliseconds: i3)) }

    /// epoll_pwait(2)
    func sysEpollPwait() throws(Errno) -> Int {
        let mask = try signalSet(at: a4, size: a5)
        return try masked(mask) { () throws(Errno) in try epollWait(deadline: deadline(milliseconds: i3)) }
    }

    /// epoll_pwait2(2)
    func sysEpollPwait2() throws(Errno) -> Int {
        let deadline = deadline(nanoseconds: a3 == 0 ? nil : try nanoseconds(at: a3))
        let mask = try signalSet(at: a4, size: a5)
        return try masked(mask) { () throws(Errno) in try epollWait(deadline: deadline) }
    }

    private func epollWait(deadline: UInt64) throws(Errno) -> Int {
        let file = try file(i0)
        guard i2 > 0, Int(i2) <= EP_MAX_EVENTS else { throw .EINVAL }
        guard UserMemory.isUserRange(a1, UInt(i2) &* UInt(EpollEvent.size)) else { throw .EFAULT }
        guard let epoll = file as? EpollFile else { throw .EINVAL }
        var next = a1
        return try epoll.wait(maximum: Int(i2), deadline: deadline) { (events, data) throws(Errno) in
            try UserMemory.store(events, at: next)
            try UserMemory.store(data, at: next &+ 4)
            next &+= UInt(EpollEvent.size)
        }
    }
}
