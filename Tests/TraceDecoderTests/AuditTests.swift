import Foundation
import LinuxABI
import MonitorProtocol
import Testing

@testable import TraceDecoder

struct AuditTests {
    private func report(_ events: [TraceEvent]) throws -> [String: Any] {
        var audit = Audit()
        for event in events { audit.add(event) }
        audit.finish()
        let text = audit.report(command: ["prog", "arg"], status: 3, lost: 0)
        return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private func program(_ path: String, pid: Int32) -> TraceEvent {
        var record = RecordBuilder(TraceKind.program, tid: pid)
        record.put(words([(UInt64(path.utf8.count), 4)]) + bytes(path))
        return record.event
    }
    private func made(_ child: Int32, by parent: Int32) -> TraceEvent {
        var record = RecordBuilder(TraceKind.task, tid: parent)
        record.put(words([(UInt64(child), 4), (UInt64(child), 4)]))
        return record.event
    }

    @Test func countsAndShapes() throws {
        let json = try report([
            entered(.ioctl, [1, 0x5401, 0x1000]), left(.ioctl, -25),
            entered(.ioctl, [1, 0x5401, 0x1000]), left(.ioctl, 0),
            entered(.ioctl, [1, 0x541b, 0x1000]), left(.ioctl, 0),
            entered(.getpid, []), left(.getpid, 2),
            entered(.pause, []),
        ])
        #expect(json["format"] as? String == "martlet-audit")
        #expect(json["status"] as? Int == 3)
        #expect(json["command"] as? [String] == ["prog", "arg"])
        let calls = try #require(json["calls"] as? [[String: Any]])
        #expect(calls.map { $0["name"] as? String } == ["ioctl", "pause", "getpid"])
        #expect(calls[0]["count"] as? Int == 3)
        #expect(calls[0]["results"] as? [String: Int] == ["ok": 2, "ENOTTY": 1])
        #expect(calls[1]["results"] as? [String: Int] == ["unfinished": 1])
        #expect(calls[2]["shapes"] == nil)
        let shapes = try #require(calls[0]["shapes"] as? [[String: Any]])
        #expect(shapes[0]["arguments"] as? [String: String] == ["request": "TCGETS"])
        #expect(shapes[0]["values"] as? [String: Int] == ["request": 0x5401])
        #expect(shapes[0]["results"] as? [String: Int] == ["ok": 1, "ENOTTY": 1])
        #expect(shapes[1]["arguments"] as? [String: String] == ["request": "FIONREAD"])
    }

    @Test func shapesOfManyCalls() {
        func shape(_ call: Syscall, _ values: [UInt], _ memory: [Memory] = []) -> [String] {
            let shape = Shape(TracedCall(entered(call, values, memory)))
            return zip(shape.names, shape.texts).map { "\($0)=\($1)" }
        }
        #expect(shape(.openat, [0, 0, 0o2000100, 0o644]) == ["flags=O_RDONLY|O_CREAT|O_CLOEXEC"])
        #expect(shape(.mmap, [0, 4096, 3, 0x22, 0, 0]) == ["prot=PROT_READ|PROT_WRITE", "flags=MAP_PRIVATE|MAP_ANONYMOUS"])
        #expect(shape(.socket, [16, 3, 0]) == ["family=AF_NETLINK", "type=SOCK_RAW", "protocol=0"])
        #expect(shape(.setsockopt, [3, 6, 1, 0, 4]) == ["level=SOL_TCP", "optname=TCP_NODELAY"])
        #expect(shape(.clone, [0x3d_0f00, 0, 0, 0, 0]).first?.hasPrefix("flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD") == true)
        #expect(shape(.clone, [17, 0, 0, 0, 0]) == ["flags=0"])
        #expect(shape(.clone3, [0x1000, 88], [(0, 0, words([(0x4100, 8)]) + [UInt8](repeating: 0, count: 56))]) == ["flags=CLONE_VM|CLONE_VFORK"])
        #expect(shape(.futex, [0, 0x80]) == ["operation=FUTEX_WAIT_PRIVATE"])
        #expect(shape(.madvise, [0, 0, 8]) == ["advice=MADV_FREE"])
        #expect(shape(.prctl, [38, 1, 0, 0, 0]) == ["option=PR_SET_NO_NEW_PRIVS"])
        #expect(shape(.fcntl, [3, 1030, 10]) == ["command=F_DUPFD_CLOEXEC"])
        #expect(shape(.rt_sigaction, [17, 0, 0, 8]) == ["signal=SIGCHLD"])
        #expect(shape(.read, [0, 0, 1]) == [])
    }

    @Test func refusals() throws {
        let json = try report([
            program("/bin/a", pid: 2),
            entered(.socket, [16, 3, 0]), left(.socket, -97),
            entered(.rseq, [1, 2, 3, 4]), left(.rseq, -38, flags: TraceRecord.flagNoHandler),
            entered(.mount, [0, 0, 0, 0, 0]), left(.mount, -1, flags: TraceRecord.flagNoHandler),
            entered(.open, [0, 0], [(0, 0, bytes("x"))]), left(.open, -2),
        ])
        let refused = try #require(json["refused"] as? [[String: Any]])
        #expect(refused.map { $0["name"] as? String } == ["socket", "mount", "rseq"])
        #expect(refused.map { $0["reason"] as? String } == ["option", "call", "call"])
        #expect(refused.map { $0["error"] as? String } == ["EAFNOSUPPORT", "EPERM", "ENOSYS"])
        #expect(refused[0]["programs"] as? [String] == ["/bin/a"])
        #expect(refused[0]["arguments"] as? [String: String] == ["family": "AF_NETLINK", "type": "SOCK_RAW", "protocol": "0"])
    }

    /// What a child does belongs to its parent's program until it executes another.
    @Test func programs() throws {
        let json = try report([
            program("/bin/sh", pid: 2),
            entered(.getpid, []), left(.getpid, 2),
            made(3, by: 2),
            entered(.getppid, [], tid: 3), left(.getppid, 2, tid: 3),
            entered(.execve, [1, 2, 3], tid: 3), program("/bin/ls", pid: 3),
            entered(.getpid, [], tid: 3), left(.getpid, 3, tid: 3),
        ])
        let programs = try #require(json["programs"] as? [[String: Any]])
        #expect(programs.map { $0["path"] as? String } == ["/bin/sh", "/bin/ls"])
        func calls(_ index: Int) -> [String?] { (programs[index]["calls"] as? [[String: Any]] ?? []).map { $0["name"] as? String } }
        #expect(calls(0) == ["getpid", "execve", "getppid"])
        #expect(calls(1) == ["getpid"])
        #expect((json["calls"] as? [[String: Any]])?.map { $0["count"] as? Int } == [2, 1, 1])
    }

    @Test func manyShapesAreBounded() throws {
        let json = try report((0..<600 as Range<UInt>).flatMap { [entered(.ioctl, [1, 0x10_0000 + $0, 0]), left(.ioctl, -25)] })
        let call = try #require((json["calls"] as? [[String: Any]])?.first)
        #expect((call["shapes"] as? [Any])?.count == 500)
        #expect(call["otherShapes"] as? Int == 100)
    }

    @Test func restartsAndReturns() throws {
        let json = try report([entered(.nanosleep, [0, 0]), left(.nanosleep, -516), entered(.rt_sigreturn, []), left(.rt_sigreturn, -4)])
        let calls = try #require(json["calls"] as? [[String: Any]])
        #expect(calls.map { $0["results"] as? [String: Int] } == [["ok": 1], ["restarted": 1]])
    }
}
