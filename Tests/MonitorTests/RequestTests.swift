import CHost
import Glibc
import MonitorProtocol
import Testing

@testable import Monitor

/// A random number generator with a fixed start, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

struct RequestDecodingTests {
    private func header(operation: UInt32, lengths: [UInt32]) -> [UInt8] {
        var writer = RecordWriter()
        writer.append(SlotState.submitted)
        writer.append(operation)
        writer.append(5 as UInt32)
        writer.append(0 as UInt32)
        for length in lengths { writer.append(length) }
        writer.append(0 as UInt32)
        for value in 1...6 { writer.append(UInt64(value)) }
        return writer.bytes
    }

    @Test func decodes() throws {
        let request = try Request(header: header(operation: 22, lengths: [2, 3, 0])) { Array("abxyz....".utf8.prefix($0)) }
        #expect(request.operation == .rename)
        #expect(request.handle == 5)
        #expect(request.arguments == [1, 2, 3, 4, 5, 6])
        #expect(Array(request.bytes(0)) == Array("ab".utf8))
        #expect(Array(request.bytes(1)) == Array("xyz".utf8))
        #expect(request.bytes(2).isEmpty)
    }

    @Test func refusesLengthsBeyondTheData() {
        for lengths: [UInt32] in [[65537, 0, 0], [65536, 1, 0], [UInt32.max, UInt32.max, 2], [0x8000_0000, 0x8000_0000, 0]] {
            #expect(throws: HostError.invalid) { try Request(header: header(operation: 1, lengths: lengths)) { [UInt8](repeating: 0, count: $0) } }
        }
    }

    @Test(arguments: [0, 9, 15, 28, 99, UInt32.max])
    func refusesUnknownOperations(_ operation: UInt32) {
        #expect(throws: HostError.notImplemented) { try Request(header: header(operation: operation, lengths: [0, 0, 0])) { _ in [] } }
    }

    @Test(arguments: ["", ".", "..", "a/b", "/", "a\0b"])
    func refusesNames(_ name: String) { #expect(throws: HostError.invalid) { try ComponentName(Array(name.utf8)) } }

    @Test func acceptsNames() throws {
        for name in ["a", "...", ".x", "..x", "\u{1b}", String(repeating: "n", count: 255)] { _ = try ComponentName(Array(name.utf8)) }
        #expect(throws: HostError.nameTooLong) { try ComponentName([UInt8](repeating: 65, count: 256)) }
    }
}

/// A host directory to share, with the server in front of it; the test plays the kernel.
final class SharedDirectory {
    let path: String
    let arena: SharedArena
    let server: RequestServer
    let handles: HandleTable
    fileprivate let sockets: Descriptor.Ends

    init(mode: MountOption.Mode, limit: Int = 1000) throws {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
        mkdir(path + "/share", 0o755)
        mkdir(path + "/outside", 0o755)
        handles = HandleTable(limit: limit)
        #expect(try handles.share(path: path + "/share", mode: mode) == 1)
        let memory = Descriptor(owning: try HostError.check(chost_arena_create(UInt64(Arena.size))))
        arena = try SharedArena(descriptor: memory)
        sockets = try Descriptor.messageSockets()
        server = RequestServer(arena: arena, handles: handles, socket: sockets.first.raw, attention: try Attention())
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        guard let directory = opendir(path) else {
            unlink(path)
            return
        }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if name == "." || name == ".." { continue }
            if entry.pointee.d_type == UInt8(DT_DIR) { remove(path + "/" + name) } else { unlink(path + "/" + name) }
        }
        closedir(directory)
        rmdir(path)
    }

    func write(_ file: String, _ text: String) {
        let descriptor = open(path + "/" + file, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        writeAll(descriptor, text)
        close(descriptor)
    }

    struct Reply {
        var result: Int64
        var data: [UInt8]
        func word32(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(data[offset + $1]) << (8 * UInt32($1)) } }
        func word64(_ offset: Int) -> UInt64 { UInt64(word32(offset)) | UInt64(word32(offset + 4)) << 32 }
    }

