import Foundation
import LinuxABI
import Testing

/// What is written in two places, agrees.
struct TableTests {
    static func cases(_ path: String, _ pattern: String) throws -> [String] {
        let text = try Package.text(path)
        let expression = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap { Range($0.range(at: 1), in: text).map { String(text[$0]) } }
    }

    /// Every call that Dispatch.swift serves exists, once.
    @Test func dispatch() throws {
        let served = try Self.cases("Sources/Syscalls/Dispatch.swift", #"^ +case \.(\w+):"#)
        let names = Set((0..<600 as Range<UInt>).compactMap { Syscall(rawValue: $0) }.map { "\($0.name)" })
        #expect(served.count > 200)
        #expect(Set(served).subtracting(names) == [])
        #expect(Set(served).count == served.count, "served twice: \(Dictionary(grouping: served, by: { $0 }).filter { $1.count > 1 }.keys)")
    }

    /// The column of states says of each call what the table of handlers does with it.
    @Test func states() throws {
        let served = Set(try Self.cases("Sources/Syscalls/Dispatch.swift", #"^ +case \.(\w+):"#))
        let refusals = try Package.text("Sources/Syscalls/System/Refused.swift").components(separatedBy: "default:")[0]
        let expression = try NSRegularExpression(pattern: #"\.(_?[a-z]\w+)"#)
        let refused = Set(expression.matches(in: refusals, range: NSRange(refusals.startIndex..., in: refusals))
            .compactMap { Range($0.range(at: 1), in: refusals).map { String(refusals[$0]) } })
        for call in (0..<600 as Range<UInt>).compactMap({ Syscall(rawValue: $0) }) {
            let name = "\(call.name)", support = call.support, file = "Sources/LinuxABI/SyscallSupport.swift"
            switch support.state {
            case .implemented, .partial: #expect(served.contains(name), "\(name) has no handler: say so in \(file)")
            case .missing:
                #expect(!served.contains(name), "\(name) has a handler: remove its line from \(file), or say there what it leaves out")
                #expect(!refused.contains(name), "\(name) is refused on purpose: say so in \(file)")
            case .refused, .obsolete:
                #expect(!served.contains(name), "\(name) has a handler: remove its line from \(file), or say there what it leaves out")
                #expect(refused.contains(name), "\(name) is not in Refused.swift")
            }
            #expect((support.note.utf8CodeUnitCount == 0) == (support.state == .implemented), "\(name): a note belongs to everything that is not whole")
        }
    }

    /// Every handler is called: one that is not in the table is dead, or was forgotten.
    @Test func handlersAreServed() throws {
        let table = try Package.text("Sources/Syscalls/Dispatch.swift")
        var unused: [String] = []
        for source in Package.swift where source.module == "Syscalls" {
            for line in source.codeLines where line.contains("func sys") {
                guard let range = line.range(of: #"func sys[A-Z]\w+"#, options: .regularExpression), !line.contains("private") else { continue }
                let name = String(line[range].dropFirst("func ".count))
                if !table.contains(name + "()") { unused.append("\(source.path): \(name)") }
            }
        }
        #expect(unused == [])
    }

    /// The calls that the seccomp filter lets through are those that docs/security.md explains, and fewer than 30.
    @Test func filterIsDocumented() throws {
        let filter = try Package.text("Sources/CMachine/filter.c")
        let expression = try NSRegularExpression(pattern: #"^ +(?:ALLOW|CALL)\((\d+)[,)]"#, options: [.anchorsMatchLines])
        var allowed: Set<String> = []
        for match in expression.matches(in: filter, range: NSRange(filter.startIndex..., in: filter)) {
            guard let range = Range(match.range(at: 1), in: filter), let number = UInt(filter[range]), let call = Syscall(rawValue: number) else { continue }
            allowed.insert("\(call.name)")
        }
        var documented: Set<String> = []
        for row in try Package.text("docs/security.md").split(separator: "\n") where row.hasPrefix("| `") {
            let first = row.split(separator: "|")[0]
            for name in first.split(separator: "`") where name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) { documented.insert(String(name)) }
        }
        #expect(allowed == documented, "only in the filter: \(allowed.subtracting(documented)), only in the document: \(documented.subtracting(allowed))")
        #expect(allowed.count < 30)
    }

    /// The kernel's and the monitor's copies of numbers that C code has to repeat.
    @Test func headerOffsets() throws {
        let panic = try Package.text("Sources/CMachine/panic.c"), arena = try Package.text("Sources/MonitorProtocol/Arena.swift")
        func number(_ text: String, _ pattern: String) throws -> Int? {
            let expression = try NSRegularExpression(pattern: pattern)
            guard let match = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)), let range = Range(match.range(at: 1), in: text) else { return nil }
            return Int(text[range].replacingOccurrences(of: "_", with: ""), radix: 16)
        }
        for (c, swift) in [("HEADER_DOORBELL", "doorbell"), ("HEADER_STATE", "runState"), ("HEADER_STATUS", "exitStatus"), ("HEADER_PANIC_LENGTH", "panicLength"),
                           ("HEADER_PANIC", "panicText"), ("HEADER_PANIC_SIZE", "panicCapacity")] {
            let inC = try number(panic, "\(c) +0x([0-9A-Fa-f]+)"), inSwift = try number(arena, "var \(swift): Int \\{ 0x([0-9A-Fa-f_]+) \\}")
            #expect(inC != nil && inC == inSwift, "\(c)")
        }
        let boot = try Package.text("Sources/CMachine/boot.c")
        for (c, swift) in [("HEADER_VERSION", "version"), ("HEADER_LAYOUT", "layout")] {
            let inC = try number(boot, "\(c) +0x([0-9A-Fa-f]+)"), inSwift = try number(arena, "var \(swift): Int \\{ 0x([0-9A-Fa-f_]+) \\}")
            #expect(inC != nil && inC == inSwift, "\(c)")
        }
        #expect(try number(try Package.text("Sources/CMachine/include/layout.h"), "ML_ARENA +0x([0-9a-f]+)") == number(arena, "var address: UInt \\{ 0x([0-9A-Fa-f_]+) \\}"))
    }

    /// Image and monitor of different builds find out: whatever changes in the protocol's code changes the number by which they know each
    /// other.
    @Test func protocolVersion() throws {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for source in Package.swift where source.module == "MonitorProtocol" && !source.path.hasSuffix("/Version.swift") {
            for byte in source.code.utf8 where byte > 0x20 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let wanted = "0x" + String(hash, radix: 16)
        let header = try Package.text("Sources/CMachine/include/protocol.h"), swift = try Package.text("Sources/MonitorProtocol/Version.swift")
        #expect(swift.contains("layout: UInt64 { \(wanted) }"), "MonitorProtocol has changed: its layout is \(wanted), to be written into Version.swift")
        #expect(header.contains("ML_PROTOCOL_LAYOUT  \(wanted)\n"), "MonitorProtocol has changed: its layout is \(wanted), to be written into protocol.h")
        let version = try Self.cases("Sources/MonitorProtocol/Version.swift", #"version: UInt32 \{ (\d+) \}"#)
        #expect(version == (try Self.cases("Sources/CMachine/include/protocol.h", #"ML_PROTOCOL_VERSION (\d+)"#)) && version.count == 1)
    }

    /// Every file of known failures names what exists, and gives a reason.
    @Test(arguments: [("Conformance", ".c"), ("Tests/Programs", ".sh")])
    func knownFailures(directory: String, suffix: String) throws {
        for line in try Package.text(directory + "/known-failures.txt").split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard let name = words.first else { continue }
            #expect(FileManager.default.fileExists(atPath: "\(Package.root)/\(directory)/\(name)\(suffix)"), "\(name)")
            #expect(words.count == 2, "\(name) has no reason")
        }
    }
}
