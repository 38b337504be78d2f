import HostBase
import Testing

/// Bytes of the host as text and back.
struct HostTextTests {
    @Test(arguments: [
        [], Array("plain".utf8), Array("größer 漢字 🐦".utf8), [0x63, 0xe9], [0xff], [0x80, 0xc0, 0xc1, 0xfe], [0xf4, 0x8f, 0xbf, 0xbf],
        [0xf4, 0x8f, 0xbe, 0x80], [0xf4, 0x8f, 0xbe], [0xf4, 0x90, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xe0, 0x80, 0x80], [0xc3], [0xe2, 0x82], [0xf0, 0x9f],
        [0xf4, 0x8f, 0xbf, 0xf4, 0x8f, 0xbf, 0xbf], [0x41, 0xf0, 0x80, 0x80, 0x80, 0x42],
    ] as [[UInt8]])
    func comesBack(_ bytes: [UInt8]) { #expect(HostText.bytes(HostText.string(bytes)) == bytes) }

    @Test func everyPairOfBytesComesBack() {
        for first in UInt8.min...UInt8.max {
            for second in (0x1f...0x3f).map({ UInt8(4 * $0) }) {
                let bytes = [0xf4, first, second, first]
                #expect(HostText.bytes(HostText.string(bytes)) == bytes)
            }
        }
    }

    @Test func textStaysText() {
        #expect(HostText.string(Array("größer 漢字 🐦".utf8)) == "größer 漢字 🐦")
        #expect(HostText.path("a\u{fc}") == [97, CChar(bitPattern: 0xc3), CChar(bitPattern: 0xbc), 0])
        #expect(HostText.string([0x61, 0xff]).unicodeScalars.map(HostText.isKeptByte) == [false, true])
    }
}

/// What the parser says, as one line.
struct UsageMessageTests {
    @Test func mistakes() {
        #expect(UsageMessage.line("Error: Missing value for '--x <n>'\nHelp:  --x <n>  Text.\nUsage: tool run [<options>]\n  See 'tool run --help' for more information.")
            == "Missing value for '--x <n>' (see tool run --help)")
        #expect(UsageMessage.line("Error: The value 'a' is invalid. Please provide one of the following:\n  - b\n  - c\nHelp:  --x\nUsage: t")
            == "The value 'a' is invalid. Please provide one of the following: b, c")
        #expect(UsageMessage.line("no program; see tool run --help") == "no program; see tool run --help")
    }
}
