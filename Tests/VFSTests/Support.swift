import FileSystems
import KernelBase
import LinuxABI
import Machine
import Testing
import VFS

/// All tests of the file layer: they share the kernel's root objects, so they run one after the other.
@Suite(.serialized) struct FileLayer {}

/// A tree of its own, with a few calls in the words of the shell.
final class Tree {
    let vfs: VFS
    let context: FSContext
    var who: Credentials
    let fileSystem: Tmpfs

    static var root: Credentials { Credentials(uid: 0, gid: 0, groups: []) }
    static var user: Credentials { Credentials(uid: 1000, gid: 1000, groups: [1000]) }

    init(sizeLimit: Int? = nil, dentries: Int = 100_000) {
        vfs = VFS(dentryLimit: dentries)
        vfsRoot.set(vfs)
        specialFileHooks.set(SpecialFileHooks())
        fileSystem = Tmpfs(device: vfs.allocateDevice(), sizeLimit: sizeLimit)
        let path = vfs.mountRoot(fileSystem, root: fileSystem.makeRoot())
        context = FSContext(root: path, workingDirectory: path, umask: 0o022)
        who = Tree.root
    }

    /// With another root file system.
    init(_ make: (VFS) -> (Superblock, Inode)) {
        vfs = VFS()
        vfsRoot.set(vfs)
        specialFileHooks.set(SpecialFileHooks())
        fileSystem = Tmpfs(device: vfs.allocateDevice())
        let (superblock, root) = make(vfs)
        let path = vfs.mountRoot(superblock, root: root)
        context = FSContext(root: path, workingDirectory: path, umask: 0o022)
        who = Tree.root
    }

    func look(_ path: String, _ flags: LookupFlags = .follow) throws(Errno) -> Path {
        try vfs.lookup(Array(path.utf8).span, flags, context, who)
    }
    func inode(_ path: String, _ flags: LookupFlags = .follow) throws(Errno) -> Inode {
        guard let inode = try look(path, flags).inode else { throw .ENOENT }
        return inode
    }
    func mkdir(_ path: String, _ mode: UInt32 = 0o755) throws(Errno) {
        try vfs.makeDirectory(Array(path.utf8).span, mode: mode, context, who)
    }
    func symlink(_ target: String, _ path: String) throws(Errno) {
        try vfs.makeSymbolicLink(Array(path.utf8).span, target: Array(target.utf8), context, who)
    }
    func link(_ old: String, _ new: String) throws(Errno) {
        try vfs.link(try look(old, []), to: Array(new.utf8).span, context, who)
    }
    func unlink(_ path: String) throws(Errno) { try vfs.unlink(Array(path.utf8).span, context, who) }
    func rmdir(_ path: String) throws(Errno) { try vfs.removeDirectory(Array(path.utf8).span, context, who) }
    func rename(_ old: String, _ new: String, _ flags: UInt32 = 0) throws(Errno) {
        try vfs.rename(Array(old.utf8).span, to: Array(new.utf8).span, flags: flags, context, who)
    }
    @discardableResult
    func open(_ path: String, _ flags: UInt32 = O_RDONLY, _ mode: UInt32 = 0o644) throws(Errno) -> File {
        let file = try vfs.open(Array(path.utf8).span, try OpenRequest(flags: flags, mode: mode), context, who)
        file.acquire()
        return file
    }
    func write(_ path: String, _ text: String) throws(Errno) {
        let file = try open(path, O_WRONLY | O_CREAT | O_TRUNC)
        defer { file.release() }
        _ = try file.writeBytes(Array(text.utf8), at: 0)
    }
    func text(_ path: String) throws(Errno) -> String {
        let file = try open(path)
        defer { file.release() }
        return String(decoding: try file.readBytes(at: 0, count: 1 << 20), as: UTF8.self)
    }
    func names(_ path: String) throws(Errno) -> [String] {
        let file = try open(path, O_RDONLY | O_DIRECTORY)
        defer { file.release() }
        var names: [String] = []
        try file.list { name, _, _, _ in
            names.append(String(decoding: name, as: UTF8.self))
            return true
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }
}

extension File {
    func readBytes(at offset: Int, count: Int) throws(Errno) -> Bytes {
        let kernel = KernelBuffer()
        var buffer = IOBuffer(kernel: kernel, count: count)
        _ = try read(&buffer, at: offset)
        return kernel.bytes
    }
    @discardableResult
    func writeBytes(_ bytes: Bytes, at offset: Int) throws(Errno) -> Int {
        var buffer = IOBuffer(kernel: KernelBuffer(bytes), count: bytes.count)
        var offset = offset
        return try write(&buffer, at: &offset)
    }
}

/// The errno that `body` throws, 0 for none.
func errno(_ body: () throws(Errno) -> Void) -> Int32 {
    do throws(Errno) {
        try body()
        return 0
    } catch {
        return error.rawValue
    }
}

/// A small generator whose sequence is the same in every run.
struct Generator {
    var state: UInt64
    init(_ seed: UInt64) { state = seed &* 2 &+ 1 }
    mutating func next(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % limit
    }
}