    @discardableResult
    func request(_ operation: Operation, _ handle: UInt32, _ strings: [String] = [], _ arguments: [UInt64] = [], slot: Int = 3) -> Reply {
        let header = Slot.header(slot)
        arena.store32(header + SlotHeader.operation, operation.rawValue)
        arena.store32(header + SlotHeader.handle, handle)
        for index in 0..<3 {
            arena.store32(header + SlotHeader.lengths + 4 * index, index < strings.count ? UInt32(strings[index].utf8.count) : 0)
        }
        for index in 0..<6 { arena.store64(header + SlotHeader.arguments + 8 * index, index < arguments.count ? arguments[index] : 0) }
        arena.write(Slot.data(slot), Array(strings.joined().utf8))
        arena.store32(header + SlotHeader.state, SlotState.submitted)
        #expect(server.serveAll())
        #expect(arena.load32(header + SlotHeader.state) == SlotState.done)
        let length = Int(arena.load32(header + SlotHeader.resultLength))
        return Reply(result: Int64(bitPattern: arena.load64(header + SlotHeader.result)), data: arena.read(Slot.data(slot), length))
    }

    /// Receives the descriptor passed with an answer and reads its text.
    func receiveText() -> String? {
        var kind: UInt32 = 0, number: UInt32 = 0
        let descriptor = chost_receive_descriptor(sockets.second.raw, &kind, &number)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        #expect(kind == Passed.slot)
        #expect(number == 3)
        var buffer = [UInt8](repeating: 0, count: 1000)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }
}

struct HostFilesTests {
    @Test func looksUpAndOpens() throws {
        let shared = try SharedDirectory(mode: .readOnly)
        shared.write("share/f", "hello")
        mkdir(shared.path + "/share/d", 0o755)
        shared.write("share/d/g", "deep")
        let file = shared.request(.lookup, 1, ["f"])
        #expect(file.result == 0)
        #expect(file.word64(Attributes.length) == 5)
        #expect(file.word32(Attributes.mode) & 0o170000 == 0o100000)
        #expect(shared.request(.open, 1, ["f"]).result == 0)
        #expect(shared.receiveText() == "hello")
        let directory = shared.request(.lookup, 1, ["d"])
        #expect(directory.result > 1)
        #expect(shared.request(.open, UInt32(directory.result), ["g"]).result == 0)
        #expect(shared.receiveText() == "deep")
        #expect(shared.request(.lookup, 1, ["nothing"]).result == -Int64(ENOENT))
        #expect(shared.request(.open, 1, ["d"]).result == -Int64(EISDIR))
        #expect(shared.request(.statFileSystem, 1).data.count == FileSystemStatus.size)
    }

    @Test func enters() throws {
        let shared = try SharedDirectory(mode: .readOnly, limit: 3)
        mkdir(shared.path + "/share/d", 0o755)
        mkdir(shared.path + "/share/empty", 0o755)
        shared.write("share/d/f", "hello")
        symlink("d", shared.path + "/share/link")
        let entered = shared.request(.enter, 1, ["d"])
        let handle = UInt32(entered.result)
        #expect(handle > 1)
        #expect(entered.word32(Attributes.mode) & 0o170000 == 0o040000)
        #expect(entered.word64(EnterAnswer.cookie) == 0)
        #expect(entered.word64(EnterAnswer.entries + ListEntry.attributes + Attributes.length) == 5)
        #expect(entered.data[EnterAnswer.entries + ListEntry.name] == UInt8(ascii: "f"))
        let again = shared.request(.enter, handle)
        #expect(again.result == 0 && again.data.count == entered.data.count)
        #expect(shared.request(.enter, 1, ["link"]).result == -Int64(ENOTDIR))
        #expect(shared.request(.enter, 1, [".."]).result == -Int64(EINVAL))
        #expect(shared.request(.enter, 1, ["none"]).result == -Int64(ENOENT))
        #expect(shared.request(.enter, 1, ["empty"]).data.count == EnterAnswer.entries)
        #expect(shared.handles.count == 3, "failures leave no handle behind")
        #expect(shared.request(.enter, 1, ["empty"]).result == -Int64(ENFILE))
        // Handles are given back first; the root, 0 and nonsense are not.
        #expect(shared.request(.enter, 1, ["empty"], [1, UInt64(handle), 0, UInt64.max]).result > 1)
        #expect(shared.request(.list, handle).result >= 0, "the number was used again")
    }

