import CHost
import Glibc
import KernelBase
import struct LinuxABI.Errno
import Machine
import MonitorProtocol
import Testing
import VFS

@testable import FileSystems
@testable import Monitor

/// An overlay over a shared directory of the host, walked by the file layer.
private final class Layered {
    let shared: Shared
    let vfs = VFS()
    let upper: Tmpfs
    let context: FSContext
    let who = Credentials(uid: 0, gid: 0, groups: [])

    init(descriptors: Int = 512, fill: (String) -> Void) throws {
        shared = try Shared(descriptors: descriptors, fill: fill)
        vfsRoot.set(vfs)
        specialFileHooks.set(SpecialFileHooks())
        upper = Tmpfs(device: 7)
        let (superblock, root) = Overlay.make(lower: (shared.superblock, shared.root), upper: upper, device: 7)
        let place = vfs.mountRoot(superblock, root: root)
        context = FSContext(root: place, workingDirectory: place, umask: 0o022)
    }

    func look(_ path: String) throws(Errno) -> Path { try vfs.lookup(Array(path.utf8).span, [], context, who) }
    func inode(_ path: String) throws -> Inode { try #require(try look(path).inode) }
    func open(_ path: String, _ flags: UInt32 = 0) throws(Errno) -> File {
        let file = try vfs.open(Array(path.utf8).span, try OpenRequest(flags: flags, mode: 0o644), context, who)
        file.acquire()
        return file
    }
    func text(_ path: String) throws -> String {
        let file = try open(path)
        defer { file.release() }
        return String(decoding: try shared.read(file), as: UTF8.self)
    }
    func isMissing(_ path: String) -> Bool {
        do throws(Errno) { return try look(path).inode == nil } catch { return error.rawValue == 2 }
    }
}

extension HostTests {
    @Suite struct Overlays {
        @Test func nothingIsAskedTwice() throws {
            let t = try Layered { path in
                mkdir(path + "/d", 0o755)
                put(path + "/d/f", "lower")
                put(path + "/d/g")
            }
            _ = try t.inode("/d/f")
            // So many names are asked for one by one before the directory is listed.
            for number in 0..<64 { _ = t.isMissing("/d/\(number)") }
            _ = t.shared.sent()
            #expect(t.isMissing("/d/none"))
            #expect(t.isMissing("/d/f2"))
            _ = try t.inode("/d/g")
            try t.vfs.changeMode(t.look("/d/f"), 0o600, t.who)
            try t.vfs.rename(Array("/d/f".utf8).span, to: Array("/d/h".utf8).span, flags: 0, t.context, t.who)
            try t.vfs.unlink(Array("/d/g".utf8).span, t.context, t.who)
            #expect(t.isMissing("/d/f"))
            #expect(t.isMissing("/d/g"))
            t.vfs.cache.dropUnused()
            #expect(t.isMissing("/d/g"))
            #expect(t.shared.sent() == [])
            #expect(try t.text("/d/h") == "lower")
            #expect(t.shared.sent() == [.open])
            #expect(try t.text("/d/h") == "lower")
            #expect(t.shared.sent() == [])
        }

        @Test func numbers() throws {
            let t = try Layered { path in
                put(path + "/a", "1")
                link(path + "/a", path + "/b")
            }
            var status = stat()
            stat(t.shared.path + "/a", &status)
            let a = try t.inode("/a")
            let b = try t.inode("/b")
            #expect(a.number == UInt64(status.st_ino) && a === b && a.linkCount == 2)
            let file = try t.open("/b", 1)
            try t.shared.write(file, "2")
            file.release()
            #expect(try t.text("/a") == "2")
            #expect(try t.inode("/a").number == UInt64(status.st_ino))
            try t.vfs.makeDirectory(Array("/new".utf8).span, mode: 0o755, t.context, t.who)
            #expect(try t.inode("/new").number >> 48 == 31)

            // Superblocks of the lower layer have number spaces of their own, and so have numbers that are too big.
            let overlay = try #require(t.context.root.mount.superblock as? Overlay)
            let other = overlay.index(of: Superblock(device: 99))
            #expect(other == 1 && overlay.index(of: t.shared.superblock) == 0)
            #expect(overlay.number(5, index: 0) == 5)
            #expect(overlay.number(5, index: 1) == 1 << 48 | 5)
            let big = overlay.number(1 << 60, index: 0)
            #expect(big == overlay.number(1 << 60, index: 0) && big != overlay.number(1 << 60, index: 1) && big < 1 << 53)
        }

