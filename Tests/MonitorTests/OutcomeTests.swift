import Glibc
import HostBase
import Testing

@testable import Monitor

struct OutcomeTests {
    @Test func statuses() {
        #expect(Run.programStatus(0) == 0)
        #expect(Run.programStatus(7 << 8) == 7)
        #expect(Run.programStatus(0xff << 8) == 255)
        #expect(Run.programStatus(9) == 137)
        #expect(Run.programStatus(11 | 0x80) == 139)
        #expect(Run.programStatus(0xffff_ffff) == 255)
    }

    @Test func execFailures() {
        #expect(Run.execFailure("x", error: ENOENT) == .init(status: 127, messages: ["cannot run 'x': not found in PATH"]))
        #expect(Run.execFailure("./x", error: ENOENT) == .init(status: 127, messages: ["cannot run './x': No such file or directory"]))
        #expect(Run.execFailure("./x", error: EACCES).status == 126)
        #expect(Run.execFailure("./\u{1b}[1m", error: ENOEXEC).messages == ["cannot run './\\x1b[1m': Exec format error"])
    }

    @Test func textFromTheSandboxIsHarmless() {
        #expect(Text.lines(Array("a\u{1b}[2J\nb\u{7}\n\0rest".utf8)) == ["a?[2J", "b?"])
        #expect(Text.lines(Array(repeating: UInt8(ascii: "\n"), count: 10_000)) == [])
    }

    @Test func callsOfADefect() {
        #expect(Run.withCallNames("calls 0 1 39 9999") == "last calls: read write getpid syscall_9999")
        #expect(Run.withCallNames("calls x") == "last calls: x")
        #expect(Run.withCallNames("stack 0x1") == "stack 0x1")
    }

    @Test func json() {
        var json = JSONWriter()
        json.object {
            $0.field("a", Int64(-1))
            $0.field("b\"\\\n\u{1}", "é")
            $0.field("c", ["x", "y"])
            $0.field("t", nanoseconds: 1_000_000_002)
            $0.array("d") { list in
                list.object { $0.field("e", true) }
                list.object { $0.field("f", false) }
            }
        }
        #expect(json.text == #"{"a":-1,"b\"\\\n\u0001":"é","c":["x","y"],"t":1.000000002,"d":[{"e":true},{"f":false}]}"#)
    }

    @Test func imagePlaces() {
        #expect(ImageLocator.candidates(environment: "/x", executable: "/usr/bin/martlet") == ["/x"])
        let paths = ImageLocator.candidates(environment: nil, executable: "/p/.build/x86_64/release/martlet")
        #expect(paths[0] == "/p/.build/x86_64/release/martlet-kernel")
        #expect(paths[1] == "/p/.build/x86_64/libexec/martlet/martlet-kernel")
        #expect(paths.contains("/p/.build-image/release/MartletKernel"))
        #expect(ImageLocator.candidates(environment: "", executable: "/martlet").first == "/martlet-kernel")
    }

    @Test func missingLayers() {
        #expect(Run.missingLayers(~0) == nil)
        #expect(Run.missingLayers(~0 & ~8)?.contains("network namespace") == true)
        #expect(Run.missingLayers(0x180)?.contains("without namespaces") == true)
    }
}