    @Test func entersInParts() throws {
        let shared = try SharedDirectory(mode: .readOnly)
        for number in 0..<1000 { shared.write("share/some-name-\(number)", "") }
        let entered = shared.request(.enter, 1)
        var count = 0
        func take(_ reply: SharedDirectory.Reply, from start: Int) -> UInt64 {
            var offset = start
            var cookie: UInt64 = 0
            while offset < reply.data.count {
                count += 1
                cookie = reply.word64(offset + ListEntry.cookie)
                offset += Int(reply.word32(offset + ListEntry.entryLength))
            }
            #expect(offset == reply.data.count)
            return cookie
        }
        #expect(take(entered, from: EnterAnswer.entries) == entered.word64(EnterAnswer.cookie))
        #expect(entered.result == 0)
        var cookie = entered.word64(EnterAnswer.cookie)
        while true {
            let reply = shared.request(.list, 1, [], [cookie])
            if reply.result == 0 { break }
            cookie = take(reply, from: 0)
        }
        #expect(count == 1000)
    }

    @Test func appends() throws {
        let shared = try SharedDirectory(mode: .readWrite)
        shared.write("share/f", "one")
        #expect(shared.request(.open, 1, ["f"], [1, 1]).result == 0)
        var kind: UInt32 = 0, number: UInt32 = 0
        let descriptor = chost_receive_descriptor(shared.sockets.second.raw, &kind, &number)
        #expect(pwrite(descriptor, "two", 3, 0) == 3)
        close(descriptor)
        #expect((try? readSmallFile(shared.path + "/share/f")) == "onetwo")
    }

    @Test func symbolicLinksLeadNowhere() throws {
        let shared = try SharedDirectory(mode: .readWrite)
        shared.write("outside/secret", "secret")
        symlink("../outside", shared.path + "/share/up")
        symlink("/etc", shared.path + "/share/etc")
        symlink("../outside/secret", shared.path + "/share/file")
        symlink("/proc/self/root", shared.path + "/share/magic")
        for name in ["up", "etc", "file", "magic"] {
            let found = shared.request(.lookup, 1, [name])
            #expect(found.result == 0, "no handle for a link")
            #expect(found.word32(Attributes.mode) & 0o170000 == 0o120000)
            #expect(shared.request(.open, 1, [name]).result == -Int64(ELOOP))
            #expect(shared.request(.open, 1, [name], [2]).result == -Int64(ELOOP))
            #expect(shared.request(.create, 1, [name], [0o644, 0]).result == -Int64(ELOOP))
            #expect(shared.request(.truncate, 1, [name], [0]).result < 0)
            let handle = shared.request(.lookup, 1, [name], [LookupFlags.handle]).result
            #expect(handle > 1)
            #expect(shared.request(.lookup, UInt32(handle), ["secret"]).result == -Int64(ENOTDIR))
            #expect(shared.request(.list, UInt32(handle)).result == -Int64(ENOTDIR))
            #expect(shared.request(.create, UInt32(handle), ["x"], [0o644, 0]).result == -Int64(ENOTDIR))
            #expect(shared.request(.changeMode, UInt32(handle), [], [0o777]).result < 0)
        }
        #expect(String(decoding: shared.request(.readLink, 1, ["up"]).data, as: UTF8.self) == "../outside")
        #expect((try? readSmallFile(shared.path + "/outside/secret")) == "secret")
    }

    /// A directory that becomes a symbolic link after it was looked at is not followed.
    @Test func swappedDirectories() throws {
        let shared = try SharedDirectory(mode: .readOnly)
        shared.write("outside/secret", "secret")
        mkdir(shared.path + "/share/d", 0o755)
        shared.write("share/d/inside", "inside")
        let handle = UInt32(shared.request(.lookup, 1, ["d"]).result)
        rename(shared.path + "/share/d", shared.path + "/share/e")
        symlink("../outside", shared.path + "/share/d")
        #expect(shared.request(.lookup, 1, ["d"]).result == 0)
        #expect(shared.request(.lookup, handle, ["secret"]).result == -Int64(ENOENT))
        #expect(shared.request(.lookup, handle, ["inside"]).result == 0)
    }