        /// The host gives a removed file's number to the next one.
        @Test func numbersThatTheHostUsesAgain() throws {
            let t = try Layered { path in
                mkdir(path + "/d", 0o755)
                mkdir(path + "/e", 0o755)
                put(path + "/d/old", "old")
            }
            let file = try t.open("/d/old", 1)
            try t.shared.write(file, "NEW")
            file.release()
            rename(t.shared.path + "/d/old", t.shared.path + "/e/other")
            #expect(try t.text("/d/old") == "NEW")
            #expect(try t.text("/e/other") == "old")
        }

        @Test(arguments: [0, 1, 4096, 5000, 256 << 10, (256 << 10) + 1, 3_000_000]) func copying(size: Int) throws {
            let t = try Layered { path in
                let file = fopen(path + "/f", "w")!
                for i in 0..<size { fputc(Int32((i &* 31 &+ i >> 12) & 255), file) }
                fclose(file)
            }
            var wanted = (0..<size).map { UInt8(($0 &* 31 &+ $0 >> 12) & 255) }
            let reader = try t.open("/f")
            #expect(try t.shared.read(reader, count: 4 << 20) == wanted)
            let file = try t.open("/f", 2)
            try t.shared.write(file, "xyz", at: size / 2)
            let middle = Array("xyz".utf8)
            for i in 0..<3 {
                if size / 2 + i < wanted.count { wanted[size / 2 + i] = middle[i] } else { wanted.append(middle[i]) }
            }
            #expect(try t.shared.read(file, count: 4 << 20) == wanted)
            #expect(try t.shared.read(reader, count: 4 << 20) == wanted)
            #expect(file.inode.size == wanted.count)
            // What lies beyond the end of the last page is zero.
            try file.truncate(to: wanted.count + 5000)
            #expect(try t.shared.read(file, at: wanted.count, count: 5000) == [UInt8](repeating: 0, count: 5000))
            file.release()
            reader.release()
            var status = stat()
            stat(t.shared.path + "/f", &status)
            #expect(Int(status.st_size) == size)
        }

        @Test func truncationReadsNothing() throws {
            let t = try Layered { path in put(path + "/f", String(repeating: "x", count: 300_000)) }
            _ = try t.inode("/f")
            _ = t.shared.sent()
            let file = try t.open("/f", 0o1002)
            #expect(file.inode.size == 0 && file.inode.blocks == 0)
            try t.shared.write(file, "new")
            #expect(t.shared.sent() == [])
            #expect(try t.text("/f") == "new")
            file.release()
            #expect(t.isMissing("/g"))
        }

