/// A key of a ``HashTable``.
public protocol TableKey: Equatable {
    /// A well-mixed hash of the key.
    var tableHash: UInt { get }
}

extension UInt: TableKey {
    @inline(__always)
    public var tableHash: UInt {
        // The finaliser of a multiplicative hash: the high bits depend on all of the key's.
        let x = (self ^ (self >> 32)) &* 0x9E37_79B9_7F4A_7C15
        return x ^ (x >> 29)
    }
}
extension Int: TableKey { @inline(__always) public var tableHash: UInt { UInt(bitPattern: self).tableHash } }
extension Int32: TableKey { @inline(__always) public var tableHash: UInt { UInt(UInt32(bitPattern: self)).tableHash } }
extension UInt32: TableKey { @inline(__always) public var tableHash: UInt { UInt(self).tableHash } }
extension UInt64: TableKey { @inline(__always) public var tableHash: UInt { UInt(self).tableHash } }

extension Array: TableKey where Element == UInt8 {
    public var tableHash: UInt {
        var hash: UInt = 0xcbf2_9ce4_8422_2325
        for byte in self { hash = (hash ^ UInt(byte)) &* 0x0000_0100_0000_01b3 }
        return hash.tableHash
    }
}

/// A hash table with open addressing; the kernel's replacement for `Dictionary`, whose growth computes
/// with x87 registers, which belong to the guest.
public struct HashTable<Key: TableKey, Value> {
    private enum Entry {
        case free
        /// Was in use: a search must go on.
        case removed
        case used(Key, Value)
    }
    private var entries: [Entry] = []
    public private(set) var count = 0
    /// Entries that are not free.
    private var filled = 0

    public init() {}

    public var isEmpty: Bool { count == 0 }

    private func find(_ key: Key) -> Int? {
        guard !entries.isEmpty else { return nil }
        let mask = entries.count &- 1
        var index = Int(bitPattern: key.tableHash) & mask
        while true {
            switch entries[index] {
            case .free: return nil
            case .removed: break
            case .used(let other, _): if other == key { return index }
            }
            index = (index &+ 1) & mask
        }
    }

    public subscript(key: Key) -> Value? {
        get {
            guard let index = find(key), case .used(_, let value) = entries[index] else { return nil }
            return value
        }
        set {
            if let newValue { insert(key, newValue) } else { remove(key) }
        }
    }

    private mutating func insert(_ key: Key, _ value: Value) {
        if let index = find(key) {
            entries[index] = .used(key, value)
            return
        }
        if (filled &+ 1) &* 4 > entries.count &* 3 { rebuild() }
        place(key, value)
    }

    private mutating func place(_ key: Key, _ value: Value) {
        let mask = entries.count &- 1
        var index = Int(bitPattern: key.tableHash) & mask
        while true {
            switch entries[index] {
            case .used: index = (index &+ 1) & mask
            case .removed:
                entries[index] = .used(key, value)
                count &+= 1
                return
            case .free:
                entries[index] = .used(key, value)
                count &+= 1
                filled &+= 1
                return
            }
        }
    }

    private mutating func rebuild() {
        var capacity = 8
        while capacity < (count &+ 1) &* 2 { capacity &*= 2 }
        let old = entries
        entries = Array(repeating: .free, count: capacity)
        count = 0
        filled = 0
        for case .used(let key, let value) in old { place(key, value) }
    }

    @discardableResult
    public mutating func remove(_ key: Key) -> Value? {
        guard let index = find(key), case .used(_, let value) = entries[index] else { return nil }
        entries[index] = .removed
        count &-= 1
        if count == 0 {
            entries = []
            filled = 0
        }
        return value
    }

    public mutating func removeAll() {
        entries = []
        count = 0
        filled = 0
    }

    /// Calls `body` with each pair, in no particular order. The table must not change meanwhile.
    public func forEach(_ body: (Key, Value) -> Void) {
        for case .used(let key, let value) in entries { body(key, value) }
    }

    public var keys: [Key] {
        var result: [Key] = []
        for case .used(let key, _) in entries { result.append(key) }
        return result
    }
    public var values: [Value] {
        var result: [Value] = []
        for case .used(_, let value) in entries { result.append(value) }
        return result
    }
}