    /// Where the guard is missing the request is carried out: no name is of anything outside of the test's own directory.
    @Test(arguments: ["..", ".", "", "../outside", "d/../../outside/secret", "/"])
    func pathsAreNotNames(_ path: String) throws {
        let shared = try SharedDirectory(mode: .readWrite)
        shared.write("outside/secret", "secret")
        let name = path == "/" ? shared.path + "/outside/secret" : path
        #expect(shared.request(.lookup, 1, [name]).result == -Int64(EINVAL))
        #expect(shared.request(.create, 1, [name], [0o644, 0]).result == -Int64(EINVAL))
        #expect(shared.request(.unlink, 1, [name]).result == -Int64(EINVAL))
        #expect(shared.request(.rename, 1, ["x", name], [1, 0]).result == -Int64(EINVAL))
        #expect(shared.request(.open, 1, [name]).result < 0)
    }

    @Test(arguments: [MountOption.Mode.readOnly, .copyOnWrite])
    func nothingChangesWithoutLeave(_ mode: MountOption.Mode) throws {
        let shared = try SharedDirectory(mode: mode)
        shared.write("share/f", "text")
        let changes: [(Operation, [String], [UInt64])] = [
            (.create, ["n"], [0o644, 0]), (.makeDirectory, ["n"], [0o755]), (.symbolicLink, ["n", "t"], []), (.link, ["f", "n"], [1]),
            (.unlink, ["f"], []), (.removeDirectory, ["f"], []), (.rename, ["f", "n"], [1, 0]), (.changeMode, ["f"], [0o777]),
            (.changeOwner, ["f"], [0, 0]), (.setTimes, ["f"], [0, 0, 0, 0]), (.truncate, ["f"], [0]), (.makeSpecial, ["n"], [0o010600]),
            (.setExtendedAttribute, ["f", "user.a", "b"], [0]), (.removeExtendedAttribute, ["f", "user.a"], []), (.synchronize, [], []),
            (.open, ["f"], [1]), (.open, ["f"], [2]),
        ]
        for (operation, strings, arguments) in changes {
            #expect(shared.request(operation, 1, strings, arguments).result == -Int64(EROFS), "\(operation)")
        }
        #expect((try? readSmallFile(shared.path + "/share/f")) == "text")
        #expect(shared.request(.open, 1, ["f"], [0]).result == 0)
    }

    @Test func changes() throws {
        let shared = try SharedDirectory(mode: .readWrite)
        #expect(shared.request(.create, 1, ["f"], [0o6755, 0]).result == 0)
        #expect(shared.request(.lookup, 1, ["f"]).word32(Attributes.mode) & 0o7000 == 0, "no set-id bits on the host")
        #expect(shared.request(.create, 1, ["f"], [0o644, 1]).result == -Int64(EEXIST))
        #expect(shared.request(.create, 1, ["f"], [0o644, 0]).result == 0)
        #expect(shared.request(.changeMode, 1, ["f"], [0o4700]).word32(Attributes.mode) & 0o7777 == 0o700)
        let directory = UInt32(shared.request(.makeDirectory, 1, ["d"], [0o755]).result)
        #expect(directory > 1)
        #expect(shared.request(.link, 1, ["f", "l"], [UInt64(directory)]).word32(Attributes.links) == 2)
        #expect(shared.request(.truncate, directory, ["l"], [77]).word64(Attributes.length) == 77)
        #expect(shared.request(.truncate, directory, ["l"], [UInt64.max]).result == -Int64(EINVAL))
        #expect(shared.request(.setTimes, 1, ["f"], [1, 2, 3, 4]).word64(Attributes.modifySeconds) == 3)
        #expect(shared.request(.rename, 1, ["f", "g"], [UInt64(directory), 0]).result == 0)
        #expect(shared.request(.rename, directory, ["g", "l"], [UInt64(directory), 1]).result == -Int64(EEXIST))
        #expect(shared.request(.rename, directory, ["g", "h"], [UInt64(directory), 4]).result == -Int64(EINVAL), "no whiteouts")
        #expect(shared.request(.removeDirectory, 1, ["d"]).result == -Int64(ENOTEMPTY))
        #expect(shared.request(.unlink, directory, ["g"]).result == 0)
        #expect(shared.request(.unlink, directory, ["l"]).result == 0)
        #expect(shared.request(.removeDirectory, 1, ["d"]).result == 0)
        #expect(shared.request(.setExtendedAttribute, 1, ["", "trusted.x", "v"], [0]).result == -Int64(EOPNOTSUPP))
        #expect(shared.request(.makeSpecial, 1, ["p"], [UInt64(S_IFIFO | 0o7600)]).word32(Attributes.mode) == S_IFIFO | 0o600)
        #expect(shared.request(.open, 1, ["p"]).result == -Int64(ENXIO), "never opens a FIFO")
        #expect(shared.request(.makeSpecial, 1, ["s"], [UInt64(S_IFSOCK | 0o600)]).word32(Attributes.mode) == S_IFSOCK | 0o600)
        #expect(shared.request(.makeSpecial, 1, ["s"], [UInt64(S_IFSOCK | 0o600)]).result == -Int64(EEXIST))
        for type in [0, S_IFCHR, S_IFBLK, S_IFREG, S_IFDIR, S_IFMT] {
            #expect(shared.request(.makeSpecial, 1, ["c"], [UInt64(type | 0o600)]).result == -Int64(EPERM), "\(type)")
        }
    }

