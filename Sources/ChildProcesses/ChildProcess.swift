import CHost
import Glibc

/// Runs a command, hands on what it writes, and ends it (with everything it started) when it takes too long or when the user
/// interrupts. It waits on descriptors only: nothing is polled, and several threads may each run one. A command does not outlive
/// its starter: when that is killed, the command is too (what the command itself has started is not).
public struct ChildProcess: Sendable {
    /// The first is an absolute path.
    public var command: [String]
    /// `NAME=value` strings; nothing else is passed on.
    public var environment: [String]
    /// Where it starts; nil for the caller's directory.
    public var directory: String?
    /// When it is ended, counted from its start.
    public var limitNanoseconds: UInt64
    /// When it is ended because it wrote nothing for so long; 0 for never.
    public var silenceNanoseconds: UInt64 = 0
    /// How long it has between SIGTERM and SIGKILL when it is ended; 0 for SIGKILL at once.
    public var graceNanoseconds: UInt64 = 0
    /// Standard error goes where standard output goes, so that their order is kept.
    public var mergesErrors = false
    /// What is kept of each of its two outputs at most; the rest is read and dropped.
    public var outputLimit = 1 << 20

    public enum Ending: Sendable, Equatable {
        case exited(Int32)
        case signaled(Int32)
        case timedOut
        case interrupted
    }

    public struct Result: Sendable {
        public var ending: Ending
        public var output: [UInt8] = []
        public var errors: [UInt8] = []
        /// From just before its start until it was collected.
        public var nanoseconds: UInt64 = 0

        public var succeeded: Bool { ending == .exited(0) }
    }

    public struct Failure: Error, Equatable, CustomStringConvertible, Sendable {
        public let description: String
        init(_ what: String, _ code: Int32) { description = "\(what): \(String(cString: strerror(code)))" }
    }

    public init(_ command: [String], environment: [String], limitNanoseconds: UInt64) {
        self.command = command
        self.environment = environment
        self.limitNanoseconds = limitNanoseconds
    }

    /// CLOCK_MONOTONIC.
    public static func now() -> UInt64 { chost_monotonic_ns() }

