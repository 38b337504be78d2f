import LinuxABI
import Machine

/// The virtual memory areas of an address space in order of address: pure bookkeeping that never calls the host.
///
/// Stored as a list of short arrays, so an insertion moves few elements however many there are, and a copy
/// (fork) shares everything until one side changes.
public struct VMAList {
    /// Where an area is. Valid until the next insertion or removal.
    public struct Position: Equatable {
        var leaf: Int
        var slot: Int
    }

    private static var leafLimit: Int { 64 }
    private var leaves: [[VMA]] = []
    public private(set) var count = 0

    /// Sums over all areas, in pages.
    public private(set) var totalPages = 0
    public private(set) var dataPages = 0
    public private(set) var stackPages = 0
    public private(set) var execPages = 0
    public private(set) var lockedPages = 0
    public private(set) var sharedPages = 0

    /// All holes between this address and the top of the mapping area are smaller than `largestHole`...
    private var searchCeiling: UInt = 0
    private var largestHole: UInt = 0

    public init() {}

    // --- looking ---

    /// The first area that ends after `address`, or nil.
    public func first(endingAfter address: UInt) -> Position? {
        // The leaf: the last one that starts at or before the address may hold it, else the next one does.
        var low = 0
        var high = leaves.count
        while low < high {
            let middle = (low &+ high) >> 1
            if leaves[middle][leaves[middle].count &- 1].end > address { high = middle } else { low = middle &+ 1 }
        }
        guard low < leaves.count else { return nil }
        let leaf = low
        low = 0
        high = leaves[leaf].count
        while low < high {
            let middle = (low &+ high) >> 1
            if leaves[leaf][middle].end > address { high = middle } else { low = middle &+ 1 }
        }
        return Position(leaf: leaf, slot: low)
    }

    /// The area that contains `address`.
    public func containing(_ address: UInt) -> Position? {
        guard let position = first(endingAfter: address), self[position].start <= address else { return nil }
        return position
    }

    /// The first area that has a byte of [start, end).
    public func firstOverlapping(_ start: UInt, _ end: UInt) -> Position? {
        guard let position = first(endingAfter: start), self[position].start < end else { return nil }
        return position
    }

    @inline(__always)
    public subscript(_ position: Position) -> VMA { leaves[position.leaf][position.slot] }

    public var firstPosition: Position? { leaves.isEmpty ? nil : Position(leaf: 0, slot: 0) }
    public var lastPosition: Position? {
        leaves.isEmpty ? nil : Position(leaf: leaves.count &- 1, slot: leaves[leaves.count &- 1].count &- 1)
    }

    public func next(_ position: Position) -> Position? {
        if position.slot &+ 1 < leaves[position.leaf].count { return Position(leaf: position.leaf, slot: position.slot &+ 1) }
        return position.leaf &+ 1 < leaves.count ? Position(leaf: position.leaf &+ 1, slot: 0) : nil
    }
    public func previous(_ position: Position) -> Position? {
        if position.slot > 0 { return Position(leaf: position.leaf, slot: position.slot &- 1) }
        return position.leaf > 0 ? Position(leaf: position.leaf &- 1, slot: leaves[position.leaf &- 1].count &- 1) : nil
    }
    /// The area before the first one that ends after `address`.
    public func last(endingAtOrBefore address: UInt) -> Position? {
        guard let position = first(endingAfter: address) else { return lastPosition }
        return previous(position)
    }

    public func forEach(_ body: (VMA) -> Void) {
        for leaf in leaves { for vma in leaf { body(vma) } }
    }

    /// Calls `body` with at most `count` areas, beginning with the first that ends after `address`.
    /// - Returns: an address for the next call; nil if these were the last.
    public func forEach(from address: UInt, count: Int, _ body: (VMA) -> Void) -> UInt? {
        var position = first(endingAfter: address)
        var done = 0
        var next = address
        while let at = position {
            if done >= count { return next }
            body(self[at])
            next = self[at].end
            done &+= 1
            position = self.next(at)
        }
        return nil
    }

    // --- changing single areas ---

    /// Pages that can become private memory of the process: those it may write to.
    var privatePages: Int { dataPages &+ stackPages }

    private mutating func account(_ flags: VMFlags, _ pages: Int) {
        totalPages &+= pages
        if flags.isData || flags.has(.growsDown) { Host.accountPrivate(pages: pages) }
        if flags.isData { dataPages &+= pages }
        if flags.has(.growsDown) { stackPages &+= pages }
        if flags.has(.exec) && !flags.has([.write, .growsDown]) { execPages &+= pages }
        if flags.has(.locked) { lockedPages &+= pages }
        if flags.has(.mayShare) { sharedPages &+= pages }
    }

    /// Puts an area where none is. Takes over a hold of its object.
    public mutating func insert(_ vma: VMA) {
        account(vma.flags, vma.pages)
        count &+= 1
        guard let position = first(endingAfter: vma.start) else {
            if let last = leaves.indices.last, leaves[last].count < VMAList.leafLimit { leaves[last].append(vma) } else { leaves.append([vma]) }
            return
        }
        insert(vma, at: position)
    }