    @Test func sharesDoNotMix() throws {
        let shared = try SharedDirectory(mode: .readOnly)
        shared.write("share/f", "text")
        mkdir(shared.path + "/rw", 0o755)
        let writable = try shared.handles.share(path: shared.path + "/rw", mode: .readWrite)
        #expect(shared.request(.link, 1, ["f", "f"], [UInt64(writable)]).result == -Int64(EROFS))
        shared.write("rw/g", "text")
        #expect(shared.request(.link, writable, ["g", "g"], [1]).result == -Int64(EXDEV))
        #expect(shared.request(.rename, writable, ["g", "g"], [1, 0]).result == -Int64(EXDEV))
    }

    @Test func handlesAreBounded() throws {
        let shared = try SharedDirectory(mode: .readOnly, limit: 4)
        mkdir(shared.path + "/share/d", 0o755)
        let handles = (0..<3).map { _ in shared.request(.lookup, 1, ["d"]).result }
        #expect(handles == [2, 3, 4])
        #expect(shared.request(.lookup, 1, ["d"]).result == -Int64(ENFILE))
        #expect(shared.request(.forget, 3).result == 0)
        #expect(shared.request(.forget, 3).result == -Int64(EBADF))
        #expect(shared.request(.lookup, 1, ["d"]).result == 3)
        #expect(shared.request(.forget, 1).result == -Int64(EINVAL))
        for handle: UInt32 in [0, 5, 1 << 31, UInt32.max] { #expect(shared.request(.getAttributes, handle).result == -Int64(EBADF)) }
    }

    @Test func listsInParts() throws {
        let shared = try SharedDirectory(mode: .readOnly)
        for index in 0..<2000 { symlink("target-\(index)", shared.path + "/share/link-\(index)") }
        var seen: [String: String] = [:]
        var cookie: UInt64 = 0
        var answers = 0
        while true {
            let reply = shared.request(.list, 1, [], [cookie])
            guard reply.result > 0 else {
                #expect(reply.result == 0)
                break
            }
            answers += 1
            var position = 0
            for _ in 0..<reply.result {
                let lengths = reply.word32(position + ListEntry.nameLength)
                let nameEnd = position + ListEntry.name + Int(lengths & 0xffff)
                let name = String(decoding: reply.data[(position + ListEntry.name)..<nameEnd], as: UTF8.self)
                #expect(seen.updateValue(String(decoding: reply.data[nameEnd..<(nameEnd + Int(lengths >> 16))], as: UTF8.self), forKey: name) == nil)
                cookie = reply.word64(position + ListEntry.cookie)
                position += Int(reply.word32(position))
            }
            #expect(position == reply.data.count)
        }
        #expect(seen.count == 2000)
        #expect(seen["link-1234"] == "target-1234")
        #expect(answers > 1)
    }

    @Test func hostProcessesAreNotShared() throws {
        let table = HandleTable(limit: 100)
        #expect(throws: HostError.notPermitted) { try table.share(path: "/proc", mode: .readOnly) }
        #expect(throws: HostError.notPermitted) { try table.share(path: "/proc/self/environ", mode: .readOnly) }
        let shared = try SharedDirectory(mode: .readOnly)
        let root = try shared.handles.share(path: "/", mode: .copyOnWrite)
        let proc = shared.request(.lookup, root, ["proc"])
        #expect(proc.result > 0)
        #expect(shared.request(.lookup, UInt32(proc.result), ["self"]).result == -Int64(ENOENT))
        #expect(shared.request(.open, UInt32(proc.result), ["version"]).result == -Int64(ENOENT))
        #expect(shared.request(.list, UInt32(proc.result)).result == 0)
        let dev = shared.request(.lookup, root, ["dev"])
        #expect(shared.request(.open, UInt32(dev.result), ["null"]).result == -Int64(ENXIO))
    }

    /// Any bytes in a slot give an answer, and never a crash or a change outside the share.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func hostileSlots(_ seed: UInt64) throws {
        let shared = try SharedDirectory(mode: .readWrite)
        shared.write("outside/secret", "secret")
        symlink("../outside", shared.path + "/share/up")
        mkdir(shared.path + "/share/d", 0o755)
        var random = SplitMix(state: seed)
        let names = ["up", "..", "d", "f", "g", "../outside/secret", "/", "", "\0", String(repeating: "x", count: 300), "user.x", "secret"]
        for _ in 0..<3000 {
            let slot = Int.random(in: 0..<Slot.count, using: &random)
            let header = Slot.header(slot)
            arenaNoise(shared.arena, header, &random)
            arenaNames(shared.arena, slot, names, &random)
            shared.arena.store32(header + SlotHeader.operation, UInt32.random(in: 0...40, using: &random))
            if Bool.random(using: &random) { shared.arena.store32(header + SlotHeader.handle, UInt32.random(in: 0...12, using: &random)) }
            shared.arena.store32(header + SlotHeader.state, SlotState.submitted)
            #expect(shared.server.serveAll())
            #expect(shared.arena.load32(header + SlotHeader.state) == SlotState.done)
            #expect(Int64(bitPattern: shared.arena.load64(header + SlotHeader.result)) > -4096)
            #expect(shared.arena.load32(header + SlotHeader.resultLength) <= UInt32(Slot.dataSize))
            while shared.receiveAny() {}
        }
        #expect((try? readSmallFile(shared.path + "/outside/secret")) == "secret")
        #expect(access(shared.path + "/outside/f", F_OK) != 0)
    }

