import CHost
import Glibc
import HostBase

/// The files that a run writes besides the program's output.
///
/// They are opened before the sandbox starts: a guest that may write to the directory in which one lies could put a symbolic link in its
/// place, and have the monitor write, with the caller's rights, where it leads.
final class ResultFiles {
    private let report: Int32?
    private let audit: Int32?
    /// Where lines of the trace and the log are appended; nil: standard error.
    let trace: Int32?

    /// Opens those that are asked for, with the caller's umask; what they hold stays until the end.
    /// - Throws: ``RunFailure`` when one cannot be opened.
    init(_ options: RunOptions) throws {
        report = try Self.open(options.reportFile, "report", O_WRONLY | O_CREAT, 0o644)
        audit = try Self.open(options.auditFile, "audit", O_WRONLY | O_CREAT, 0o644)
        // Opened, as ever, only when something may be written to it.
        trace = options.tracesCalls || options.log != .none ? try Self.open(options.traceFile, "trace", O_WRONLY | O_CREAT | O_APPEND, 0o600) : nil
    }

    deinit {
        for descriptor in [report, audit, trace] { if let descriptor { close(descriptor) } }
    }

    private static func open(_ path: String?, _ what: String, _ flags: Int32, _ mode: mode_t) throws -> Int32? {
        guard let path else { return nil }
        do throws(HostError) {
            return try HostError.check(chost_open(AT_FDCWD, HostText.path(path), flags | O_NOCTTY, mode))
        } catch {
            throw RunFailure("cannot write the \(what) \(path): \(error.text)")
        }
    }

    /// - Returns: why the file does not take it.
    func write(report text: @autoclosure () -> String) -> HostError? { Self.replace(report, text) }

    /// - Returns: why the file does not take it.
    func write(audit text: @autoclosure () -> String) -> HostError? { Self.replace(audit, text) }

    private static func replace(_ descriptor: Int32?, _ text: () -> String) -> HostError? {
        guard let descriptor else { return nil }
        // What is no regular file has no length.
        if ftruncate(descriptor, 0) < 0, errno != EINVAL { return .last }
        // Some file systems tell only at a close that there was no room.
        return writeAll(descriptor, text() + "\n") && close(dup(descriptor)) == 0 ? nil : .last
    }
}
