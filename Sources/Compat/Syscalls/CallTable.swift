import LinuxABI

/// The kernel's own table of system calls, with the conformance programs that make each.
public struct CallTable: Sendable {
    public struct Row: Codable, Sendable, Equatable {
        public var number: UInt
        public var name: String
        public var category: String
        public var state: String
        public var note: String
        /// `area/name` of conformance programs.
        public var tests: [String]
    }

    public var rows: [Row]

    /// - Parameter coverage: nil if the programs are not here.
    public init(coverage: ConformanceCoverage?) {
        rows = Self.calls.map { call in
            let name = "\(call.name)", support = call.support
            return Row(
                number: call.rawValue, name: name, category: "\(call.category.name)", state: "\(support.state.name)", note: "\(support.note)",
                tests: coverage?.programs[name] ?? [])
        }
    }

    public static let calls: [Syscall] = (0..<1024).compactMap { Syscall(rawValue: $0) }
    public static let states = SyscallState.allCases.map { "\($0.name)" }
    public static let categories = SyscallCategory.allCases.map { "\($0.name)" }

    /// The states of calls by name.
    public static let byName: [String: SyscallSupport] = Dictionary(uniqueKeysWithValues: calls.map { ("\($0.name)", $0.support) })

    /// Keeps the rows of the given states and categories; an empty list keeps all. A category may be given in part (`sock`).
    /// - Throws: ``CompatFailure`` for one that does not exist.
    public func filtered(states: [String], categories: [String]) throws -> CallTable {
        for state in states where !Self.states.contains(state) {
            throw CompatFailure("there is no state '\(state)' (\(Self.states.joined(separator: ", ")))")
        }
        var wanted: Set<String> = []
        for category in categories {
            let found = Self.categories.filter { $0.lowercased() == category.lowercased() }
            let matching = found.isEmpty ? Self.categories.filter { $0.lowercased().hasPrefix(category.lowercased()) } : found
            if matching.isEmpty { throw CompatFailure("there is no category '\(category)' (\(Self.categories.joined(separator: ", ")))") }
            wanted.formUnion(matching)
        }
        var result = self
        result.rows = rows.filter { (states.isEmpty || states.contains($0.state)) && (categories.isEmpty || wanted.contains($0.category)) }
        return result
    }

    /// How many calls are in each state, in the order of ``states``.
    public var counts: [(state: String, count: Int)] {
        Self.states.map { state in (state, rows.count { $0.state == state }) }
    }

    public var summary: String {
        let numbers = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.state)" }.joined(separator: ", ")
        return "\(Formatting.count(rows.count, "call")): \(numbers.isEmpty ? "none" : numbers)"
    }

    /// - Parameter longest: How many test names are written out; the others are counted.
    public func table(longest: Int = .max) -> TextTable {
        TextTable(
            [.init("Nr", isNumber: true), .init("Name"), .init("Category"), .init("State"), .init("Tests", isNumber: longest == 0), .init("Notes")],
            rows: rows.map { row in
                [String(row.number), row.name, row.category, row.state, Self.list(row.tests, longest: longest), row.note]
            })
    }

    /// The table with the tests of each call below its line, at most `width` columns wide.
    public func textWithTests(width: Int = 100) -> String {
        let indent = "       "
        let lines = table(longest: 0).text().split(separator: "\n", omittingEmptySubsequences: false)
        var result: [String] = lines.prefix(1).map(String.init)
        for (line, row) in zip(lines.dropFirst(), rows) {
            result.append(String(line))
            var current = indent
            for test in row.tests {
                if current.count > indent.count, current.count + 1 + test.count > width {
                    result.append(current)
                    current = indent
                }
                current += current == indent ? test : " " + test
            }
            if current != indent { result.append(current) }
        }
        return result.joined(separator: "\n")
    }

    private static func list(_ tests: [String], longest: Int) -> String {
        if longest == 0 { return tests.isEmpty ? "-" : String(tests.count) }
        if tests.count <= longest { return tests.joined(separator: " ") }
        return tests.prefix(longest).joined(separator: " ") + " +\(tests.count - longest)"
    }
}
