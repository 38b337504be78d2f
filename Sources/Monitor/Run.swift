import CHost
import Glibc
import HostBase
import MonitorProtocol
import TraceDecoder

/// One run: starts a sandbox, serves it and waits for its end. For the main thread only.
public final class Run {
    private let options: RunOptions
    private let startTime = chost_monotonic_ns()
    private var sandbox: Sandbox?
    private var outputs: [RingPump] = []
    private var tracePump: TracePump?
    private var memory: MemoryWatcher?
    private let memoryLines = Lines()
    private var watched: [(descriptor: Int32, pump: RingPump)] = []
    private var signalDescriptor: Int32 = -1
    private var terminalInUse: Int32?
    private var interruptsWhileBooting = 0
    private var results: ResultFiles?
    private var childrenAreLeft = false

    /// How a run ended.
    struct Outcome: Equatable {
        var status: Int32
        /// Lines for standard error, without prefix.
        var messages: [String] = []
    }

    public init(_ options: RunOptions) { self.options = options }

    /// Does everything; what goes wrong is told on standard error.
    /// - Returns: the exit status for `martlet`.
    public func execute() -> Int32 {
        var outcome: Outcome
        do {
            outcome = try perform()
        } catch let failure as RunFailure {
            outcome = Outcome(status: failure.status, messages: [failure.message])
        } catch {
            outcome = Outcome(status: ExitStatus.failure, messages: ["\(error)"])
        }
        chost_terminal_restore()
        memory?.tellOfKills()
        outcome.messages += memoryLines.taken()
        outcome.messages += unimplementedLines() + traceLines()
        if tracePump?.isFinished == true, let lines = tracePump?.heldLines { writeAll(2, lines) }
        for message in outcome.messages { Complaint.write(message) }
        if let results {
            let traceError = tracePump?.isFinished == true && options.traceFile != nil ? tracePump?.writeError : nil
            let failures = [
                ("report", options.reportFile, results.write(report: report(outcome))), ("audit", options.auditFile, results.write(audit: audit(outcome))),
                ("trace", options.traceFile, traceError.map { HostError($0) }),
            ]
            for case let (what, file?, error?) in failures {
                Complaint.write("cannot write the \(what) \(file): \(error.text)")
                if outcome.status == 0 { outcome.status = ExitStatus.failure }
            }
        }
        return outcome.status
    }

    private func perform() throws -> Outcome {
        // First of all, so that the numbers 0, 1 and 2 are never taken by something else.
        let closed = StandardStreams.holdClosed()
        results = try ResultFiles(options)
        let streams = StandardStreams(closed: closed, terminal: options.terminal, sharesErrors: options.writesErrorsDuringRun)
        let sandbox = try Sandbox(options, streams: streams)
        do {
            signalDescriptor = try RunSignals.takeOver()
        } catch {
            throw RunFailure("cannot receive signals: \(error.text)")
        }
        self.sandbox = sandbox
        // With no pid namespace, what outlives init becomes our child, to be waited for.
        _ = chost_set_subreaper(true)
        try sandbox.start()
        var outcome: Outcome
        do {
            try startThreads(sandbox)
            outcome = supervise(sandbox)
        } catch {
            end(sandbox)
            throw error
        }
        sandbox.restoreOffsets()
        if let note = Self.missingLayers(sandbox.layers), options.log >= .warning, outcome.status != ExitStatus.failure {
            outcome.messages.insert(note, at: 0)
        }
        return outcome
    }

