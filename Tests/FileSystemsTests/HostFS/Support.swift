import Glibc
import KernelBase
import struct LinuxABI.Errno
import Machine
import MonitorProtocol
import Testing
import VFS

@testable import FileSystems
@testable import Monitor

/// A directory of the host, shared; the monitor's own code answers, called where the kernel would sleep.
final class Shared {
    let path: String
    let system: HostSystem
    let root: Inode
    let superblock: Superblock
    private let handles: HandleTable
    private var slot: UInt32 = 0
    /// Operations since the last look.
    private(set) var operations: [UInt32] = []
    /// Called once, when the next request has been answered and the kernel does not know it yet.
    var meanwhile: (() -> Void)?

    init(writable: Bool = false, limit: Int = 1000, descriptors: Int = 512, fill: (String) -> Void) throws {
        var template = Array("/tmp/martlet-hostfs-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
        fill(path)
        let handles = HandleTable(limit: limit)
        let handle = try handles.share(path: path, mode: writable ? .readWrite : .readOnly)
        self.handles = handles
        // Limits of the caller are asked for by way of it.
        if !vfsRoot.isSet { vfsRoot.set(VFS()) }
        let link = MonitorLink(processors: 1)
        var device: UInt64 = 100
        system = HostSystem(link: link, handleLimit: UInt32(limit), descriptorLimit: descriptors) {
            device += 1
            return device
        }
        var answering: ((Int) -> Void)?
        link.responder = { answering?($0) }
        var current: UInt32 = 0
        let files = HostFiles(handles: handles) { (descriptor) throws(HostError) in link.passed.append((current, dup(descriptor))) }
        var log: (UInt32) -> Void = { _ in }
        var happened: () -> Void = {}
        answering = { slot in
            current = UInt32(slot)
            let header = Slot.header(slot)
            log(SharedArea.load32(header + SlotHeader.operation))
            var answer = Answer()
            do throws(HostError) {
                answer = try files.serve(Request(header: SharedArea.bytes(header, 0x50)) { SharedArea.bytes(Slot.data(slot), $0) })
            } catch { answer.result = -Int64(error.code) }
            SharedArea.store(answer.data.span, Slot.data(slot))
            SharedArea.store32(UInt32(answer.data.count), header + SlotHeader.resultLength)
            SharedArea.store64(UInt64(bitPattern: answer.result), header + SlotHeader.result)
            SharedArea.store32(SlotState.done, header + SlotHeader.state)
            happened()
        }
        (superblock, root) = try system.mount(rootHandle: handle, isWritable: writable)
        log = { [unowned self] in operations.append($0) }
        happened = { [unowned self] in
            let event = meanwhile
            meanwhile = nil
            event?()
        }
    }

    deinit {
        system.link.responder = nil
        removeTree(path)
    }

    /// The operations since the last call.
    func sent() -> [Operation] {
        defer { operations = [] }
        return operations.compactMap { Operation(rawValue: $0) }
    }

    func find(_ path: String) throws -> HostInode {
        var inode = root
        for part in path.split(separator: "/") { inode = try inode.lookup(Array(part.utf8)) }
        return inode as! HostInode
    }

    func open(_ inode: Inode, _ flags: UInt32 = 0) throws -> File {
        let dentry = Dentry(name: [47], parent: nil, inode: root)
        let file = try inode.open(Path(mount: Mount(superblock: superblock, root: dentry), dentry: dentry), flags: flags, someone)
        file.acquire()
        return file
    }
    let someone = Credentials(uid: 0, gid: 0, groups: [])

    func read(_ file: File, at offset: Int = 0, count: Int = 1 << 20) throws -> [UInt8] {
        let memory = KernelBuffer()
        var buffer = IOBuffer(kernel: memory, count: count)
        _ = try file.read(&buffer, at: offset)
        return memory.bytes
    }
    @discardableResult
    func write(_ file: File, _ text: String, at offset: Int = 0) throws -> Int {
        var buffer = IOBuffer(kernel: KernelBuffer(Array(text.utf8)), count: text.utf8.count)
        var offset = offset
        return try file.write(&buffer, at: &offset)
    }
    func names(_ inode: Inode) throws -> [String] {
        var result: [String] = []
        var position = 2
        var goesOn = true
        while goesOn {
            goesOn = false
            // In pieces, as getdents64(2) asks.
            var left = 3
            try inode.list(from: position) { name, _, _, next in
                if left == 0 { return false }
                left -= 1
                result.append(String(decoding: name, as: UTF8.self))
                position = next
                goesOn = true
                return true
            }
        }
        return result.sorted()
    }
}

func put(_ path: String, _ text: String = "") {
    let file = fopen(path, "w")!
    fputs(text, file)
    fclose(file)
}
func get(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count], as: UTF8.self)
}
func removeTree(_ path: String) {
    guard let directory = opendir(path) else {
        unlink(path)
        return
    }
    while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
        if name == "." || name == ".." { continue }
        if entry.pointee.d_type == UInt8(DT_DIR) { removeTree(path + "/" + name) } else { unlink(path + "/" + name) }
    }
    closedir(directory)
    rmdir(path)
}
/// What lstat(2) says on the host.
struct Details {
    var number: UInt64
    var mode: UInt32
    var uid: UInt32
    var modifyTime: Int64
}
func details(_ path: String) -> Details {
    var result = stat()
    lstat(path, &result)
    return Details(number: UInt64(result.st_ino), mode: result.st_mode, uid: result.st_uid,
                   modifyTime: Int64(result.st_mtim.tv_sec) * 1_000_000_000 + Int64(result.st_mtim.tv_nsec))
}
func appendOnHost(_ path: String, _ text: String) {
    let file = fopen(path, "a")!
    fputs(text, file)
    fclose(file)
}
/// Long enough for a writable share to ask again, and for the host's times to move on.
func letTimePass() { usleep(160_000) }

