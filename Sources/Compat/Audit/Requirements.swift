import Foundation

/// What programs need of the kernel: several audits in one file.
public struct Requirements: Codable, Sendable, Equatable {
    public struct Refusal: Codable, Sendable, Equatable {
        public var call: String
        /// `family=AF_NETLINK type=SOCK_RAW`; empty for the call as a whole.
        public var shape: String
        public var error: String
        /// `call` or `option`, as in the audit.
        public var reason: String
        public var count: Int
    }

    public struct Program: Codable, Sendable, Equatable {
        public var name: String
        /// How much it counts.
        public var weight: Int
        /// How often each call was made.
        public var calls: [String: Int]
        /// Distinct argument shapes of calls for which they matter.
        public var shapes: [String: [String]]
        public var refused: [Refusal]
        /// Found by looking at the code: calls it could make, not those it made.
        public var isUpperBound: Bool
        public var status: Int?

        public init(
            name: String, weight: Int = 1, calls: [String: Int], shapes: [String: [String]] = [:], refused: [Refusal] = [], isUpperBound: Bool = false,
            status: Int? = nil
        ) {
            self.name = name
            self.weight = weight
            self.calls = calls
            self.shapes = shapes
            self.refused = refused
            self.isUpperBound = isUpperBound
            self.status = status
        }

        public init(_ audit: AuditFile, name: String? = nil, weight: Int = 1) {
            self.init(
                name: name ?? audit.command.joined(separator: " "), weight: weight,
                calls: Dictionary(audit.calls.map { ($0.name, $0.count) }, uniquingKeysWith: +),
                shapes: Dictionary(audit.calls.compactMap { call in call.shapes.map { (call.name, $0.map(\.text).sorted()) } }, uniquingKeysWith: +),
                refused: audit.refused.map { Refusal(call: $0.name, shape: $0.text, error: $0.error, reason: $0.reason, count: $0.count) },
                status: audit.status)
        }

        /// The calls by how the kernel serves them.
        public func calls(in states: Set<String>) -> [String] {
            calls.keys.filter { name in CallTable.byName[name].map { states.contains("\($0.state.name)") } ?? states.contains("missing") }.sorted()
        }

        /// Of the calls it needs, how many are served, wholly or in part.
        public var coverage: (part: Int, whole: Int) { (calls(in: ["implemented", "partial"]).count, calls.count) }

        /// Refusals that the kernel has no excuse for: a call that it does not have. Linux may give the same answer to the others.
        public var gaps: [Refusal] { refused.filter { $0.reason == "call" && CallTable.byName[$0.call].map { "\($0.state.name)" == "missing" } ?? true } }
    }

    public var format = "martlet-requirements"
    public var version = 1
    public var programs: [Program]

    public init(programs: [Program] = []) { self.programs = programs }

    public init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw CompatFailure("cannot read \(path)") }
        do { self = try JSONDecoder().decode(Requirements.self, from: data) } catch { throw CompatFailure("\(path) is not a requirements file") }
        guard format == "martlet-requirements" else { throw CompatFailure("\(path) is not a requirements file") }
        guard version == 1 else { throw CompatFailure("\(path) was written by a newer version of Martlet") }
    }

    /// Takes in another audit; one of the same program is replaced.
    public mutating func merge(_ program: Program) {
        programs.removeAll { $0.name == program.name }
        programs.append(program)
        programs.sort { $0.name < $1.name }
    }

    /// Replaces the file in one step.
    public func write(to path: String) throws {
        do {
            try (try Formatting.json(self) + "\n").write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw CompatFailure("cannot write \(path): \(error.localizedDescription)")
        }
    }

    /// The sum of the weights of the programs that make a call.
    public func weight(of call: String) -> Int { programs.reduce(0) { $0 + ($1.calls[call] == nil ? 0 : $1.weight) } }

    /// The names of the programs that make a call.
    public func programs(calling call: String) -> [String] { programs.filter { $0.calls[call] != nil }.map(\.name) }
}
