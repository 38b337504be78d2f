import MonitorProtocol
import Testing

@testable import Monitor

/// The note by which an image says which protocol it speaks.
struct ImageVersionTests {
    static func little(_ value: UInt64, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) } }

    /// An ELF file of two program headers: the image's first segment, and notes.
    static func file(_ notes: [UInt8], address: UInt64 = UInt64(Arena.imageAddress), notesSize: UInt64? = nil) -> [UInt8] {
        var bytes: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1] + [UInt8](repeating: 0, count: 58)
        func put(_ value: UInt64, _ at: Int, _ width: Int) { bytes.replaceSubrange(at..<at + width, with: little(value, width)) }
        put(64, 32, 8)
        put(56, 54, 2)
        put(2, 56, 2)
        bytes += little(1, 8) + little(0, 8) + little(address, 16) + little(100, 24)
        bytes += little(4, 8) + little(176, 8) + little(0, 16) + little(notesSize ?? UInt64(notes.count), 24)
        return bytes + notes
    }
    static func note(_ version: UInt32, _ layout: UInt64, owner: String = "Martlet\0") -> [UInt8] {
        little(UInt64(owner.utf8.count), 4) + little(16, 4) + little(1, 4) + Array(owner.utf8) + little(UInt64(version), 8) + little(layout, 8)
    }
    static func fault(_ file: [UInt8]) -> String? {
        ImageVersion { offset, count in offset < file.count ? Array(file[offset..<min(file.count, offset + count)]) : [] }.fault
    }
    static let none = "is not one of Martlet's", other = "is of another version than this martlet; build both (Tools/build)"

    @Test func ours() {
        let good = Self.note(Arena.version, Arena.layout)
        #expect(Self.fault(Self.file(good)) == nil)
        #expect(Self.fault(Self.file(Self.note(1, 2, owner: "GNU\0") + good)) == nil, "after another's note")
        #expect(Self.fault(Self.file(good, address: 0x40_0000)) == nil)
    }

    @Test func others() {
        #expect(Self.fault(Self.file(Self.note(Arena.version &+ 1, Arena.layout))) == Self.other)
        #expect(Self.fault(Self.file(Self.note(Arena.version, Arena.layout ^ 1 << 63))) == Self.other)
        #expect(Self.fault(Self.file(Self.note(Arena.version, Arena.layout, owner: "Martlot\0"))) == Self.other)
        #expect(Self.fault(Self.file([])) == Self.other, "one from before there was a note")
        #expect(Self.fault(Self.file([], address: 0x40_0000)) == Self.none)
        #expect(Self.fault([]) == Self.none)
        #expect(Self.fault(Array("#!/bin/sh\n".utf8)) == Self.none)
    }

    /// Files that are cut off, and sizes that are not true, are no reason to stop.
    @Test func broken() {
        let whole = Self.file(Self.note(Arena.version, Arena.layout))
        for length in 0..<whole.count { #expect(Self.fault(Array(whole[..<length])) != nil, "\(length)") }
        for at in 0..<whole.count {
            for value: UInt8 in [0xff, 0x7f, 0x80] {
                var changed = whole
                changed[at] = value
                _ = Self.fault(changed)
            }
        }
        #expect(Self.fault(Self.file(Self.little(.max, 8) + Self.little(.max, 8), notesSize: .max)) == Self.other)
    }
}
