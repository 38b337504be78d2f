import Foundation
import Yams

/// What is known of a suite's test files beforehand: subject, calls, importance, and what is by design out of reach.
public struct Catalog: Sendable {
    public enum Priority: String, Codable, CaseIterable, Comparable, Sendable {
        case critical, high, medium, low

        public static func < (a: Priority, b: Priority) -> Bool { a.rank < b.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    public struct Entry: Sendable, Codable, Equatable {
        public var name: String
        public var area: String
        public var calls: [String]
        public var priority: Priority
        /// Why it is out of reach.
        public var out: String?
        public var isHelper: Bool
        public var program: String?
    }

    public let suite: String
    /// By name.
    public let entries: [Entry]
    private let byProgram: [String: Int]

    private struct File: Decodable {
        struct Entry: Decodable {
            var area: String
            var calls: [String]
            var priority: Priority
            var out: String?
            var helper: Bool?
            var program: String?
        }
        var suite: String
        var files: [String: Entry]
    }

    /// - Throws: ``CompatFailure`` for what is not a catalogue.
    public init(yaml: String) throws {
        let file: File
        do {
            file = try YAMLDecoder().decode(File.self, from: yaml)
        } catch {
            throw CompatFailure("the catalogue cannot be read: \(error)")
        }
        suite = file.suite
        entries = file.files.sorted { $0.key < $1.key }.map { name, entry in
            Entry(
                name: name, area: entry.area, calls: entry.calls, priority: entry.priority, out: entry.out, isHelper: entry.helper ?? false,
                program: entry.program)
        }
        var byProgram: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            for name in [entry.program, entry.name, entry.name + "_test"].compactMap({ $0 }) where byProgram[name] == nil { byProgram[name] = index }
        }
        self.byProgram = byProgram
        for entry in entries {
            guard CallTable.categories.contains(entry.area) else { throw CompatFailure("the catalogue: \(entry.name): there is no area '\(entry.area)'") }
            for call in entry.calls where CallTable.byName[call] == nil { throw CompatFailure("the catalogue: \(entry.name): there is no system call '\(call)'") }
        }
    }

    /// The catalogue of a name, `gvisor`, or in a file.
    public static func named(_ name: String) throws -> Catalog {
        if name == "gvisor" { return try Catalog(yaml: String(decoding: PackageResources.gvisor_yaml, as: UTF8.self)) }
        guard let data = FileManager.default.contents(atPath: name) else { throw CompatFailure("there is no catalogue '\(name)' (gvisor, or a file)") }
        return try Catalog(yaml: String(decoding: data, as: UTF8.self))
    }

    /// What is known of a program, whose name may have directories before it.
    public func entry(program: String) -> Entry? { byProgram[(program as NSString).lastPathComponent].map { entries[$0] } }

    /// The test files that are about a call, most important first.
    public func entries(about call: String) -> [Entry] {
        entries.filter { !$0.isHelper && $0.calls.contains(call) }.sorted { ($0.priority, $0.name) < ($1.priority, $1.name) }
    }

    /// How much a call matters: as much as the most important test about it.
    public func priority(of call: String) -> Priority? { entries(about: call).first?.priority }

    /// - Parameter results: Of a run, by program; shown beside the files.
    public func table(_ entries: [Entry], results: [ProgramRecord] = []) -> TextTable {
        var columns: [TextTable.Column] = [.init("File"), .init("Priority"), .init("Area")]
        if !results.isEmpty { columns += [.init("Pass", isNumber: true), .init("Fail", isNumber: true), .init("Skip", isNumber: true)] }
        columns += [.init("Calls"), .init("Notes")]
        var found: [String: ProgramRecord] = [:]
        for program in results { if let entry = entry(program: program.name) { found[entry.name] = program } }
        return TextTable(columns, rows: entries.map { entry in
            var row = [entry.name, entry.priority.rawValue, entry.area]
            if !results.isEmpty {
                if let program = found[entry.name] {
                    let counts = RunSummary(programs: [program], hasBaseline: false)
                    let passed = counts.verdicts[.pass] ?? 0, failed = counts.counting
                    row += [String(passed), String(failed), String(program.cases.count - passed - failed)]
                } else {
                    row += ["-", "-", "-"]
                }
            }
            return row + [entry.calls.joined(separator: " "), entry.out.map { "out of reach: \($0)" } ?? (entry.isHelper ? "helper" : "")]
        })
    }

    /// Counts by priority, of what is a test and in reach.
    public var summary: String {
        let tests = entries.filter { !$0.isHelper }, reachable = tests.filter { $0.out == nil }
        let counts = Priority.allCases.map { priority in "\(reachable.count { $0.priority == priority }) \(priority.rawValue)" }
        return "\(entries.count) files: \(tests.count) tests, \(entries.count - tests.count) helpers; \(reachable.count) tests in reach (\(counts.joined(separator: ", ")))"
    }
}
