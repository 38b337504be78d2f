import KernelBase
import LinuxABI
import Machine
import Testing

import func Glibc.getpid

@testable import Tasks

private let millisecond: UInt64 = 1_000_000

extension TaskLayer {
    @Suite struct Timers {
        private func event(_ signal: Int32, notify: Int32 = SIGEV_SIGNAL, value: UInt64 = 42, tid: Int32 = 0) -> Sigevent {
            Sigevent(value: value, signo: signal, notify: notify, tid: tid)
        }

        @Test func onceAndSignalInformation() throws {
            let world = World()
            world.block(40)
            let id = try world.task.createTimer(clock: CLOCK_MONOTONIC, event: event(40))
            let timers = world.process.requireTimers()
            #expect(timers.posixSetting(id)! == (0, 0))
            #expect(timers.setPosix(id, value: 5 * millisecond, interval: 0, absolute: false)! == (0, 0))
            #expect(timers.posixSetting(id)!.value <= 5 * millisecond)
            world.run(milliseconds: 200) { world.process.sharedPending.set.contains(40) }
            let info = try #require(world.take(40))
            #expect(info.code == SI_TIMER && info.timerID == id && info.value == 42 && info.overrun == 0)
            #expect(timers.posixSetting(id)! == (0, 0))
            #expect(timers.delete(id) && !timers.delete(id))
        }

        @Test func periodsMissedWhileBlockedAreOverruns() throws {
            let world = World()
            world.block(40)
            let id = try world.task.createTimer(clock: CLOCK_REALTIME, event: event(40))
            let timers = world.process.requireTimers()
            _ = timers.setPosix(id, value: 2 * millisecond, interval: 2 * millisecond, absolute: false)
            world.run(milliseconds: 30)
            #expect(world.process.sharedPending.count == 1)
            #expect(timers.posixSetting(id)!.value > 0)
            let info = try #require(world.take(40))
            #expect(info.overrun >= 10 && info.overrun <= 15)
            #expect(timers.overrun(id) == info.overrun)
            // Delivered, so it goes on.
            world.run(milliseconds: 200) { world.process.sharedPending.set.contains(40) }
            #expect(world.take(40) != nil)
        }

        @Test func severalTimersOfOneOrdinarySignalAreAllQueued() throws {
            let world = World()
            world.block(SIGUSR1)
            let timers = world.process.requireTimers()
            for _ in 0..<3 {
                let id = try world.task.createTimer(clock: CLOCK_MONOTONIC, event: event(SIGUSR1))
                _ = timers.setPosix(id, value: 1, interval: 0, absolute: true)
            }
            world.run(milliseconds: 5)
            #expect(world.process.sharedPending.count == 3)
            #expect(timers.delete(1))
            #expect(world.process.sharedPending.count == 2)
            timers.programExecuted()
            #expect(world.process.sharedPending.count == 0 && world.process.sharedPending.set.isEmpty)
        }

        @Test func ignoredSignalsDoNotStopAPeriodicTimer() throws {
            let world = World()
            world.process.handlers[SIGUSR1] = Sigaction(handler: SIG_IGN)
            let id = try world.task.createTimer(clock: CLOCK_MONOTONIC, event: event(SIGUSR1))
            _ = world.process.requireTimers().setPosix(id, value: millisecond, interval: millisecond, absolute: false)
            world.run(milliseconds: 12)
            #expect(world.process.sharedPending.count == 0)
            world.block(SIGUSR1)
            world.handle(SIGUSR1)
            world.run(milliseconds: 100) { world.process.sharedPending.count > 0 }
            #expect(world.take(SIGUSR1) != nil)
        }

        @Test func toAThreadAndWithoutNotification() throws {
            let world = World()
            world.block(40)
            let timers = world.process.requireTimers()
            let direct = try world.task.createTimer(clock: CLOCK_MONOTONIC, event: event(40, notify: SIGEV_THREAD_ID, tid: world.task.tid))
            let silent = try world.task.createTimer(clock: CLOCK_MONOTONIC, event: event(0, notify: SIGEV_NONE))
            _ = timers.setPosix(direct, value: 1, interval: 0, absolute: false)
            _ = timers.setPosix(silent, value: 1, interval: 0, absolute: false)
            world.run(milliseconds: 3)
            #expect(world.task.pending.count == 1 && world.process.sharedPending.count == 0)
            #expect(timers.posixSetting(silent)! == (0, 0))
        }

