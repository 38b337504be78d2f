import FileSystems
import KernelBase
import LinuxABI
import Testing
import VFS

extension FileLayer {
    @Suite struct Walks {
        @Test func components() throws {
            let t = Tree()
            try t.mkdir("/a")
            try t.mkdir("/a/b")
            try t.write("/a/b/file", "x")
            for path in ["/a/b/file", "a/b/file", "//a///b/./file", "/a/../a/b/file", "/../../a/b/file", "a/b/../b/file"] {
                #expect(try t.inode(path) === t.inode("/a/b/file"), "\(path)")
            }
            #expect(errno { () throws(Errno) in _ = try t.look("") } == 2)
            #expect(errno { () throws(Errno) in _ = try t.look("/a/none") } == 2)
            #expect(errno { () throws(Errno) in _ = try t.look("/a/none/x") } == 2)
            #expect(errno { () throws(Errno) in _ = try t.look("/a/b/file/x") } == 20)
            #expect(errno { () throws(Errno) in _ = try t.look("/a/b/file/") } == 20)
            #expect(errno { () throws(Errno) in _ = try t.look("/a/b/file/..") } == 20)
            #expect(errno { () throws(Errno) in _ = try t.look("/" + String(repeating: "n", count: 256)) } == 36)
            #expect(errno { () throws(Errno) in _ = try t.look("/" + String(repeating: "n", count: 255)) } == 2)
            #expect(try t.inode("/a/b/") === t.inode("/a/b"))
            #expect(try t.inode("/") === t.inode(".."))
        }

        @Test func longNames() throws {
            let t = Tree()
            for length in [1, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 100, 255] {
                let name = String(repeating: "n", count: length - 1)
                try t.write("/" + name + "a", "a\(length)")
                try t.write("/" + name + "b", "b\(length)")
                #expect(try t.text("/" + name + "a") == "a\(length)")
                #expect(try t.text("/" + name + "b") == "b\(length)")
                try t.mkdir("/" + name + "d")
                try t.write("/\(name)d/f", "c")
                #expect(try t.text("/\(name)d//f") == "c")
            }
        }

        @Test func symbolicLinks() throws {
            let t = Tree()
            try t.mkdir("/d")
            try t.write("/d/f", "data")
            try t.symlink("d", "/ld")
            try t.symlink("f", "/d/lf")
            try t.symlink("/d/lf", "/llf")
            try t.symlink("loop", "/loop")
            try t.symlink("missing", "/dangling")
            #expect(try t.text("/ld/lf") == "data")
            #expect(try t.text("/llf") == "data")
            #expect(try t.inode("/ld", []).isSymbolicLink)
            #expect(try t.inode("/ld/", []).isDirectory)
            #expect(errno { () throws(Errno) in _ = try t.look("/loop") } == 40)
            #expect(errno { () throws(Errno) in _ = try t.look("/dangling") } == 2)
            #expect(errno { () throws(Errno) in _ = try t.look("/llf/") } == 20)
            #expect(errno { () throws(Errno) in try t.open("/ld", O_NOFOLLOW) } == 40)
            #expect(errno { () throws(Errno) in try t.open("/ld", O_NOFOLLOW | O_DIRECTORY) } == 20)
            // 40 links are followed, 41 are not.
            try t.symlink("d/f", "/l1")
            for i in 2...41 { try t.symlink("l\(i - 1)", "/l\(i)") }
            #expect(try t.text("/l40") == "data")
            #expect(errno { () throws(Errno) in _ = try t.look("/l41") } == 40)
            // O_CREAT goes through a dangling link.
            try t.write("/dangling", "made")
            #expect(try t.text("/missing") == "made")
            #expect(errno { () throws(Errno) in try t.open("/dangling", O_CREAT | O_EXCL | O_RDWR) } == 17)
        }