    private func startThreads(_ sandbox: Sandbox) throws {
        let server = RequestServer(
            arena: sandbox.arena, handles: sandbox.handles, socket: sandbox.socket, attention: sandbox.attention)
        do throws(HostError) {
            try startThread { server.run() }
            for output in sandbox.streams.outputs {
                let pump = RingPump(index: output.ring, arena: sandbox.arena, descriptor: output.descriptor, attention: sandbox.attention)
                outputs.append(pump)
                watched.append((output.descriptor, pump))
                try startThread { pump.runOutput() }
            }
            if options.tracesCalls || options.log != .none {
                let descriptor = results?.trace ?? 2
                let pump = TracePump(
                    arena: sandbox.arena, descriptor: descriptor, attention: sandbox.attention,
                    rawTerminal: sandbox.streams.usesTerminal && isatty(descriptor) == 1,
                    filter: options.strace ? options.straceFilter : nil, audit: options.auditFile != nil,
                    holdsLines: options.traceFile == nil && sandbox.streams.errorsAreFile)
                tracePump = pump
                try startThread { pump.run() }
            }
            if let limit = options.memoryBytes {
                let lines = memoryLines
                let isQuiet = options.log < .error
                // In the midst of a raw terminal a line would be lost; in a file the program's output would overwrite it.
                let isKept = sandbox.streams.usesTerminal || sandbox.streams.errorsAreFile
                let watcher = MemoryWatcher(limit: limit, sandbox: sandbox) { line in
                    if isQuiet { return }
                    if isKept { lines.add(line) } else { Complaint.write(line) }
                }
                memory = watcher
                try startThread { watcher.run() }
            }
            for input in sandbox.streams.inputs {
                let pump = RingPump(index: input.ring, arena: sandbox.arena, descriptor: input.descriptor, attention: sandbox.attention)
                try startThread { pump.runInput(onDemand: input.onDemand) }
            }
        } catch {
            throw RunFailure("cannot start serving the sandbox: \(error.text)")
        }
        if sandbox.streams.usesTerminal, let terminal = sandbox.streams.terminal {
            terminalInUse = terminal
            _ = chost_terminal_raw(terminal)
        }
    }

    // -- waiting --

    private enum Ending {
        case stateReached
        case initDied
        case timedOut
        case outOfMemory
        case interrupted(Int32)
    }

    private func supervise(_ sandbox: Sandbox) -> Outcome {
        let ending = wait(sandbox)
        let deathStatus = end(sandbox)
        let isCutShort = switch ending {
        case .timedOut, .outOfMemory: true
        default: false
        }
        drain(sandbox, limitNanoseconds: isCutShort ? 1_000_000_000 : nil)
        chost_terminal_restore()
        return judge(ending, deathStatus: deathStatus, sandbox)
    }

    /// Serves signals until the sandbox is at its end, for whichever reason.
    private func wait(_ sandbox: Sandbox) -> Ending {
        let deadline = options.timeoutNanoseconds.map { startTime.addingReportingOverflow($0) }.map { $0.overflow ? UInt64.max : $0.partialValue }
        while true {
            switch sandbox.arena.load32(Header.runState) {
            case RunState.exited, RunState.panicked, RunState.refused: return .stateReached
            default: break
            }
            if let memory, memory.isExceeded { return .outOfMemory }
            var timeout: Int32 = -1
            if let deadline {
                let now = chost_monotonic_ns()
                if now >= deadline { return .timedOut }
                timeout = Int32(min((deadline - now + 999_999) / 1_000_000, 1 << 30))
            }
            switch pollOnce(sandbox, timeout: timeout) {
            case .nothing: continue
            case .initDied: return .initDied
            case .interrupted(let signal): return .interrupted(signal)
            }
        }
    }

    private enum Event {
        case nothing
        case initDied
        case interrupted(Int32)
    }

