import FileSystems
import KernelBase
import LinuxABI
import Testing
import VFS

extension FileLayer {
    @Suite struct Overlays {
        /// A tree with the given contents on a tmpfs, and an overlay over the same contents.
        private func make(limit: Int = 40, _ fill: (Tree) throws -> Void) throws -> (overlay: Tree, plain: Tree, lower: Tree) {
            let lower = Tree()
            try fill(lower)
            let plain = Tree()
            try fill(plain)
            let overlay = Tree { vfs in
                let below = lower.context.root
                return Overlay.make(lower: (below.mount.superblock, below.inode!), upper: Tmpfs(device: vfs.allocateDevice()),
                                    device: vfs.allocateDevice(), limit: limit)
            }
            return (overlay, plain, lower)
        }

        /// Everything below a directory as text: names, types, modes, owners, links, contents, attributes.
        private func picture(_ tree: Tree, _ path: String = "") throws -> String {
            vfsRoot.set(tree.vfs)
            var text = ""
            for name in try tree.names(path.isEmpty ? "/" : path) {
                let full = path + "/" + name
                let inode = try tree.inode(full, [])
                text += "\(full) \(String(inode.mode, radix: 8)) \(inode.uid) \(inode.linkCount) \(inode.modifyTime < 1_000_000_000 ? inode.modifyTime : 0)"
                for name in try inode.listExtendedAttributes().sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                    text += " \(String(decoding: name, as: UTF8.self))=\(try inode.getExtendedAttribute(name))"
                }
                if inode.isDirectory {
                    text += "\n" + (try picture(tree, full))
                } else if inode.isRegular {
                    text += " \(inode.size) \(try tree.text(full).prefix(60))\n"
                } else if inode.isSymbolicLink {
                    text += " -> \(String(decoding: try inode.readLink(), as: UTF8.self))\n"
                } else {
                    text += "\n"
                }
            }
            return text
        }

