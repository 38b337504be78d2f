import Foundation

/// What `martlet compat run` was asked to do.
public struct RunConfiguration: Sendable {
    public var suite: String
    public var mode: SuiteMode = .auto
    public var patterns: [String] = []
    public var excluded: [String] = []
    /// Patterns of cases; empty for all.
    public var casePatterns: [String] = []
    public var launcher: Launcher
    /// Also run natively, in the same run.
    public var baseline: Launcher?
    public var jobs = 1
    /// This machine's part of all cases: `index` of `count`, counted from 0.
    public var shard: (index: Int, count: Int) = (0, 1)
    /// At most so many cases are run by one start of a program; what is beyond goes to another job.
    public var casesPerStart = 200
    public var programLimitNanoseconds: UInt64 = 300_000_000_000
    /// For one case alone, and for how long a program may be silent.
    public var caseLimitNanoseconds: UInt64 = 45_000_000_000
    /// What a case may take here beside ten times what it takes natively: the start of the program, a busy machine.
    public var leastPatienceNanoseconds: UInt64 = 10_000_000_000
    /// Cases whose name says `DISABLED_` are run too.
    public var runsDisabled = false
    /// Why a program is not run, by its name.
    public var outOfReach: @Sendable (String) -> String? = { _ in nil }
    /// `NAME=VALUE`, for the programs, on both sides.
    public var environment: [String] = []

    public init(suite: String, launcher: Launcher) {
        self.suite = suite
        self.launcher = launcher
    }

    /// Whether a case belongs to this machine's part. By a hash of its name, so that a new case moves no other.
    func isOurs(_ program: String, _ name: String) -> Bool {
        guard shard.count > 1 else { return true }
        return Fingerprint.hash((program + " " + name).utf8) % UInt64(shard.count) == UInt64(shard.index)
    }

    func isSelected(_ name: String) -> Bool { casePatterns.isEmpty || casePatterns.contains { fnmatch($0, name, 0) == 0 } }
}

/// Short names for contents: whether two builds are the same. Not for security.
enum Fingerprint {
    /// FNV-1a of bytes.
    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }

    /// Of files' contents, eight bytes at a time; a file that cannot be read counts as empty.
    static func files(_ paths: [String]) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for path in paths {
            guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else { continue }
            data.withUnsafeBytes { bytes in
                let words = bytes.count / 8
                for index in 0..<words { hash = (hash ^ bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)) &* 0x100_0000_01b3 }
                for byte in bytes[(words * 8)...] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
                hash = (hash ^ UInt64(bytes.count)) &* 0x100_0000_01b3
            }
        }
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
