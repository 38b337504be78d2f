import func Glibc.chmod
import func Glibc.getgid
import func Glibc.getuid
import func Glibc.link
import func Glibc.mkdir
import func Glibc.mkfifo
import func Glibc.rename
import func Glibc.symlink
import func Glibc.unlink
import KernelBase
import LinuxABI
import MonitorProtocol
import Testing
import VFS

@testable import FileSystems

extension HostTests {
    @Suite struct ReadOnlyTests {
        @Test func fewNamesAreAskedForAlone() throws {
            let shared = try Shared { path in
                mkdir(path + "/sub", 0o750)
                for number in 0..<40 { put(path + "/sub/\(number)", "hello") }
            }
            // The root's size tells of few entries; a directory brings its handle.
            let sub = try shared.find("sub")
            #expect(shared.sent() == [.lookup])
            #expect(try shared.find("sub/7").size == 5)
            #expect(try shared.find("sub/7") === shared.find("sub/7"))
            #expect(throws: Errno.ENOENT) { try shared.find("sub/none") }
            #expect(shared.sent() == [.lookup, .lookup])
            #expect((sub as! HostDirectory).state == .unknown)
            // Reading it, or looking for many names, lists it; what was found stays what it is.
            let seven = try shared.find("sub/7")
            #expect(try shared.names(sub).count == 40)
            #expect(shared.sent() == [.enter])
            #expect(try shared.find("sub/7") === seven)
            #expect(shared.sent() == [])
        }

        @Test func manyNamesListTheDirectory() throws {
            let shared = try Shared { path in
                mkdir(path + "/sub", 0o750)
                for number in 0..<100 { put(path + "/sub/\(number)") }
            }
            let sub = try shared.find("sub")
            let first = try shared.find("sub/0")
            for number in 1..<100 { _ = try shared.find("sub/\(number)") }
            let sent = shared.sent()
            #expect(sent.count { $0 == .enter } == 1)
            #expect(sent.count <= 66)
            #expect((sub as! HostDirectory).state == .listed)
            #expect(try shared.find("sub/0") === first)
            #expect(shared.system.tableEntries >= 100)
        }

        @Test func oneRequestForADirectory() throws {
            let shared = try Shared { path in
                mkdir(path + "/sub", 0o750)
                put(path + "/sub/file", "hello")
                chmod(path + "/sub/file", 0o640)
                symlink("file", path + "/sub/link")
                mkfifo(path + "/sub/fifo", 0o600)
            }
            let sub = try shared.find("sub")
            #expect(shared.sent() == [.lookup])
            #expect(try shared.names(sub) == ["fifo", "file", "link"])
            #expect(shared.sent() == [.enter])
            let file = try shared.find("sub/file")
            #expect(shared.sent() == [])
            let host = details(shared.path + "/sub/file")
            #expect(file.number == host.number && file.mode == host.mode && file.size == 5)
            #expect(file.uid == host.uid && file.linkCount == 1)
            #expect(file.modifyTime == host.modifyTime)
            #expect(try shared.find("sub/link").readLink() == Array("file".utf8))
            #expect(try shared.find("sub/fifo").type == S_IFIFO)
            #expect(throws: Errno.ENOENT) { try shared.find("sub/none") }
            #expect(throws: Errno.ENOTDIR) { try shared.find("sub/file/x") }
            #expect(try shared.names(sub) == ["fifo", "file", "link"])
            try file.refresh()
            #expect(shared.sent() == [])
            #expect(try shared.find("sub/file") === file)
            #expect(file.superblock.device == shared.superblock.device)
            #expect(shared.superblock.isReadOnly)
        }

        @Test func hardLinksAreOneInode() throws {
            let shared = try Shared { path in
                mkdir(path + "/d", 0o755)
                put(path + "/a")
                link(path + "/a", path + "/d/b")
            }
            #expect(try shared.find("a") === shared.find("d/b"))
            #expect(try shared.find("a").linkCount == 2)
        }