    private mutating func insert(_ vma: VMA, at position: Position) {
        if leaves[position.leaf].count < VMAList.leafLimit {
            leaves[position.leaf].insert(vma, at: position.slot)
            return
        }
        let half = leaves[position.leaf].count / 2
        let upper = [VMA](leaves[position.leaf][half...])
        leaves[position.leaf].removeSubrange(half...)
        leaves.insert(upper, at: position.leaf &+ 1)
        if position.slot <= half {
            leaves[position.leaf].insert(vma, at: position.slot)
        } else {
            leaves[position.leaf &+ 1].insert(vma, at: position.slot &- half)
        }
    }

    /// Takes an area out; its object's hold passes to the caller.
    private mutating func remove(at position: Position) {
        let vma = self[position]
        account(vma.flags, -vma.pages)
        count &-= 1
        leaves[position.leaf].remove(at: position.slot)
        if leaves[position.leaf].isEmpty {
            leaves.remove(at: position.leaf)
        } else if position.leaf > 0, leaves[position.leaf].count &+ leaves[position.leaf &- 1].count <= VMAList.leafLimit / 2 {
            leaves[position.leaf &- 1].append(contentsOf: leaves[position.leaf])
            leaves.remove(at: position.leaf)
        }
    }

    /// Cuts the area that contains `address` in two there, if it does not begin there.
    private mutating func split(at address: UInt) {
        guard let position = containing(address) else { return }
        let vma = self[position]
        guard vma.start < address else { return }
        var upper = vma
        upper.start = address
        upper.pageOffset = vma.pageOffset &+ (address &- vma.start) >> 12
        upper.populatedEnd = max(vma.populatedEnd, address)
        upper.flags.subtract([.textGap, .trampolines])
        vma.object?.acquire()
        leaves[position.leaf][position.slot].end = address
        leaves[position.leaf][position.slot].populatedEnd = min(vma.populatedEnd, address)
        count &+= 1
        if let after = next(position) {
            insert(upper, at: after)
        } else if leaves[position.leaf].count < VMAList.leafLimit {
            leaves[position.leaf].append(upper)
        } else {
            leaves.append([upper])
        }
    }

    public mutating func setFlags(_ flags: VMFlags, at position: Position) {
        let vma = self[position]
        account(vma.flags, -vma.pages)
        account(flags, vma.pages)
        leaves[position.leaf][position.slot].flags = flags
    }
    public mutating func setPopulatedEnd(_ end: UInt, at position: Position) {
        leaves[position.leaf][position.slot].populatedEnd = end
    }
    /// Moves the lower border of a stack down.
    public mutating func extendDown(to start: UInt, at position: Position) {
        let vma = self[position]
        guard start < vma.start else { return }
        account(vma.flags, Int((vma.start &- start) >> 12))
        leaves[position.leaf][position.slot].start = start
        leaves[position.leaf][position.slot].pageOffset = vma.pageOffset &- (vma.start &- start) >> 12
    }
    /// Moves the upper border up, over free addresses.
    public mutating func extendUp(to end: UInt, populatedEnd: UInt, at position: Position) {
        let vma = self[position]
        guard end > vma.end else { return }
        account(vma.flags, Int((end &- vma.end) >> 12))
        leaves[position.leaf][position.slot].end = end
        leaves[position.leaf][position.slot].populatedEnd = populatedEnd
    }
    public mutating func setObject(_ object: MemoryObject?, at position: Position) {
        leaves[position.leaf][position.slot].object = object
    }

    // --- changing ranges ---

    /// How many more areas there are after [start, end) has been cut out of, or changed within, the areas at its borders.
    public func splits(_ start: UInt, _ end: UInt) -> Int {
        var result = 0
        if let position = containing(start), self[position].start < start { result &+= 1 }
        if let position = containing(end), self[position].start < end { result &+= 1 }
        return result
    }

    /// Makes [start, end) free. Areas are handed to `removed` with the hold of their object.
    public mutating func cut(_ start: UInt, _ end: UInt, removed: (VMA) -> Void) {
        guard let overlapping = firstOverlapping(start, end) else { return }
        if self[overlapping].start < start { split(at: start) }
        split(at: end)
        while let position = firstOverlapping(start, end) {
            let vma = self[position]
            remove(at: position)
            removed(vma)
        }
        noteHole(around: start)
    }

    /// Makes the borders of [start, end) borders of areas.
    public mutating func isolate(_ start: UInt, _ end: UInt) {
        split(at: start)
        split(at: end)
    }

