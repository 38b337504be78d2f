import ChildProcesses

/// Runs one of the commands of a benchmark.
enum Command {
    /// - Parameters:
    ///   - command: The first is an absolute path.
    ///   - environment: `NAME=value` strings; nothing else is passed on.
    ///   - seconds: When it is killed.
    /// - Throws: ``BenchFailure`` if it could not be started, took too long, or the user interrupted.
    static func run(_ command: [String], environment: [String], seconds: Int, interruption: Interruption? = nil) throws(BenchFailure) -> ChildProcess.Result {
        let result: ChildProcess.Result
        do throws(ChildProcess.Failure) {
            result = try ChildProcess(command, environment: environment, limitNanoseconds: UInt64(seconds) * 1_000_000_000)
                .run(interruption: interruption)
        } catch {
            throw BenchFailure(error.description)
        }
        switch result.ending {
        case .timedOut: throw BenchFailure("took too long")
        case .interrupted: throw .interrupted
        default: return result
        }
    }
}

extension BenchFailure {
    static let interrupted = BenchFailure("interrupted")
}