        @Test func smallFilesAreReadOnce() throws {
            let shared = try Shared { put($0 + "/file", "some text") }
            let inode = try shared.find("file")
            _ = shared.sent()
            let file = try shared.open(inode)
            #expect(shared.sent() == [.open])
            #expect(try shared.read(file) == Array("some text".utf8))
            #expect(try shared.read(file, at: 5, count: 2) == Array("te".utf8))
            #expect(try shared.read(file, at: 9).isEmpty)
            // A snapshot: the host's change is not seen any more.
            put(shared.path + "/file", "other")
            #expect(try shared.read(file) == Array("some text".utf8))
            let second = try shared.open(inode)
            #expect(try shared.read(second) == Array("some text".utf8))
            #expect(try inode.readBytes(offset: 5, count: 100) == Array("text".utf8))
            #expect(shared.sent() == [])
            #expect(throws: Errno.EROFS) { try shared.open(inode, O_RDWR) }
            #expect(throws: Errno.EROFS) { try inode.setMode(0) }
            #expect(throws: Errno.EROFS) { try shared.root.create(Array("x".utf8), mode: S_IFREG | 0o600, device: 0, shared.someone) }
        }

        @Test func bigFilesAreReadFromTheHost() throws {
            let text = String(repeating: "0123456789abcdef", count: 20_000)
            let shared = try Shared { put($0 + "/file", text) }
            let inode = try shared.find("file")
            let file = try shared.open(inode)
            #expect(try shared.read(file, at: 16 * 19_999).count == 16)
            #expect(try shared.read(file) == Array(text.utf8))
            #expect(try inode.readBytes(offset: 3, count: 2) == Array("34".utf8))
            #expect(shared.system.pageBytes == 0)
            let extents = try file.mapping(offset: 4096, length: 1 << 30, shared: false, writable: true)
            #expect(extents.count == 1 && extents[0].length == (320_000 + 4095) / 4096 * 4096 - 4096)
            #expect(try file.mapping(offset: 4096 * 79, length: 4096, shared: false, writable: false).isEmpty)
        }