    /// Joins what can be joined at and between `start` and `end`. `released` gets an object for each area less.
    public mutating func merge(_ start: UInt, _ end: UInt, released: (MemoryObject) -> Void) {
        guard var position = last(endingAtOrBefore: start) ?? firstPosition else { return }
        while let following = next(position) {
            let vma = self[position], after = self[following]
            if vma.start > end { return }
            guard vma.canMerge(with: after) else {
                if after.start >= end { return }
                position = following
                continue
            }
            if let object = vma.object, let other = after.object {
                object.absorb(other)
                released(other)
            }
            leaves[position.leaf][position.slot].end = after.end
            leaves[position.leaf][position.slot].populatedEnd = vma.populatedEnd == vma.end ? after.populatedEnd : vma.populatedEnd
            // The pages stay counted.
            account(after.flags, after.pages)
            let anchor = vma.start
            remove(at: following)
            guard let again = containing(anchor) else { return }
            position = again
        }
    }

    // --- free addresses ---

    /// The kernel's own part of each address space.
    public struct Bounds {
        public var low: UInt
        public var high: UInt
        public var kernelStart: UInt
        public var kernelEnd: UInt
        public init(low: UInt, high: UInt, kernelStart: UInt, kernelEnd: UInt) {
            self.low = low
            self.high = high
            self.kernelStart = kernelStart
            self.kernelEnd = kernelEnd
        }
    }

    /// The highest free place for `length` bytes within `bounds`.
    ///
    /// Starts at the place found last when no hole above it can be large enough, so that many mappings in a row
    /// do not each walk over all the earlier ones.
    public mutating func highestHole(_ length: UInt, _ bounds: Bounds) -> UInt? {
        guard length > 0, length <= bounds.high, bounds.low <= bounds.high &- length else { return nil }
        if searchCeiling > bounds.low, searchCeiling <= bounds.high, length > largestHole,
           let place = highestHole(length, bounds, below: searchCeiling) { return place }
        largestHole = 0
        return highestHole(length, bounds, below: bounds.high)
    }

    private mutating func highestHole(_ length: UInt, _ bounds: Bounds, below top: UInt) -> UInt? {
        var ceiling = top
        if let above = first(endingAfter: ceiling) { ceiling = min(ceiling, self[above].startWithGap) }
        var position = last(startingBefore: top)
        if let at = position, self[at].end > top { position = previous(at) }
        while true {
            let floor = max(bounds.low, position.map { self[$0].end } ?? 0)
            if let place = VMAList.fit(length, floor, ceiling, bounds) {
                if place &+ length != ceiling { largestHole = max(largestHole, ceiling &- floor) }
                searchCeiling = place
                return place
            }
            if ceiling > floor { largestHole = max(largestHole, ceiling &- floor) }
            guard let at = position, self[at].start > bounds.low else { return nil }
            ceiling = min(ceiling, self[at].startWithGap)
            if ceiling < length { return nil }
            position = previous(at)
        }
    }

    private func last(startingBefore address: UInt) -> Position? {
        guard address > 0, let position = first(endingAfter: address &- 1) else { return lastPosition }
        return self[position].start < address ? position : previous(position)
    }

    /// The lowest free place, for what does not fit below the stack, and for MAP_32BIT.
    public func lowestHole(_ length: UInt, _ bounds: Bounds) -> UInt? {
        guard length <= bounds.high, bounds.low <= bounds.high &- length else { return nil }
        var floor = bounds.low
        var position = first(endingAfter: floor)
        while true {
            let ceiling = min(bounds.high, position.map { self[$0].startWithGap } ?? bounds.high)
            if floor < ceiling {
                let below = min(ceiling, bounds.kernelStart)
                if below > floor, below &- floor >= length { return floor }
                let above = max(floor, bounds.kernelEnd)
                if ceiling > above, ceiling &- above >= length { return above }
            }
            guard let at = position, self[at].end < bounds.high else { return nil }
            floor = max(floor, self[at].end)
            position = next(at)
        }
    }

    /// The highest place for `length` bytes in the hole [floor, ceiling), outside of the kernel's range.
    private static func fit(_ length: UInt, _ floor: UInt, _ ceiling: UInt, _ bounds: Bounds) -> UInt? {
        guard floor < ceiling else { return nil }
        let above = max(floor, bounds.kernelEnd)
        if ceiling > above, ceiling &- above >= length { return ceiling &- length }
        let below = min(ceiling, bounds.kernelStart)
        if below > floor, below &- floor >= length { return below &- length }
        return nil
    }

    /// Whether [start, start + length) is free with the gaps of its neighbours.
    public func isFree(_ start: UInt, _ length: UInt) -> Bool {
        guard let position = first(endingAfter: start) else { return true }
        return self[position].startWithGap >= start &+ length
    }

    /// Addresses around `address` have become free.
    private mutating func noteHole(around address: UInt) {
        guard searchCeiling > 0 else { return }
        let upper = first(endingAfter: address)
        let high = upper.map { self[$0].startWithGap } ?? .max
        guard high > searchCeiling else { return }
        let lower = upper == nil ? lastPosition : previous(upper!)
        let low = lower.map { self[$0].end } ?? 0
        if low < high { largestHole = max(largestHole, high &- low) }
    }
}
