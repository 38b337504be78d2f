import KernelBase
import LinuxABI
import Machine

/// All dentries by (parent, name): an open-addressed table with linear probing.
///
/// The table's reference is the only one of a dentry nobody uses, which is how the hand that makes room
/// tells those it may drop.
public final class DentryCache {
    /// Keys; 0 is an empty place. Apart from the entries, so that probing touches little memory.
    private var tags: [UInt32]
    private var entries: [Dentry?]
    private var mask: Int
    public private(set) var count = 0
    /// Dentries kept at most, when that many are not in use.
    public var limit: Int
    private var hand = 0

    public init(limit: Int = 100_000) {
        self.limit = limit
        tags = [UInt32](repeating: 0, count: 1024)
        entries = [Dentry?](repeating: nil, count: 1024)
        mask = 1023
    }

    /// The state of the hash before the first word of a name.
    @inline(__always)
    static func seed(_ parent: Dentry) -> UInt64 {
        (UInt64(UInt(bitPattern: ObjectIdentifier(parent))) >> 4) &* 0x9E37_79B9_7F4A_7C15
    }
    @inline(__always)
    static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
        return product ^ product >> 32
    }
    @inline(__always)
    static func tag(_ hash: UInt64, _ length: Int) -> UInt32 {
        let product = (hash ^ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
        return UInt32(truncatingIfNeeded: product >> 32) | 1
    }

    private static func tag(_ parent: Dentry, _ name: Bytes) -> UInt32 {
        var hash = seed(parent)
        var index = 0
        while index < name.count {
            hash = mix(hash, Words.load(name.span, index))
            index &+= 8
        }
        return tag(hash, name.count)
    }

    /// The dentry of the name `text[start ..< start + length]` in `parent`.
    /// - Parameters:
    ///   - tag: of parent and name, see ``NameScan``.
    ///   - word0: the first eight bytes of the name; `word1` the next.
    @inline(__always)
    func find(_ parent: Dentry, _ tag: UInt32, _ word0: UInt64, _ word1: UInt64, _ text: Span<UInt8>, _ start: Int, _ length: Int) -> Dentry? {
        var slot = Int(tag >> 1) & mask
        while true {
            let found = tags[slot]
            if found == tag, let dentry = entries[slot], dentry.parent === parent, dentry.word0 == word0, dentry.word1 == word1,
               dentry.length == UInt32(truncatingIfNeeded: length),
               length <= 16 || DentryCache.restMatches(dentry, text, start, length) {
                if !dentry.isRecent { dentry.isRecent = true }
                return dentry
            }
            if found == 0 { return nil }
            slot = (slot &+ 1) & mask
        }
    }

    @inline(never)
    private static func restMatches(_ dentry: Dentry, _ text: Span<UInt8>, _ start: Int, _ length: Int) -> Bool {
        let name = dentry.name
        guard name.count == length, start &+ length <= text.count else { return false }
        for index in 16..<length where name[index] != text[start &+ index] { return false }
        return true
    }

    /// The dentry of a name in `parent`, or nil.
    public func find(_ parent: Dentry, _ name: Bytes) -> Dentry? {
        find(parent, DentryCache.tag(parent, name), Words.load(name.span, 0), Words.load(name.span, 8), name.span, 0, name.count)
    }

    /// Puts a dentry in, which must have a parent and not be there yet.
    func insert(_ dentry: Dentry) {
        guard dentry.tag == 0, let parent = dentry.parent else { return }
        if count >= limit { makeRoom() }
        if count &* 2 > mask { grow() }
        let tag = DentryCache.tag(parent, dentry.name)
        dentry.tag = tag
        place(dentry, tag)
        count &+= 1
    }

    private func place(_ dentry: Dentry, _ tag: UInt32) {
        var slot = Int(tag >> 1) & mask
        while tags[slot] != 0 { slot = (slot &+ 1) & mask }
        tags[slot] = tag
        entries[slot] = dentry
    }

    /// Takes a dentry out; those who hold it may go on using it.
    func remove(_ dentry: Dentry) {
        guard dentry.tag != 0 else { return }
        var slot = Int(dentry.tag >> 1) & mask
        while tags[slot] != 0 {
            if let entry = entries[slot], entry === dentry {
                vacate(slot)
                return
            }
            slot = (slot &+ 1) & mask
        }
    }

    /// Empties a place and moves up those behind it that would no longer be found.
    private func vacate(_ slot: Int) {
        entries[slot]?.tag = 0
        entries[slot] = nil
        tags[slot] = 0
        count &-= 1
        var hole = slot
        var next = (slot &+ 1) & mask
        while tags[next] != 0 {
            let home = Int(tags[next] >> 1) & mask
            // Movable if the hole lies between its home and its place (cyclically).
            if (next &- home) & mask >= (next &- hole) & mask {
                tags[hole] = tags[next]
                entries[hole] = entries[next]
                tags[next] = 0
                entries[next] = nil
                hole = next
            }
            next = (next &+ 1) & mask
        }
    }

    private func grow() {
        let oldTags = tags
        let old = entries
        mask = mask &* 2 &+ 1
        tags = [UInt32](repeating: 0, count: mask &+ 1)
        entries = [Dentry?](repeating: nil, count: mask &+ 1)
        for slot in 0..<oldTags.count where oldTags[slot] != 0 {
            if let dentry = old[slot] { place(dentry, oldTags[slot]) }
        }
    }

    /// Drops some dentries that are not used and were not lately.
    private func makeRoom() {
        var steps = 1024
        var dropped = 0
        while steps > 0, dropped < 64 {
            steps &-= 1
            hand &= mask
            guard tags[hand] != 0 else { hand &+= 1; continue }
            if entries[hand]?.isRecent ?? false {
                entries[hand]?.isRecent = false
                hand &+= 1
            } else if isKnownUniquelyReferenced(&entries[hand]) {
                vacate(hand)
                dropped &+= 1
            } else {
                hand &+= 1
            }
        }
    }

    /// Forgets all children of `parent`, and theirs, that are not in use; negative ones in any case.
    /// For file systems that learn that a directory changed outside.
    public func forgetChildren(of parent: Dentry) {
        var slot = 0
        var victims: [Dentry] = []
        while slot <= mask {
            if let dentry = entries[slot], dentry.parent === parent { victims.append(dentry) }
            slot &+= 1
        }
        for victim in victims { remove(victim) }
    }

    /// Drops every dentry that is not in use: for unmounting and tests.
    public func dropUnused() {
        var again = true
        while again {
            again = false
            var slot = 0
            while slot <= mask {
                if tags[slot] != 0, isKnownUniquelyReferenced(&entries[slot]) {
                    vacate(slot)
                    again = true
                } else {
                    slot &+= 1
                }
            }
        }
    }
}

