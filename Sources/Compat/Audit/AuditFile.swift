import Foundation

/// What `martlet run --audit FILE` writes; see docs/audit-format.md. Only what the lab uses is read.
public struct AuditFile: Decodable, Sendable {
    public struct Shape: Decodable, Sendable {
        public var arguments: [String: String]
        public var count: Int
        public var results: [String: Int]

        /// `request=TCGETS`, several joined by blanks, in the order of their names.
        public var text: String { arguments.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
    }

    public struct Call: Decodable, Sendable {
        public var number: UInt
        public var name: String
        public var count: Int
        public var results: [String: Int]
        public var shapes: [Shape]?
    }

    public struct Refusal: Decodable, Sendable {
        public var name: String
        public var arguments: [String: String]?
        public var error: String
        public var reason: String
        public var count: Int

        public var text: String { (arguments ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
    }

    public var format: String
    public var version: Int
    public var command: [String]
    public var status: Int
    public var lost: Int
    public var calls: [Call]
    public var refused: [Refusal]

    /// - Throws: ``CompatFailure`` for what is not an audit of a version that is known here.
    public init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw CompatFailure("cannot read \(path)") }
        do {
            self = try JSONDecoder().decode(AuditFile.self, from: data)
        } catch {
            throw CompatFailure("\(path) is not an audit that martlet run --audit wrote")
        }
        guard format == "martlet-audit" else { throw CompatFailure("\(path) is not an audit that martlet run --audit wrote") }
        guard version == 1 else { throw CompatFailure("\(path) is of a newer version of Martlet (audit version \(version))") }
    }
}
