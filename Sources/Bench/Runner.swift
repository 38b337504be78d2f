import Glibc

/// A way to run a program: natively, in Martlet, or in another sandbox.
public struct Runner: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable { case native, martlet, bwrap, proot, runsc }

    public let kind: Kind
    /// The sandbox's own program; empty for native.
    let program: String

    public var name: String { kind.rawValue }

    /// The kinds that are neither native nor Martlet.
    public static let peers: [Kind] = [.bwrap, .proot, .runsc]

    /// - Parameter program: Absolute path of the sandbox's program; ignored for native.
    public init(_ kind: Kind, program: String = "") {
        self.kind = kind
        self.program = program
    }

    /// The command that runs `command` in this sandbox.
    /// - Parameter shared: A host directory that it must be able to read under its own name.
    func wrap(_ command: [String], shared: String) -> [String] {
        switch kind {
        case .native: command
        // The environment is already clean, and the same for all.
        case .martlet:
            [program, "run", "--inherit-env", "--no-tty", "--workdir", "/"]
                + (shared.isEmpty ? [] : ["--mount", "\(shared):\(shared):ro"]) + ["--"] + command
        case .bwrap:
            [program, "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp", "--unshare-all", "--die-with-parent"]
                + (shared.isEmpty ? [] : ["--ro-bind", shared, shared]) + ["--"] + command
        case .proot: [program, "-w", "/"] + command
        case .runsc: [program, "--rootless", "--network=none", "--ignore-cgroups", "do"] + command
        }
    }

    /// A directory for the shell cases' files, in memory in every runner, so that no disk is measured. It need not exist.
    func workDirectory(token: String) -> String {
        switch kind {
        // Here /tmp is in memory by itself.
        case .martlet, .bwrap, .runsc: "/tmp/martlet-bench-\(token)"
        case .native, .proot: access("/dev/shm", W_OK) == 0 ? "/dev/shm/martlet-bench-\(token)" : "/tmp/martlet-bench-\(token)"
        }
    }

    /// The absolute path of a command, as a shell would find it; nil if there is none.
    public static func find(_ name: String, path: String) -> String? {
        for directory in path.split(separator: ":") where directory.hasPrefix("/") {
            let candidate = "\(directory)/\(name)"
            var facts = stat()
            if stat(candidate, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG, access(candidate, X_OK) == 0 { return candidate }
        }
        return nil
    }
}
