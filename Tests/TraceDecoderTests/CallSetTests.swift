import LinuxABI
import Testing

@testable import TraceDecoder

struct CallSetTests {
    private func names(_ text: String) throws -> [String] {
        let set = try CallSet(parsing: text)
        return (0..<512 as Range<UInt>).filter { set.contains($0) }.compactMap { Syscall(rawValue: $0).map { "\($0.name)" } }
    }

    @Test func namesAndNumbers() throws {
        #expect(try names("openat,close") == ["close", "openat"])
        #expect(try names("trace=read,1") == ["read", "write"])
        #expect(try names("?nothing,read") == ["read"])
        #expect(try names("none") == [])
        #expect(try names("/^x") == [])
        #expect(try names("/fchmod") == ["fchmod", "fchmodat", "fchmodat2"])
    }

    @Test func classes() throws {
        let file = try names("%file")
        #expect(file.contains("openat") && file.contains("stat") && !file.contains("read"))
        #expect(try names("%stat") == ["stat", "fstat", "lstat", "newfstatat", "statx"])
        for word in ["file", "desc", "process", "net", "network", "signal", "ipc", "memory", "creds", "clock", "poll", "thread", "statfs"] {
            #expect(try !names("%" + word).isEmpty, "\(word)")
        }
    }

    @Test func negation() throws {
        let set = try names("!futex,%file")
        #expect(set.contains("read") && !set.contains("futex") && !set.contains("openat"))
        #expect(try CallSet(parsing: "all") == .all)
        #expect(CallSet.all.contains(5000))
    }

    @Test func unknownWords() {
        #expect(throws: CallSet.Unknown(word: "opn")) { try CallSet(parsing: "read,opn") }
        #expect(throws: CallSet.Unknown(word: "%fil")) { try CallSet(parsing: "%fil") }
    }
}
