import KernelBase
import Testing

/// Keys that all land in few places, so that searches have to go on.
private struct Crowded: TableKey {
    let value: Int
    var tableHash: UInt { UInt(value % 3) }
}

@Suite struct HashTableTests {
    /// The same random operations on a table and on a dictionary.
    private func compare<Key: TableKey & Hashable>(seed: UInt64, _ key: (UInt64) -> Key) {
        var state = seed
        func random() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        var table = HashTable<Key, Int>()
        var model: [Key: Int] = [:]
        for step in 0..<20_000 {
            let k = key(random())
            switch random() % 5 {
            case 0, 1:
                table[k] = step
                model[k] = step
            case 2, 3: #expect(table.remove(k) == model.removeValue(forKey: k))
            default: #expect(table[k] == model[k])
            }
            if step % 6_007 == 0 {
                table.removeAll()
                model.removeAll()
            }
            #expect(table.count == model.count)
        }
        #expect(Set(table.keys) == Set(model.keys))
        #expect(table.values.sorted() == model.values.sorted())
        var seen: [Key: Int] = [:]
        table.forEach { seen[$0] = $1 }
        #expect(seen == model)
    }

    @Test func asADictionary() {
        compare(seed: 1) { Int32(truncatingIfNeeded: $0 % 500) }
        compare(seed: 2) { UInt($0 % 40) << 12 }
        compare(seed: 3) { [UInt8](String($0 % 300).utf8) }
    }

    @Test func manyKeysInOnePlace() {
        var table = HashTable<Crowded, Int>()
        for value in 0..<200 { table[Crowded(value: value)] = value }
        for value in stride(from: 0, to: 200, by: 2) { table[Crowded(value: value)] = nil }
        for value in 0..<200 { #expect(table[Crowded(value: value)] == (value % 2 == 0 ? nil : value)) }
        #expect(table.count == 100)
    }

    /// What is removed leaves marks behind; a table of changing keys and constant size must not fill up with them.
    @Test func changingKeys() {
        var table = HashTable<Int, Int>()
        for value in 0..<100_000 {
            table[value] = value
            if value >= 4 { #expect(table.remove(value - 4) == value - 4) }
        }
        #expect(table.count == 4)
        #expect(table[1] == nil)
    }
}