        @Test func openFilesKeepTheirDescriptor() throws {
            let t = try Layered(descriptors: 1) { path in
                for i in 0..<4 { put(path + "/f\(i)", String(repeating: "\(i)", count: 300_000)) }
            }
            let files = try (0..<4).map { try t.open("/f\($0)") }
            for i in 0..<4 { unlink(t.shared.path + "/f\(i)") }
            for i in 0..<4 { #expect(try t.shared.read(files[i], at: 299_990, count: 100) == [UInt8](repeating: UInt8(48 + i), count: 10)) }
            for file in files { file.release() }
        }

        @Test func mappings() throws {
            let t = try Layered { path in put(path + "/f", String(repeating: "x", count: 10_000)) }
            let reader = try t.open("/f")
            guard case .host(_, let offset) = try reader.mapping(offset: 4096, length: 4096, shared: false, writable: false).first?.source else {
                Issue.record("not mapped from the host")
                return
            }
            #expect(offset == 4096)
            let writer = try t.open("/f", 2)
            let extents = try writer.mapping(offset: 0, length: 12_288, shared: true, writable: true)
            #expect(extents.reduce(0) { $0 + $1.length } == 12_288)
            guard case .arena = extents.first?.source, case .arena = try reader.mapping(offset: 0, length: 4096, shared: true, writable: false).first?.source else {
                Issue.record("not mapped from memory")
                return
            }
            reader.release()
            writer.release()
        }

        @Test func extendedAttributes() throws {
            let t = try Layered { path in
                put(path + "/f")
                put(path + "/g")
            }
            let user = Array("user.a".utf8)
            let descriptor = Glibc.open(t.shared.path + "/f", O_RDONLY)
            let works = chost_setxattr(descriptor, "user.a", "1", 1, 0) == 0
            close(descriptor)
            let f = try t.inode("/f")
            if works { #expect(try f.getExtendedAttribute(user) == [49]) }
            try f.setExtendedAttribute(Array("user.b".utf8), [2], flags: 0)
            #expect(try f.listExtendedAttributes().count == (works ? 2 : 1))
            if works { try f.removeExtendedAttribute(user) }
            #expect(throws: Errno(61)) { try f.getExtendedAttribute(user) }
            // Name spaces that are not shared are there all the same, and empty.
            let security = Array("security.capability".utf8)
            #expect(throws: Errno(61)) { try t.inode("/g").getExtendedAttribute(security) }
            try t.inode("/g").setExtendedAttribute(security, [1], flags: 0)
            #expect(try t.inode("/g").getExtendedAttribute(security) == [1])
        }

        @Test func bigDirectories() throws {
            let count = HostDirectory.listingLimit + 500
            let t = try Layered { path in for i in 0..<count { close(creat(path + "/f\(i)", 0o644)) } }
            try t.vfs.unlink(Array("/f7".utf8).span, t.context, t.who)
            let made = try t.open("/new", 0o101)
            made.release()
            let directory = try t.open("/", 0o200000)
            var names = Set<String>()
            var last = 0, disorders = 0
            while true {
                var room = 999
                let before = names.count
                try directory.list { name, _, _, next in
                    if room == 0 { return false }
                    room -= 1
                    if next <= last || !names.insert(String(decoding: name, as: UTF8.self)).inserted { disorders += 1 }
                    last = next
                    return true
                }
                if names.count == before { break }
            }
            directory.release()
            #expect(disorders == 0 && names.count == count + 2 && !names.contains("f7") && names.contains("new"))
        }

        @Test func removedTrees() throws {
            let t = try Layered { path in
                mkdir(path + "/d", 0o755)
                mkdir(path + "/d/e", 0o755)
                put(path + "/d/e/f", "x")
            }
            func rmdir(_ path: String) -> Int32 {
                do throws(Errno) {
                    try t.vfs.removeDirectory(Array(path.utf8).span, t.context, t.who)
                    return 0
                } catch { return error.rawValue }
            }
            #expect(rmdir("/d") == 39)
            #expect(rmdir("/d/e") == 39)
            try t.vfs.unlink(Array("/d/e/f".utf8).span, t.context, t.who)
            #expect(rmdir("/d/e") == 0)
            #expect(rmdir("/d") == 0)
            // A new directory does not show what was there before.
            try t.vfs.makeDirectory(Array("/d".utf8).span, mode: 0o755, t.context, t.who)
            #expect(t.isMissing("/d/e"))
            #expect(try t.inode("/d").linkCount == 2)
            #expect(access(t.shared.path + "/d/e/f", F_OK) == 0)
        }
    }
}
