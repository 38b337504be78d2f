/// How a test program says what it found.
public enum SuiteMode: String, CaseIterable, Codable, Sendable {
    /// Looks at each program: GoogleTest if it is one.
    case auto
    /// GoogleTest: lists its cases, prints their results, writes JSON.
    case gtest
    /// The Test Anything Protocol on standard output.
    case tap
    /// The Linux Test Project's exit status: 1 fail, 2 broken, 4 warning, 32 not for this configuration, 0 pass.
    case ltp
    /// The exit status: 0 pass, 77 skip, others fail.
    case exit
}

/// A program of a suite.
public struct TestProgram: Sendable, Equatable {
    /// Its path below the suite's directory.
    public var name: String
    public var path: String
    public var mode: SuiteMode
}
