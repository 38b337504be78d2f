import FileSystems
import KernelBase
import LinuxABI
import Testing
import VFS

extension FileLayer {
    @Suite struct Memory {
        /// Random writes, truncations and holes against an array.
        @Test(arguments: [1, 2, 3, 4, 5, 6]) func dataAgainstModel(seed: Int) throws {
            let t = Tree()
            let file = try t.open("/f", O_RDWR | O_CREAT)
            let inode = file.inode
            var model: Bytes = []
            var random = Generator(UInt64(seed))
            let limit = seed % 2 == 0 ? 300_000 : 3_000_000
            for step in 0..<600 {
                switch random.next(12) {
                case 0...3:
                    let offset = random.next(limit), count = 1 + random.next(random.next(3) == 0 ? 200_000 : 9000)
                    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ step) }
                    #expect(try file.writeBytes(bytes, at: offset) == count)
                    if offset + count > model.count { model += [UInt8](repeating: 0, count: offset + count - model.count) }
                    model.replaceSubrange(offset..<(offset + count), with: bytes)
                case 4, 5:
                    let bytes = [UInt8](repeating: UInt8(step & 255), count: 1 + random.next(20_000))
                    #expect(try file.writeBytes(bytes, at: model.count) == bytes.count)
                    model += bytes
                case 6:
                    let length = random.next(limit)
                    try inode.truncate(to: length)
                    if length < model.count { model.removeLast(model.count - length) } else { model += [UInt8](repeating: 0, count: length - model.count) }
                case 7, 8:
                    let offset = random.next(limit), length = 1 + random.next(100_000)
                    try inode.allocate(mode: FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset: offset, length: length)
                    for i in offset..<min(max(offset, model.count), offset + length) { model[i] = 0 }
                case 9:
                    let offset = random.next(limit), length = 1 + random.next(50_000)
                    try inode.allocate(mode: random.next(2) == 0 ? 0 : FALLOC_FL_ZERO_RANGE, offset: offset, length: length)
                    if offset + length > model.count { model += [UInt8](repeating: 0, count: offset + length - model.count) }
                case 10:
                    // Handing out pages fixes them: what is punched from now on stays where it is.
                    if random.next(4) == 0 { _ = try inode.mapping(offset: random.next(limit) & ~4095, length: 65536, shared: true, writable: true) }
                default:
                    break
                }
                // ZERO_RANGE zeroes; plain allocation does not, so read back what is there.
                if step % 7 == 0 {
                    #expect(inode.size == model.count)
                    let offset = random.next(limit), count = random.next(100_000)
                    let expected = offset < model.count ? Bytes(model[offset..<min(model.count, offset + count)]) : []
                    let found = try file.readBytes(at: offset, count: count)
                    if found.count == expected.count {
                        for i in 0..<found.count where found[i] != expected[i] {
                            // Learn the zeros of ZERO_RANGE.
                            #expect(found[i] == 0, "step \(step), byte \(offset + i)")
                            model[offset + i] = found[i]
                        }
                    }
                    #expect(found.count == expected.count)
                }
                // Holes and data alternate and cover the file; holes read as zero.
                if step % 29 == 0 {
                    var position = 0
                    while position < model.count {
                        let hole = try file.seek(position, whence: 4)
                        if hole >= model.count { break }
                        let data = (try? file.seek(hole, whence: 3)) ?? model.count
                        #expect(data > hole)
                        #expect(try file.readBytes(at: hole, count: min(4096, data - hole)).allSatisfy { $0 == 0 })
                        position = data
                    }
                }
            }
            #expect(inode.blocks * 512 <= (limit + 400_000) )
            try inode.truncate(to: 0)
            #expect(inode.blocks == 0)
            file.release()
        }

        /// Thousands of single pages, written in any order and from the end, are found again.
        @Test(arguments: [1, 2]) func manyPieces(seed: Int) throws {
            let t = Tree()
            let file = try t.open("/f", O_RDWR | O_CREAT)
            var random = Generator(UInt64(seed))
            var model = [UInt8](repeating: 0, count: 5000)
            func check(_ end: Int) throws {
                for page in 0..<end {
                    let found = try file.readBytes(at: page << 12, count: 4096)
                    #expect(found.allSatisfy { $0 == model[page] }, "page \(page)")
                }
                #expect(file.inode.blocks == model[..<end].filter { $0 != 0 }.count * 8)
            }
            for step in 0..<3000 {
                let page = seed == 1 ? random.next(model.count) : model.count - 1 - step
                model[page] = UInt8(1 + step % 255)
                #expect(try file.writeBytes([UInt8](repeating: model[page], count: 4096), at: page << 12) == 4096)
            }
            try file.inode.truncate(to: model.count << 12)
            try check(model.count)
            for _ in 0..<300 {
                let first = random.next(model.count), count = min(model.count - first, 1 + random.next(8))
                try file.inode.allocate(mode: FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset: first << 12, length: count << 12)
                for page in first..<(first + count) { model[page] = 0 }
            }
            try check(model.count)
            try file.inode.truncate(to: 3000 << 12)
            try check(3000)
            try file.inode.truncate(to: 0)
            #expect(file.inode.blocks == 0)
            file.release()
        }

        /// Thousands of extended attributes: each is found, they are told in the order of their names, and the list has a limit.
        @Test func manyExtendedAttributes() throws {
            let t = Tree()
            let file = try t.open("/f", O_RDWR | O_CREAT)
            let inode = file.inode
            func name(_ number: Int) -> Bytes { Bytes("user.a\(number * 7919 % 3000)".utf8) }
            for number in 0..<3000 { try inode.setExtendedAttribute(name(number), [UInt8(number & 255)], flags: XATTR_CREATE) }
            #expect(throws: Errno.EEXIST) { try inode.setExtendedAttribute(name(5), [], flags: XATTR_CREATE) }
            for number in 0..<3000 { #expect(try inode.getExtendedAttribute(name(number)) == [UInt8(number & 255)]) }
            for number in stride(from: 0, to: 3000, by: 2) { try inode.removeExtendedAttribute(name(number)) }
            #expect(throws: Errno.ENODATA) { try inode.getExtendedAttribute(name(0)) }
            #expect(throws: Errno.ENODATA) { try inode.setExtendedAttribute(name(0), [], flags: XATTR_REPLACE) }
            let names = try inode.listExtendedAttributes()
            #expect(names.count == 1500)
            #expect(names == names.sorted { $0.precedes($1) })
            var total = 0
            for name in names { total += name.count + 1 }
            // What was taken away makes room again.
            var number = 0
            var refused: Errno?
            while refused == nil {
                let name = Bytes("user.more\(number)".utf8)
                do { try inode.setExtendedAttribute(name, [], flags: 0) } catch { refused = error }
                if refused == nil { total += name.count + 1 }
                number += 1
            }
            #expect(refused == .ENOSPC)
            #expect(total > XATTR_LIST_MAX - 20 && total <= XATTR_LIST_MAX)
            file.release()
        }

        @Test func sizeLimit() throws {
            let t = Tree(sizeLimit: 1 << 20)
            let file = try t.open("/f", O_RDWR | O_CREAT)
            let big = [UInt8](repeating: 1, count: 3 << 20)
            #expect(try file.writeBytes(big, at: 0) == 1 << 20)
            #expect(errno { () throws(Errno) in try file.writeBytes([1], at: 1 << 20) } == 28)
            #expect(errno { () throws(Errno) in try file.inode.allocate(mode: 0, offset: 0, length: 2 << 20) } == 28)
            try file.inode.truncate(to: 4096)
            #expect(try file.writeBytes(big, at: 4096) == 1 << 20 - 4096)
            file.release()
            try t.unlink("/f")
            t.vfs.cache.dropUnused()
            #expect(try t.fileSystem.status().blocksFree == 256)
        }

        @Test func holes() throws {
            let t = Tree()
            let file = try t.open("/f", O_RDWR | O_CREAT)
            try file.inode.truncate(to: 1 << 40)
            #expect(file.inode.blocks == 0)
            try file.writeBytes([1], at: 1 << 30)
            #expect(file.inode.blocks == 8)
            #expect(try file.seek(0, whence: 3) == 1 << 30)
            #expect(try file.seek(1 << 30, whence: 4) == 1 << 30 + 4096)
            #expect(errno { () throws(Errno) in _ = try file.seek(1 << 30 + 4096, whence: 3) } == 6)
            #expect(try file.readBytes(at: 1 << 30 - 2, count: 4) == [0, 0, 1, 0])
            file.release()
        }

        @Test func directoryPositions() throws {
            let t = Tree()
            try t.mkdir("/d")
            for i in 0..<300 { try t.write("/d/\(i)", "") }
            let directory = try t.open("/d", O_DIRECTORY)
            var seen: [String] = []
            var calls = 0
            var done = false
            while !done {
                var room = 7
                var any = false
                try directory.list { name, _, _, _ in
                    if room == 0 { return false }
                    room -= 1
                    any = true
                    seen.append(String(decoding: name, as: UTF8.self))
                    return true
                }
                done = !any
                calls += 1
                // Entries already seen go, new ones come.
                if calls < 20, let victim = seen.last, victim != ".." { try t.unlink("/d/\(victim)") }
                if calls < 10 { try t.write("/d/new\(calls)", "") }
            }
            let old = seen.filter { !$0.hasPrefix("new") && !$0.hasPrefix(".") }
            #expect(Set(old).count == 300 && old.count == 300)
            #expect(Set(seen).count == seen.count)
            directory.release()
        }

        @Test func privilegeBits() throws {
            let t = Tree()
            try t.write("/f", "x")
            try t.vfs.changeMode(t.look("/f"), 0o6777, t.who)
            try t.vfs.changeOwner(t.look("/f"), uid: 5, gid: nil, t.who)
            #expect(try t.inode("/f").mode & 0o7777 == 0o777)
            try t.mkdir("/g")
            try t.vfs.changeMode(t.look("/g"), 0o2777, t.who)
            try t.vfs.changeOwner(t.look("/g"), uid: nil, gid: 77, t.who)
            t.who = Tree.user
            try t.write("/g/f", "x")
            try t.mkdir("/g/d")
            #expect(try t.inode("/g/f").gid == 77)
            #expect(try t.inode("/g/d").gid == 77 && t.inode("/g/d").mode & 0o2000 != 0)
        }

        @Test func unnamed() throws {
            let t = Tree()
            let file = try t.open("/", O_TMPFILE | O_RDWR)
            #expect(file.inode.linkCount == 0)
            try t.vfs.link(file.path!, to: Array("/named".utf8).span, t.context, t.who)
            try file.writeBytes([65], at: 0)
            #expect(try t.text("/named") == "A")
            let exclusive = try t.open("/", O_TMPFILE | O_RDWR | O_EXCL)
            #expect(errno { () throws(Errno) in try t.vfs.link(exclusive.path!, to: Array("/x".utf8).span, t.context, t.who) } == 2)
            file.release()
            exclusive.release()
        }

        @Test func extendedAttributes() throws {
            let t = Tree()
            try t.write("/f", "")
            let f = try t.look("/f")
            let name = Array("user.a".utf8)
            try t.vfs.setExtendedAttribute(f, name, [1, 2], flags: 0, t.who)
            #expect(try t.vfs.extendedAttribute(f, name, t.who) == [1, 2])
            #expect(errno { () throws(Errno) in try t.vfs.setExtendedAttribute(f, name, [], flags: XATTR_CREATE, t.who) } == 17)
            #expect(errno { () throws(Errno) in _ = try t.vfs.extendedAttribute(f, Array("user.b".utf8), t.who) } == 61)
            #expect(errno { () throws(Errno) in _ = try t.vfs.extendedAttribute(f, Array("other.b".utf8), t.who) } == 95)
            try t.vfs.setExtendedAttribute(f, Array("trusted.t".utf8), [], flags: 0, t.who)
            #expect(try t.vfs.listExtendedAttributes(f, Tree.user) == Array("user.a\0".utf8))
            try t.vfs.removeExtendedAttribute(f, name, t.who)
            #expect(errno { () throws(Errno) in try t.vfs.removeExtendedAttribute(f, name, t.who) } == 61)
        }
    }
}
