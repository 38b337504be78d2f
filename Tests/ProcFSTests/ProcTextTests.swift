import KernelBase
import Testing

@testable import ProcFS

@Suite struct ProcTextTests {
    private func string(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func names() {
        #expect(ProcText.number(Bytes("1")) == 1)
        #expect(ProcText.number(Bytes("0")) == 0)
        #expect(ProcText.number(Bytes("32767")) == 32767)
        for name: Bytes in [[], Bytes("01"), Bytes("-1"), Bytes("+1"), Bytes("1a"), Bytes("1073741824"), Bytes("99999999999999999999999"), Bytes("self")] {
            #expect(ProcText.number(name) == nil, "\(name)")
        }
    }

    @Test func writtenNumbers() {
        let right: [(Bytes, Int)] = [
            (Bytes("5"), 5), (Bytes(" 12\n"), 12), (Bytes("-17"), -17), (Bytes("+4"), 4), (Bytes("0x1f"), 31), (Bytes("017"), 15),
            (Bytes("9223372036854775807"), .max), (Bytes("0\0"), 0), (Bytes("0XfF"), 255),
        ]
        for (text, value) in right { #expect(ProcText.integer(text) == value, "\(text)") }
        for text: Bytes in [[], Bytes("\n"), Bytes("-"), Bytes("0x"), Bytes("08"), Bytes("1 2"), Bytes("9223372036854775808"), Bytes("12g"), Bytes("0xg")] {
            #expect(ProcText.integer(text) == nil, "\(text)")
        }
    }

    @Test func bitLists() {
        #expect(string(ProcText.list([0b1000_1111])) == "0-3,7\n")
        #expect(string(ProcText.list([0])) == "\n")
        #expect(string(ProcText.list([])) == "\n")
        #expect(string(ProcText.list([1 << 63, 1])) == "63-64\n")
        #expect(string(ProcText.list([.max, .max])) == "0-127\n")
        #expect(string(ProcText.mask([0b11], bits: 2)) == "3")
        #expect(string(ProcText.mask([0xffff_ffff_ffff], bits: 48)) == "ffff,ffffffff")
        #expect(string(ProcText.mask([], bits: 0)) == "0")
    }

    @Test func escapes() {
        var text: Bytes = []
        ProcText.append(escaped: Bytes("a b\tc\nd\\e#f"), &text)
        #expect(string(text) == #"a\040b\011c\012d\134e\043f"#)
    }

    @Test func columns() {
        var text: Bytes = []
        text.kilobytes("MemTotal:       ", 1024)
        text.kilobytes("VmX:\t", -5)
        text.line("processes ", 7)
        text.padded(Bytes("ab"), 4)
        text.padded(Bytes("abcdef"), 4)
        #expect(string(text) == "MemTotal:           1024 kB\nVmX:\t       0 kB\nprocesses 7\nab  abcdef")
    }
}
