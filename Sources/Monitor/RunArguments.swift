import TraceDecoder

/// The options of `martlet run` as they were written.
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
