import TraceDecoder

/// The options of `martlet run` as they were written.
///
/// There are two ways from a command line to here. The argument parser library knows everything about help, completion and
/// messages, and takes a good millisecond for it, by reflection, at each start. ``init(quickly:)`` understands command lines
/// without mistakes, and leaves all others to it.
public struct RunArguments: Equatable, Sendable {
    public var root = "/"
    public var mounts: [String] = []
    public var workdir: String?
    public var environment: [String] = []
    public var environmentFiles: [String] = []
    public var inheritEnv = false
    public var user: String?
    public var hostname = "martlet"
    public var tty: Bool?
    public var timeout: String?
    public var memory: String?
    public var pids: UInt32?
    public var strace = false
    public var straceFilter: String?
    public var log = LogVerbosity.warning
    public var traceFile: String?
    public var report: String?
    public var audit: String?
    /// Program and arguments, maybe after `--`.
    public var command: [String] = []

    public init() {}

    /// Reads a command line.
    /// - Parameter words: what follows `run`.
    /// - Returns: nil if there is anything in it that is not plainly right, for the argument parser to deal with.
    public init?(quickly words: some Collection<String>) {
        var seen: [String] = []
        var rest = words[...]
        while let word = rest.first {
            guard word.utf8.first == UInt8(ascii: "-"), word != "--" else { break }
            rest.removeFirst()
            var name = word
            var value: String?
            if let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")) {
                name = String(word[..<equals])
                value = String(word[word.utf8.index(after: equals)...])
            }
            if value == nil, setFlag(name) {
                guard !seen.contains(name) else { return nil }
                seen.append(name)
                continue
            }
            if value == nil {
                // A value that looks like an option is a mistake to the argument parser.
                guard let next = rest.first, next.utf8.first != UInt8(ascii: "-") else { return nil }
                value = next
                rest.removeFirst()
            }
            guard let value, setValue(name, value) else { return nil }
            let isRepeatable = name == "--mount" || name == "--env" || name == "--env-file"
            guard isRepeatable || !seen.contains(name) else { return nil }
            seen.append(name)
        }
        guard !rest.isEmpty, !(seen.contains("--tty") && seen.contains("--no-tty")) else { return nil }
        command = Array(rest)
    }

    private mutating func setFlag(_ name: String) -> Bool {
        switch name {
        case "--inherit-env": inheritEnv = true
        case "--tty": tty = true
        case "--no-tty": tty = false
        case "--strace": strace = true
        default: return false
        }
        return true
    }

    private mutating func setValue(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--root": root = value
        case "--mount": mounts.append(value)
        case "--workdir": workdir = value
        case "--env": environment.append(value)
        case "--env-file": environmentFiles.append(value)
        case "--user": user = value
        case "--hostname": hostname = value
        case "--timeout": timeout = value
        case "--memory": memory = value
        case "--pids":
            guard let number = UInt32(value) else { return false }
            pids = number
        case "--log":
            guard let level = LogVerbosity(rawValue: value) else { return false }
            log = level
        case "--trace-file": traceFile = value
        case "--strace-filter": straceFilter = value
        case "--report": report = value
        case "--audit": audit = value
        default: return false
        }
        return true
    }

    /// What is to be done.
    /// - Throws: ``UsageError``.
    public func options() throws -> RunOptions {
        var program = command
        if program.first == "--" {
            program.removeFirst()
        } else if let option = program.first, option.hasPrefix("-") {
            throw UsageError("unknown option '\(option)'; see martlet run --help")
        }
        guard let name = program.first else { throw UsageError("no program to run; see martlet run --help") }
        guard !name.isEmpty else { throw UsageError("the program's name is empty") }
        var options = RunOptions(command: program)
        options.root = root
        options.mounts = try mounts.map(MountOption.init(parsing:))
        options.workingDirectory = workdir
        options.environment = environment
        options.environmentFiles = environmentFiles
        options.inheritsEnvironment = inheritEnv
        options.user = user
        options.hostname = hostname
        options.terminal = tty
        options.timeoutNanoseconds = try timeout.map {
            guard let duration = Quantities.duration($0), duration > 0 else {
                throw UsageError("--timeout: '\($0)' is not a duration like 30, 500ms or 2m")
            }
            return duration
        }
        options.memoryBytes = try memory.map {
            guard let size = Quantities.size($0), size > 0 else { throw UsageError("--memory: '\($0)' is not a size like 512M or 2G") }
            return size
        }
        if pids == 0 { throw UsageError("--pids must be at least 1") }
        options.tasks = pids
        options.strace = strace || straceFilter != nil
        if let straceFilter {
            do throws(CallSet.Unknown) {
                options.straceFilter = try CallSet(parsing: straceFilter)
            } catch {
                throw UsageError("--strace-filter: there is no call or class '\(error.word)'")
            }
        }
        options.log = log
        options.traceFile = traceFile
        options.reportFile = report
        options.auditFile = audit
        return options
    }
}