/// One component of a path: its extent, words and hash, found in one pass over the bytes.
struct NameScan {
    var length: Int
    var word0: UInt64
    var word1: UInt64
    var tag: UInt32

    /// Scans the component that begins at `start` and ends before a slash or the end of `text`.
    @inline(__always)
    init(_ text: Span<UInt8>, _ start: Int, parent: Dentry) {
        var hash = DentryCache.seed(parent)
        var index = start
        let first = NameScan.next(text, index)
        hash = DentryCache.mix(hash, first.word)
        word0 = first.word
        word1 = 0
        length = first.count
        if first.count == 8 {
            index &+= 8
            let second = NameScan.next(text, index)
            if second.count > 0 {
                word1 = second.word
                hash = DentryCache.mix(hash, second.word)
                length &+= second.count
                var count = second.count
                while count == 8 {
                    index &+= 8
                    let more = NameScan.next(text, index)
                    count = more.count
                    if count > 0 {
                        hash = DentryCache.mix(hash, more.word)
                        length &+= count
                    }
                }
            }
        }
        tag = DentryCache.tag(hash, length)
    }

    /// The next up to eight bytes of the component.
    @inline(__always)
    private static func next(_ text: Span<UInt8>, _ index: Int) -> (word: UInt64, count: Int) {
        let left = text.count &- index
        guard left > 0 else { return (0, 0) }
        let word = Words.load(text, index)
        let slash = Words.matches(word, UInt8(ascii: "/"))
        var count = slash == 0 ? 8 : slash.trailingZeroBitCount >> 3
        if count > left { count = left }
        if count == 8 { return (word, 8) }
        return (word & ((1 << (UInt64(truncatingIfNeeded: count) &* 8)) &- 1), count)
    }
}
