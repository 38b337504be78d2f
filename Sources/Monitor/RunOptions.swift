import TraceDecoder

/// What `martlet run` was asked to do, before anything is looked up.
public struct RunOptions: Sendable {
    /// Program and its arguments; not empty.
    public var command: [String]
    /// Host directory that is the guest's root.
    public var root = "/"
    public var mounts: [MountOption] = []
    public var workingDirectory: String?
    public var environment: [String] = []
    public var environmentFiles: [String] = []
    public var inheritsEnvironment = false
    public var user: String?
    public var hostname: String?
    /// nil: a terminal if standard input and output are one.
    public var terminal: Bool?
    public var timeoutNanoseconds: UInt64?
    public var memoryBytes: UInt64?
    public var tasks: UInt32?
    public var strace = false
    /// The calls that ``strace`` shows.
    public var straceFilter = CallSet.all
    public var log = LogVerbosity.warning
    /// Where trace and log lines go; nil: standard error.
    public var traceFile: String?
    /// Where to write a report about the run as JSON.
    public var reportFile: String?
    /// Where to write what system calls were made, as JSON.
    public var auditFile: String?

    /// Whether the kernel is to tell of system calls.
    var tracesCalls: Bool { strace || auditFile != nil }
    /// Whether there may be many lines on standard error while the program runs.
    var writesErrorsDuringRun: Bool { traceFile == nil && (strace || log >= .info) }

    public init(command: [String]) { self.command = command }
}

public enum LogVerbosity: String, CaseIterable, Sendable, Comparable {
    case none, error, warning, info, debug, trace

    /// The protocol's number.
    var level: UInt32 { UInt32(Self.allCases.firstIndex(of: self) ?? 0) }

    public static func < (a: LogVerbosity, b: LogVerbosity) -> Bool { a.level < b.level }
}

/// Why the run could not be made, or ended by Martlet itself: a status and one line.
public struct RunFailure: Error, Equatable {
    public var status: Int32
    public var message: String

    public init(_ message: String, status: Int32 = ExitStatus.failure) {
        self.message = message
        self.status = status
    }
}

/// Exit statuses of `martlet run` that are not the program's own.
public enum ExitStatus {
    public static let timeout: Int32 = 124
    public static let failure: Int32 = 125
    public static let notExecutable: Int32 = 126
    public static let notFound: Int32 = 127
    /// Plus the number of the signal that ended the program.
    public static let signal: Int32 = 128
}
