import KernelBase
import LinuxABI
import Machine
import VFS

/// The data of a file in memory: windows into runs of pages, in the order of the file.
///
/// A page that has been given to a file stays at its place until it is truncated away, for guests may have
/// it mapped: growing only adds runs. New runs double the file up to 1 MiB, so that appending is cheap and
/// mappings are few. What no extent covers is a hole.
struct PageExtents {
    struct Extent {
        /// First page of the file, and number of pages, that this is.
        var first: Int
        var count: Int
        var run: PageRun
        /// Where in the run they are.
        var runPage: Int
        /// Punched out while it could be mapped: the memory is there and reads as zero, but counts as a hole.
        var isPunched: Bool
        var end: Int { first &+ count }
    }

    private var extents = ExtentList()
    /// Pages that hold data, holes not counted.
    private(set) var pages = 0
    /// Where the last search ended: files are read and written in order.
    private var hint = ExtentList.Position()

    /// Largest run that growth takes: 1 MiB.
    private static var growthOrder: Int { 8 }
    private static var largestOrder: Int { 12 }
    /// Bytes from which a call of the host takes less than touching new pages.
    private static var freshMinimum: Int { 4096 }

    // MARK: searching

    /// The first extent that ends after `page`, or the end.
    @inline(__always)
    private mutating func index(of page: Int) -> ExtentList.Position {
        if extents.has(hint) {
            let extent = extents[hint]
            if extent.first <= page, page < extent.end { return hint }
        }
        return search(page)
    }

    private mutating func search(_ page: Int) -> ExtentList.Position {
        hint = extents.search(page)
        return hint
    }

    // MARK: reading

    /// Copies [offset, offset + count), holes as zeros. The caller has clipped the range to the file.
    mutating func read(_ buffer: inout IOBuffer, offset: Int, count: Int) throws(Errno) -> Int {
        var done = 0
        while done < count {
            let position = offset &+ done
            let page = position >> 12
            let index = index(of: page)
            let moved: Int
            let wanted: Int
            do throws(Errno) {
                if extents.has(index), extents[index].first <= page {
                    let start = (extents[index].runPage &+ (page &- extents[index].first)) << 12 | position & 4095
                    wanted = min(count &- done, extents[index].end << 12 &- position)
                    moved = try buffer.write(extents[index].run, offset: start, count: wanted)
                } else {
                    let next = extents.has(index) ? extents[index].first << 12 : Int.max
                    wanted = min(count &- done, next &- position)
                    moved = try buffer.writeZeros(wanted)
                }
            } catch {
                if done == 0 { throw error }
                break
            }
            done &+= moved
            if moved < wanted { break }
        }
        return done
    }

    /// The bytes of a range, for readers in the kernel.
    mutating func bytes(offset: Int, count: Int) -> Bytes {
        var result: Bytes = []
        result.reserveCapacity(count)
        while result.count < count {
            let position = offset &+ result.count
            let page = position >> 12
            let index = index(of: page)
            if extents.has(index), extents[index].first <= page {
                let start = (extents[index].runPage &+ (page &- extents[index].first)) << 12 | position & 4095
                let wanted = min(count &- result.count, extents[index].end << 12 &- position)
                result.append(contentsOf: extents[index].run.bytes(offset: start, count: wanted))
            } else {
                let next = extents.has(index) ? extents[index].first << 12 : Int.max
                let wanted = min(count &- result.count, next &- position)
                result.append(contentsOf: [UInt8](repeating: 0, count: wanted))
            }
        }
        return result
    }

    // MARK: writing

    /// Copies in [offset, offset + count), allocating what is missing.
    /// - Throws: `ENOSPC`, `EFAULT`, if nothing was written.
    mutating func write(_ buffer: inout IOBuffer, offset: Int, count: Int, _ space: Tmpfs) throws(Errno) -> Int {
        var done = 0
        while done < count {
            let position = offset &+ done
            let page = position >> 12
            let found = index(of: page)
            do throws(Errno) {
                if extents.has(found), extents[found].first <= page {
                    if extents[found].isPunched {
                        let end = min(extents[found].end, (offset &+ count &+ 4095) >> 12)
                        try fillPunched(found, page, end, space)
                        continue
                    }
                    let start = (extents[found].runPage &+ (page &- extents[found].first)) << 12 | position & 4095
                    let wanted = min(count &- done, extents[found].end << 12 &- position)
                    let moved = try buffer.read(into: extents[found].run, offset: start, count: wanted)
                    done &+= moved
                    if moved < wanted { return done }
                } else {
                    let needed = (offset &+ count &+ 4095) >> 12 &- page
                    let index = try extend(found, page, needed, space)
                    // The pages are not zeroed: what the data do not cover is cleared.
                    let extent = extents[index]
                    let base = (extent.runPage &+ (page &- extent.first)) << 12
                    let lead = position & 4095
                    let room = extent.end << 12 &- position
                    let wanted = min(count &- done, room)
                    extent.run.clear(offset: base, count: lead)
                    var moved = 0
                    do throws(Errno) {
                        moved = extent.run.isFresh && wanted >= PageExtents.freshMinimum
                            ? try buffer.read(intoFresh: extent.run, offset: base &+ lead, count: wanted)
                            : try buffer.read(into: extent.run, offset: base &+ lead, count: wanted)
                    } catch {
                        extent.run.clear(offset: base &+ lead, count: room)
                        throw error
                    }
                    extent.run.clear(offset: base &+ lead &+ moved, count: room &- moved)
                    done &+= moved
                    if moved < wanted { return done }
                }
            } catch {
                if done == 0 { throw error }
                return done
            }
        }
        return done
    }