        @Test func permissions() throws {
            let t = Tree()
            try t.mkdir("/closed", 0o700)
            try t.write("/closed/f", "x")
            try t.mkdir("/open", 0o755)
            try t.write("/open/f", "x")
            try t.mkdir("/tmp", 0o777)
            try t.vfs.changeMode(t.look("/tmp"), 0o1777, t.who)
            try t.write("/tmp/root", "x")
            t.who = Tree.user
            #expect(errno { () throws(Errno) in _ = try t.look("/closed/f") } == 13)
            #expect(errno { () throws(Errno) in _ = try t.look("/closed/none") } == 13)
            #expect(errno { () throws(Errno) in try t.open("/open/f", O_WRONLY) } == 13)
            #expect(errno { () throws(Errno) in try t.write("/open/new", "x") } == 13)
            #expect(errno { () throws(Errno) in try t.unlink("/tmp/root") } == 1)
            #expect(errno { () throws(Errno) in try t.rename("/tmp/root", "/tmp/mine") } == 1)
            #expect(errno { () throws(Errno) in try t.mkdir("/open/f") } == 17)
            #expect(errno { () throws(Errno) in try t.mkdir("/open/d") } == 13)
            try t.write("/tmp/own", "x")
            #expect(try t.inode("/tmp/own").uid == 1000)
            try t.unlink("/tmp/own")
            #expect(errno { () throws(Errno) in try t.vfs.changeMode(t.look("/open/f"), 0o777, t.who) } == 1)
            #expect(errno { () throws(Errno) in try t.vfs.checkAccess(t.look("/open/f"), mode: 2, t.who) } == 13)
        }

        @Test func makingAndRemoving() throws {
            let t = Tree()
            try t.mkdir("/d")
            #expect(errno { () throws(Errno) in try t.mkdir("/d") } == 17)
            #expect(errno { () throws(Errno) in try t.mkdir("/") } == 17)
            #expect(errno { () throws(Errno) in try t.mkdir("/d/..") } == 17)
            #expect(errno { () throws(Errno) in try t.mkdir("/x/y") } == 2)
            try t.mkdir("/d/slash/")
            #expect(errno { () throws(Errno) in try t.open("/d/f/", O_CREAT | O_RDWR) } == 21)
            #expect(errno { () throws(Errno) in try t.symlink("x", "/d/l/") } == 2)
            try t.write("/d/f", "1")
            #expect(errno { () throws(Errno) in try t.rmdir("/d") } == 39)
            #expect(errno { () throws(Errno) in try t.rmdir("/d/f") } == 20)
            #expect(errno { () throws(Errno) in try t.rmdir("/d/.") } == 22)
            #expect(errno { () throws(Errno) in try t.rmdir("/d/..") } == 39)
            #expect(errno { () throws(Errno) in try t.rmdir("/") } == 16)
            #expect(errno { () throws(Errno) in try t.unlink("/d") } == 21)
            #expect(errno { () throws(Errno) in try t.unlink("/d/f/") } == 20)
            #expect(errno { () throws(Errno) in try t.unlink("/d/none") } == 2)
            try t.link("/d/f", "/d/g")
            #expect(try t.inode("/d/f").linkCount == 2)
            #expect(errno { () throws(Errno) in try t.link("/d", "/e") } == 1)
            try t.unlink("/d/f")
            #expect(errno { () throws(Errno) in _ = try t.look("/d/f") } == 2)
            #expect(try t.text("/d/g") == "1")
            #expect(try t.inode("/d").linkCount == 3)
            try t.rmdir("/d/slash")
            #expect(try t.inode("/d").linkCount == 2)
            try t.write("/d/f", "again")
            #expect(try t.names("/d") == ["f", "g"])
        }

