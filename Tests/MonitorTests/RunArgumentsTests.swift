import Testing

@testable import Monitor

@Suite struct RunArgumentsTests {
    private func options(_ command: [String], _ change: (inout RunArguments) -> Void = { _ in }) throws -> RunOptions {
        var arguments = RunArguments()
        arguments.command = command
        change(&arguments)
        return try arguments.options()
    }

    @Test func theProgramEndsTheOptions() throws {
        #expect(try options(["ls", "--root", "x"]).command == ["ls", "--root", "x"])
        #expect(try options(["--", "ls", "--", "-l"]).command == ["ls", "--", "-l"])
        #expect(try options(["--", "-odd"]).command == ["-odd"])
    }

    @Test(arguments: [[], ["--"], [""], ["--", ""], ["--no-such", "ls"]])
    func noProgram(command: [String]) { #expect(throws: UsageError.self) { try options(command) } }

    @Test func quantities() throws {
        let right = try options(["ls"]) {
            $0.timeout = "2m"
            $0.memory = "1G"
            $0.pids = 7
        }
        #expect(right.timeoutNanoseconds == 120_000_000_000)
        #expect(right.memoryBytes == 1 << 30)
        #expect(right.tasks == 7)
        for timeout in ["", "0", "-1", "soon", "1y"] { #expect(throws: UsageError.self) { try options(["ls"]) { $0.timeout = timeout } } }
        for memory in ["", "0", "-1", "much"] { #expect(throws: UsageError.self) { try options(["ls"]) { $0.memory = memory } } }
        #expect(throws: UsageError.self) { try options(["ls"]) { $0.pids = 0 } }
        #expect(throws: (any Error).self) { try options(["ls"]) { $0.mounts = ["nowhere"] } }
    }
}
