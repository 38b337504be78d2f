import CHost
import Glibc
import HostBase
import MonitorProtocol
import TraceDecoder

/// A sandbox made ready from the options: arena with configuration, shares, image. Starting it is ``start()``.
final class Sandbox {
    let arena: SharedArena
    let handles: HandleTable
    let streams: StandardStreams
    /// Our end of the descriptor socket.
    let socket: Int32
    let attention: Attention
    private(set) var layers: UInt32 = 0
    private(set) var initProcess: pid_t = 0

    private let arenaDescriptor: Descriptor
    private let sockets: Descriptor.Ends
    private let lifeline: Descriptor.Ends
    private let image: Int32

    /// Prepares everything that does not need a process.
    /// - Throws: ``RunFailure`` or ``UsageError``.
    init(_ options: RunOptions, streams: StandardStreams) throws {
        self.streams = streams
        if !chost_has_proc() { throw RunFailure("/proc is not mounted here, and is needed to open files by descriptor") }
        if chost_address_limit() < UInt64(Arena.size) + 1 << 32 {
            throw RunFailure("the address space is limited (ulimit -v): \(Arena.size >> 30) GiB of it are needed, though not of memory")
        }
        image = try ImageLocator.open().descriptor
        arenaDescriptor = try Self.host("cannot create shared memory") { () throws(HostError) in
            Descriptor(owning: try HostError.check(chost_arena_create(UInt64(Arena.size))))
        }
        arena = try Self.map(arenaDescriptor)
        sockets = try Self.host("cannot create a socket") { () throws(HostError) in try Descriptor.messageSockets() }
        lifeline = try Self.host("cannot create a pipe") { () throws(HostError) in try Descriptor.pipe() }
        attention = try Self.host("cannot create an event counter") { () throws(HostError) in try Attention() }
        socket = sockets.first.raw
        // The sandbox holds a descriptor per open host file, and so do we per directory.
        let descriptors = chost_raise_descriptor_limit()
        handles = HandleTable(limit: Int(max(64, min(descriptors / 2, 1 << 16))))
        try writeConfiguration(options)
        try passStandardFiles()
    }

    private static func map(_ descriptor: borrowing Descriptor) throws -> SharedArena {
        do {
            return try SharedArena(descriptor: descriptor)
        } catch {
            throw RunFailure("cannot map shared memory: \(error.text)")
        }
    }

    private static func host<R: ~Copyable>(_ what: String, _ body: () throws(HostError) -> R) throws -> R {
        do {
            return try body()
        } catch {
            throw RunFailure("\(what): \(error.text)")
        }
    }

