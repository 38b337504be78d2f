import Foundation
import GRDB

/// A run as the history knows it.
public struct RunRecord: Codable, Sendable, Equatable {
    public var id: Int64
    public var ended: Date?
    public var state: RunState
    public var facts: RunFacts
    /// How many cases stand how.
    public var standings: [String: Int]

    public func count(_ standing: Standing) -> Int { standings[standing.rawValue] ?? 0 }
    public var cases: Int { standings.values.reduce(0, +) }
    /// Those that fail here and should not, as far as is known.
    public var failures: Int { count(.failsHereOnly) + count(.fails) }

    public init(id: Int64, ended: Date?, state: RunState, facts: RunFacts, standings: [String: Int]) {
        self.id = id
        self.ended = ended
        self.state = state
        self.facts = facts
        self.standings = standings
    }
}

extension History {
    /// Runs, newest first.
    public func runs(limit: Int = .max) throws -> [RunRecord] {
        try reading { db in
            try Row.fetchAll(db, sql: "SELECT * FROM run ORDER BY id DESC LIMIT ?", arguments: [limit]).map { try Self.record($0, db) }
        }
    }

    /// The run that a user names: its number, `latest`, or `latest~N` for the N-th before it. Only complete runs are counted
    /// that way, unless there is none.
    /// - Parameter suite: Counts only runs of this suite.
    public func run(named name: String, suite: String? = nil) throws -> RunRecord {
        if let id = Int64(name) {
            let found = try reading { db in
                try Row.fetchOne(db, sql: "SELECT * FROM run WHERE id = ?", arguments: [id]).map { try Self.record($0, db) }
            }
            guard let found else { throw CompatFailure("there is no run \(id) in \(path)") }
            return found
        }
        let parts = name.split(separator: "~", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0] == "latest", let back = parts.count == 1 ? 0 : Int(parts[1]), back >= 0 else {
            throw CompatFailure("'\(name)' is not a run: give a number (see martlet compat runs), latest or latest~1")
        }
        let found = try reading { db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM run WHERE state = 'complete' AND (? IS NULL OR suite = ?) ORDER BY id DESC LIMIT 1 OFFSET ?",
                arguments: [suite, suite, back]
            ).map { try Self.record($0, db) }
        }
        guard let found else { throw CompatFailure("\(path) holds no complete run that far back (\(name))") }
        return found
    }

    /// The programs of a run with their cases, by name.
    public func programs(of run: Int64) throws -> [ProgramRecord] {
        try reading { db in
            var cases: [Int64: [CaseRecord]] = [:]
            let results = try Row.fetchCursor(
                db, sql: "SELECT result.* FROM result JOIN program ON program.id = result.program WHERE run = ? ORDER BY result.rowid", arguments: [run])
            while let row = try results.next() {
                var one = CaseRecord(CaseResult(row["name"], Verdict(rawValue: row["verdict"]) ?? .fail, nanoseconds: row["nanoseconds"], message: row["message"]))
                one.nativeVerdict = (row["nativeVerdict"] as String?).flatMap(Verdict.init)
                one.nativeNanoseconds = row["nativeNanoseconds"]
                one.nativeMessage = row["nativeMessage"]
                cases[row["program"], default: []].append(one)
            }
            return try Row.fetchAll(db, sql: "SELECT * FROM program WHERE run = ? ORDER BY name", arguments: [run]).map { row in
                ProgramRecord(
                    name: row["name"], mode: SuiteMode(rawValue: row["mode"]) ?? .exit, nanoseconds: row["nanoseconds"],
                    nativeNanoseconds: row["nativeNanoseconds"], note: row["note"], cases: cases[row["id"]] ?? [])
            }
        }
    }

    /// How long each program took in the last complete run of a suite by this runner, to tell how long a new one will take.
    func durations(suite: String, runner: String) throws -> [String: Int64] {
        try reading { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT name, nanoseconds + COALESCE(nativeNanoseconds, 0) AS total FROM program WHERE run =
                        (SELECT max(id) FROM run WHERE suite = ? AND runner = ? AND state = 'complete')
                    """, arguments: [suite, runner])
            return Dictionary(rows.map { ($0["name"], $0["total"]) }, uniquingKeysWith: { first, _ in first })
        }
    }

    func reading<T>(_ body: (Database) throws -> T) throws -> T {
        do { return try database.read(body) } catch { throw Self.failure(path, error) }
    }

    private static func record(_ row: Row, _ db: Database) throws -> RunRecord {
        let id: Int64 = row["id"]
        var state = RunState(rawValue: row["state"]) ?? .lost
        if state == .running, !ProcessMark.isAlive(row["process"]) { state = .lost }
        var standings: [String: Int] = [:]
        let counts = try Row.fetchAll(
            db,
            sql: """
                SELECT verdict, nativeVerdict, count(*) AS number FROM result JOIN program ON program.id = result.program
                WHERE run = ? GROUP BY verdict, nativeVerdict
                """, arguments: [id])
        for count in counts {
            let standing = Standing(Verdict(rawValue: count["verdict"]) ?? .fail, native: (count["nativeVerdict"] as String?).flatMap(Verdict.init))
            standings[standing.rawValue, default: 0] += count["number"]
        }
        return RunRecord(
            id: id, ended: row["ended"], state: state,
            facts: RunFacts(
                started: row["started"], suite: row["suite"], mode: row["mode"], runner: row["runner"], user: row["user"], version: row["version"],
                build: row["build"], hostKernel: row["hostKernel"], hasBaseline: row["hasBaseline"], jobs: row["jobs"], programs: row["programs"]),
            standings: standings)
    }
}

extension History {
    /// How long programs will take, as far as the last run of the same kind tells; empty if it does not.
    public func expectedDurations(for facts: RunFacts) -> [String: Int64] { (try? durations(suite: facts.suite, runner: facts.runner)) ?? [:] }
}
