import IPC
import KernelBase
import LinuxABI
import Machine
import Testing
import VFS

func word(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) } }
func number(_ bytes: [UInt8]) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

extension IPCTests {
@Suite struct EventTests {
    init() { #expect(booted) }

    @Test func counter() throws {
        let e = try EventFile(count: 3, flags: EFD_NONBLOCK)
        #expect(e.poll(nil) == POLLIN | POLLOUT)
        #expect(try number(e.get(8)) == 3)
        #expect(failure { () throws(Errno) in try e.get(8) } == .EAGAIN)
        #expect(failure { () throws(Errno) in try e.get(7) } == .EINVAL)
        #expect(failure { () throws(Errno) in try e.put(word(.max)) } == .EINVAL)
        #expect(failure { () throws(Errno) in try e.put([UInt8](repeating: 0, count: 9)) } == .EINVAL)
        #expect(try e.put(word(.max - 1)) == 8)
        #expect(e.poll(nil) == POLLIN)
        #expect(failure { () throws(Errno) in try e.put(word(1)) } == .EAGAIN)
        #expect(try e.put(word(0)) == 8)
        e.signal(5)
        #expect(e.poll(nil) == POLLIN | POLLERR)
        #expect(try number(e.get(8)) == .max)
    }

    @Test func semaphore() throws {
        let e = try EventFile(count: 2, flags: EFD_NONBLOCK | EFD_SEMAPHORE)
        #expect(try number(e.get(8)) == 1)
        #expect(try number(e.get(8)) == 1)
        #expect(failure { () throws(Errno) in try e.get(8) } == .EAGAIN)
    }

    @Test func timers() throws {
        let user = Credentials(uid: 1000, gid: 1000, groups: [])
        #expect(failure { () throws(Errno) in try TimerFile(clock: CLOCK_BOOTTIME_ALARM, flags: 0, user) } == .EPERM)
        #expect(failure { () throws(Errno) in try TimerFile(clock: CLOCK_THREAD_CPUTIME_ID, flags: 0, user) } == .EINVAL)
        #expect(failure { () throws(Errno) in try TimerFile(clock: 1, flags: 1, user) } == .EINVAL)
        let t = try TimerFile(clock: CLOCK_MONOTONIC, flags: TFD_NONBLOCK, user)
        t.acquire()
        #expect(failure { () throws(Errno) in try t.get(8) } == .EAGAIN)
        let old = t.set(value: 1_000_000_000_000, interval: 7, flags: 0)
        #expect(old == (0, 0))
        let now = t.setting()
        #expect(now.value > 999_000_000_000 && now.value <= 1_000_000_000_000 && now.interval == 7)
        // Began 10.5 periods ago: 11 expirations.
        let period: UInt64 = 10_000_000_000
        _ = t.set(value: Clock.monotonic() - period * 10 - period / 2, interval: period, flags: TFD_TIMER_ABSTIME)
        #expect(t.poll(nil) == POLLIN)
        #expect(try number(t.get(8)) == 11)
        #expect(t.poll(nil) == 0)
        #expect(failure { () throws(Errno) in try t.get(8) } == .EAGAIN)
        _ = t.set(value: 1, interval: 0, flags: TFD_TIMER_ABSTIME)
        #expect(try number(t.get(8)) == 1)
        #expect(t.setting() == (0, 0))
        let counter = Counter()
        let table = PollTable(counter)
        _ = t.set(value: 1000, interval: 0, flags: 0)
        _ = t.poll(table)
        while Clock.monotonic() < t.setting().value { break }
        let end = Clock.monotonic() + 2_000_000
        while Clock.monotonic() < end {}
        TimerQueue.shared.runExpired()
        #expect(t.poll(nil) == POLLIN)
        table.clear()
        t.release()
    }
}
}