    private func writeConfiguration(_ options: RunOptions) throws {
        var writer = ConfigurationWriter()
        let caller = EnvironmentBuilder.caller()
        let database = UserDatabase(root: options.root)
        let identity = try options.user.map { try UserIdentity(parsing: $0, database: database) } ?? UserIdentity.caller(database: database)

        for argument in options.command { writer.add(.argument, HostText.bytes(argument)) }
        let environment = try Self.environment(options, caller: caller, identity: identity, usesTerminal: streams.usesTerminal)
        for string in environment { writer.add(.environment, HostText.bytes(string)) }
        writer.add(.workingDirectory, HostText.bytes(try Self.workingDirectory(options)))
        writer.add(.userID, identity.user)
        writer.add(.groupID, identity.group)
        writer.add(.supplementaryGroups, identity.supplementary)
        let hostname = options.hostname ?? "martlet"
        guard (1...64).contains(hostname.utf8.count), !hostname.utf8.contains(0) else { throw UsageError("a host name has 1 to 64 bytes") }
        writer.add(.hostname, HostText.bytes(hostname))
        try addMounts(options, to: &writer)
        for stream in streams.streams { writer.add(stdio: stream) }
        for stream in streams.streams where stream.kind == StdioKind.file {
            if let path = GuestPaths.path(ofDescriptor: Int32(stream.descriptor), options) { writer.add(stdioPath: path, of: stream.descriptor) }
        }

        writer.add(.memoryLimit, options.memoryBytes ?? 0)
        writer.add(.taskLimit, options.tasks ?? 0)
        writer.add(.flags, (options.tracesCalls ? ConfigFlags.strace : 0) | (streams.usesTerminal ? ConfigFlags.terminal : 0))
        if options.strace, options.auditFile == nil { writer.add(.tracedCalls, options.straceFilter.words) }
        writer.add(.logLevel, options.log.level)
        let mask = umask(0)
        writer.add(.umask, UInt32(mask))
        writer.add(.ignoredSignals, chost_ignored_signals())
        var limits = [UInt64](repeating: 0, count: 32)
        chost_resource_limits(&limits)
        writer.add(.resourceLimits, limits)
        var seed = [UInt8](repeating: 0, count: 32)
        guard chost_random(&seed, seed.count) == 0 else { throw RunFailure("the host gives no random numbers") }
        writer.add(.randomSeed, seed)
        writer.add(.hostMemory, chost_physical_memory())
        var processors = [UInt64](repeating: 0, count: 16)
        let words = max(1, Int(chost_processors(&processors, 16)))
        writer.add(.processors, UInt32(max(1, processors.reduce(0) { $0 + $1.nonzeroBitCount })))
        writer.add(.processorSet, Array(processors[..<words]))
        writer.add(.niceValue, UInt32(bitPattern: chost_nice()))
        writer.add(.startTime, chost_monotonic_ns())
        writer.add(.hostRelease, Array(HostFacts.kernelRelease().utf8))
        writer.add(.handleLimit, UInt32(handles.limit))

        let bytes = writer.finish()
        guard bytes.count <= Header.configCapacity else { throw RunFailure("arguments and environment are too long") }
        arena.write(Header.config, bytes)
        arena.store64(Header.magic, Arena.magic)
        arena.store32(Header.version, Arena.version)
        arena.store64(Header.layout, Arena.layout)
        arena.store64(Header.arenaSize, UInt64(Arena.size))
        arena.store64(Header.configOffset, UInt64(Header.config))
        arena.store64(Header.configLength, UInt64(bytes.count))
        for descriptor in 0..<3 { arena.store64(Header.stdioOffset + 8 * descriptor, UInt64.max) }
        updateWindowSize()
    }

    private func addMounts(_ options: RunOptions, to writer: inout ConfigurationWriter) throws {
        let all = [MountOption(source: options.root, destination: "/", mode: .copyOnWrite)] + options.mounts
        for mount in all {
            do {
                let handle = try handles.share(path: mount.source, mode: mount.mode)
                let isFile = try !handles.entry(handle).isDirectory
                if isFile && mount.destination == "/" { throw HostError(ENOTDIR) }
                let mode = switch mount.mode {
                case .readOnly: MountMode.readOnly
                case .readWrite: MountMode.readWrite
                case .copyOnWrite: MountMode.copyOnWrite
                }
                writer.add(mount: handle, mode: mode, isFile: isFile, path: HostText.bytes(mount.destination))
            } catch let error as HostError {
                let why =
                    switch error.code {
                    case EINVAL: "neither a directory nor a regular file"
                    case EPERM: "this file system shows the host's processes or kernel and cannot be shared"
                    default: error.text
                    }
                throw UsageError("cannot share \(mount.source): \(why)")
            }
        }
    }

