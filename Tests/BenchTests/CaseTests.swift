import Testing

@testable import Bench

struct CaseTests {
    @Test func namesAreUnique() {
        #expect(Set(BenchCase.all.map(\.name)).count == BenchCase.all.count)
    }

    @Test(arguments: [
        ([], BenchCase.all.count), (["getppid"], 1), (["getppid*"], 2), (["stat-*", "stat-hit"], 2), (["*"], BenchCase.all.count),
        (["static-*", "start"], 5),
    ] as [([String], Int)])
    func patterns(_ patterns: [String], _ count: Int) throws { #expect(try BenchCase.matching(patterns).count == count) }

    @Test func patternsThatMatchNothing() {
        #expect(throws: BenchFailure("no case is named 'getpid'; see martlet bench --list")) { try BenchCase.matching(["stat-*", "getpid"]) }
    }

    @Test func fiftyModules() {
        let modules = BenchCase.pythonModules.split(separator: ",")
        #expect(modules.count == 50)
        #expect(Set(modules).count == 50)
    }

    @Test func programOutput() {
        let output = Array("getppid 28.6 28.9 30.1 85 1392640\nstat-hit 3 2 1 5 5\nstat-miss 1.0\nx nan 1 2 3\n".utf8)
        #expect(MicroProgram.sample(of: "getppid", in: output) == Sample(minimum: 28.6, median: 28.9, maximum: 30.1))
        for name in ["stat-hit", "stat-miss", "x", "absent", ""] { #expect(MicroProgram.sample(of: name, in: output) == nil) }
        #expect(MicroProgram.drives(in: Array("noise\ndrive 12\ndrive -3\ndrive 1e3\ndrive 5 6\ndrive 40".utf8)) == [12, 40])
        #expect(MicroProgram.lastLine(Array("a\nb\u{1b}[1m\n".utf8)) == "b?[1m")
        #expect(MicroProgram.lastLine([]) == "no message")
    }

    @Test func whereTheSourceIs() {
        #expect(MicroProgram.candidates(executable: "/p/.build/x86_64-unknown-linux-gnu/release/martlet").contains("/p/Benchmarks/micro.c"))
        #expect(MicroProgram.candidates(executable: "/usr/bin/martlet").contains("/usr/share/martlet/micro.c"))
    }

    @Test func wrappedCommands() {
        #expect(Runner(.native).wrap(["/bin/true"], shared: "/s") == ["/bin/true"])
        #expect(Runner(.martlet, program: "/m").wrap(["/bin/true"], shared: "").suffix(2) == ["--", "/bin/true"])
        let bwrap = Runner(.bwrap, program: "/usr/bin/bwrap").wrap(["/s/micro"], shared: "/s")
        #expect(bwrap.first == "/usr/bin/bwrap")
        #expect(bwrap.suffix(5) == ["--ro-bind", "/s", "/s", "--", "/s/micro"])
    }

    @Test func findsCommands() {
        #expect(Runner.find("sh", path: "relative:/nowhere:/bin") == "/bin/sh")
        #expect(Runner.find("no-such-command", path: "/bin:/usr/bin") == nil)
        #expect(Runner.find("bin", path: "/usr") == nil)
    }

    /// The program's own list of cases and the one here, which has the summaries and goals, are the same.
    @Test func everyCaseOfTheProgramIsListed() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let result = try Command.run(["/bin/cat", "/\(root)/Benchmarks/micro.c"], environment: [], seconds: 10)
        let source = String(decoding: result.output, as: UTF8.self)
        let names = source.split(separator: "\n").filter { $0.hasPrefix("    {\"") }.compactMap { $0.split(separator: "\"").dropFirst().first }
        let listed = BenchCase.all.compactMap { if case .micro(let name, false) = $0.kind { name } else { nil } }
        #expect(names.map(String.init) == listed)
    }
}
