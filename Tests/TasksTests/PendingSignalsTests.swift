import LinuxABI
import Testing

@testable import Tasks

@Suite struct PendingSignalsTests {
    private func info(_ signal: Int32, _ value: UInt64 = 0) -> Siginfo { .queue(signal, pid: 1, uid: 0, value: value) }

    @Test func oldestFirst() {
        var pending = PendingSignals()
        for value in 1...3 { pending.enqueue(info(34, UInt64(value))) }
        pending.enqueue(info(35, 9))
        for value in 1...3 {
            #expect(pending.set.contains(34))
            #expect(pending.take(34)?.value == UInt64(value))
        }
        #expect(!pending.set.contains(34))
        #expect(pending.take(34) == nil)
        #expect(pending.count == 1)
        #expect(pending.take(35)?.value == 9)
        #expect(pending.set.isEmpty)
    }

    /// A long queue that is filled and emptied at the same time keeps its order.
    @Test func longQueue() {
        var pending = PendingSignals()
        var sent: UInt64 = 0, taken: UInt64 = 0
        for step in 0..<20 {
            for _ in 0..<500 {
                sent += 1
                pending.enqueue(info(34, sent))
                if sent % 100 == 0 { pending.enqueue(info(36, sent)) }
            }
            for _ in 0..<(step < 10 ? 100 : 450) {
                taken += 1
                #expect(pending.take(34)?.value == taken)
            }
            if step == 12 { pending.removeAll { $0.signo == 36 && $0.value % 200 == 0 } }
        }
        pending.discard(SignalSet(34))
        #expect(pending.set == SignalSet(36))
        #expect(pending.take(36)?.value == 100)
        while pending.take(36) != nil {}
        #expect(pending.count == 0)
    }

    @Test func discard() {
        var pending = PendingSignals()
        for signal in [SIGTSTP, SIGTTIN, SIGTERM, SIGTSTP] { pending.enqueue(info(signal)) }
        pending.discard(.stopping)
        #expect(pending.count == 1)
        #expect(pending.set == SignalSet(SIGTERM))
    }

    @Test func removeSome() {
        var pending = PendingSignals()
        pending.enqueue(info(34, 1))
        pending.enqueue(info(34, 2))
        pending.enqueue(info(36, 1))
        pending.removeAll { $0.value == 1 }
        #expect(pending.set == SignalSet(34))
        #expect(pending.take(34)?.value == 2)
    }

    @Test func handlers() {
        let handlers = SignalHandlers()
        for signal in [SIGCHLD, SIGURG, SIGWINCH, SIGCONT] { #expect(handlers.ignores(signal)) }
        for signal in [SIGTERM, SIGHUP, SIGSEGV, SIGSTOP, SIGKILL] { #expect(!handlers.ignores(signal)) }
        var action = Sigaction()
        action.handler = SIG_IGN
        handlers[SIGTERM] = action
        action.handler = 0x1000
        handlers[SIGHUP] = action
        let copy = handlers.copy()
        copy.resetForExec()
        #expect(copy.ignores(SIGTERM))
        #expect(copy[SIGHUP].handler == SIG_DFL)
        #expect(handlers[SIGHUP].handler == 0x1000)
        // Numbers from the guest may be anything.
        for number: Int32 in [0, -1, 65, .max, .min] {
            handlers[number] = action
            #expect(handlers[number].handler == SIG_DFL)
        }
    }
}