        @Test func renaming() throws {
            let t = Tree()
            try t.mkdir("/a")
            try t.mkdir("/a/b")
            try t.mkdir("/c")
            try t.write("/f", "f")
            try t.write("/g", "g")
            try t.rename("/f", "/a/f2")
            #expect(try t.text("/a/f2") == "f")
            #expect(errno { () throws(Errno) in _ = try t.look("/f") } == 2)
            try t.rename("/a/f2", "/g")
            #expect(try t.text("/g") == "f")
            #expect(errno { () throws(Errno) in try t.rename("/a", "/a/b/x") } == 22)
            #expect(errno { () throws(Errno) in try t.rename("/a/b", "/a") } == 39)
            #expect(errno { () throws(Errno) in try t.rename("/g", "/a") } == 21)
            #expect(errno { () throws(Errno) in try t.rename("/a", "/g") } == 20)
            #expect(errno { () throws(Errno) in try t.rename("/none", "/g") } == 2)
            #expect(errno { () throws(Errno) in try t.rename("/a/.", "/x") } == 16)
            #expect(errno { () throws(Errno) in try t.rename("/g", "/h/") } == 20)
            #expect(errno { () throws(Errno) in try t.rename("/g", "/a", RENAME_NOREPLACE) } == 17)
            try t.rename("/a", "/c")
            #expect(try t.inode("/c/b").isDirectory)
            #expect(errno { () throws(Errno) in _ = try t.look("/a") } == 2)
            try t.rename("/c", "/c")
            try t.mkdir("/e")
            try t.write("/e/in", "in")
            try t.rename("/e", "/c/b", RENAME_EXCHANGE)
            #expect(try t.text("/c/b/in") == "in")
            #expect(try t.names("/e") == [])
            try t.link("/g", "/g2")
            try t.rename("/g", "/g2")
            #expect(try t.names("/") == ["c", "e", "g", "g2"])
        }

        @Test func mounts() throws {
            let t = Tree()
            try t.mkdir("/mnt")
            try t.mkdir("/mnt/below")
            let other = Tmpfs(device: t.vfs.allocateDevice())
            let mount = try t.vfs.mount(other, root: other.makeRoot(), at: t.look("/mnt"))
            try t.write("/mnt/f", "on top")
            #expect(errno { () throws(Errno) in _ = try t.look("/mnt/below") } == 2)
            #expect(try t.inode("/mnt/..") === t.inode("/"))
            #expect(errno { () throws(Errno) in try t.rmdir("/mnt") } == 16)
            #expect(errno { () throws(Errno) in try t.rename("/mnt/f", "/f") } == 18)
            #expect(errno { () throws(Errno) in try t.link("/mnt/f", "/f") } == 18)
            try t.write("/plain", "plain")
            try t.write("/target", "covered")
            try t.vfs.bind(t.look("/plain"), at: t.look("/target"))
            #expect(try t.text("/target") == "plain")
            #expect(errno { () throws(Errno) in try t.vfs.bind(t.look("/plain"), at: t.look("/mnt")) } == 20)
            try t.vfs.unmount(mount)
            #expect(try t.inode("/mnt/below").isDirectory)
        }

        @Test func text() throws {
            let t = Tree()
            try t.mkdir("/a")
            try t.mkdir("/a/b")
            try t.vfs.changeDirectory(t.look("/a/b"), t.context, t.who)
            #expect(try t.vfs.workingDirectoryText(t.context) == Array("/a/b".utf8))
            let b = try t.look("/a/b")
            try t.rename("/a/b", "/c")
            #expect(try t.vfs.workingDirectoryText(t.context) == Array("/c".utf8))
            try t.rmdir("/c")
            #expect(errno { () throws(Errno) in _ = try t.vfs.workingDirectoryText(t.context) } == 2)
            #expect(VFS.text(of: b, root: t.context.root).text == Array("/c (deleted)".utf8))
            #expect(errno { () throws(Errno) in try t.mkdir("new") } == 2)
            #expect(try t.inode(".").linkCount == 0)
            #expect(try t.inode("..") === t.inode("/"))
        }