    /// The environment of the program: a clean one (or the caller's) with the options' changes.
    static func environment(_ options: RunOptions, caller: [String], identity: UserIdentity, usesTerminal: Bool) throws -> [String] {
        var builder = EnvironmentBuilder()
        let known = EnvironmentBuilder.dictionary(caller)
        if options.inheritsEnvironment {
            builder.add(caller)
        } else {
            let ownIdentity = options.user == nil && options.root == "/"
            builder.set("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
            builder.set("HOME", (ownIdentity ? known["HOME"] : nil) ?? identity.home ?? "/")
            if let name = identity.name ?? (ownIdentity ? known["USER"] : nil) {
                builder.set("USER", name)
                builder.set("LOGNAME", name)
            }
            builder.set("LANG", "C.UTF-8")
            if usesTerminal { builder.set("TERM", known["TERM"] ?? "xterm") }
        }
        for file in options.environmentFiles {
            let text: String
            do {
                text = try readSmallFile(file)
            } catch {
                throw UsageError("cannot read the environment file \(file): \(error.text)")
            }
            try builder.apply(file: text, named: file, caller: known)
        }
        for option in options.environment { try builder.apply(option: option, caller: known) }
        return builder.strings
    }

    static func workingDirectory(_ options: RunOptions) throws -> String {
        if let given = options.workingDirectory {
            guard let path = GuestPath.normalize(given) else { throw UsageError("--workdir must be an absolute path without '..'") }
            return path
        }
        guard options.root == "/" else { return "/" }
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        guard getcwd(&buffer, buffer.count) != nil else { return "/" }
        let path = HostText.string(buffer)
        return path.hasPrefix("/") ? path : "/"
    }

    private func passStandardFiles() throws {
        for stream in streams.streams where stream.kind == StdioKind.file && stream.sameAs == stream.descriptor {
            let error = chost_send_descriptor(socket, Passed.stdio, UInt32(stream.descriptor), Int32(stream.descriptor))
            if error < 0 { throw RunFailure("cannot pass standard descriptor \(stream.descriptor): \(HostError(-error).text)") }
        }
    }

    /// Tells the guest the size of the host's terminal.
    func updateWindowSize() {
        var size = chost_window()
        if let terminal = streams.terminal, chost_window_size(terminal, &size) == 0, size.rows > 0, size.columns > 0 {
        } else {
            size = chost_window(rows: 24, columns: 80, x: 0, y: 0)
        }
        arena.store64(
            Header.windowSize,
            UInt64(size.rows) | UInt64(size.columns) << 16 | UInt64(size.x) << 32 | UInt64(size.y) << 48)
    }

    /// Starts init. Blocks until the image has been executed.
    func start() throws {
        var spawn = chost_spawn()
        spawn.image = image
        spawn.arena = arenaDescriptor.raw
        spawn.socket = sockets.second.raw
        spawn.lifeline = lifeline.first.raw
        spawn.wanted = ~0
        spawn.layers_word = arena.word(Header.layers)
        let process = chost_spawn_init(&spawn)
        guard process > 0 else {
            let step = spawn.step.map { String(cString: $0) } ?? "cannot start the sandbox"
            throw RunFailure("\(step): \(HostError(-process).text)")
        }
        initProcess = process
        layers = spawn.layers
    }

    /// Bytes of memory behind the arena: the kernel's heap, files in memory, buffers.
    var arenaMemory: Int64 { chost_allocated_bytes(arenaDescriptor.raw) }

    /// Ends every process of the sandbox: they are all in init's process group, and in its pid namespace if there is one.
    /// Init must not have been reaped yet.
    func kill() {
        Glibc.kill(-initProcess, SIGKILL)
        Glibc.kill(initProcess, SIGKILL)
    }

    /// Freezes or thaws every process of the sandbox.
    func setFrozen(_ frozen: Bool) { Glibc.kill(-initProcess, frozen ? SIGSTOP : SIGCONT) }

    /// Adds signals to those the guest has not taken yet.
    func deliver(signals: UInt64) {
        arena.or64(Header.pendingSignals, signals)
        arena.ring(Header.kernelBell)
    }

    /// Moves the caller's file descriptions to where the guest has left them.
    func restoreOffsets() {
        for stream in streams.streams where stream.kind == StdioKind.file && stream.sameAs == stream.descriptor {
            let offset = Int64(bitPattern: arena.load64(Header.stdioOffset + 8 * stream.descriptor))
            if offset >= 0 { lseek(Int32(stream.descriptor), off_t(offset), SEEK_SET) }
        }
    }
}
