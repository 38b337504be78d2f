import CHost
import Glibc
import MonitorProtocol
import Testing

@testable import Monitor

/// Guards that lie behind others: each must hold when what is before it is gone.
struct WallTests {
    /// Should a name ever be more than a name, the host follows it nowhere.
    @Test func openingStaysBeneath() throws {
        guard chost_has_openat2() else { return }
        let shared = try SharedDirectory(mode: .readWrite)
        shared.write("outside/secret", "secret")
        shared.write("share/file", "file")
        mkdir(shared.path + "/share/d", 0o755)
        symlink("../outside", shared.path + "/share/up")
        symlink("d", shared.path + "/share/inside")
        symlink("/proc/self/root", shared.path + "/share/magic")
        let directory = try shared.handles.entry(1).descriptor
        func open(_ name: String, _ flags: Int32 = Int32(CHOST_O_PATH)) -> Int32 {
            let result = chost_open_beneath(directory, name, flags, 0o600)
            if result >= 0 { close(result) }
            return result
        }
        #expect(open("file") >= 0 && open("d/../file") >= 0)
        for name in ["..", "../outside/secret", "d/../../outside/secret", "/etc/passwd", "/"] { #expect(open(name) == -EXDEV, "\(name)") }
        for name in ["up/secret", "inside/../file", "magic/etc/passwd"] { #expect(open(name) == -ELOOP, "\(name)") }
        #expect(open("../outside/new", O_RDWR | O_CREAT | O_EXCL) == -EXDEV)
        #expect(open("up/new", O_RDWR | O_CREAT | O_EXCL) == -ELOOP)
        #expect(open("up") >= 0, "the link itself")
        #expect(open("up", O_RDONLY) == -ELOOP)
    }

    /// The same where the host has no openat2(2), and the name is one component.
    @Test func openingFollowsNoLink() throws {
        let shared = try SharedDirectory(mode: .readWrite)
        shared.write("outside/secret", "secret")
        symlink("../outside/secret", shared.path + "/share/up")
        symlink("../outside/new", shared.path + "/share/dangling")
        let directory = try shared.handles.entry(1).descriptor
        #expect(chost_open_component(directory, "up", O_RDONLY, 0) == -ELOOP)
        #expect(chost_open_component(directory, "up", O_RDWR | O_CREAT | O_EXCL, 0o600) == -EEXIST)
        #expect(chost_open_component(directory, "dangling", O_RDWR | O_CREAT, 0o600) == -ELOOP)
        let link = Descriptor(owning: try HostError.check(chost_open_component(directory, "up", Int32(CHOST_O_PATH), 0)))
        var found = chost_attributes()
        #expect(chost_stat(link.raw, "", &found) == 0 && found.mode & UInt32(S_IFMT) == UInt32(S_IFLNK), "the link itself")
        #expect(access(shared.path + "/outside/new", F_OK) != 0)
    }

    /// No request leaves a descriptor of the monitor's behind, whether it fails or not.
    @Test func descriptorsAreNotLost() throws {
        let shared = try SharedDirectory(mode: .readWrite, limit: 8)
        shared.write("share/f", "text")
        mkdir(shared.path + "/share/d", 0o755)
        symlink("d", shared.path + "/share/link")
        func own() -> Int { (0..<4096).count { fcntl($0, F_GETFD) >= 0 } }
        func round(_ number: Int) {
            for name in ["f", "d", "link", "none"] {
                for operation: Operation in [.open, .enter, .getAttributes, .truncate, .changeMode, .setTimes, .getExtendedAttribute, .listExtendedAttributes, .synchronize] {
                    let reply = shared.request(operation, 1, [name, "user.x"], [0, 0, 0, 0])
                    if operation == .enter, reply.result > 0 { shared.request(.forget, UInt32(reply.result)) }
                }
            }
            shared.request(.create, 1, ["new\(number)"], [0o644, 1])
            shared.request(.link, 1, ["f", "f"], [1])
            while shared.receiveAny() {}
            // Up to the limit of handles, and beyond.
            let handles = (0..<12).map { _ in shared.request(.lookup, 1, ["d"]).result }
            #expect(handles.last == -Int64(ENFILE))
            for handle in handles where handle > 0 { #expect(shared.request(.forget, UInt32(handle)).result == 0) }
        }
        round(0)
        let before = own()
        for number in 1..<10 { round(number) }
        // Other tests of the process may open a few.
        #expect(own() < before + 8)
    }

    /// Listings that are begun and not finished are few, and go with their handle.
    @Test func listingsAreBounded() throws {
        let shared = try SharedDirectory(mode: .readOnly)
        mkdir(shared.path + "/share/d", 0o755)
        for index in 0..<500 { shared.write("share/d/some-long-name-\(index)", "") }
        func own() -> Int { (0..<4096).count { fcntl($0, F_GETFD) >= 0 } }
        let before = own()
        let handles = (0..<50).map { _ in UInt32(shared.request(.lookup, 1, ["d"]).result) }
        for handle in handles { #expect(shared.request(.list, handle).result > 0) }
        #expect(own() < before + 50 + 16 + 8)
        for handle in handles { shared.request(.forget, handle) }
        #expect(own() < before + 8)
    }

    /// Only directories and regular files are shared: opening anything else could have effects.
    @Test func whatIsShared() throws {
        let shared = try SharedDirectory(mode: .readOnly)
        mkfifo(shared.path + "/pipe", 0o600)
        for path in ["/dev/null", shared.path + "/pipe"] { #expect(throws: HostError.invalid) { try shared.handles.share(path: path, mode: .readOnly) } }
        #expect(shared.handles.count == 1)
    }

    /// The handle of one share is no way to change another.
    @Test func modesOfShares() throws {
        let shared = try SharedDirectory(mode: .readWrite)
        let readOnly = try shared.handles.share(path: shared.path + "/outside", mode: .readOnly)
        shared.write("outside/f", "text")
        shared.write("share/f", "text")
        mkdir(shared.path + "/share/d", 0o755)
        let file = UInt32(shared.request(.lookup, 1, ["f"], [LookupFlags.handle]).result)
        #expect(shared.request(.rename, readOnly, ["f", "f"], [1, 0]).result == -Int64(EROFS))
        #expect(shared.request(.link, 1, ["f", "n"], [UInt64(file)]).result == -Int64(ENOTDIR))
        #expect(shared.request(.link, 1, ["d", "n"], [1]).result == -Int64(EPERM))
        #expect(shared.request(.create, file, ["n"], [0o600, 0]).result == -Int64(ENOTDIR))
        #expect(shared.request(.list, file).result == -Int64(ENOTDIR))
        #expect(shared.request(.open, 1, ["f"], [3]).result == -Int64(EINVAL))
        #expect(shared.request(.open, 1, ["f"], [UInt64(O_TRUNC)]).result == -Int64(EINVAL))
        #expect(shared.request(.open, 1, ["f"], [1 << 32]).result == -Int64(EINVAL))
        #expect(shared.request(.truncate, 1, ["d"], [0]).result == -Int64(EISDIR))
        #expect((try? readSmallFile(shared.path + "/share/f")) == "text")
    }

    /// Set-id bits and attributes that mean something to the host stay away from it.
    @Test func nothingThatGivesRights() throws {
        let shared = try SharedDirectory(mode: .readWrite)
        shared.write("share/f", "text")
        #expect(shared.request(.makeDirectory, 1, ["d"], [0o6755]).word32(Attributes.mode) & 0o6000 == 0)
        #expect(shared.request(.makeSpecial, 1, ["p"], [UInt64(S_IFIFO | 0o6755)]).word32(Attributes.mode) & 0o6000 == 0)
        #expect(shared.request(.changeMode, 1, ["p"], [0o6755]).word32(Attributes.mode) & 0o6000 == 0)
        #expect(shared.request(.changeMode, 1, ["d"], [0o4755]).word32(Attributes.mode) & 0o4000 == 0)
        #expect(shared.request(.truncate, 1, ["p"], [0]).result == -Int64(EINVAL))
        for name in ["security.capability", "trusted.x", "system.posix_acl_access", "user", ""] {
            #expect(shared.request(.setExtendedAttribute, 1, ["f", name, "v"], [0]).result < 0, "\(name)")
            #expect(shared.request(.removeExtendedAttribute, 1, ["f", name]).result < 0)
        }
        #expect(shared.request(.getExtendedAttribute, 1, ["f", "security.capability"]).result == -Int64(EOPNOTSUPP))
        #expect(shared.request(.setExtendedAttribute, 1, ["f", "user.a\0b", "v"], [0]).result == -Int64(EINVAL))
        #expect(shared.request(.setExtendedAttribute, 1, ["f", "user." + String(repeating: "x", count: 300), "v"], [0]).result == -Int64(ERANGE))
        #expect(shared.request(.setExtendedAttribute, 1, ["f", "user.x", "v"], [4]).result == -Int64(EINVAL))
        #expect(shared.request(.symbolicLink, 1, ["l", ""]).result == -Int64(EINVAL))
        #expect(shared.request(.symbolicLink, 1, ["l", "a\0b"]).result == -Int64(EINVAL))
        #expect(shared.request(.symbolicLink, 1, ["l", String(repeating: "x", count: 5000)]).result == -Int64(ENAMETOOLONG))
        let file = try Descriptor(path: shared.path + "/share/f", flags: O_RDONLY)
        if chost_setxattr(file.raw, "trusted.secret", "v", 1, 0) == 0, chost_setxattr(file.raw, "user.open", "v", 1, 0) == 0 {
            #expect(String(decoding: shared.request(.listExtendedAttributes, 1, ["f"]).data, as: UTF8.self) == "user.open\0")
        }
    }

    /// A file system of the kernel's that is mounted somewhere in a share, also on a single file. Needs the right to mount.
    @Test func hiddenMountsInShares() throws {
        let everything = try SharedDirectory(mode: .readWrite)
        everything.write("share/file", "text")
        everything.write("share/plain", "text")
        mkdir(everything.path + "/share/dir", 0o755)
        let done = try Descriptor.pipe()
        let finished = done.second.raw
        nonisolated(unsafe) let shared = everything
        nonisolated(unsafe) var answers: [(what: String, wanted: Int64, result: Int64)] = []
        // The mounts are one thread's, which only collects.
        try startThread {
            defer { _ = write(finished, "x", 1) }
            let path = shared.path + "/share/"
            // Swift does not see unshare(2).
            guard let symbol = dlsym(nil, "unshare") else { return }
            let unshare = unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Int32).self)
            let newMounts: Int32 = 0x20000
            guard unshare(newMounts) == 0, mount(nil, "/", nil, UInt(MS_REC | MS_PRIVATE), nil) == 0,
                mount("/proc/version", path + "file", nil, UInt(MS_BIND), nil) == 0, mount("/proc", path + "dir", nil, UInt(MS_BIND), nil) == 0,
                let root = try? shared.handles.share(path: shared.path + "/share", mode: .readWrite)
            else { return }
            func ask(_ wanted: Int32, _ operation: Operation, _ handle: UInt32, _ strings: [String] = [], _ arguments: [UInt64] = []) {
                let reply = shared.request(operation, handle, strings, arguments)
                answers.append(("\(operation) \(strings)", -Int64(wanted), operation == .list ? Int64(reply.data.count) : reply.result))
            }
            ask(ENOENT, .open, root, ["file"])
            ask(ENOENT, .lookup, root, ["file"], [LookupFlags.handle])
            ask(ENOENT, .getExtendedAttribute, root, ["file", "user.x"])
            ask(ENOENT, .changeMode, root, ["file"], [0o444]) // as it is: it is the host's
            let directory = UInt32(truncatingIfNeeded: shared.request(.enter, root, ["dir"]).result)
            ask(0, .list, directory)
            for name in ["self", "version", "sys"] {
                for operation: Operation in [.lookup, .open, .readLink, .enter, .getAttributes] { ask(ENOENT, operation, directory, [name]) }
            }
            ask(EROFS, .create, directory, ["x"], [0o600, 0])
            ask(ENOTDIR, .link, root, ["plain", "x"], [UInt64(directory)])
            ask(EROFS, .rename, root, ["plain", "x"], [UInt64(directory), 0])
            let lazily: Int32 = 2
            umount2(path + "dir", lazily)
            umount2(path + "file", lazily)
        }
        var byte: UInt8 = 0
        _ = read(done.first.raw, &byte, 1)
        for answer in answers { #expect(answer.result == answer.wanted, "\(answer.what)") }
    }
}
