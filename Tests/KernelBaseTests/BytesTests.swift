import KernelBase
import Testing

@Suite struct BytesTests {
    private func text(_ body: (inout Bytes) -> Void) -> String {
        var bytes: Bytes = []
        body(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [0, 1, -1, 9, 10, 1_234_567, Int.max, Int.min])
    func decimal(value: Int) { #expect(text { $0.append(decimal: value) } == String(value)) }

    @Test(arguments: [0, 1, 8, 15, 16, 0xff, 0x1000, UInt.max, 1 << 63])
    func otherBases(value: UInt) {
        #expect(text { $0.append(hex: value) } == String(value, radix: 16))
        #expect(text { $0.append(octal: value) } == String(value, radix: 8))
        let digits = String(value, radix: 16)
        #expect(text { $0.append(hex: value, width: 8) } == String(repeating: "0", count: max(0, 8 - digits.count)) + digits)
        #expect(text { $0.append(octal: value & 0xff, width: 3) } == String(String(1 << 9 | value & 0xff, radix: 8).suffix(3)))
    }

    @Test func padded() {
        #expect(text { $0.append(decimal: 42 as UInt, width: 6) } == "    42")
        #expect(text { $0.append(decimal: 1_234_567 as UInt, width: 3) } == "1234567")
    }

    @Test func littleEndian() {
        #expect(text { $0.append(littleEndian: 0x0102 as UInt16) } == "\u{2}\u{1}")
        var bytes = Bytes(repeating: 9, count: 6)
        bytes.store(littleEndian: -2 as Int32, at: 1)
        #expect(bytes == [9, 0xfe, 0xff, 0xff, 0xff, 9] && bytes.load32(at: 1) == 0xffff_fffe)
        // What is not wholly inside goes nowhere.
        for offset in [-1, 3, 6, .max] { bytes.store(littleEndian: 0 as UInt32, at: offset) }
        #expect(bytes == [9, 0xfe, 0xff, 0xff, 0xff, 9])
    }

    @Test func literals() {
        #expect(Bytes("abc") == [97, 98, 99])
        #expect(Bytes("abc").equals("abc") && !Bytes("abc").equals("ab") && !Bytes("ab").equals("abc") && !Bytes("abd").equals("abc"))
        #expect(Bytes("abc").hasPrefix("ab") && Bytes("abc").hasPrefix("") && !Bytes("ab").hasPrefix("abc"))
    }

    @Test func numbersFromText() {
        #expect(Bytes("0").decimalValue == 0)
        #expect(Bytes("18446744073709551615").decimalValue == .max)
        for text: Bytes in [[], Bytes("18446744073709551616"), Bytes("99999999999999999999"), Bytes("-1"), Bytes("1 "), Bytes("0x1"), Bytes("000000000000000000001")] {
            #expect(text.decimalValue == nil)
        }
    }
}
