/// How one case ended.
public enum Verdict: String, Codable, CaseIterable, Sendable {
    case pass
    case fail
    case crash
    case timeout
    case skip
    /// It was not run: by design what it asks for is out of reach.
    case notApplicable = "n/a"

    public var isFailure: Bool { self == .fail || self == .crash || self == .timeout }
}

/// What a case says about the sandbox: its verdict there against the one on the host.
public enum Standing: String, Codable, CaseIterable, Sendable {
    /// Passes here, and natively as far as that is known.
    case passes
    /// Passes here, and not natively: the host lacks something, or the case is unsteady.
    case passesHereOnly = "passes here only"
    /// Passes natively and fails here: the verdict that counts.
    case failsHereOnly = "fails here only"
    /// Passes natively, and says here that it cannot be run.
    case skippedHereOnly = "skipped here only"
    case failsEverywhere = "fails everywhere"
    /// Fails here, and there is no native run to compare with.
    case fails
    case skipped
    case notApplicable = "n/a"

    public init(_ here: Verdict, native: Verdict?) {
        switch (here, native) {
        case (.pass, .none), (.pass, .pass): self = .passes
        case (.pass, _): self = .passesHereOnly
        case (.notApplicable, _): self = .notApplicable
        case (.skip, .pass): self = .skippedHereOnly
        case (.skip, _): self = .skipped
        case (_, .pass): self = .failsHereOnly
        case (_, .none): self = .fails
        default: self = .failsEverywhere
        }
    }

    /// Whether it is to the sandbox's debit.
    public var counts: Bool { self == .failsHereOnly || self == .fails }
}

/// One case of a test program, on one side.
public struct CaseResult: Sendable, Equatable {
    public var name: String
    public var verdict: Verdict
    public var nanoseconds: Int64
    /// What it said about a failure or a skip; shortened.
    public var message: String

    public init(_ name: String, _ verdict: Verdict, nanoseconds: Int64 = 0, message: String = "") {
        self.name = name
        self.verdict = verdict
        self.nanoseconds = nanoseconds
        self.message = message
    }

    /// What is kept of a message at most, in bytes.
    static let messageLimit = 4000

    /// Bytes that a test wrote, as text fit for a terminal, a database and a document.
    static func text(_ bytes: some Collection<UInt8>) -> String {
        let whole = bytes.count <= messageLimit
        let kept = whole ? Array(bytes) : Array(bytes.prefix(messageLimit * 3 / 4)) + Array("\n[...]\n".utf8) + Array(bytes.suffix(messageLimit / 4))
        let cleaned = kept.map { $0 >= 0x20 && $0 != 0x7f || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") ? $0 : UInt8(ascii: "?") }
        var text = String(decoding: cleaned, as: UTF8.self)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text
    }
}
