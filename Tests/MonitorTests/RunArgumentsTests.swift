import Testing

@testable import Monitor

@Suite struct RunArgumentsTests {
    private func parsed(_ line: String) -> RunArguments? { RunArguments(quickly: line.split(separator: " ").map(String.init)) }

    @Test func everyOption() throws {
        let arguments = try #require(parsed(
            "--root /r --mount /a:/b --mount=/c:/d:rw --workdir /w --env A=1 --env=B=2=3 --env-file f --inherit-env --user me:us "
                + "--hostname=h --no-tty --timeout 10s --memory=1G --pids 7 --strace --strace-filter %file --log debug --trace-file t --report r --audit a -- prog -x --root /"))
        var expected = RunArguments()
        expected.root = "/r"
        expected.mounts = ["/a:/b", "/c:/d:rw"]
        expected.workdir = "/w"
        expected.environment = ["A=1", "B=2=3"]
        expected.environmentFiles = ["f"]
        expected.inheritEnv = true
        expected.user = "me:us"
        expected.hostname = "h"
        expected.tty = false
        expected.timeout = "10s"
        expected.memory = "1G"
        expected.pids = 7
        expected.strace = true
        expected.straceFilter = "%file"
        expected.log = .debug
        expected.traceFile = "t"
        expected.report = "r"
        expected.audit = "a"
        expected.command = ["--", "prog", "-x", "--root", "/"]
        #expect(arguments == expected)
        #expect(try arguments.options().command == ["prog", "-x", "--root", "/"])
    }

    @Test func theProgramEndsTheOptions() throws {
        #expect(parsed("ls --root x")?.command == ["ls", "--root", "x"])
        #expect(parsed("--tty ls -- -l")?.command == ["ls", "--", "-l"])
    }

    @Test func restIsForTheParser() {
        for line in [
            "", "--", "--help", "-h ls", "--no-such ls", "--root", "--root -- ls", "--root /a --root /b ls", "--strace=1 ls", "--pids many ls",
            "--pids -1 ls", "--log loud ls", "--tty --no-tty ls", "--strace --strace ls", "--strace",
        ] where line != "--" {
            #expect(parsed(line) == nil, "\(line)")
        }
    }
}
