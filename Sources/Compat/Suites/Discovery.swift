import Foundation

/// The test programs of a directory.
public struct Discovery: Sendable {
    public var programs: [TestProgram] = []
    /// Executable files that are no test programs, and why.
    public var passedOver: [(name: String, reason: String)] = []

    /// - Parameters:
    ///   - patterns: Shell patterns for names; empty for all. A pattern without a slash is compared with the last part too.
    ///   - excluded: Patterns of programs to leave out.
    /// - Throws: ``CompatFailure`` if the directory cannot be read or holds no test program.
    public init(directory: String, mode: SuiteMode, patterns: [String] = [], excluded: [String] = []) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory) else { throw CompatFailure("there is no directory \(directory)") }
        guard isDirectory.boolValue else { throw CompatFailure("\(directory) is not a directory") }
        guard let walk = FileManager.default.enumerator(atPath: directory) else { throw CompatFailure("cannot read \(directory)") }
        var names: [String] = []
        for case let name as String in walk { names.append(name) }
        var selected = 0
        for name in names.sorted() {
            let path = directory + "/" + name
            var facts = stat()
            guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, facts.st_mode & 0o111 != 0 else { continue }
            guard patterns.isEmpty || Self.matches(name, patterns), !Self.matches(name, excluded) else { continue }
            selected += 1
            switch Self.judge(path, mode) {
            case .success(let found): programs.append(TestProgram(name: name, path: path, mode: found))
            case .failure(let reason): passedOver.append((name, reason.description))
            }
        }
        guard programs.isEmpty else { return }
        if let first = passedOver.first {
            throw CompatFailure("\(directory) holds no test program: \(first.name): \(first.reason)" + (passedOver.count > 1 ? ", and \(passedOver.count - 1) more" : ""))
        }
        throw CompatFailure(patterns.isEmpty && excluded.isEmpty ? "\(directory) holds no executable file" : "no executable file in \(directory) has such a name")
    }

    static func matches(_ name: String, _ patterns: [String]) -> Bool {
        patterns.contains { fnmatch($0, name, 0) == 0 || (!$0.contains("/") && fnmatch($0, (name as NSString).lastPathComponent, 0) == 0) }
    }

    /// Whether a file can be run in this mode.
    private static func judge(_ path: String, _ mode: SuiteMode) -> Result<SuiteMode, CompatFailure> {
        guard let content = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else { return .failure(CompatFailure("it cannot be read")) }
        let isELF = content.starts(with: [0x7f, 0x45, 0x4c, 0x46]), isScript = content.starts(with: Array("#!".utf8))
        guard isELF || isScript else { return .failure(CompatFailure("it is neither a program nor a script")) }
        switch mode {
        case .tap, .ltp, .exit: return .success(mode)
        case .gtest, .auto:
            // Whoever is asked to list his cases and is no GoogleTest program would run instead. A script may start one.
            if isScript, mode == .gtest { return .success(.gtest) }
            let names = ["gtest_list_tests", "libgtest"].map { Data($0.utf8) }
            if isELF, names.contains(where: { content.range(of: $0) != nil }) { return .success(.gtest) }
            return .failure(CompatFailure("it is not a GoogleTest program (--mode tap, ltp or exit for others)"))
        }
    }
}
