import Glibc

/// Runs a command, collects what it writes, and ends it (with everything it started) when it takes too long or when
/// the user interrupts.
struct ChildProcess {
    struct Result {
        /// As of waitpid(2).
        var status: Int32
        var output: [UInt8]
        var errors: [UInt8]
        /// From just before its start until it was collected.
        var nanoseconds: UInt64

        var succeeded: Bool { status == 0 }
    }

    /// What is kept of a command's output at most.
    private static let outputLimit = 1 << 20

    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// - Parameters:
    ///   - command: The first is an absolute path.
    ///   - environment: `NAME=value` strings; nothing else is passed on.
    ///   - seconds: When it is killed.
    /// - Throws: ``BenchFailure`` if it could not be started, took too long, or the user interrupted.
    static func run(_ command: [String], environment: [String], seconds: Int) throws(BenchFailure) -> Result {
        guard let program = command.first else { throw BenchFailure("there is no command") }
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { if null >= 0 { close(null) } }
        var ends: [Int32] = [-1, -1, -1, -1]
        defer { for end in ends where end >= 0 { close(end) } }
        for at in [0, 2] {
            var pair: [Int32] = [-1, -1]
            guard pipe(&pair) == 0 else { throw BenchFailure("cannot make a pipe: \(text(errno))") }
            ends[at] = pair[0]
            ends[at + 1] = pair[1]
            for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, null, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[3], 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Its own group, so that all of it can be ended; our blocked signals are not meant for it.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)

        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for string in arguments + variables { free(string) } }
        var process: pid_t = 0
        let start = now()
        let failure = posix_spawn(&process, program, &actions, &attributes, &arguments, &variables)
        guard failure == 0 else { throw BenchFailure("cannot start \(program): \(text(failure))") }
        close(ends[1])
        close(ends[3])
        ends[1] = -1
        ends[3] = -1

        var result = Result(status: 0, output: [], errors: [], nanoseconds: 0)
        let ended = collect(&ends, &result, until: start + UInt64(seconds) * 1_000_000_000)
        if ended != nil { kill(-process, SIGKILL) }
        while waitpid(process, &result.status, 0) < 0 && errno == EINTR {}
        result.nanoseconds = now() - start
        if let ended { throw ended }
        return result
    }

    /// Reads both pipes to their ends. - Returns: Why the command must be ended before that.
    private static func collect(_ ends: inout [Int32], _ result: inout Result, until deadline: UInt64) -> BenchFailure? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while ends[0] >= 0 || ends[2] >= 0 {
            if Interruption.isPending { return Interruption.failure }
            if now() > deadline { return BenchFailure("took too long") }
            var polls = [pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0), pollfd(fd: ends[2], events: Int16(POLLIN), revents: 0)]
            guard poll(&polls, 2, 100) > 0 else { continue }
            for (index, at) in [(0, 0), (1, 2)] where polls[index].revents != 0 {
                let count = read(ends[at], &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 {
                    close(ends[at])
                    ends[at] = -1
                } else if at == 0 {
                    result.output += buffer[..<min(count, max(0, outputLimit - result.output.count))]
                } else {
                    result.errors += buffer[..<min(count, max(0, outputLimit - result.errors.count))]
                }
            }
        }
        return nil
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}

/// SIGINT, SIGTERM and SIGHUP are blocked while a benchmark runs and looked for between two steps, so that scratch
/// files and children never outlive it.
enum Interruption {
    static let failure = BenchFailure("interrupted")

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&set, signal) }
        return set
    }

    static func block() {
        var set = signals
        sigprocmask(SIG_BLOCK, &set, nil)
    }

    /// Whether one has arrived; it stays pending.
    static var isPending: Bool {
        var pending = sigset_t()
        sigemptyset(&pending)
        sigpending(&pending)
        return [SIGINT, SIGTERM, SIGHUP].contains { sigismember(&pending, $0) == 1 }
    }

    /// Lets what is pending take its course, which ends the process if it is one of ours.
    static func unblock() {
        var set = signals
        sigprocmask(SIG_UNBLOCK, &set, nil)
    }
}
