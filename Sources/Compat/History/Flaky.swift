import GRDB

/// A case whose verdict changes although nothing else did.
public struct FlakyCase: Codable, Sendable, Equatable {
    public var program: String
    public var name: String
    public var build: String
    /// How often each verdict was seen, by its name.
    public var verdicts: [String: Int]
    public var runs: Int
}

extension History {
    /// Cases with different verdicts in runs of the same build, suite, runner and user. On the host's side they may be steady or
    /// not: that is told by the verdicts there, `native pass` and so on.
    /// - Parameter latest: How many runs are looked at.
    public func flaky(latest: Int, suite: String? = nil) throws -> [FlakyCase] {
        try reading { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    WITH recent AS (
                        SELECT id, build, suite || char(0) || runner || char(0) || user AS kind FROM run
                        WHERE ?2 IS NULL OR suite = ?2 ORDER BY id DESC LIMIT ?1
                    )
                    SELECT program.name AS program, result.name AS name, build, kind, verdict, nativeVerdict, count(*) AS number
                    FROM result JOIN program ON program.id = result.program JOIN recent ON recent.id = program.run
                    WHERE (program.name, result.name, build, kind) IN (
                        SELECT program.name, result.name, build, kind
                        FROM result JOIN program ON program.id = result.program JOIN recent ON recent.id = program.run
                        GROUP BY program.name, result.name, build, kind
                        HAVING count(DISTINCT verdict) > 1 OR count(DISTINCT nativeVerdict) > 1
                    )
                    GROUP BY program.name, result.name, build, kind, verdict, nativeVerdict
                    ORDER BY program.name, result.name, build, kind
                    """, arguments: [latest, suite])
            var found: [FlakyCase] = []
            var last = ""
            for row in rows {
                let key: String = [row["program"], row["name"], row["build"], row["kind"]].joined(separator: "\u{0}")
                if key != last { found.append(FlakyCase(program: row["program"], name: row["name"], build: row["build"], verdicts: [:], runs: 0)) }
                last = key
                let number: Int = row["number"], verdict: String = row["verdict"]
                found[found.count - 1].verdicts[verdict, default: 0] += number
                if let native = row["nativeVerdict"] as String? { found[found.count - 1].verdicts["native \(native)", default: 0] += number }
                found[found.count - 1].runs += number
            }
            return found
        }
    }
}
