import KernelBase
import Testing

@Suite struct TimerTests {
    /// Deadlines that are long past, so that all timers fire, in order of their deadlines.
    @Test func firesInOrder() {
        let queue = TimerQueue()
        var fired: [UInt64] = []
        var timers: [KernelTimer] = []
        var deadlines: [UInt64] = []
        for index in 0..<500 {
            let deadline = UInt64(index) &* 7_919 % 1_009
            deadlines.append(deadline)
            let timer = KernelTimer { fired.append(deadline) }
            timers.append(timer)
            queue.arm(timer, at: deadline)
        }
        queue.runExpired()
        #expect(fired == deadlines.sorted())
        #expect(!timers.contains { $0.isArmed })
    }

    @Test func cancelAndArmAgain() {
        let queue = TimerQueue()
        var fired: [Int] = []
        let timers = (0..<50).map { index in KernelTimer { fired.append(index) } }
        for (index, timer) in timers.enumerated() { queue.arm(timer, at: UInt64(100 + index)) }
        for index in stride(from: 0, to: 50, by: 3) { queue.cancel(timers[index]) }
        for index in stride(from: 1, to: 50, by: 3) { queue.arm(timers[index], at: UInt64.max - 1) }
        queue.cancel(timers[0])
        queue.runExpired()
        #expect(fired == Array(stride(from: 2, to: 50, by: 3)))
        for (index, timer) in timers.enumerated() { #expect(timer.isArmed == (index % 3 == 1)) }
    }

    /// A timer may arm itself, and others, from its action.
    @Test func armsFromItsAction() {
        let queue = TimerQueue()
        var rounds = 0
        final class Repeating: KernelTimer {
            var body: () -> Void = {}
            override func fire() { body() }
        }
        let timer = Repeating()
        timer.body = {
            rounds += 1
            if rounds < 5 { queue.arm(timer, at: UInt64(rounds)) }
        }
        queue.arm(timer, at: 0)
        queue.runExpired()
        timer.body = {}
        #expect(rounds == 5)
        #expect(!timer.isArmed)
    }

    @Test func deadlinesSaturate() {
        #expect(Clock.deadline(after: .max) == UInt64.max - 1)
        let now = Clock.monotonic()
        let deadline = Clock.deadline(after: 1_000_000)
        #expect(deadline >= now + 1_000_000)
        #expect(Clock.monotonicDeadline(realtime: 0) >= now)
        #expect(Clock.monotonicDeadline(realtime: .max) > now)
    }
}
