import Glibc
import LinuxABI
import Testing

struct ElfTests {
    @Test func aProgramOfTheHost() throws {
        let file = try #require(contents(of: "/bin/sh"))
        let header = try ElfHeader(parsing: file.span)
        #expect(header.type == ET_DYN && header.programHeaderOffset == 64)
        let table = Array(file[64..<64 + header.programHeaderTableSize])
        let layout = try ElfLayout(header, programHeaders: table.span)
        #expect(layout.start == 0 && layout.end > layout.start && layout.loadCount >= 2)
        #expect(!layout.executableStack && layout.programHeaders == 64)
        #expect(layout.codeEnd > 0 && layout.dataEnd >= layout.codeEnd && header.entry < layout.codeEnd)
        let name = try #require(layout.interpreter)
        let bytes = file[Int(name.offset)..<Int(name.offset + name.size)]
        #expect(bytes.elementsEqual("/lib64/ld-linux-x86-64.so.2\0".utf8))
    }

    @Test func filesOfOtherKinds() throws {
        var file = try #require(contents(of: "/bin/sh"))
        #expect(throws: ElfError.notElf) { try ElfHeader(parsing: Array("#!/bin/sh\n".utf8).span) }
        #expect(throws: ElfError.notElf) { try ElfHeader(parsing: [UInt8]().span) }
        #expect(throws: ElfError.notElf) { try ElfHeader(parsing: Array(file.prefix(63)).span) }
        file[18] = 3
        #expect(throws: ElfError.wrongKind) { try ElfHeader(parsing: file.span) }
        file[18] = 62
        file[54] = 32
        #expect(throws: ElfError.badTable) { try ElfHeader(parsing: file.span) }
        file[54] = 56
        file[57] = 0xff
        #expect(throws: ElfError.badTable) { try ElfHeader(parsing: file.span) }
    }

    /// Broken files are refused or accepted, but never trap.
    @Test func hostileFiles() throws {
        let file = try #require(contents(of: "/bin/sh"))
        let head = Array(file.prefix(64 + 56 * 16))
        var random = Xorshift(state: 88_172_645_463_325_252)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = head
            for _ in 0..<(1 + Int(random.next() % 6)) {
                let value = [0, 1, 0x7f, 0x80, 0xff, UInt8(truncatingIfNeeded: random.next())][Int(random.next() % 6)]
                let start = Int(random.next() % UInt64(bytes.count))
                for offset in start..<min(bytes.count, start + [1, 2, 4, 8][Int(random.next() % 4)]) { bytes[offset] = value }
            }
            bytes = Array(bytes.prefix(Int(random.next() % UInt64(bytes.count)) + 400))
            guard let header = try? ElfHeader(parsing: bytes.span) else { continue }
            let table = Array(bytes.dropFirst(64))
            guard let layout = try? ElfLayout(header, programHeaders: table.span) else { continue }
            accepted += 1
            #expect(layout.loadCount == 0 || layout.start <= layout.end && layout.end <= TASK_SIZE && layout.start % PAGE_SIZE == 0)
            #expect(layout.alignment.nonzeroBitCount == 1 && layout.alignment >= PAGE_SIZE)
        }
        #expect(accepted > 100)
    }

    private struct Xorshift: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var result = [UInt8]()
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return result }
            result += buffer.prefix(count)
        }
    }
}
