import KernelBase
import MonitorProtocol

/// The listing of a host directory: names, attributes, link texts, and the inodes made of them so far.
///
/// An entry keeps its index as long as it lives, so that a directory can be read while others change it. Names lie
/// one after the other in one array: a directory of a thousand files is four allocations, not thousands.
struct DirectoryTable {
    struct Entry {
        /// Place of the name in ``DirectoryTable/names``; the target follows it.
        fileprivate var start: UInt32
        /// 0: free.
        fileprivate(set) var nameLength: UInt16
        fileprivate var targetLength: UInt16
        /// As listed; once there is an inode, its own are newer. `mode` 0: not known.
        var attributes: HostAttributes
        var inode: HostInode?
        /// For ``DirectoryTable/removeUnseen()``.
        fileprivate var isSeen: Bool

        var isUsed: Bool { nameLength != 0 }
    }

    private var names: Bytes = []
    private(set) var entries: [Entry] = []
    private var freeEntries: [UInt32] = []
    /// Open-addressed: index of an entry + 1, 0 where free, ``DirectoryTable/removedMark`` where one was.
    private var places: [UInt32] = []
    /// Places that are not 0.
    private var filled = 0
    private(set) var count = 0
    /// Bytes of ``names`` that belong to no entry.
    private var garbage = 0

    private static var removedMark: UInt32 { .max }

    init() {}

    private static func hash(_ name: Bytes) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: hash >> 20)
    }

    // --- reading ---

    /// The index of a name's entry.
    func find(_ name: Bytes) -> Int? {
        guard let place = findPlace(name) else { return nil }
        return Int(places[place]) &- 1
    }

    private func findPlace(_ name: Bytes) -> Int? {
        guard !places.isEmpty, !name.isEmpty else { return nil }
        let mask = places.count &- 1
        var place = DirectoryTable.hash(name) & mask
        while places[place] != 0 {
            if places[place] != DirectoryTable.removedMark, matches(Int(places[place]) &- 1, name) { return place }
            place = (place &+ 1) & mask
        }
        return nil
    }

    private func matches(_ index: Int, _ name: Bytes) -> Bool {
        guard Int(entries[index].nameLength) == name.count else { return false }
        let start = Int(entries[index].start)
        for i in 0..<name.count where names[start &+ i] != name[i] { return false }
        return true
    }

    func name(_ index: Int) -> Bytes {
        let start = Int(entries[index].start)
        return Bytes(names[start..<(start &+ Int(entries[index].nameLength))])
    }

    /// Text of a symbolic link; empty if it is not known.
    func target(_ index: Int) -> Bytes {
        let start = Int(entries[index].start) &+ Int(entries[index].nameLength)
        return Bytes(names[start..<(start &+ Int(entries[index].targetLength))])
    }

    // --- changing ---

    /// Puts a name in, or replaces what it stood for.
    /// - Returns: its index.
    @discardableResult
    mutating func insert(_ name: Bytes, target: Bytes, _ attributes: HostAttributes, inode: HostInode?) -> Int {
        if let place = findPlace(name) {
            let index = Int(places[place]) &- 1
            let old = entries[index]
            let start = store(name, target)
            garbage &+= Int(old.nameLength) &+ Int(old.targetLength)
            entries[index] = Entry(start: start, nameLength: UInt16(truncatingIfNeeded: name.count), targetLength: UInt16(clamping: target.count),
                                   attributes: attributes, inode: inode, isSeen: true)
            return index
        }
        let entry = Entry(start: store(name, target), nameLength: UInt16(truncatingIfNeeded: name.count), targetLength: UInt16(clamping: target.count),
                          attributes: attributes, inode: inode, isSeen: true)
        var index = entries.count
        if let free = freeEntries.popLast() {
            index = Int(free)
            entries[index] = entry
        } else {
            entries.append(entry)
        }
        count &+= 1
        if (filled &+ 1) &* 4 > places.count &* 3 { rebuildPlaces() } else { place(index) }
        return index
    }

    /// Takes a name out.
    mutating func remove(_ name: Bytes) {
        if let place = findPlace(name) { remove(at: place) }
    }

    private mutating func remove(at place: Int) {
        let index = Int(places[place]) &- 1
        garbage &+= Int(entries[index].nameLength) &+ Int(entries[index].targetLength)
        entries[index].nameLength = 0
        entries[index].targetLength = 0
        entries[index].inode = nil
        freeEntries.append(UInt32(truncatingIfNeeded: index))
        places[place] = DirectoryTable.removedMark
        count &-= 1
    }

    mutating func setInode(_ index: Int, _ inode: HostInode?) { entries[index].inode = inode }
    mutating func setAttributes(_ index: Int, _ attributes: HostAttributes) {
        entries[index].attributes = attributes
        entries[index].isSeen = true
    }

    /// Drops the inode of an entry if nobody else holds it, keeping its attributes.
    /// - Returns: whether the entry has none now.
    mutating func dropInode(_ index: Int) -> Bool {
        guard entries[index].inode != nil else { return true }
        guard isKnownUniquelyReferenced(&entries[index].inode), let inode = entries[index].inode else { return false }
        entries[index].attributes = HostAttributes(of: inode)
        entries[index].inode = nil
        return true
    }

    /// Begins a new listing on top of this one: names that are not inserted or set again go with ``removeUnseen()``.
    mutating func markUnseen() {
        for index in 0..<entries.count { entries[index].isSeen = false }
    }

    mutating func removeUnseen() {
        for place in 0..<places.count where places[place] != 0 && places[place] != DirectoryTable.removedMark {
            if !entries[Int(places[place]) &- 1].isSeen { remove(at: place) }
        }
    }

    /// Takes out the names no inode was made for.
    mutating func removeUnknown() {
        for place in 0..<places.count where places[place] != 0 && places[place] != DirectoryTable.removedMark {
            if entries[Int(places[place]) &- 1].inode == nil { remove(at: place) }
        }
    }

    // --- storage ---

    private mutating func store(_ name: Bytes, _ target: Bytes) -> UInt32 {
        if garbage > 4096, garbage > names.count / 2 { compact() }
        let start = UInt32(truncatingIfNeeded: names.count)
        names.append(contentsOf: name)
        names.append(contentsOf: target)
        return start
    }

    private mutating func compact() {
        var fresh: Bytes = []
        fresh.reserveCapacity(names.count &- garbage)
        for index in 0..<entries.count where entries[index].isUsed {
            let start = Int(entries[index].start)
            let length = Int(entries[index].nameLength) &+ Int(entries[index].targetLength)
            entries[index].start = UInt32(truncatingIfNeeded: fresh.count)
            fresh.append(contentsOf: names[start..<(start &+ length)])
        }
        names = fresh
        garbage = 0
    }

    private mutating func place(_ index: Int) {
        let mask = places.count &- 1
        var place = DirectoryTable.hash(name(index)) & mask
        while places[place] != 0, places[place] != DirectoryTable.removedMark { place = (place &+ 1) & mask }
        if places[place] == 0 { filled &+= 1 }
        places[place] = UInt32(truncatingIfNeeded: index &+ 1)
    }

    private mutating func rebuildPlaces() {
        var capacity = 8
        while capacity < count &* 2 { capacity &*= 2 }
        places = [UInt32](repeating: 0, count: capacity)
        filled = 0
        for index in 0..<entries.count where entries[index].isUsed { place(index) }
    }
}
