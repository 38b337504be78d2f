import Foundation
import GRDB

/// The runs of the past, in an SQLite database.
///
/// Several commands may use it at once: it is in write-ahead mode, and who writes waits up to half a minute for the others. Every
/// part of a run is one transaction, so that a run that is killed leaves all that it knew.
public struct History: Sendable {
    public let path: String
    let database: any DatabaseWriter

    /// How long a writer waits for another.
    private static let patience: TimeInterval = 30

    /// - Parameter creates: Whether a database that is not there is made, with its directory.
    /// - Throws: ``CompatFailure`` if it cannot be opened, is no history, or is of a newer version.
    public init(path: String, creates: Bool = true) throws {
        self.path = path
        let exists = FileManager.default.fileExists(atPath: path)
        guard exists || creates else { throw CompatFailure("there is no history \(path) yet: martlet compat run makes one") }
        do {
            if !exists { try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true) }
            var configuration = Configuration()
            configuration.busyMode = .timeout(Self.patience)
            configuration.journalMode = .wal
            configuration.foreignKeysEnabled = true
            configuration.label = "history"
            database = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw Self.failure(path, error)
        }
        do {
            let migrator = Schema.migrator
            if try database.read({ try migrator.hasBeenSuperseded($0) }) {
                throw CompatFailure("\(path) was written by a newer version of Martlet; use that one, or another file with --db")
            }
            if try database.read({ try migrator.hasCompletedMigrations($0) }) == false { try migrator.migrate(database) }
        } catch {
            throw Self.failure(path, error)
        }
    }

    /// Where it is when the user does not say: `$XDG_STATE_HOME/martlet/compat.sqlite`.
    public static func defaultPath(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? NSHomeDirectory()
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home + "/.local/state"
        return state + "/martlet/compat.sqlite"
    }

    static func failure(_ path: String, _ error: any Error) -> CompatFailure {
        if let failure = error as? CompatFailure { return failure }
        guard let error = error as? DatabaseError else { return CompatFailure("\(path): \(error.localizedDescription)") }
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: return CompatFailure("\(path) is not a history of Martlet's, or is damaged: \(error.message ?? "")")
        case .SQLITE_FULL: return CompatFailure("cannot write \(path): the disk is full")
        case .SQLITE_BUSY: return CompatFailure("\(path) is in use by somebody else who does not let go of it")
        case .SQLITE_IOERR: return CompatFailure("cannot read or write \(path): \(error.message ?? "disk I/O error") (is the disk full?)")
        case .SQLITE_CANTOPEN: return CompatFailure("cannot open \(path)")
        default: return CompatFailure("\(path): \(error.message ?? "\(error.resultCode)")")
        }
    }

    // --- writing ---

    /// - Returns: The run's number.
    func begin(_ facts: RunFacts) throws -> Int64 {
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO run (started, state, suite, mode, runner, user, version, build, hostKernel, hasBaseline, jobs, programs, process)
                    VALUES (?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    facts.started, facts.suite, facts.mode, facts.runner, facts.user, facts.version, facts.build, facts.hostKernel, facts.hasBaseline,
                    facts.jobs, facts.programs, ProcessMark.own,
                ])
            return db.lastInsertedRowID
        }
    }

    /// Adds what is known of a program. Parts of one program come one after the other.
    func add(_ parts: [ProgramRecord], to run: Int64) throws {
        try database.write { db in
            for part in parts {
                try db.execute(
                    sql: """
                        INSERT INTO program (run, name, mode, nanoseconds, nativeNanoseconds, note) VALUES (?, ?, ?, ?, ?, ?)
                        ON CONFLICT (run, name) DO UPDATE SET nanoseconds = nanoseconds + excluded.nanoseconds,
                            nativeNanoseconds = nativeNanoseconds + excluded.nativeNanoseconds, note = note || excluded.note
                        """,
                    arguments: [run, part.name, part.mode.rawValue, part.nanoseconds, part.nativeNanoseconds, part.note])
                guard let program = try Int64.fetchOne(db, sql: "SELECT id FROM program WHERE run = ? AND name = ?", arguments: [run, part.name]) else { continue }
                let insert = try db.cachedStatement(sql: """
                    INSERT OR REPLACE INTO result (program, name, verdict, nanoseconds, message, nativeVerdict, nativeNanoseconds, nativeMessage)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """)
                for one in part.cases {
                    try insert.execute(arguments: [
                        program, one.name, one.verdict.rawValue, one.nanoseconds, one.message, one.nativeVerdict?.rawValue, one.nativeNanoseconds,
                        one.nativeMessage,
                    ])
                }
            }
        }
    }

    func end(_ run: Int64, state: RunState, at date: Date) throws {
        try database.write { db in
            try db.execute(sql: "UPDATE run SET state = ?, ended = ? WHERE id = ?", arguments: [state.rawValue, date, run])
        }
    }

    /// Removes runs. - Returns: How many there were.
    public func remove(_ runs: [Int64]) throws -> Int {
        do {
            return try database.write { db in
                var count = 0
                for run in runs {
                    try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [run])
                    count += db.changesCount
                }
                return count
            }
        } catch {
            throw Self.failure(path, error)
        }
    }
}

/// How far a run came.
public enum RunState: String, Codable, Sendable {
    case running
    case complete
    /// By the user; what it has is good.
    case interrupted
    /// It says `running`, but its process is gone.
    case lost
}

/// Names a process so that another of the same number is not taken for it.
enum ProcessMark {
    static let own = mark(getpid()) ?? ""

    /// Host, number and start time; nil if there is no such process.
    static func mark(_ process: pid_t) -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
        // The name may hold blanks and parentheses; field 22, the start time, is the 20th behind it.
        let fields = String(decoding: data, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 19 ? "\(ProcessInfo.processInfo.hostName) \(process) \(fields[19])" : nil
    }

    static func isAlive(_ mark: String) -> Bool {
        let parts = mark.split(separator: " ")
        guard parts.count == 3, let process = pid_t(parts[1]) else { return false }
        // Of another machine nothing can be said: believe it.
        if parts[0] != ProcessInfo.processInfo.hostName { return true }
        return Self.mark(process) == mark
    }
}