        @Test func beneath() throws {
            let t = Tree()
            try t.mkdir("/d")
            try t.mkdir("/d/e")
            try t.write("/d/f", "")
            try t.write("/out", "")
            try t.symlink("/", "/d/root")
            try t.symlink("../out", "/d/up")
            let d = try t.look("/d")
            func walk(_ path: String, _ resolve: UInt64) -> Int32 {
                errno { () throws(Errno) in
                    _ = try t.vfs.lookup(Array(path.utf8).span, at: d, LookupFlags(resolve: resolve).union(.follow), t.context, t.who)
                }
            }
            #expect(walk("e/../f", RESOLVE_BENEATH) == 0)
            #expect(walk("..", RESOLVE_BENEATH) == 18)
            #expect(walk("up", RESOLVE_BENEATH) == 18)
            #expect(walk("root", RESOLVE_BENEATH) == 18)
            #expect(walk("/", RESOLVE_BENEATH) == 18)
            #expect(walk("/f", RESOLVE_IN_ROOT) == 0)
            #expect(walk("../../f", RESOLVE_IN_ROOT) == 0)
            #expect(walk("root/f", RESOLVE_IN_ROOT) == 0)
            #expect(walk("up", RESOLVE_IN_ROOT) == 2)
            #expect(walk("root", RESOLVE_NO_SYMLINKS) == 40)
        }

        @Test func cacheIsBounded() throws {
            let t = Tree(dentries: 200)
            try t.mkdir("/d")
            for i in 0..<2000 { try t.write("/d/file\(i)", "\(i)") }
            #expect(t.vfs.cache.count <= 300)
            for i in stride(from: 0, to: 2000, by: 37) { #expect(try t.text("/d/file\(i)") == "\(i)") }
            for i in 0..<500 { #expect(errno { () throws(Errno) in _ = try t.look("/d/none\(i)") } == 2) }
            #expect(t.vfs.cache.count <= 300)
            for i in 0..<2000 { try t.unlink("/d/file\(i)") }
            try t.rmdir("/d")
            t.vfs.cache.dropUnused()
            #expect(t.fileSystem.inodeCount == 1)
        }
    }

    @Suite struct Descriptors {
        @Test func table() throws {
            let t = Tree()
            try t.write("/f", "x")
            let file = try t.open("/f")
            let table = FileTable()
            for expected in 0..<Int32(200) { #expect(try table.install(file, limit: 1024, closeOnExec: expected % 2 == 0) == expected) }
            #expect(file.users == 201)
            for i in [5, 70, 130] as [Int32] { try table.close(i) }
            #expect(errno { () throws(Errno) in try table.close(5) } == 9)
            #expect(errno { () throws(Errno) in _ = try table.get(-1) } == 9)
            #expect(try table.install(file, from: 6, limit: 1024, closeOnExec: false) == 70)
            #expect(try table.install(file, limit: 1024, closeOnExec: false) == 5)
            #expect(try table.install(file, limit: 1024, closeOnExec: false) == 130)
            #expect(try table.install(file, from: 500, limit: 1024, closeOnExec: false) == 500)
            #expect(errno { () throws(Errno) in _ = try table.install(file, from: 500, limit: 501, closeOnExec: false) } == 24)
            #expect(errno { () throws(Errno) in _ = try table.install(file, limit: 200, closeOnExec: false) } == 24)
            try table.duplicate(0, to: 300, limit: 1024, closeOnExec: true)
            #expect(table.isCloseOnExec(300))
            #expect(errno { () throws(Errno) in try table.duplicate(0, to: 1024, limit: 1024, closeOnExec: false) } == 9)
            #expect(errno { () throws(Errno) in try table.duplicate(999, to: 1, limit: 1024, closeOnExec: false) } == 9)
            let copy = table.copy()
            #expect(copy.count == table.count)
            copy.closeOnExec()
            #expect(copy.file(0) == nil && copy.file(1) != nil && copy.file(300) == nil)
            copy.closeRange(3, 150, onlyMark: false)
            #expect(copy.next(from: 3) == 151)
            copy.closeRange(0, .max, onlyMark: true)
            copy.closeOnExec()
            #expect(copy.count == 0)
            let reserved = try copy.reserve(limit: 1024, closeOnExec: false)
            #expect(errno { () throws(Errno) in _ = try copy.get(reserved) } == 9)
            #expect(try copy.install(file, limit: 1024, closeOnExec: false) == 1)
            copy.cancel(reserved)
            #expect(try copy.install(file, limit: 1024, closeOnExec: false) == 0)
            table.release()
            copy.release()
            #expect(file.users == 1)
        }
    }
}
