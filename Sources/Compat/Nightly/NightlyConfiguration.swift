import Foundation
import Yams

/// What `martlet compat nightly` does, from a YAML file. Paths are relative to the file.
public struct NightlyConfiguration: Decodable, Sendable {
    public struct Program: Decodable, Sendable {
        public var name: String
        public var command: [String]
        public var weight: Int?
    }

    public struct Audit: Decodable, Sendable {
        public var interpreters: Bool?
        public var programs: [Program]?
    }

    public struct Suite: Decodable, Sendable {
        public var name: String
        public var directory: String
        public var mode: String?
        public var catalog: String?
        public var baseline: Bool?
        public var jobs: Int?
        public var timeout: Double?
        public var caseTimeout: Double?
        public var filter: [String]?
        public var exclude: [String]?
        public var user: String?
        public var environment: [String]?
    }

    public struct Publish: Decodable, Sendable {
        public enum Kind: String, Decodable, Sendable { case issue, pullRequest = "pull-request" }
        public var kind: Kind
        public var title: String
        public var repository: String?
        /// Of the pull request.
        public var branch: String?
    }

    /// Where the reports go.
    public var reports: String
    public var database: String?
    public var martlet: String?
    public var audit: Audit?
    public var suites: [Suite]
    public var publish: Publish?

    /// - Throws: ``CompatFailure`` that says what is wrong, and where.
    public init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else { throw CompatFailure("cannot read \(path)") }
        do {
            self = try YAMLDecoder().decode(NightlyConfiguration.self, from: String(decoding: data, as: UTF8.self))
        } catch let error as DecodingError {
            // The parser's own words say where the file is no YAML; an empty one has no words at all.
            if String(decoding: data, as: UTF8.self).allSatisfy(\.isWhitespace) { throw CompatFailure("\(path) is empty") }
            switch error {
            case .keyNotFound(let key, let context):
                throw CompatFailure("\(path): \((context.codingPath + [key]).map(\.stringValue).joined(separator: ".")) is missing")
            case .dataCorrupted(let context) where context.codingPath.isEmpty:
                let cause = context.underlyingError.map { "\($0)" } ?? context.debugDescription
                throw CompatFailure("\(path): not valid YAML: " + cause.split(whereSeparator: \.isNewline).joined(separator: " "))
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                let place = context.codingPath.map(\.stringValue).joined(separator: ".")
                throw CompatFailure("\(path): \(place.isEmpty ? "" : "\(place): ")\(context.debugDescription)")
            @unknown default: throw CompatFailure("\(path): \(error)")
            }
        } catch {
            throw CompatFailure("\(path): \(error)")
        }
        let base = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent()
        func full(_ name: String) -> String { URL(fileURLWithPath: name, relativeTo: base).standardizedFileURL.path }
        reports = full(reports)
        database = database.map(full)
        martlet = martlet.map { $0.contains("/") ? full($0) : $0 }
        for index in suites.indices {
            suites[index].directory = full(suites[index].directory)
            if let mode = suites[index].mode, SuiteMode(rawValue: mode) == nil { throw CompatFailure("\(path): suites.\(suites[index].name): there is no mode '\(mode)'") }
            if let catalog = suites[index].catalog, catalog != "gvisor" { suites[index].catalog = full(catalog) }
        }
        if Set(suites.map(\.name)).count != suites.count { throw CompatFailure("\(path): two suites have the same name") }
        if suites.isEmpty, audit == nil { throw CompatFailure("\(path): there is nothing to do: no suites and no audit") }
    }
}