    /// Makes pages from `page` on present where there are none; at most `wanted`, as many as one step gives.
    /// Their contents are undefined, unless `zeroed`.
    /// - Parameter index: where an extent for `page` belongs.
    /// - Returns: the index of the extent that has `page`.
    private mutating func extend(_ index: ExtentList.Position, _ page: Int, _ wanted: Int, zeroed: Bool = false, _ space: Tmpfs) throws(Errno) -> ExtentList.Position {
        let gap = extents.has(index) ? extents[index].first &- page : Int.max
        let wanted = max(1, min(wanted, min(gap, space.pagesLeft)))
        // The rest of the run before it, if it ends here.
        if let place = extents.previous(index), case let before = extents[place], before.end == page, !before.isPunched {
            let free = before.run.byteCount >> 12 &- before.runPage &- before.count
            if free > 0, !extents.has(index) || extents[index].run !== before.run {
                let count = min(free, wanted)
                try space.take(pages: count)
                if zeroed { before.run.clear(offset: (before.runPage &+ before.count) << 12, count: count << 12) }
                extents[place].count &+= count
                pages &+= count
                hint = place
                return place
            }
        }
        var order = 0
        let target = max(min(wanted, 1 << PageExtents.largestOrder), min(pages, 1 << PageExtents.growthOrder))
        while 1 << (order &+ 1) <= target { order &+= 1 }
        while order > 0, 1 << order > gap { order &-= 1 }
        // Memory that the host has not given yet is zero without being touched.
        var run = PageRun.allocate(order: UInt32(order), zeroed: zeroed)
        while run == nil, order > 0 {
            order &-= 1
            run = PageRun.allocate(order: UInt32(order), zeroed: zeroed)
        }
        guard let run else { throw .ENOSPC }
        let count = min(wanted, 1 << order)
        try space.take(pages: count)
        hint = extents.insert(Extent(first: page, count: count, run: run, runPage: 0, isPunched: false), at: index)
        pages &+= count
        return hint
    }

    /// Fills a file that has no data: calls `read(run, offset in it, offset in the file, bytes)` for the pieces of [0, count). `read`
    /// may sleep, and returns fewer bytes than it was asked for only at the end of what there is.
    /// - Returns: the bytes read. When it throws, pages may have been taken already.
    mutating func fill(_ count: Int, _ space: Tmpfs,
                       _ read: (PageRun, Int, Int, Int) throws(Errno) -> Int) throws(Errno) -> Int {
        var done = 0
        while done < count {
            let page = done >> 12
            let extent = extents[try extend(extents.end, page, (count &+ 4095) >> 12 &- page, space)]
            let base = (extent.runPage &+ (page &- extent.first)) << 12
            let room = extent.end << 12 &- done
            let wanted = min(room, count &- done)
            var got = 0
            defer { extent.run.clear(offset: base &+ got, count: room &- got) }
            got = try read(extent.run, base, done, wanted)
            done &+= got
            if got < wanted { break }
        }
        return done
    }

    /// Makes the pages [page, end) of a punched extent data again.
    private mutating func fillPunched(_ index: ExtentList.Position, _ page: Int, _ end: Int, _ space: Tmpfs) throws(Errno) {
        try space.take(pages: end &- page)
        pages &+= end &- page
        setPunched(index, page, end, false)
    }

    /// Splits an extent so that [page, end) is one of its own, with the given state.
    private mutating func setPunched(_ index: ExtentList.Position, _ page: Int, _ end: Int, _ punched: Bool) {
        let old = extents[index]
        func part(_ from: Int, _ to: Int, _ isPunched: Bool) -> Extent {
            Extent(first: from, count: to &- from, run: old.run, runPage: old.runPage &+ from &- old.first, isPunched: isPunched)
        }
        // The last comes first: what is inserted goes before it.
        hint = index
        if end < old.end {
            extents[hint] = part(end, old.end, old.isPunched)
            hint = extents.insert(part(page, end, punched), at: hint)
        } else {
            extents[hint] = part(page, end, punched)
        }
        if old.first < page { hint = extents.insert(part(old.first, page, old.isPunched), at: hint) }
    }