    private func arenaNoise(_ arena: SharedArena, _ header: Int, _ random: inout SplitMix) {
        for offset in stride(from: 4, to: 0x60, by: 4) {
            let value: UInt32 = Bool.random(using: &random) ? UInt32.random(in: 0...300, using: &random) : UInt32.random(in: 0...UInt32.max, using: &random)
            arena.store32(header + offset, value)
        }
        for index in 0..<6 where Bool.random(using: &random) {
            arena.store64(header + SlotHeader.arguments + 8 * index, UInt64.random(in: 0...12, using: &random))
        }
    }

    private func arenaNames(_ arena: SharedArena, _ slot: Int, _ names: [String], _ random: inout SplitMix) {
        guard Int.random(in: 0..<4, using: &random) > 0 else { return }
        var data: [UInt8] = []
        for index in 0..<3 {
            let name = Array(names.randomElement(using: &random)!.utf8)
            data += name
            arena.store32(Slot.header(slot) + SlotHeader.lengths + 4 * index, UInt32(name.count))
        }
        arena.write(Slot.data(slot), data)
    }
}

extension SharedDirectory {
    /// Takes a passed descriptor, if there is one.
    func receiveAny() -> Bool {
        var kind: UInt32 = 0, number: UInt32 = 0
        let descriptor = chost_receive_descriptor(peer, &kind, &number)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    var peer: Int32 { sockets.second.raw }
}
