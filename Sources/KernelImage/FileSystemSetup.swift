import FileSystems
import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import ProcFS
import Tasks
import Terminals
import VFS

#if hasFeature(Embedded)

/// The file systems a program finds: the host's directories as configured, and the kernel's own.
enum FileSystemSetup {
    static func mount(_ configuration: BootConfiguration, _ credentials: Credentials) throws(Errno) -> FSContext {
        let vfs = VFS.shared
        let shares = try HostFS.mountFromConfiguration(configuration.mounts)
        guard let first = shares.first else { throw .ENOENT }
        let root = try layered(first, configuration)
        let place = vfs.mountRoot(root.superblock, root: root.inode, source: Bytes("martlet"))
        let context = FSContext(root: place, workingDirectory: place, umask: configuration.umask)
        let kernel = Credentials(uid: 0, gid: 0, groups: [])

        func attach(_ superblock: Superblock, _ inode: Inode, at path: Bytes, source: Bytes) throws(Errno) {
            let place = try vfs.lookup(path.span, .follow, context, kernel)
            try vfs.mount(superblock, root: inode, at: place, source: source)
        }
        // What the host's root does not have is not mounted: a read-only root cannot be given new directories.
        func attachOwn(_ superblock: Superblock, _ inode: Inode, at path: Bytes, source: Bytes) {
            do throws(Errno) {
                try attach(superblock, inode, at: path, source: source)
            } catch {
                _ = try? vfs.makeDirectory(path.span, mode: 0o755, context, kernel)
                _ = try? attach(superblock, inode, at: path, source: source)
            }
        }
        for own in try KernelFileSystems.all() {
            attachOwn(own.superblock, own.root, at: own.path, source: own.source)
        }
        TerminalSystem.shared.pseudoterminals.mountPoint = try? vfs.lookup(Bytes("/dev/pts").span, .follow, context, kernel)
        for share in shares.dropFirst() {
            let layers = try layered(share, configuration)
            makeMountPoint(share.path, isDirectory: layers.inode.isDirectory, context, kernel)
            do throws(Errno) {
                try attach(layers.superblock, layers.inode, at: share.path, source: Bytes("host"))
            } catch {
                Host.refuse("cannot mount (see --mount) at ", about: share.path, error)
            }
        }
        do throws(Errno) {
            context.workingDirectory = try vfs.lookup(configuration.workingDirectory.span, [.follow, .directory], context, credentials)
        } catch {
            Host.refuse("cannot enter the sandbox's working directory (see --workdir) ", about: configuration.workingDirectory, error)
        }
        return context
    }

    /// Makes the place where a share is to appear, and the directories above it, where there is none: in memory, or on the host where it lies in
    /// a share that the sandbox may write to. Where it cannot be made, the mount says why.
    private static func makeMountPoint(_ path: Bytes, isDirectory: Bool, _ context: FSContext, _ credentials: Credentials) {
        if (try? VFS.shared.lookup(path.span, .follow, context, credentials)) != nil { return }
        for end in 1..<max(path.count, 1) where path[end] == UInt8(ascii: "/") {
            let above = Bytes(path[0..<end])
            _ = try? VFS.shared.makeDirectory(above.span, mode: 0o755, context, credentials)
        }
        if isDirectory {
            _ = try? VFS.shared.makeDirectory(path.span, mode: 0o755, context, credentials)
        } else {
            _ = try? VFS.shared.makeNode(path.span, mode: S_IFREG | 0o644, device: 0, context, credentials)
        }
    }

    /// With copy-on-write, a writable layer in memory above the host's directory.
    private static func layered(_ share: HostFS.Mounted, _ configuration: BootConfiguration) throws(Errno) -> (superblock: Superblock, inode: Inode) {
        guard share.mode == MountMode.copyOnWrite else { return (share.superblock, share.root) }
        let device = VFS.shared.allocateDevice()
        let upper = Tmpfs(device: device, sizeLimit: MemoryLimit.fileSystemBytes, inodeLimit: MemoryLimit.fileSystemInodes)
        let made = Overlay.make(lower: (share.superblock, share.root), upper: upper, device: device,
                                limit: min(configuration.nameLimit, Host.heapLimit / 8 / 600))
        return (made.superblock, made.root)
    }
}

/// Descriptors 0, 1 and 2.
func openStandardStreams(_ configuration: BootConfiguration, _ task: Task) throws(Errno) {
    for stream in configuration.standardStreams { try openStream(stream, configuration, task) }
}

@inline(never)
private func openStream(_ stream: BootStream, _ configuration: BootConfiguration, _ task: Task) throws(Errno) {
    guard stream.kind != StdioKind.closed else { return }
    let file: File
    // The console is one description, whichever descriptor comes first.
    for other in 0..<stream.descriptor where stream.kind == StdioKind.terminal {
        if let same = task.files.file(Int32(other)), same.inode.type == S_IFCHR, configuration.standardStreams[other].kind == StdioKind.terminal {
            _ = try task.files.install(same, from: stream.descriptor, limit: .max, closeOnExec: false)
            return
        }
    }
    if stream.sameAs < stream.descriptor, let same = task.files.file(Int32(stream.sameAs)) {
        file = same
    } else {
        file = try makeStream(stream, configuration, task)
    }
    let descriptor = try task.files.install(file, from: stream.descriptor, limit: .max, closeOnExec: false)
    if descriptor != Int32(stream.descriptor) { throw Errno(9) }
}

/// The memory device of this st_rdev.
private func deviceName(_ device: Int64) -> StaticString? {
    switch device {
    case 0x105: "/dev/zero"
    case 0x107: "/dev/full"
    case 0x108: "/dev/random"
    case 0x109: "/dev/urandom"
    default: nil
    }
}

@inline(never)
private func makeStream(_ stream: BootStream, _ configuration: BootConfiguration, _ task: Task) throws(Errno) -> File {
    switch stream.kind {
    case StdioKind.file:
        // Host files were passed before the start, in order.
        let passed = try Host.receiveDescriptor()
        return HostRegularFile(standard: stream.descriptor, descriptor: passed.descriptor, mode: stream.mode, flags: stream.openFlags,
                               offset: Int(stream.offset), length: Int(stream.length), inode: stream.inode, name: stream.path,
                               uid: configuration.uid, gid: configuration.gid)
    case StdioKind.null:
        return try VFS.shared.open(Bytes("/dev/null").span, OpenRequest(flags: stream.openFlags & 3, mode: 0), task.fs, task.credentials)
    case StdioKind.terminal:
        guard let console = TerminalSystem.shared.console else { throw Errno(6) }
        return try console.openStandard(task)
    case StdioKind.device:
        // The sandbox has the same device.
        if let name = deviceName(stream.offset),
           let file = try? VFS.shared.open(Bytes(name).span, OpenRequest(flags: stream.openFlags & 3, mode: 0), task.fs, task.credentials) { return file }
        fallthrough
    default:
        return HostStreamFile(input: stream.inputRing, output: stream.outputRing, mode: stream.mode, flags: stream.openFlags,
                              device: stream.kind == StdioKind.device ? UInt64(stream.offset) : 0, number: stream.inode,
                              uid: configuration.uid, gid: configuration.gid)
    }
}

#endif