        @Test func errors() {
            let world = World()
            let task = world.task
            func create(_ clock: Int32, _ event: Sigevent?) -> Errno? { failure { () throws(Errno) in _ = try task.createTimer(clock: clock, event: event) } }
            #expect(create(77, nil) == .EINVAL)
            #expect(create(CLOCK_MONOTONIC_RAW, nil) == .EOPNOTSUPP)
            #expect(create(CLOCK_MONOTONIC, event(65)) == .EINVAL)
            #expect(create(CLOCK_MONOTONIC, event(40, notify: 99)) == .EINVAL)
            #expect(create(CLOCK_MONOTONIC, event(40, notify: SIGEV_THREAD_ID, tid: 1)) == .EINVAL)
            #expect(create(CLOCK_MONOTONIC, nil) == nil)
        }

        @Test func alarmIsSetAgainWhenItsSignalIsTaken() {
            let world = World()
            world.block(SIGALRM)
            let timers = world.process.requireTimers()
            _ = timers.setInterval(ITIMER_REAL, value: millisecond, interval: millisecond)
            world.run(milliseconds: 6)
            #expect(timers.interval(ITIMER_REAL) == (0, millisecond))
            let info = world.take(SIGALRM)
            #expect(info?.code == SI_KERNEL)
            #expect(timers.interval(ITIMER_REAL).value > 0)
            world.run(milliseconds: 100) { world.process.sharedPending.count > 0 }
            #expect(world.take(SIGALRM) != nil)
            #expect(timers.setInterval(ITIMER_REAL, value: 0, interval: 5).interval == millisecond)
            #expect(timers.interval(ITIMER_REAL) == (0, 0))
        }

        @Test func cpuTimersFollowTheHostProcess() throws {
            let world = World()
            world.process.hostProcess = getpid()
            for signal in [SIGPROF, 40] { world.block(signal) }
            let timers = world.process.requireTimers()
            _ = timers.setInterval(ITIMER_PROF, value: 10 * millisecond, interval: 10 * millisecond)
            let id = try world.task.createTimer(clock: CLOCK_PROCESS_CPUTIME_ID, event: event(40))
            _ = timers.setPosix(id, value: 15 * millisecond, interval: 0, absolute: false)
            world.run(milliseconds: 5000) { world.process.sharedPending.set.contains(SIGPROF) && world.process.sharedPending.set.contains(40) }
            #expect(world.take(SIGPROF)?.code == SI_KERNEL && world.take(40)?.code == SI_TIMER)
            let left = timers.interval(ITIMER_PROF)
            #expect(left.interval == 10 * millisecond && left.value > 0 && left.value <= 10 * millisecond)
        }

        @Test func aProcessThatDoesNotRunIsNotWatched() {
            let world = World()
            // No host process: its CPU time stands still.
            let timers = world.process.requireTimers()
            _ = timers.setInterval(ITIMER_PROF, value: millisecond, interval: 0)
            world.run(milliseconds: 10)
            #expect(!TimerQueue.shared.isBusy)
            // On its way back to the guest a thread starts the watch again.
            world.process.hostProcess = getpid()
            world.block(SIGPROF)
            timers.threadReturns(world.task)
            world.run(milliseconds: 3000) { world.process.sharedPending.count > 0 }
            #expect(world.take(SIGPROF) != nil)
        }

        @Test func limitOfCPUTime() throws {
            let world = World()
            world.process.hostProcess = getpid()
            world.block(SIGXCPU)
            try world.process.setLimit(RLIMIT_CPU, Rlimit(cur: 0, max: 1000), isPrivileged: false)
            #expect(world.take(SIGXCPU)?.code == SI_KERNEL)
            #expect(world.process.limits[0].cur > 0)
            world.process.timers?.cancelAll()
            #expect(world.process.timers == nil)
        }
    }
}
