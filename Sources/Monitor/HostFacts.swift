import CHost
import Glibc
import HostBase
import MonitorProtocol

/// What the host offers, for `martlet doctor`.
public struct HostFacts {
    public struct Check {
        public var name: String
        public var ok: Bool
        /// Whether Martlet cannot run without it.
        public var required: Bool
        public var detail: String
    }

    public let release: String
    public let checks: [Check]
    /// Layers of isolation, and whether a run has them.
    public let layers: [(name: String, on: Bool)]

    public var canRun: Bool { checks.allSatisfy { $0.ok || !$0.required } }

    static let layerNames: [(bit: UInt32, name: String)] = [
        (Layers.userNamespace, "user namespace"), (Layers.pidNamespace, "pid namespace"), (Layers.mountNamespace, "mount namespace"),
        (Layers.networkNamespace, "network namespace"), (Layers.ipcNamespace, "ipc namespace"), (Layers.utsNamespace, "uts namespace"),
        (Layers.emptyRoot, "empty root"), (Layers.noNewPrivileges, "no new privileges"), (Layers.noCapabilities, "no capabilities"),
        (Layers.addressesFixed, "fixed addresses"),
    ]

    static func kernelRelease() -> String {
        var name = utsname()
        guard uname(&name) == 0 else { return "" }
        return withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// Looks. Takes a few milliseconds.
    public init() {
        let facts = chost_facts()
        release = Self.kernelRelease()
        func has(_ bit: Int) -> Bool { facts & UInt32(bit) != 0 }
        let mode = chost_seccomp_mode()
        var checks = [
            Check(name: "seccomp filters", ok: has(CHOST_SECCOMP_TRAP), required: true,
                detail: has(CHOST_SECCOMP_TRAP) ? (mode == 2 ? "available (this process is already under a filter)" : "available") : "the host cannot trap system calls"),
            Check(name: "no new privileges", ok: has(CHOST_NO_NEW_PRIVS), required: true, detail: "lets an ordinary user install a filter"),
            Check(name: "memfd", ok: has(CHOST_MEMFD), required: true, detail: "memory shared by the sandbox's processes"),
            Check(name: "execveat", ok: has(CHOST_EXECVEAT), required: true, detail: "starts the kernel image"),
            Check(name: "address space", ok: has(CHOST_ARENA_MAPS), required: true,
                detail: has(CHOST_ARENA_MAPS) ? "64 GiB can be reserved" : "64 GiB cannot be reserved (ulimit -v?)"),
            Check(name: "/proc", ok: has(CHOST_PROC), required: true, detail: "used to open files by descriptor"),
            Check(name: "FSGSBASE", ok: has(CHOST_FSGSBASE), required: true, detail: "thread registers without system calls (Linux 5.9, processors since 2012)"),
            Check(name: "openat2", ok: has(CHOST_OPENAT2), required: false, detail: has(CHOST_OPENAT2) ? "used for shared directories" : "missing; openat with O_NOFOLLOW is used"),
            Check(name: "close_range", ok: has(CHOST_CLOSE_RANGE), required: false, detail: "closes descriptors quickly"),
            Check(name: "pidfd", ok: has(CHOST_PIDFD), required: false, detail: "not used so far"),
            Check(name: "cgroup v2", ok: has(CHOST_CGROUP2), required: false, detail: "not used so far: limits are kept by the kernel image"),
        ]
        let namespaces = chost_probe_layers(~0)
        var on = namespaces
        let image: String
        do {
            let (path, descriptor) = try ImageLocator.open()
            close(descriptor)
            image = path
            checks.append(Check(name: "kernel image", ok: true, required: true, detail: path))
        } catch {
            image = ""
            checks.append(Check(name: "kernel image", ok: false, required: true, detail: (error as? RunFailure)?.message ?? "\(error)"))
        }
        if !image.isEmpty, let real = Self.trialStart(image: image) { on = real }
        self.checks = checks
        layers = Self.layerNames.map { ($0.name, on & $0.bit != 0) }
    }

    /// Starts the image with an empty arena, which it refuses at once, to see which layers a start really gets.
    private static func trialStart(image path: String) -> UInt32? {
        guard let image = try? Descriptor(path: path, flags: O_RDONLY) else { return nil }
        let arena = chost_arena_create(UInt64(Arena.size))
        guard arena >= 0 else { return nil }
        defer { close(arena) }
        guard let sockets = try? Descriptor.messageSockets(), let lifeline = try? Descriptor.pipe() else { return nil }
        var spawn = chost_spawn()
        spawn.image = image.raw
        spawn.arena = arena
        spawn.socket = sockets.second.raw
        spawn.lifeline = lifeline.first.raw
        spawn.wanted = ~0
        let process = chost_spawn_init(&spawn)
        guard process > 0 else { return nil }
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        return spawn.layers
    }

    public func json() -> String {
        var json = JSONWriter()
        json.object {
            $0.field("canRun", canRun)
            $0.field("kernel", release)
            $0.array("checks") { list in
                for check in checks {
                    list.object {
                        $0.field("name", check.name)
                        $0.field("ok", check.ok)
                        $0.field("required", check.required)
                        $0.field("detail", check.detail)
                    }
                }
            }
            $0.array("layers") { list in
                for layer in layers {
                    list.object {
                        $0.field("name", layer.name)
                        $0.field("on", layer.on)
                    }
                }
            }
        }
        return json.text
    }

    public func text() -> String {
        var lines = ["host kernel: \(release)", "", "What the host offers:"]
        for check in checks {
            let mark = check.ok ? "ok     " : check.required ? "MISSING" : "absent "
            lines.append("  \(mark)  \(Self.padded(check.name, 18))  \(check.detail)")
        }
        lines += ["", "Layers of isolation (the system call gate is always on):"]
        for layer in layers { lines.append("  \(layer.on ? "on " : "off")  \(layer.name)") }
        lines += ["", canRun ? "Martlet can run here." : "Martlet cannot run here."]
        return lines.joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }
}
