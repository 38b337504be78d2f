import Foundation
import Testing

@testable import Compat

struct CatalogTests {
    @Test func gvisor() throws {
        let catalog = try Catalog.named("gvisor")
        #expect(catalog.entries.count == 292 && catalog.suite == "gvisor")
        // Those that nothing does without.
        for name in ["fork", "wait", "exec", "exec_binary", "read", "write", "open", "open_create", "mmap", "brk", "pipe", "dup", "fcntl", "epoll", "socket",
                     "futex", "ioctl", "select", "stat", "prctl"] {
            #expect(catalog.entries.first { $0.name == name }?.priority == .critical, "\(name)")
        }
        #expect(catalog.entry(program: "bin/pipe_test")?.name == "pipe" && catalog.entry(program: "socketopt_test")?.name == "socketopt_test")
        #expect(catalog.entry(program: "sigreturn_test")?.name == "sigreturn_amd64" && catalog.entry(program: "other") == nil)
        #expect(catalog.entry(program: "ptrace_test")?.out != nil && catalog.entry(program: "read_test")?.out == nil)
        #expect(catalog.priority(of: "clone") == .critical && catalog.priority(of: "io_setup") == .low && catalog.priority(of: "uselib") == nil)
        // What is out of reach matters little, or it would have to come into reach; helpers are not tests.
        #expect(catalog.entries.allSatisfy { $0.out == nil || $0.priority == .low })
        #expect(catalog.entries.allSatisfy { !$0.calls.isEmpty || $0.isHelper || $0.name == "bad" })
        // No call that is said to be out of reach is one that the kernel serves.
        #expect(catalog.summary.hasPrefix("292 files: "))
    }

    @Test func mistakes() {
        for (yaml, what) in [("files: {a: {area: files, calls: [read], priority: low}}", "cannot be read"), ("suite: x\nfiles: {a: {area: cheese, calls: [], priority: low}}", "no area 'cheese'"),
                             ("suite: x\nfiles: {a: {area: files, calls: [raed], priority: low}}", "no system call 'raed'"), ("]", "cannot be read"),
                             ("suite: x\nfiles: {a: {area: files, calls: [], priority: urgent}}", "cannot be read")] {
            let error = #expect(throws: CompatFailure.self) { try Catalog(yaml: yaml) }
            #expect(error?.description.contains(what) == true, "\(yaml)")
        }
        #expect(throws: CompatFailure("there is no catalogue '/no/such' (gvisor, or a file)")) { try Catalog.named("/no/such") }
    }

    @Test func tableWithResults() throws {
        let catalog = try Catalog(yaml: "suite: x\nfiles: {read: {area: core I/O, calls: [read], priority: critical}, raw: {area: sockets, calls: [], priority: low, out: no}}")
        let table = catalog.table(catalog.entries, results: [.example("x/read_test", ["a": "pass", "b": "fail", "c": "skip"])])
        #expect(table.rows == [["raw", "low", "sockets", "-", "-", "-", "", "out of reach: no"], ["read", "critical", "core I/O", "1", "1", "1", "read", ""]])
    }
}