    /// Runs it and waits for its end. When the command itself has ended, what is left of its process group is killed.
    /// - Parameter onOutput: Gets standard output as it comes, all of it, also what is beyond the limit.
    /// - Throws: ``Failure`` if it could not be started.
    public func run(interruption: Interruption? = nil, onOutput: (ArraySlice<UInt8>) -> Void = { _ in }) throws(Failure) -> Result {
        var output = try Pipe(), errors = try Pipe()
        let start = Self.now()
        let process = try spawn(output, errors)
        output.closeWriting()
        errors.closeWriting()
        var result = Result(ending: .exited(0))
        let handle = chost_pidfd_open(process)
        defer { if handle >= 0 { close(handle) } }
        let ended = collect(process, handle, output, errors, &result, interruption, start: start, onOutput)
        // The leader is not waited for yet, so its number still names this group.
        kill(-process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        result.nanoseconds = Self.now() - start
        result.ending = ended ?? (status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signaled(status & 0x7f))
        return result
    }

    private func spawn(_ output: borrowing Pipe, _ errors: borrowing Pipe) throws(Failure) -> pid_t {
        guard let program = command.first else { throw Failure("there is no command", EINVAL) }
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        let place = directory.map { strdup($0) } ?? nil
        defer { for string in arguments + variables + [place] { free(string) } }
        let process = arguments.withUnsafeMutableBufferPointer { arguments in
            variables.withUnsafeMutableBufferPointer { variables in
                var start = chost_command(
                    arguments: arguments.baseAddress, variables: variables.baseAddress, directory: place, output: output.writing,
                    errors: mergesErrors ? output.writing : errors.writing)
                return chost_start_command(&start)
            }
        }
        guard process > 0 else { throw Failure("cannot start \(program)", -process) }
        return process
    }

    /// Reads until the process has ended and its pipes are empty.
    /// - Returns: Why it must be ended before that.
    private func collect(
        _ process: pid_t, _ handle: Int32, _ output: borrowing Pipe, _ errors: borrowing Pipe, _ result: inout Result,
        _ interruption: Interruption?, start: UInt64, _ onOutput: (ArraySlice<UInt8>) -> Void
    ) -> Ending? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        var ended: Ending?
        var deadline = start.addingReportingOverflow(limitNanoseconds).overflow ? UInt64.max : start + limitNanoseconds
        var silence = silenceNanoseconds == 0 ? UInt64.max : start + silenceNanoseconds
        var outputIsOpen = true, errorsAreOpen = true
        while true {
            let now = Self.now()
            if now >= min(deadline, silence) {
                if ended != nil || graceNanoseconds == 0 { return ended ?? .timedOut }
                ended = .timedOut
                kill(-process, SIGTERM)
                deadline = now + graceNanoseconds
                silence = .max
            }
            let left = (min(deadline, silence) - now) / 1_000_000 + 1
            var polls = [
                pollfd(fd: handle, events: Int16(POLLIN), revents: 0),
                pollfd(fd: outputIsOpen ? output.reading : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: errorsAreOpen ? errors.reading : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: ended == nil ? interruption?.descriptor ?? -1 : -1, events: Int16(POLLIN), revents: 0),
            ]
            // Without pidfd_open(2), before Linux 5.3, the end of the pipes is the end of the process.
            if handle < 0 && !outputIsOpen && !errorsAreOpen { return ended }
            guard poll(&polls, 4, Int32(clamping: left)) > 0 else { continue }
            if silence != .max, polls[1].revents != 0 || polls[2].revents != 0 { silence = Self.now() + silenceNanoseconds }
            if polls[1].revents != 0 { outputIsOpen = drain(output.reading, &buffer, &result.output, onOutput) }
            if polls[2].revents != 0 { errorsAreOpen = drain(errors.reading, &buffer, &result.errors) { _ in } }
            if polls[0].revents != 0 {
                // What it wrote before its end is in the pipes now.
                if outputIsOpen { _ = drain(output.reading, &buffer, &result.output, times: 20, onOutput) }
                if errorsAreOpen { _ = drain(errors.reading, &buffer, &result.errors, times: 20) { _ in } }
                return ended
            }
            if polls[3].revents != 0 {
                if graceNanoseconds == 0 { return .interrupted }
                ended = .interrupted
                kill(-process, SIGTERM)
                deadline = Self.now() + graceNanoseconds
                silence = .max
            }
        }
    }

    /// Takes what is in the pipe, up to so many times the buffer: one who writes faster than we read must not keep us from looking
    /// at the clock. - Returns: Whether there may come more.
    private func drain(
        _ descriptor: Int32, _ buffer: inout [UInt8], _ kept: inout [UInt8], times: Int = 1, _ tell: (ArraySlice<UInt8>) -> Void
    ) -> Bool {
        for _ in 0..<times {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            if count == 0 { return false }
            kept += buffer[..<min(count, max(0, outputLimit - kept.count))]
            tell(buffer[..<count])
        }
        return true
    }
}

/// A pipe whose reading end does not wait.
private struct Pipe: ~Copyable {
    let reading: Int32
    private(set) var writing: Int32

    init() throws(ChildProcess.Failure) {
        var ends: [Int32] = [-1, -1]
        let made = chost_pipe(&ends)
        guard made == 0 else { throw ChildProcess.Failure("cannot make a pipe", -made) }
        reading = ends[0]
        writing = ends[1]
        _ = fcntl(reading, F_SETFL, O_NONBLOCK)
    }

    mutating func closeWriting() {
        close(writing)
        writing = -1
    }

    deinit {
        close(reading)
        if writing >= 0 { close(writing) }
    }
}
