import CHost
import Glibc
import HostBase

/// What a handle stands for: an object of a shared host directory, kept by an O_PATH descriptor.
struct HandleEntry {
    let descriptor: Int32
    /// Index into ``HandleTable/shares``.
    let share: Int
    let isDirectory: Bool
    let device: UInt64
    /// A file system that shows the host's processes or kernel; it looks empty from the sandbox.
    let isHidden: Bool
}

/// A host directory or file shared with the sandbox.
struct Share {
    let mode: MountOption.Mode
    /// Handle of its root; cannot be given back.
    let root: UInt32
    var isWritable: Bool { mode == .readWrite }
}

/// The handles the sandbox holds. A handle is a small number; 0 is none. Owned by one thread.
final class HandleTable {
    private var entries: [HandleEntry?] = []
    private var free: [UInt32] = []
    private(set) var shares: [Share] = []
    /// How many handles there may be.
    let limit: Int

    init(limit: Int) { self.limit = limit }

    deinit {
        for case let entry? in entries { close(entry.descriptor) }
    }

    var count: Int { entries.count - free.count }

    /// Shares a host directory or regular file; returns its handle.
    /// - Throws: errno of opening it; EINVAL for other file types, EPERM for file systems that are never shared.
    func share(path: String, mode: MountOption.Mode) throws(HostError) -> UInt32 {
        let descriptor = try HostError.check(chost_open(AT_FDCWD, HostText.path(path), Int32(CHOST_O_PATH), 0))
        do throws(HostError) {
            var attributes = chost_attributes()
            try HostError.check(chost_stat(descriptor, "", &attributes))
            let type = attributes.mode & UInt32(S_IFMT)
            guard type == UInt32(S_IFDIR) || type == UInt32(S_IFREG) else { throw HostError.invalid }
            guard try !FileSystemKind.isHidden(descriptor) else { throw HostError.notPermitted }
            let handle = UInt32(entries.count + 1)
            shares.append(Share(mode: mode, root: handle))
            entries.append(HandleEntry(
                descriptor: descriptor, share: shares.count - 1, isDirectory: type == UInt32(S_IFDIR),
                device: attributes.device, isHidden: false))
            return handle
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// - Throws: EBADF for a number that is no handle.
    func entry(_ handle: UInt32) throws(HostError) -> HandleEntry {
        guard handle >= 1, Int(handle) <= entries.count, let entry = entries[Int(handle) - 1] else { throw .badHandle }
        return entry
    }

    func share(of entry: HandleEntry) -> Share { shares[entry.share] }

    /// Takes over the descriptor of `entry`. On failure the descriptor is closed.
    /// - Throws: ENFILE at the limit.
    func insert(_ entry: HandleEntry) throws(HostError) -> UInt32 {
        if let handle = free.popLast() {
            entries[Int(handle) - 1] = entry
            return handle
        }
        guard entries.count < limit else {
            close(entry.descriptor)
            throw HostError(ENFILE)
        }
        entries.append(entry)
        return UInt32(entries.count)
    }

    /// - Throws: EBADF for a number that is no handle, EINVAL for the root of a share.
    func remove(_ handle: UInt32) throws(HostError) {
        let entry = try entry(handle)
        guard !shares.contains(where: { $0.root == handle }) else { throw .invalid }
        close(entry.descriptor)
        entries[Int(handle) - 1] = nil
        free.append(handle)
    }
}

/// What a file system's magic number says about sharing it.
enum FileSystemKind {
    /// File systems whose files are windows to the host's kernel and processes (`/proc/PID/mem` and the like).
    /// They are part of no directory that a user means to share.
    private static let hidden: Set<UInt64> = [
        0x9fa0,  // proc
        0x6265_6572,  // sysfs
        0x0027_e0eb,  // cgroup
        0x6367_7270,  // cgroup2
        0x6462_6720,  // debugfs
        0x7472_6163,  // tracefs
        0x7363_6673,  // securityfs
        0xcafe_4a11,  // bpf
        0x6265_6570,  // configfs
        0x6165_676c,  // pstore
        0xde5e_81e4,  // efivarfs
        0x4249_4e4d,  // binfmt_misc
        0xf97c_ff8c,  // selinuxfs
        0x4341_5d53,  // smackfs
        0x6e73_6673,  // nsfs
        0x5049_4446,  // pidfs
        0xabba_1974,  // xenfs
        0x6573_5543,  // fusectl
        0x6759_6969,  // rpc_pipefs
        0x6e66_7364,  // nfsd
        0x9fa1,  // openprom
        0x6c6f_6f70,  // binderfs
        0x0761_5ef0,  // resctrl
    ]

    static func isHidden(_ descriptor: Int32) throws(HostError) -> Bool {
        var status = [UInt64](repeating: 0, count: 10)
        try HostError.check(chost_statfs(descriptor, &status))
        return isHidden(type: status[0])
    }

    static func isHidden(type: UInt64) -> Bool { hidden.contains(type & 0xffff_ffff) }
}
