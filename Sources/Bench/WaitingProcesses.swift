import ChildProcesses
import Glibc

/// A command that waits, with all processes it consists of: what it costs while nothing happens.
struct WaitingProcesses {
    /// Memory and activity of all processes together.
    struct Use {
        /// Bytes; of pages that several processes have, each counts its share (PSS).
        var memory = 0.0
        /// Nanoseconds on a processor.
        var busy = 0.0
        /// How often one of their threads was put on a processor.
        var turns = 0.0
    }

    private let process: pid_t

    /// Starts the command and waits until it has settled: until nothing has happened for a while.
    /// - Throws: ``BenchFailure`` if it cannot be started or does not come to rest.
    init(_ command: [String], environment: [String]) throws(BenchFailure) {
        guard let program = command.first else { throw BenchFailure("there is no command") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(0)...2 { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK))
        posix_spawnattr_setpgroup(&attributes, 0)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var arguments = command.map { strdup($0) } + [nil]
        var variables = environment.map { strdup($0) } + [nil]
        defer { for string in arguments + variables { free(string) } }
        var started: pid_t = 0
        let failure = posix_spawn(&started, program, &actions, &attributes, &arguments, &variables)
        guard failure == 0 else { throw BenchFailure("cannot start \(program): \(String(cString: strerror(failure)))") }
        process = started

        var last = -1.0
        for _ in 0..<50 {
            usleep(200_000)
            if Interruption.pendingSignal != nil {
                end()
                throw .interrupted
            }
            let turns = use().turns
            if turns == last { return }
            last = turns
        }
        end()
        throw BenchFailure("it does not come to rest")
    }

    func use() -> Use {
        var use = Use()
        for one in Self.tree(of: process) {
            // "Pss:     123 kB", of the whole address space.
            let memory = Self.words("/proc/\(one)/smaps_rollup")
            if let at = memory.firstIndex(of: "Pss:"), at + 1 < memory.count { use.memory += (Double(memory[at + 1]) ?? 0) * 1024 }
            for thread in Self.names(in: "/proc/\(one)/task") {
                // Nanoseconds on a processor, nanoseconds waiting for one, and turns.
                let numbers = Self.words("/proc/\(one)/task/\(thread)/schedstat").compactMap(Double.init)
                guard numbers.count == 3 else { continue }
                use.busy += numbers[0]
                use.turns += numbers[2]
            }
        }
        return use
    }

    /// Ends it and waits until it is gone.
    func end() {
        kill(process, SIGTERM)
        var status: Int32 = 0
        for _ in 0..<40 {
            if waitpid(process, &status, WNOHANG) != 0 {
                kill(-process, SIGKILL)
                return
            }
            usleep(25_000)
        }
        kill(-process, SIGKILL)
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    }

    /// A process and all below it.
    private static func tree(of process: pid_t) -> [pid_t] {
        var found = [process]
        var next = 0
        while next < found.count {
            let one = found[next]
            next += 1
            for thread in names(in: "/proc/\(one)/task") {
                for child in words("/proc/\(one)/task/\(thread)/children").compactMap({ pid_t($0) }) where !found.contains(child) { found.append(child) }
            }
        }
        return found
    }

    private static func words(_ path: String) -> [Substring] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = read(file, &buffer, buffer.count), count > 0 { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\n" || $0 == "\t" }
    }

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.utf8.first != UInt8(ascii: ".") { names.append(name) }
        }
        return names
    }
}
