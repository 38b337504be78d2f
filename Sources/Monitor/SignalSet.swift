import CHost
import Glibc

/// The signals `martlet run` handles itself.
enum RunSignals {
    /// Passed on to the guest. SIGTTIN and SIGTTOU are not among them: they stop `martlet` when it touches the terminal from the
    /// background, as they would the program; SIGKILL and SIGSTOP cannot be caught.
    static let forwarded: [Int32] = [SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGWINCH] + Array(34...64)

    /// Blocks what is handled by way of a descriptor, in this thread and those it will start, and opens that descriptor.
    static func takeOver() throws(HostError) -> Int32 {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in forwarded + [SIGCHLD, SIGTSTP, SIGCONT] { sigaddset(&set, signal) }
        var mask = set
        // Errors of write(2) and ftruncate(2) tell the same. The second could be caused by the guest, who asks for a file of any length.
        sigaddset(&mask, SIGPIPE)
        sigaddset(&mask, SIGXFSZ)
        pthread_sigmask(SIG_BLOCK, &mask, nil)
        return try HostError.check(chost_signalfd(&set))
    }

    /// Signals that have come, without waiting.
    static func taken(from descriptor: Int32) -> [Int32] {
        var result: [Int32] = []
        var record = [UInt8](repeating: 0, count: 128)  // struct signalfd_siginfo; u32 number first
        // No more than there are signals: a sandbox could let its processes end faster than we read.
        while result.count < 64, read(descriptor, &record, record.count) == record.count {
            result.append(Int32(record[0]))
        }
        return result
    }

    /// Stops this process, as the signal that was caught would have done; returns when it is continued.
    static func stopSelf() {
        raise(SIGSTOP)
    }
}
