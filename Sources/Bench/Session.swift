import ChildProcesses
import Glibc

/// One run of the benchmark.
///
/// The rounds interleave: each measures every case under every runner, one after the other, so that a machine that is
/// slow for a while is slow for all of them.
public struct Session {
    public var cases: [BenchCase] = BenchCase.all
    /// The first is native, the second Martlet.
    public var runners: [Runner] = []
    public var rounds = 5
    /// How long a small case is measured in each round.
    public var milliseconds = 50
    /// The large cases repeat less.
    public var isQuick = false
    /// The file micro.c, if it is not where it is looked for.
    public var microSource: String?
    /// The path of martlet itself.
    public var executable: String
    /// Told about every step, for people.
    public var progress: (String) -> Void = { _ in }

    public init(executable: String) { self.executable = executable }

    /// What every program finds as PATH: no user's own wrappers.
    static let searchPath = "/usr/local/bin:/usr/bin:/bin"

    private var environment: [String] {
        var variables = [
            "PATH=\(Self.searchPath)", "HOME=/", "LC_ALL=C", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1",
        ]
        if let image = getenv("MARTLET_IMAGE") { variables.append("MARTLET_IMAGE=\(String(cString: image))") }
        return variables
    }

    /// Measures. Takes minutes.
    /// - Throws: ``BenchFailure`` if nothing can be measured, or the user interrupted; that one case fails under one
    ///   runner is part of the report.
    public func measure() throws(BenchFailure) -> Report {
        let interruption = Interruption()
        let scratch = try Self.makeScratch()
        let token = "\(getpid())"
        defer {
            for runner in runners { Self.removeTree(runner.workDirectory(token: token)) }
            Self.removeTree(scratch)
            interruption.unblock()
        }
        let micro = try MicroProgram.build(
            source: microSource, executable: executable, in: scratch, path: Self.searchPath, environment: environment)
        var report = Report(runners: runners.map(\.kind), rounds: rounds, host: HostDescription(), loadBefore: HostDescription.load())
        report.results = cases.map { Report.Row(case: $0) }
        for round in 1...max(rounds, 1) {
            for (index, one) in cases.enumerated() {
                progress("round \(round) of \(rounds): \(one.name)")
                for runner in runners where report.results[index].failures[runner.kind] == nil {
                    do throws(BenchFailure) {
                        let sample = try measure(one, runner, micro, scratch: scratch, token: token, interruption)
                        report.results[index].rounds[runner.kind, default: []].append(sample)
                    } catch {
                        if error == .interrupted { throw error }
                        report.results[index].failures[runner.kind] = error.description
                    }
                }
            }
        }
        report.loadAfter = HostDescription.load()
        return report
    }

    private func measure(_ one: BenchCase, _ runner: Runner, _ micro: MicroProgram, scratch: String, token: String, _ interruption: Interruption) throws(BenchFailure) -> Sample {
        switch one.kind {
        case .micro(let name, let isStatic):
            let program = try micro.path(isStatic: isStatic)
            let result = try run(runner, [program, "-t", "\(milliseconds)", name], shared: scratch, seconds: 30, interruption)
            guard let sample = MicroProgram.sample(of: name, in: result.output) else { throw BenchFailure("it printed no figure") }
            return sample
        case .shell(let prepare, let command, let times, let warmUps):
            let directory = runner.workDirectory(token: token)
            defer { Self.removeTree(directory) }
            let count = warmUps + (isQuick ? 1 : max(times - warmUps, 1))
            let result = try run(
                runner, [micro.dynamic, "-d", "\(count)", "BENCH=\(directory)\n\(prepare)", "BENCH=\(directory)\n\(command)"],
                shared: scratch, seconds: 300, interruption)
            guard let sample = Sample(Array(MicroProgram.drives(in: result.output).dropFirst(warmUps))) else {
                throw BenchFailure("it printed no figure")
            }
            return sample
        case .start(let times):
            var values: [Double] = []
            for _ in 0..<(isQuick ? 2 : times) {
                values.append(Double(try run(runner, ["/bin/true"], shared: "", seconds: 30, interruption).nanoseconds))
            }
            guard let sample = Sample(values) else { throw BenchFailure("nothing was measured") }
            return sample
        case .waiting(let cost):
            let waiting = try WaitingProcesses(runner.wrap(["/bin/sleep", "60"], shared: ""), environment: environment)
            defer { waiting.end() }
            let before = waiting.use()
            let value: Double
            switch cost {
            case .memory: value = before.memory
            case .processor(let seconds):
                sleep(UInt32(isQuick ? 1 : seconds))
                value = waiting.use().busy - before.busy
            case .turns(let seconds):
                sleep(UInt32(isQuick ? 1 : seconds))
                value = waiting.use().turns - before.turns
            }
            guard let sample = Sample([value]) else { throw BenchFailure("nothing was measured") }
            return sample
        }
    }

    private func run(_ runner: Runner, _ command: [String], shared: String, seconds: Int, _ interruption: Interruption) throws(BenchFailure) -> ChildProcess.Result {
        let result = try Command.run(runner.wrap(command, shared: shared), environment: environment, seconds: seconds, interruption: interruption)
        switch result.ending {
        case .exited(0): return result
        case .exited(let status): throw BenchFailure("status \(status): \(MicroProgram.lastLine(result.errors))")
        case .signaled(let signal): throw BenchFailure("signal \(signal): \(MicroProgram.lastLine(result.errors))")
        case .timedOut, .interrupted: throw .interrupted
        }
    }

    // --- scratch files ---

    private static func makeScratch() throws(BenchFailure) -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/martlet-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw BenchFailure("cannot make a directory in \(parent): \(String(cString: strerror(errno)))") }
        // A runner may have another user inside.
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        chmod(path, 0o755)
        return path
    }

    /// Removes a directory that this run made, without following links; nothing happens if it does not exist.
    static func removeTree(_ path: String) {
        guard let directory = openDirectory(path) else {
            unlink(path)
            return
        }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != "." && name != ".." { names.append(name) }
        }
        closedir(directory)
        for name in names { removeTree("\(path)/\(name)") }
        rmdir(path)
    }

    private static func openDirectory(_ path: String) -> OpaquePointer? {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let directory = fdopendir(descriptor)
        if directory == nil { close(descriptor) }
        return directory
    }
}