        @Test func smallReadsInARowAreReadAhead() throws {
            let text = Array(String((0..<60_000).map { "\($0) " }.joined()).utf8)
            let shared = try Shared { put($0 + "/file", String(decoding: text, as: UTF8.self)) }
            let file = try shared.open(shared.find("file")), second = try shared.open(shared.find("file"))
            var all: [UInt8] = []
            while true {
                // Sizes that do not divide what is read ahead, and now and then one in between that is somewhere else, or too large.
                let piece = try shared.read(file, at: all.count, count: 1 + all.count % 5000)
                if piece.isEmpty { break }
                all += piece
                if all.count % 7 == 0 { #expect(try shared.read(file, at: 17, count: 9) == Array(text[17..<26])) }
                if all.count % 5 == 0 { #expect(try shared.read(file, at: all.count, count: 70_000) == Array(text[all.count...].prefix(70_000))) }
                #expect(shared.system.readAheads <= 1)
            }
            #expect(all == text)
            #expect(shared.system.readAheads == 1)
            // What is read a little later is what the host has then.
            _ = try shared.read(second, at: 0, count: 10)
            _ = try shared.read(second, at: 10, count: 10)
            put(shared.path + "/file", String(repeating: "x", count: text.count))
            letTimePass()
            #expect(try shared.read(second, at: 20, count: 3) == Array("xxx".utf8))
            file.closing()
            second.closing()
            #expect(shared.system.readAheads == 0)
        }

        @Test func sizeIsTheOneOfTheOpen() throws {
            let shared = try Shared { put($0 + "/file", "short") }
            let inode = try shared.find("file")
            put(shared.path + "/file", "longer than before")
            let file = try shared.open(inode)
            #expect(inode.size == 18)
            #expect(try shared.read(file) == Array("longer than before".utf8))
        }

        @Test func bigDirectoriesComeInParts() throws {
            let shared = try Shared { path in for number in 0..<1500 { put(path + "/file-\(number)") } }
            #expect(try shared.names(shared.root).count == 1500)
            #expect(shared.sent().count > 2)
            #expect(try shared.find("file-1499").isRegular)
            #expect(shared.sent() == [])
        }

        @Test func hugeDirectoriesAreAskedNameByName() throws {
            let shared = try Shared { path in for number in 0...HostDirectory.listingLimit { put(path + "/\(number)") } }
            #expect(!shared.root.isEmptyDirectory)
            let inode = try shared.find("20000")
            #expect((shared.root as! HostDirectory).state == .single)
            _ = shared.sent()
            #expect(try shared.find("20000") === inode)
            #expect(throws: Errno.ENOENT) { try shared.find("none") }
            #expect(shared.sent() == [.lookup])
            var count = 0
            var seen = Set<[UInt8]>()
            try shared.root.list(from: 2) { name, _, _, _ in
                count += 1
                seen.insert(name)
                return true
            }
            #expect(count == HostDirectory.listingLimit + 1 && seen.count == count)
        }

        @Test func handlesAreBounded() throws {
            let shared = try Shared(limit: 64) { path in
                for number in 0..<300 {
                    mkdir(path + "/\(number)", 0o755)
                    put(path + "/\(number)/file", "text")
                }
            }
            for number in 0..<300 { _ = try shared.find("\(number)/file") }
            // Their handles are gone: they are fetched again.
            for number in 0..<300 { #expect(try shared.read(shared.open(shared.find("\(number)/file"))).count == 4) }
        }

        @Test func deepHandlesAreFetchedAgain() throws {
            let shared = try Shared(limit: 64) { path in
                var path = path
                for _ in 0..<200 {
                    path += "/d"
                    mkdir(path, 0o755)
                }
                put(path + "/file", "deep")
            }
            let file = try shared.find(String(repeating: "d/", count: 200) + "file")
            #expect(try shared.read(shared.open(file)) == Array("deep".utf8))
        }

        @Test func memoryIsBounded() throws {
            let shared = try Shared(limit: 64, descriptors: 16) { path in
                for number in 0..<50 {
                    mkdir(path + "/\(number)", 0o755)
                    for file in 0..<10 { put(path + "/\(number)/\(file)", "text") }
                }
            }
            shared.system.inodeLimit = 100
            shared.system.entryLimit = 200
            shared.system.pageLimit = 16 * 4096
            let kept = try shared.find("7/7")
            for number in 0..<50 {
                for file in 0..<10 { #expect(try shared.read(shared.open(shared.find("\(number)/\(file)"))).count == 4) }
            }
            #expect(shared.system.inodeCount < 300)
            #expect(shared.system.tableEntries < 400)
            #expect(shared.system.pageBytes <= 16 * 4096)
            #expect(try shared.find("7/7") === kept)
        }

        @Test func dataOfSmallFilesMakeRoom() throws {
            let shared = try Shared { path in for number in 0..<8 { put(path + "/\(number)", String(repeating: "x", count: 9000)) } }
            for number in 0..<8 { #expect(try shared.read(shared.open(shared.find("\(number)"))).count == 9000) }
            let before = shared.system.pageBytes
            #expect(before == 8 * 16384)
            #expect(shared.system.reclaim(pages: 6))
            #expect(shared.system.pageBytes == before - 2 * 16384)
            #expect(!shared.system.reclaim(pages: 1000))
            #expect(shared.system.pageBytes == 0)
            #expect(try shared.read(shared.open(shared.find("3"))).count == 9000)
        }

        @Test func statusOfTheFileSystem() throws {
            let shared = try Shared { _ in }
            let status = try shared.superblock.status()
            #expect(status.blockSize > 0 && status.blocks >= status.blocksFree)
        }
    }

    @Suite struct WritableTests {
        private func name(_ text: String) -> [UInt8] { Array(text.utf8) }

        @Test func writesReachTheHost() throws {
            let shared = try Shared(writable: true) { _ in }
            let inode = try shared.root.create(name("new"), mode: S_IFREG | 0o640, device: 0, shared.someone)
            let file = try shared.open(inode, O_RDWR)
            #expect(try shared.write(file, "hello") == 5)
            #expect(inode.size == 5)
            try shared.write(file, "J")
            #expect(try shared.read(file) == name("Jello"))
            #expect(get(shared.path + "/new") == "Jello")
            #expect(details(shared.path + "/new").mode & 0o777 == 0o640)
            try inode.refresh()
            let host = details(shared.path + "/new")
            #expect(inode.modifyTime == host.modifyTime)
            try file.truncate(to: 2)
            #expect(inode.size == 2 && get(shared.path + "/new") == "Je")
            try inode.truncate(to: 1)
            #expect(get(shared.path + "/new") == "J")
            try file.synchronize(dataOnly: false)
            #expect(throws: Errno.EEXIST) { try shared.root.create(name("new"), mode: S_IFREG | 0o600, device: 0, shared.someone) }
        }

        @Test func whatAProgramMakesIsItsOwn() throws {
            let shared = try Shared(writable: true) { _ in }
            let other = Credentials(uid: 1234, gid: 4321, groups: [])
            let made = [
                try shared.root.create(name("f"), mode: S_IFREG | 0o640, device: 0, other), try shared.root.makeDirectory(name("d"), mode: S_IFDIR | 0o755, other),
                try shared.root.makeSymbolicLink(name("l"), target: name("f"), other),
            ]
            // Unless the host does not let us.
            let owner: (UInt32, UInt32) = getuid() == 0 ? (1234, 4321) : (getuid(), getgid())
            for inode in made { #expect((inode.uid, inode.gid) == owner) }
        }

        @Test func appendingSharesTheEndWithTheHost() throws {
            let shared = try Shared(writable: true) { put($0 + "/log", "one\n") }
            let file = try shared.open(shared.find("log"), O_WRONLY | O_APPEND)
            try shared.write(file, "two\n")
            appendOnHost(shared.path + "/log", "three\n")
            try shared.write(file, "four\n")
            #expect(get(shared.path + "/log") == "one\ntwo\nthree\nfour\n")
        }

        /// The kernel lock is free while the monitor works. What it has found may be older than what a program has done meanwhile.
        @Test func answersOlderThanChanges() throws {
            let count = 12
            let shared = try Shared(writable: true) { path in for number in 0..<count { put(path + "/\(number)", "old") } }
            // One file is asked for alone, several by their directory's listing.
            let files = try (0..<count).map { try shared.open(shared.find("\($0)"), O_RDWR) }
            func refresh(_ file: File, while change: @escaping () -> Void) throws {
                (file.inode as? HostInode)?.markStale()
                shared.meanwhile = change
                try file.inode.refresh()
                #expect(shared.meanwhile == nil, "was asked")
            }
            for file in files {
                try refresh(file) { _ = try? shared.write(file, "longer") }
                #expect(file.inode.size == 6)
                try refresh(file) { try? file.truncate(to: 1) }
                #expect(file.inode.size == 1)
                try refresh(file) { try? file.inode.setMode(0o600) }
                #expect(file.inode.mode & 0o777 == 0o600)
                try refresh(file) { try? file.inode.allocate(mode: 0, offset: 0, length: 100) }
                #expect(file.inode.size == 100)
                // A change's own answer tells of the file before another change of its data.
                shared.meanwhile = { try? file.truncate(to: 7) }
                try file.inode.setMode(0o640)
                #expect(file.inode.size == 7 && file.inode.mode & 0o777 == 0o640)
                try refresh(file) {}
                #expect(file.inode.size == 7)
                #expect(file.inode.modifyTime == details(shared.path + "/\(files.firstIndex { $0 === file } ?? 0)").modifyTime)
            }
        }

        @Test func namesAreMadeAndRemoved() throws {
            let shared = try Shared(writable: true) { _ in }
            let root = shared.root
            let directory = try root.makeDirectory(name("d"), mode: S_IFDIR | 0o755, shared.someone)
            let a = try directory.create(name("a"), mode: S_IFREG | 0o600, device: 0, shared.someone)
            _ = try root.makeSymbolicLink(name("l"), target: name("d/a"), shared.someone)
            _ = try root.create(name("p"), mode: S_IFIFO | 0o600, device: 0, shared.someone)
            try root.link(name("b"), to: a)
            #expect(a.linkCount == 2)
            #expect(try shared.names(root) == ["b", "d", "l", "p"])
            #expect(try shared.find("b") === a)
            #expect(try shared.find("l").readLink() == name("d/a"))
            #expect(throws: Errno.ENOTEMPTY) { try root.removeDirectory(name("d"), directory) }
            try directory.unlink(name("a"), a)
            #expect(a.linkCount == 1)
            // Reached by its other name, or the handle that was taken.
            try a.setMode(0o644)
            #expect(details(shared.path + "/b").mode & 0o777 == 0o644)
            try root.removeDirectory(name("d"), directory)
            try root.unlink(name("p"), shared.find("p"))
            try root.unlink(name("l"), shared.find("l"))
            #expect(try shared.names(root) == ["b"])
            let socket = try root.create(name("s"), mode: S_IFSOCK | 0o600, device: 0, shared.someone)
            #expect(socket.type == S_IFSOCK && details(shared.path + "/s").mode == S_IFSOCK | 0o600)
            #expect(throws: Errno.EPERM) { try root.create(name("c"), mode: S_IFCHR | 0o600, device: 0x103, shared.someone) }
        }

        @Test func renames() throws {
            let shared = try Shared(writable: true) { path in
                mkdir(path + "/d", 0o755)
                put(path + "/a", "A")
                put(path + "/b", "B")
                put(path + "/d/inner", "I")
            }
            let root = shared.root
            let a = try shared.find("a"), b = try shared.find("b"), d = try shared.find("d")
            try root.rename(name("a"), a, to: d, name("c"), over: nil, flags: 0)
            #expect(throws: Errno.ENOENT) { try shared.find("a") }
            #expect(try shared.find("d/c") === a)
            #expect(try shared.read(shared.open(a)) == name("A"))
            try root.rename(name("b"), b, to: d, name("c"), over: a, flags: 0)
            #expect(a.linkCount == 0)
            #expect(get(shared.path + "/d/c") == "B")
            #expect(try shared.find("d/c") === b)
            // A directory takes its contents along.
            try root.rename(name("d"), d, to: root, name("e"), over: nil, flags: 0)
            #expect(try shared.read(shared.open(shared.find("e/inner"))) == name("I"))
            put(shared.path + "/x", "X")
            letTimePass()
            let x = try shared.find("x"), e = try shared.find("e")
            try root.rename(name("x"), x, to: root, name("e"), over: e, flags: RENAME_EXCHANGE)
            #expect(try shared.find("e") === x && shared.find("x") === e)
            #expect(try shared.read(shared.open(shared.find("x/inner"))) == name("I"))
        }

        @Test func openFileWithoutName() throws {
            let shared = try Shared(writable: true) { put($0 + "/f", "data") }
            let inode = try shared.find("f")
            let file = try shared.open(inode, O_RDWR)
            inode.openCount += 1
            try shared.root.unlink(name("f"), inode)
            #expect(inode.linkCount == 0)
            #expect(try shared.read(file) == name("data"))
            try shared.write(file, "more data")
            letTimePass()
            try inode.refresh()
            #expect(inode.size == 9)
        }

        @Test func changesOfTheHostAreSeen() throws {
            let shared = try Shared(writable: true) { put($0 + "/f", "old") }
            let inode = try shared.find("f")
            #expect(throws: Errno.ENOENT) { try shared.find("g") }
            letTimePass()
            put(shared.path + "/f", "newer")
            put(shared.path + "/g")
            letTimePass()
            try inode.refresh()
            #expect(inode.size == 5)
            #expect(try shared.superblock.revalidate(name("f"), in: shared.root, inode))
            #expect(try !shared.superblock.revalidate(name("g"), in: shared.root, nil))
            #expect(try shared.find("g").isRegular)
            // Replaced: another file of the same name.
            put(shared.path + "/h", "replacement")
            rename(shared.path + "/h", shared.path + "/f")
            letTimePass()
            #expect(try !shared.superblock.revalidate(name("f"), in: shared.root, inode))
            #expect(try shared.find("f") !== inode)
            unlink(shared.path + "/f")
            letTimePass()
            #expect(throws: Errno.ENOENT) { try shared.find("f") }
        }

        @Test func oneListingRefreshesManyFiles() throws {
            let shared = try Shared(writable: true) { path in for number in 0..<32 { put(path + "/\(number)") } }
            let inodes = try (0..<32).map { try shared.find("\($0)") }
            letTimePass()
            _ = shared.sent()
            for inode in inodes { try inode.refresh() }
            #expect(shared.sent().count <= 6)
        }

        @Test func attributes() throws {
            let shared = try Shared(writable: true) { put($0 + "/f") }
            let inode = try shared.find("f")
            try inode.setMode(0o4711)
            #expect(details(shared.path + "/f").mode & 0o7777 == 0o711)  // no set-id bits on the host
            try inode.setTimes(access: nil, modify: 1_234_567_890_123_456_789)
            #expect(details(shared.path + "/f").modifyTime == 1_234_567_890_123_456_789)
            #expect(inode.modifyTime == 1_234_567_890_123_456_789)
            #expect(try inode.listExtendedAttributes().isEmpty)
            #expect(throws: Errno.EOPNOTSUPP) { try inode.setExtendedAttribute(name("security.x"), [], flags: 0) }
        }

        @Test func extendedAttributes() throws {
            let shared = try Shared(writable: true) { put($0 + "/f") }
            let inode = try shared.find("f")
            guard (try? inode.setExtendedAttribute(name("user.x"), name("value"), flags: 0)) != nil else { return }  // /tmp may have none
            let value = try inode.getExtendedAttribute(name("user.x"))
            #expect(value == name("value"))
            let names = try inode.listExtendedAttributes()
            #expect(names == [name("user.x")])
            try inode.removeExtendedAttribute(name("user.x"))
            #expect(throws: Errno.ENODATA) { try inode.getExtendedAttribute(name("user.x")) }
        }
    }
}