        /// The numbers of all files by path; what listings say must agree with the inodes, and only links share a number.
        private func numbers(_ tree: Tree, _ path: String, _ found: inout [String: UInt64], _ inodes: inout [UInt64: Inode]) throws {
            vfsRoot.set(tree.vfs)
            let file = try tree.open(path.isEmpty ? "/" : path, O_DIRECTORY)
            defer { file.release() }
            var listed: [(String, UInt64, UInt8)] = []
            try file.list { name, number, type, _ in
                listed.append((String(decoding: name, as: UTF8.self), number, type))
                return true
            }
            for (name, number, type) in listed where name != "." && name != ".." {
                let inode = try tree.inode(path + "/" + name, [])
                #expect(inode.number == number && inode.mode >> 12 == UInt32(type), "\(path)/\(name)")
                #expect(inode.superblock === tree.context.root.mount.superblock)
                if let other = inodes[number] { #expect(other === inode, "\(path)/\(name) has the number of another") }
                inodes[number] = inode
                found[path + "/" + name] = number
                if inode.isDirectory { try numbers(tree, path + "/" + name, &found, &inodes) }
            }
        }

        private func fill(_ t: Tree) throws {
            try t.mkdir("/d0")
            try t.mkdir("/d1")
            try t.mkdir("/d0/d2")
            try t.mkdir("/d0/d2/d3")
            for i in 0..<6 {
                try t.write("/f\(i)", "root \(i)")
                try t.write("/d0/f\(i)", "d0 \(i)")
                try t.write("/d0/d2/f\(i)", "d2 \(i)")
            }
            try t.link("/f0", "/d1/f0")
            try t.link("/f0", "/d1/f1")
            try t.symlink("../f2", "/d1/f2")
            try t.inode("/f1").setExtendedAttribute(Array("user.a".utf8), [1], flags: 0)
            try t.inode("/d0/d2").setExtendedAttribute(Array("user.b".utf8), [2], flags: 0)
        }

        /// The same random calls on the overlay and on a plain tmpfs: the same errors, the same tree.
        @Test(arguments: [0, 1, 2, 3]) func againstTmpfs(group: Int) throws {
            for seed in 0..<60 { try againstTmpfs(seed: group * 60 + seed, steps: seed == 0 ? 1000 : 120) }
        }

        private func againstTmpfs(seed: Int, steps: Int) throws {
            let (overlay, plain, lower) = try make(limit: seed % 3 == 0 ? 5 : 40, fill)
            let before = try picture(lower)
            #expect(try picture(overlay) == picture(plain))
            var random = Generator(UInt64(seed))
            let directories = ["", "/d0", "/d1", "/d0/d2", "/d0/d2/d3", "/d1/d2"]
            let leaves = ["f0", "f1", "f2", "f3", "d2", "d3", "new", "d0"]
            var open: [(File, File)] = []
            for step in 0..<steps {
                let a = directories[random.next(directories.count)] + "/" + leaves[random.next(leaves.count)]
                let b = directories[random.next(directories.count)] + "/" + leaves[random.next(leaves.count)]
                let kind = random.next(20), value = random.next(1000)
                var opened: [File] = []
                func run(_ t: Tree, _ isOverlay: Bool) -> Int32 {
                    vfsRoot.set(t.vfs)
                    return errno { () throws(Errno) in
                        switch kind {
                        case 0, 1: try t.write(a, "written \(step)")
                        case 2:
                            let file = try t.open(a, O_RDWR | O_APPEND)
                            defer { file.release() }
                            try file.writeBytes(Array("+\(value)".utf8), at: 0)
                        case 3: try t.mkdir(a)
                        case 4: try t.unlink(a)
                        case 5: try t.rmdir(a)
                        case 6: try t.link(a, b)
                        case 7, 8: try t.rename(a, b)
                        case 9: try t.rename(a, b, RENAME_EXCHANGE)
                        case 10: try t.vfs.changeMode(t.look(a), UInt32(value) & 0o777, t.who)
                        case 11: try t.vfs.changeOwner(t.look(a), uid: UInt32(value), gid: nil, t.who)
                        case 12: try t.vfs.truncate(t.look(a), to: value % 20, t.who)
                        case 13: try t.rename(a, b, RENAME_NOREPLACE)
                        case 14: try t.vfs.changeTimes(t.look(a), access: .keep, modify: .at(Int64(value) * 1000 + 7), t.who)
                        case 15: try t.vfs.setExtendedAttribute(t.look(a), Array("user.\(value % 3)".utf8), [UInt8(value & 255)], flags: 0, t.who)
                        case 16: try t.vfs.removeExtendedAttribute(t.look(a), Array("user.a".utf8), t.who)
                        case 17: opened.append(try t.open(a, value % 2 == 0 ? O_RDWR : O_RDONLY))
                        case 18:
                            guard !open.isEmpty else { return }
                            let pair = open[value % open.count]
                            let file = isOverlay ? pair.1 : pair.0
                            guard file.isWritable else { return }
                            try file.writeBytes(Array("=\(step)".utf8), at: value % 9)
                        default: try t.symlink("target\(value)", a)
                        }
                    }
                }
                let expected = run(plain, false), found = run(overlay, true)
                #expect(found == expected, "seed \(seed) step \(step): call \(kind) \(a) \(b)")
                if opened.count == 2 { open.append((opened[0], opened[1])) }
                // Descriptors see what others wrote, whether they were opened before the copy or not.
                for (one, other) in open where one.inode.isRegular {
                    vfsRoot.set(plain.vfs)
                    let wanted = try one.readBytes(at: 0, count: 100)
                    vfsRoot.set(overlay.vfs)
                    #expect(try other.readBytes(at: 0, count: 100) == wanted)
                }
                if open.count > 3 {
                    let pair = open.removeFirst()
                    vfsRoot.set(plain.vfs)
                    pair.0.release()
                    vfsRoot.set(overlay.vfs)
                    pair.1.release()
                }
                if step % 40 == 0 { overlay.vfs.cache.dropUnused() }
                if step % 20 == 0 { #expect(try picture(overlay) == picture(plain), "seed \(seed) step \(step)") }
            }
            #expect(try picture(overlay) == picture(plain))
            var first: [String: UInt64] = [:], second: [String: UInt64] = [:], inodes: [UInt64: Inode] = [:]
            try numbers(overlay, "", &first, &inodes)
            inodes = [:]
            overlay.vfs.cache.dropUnused()
            try numbers(overlay, "", &second, &inodes)
            #expect(first == second)
            #expect(try picture(lower) == before)
        }

        @Test func numbersAndLinks() throws {
            let (t, _, _) = try make(fill)
            vfsRoot.set(t.vfs)
            let number = try t.inode("/f0").number
            let reader = try t.open("/f0")
            try t.write("/d1/f1", "through another name")
            #expect(try t.text("/f0") == "through another name")
            #expect(try t.inode("/f0").number == number)
            #expect(try t.inode("/d1/f0") === t.inode("/f0"))
            #expect(try String(decoding: reader.readBytes(at: 0, count: 100), as: UTF8.self) == "through another name")
            reader.release()
            try t.unlink("/f0")
            #expect(try t.inode("/d1/f0").linkCount == 2)
            // A directory that moves takes its lower contents along.
            try t.rename("/d0", "/d1/moved")
            #expect(try t.text("/d1/moved/d2/f3") == "d2 3")
            try t.mkdir("/d0")
            #expect(try t.names("/d0") == [])
        }

        @Test func changesAreKept() throws {
            let (t, _, _) = try make(limit: 0, fill)
            vfsRoot.set(t.vfs)
            let inode = try t.inode("/d0/f1")
            let times = (inode.modifyTime, inode.changeTime)
            try t.vfs.changeMode(t.look("/d0/f1"), 0o600, t.who)
            t.vfs.cache.dropUnused()
            // Makes others, which drops what may be dropped.
            _ = try picture(t)
            #expect(try t.inode("/d0/f1").mode & 0o777 == 0o600)
            #expect(try t.inode("/d0/f1").modifyTime == times.0)
            #expect(try t.inode("/d0/f2").modifyTime <= times.1 + 1_000_000_000)
        }

        @Test func dataAreCopiedLate() throws {
            let (t, _, lower) = try make { try $0.write("/f", String(repeating: "x", count: 10_000)) }
            vfsRoot.set(t.vfs)
            let upper = { () throws -> UInt in
                let status = try t.context.root.mount.superblock.status()
                return status.blocks - status.blocksFree
            }
            let before = try upper()
            let file = try t.open("/f", O_RDWR)
            try t.vfs.changeMode(t.look("/f"), 0o600, t.who)
            try t.rename("/f", "/g")
            try t.link("/g", "/h")
            #expect(try file.readBytes(at: 9_998, count: 10) == [120, 120])
            #expect(try upper() == before)
            // A private mapping and one for reading show the lower pages.
            let reader = try t.open("/g")
            #expect(try reader.mapping(offset: 0, length: 4096, shared: true, writable: false).count == 1)
            #expect(try file.mapping(offset: 0, length: 4096, shared: false, writable: false).count == 1)
            #expect(try upper() == before)
            _ = try file.mapping(offset: 0, length: 4096, shared: true, writable: false)
            #expect(try upper() > before)
            file.release()
            reader.release()
            try t.unlink("/h")
            try t.unlink("/g")
            #expect(try upper() == before)
            vfsRoot.set(lower.vfs)
            #expect(try lower.text("/f").count == 10_000)
        }

        @Test func unnamedFilesAndNodes() throws {
            let (t, _, _) = try make(fill)
            vfsRoot.set(t.vfs)
            let file = try t.open("/d0", O_TMPFILE | O_RDWR, 0o600)
            try file.writeBytes([65, 66], at: 0)
            #expect(file.inode.linkCount == 0)
            try t.vfs.link(file.path!, to: Array("/d0/named".utf8).span, t.context, t.who)
            #expect(try t.text("/d0/named") == "AB")
            file.release()
            try t.vfs.makeNode(Array("/d0/pipe".utf8).span, mode: S_IFIFO | 0o644, device: 0, t.context, t.who)
            try t.vfs.makeNode(Array("/d0/null".utf8).span, mode: S_IFCHR | 0o644, device: DeviceNumber.make(1, 3), t.context, t.who)
            #expect(try t.inode("/d0/null").specialDevice == DeviceNumber.make(1, 3))
            #expect(try t.inode("/d0/pipe").type == S_IFIFO)
            #expect(errno { () throws(Errno) in try t.rmdir("/d0") } == 39)
        }

        @Test func execution() throws {
            let (t, _, _) = try make(fill)
            vfsRoot.set(t.vfs)
            let writer = try t.open("/f0", O_WRONLY)
            #expect(try t.inode("/d1/f0").writers == 1)
            writer.release()
            try t.inode("/f0").writers = -1
            #expect(errno { () throws(Errno) in try t.open("/d1/f0", O_WRONLY) } == 26)
        }

        @Test func listingGoesOn() throws {
            let (t, _, _) = try make { t in
                try t.mkdir("/d")
                for i in 0..<50 { try t.write("/d/\(i)", "") }
            }
            vfsRoot.set(t.vfs)
            let directory = try t.open("/d", O_DIRECTORY)
            var seen: [String] = []
            var step = 0
            while true {
                var room = 3
                let before = seen.count
                try directory.list { name, _, _, _ in
                    if room == 0 { return false }
                    room -= 1
                    seen.append(String(decoding: name, as: UTF8.self))
                    return true
                }
                if seen.count == before { break }
                step += 1
                if step < 10 {
                    try t.write("/d/new\(step)", "")
                    // Copying one that is still to come, or has come, does not move it.
                    try t.write("/d/\(step * 5)", "changed")
                    if let last = seen.last, !last.hasPrefix(".") { try t.unlink("/d/" + last) }
                }
            }
            #expect(Set(seen).count == seen.count)
            #expect(seen.filter { !$0.hasPrefix("new") && !$0.hasPrefix(".") }.count == 50)
            directory.release()
        }
    }

    @Suite struct Locks {
        @Test func records() throws {
            let t = Tree()
            try t.write("/f", "0123456789")
            let file = try t.open("/f", O_RDWR), other = try t.open("/f", O_RDWR)
            let mine = FileTable(), theirs = FileTable()
            let fd = try mine.install(file, limit: 1024, closeOnExec: false)
            func range(_ start: Int, _ length: Int) -> LockRange { try! LockRange(base: 0, start: start, length: length) }
            func lock(_ table: FileTable?, _ file: File, _ isWrite: Bool?, _ start: Int, _ length: Int) -> Int32 {
                errno { () throws(Errno) in try t.vfs.setLock(file, table: table, isWrite: isWrite, range(start, length), waits: false) }
            }
            #expect(lock(mine, file, true, 0, 100) == 0)
            #expect(lock(theirs, other, true, 50, 1) == 11)
            #expect(lock(theirs, other, false, 100, 0) == 0)
            #expect(lock(mine, file, nil, 40, 20) == 0)
            #expect(lock(theirs, other, true, 40, 20) == 0)
            #expect(lock(theirs, other, true, 39, 1) == 11)
            #expect(lock(nil, other, true, 60, 1) == 11)
            #expect(lock(mine, file, false, 60, 40) == 0)
            #expect(lock(nil, other, false, 60, 1) == 0)
            let found = t.vfs.findLock(other, table: theirs, isWrite: true, range(0, 0))
            #expect(found?.start == 0 && found?.end == 39 && found?.isWrite == true)
            #expect(VFS.locks(of: file.inode).count == 5)
            // Joined again.
            #expect(lock(mine, file, true, 60, 40) == 11)
            #expect(lock(nil, other, nil, 0, 0) == 0)
            #expect(lock(theirs, other, nil, 0, 0) == 0)
            #expect(lock(mine, file, true, 40, 60) == 0)
            #expect(VFS.locks(of: file.inode).count == 1)
            try mine.close(fd)
            #expect(VFS.locks(of: file.inode).isEmpty)
            #expect(errno { () throws(Errno) in _ = try LockRange(base: 0, start: 5, length: -6) } == 22)
            #expect(try LockRange(base: 5, start: 0, length: -5).end == 4)
            #expect(errno { () throws(Errno) in _ = try LockRange(base: .max, start: 1, length: 0) } == 75)
            file.release()
            other.release()
        }

        @Test func whole() throws {
            let t = Tree()
            try t.write("/f", "")
            let a = try t.open("/f"), b = try t.open("/f")
            try t.vfs.lockWhole(a, isExclusive: false, waits: false)
            try t.vfs.lockWhole(b, isExclusive: false, waits: false)
            #expect(errno { () throws(Errno) in try t.vfs.lockWhole(a, isExclusive: true, waits: false) } == 11)
            a.release()
            try t.vfs.lockWhole(b, isExclusive: true, waits: false)
            b.release()
        }
    }

    @Suite struct Watches {
        @Test func events() throws {
            let t = Tree()
            try t.mkdir("/d")
            let anonymous = try t.inode("/")
            let file = try InotifyFile(anonymous: anonymous, flags: O_NONBLOCK, user: 0)
            file.acquire()
            let wd = try file.add(t.inode("/d"), mask: IN_ALL_EVENTS)
            #expect(wd == 1)
            try t.write("/d/f", "x")
            try t.rename("/d/f", "/d/g")
            try t.unlink("/d/g")
            let bytes = try file.readBytes(at: 0, count: 4096)
            var masks: [UInt32] = []
            var position = 0
            while position + 16 <= bytes.count {
                masks.append(UInt32(bytes[position + 4]) | UInt32(bytes[position + 5]) << 8)
                position += 16 + Int(bytes[position + 12])
            }
            #expect(masks == [IN_CREATE, IN_OPEN, IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_DELETE])
            #expect(errno { () throws(Errno) in _ = try file.readBytes(at: 0, count: 4096) } == 11)
            try t.rmdir("/d")
            #expect(file.poll(nil) != 0)
            #expect(t.vfs.watchCount == 0)
            file.release()
        }
    }
}
