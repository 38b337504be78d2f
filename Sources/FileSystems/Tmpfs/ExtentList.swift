/// The extents of a file in its order, in short arrays: one more in the middle of hundreds of thousands, as writing at random places or
/// from the end makes them, moves few of them. A file mostly has few, and these lie in one array.
struct ExtentList {
    typealias Extent = PageExtents.Extent

    /// Where an extent is, or (see ``end``) behind all. Valid until the next insertion or removal.
    struct Position: Equatable {
        var leaf = 0
        var slot = 0
    }

    private static var leafLimit: Int { 128 }
    /// The leaf 0; empty only if there are no extents.
    private var first: [Extent] = []
    /// The leaves 1 and following; none is empty.
    private var others: [[Extent]] = []

    var end: Position { Position(leaf: others.count &+ 1, slot: 0) }

    private func count(of leaf: Int) -> Int { leaf == 0 ? first.count : others[leaf &- 1].count }

    /// Whether there is an extent at the position.
    @inline(__always)
    func has(_ place: Position) -> Bool {
        place.leaf == 0 ? place.slot < first.count : place.leaf <= others.count && place.slot < others[place.leaf &- 1].count
    }

    @inline(__always)
    subscript(_ place: Position) -> Extent {
        get { place.leaf == 0 ? first[place.slot] : others[place.leaf &- 1][place.slot] }
        set { if place.leaf == 0 { first[place.slot] = newValue } else { others[place.leaf &- 1][place.slot] = newValue } }
    }

    /// The first extent that ends after `page`, or ``end``.
    func search(_ page: Int) -> Position {
        var leaf = 0
        if let last = first.last, last.end <= page {
            var low = 0, high = others.count
            while low < high {
                let middle = (low &+ high) / 2
                if others[middle][others[middle].count &- 1].end <= page { low = middle &+ 1 } else { high = middle }
            }
            leaf = low &+ 1
        }
        if first.isEmpty || leaf > others.count { return end }
        var low = 0, high = count(of: leaf)
        while low < high {
            let middle = (low &+ high) / 2
            if self[Position(leaf: leaf, slot: middle)].end <= page { low = middle &+ 1 } else { high = middle }
        }
        return Position(leaf: leaf, slot: low)
    }

    func next(_ place: Position) -> Position {
        place.slot &+ 1 < count(of: place.leaf) ? Position(leaf: place.leaf, slot: place.slot &+ 1) : Position(leaf: place.leaf &+ 1, slot: 0)
    }

    /// What is before a position, which may be ``end``.
    func previous(_ place: Position) -> Position? {
        if place.slot > 0 { return Position(leaf: place.leaf, slot: place.slot &- 1) }
        guard place.leaf > 0, !first.isEmpty else { return nil }
        return Position(leaf: place.leaf &- 1, slot: count(of: place.leaf &- 1) &- 1)
    }

    /// Puts an extent before the one at `place`, which may be ``end``.
    /// - Returns: where it is.
    mutating func insert(_ extent: Extent, at place: Position) -> Position {
        var place = place
        if !has(place) { place = Position(leaf: others.count, slot: count(of: others.count)) }
        if count(of: place.leaf) >= ExtentList.leafLimit {
            if place.leaf == others.count, place.slot == count(of: place.leaf) {
                others.append([extent])
                return Position(leaf: others.count, slot: 0)
            }
            let half = ExtentList.leafLimit / 2
            if place.leaf == 0 {
                others.insert([Extent](first[half...]), at: 0)
                first.removeSubrange(half...)
            } else {
                let upper = [Extent](others[place.leaf &- 1][half...])
                others[place.leaf &- 1].removeSubrange(half...)
                others.insert(upper, at: place.leaf)
            }
            if place.slot > half { place = Position(leaf: place.leaf &+ 1, slot: place.slot &- half) }
        }
        if place.leaf == 0 { first.insert(extent, at: place.slot) } else { others[place.leaf &- 1].insert(extent, at: place.slot) }
        return place
    }

    /// - Returns: where the following one is now.
    mutating func remove(at place: Position) -> Position {
        if place.leaf == 0 {
            first.remove(at: place.slot)
            if first.isEmpty {
                guard !others.isEmpty else { return end }
                first = others.removeFirst()
                return Position()
            }
        } else {
            others[place.leaf &- 1].remove(at: place.slot)
            if others[place.leaf &- 1].isEmpty {
                others.remove(at: place.leaf &- 1)
                return Position(leaf: place.leaf, slot: 0)
            }
        }
        return place.slot < count(of: place.leaf) ? place : Position(leaf: place.leaf &+ 1, slot: 0)
    }

    /// Takes away an extent and all that follow.
    mutating func removeAll(from place: Position) {
        guard has(place) else { return }
        if place.leaf == 0 {
            first.removeSubrange(place.slot...)
            others.removeAll()
            return
        }
        others.removeSubrange(place.leaf...)
        if place.slot == 0 { others.removeLast() } else { others[place.leaf &- 1].removeSubrange(place.slot...) }
    }
}
