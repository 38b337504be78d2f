import MonitorProtocol
import Testing

@testable import FileSystems

@Suite struct DirectoryTableTests {
    private func attributes(_ number: UInt64) -> HostAttributes {
        var bytes = [UInt8](repeating: 0, count: Attributes.size)
        for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index)) }
        return HostAttributes(bytes)!
    }
    private func name(_ number: Int) -> [UInt8] { Array("name-\(number)".utf8) }

    @Test func findsWhatWasInserted() {
        var table = DirectoryTable()
        for number in 0..<5000 { table.insert(name(number), target: Array("-> \(number)".utf8), attributes(UInt64(number)), inode: nil) }
        #expect(table.count == 5000)
        for number in 0..<5000 {
            guard let index = table.find(name(number)) else {
                Issue.record("\(number) is missing")
                continue
            }
            #expect(index == number)
            #expect(table.name(index) == name(number))
            #expect(table.target(index) == Array("-> \(number)".utf8))
            #expect(table.entries[index].attributes.number == UInt64(number))
        }
        #expect(table.find(name(5000)) == nil)
        #expect(table.find([]) == nil)
    }

    @Test func againstADictionary() {
        var generator = SystemRandomNumberGenerator()
        var table = DirectoryTable()
        var model: [Int: UInt64] = [:]
        for step in 0..<20_000 {
            let number = Int.random(in: 0..<300, using: &generator)
            if Bool.random(using: &generator) {
                table.insert(name(number), target: [], attributes(UInt64(step)), inode: nil)
                model[number] = UInt64(step)
            } else {
                table.remove(name(number))
                model[number] = nil
            }
        }
        #expect(table.count == model.count)
        for number in 0..<300 {
            let found = table.find(name(number)).map { table.entries[$0].attributes.number }
            #expect(found == model[number])
        }
        #expect(table.entries.filter { $0.isUsed }.count == model.count)
        #expect(table.entries.count <= 300)
    }

    @Test func newListingKeepsPlaces() {
        var table = DirectoryTable()
        for number in 0..<10 { table.insert(name(number), target: [], attributes(UInt64(number)), inode: nil) }
        table.markUnseen()
        for number in stride(from: 0, to: 10, by: 2) { table.setAttributes(table.find(name(number))!, attributes(UInt64(number + 100))) }
        table.insert(name(20), target: [], attributes(20), inode: nil)
        table.removeUnseen()
        #expect(table.count == 6)
        #expect(table.find(name(3)) == nil)
        #expect(table.find(name(8)) == 8)
        #expect(table.entries[8].attributes.number == 108)
        #expect(table.find(name(20)) != nil)
    }

    @Test func listingsThatAreCutOff() {
        var entry = [UInt8](repeating: 0, count: ListEntry.name + 8)
        entry[0] = UInt8(entry.count)
        entry[4] = 3
        entry.replaceSubrange(ListEntry.name..<(ListEntry.name + 3), with: Array("abc".utf8))
        var names: [[UInt8]] = []
        #expect(ListedEntry.decode(entry + entry, from: 0) { names.append($0.name) })
        #expect(names == [Array("abc".utf8), Array("abc".utf8)])
        for length in 1..<entry.count { #expect(!ListedEntry.decode(Array(entry[..<length]), from: 0) { _ in }) }
        entry[6] = 200  // a target beyond the entry
        #expect(!ListedEntry.decode(entry, from: 0) { _ in })
    }

    @Test func times() {
        var bytes = [UInt8](repeating: 0, count: Attributes.size)
        // -1 s + 999999999 ns
        for index in 0..<8 { bytes[Attributes.modifySeconds + index] = 0xff }
        for (index, byte) in [0xff, 0xc9, 0x9a, 0x3b].enumerated() { bytes[Attributes.modifyNanoseconds + index] = UInt8(byte) }
        bytes[Attributes.changeSeconds + 7] = 0x7f
        let attributes = HostAttributes(bytes)!
        #expect(attributes.modifyTime == -1)
        #expect(attributes.changeTime == .max)
        let parts = HostAttributes.parts(-1)
        #expect(Int64(bitPattern: parts.seconds) == -1 && parts.nanoseconds == 999_999_999)
        #expect(HostAttributes.parts(1_500_000_000).nanoseconds == 500_000_000)
    }
}