    private func pollOnce(_ sandbox: Sandbox, timeout: Int32) -> Event {
        var entries = [
            pollfd(fd: signalDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: sandbox.attention.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        // No events asked for: only POLLERR and POLLHUP, by which a pipe says that its last reader is gone.
        entries += watched.map { pollfd(fd: $0.descriptor, events: 0, revents: 0) }
        guard poll(&entries, nfds_t(entries.count), timeout) > 0 else { return .nothing }
        if entries[1].revents != 0 { sandbox.attention.clear() }
        for (entry, output) in zip(entries[2...], watched) where entry.revents != 0 { output.pump.markBroken() }
        let hungUp = Set(entries[2...].filter { $0.revents != 0 }.map(\.fd))
        watched.removeAll { hungUp.contains($0.descriptor) }
        guard entries[0].revents != 0 else { return childrenAreLeft ? reap(sandbox) : .nothing }
        for signal in RunSignals.taken(from: signalDescriptor) {
            let event = handle(signal, sandbox)
            if case .nothing = event { continue }
            return event
        }
        return .nothing
    }

    private func handle(_ signal: Int32, _ sandbox: Sandbox) -> Event {
        switch signal {
        case SIGCHLD:
            return reap(sandbox)
        case SIGTSTP:
            // The sandbox is in a session of its own, so the terminal's stop reaches only us: stop it all, then ourselves.
            chost_terminal_restore()
            sandbox.setFrozen(true)
            RunSignals.stopSelf()
            resume(sandbox)
        case SIGCONT:
            resume(sandbox)
            sandbox.deliver(signals: Self.bit(SIGCONT))
        case SIGWINCH:
            sandbox.updateWindowSize()
            sandbox.deliver(signals: Self.bit(signal))
        default:
            if sandbox.arena.load32(Header.runState) == RunState.booting, signal == SIGINT || signal == SIGTERM || signal == SIGQUIT || signal == SIGHUP {
                interruptsWhileBooting += 1
                if interruptsWhileBooting > 1 { return .interrupted(signal) }
            }
            sandbox.deliver(signals: Self.bit(signal))
        }
        return .nothing
    }

    /// Takes leave of children that have ended, but not of all at once: without a pid namespace a hostile init can give us some that end
    /// faster than we reap, and there is also a time-out to be looked at.
    private func reap(_ sandbox: Sandbox) -> Event {
        for _ in 0..<256 {
            // Init stays unreaped until its group has been killed, so that its number cannot come to mean something else.
            var info = siginfo_t()
            childrenAreLeft = waitid(P_PGID, id_t(sandbox.initProcess), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && chost_siginfo_pid(&info) != 0
            guard childrenAreLeft else { return .nothing }
            let process = chost_siginfo_pid(&info)
            if process == sandbox.initProcess { return .initDied }
            waitpid(process, nil, WNOHANG)
        }
        sandbox.attention.raise()
        return .nothing
    }

    private func resume(_ sandbox: Sandbox) {
        if let terminalInUse { _ = chost_terminal_raw(terminalInUse) }
        sandbox.updateWindowSize()
        sandbox.setFrozen(false)
    }

    private static func bit(_ signal: Int32) -> UInt64 { 1 << UInt64(signal - 1) }

    /// Lines from another thread.
    private final class Lines: @unchecked Sendable {
        private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private var lines: [String] = []

        init() { pthread_mutex_init(lock, nil) }

        deinit {
            pthread_mutex_destroy(lock)
            lock.deallocate()
        }

        /// Keeps a line; of very many only the first.
        func add(_ line: String) {
            pthread_mutex_lock(lock)
            if lines.count < 20 { lines.append(line) }
            pthread_mutex_unlock(lock)
        }

        func taken() -> [String] {
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            return lines
        }
    }

    // -- the end --

    /// Kills all that is left of the sandbox and waits until it is gone.
    /// - Returns: init's wait status.
    @discardableResult
    private func end(_ sandbox: Sandbox) -> Int32 {
        sandbox.kill()
        var status: Int32 = 0
        var initStatus: Int32 = 0
        while true {
            // Not just any child: the caller may have left us some of its own before it executed us.
            let process = waitpid(-sandbox.initProcess, &status, 0)
            if process < 0 && errno == EINTR { continue }
            if process < 0 { return initStatus }
            if process == sandbox.initProcess { initStatus = status }
        }
    }

    /// Lets the output pumps write what is still in their rings. A second interrupt ends the patience with a reader that
    /// does not read.
    private func drain(_ sandbox: Sandbox, limitNanoseconds: UInt64?) {
        for pump in outputs { pump.finish() }
        tracePump?.finish()
        let deadline = limitNanoseconds.map { chost_monotonic_ns() + $0 }
        while outputs.contains(where: { !$0.isFinished }) || tracePump?.isFinished == false {
            var timeout: Int32 = -1
            if let deadline {
                let now = chost_monotonic_ns()
                if now >= deadline { return }
                timeout = Int32((deadline - now) / 1_000_000 + 1)
            }
            var entries = [
                pollfd(fd: signalDescriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: sandbox.attention.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            poll(&entries, 2, timeout)
            sandbox.attention.clear()
            for signal in RunSignals.taken(from: signalDescriptor) {
                switch signal {
                case SIGTSTP:
                    chost_terminal_restore()
                    RunSignals.stopSelf()
                case SIGINT, SIGTERM, SIGQUIT, SIGHUP: return
                default: break
                }
            }
        }
    }

    private func judge(_ ending: Ending, deathStatus: Int32, _ sandbox: Sandbox) -> Outcome {
        let arena = sandbox.arena
        let state = arena.load32(Header.runState)
        switch (ending, state) {
        case (.timedOut, _):
            return Outcome(status: ExitStatus.timeout, messages: ["the program was stopped after \(Self.seconds(options.timeoutNanoseconds ?? 0)) (--timeout)"])
        case (.outOfMemory, _): return Outcome(status: ExitStatus.signal + SIGKILL)
        case (.interrupted(let signal), _):
            return Outcome(status: ExitStatus.signal + signal, messages: ["interrupted while starting"])
        case (_, RunState.panicked):
            let length = min(Int(arena.load32(Header.panicLength)), Header.panicCapacity)
            let lines = Text.lines(arena.read(Header.panicText, length)).map(Self.withCallNames)
            return Outcome(status: ExitStatus.failure, messages: ["the sandbox's kernel stopped because of a defect"] + lines.map { "  " + $0 })
        case (_, RunState.refused):
            let length = min(Int(arena.load32(Header.panicLength)), Header.panicCapacity)
            let reason = Text.lines(arena.read(Header.panicText, length)).first ?? "the host refuses what the sandbox needs"
            let error = HostError(Int32(bitPattern: arena.load32(Header.execErrno) & 0xfff))
            // The user's own mistakes already say where to look.
            let hint = reason.contains("(see ") ? "" : " (see martlet doctor)"
            return Outcome(status: ExitStatus.failure, messages: ["\(reason): \(error.text)\(hint)"])
        case (_, RunState.exited):
            let error = arena.load32(Header.execErrno)
            if error != 0 { return Self.execFailure(options.command[0], error: Int32(bitPattern: error & 0xfff)) }
            return Outcome(status: Self.programStatus(arena.load32(Header.exitStatus)))
        case (_, RunState.booting):
            let length = min(Int(arena.load32(Header.panicLength)), Header.panicCapacity)
            let detail = Text.lines(arena.read(Header.panicText, length)).first.map { ": " + $0 } ?? ""
            return Outcome(status: ExitStatus.failure, messages: ["the kernel image did not start (\(Self.describe(deathStatus)))\(detail)"])
        default:
            return Outcome(status: ExitStatus.failure, messages: ["the sandbox ended unexpectedly (\(Self.describe(deathStatus)))"])
        }
    }

    /// A line of the report of a defect: the last calls by their names.
    static func withCallNames(_ line: String) -> String {
        let words = line.split(separator: " ")
        guard words.first == "calls" else { return line }
        return "last calls: " + words.dropFirst().map { UInt($0).map(TracedCall.name) ?? String($0) }.joined(separator: " ")
    }

    static func execFailure(_ program: String, error: Int32) -> Outcome {
        let notFound = error == ENOENT
        let reason = notFound && !program.utf8.contains(UInt8(ascii: "/")) ? "not found in PATH" : HostError(error).text
        return Outcome(
            status: notFound ? ExitStatus.notFound : ExitStatus.notExecutable,
            messages: ["cannot run \(Text.quoted(program)): \(reason)"])
    }

    /// The exit status that stands for a wait status.
    static func programStatus(_ status: UInt32) -> Int32 {
        let signal = Int32(status & 0x7f)
        return signal == 0 ? Int32((status >> 8) & 0xff) : ExitStatus.signal + signal
    }

    private static func describe(_ status: Int32) -> String {
        let signal = status & 0x7f
        guard signal != 0 else { return "exit status \((status >> 8) & 0xff)" }
        return "killed by signal \(signal), \(String(cString: strsignal(signal)))"
    }

    static func seconds(_ nanoseconds: UInt64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        var fraction = String(milliseconds % 1_000 + 1_000).dropFirst()
        while fraction.last == "0" { fraction = fraction.dropLast() }
        return "\(milliseconds / 1_000)\(fraction.isEmpty ? "" : ".")\(fraction) s"
    }

    /// A note when a layer of isolation is missing.
    static func missingLayers(_ layers: UInt32) -> String? {
        let missing = HostFacts.layerNames.filter { layers & $0.bit == 0 && $0.bit != Layers.addressesFixed }
        guard !missing.isEmpty else { return nil }
        let namespaces = Layers.pidNamespace | Layers.mountNamespace | Layers.networkNamespace
        let what = layers & namespaces == 0 ? "namespaces" : missing.map(\.name).joined(separator: ", ")
        return "note: running without \(what) on this host; the system call gate holds (see martlet doctor)"
    }

    // -- reports --

    private func unimplemented() -> [(call: Int, count: UInt32)] {
        guard let arena = sandbox?.arena else { return [] }
        return (0..<Statistics.unimplementedCount).compactMap {
            let count = arena.load32(Statistics.unimplemented + 4 * $0)
            return count == 0 ? nil : ($0, count)
        }
    }

    private func unimplementedLines() -> [String] {
        guard options.log >= .info else { return [] }
        return statisticsLines() + unimplemented().map {
            "system call \(TracedCall.name(UInt($0.call))) (\($0.call)) is not implemented; called \($0.count) time\($0.count == 1 ? "" : "s")"
        }
    }

    /// What is missing from the trace.
    private func traceLines() -> [String] {
        guard let arena = sandbox?.arena else { return [] }
        let lost = arena.load64(Statistics.traceDropped)
        var result = lost == 0 ? [] : ["\(lost) record\(lost == 1 ? "" : "s") of the trace were lost: it was not read fast enough"]
        if tracePump?.isFinished == true, tracePump?.isCorrupt == true { result.append("the sandbox has destroyed its trace") }
        return result
    }

    private func audit(_ outcome: Outcome) -> String {
        // Without a pump there was no run; one that is not done still uses its counts.
        let counts = tracePump?.isFinished == true ? tracePump?.audit : nil
        let lost = (sandbox?.arena.load64(Statistics.traceDropped) ?? 0) &+ (counts == nil || tracePump?.isCorrupt == true ? 1 : 0)
        return (counts ?? Audit()).report(command: options.command, status: outcome.status, lost: lost)
    }

    /// What the kernel's memory came to, and how calls entered it.
    private func statisticsLines() -> [String] {
        guard options.log >= .debug, let arena = sandbox?.arena else { return [] }
        return Self.statistics.map { "\($0.0): \(arena.load64($0.1))" }
    }

    private func report(_ outcome: Outcome) -> String {
        var json = JSONWriter()
        json.object {
            $0.field("status", Int64(outcome.status))
            $0.field("seconds", nanoseconds: chost_monotonic_ns() - startTime)
            $0.field("messages", outcome.messages)
            if let sandbox {
                $0.field("layers", HostFacts.layerNames.filter { sandbox.layers & $0.bit != 0 }.map(\.name))
                for (name, offset) in Self.statistics { $0.field(name, Int64(clamping: sandbox.arena.load64(offset))) }
            }
            $0.array("unimplemented") { list in
                for (call, count) in unimplemented() {
                    list.object {
                        $0.field("number", Int64(call))
                        $0.field("count", Int64(count))
                    }
                }
            }
        }
        return json.text
    }

    private static let statistics = [
        ("heapUsed", Statistics.heapUsed), ("heapReserved", Statistics.heapReserved),
        ("pagesUsed", Statistics.pagesUsed), ("calls", Statistics.calls), ("traps", Statistics.traps),
        ("patchedSites", Statistics.patchedSites), ("tasks", Statistics.tasks), ("execs", Statistics.execs),
    ]
}
