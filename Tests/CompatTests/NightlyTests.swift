import ChildProcesses
import Foundation
import Testing

@testable import Compat

struct NightlyConfigurationTests {
    let directory = TemporaryDirectory()

    @Test func whole() throws {
        let path = try directory.file("n.yml", """
            reports: out
            database: state/h.sqlite
            audit:
              interpreters: true
              programs:
                - {name: git, command: [git, --version], weight: 3}
            suites:
              - {name: gvisor, directory: ./bin, catalog: gvisor, jobs: 2, timeout: 60, exclude: ["*slow*"]}
              - {name: exits, directory: /opt/x, mode: exit, baseline: false}
            publish: {kind: pull-request, title: Nightly, repository: a/b}
            """)
        let configuration = try NightlyConfiguration(path: path)
        #expect(configuration.reports == directory.path + "/out" && configuration.database == directory.path + "/state/h.sqlite")
        #expect(configuration.suites.map(\.directory) == [directory.path + "/bin", "/opt/x"] && configuration.suites[1].baseline == false)
        #expect(configuration.audit?.programs?.first?.weight == 3 && configuration.publish?.kind == .pullRequest)
    }

    @Test func mistakes() throws {
        for (text, what) in [
            ("suites: []", "reports is missing"), ("reports: a\nsuites: [{name: x}]", "directory is missing"), ("reports: a\nsuites: []", "nothing to do"),
            ("reports: a\nsuites: [{name: x, directory: y, mode: z}]", "no mode 'z'"), ("reports: a\nsuites: [{name: x, directory: y}, {name: x, directory: z}]", "same name"),
            ("]", "n.yml"), ("reports: a\nsuites: [{name: x, directory: y}]\npublish: {kind: letter, title: x}", "publish.kind"),
        ] {
            let path = try directory.file("n.yml", text)
            let error = #expect(throws: CompatFailure.self) { try NightlyConfiguration(path: path) }
            #expect(error?.description.contains(what) == true, "\(text): \(error?.description ?? "")")
        }
    }
}

struct TraceTests {
    @Test func lines() throws {
        let call = try #require(TracedCall(line: #"read(3, "a = b) = 5", 832)              = 832"#))
        #expect(call.name == "read" && call.result == "832" && call.number == 832 && call.outcome == "ok")
        let failed = try #require(TracedCall(line: #"openat(AT_FDCWD, "/x", O_RDONLY) = -1 ENOENT (No such file or directory)"#))
        #expect(failed.outcome == "ENOENT" && failed.number == nil)
        #expect(TracedCall(line: "exit_group(0) = ?")?.outcome == "?" && TracedCall(line: "+++ exited with 0 +++") == nil && TracedCall(line: "--- SIGCHLD {si_pid(3)} ---") == nil)
    }

    private let sandbox = """
        [2] execve("/p", ["p"], ...) = 0
        [2] write(1, "[ RUN      ] A.b\\n", 17) = 17
        [2] clone(SIGCHLD) = 3
        [2] wait4(-1,  <unfinished ...>
        [3] brk(NULL) = 0x5000
        [3] close(9) = 0
        [3] +++ exited with 0 +++
        [2] <... wait4 resumed>[{WIFEXITED(s)}], 0, NULL) = 3
        [2] --- SIGCHLD {si_signo=SIGCHLD} ---
        [2] read(5, "", 10) = 0
        """

    @Test func traceOfTheSandbox() {
        var trace = CallTrace(martlet: sandbox)
        #expect(trace.tasks.map { $0.map(\.name) } == [["execve", "write", "clone", "wait4", "read"], ["brk", "close"]])
        #expect(trace.tasks[0][3].text == "wait4(-1, [{WIFEXITED(s)}], 0, NULL) = 3")
        trace.begin(at: "[ RUN      ] A.b")
        #expect(trace.tasks[0].map(\.name) == ["clone", "wait4", "read"])
    }

    @Test func differences() throws {
        let directory = TemporaryDirectory()
        let main = "execve(\"/p\") = 0\nclone(SIGCHLD) = 900\nmmap(NULL) = 0x7\nwait4(-1) = 900\nread(5, \"abc\", 10) = 3\n"
        try directory.file("t.899", main.replacing("execve(\"/p\") = 0\n", with: "write(1, \"[ RUN      ] A.b\\n\", 17) = 17\n"))
        try directory.file("t.900", "close(9) = 0\n")
        var native = CallTrace(straceFiles: directory.path + "/t"), other = CallTrace(martlet: sandbox)
        native.begin(at: "[ RUN      ] A.b")
        other.begin(at: "[ RUN      ] A.b")
        let difference = try #require(TraceDifference.first(native: native, sandbox: other))
        #expect(difference.task == 0 && difference.native == ["read(5, \"abc\", 10) = 3"] && difference.sandbox == ["read(5, \"\", 10) = 0"])
        #expect(difference.text().contains("  < read(5, \"abc\", 10) = 3\n  > read(5, \"\", 10) = 0"))
        #expect(TraceDifference.first(native: other, sandbox: other) == nil)
    }

    @Test func missingCalls() {
        let long = CallTrace(martlet: "[2] close(1) = 0\n[2] close(2) = 0"), short = CallTrace(martlet: "[2] close(1) = 0")
        #expect(TraceDifference.first(native: long, sandbox: short)?.sandbox == [] && TraceDifference.first(native: short, sandbox: long)?.native == [])
        #expect(TraceDifference.first(native: short, sandbox: CallTrace(martlet: ""))?.task == 0)
    }
}