    /// Allocates zeroed pages for all holes of [first, end).
    /// - Throws: `ENOSPC`; what was allocated before stays.
    mutating func allocate(first: Int, end: Int, _ space: Tmpfs) throws(Errno) {
        var page = first
        while page < end {
            let found = index(of: page)
            if extents.has(found), extents[found].first <= page {
                let stop = min(end, extents[found].end)
                if extents[found].isPunched { try fillPunched(found, page, stop, space) }
                page = stop
            } else {
                page = extents[try extend(found, page, end &- page, zeroed: true, space)].end
            }
        }
    }

    // MARK: taking away

    /// Drops the pages from `page` on.
    mutating func truncate(toPage page: Int, _ space: Tmpfs) {
        let start = search(page)
        guard extents.has(start) else { return }
        var freed = 0
        var index = start
        while extents.has(index) {
            let extent = extents[index]
            if !extent.isPunched { freed &+= extent.end &- max(page, extent.first) }
            index = extents.next(index)
        }
        if extents[start].first < page {
            extents[start].count = page &- extents[start].first
            extents.removeAll(from: extents.next(start))
        } else {
            extents.removeAll(from: start)
        }
        pages &-= freed
        space.give(pages: freed)
        hint = ExtentList.Position()
    }

    /// Zeroes [offset, offset + count) where there are pages.
    mutating func clear(offset: Int, count: Int) {
        var position = offset
        let end = offset &+ count
        while position < end {
            let page = position >> 12
            let index = index(of: page)
            guard extents.has(index) else { return }
            let extent = extents[index]
            if extent.first > page {
                position = extent.first << 12
                continue
            }
            let stop = min(end, extent.end << 12)
            extent.run.clear(offset: (extent.runPage &+ (page &- extent.first)) << 12 | position & 4095, count: stop &- position)
            position = stop
        }
    }

    /// Makes a hole of the whole pages [first, end).
    /// - Parameter isMapped: somebody may have the pages mapped, so they stay, cleared.
    mutating func punch(first: Int, end: Int, isMapped: Bool, _ space: Tmpfs) {
        guard first < end else { return }
        var index = search(first)
        while extents.has(index), extents[index].first < end {
            let extent = extents[index]
            let from = max(first, extent.first), to = min(end, extent.end)
            if !extent.isPunched {
                pages &-= to &- from
                space.give(pages: to &- from)
            }
            if !isMapped, from == extent.first, to == extent.end {
                index = extents.remove(at: index)
                continue
            }
            extent.run.clear(offset: (extent.runPage &+ (from &- extent.first)) << 12, count: (to &- from) << 12)
            if !extent.isPunched { setPunched(index, from, to, true) }
            if to == end { break }
            index = search(to)
        }
        hint = ExtentList.Position()
    }

    // MARK: looking

    /// The first byte at or after `offset` that is data (or, not data).
    /// - Returns: nil if there is none; for holes the caller knows of the one at the end of the file.
    mutating func next(data: Bool, from offset: Int) -> Int? {
        var page = offset >> 12
        while true {
            let index = index(of: page)
            let inside = extents.has(index) && extents[index].first <= page
            let isData = inside && !extents[index].isPunched
            if isData == data { return max(offset, page << 12) }
            guard extents.has(index) else { return nil }
            page = inside ? extents[index].end : extents[index].first
        }
    }

    /// How [first, end) is to be mapped; holes are `.zero`.
    mutating func mapping(first: Int, end: Int) -> [MappedExtent] {
        var result: [MappedExtent] = []
        var page = first
        while page < end {
            let index = index(of: page)
            if extents.has(index), extents[index].first <= page {
                let extent = extents[index]
                let stop = min(end, extent.end)
                let offset = extent.run.arenaOffset &+ UInt((extent.runPage &+ page &- extent.first) << 12)
                if let last = result.last, last.owner === extent.run, case .arena(let start) = last.source, start &+ UInt(last.length) == offset {
                    result[result.count &- 1].length &+= (stop &- page) << 12
                } else {
                    result.append(MappedExtent(.arena(offset), length: (stop &- page) << 12, owner: extent.run))
                }
                page = stop
            } else {
                let stop = extents.has(index) ? min(end, extents[index].first) : end
                result.append(MappedExtent(.zero, length: (stop &- page) << 12, owner: nil))
                page = stop
            }
        }
        return result
    }
}
