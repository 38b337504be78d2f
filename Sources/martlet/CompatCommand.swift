import ArgumentParser
import Glibc
import HostBase
import Monitor

/// `martlet compat`: hands over to `martlet-compat`, a program of its own. It uses SQLite and Foundation, which would make every
/// `martlet run` start more slowly.
struct CompatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compat",
        abstract: "Know, by measurement, what works: system calls, test suites, and what changed.",
        usage: "martlet compat <subcommand> [<options>]")

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("A subcommand and its options; see martlet compat --help.", valueName: "argument"),
        completion: .list([
            "syscalls", "audit", "catalog", "run", "runs", "diff", "flaky", "report", "bisect-case", "nightly", "import",
        ]))
    var arguments: [String] = []

    func run() throws {
        let places = Self.places(executable: ImageLocator.executablePath())
        for place in places {
            var words = (["martlet compat"] + arguments).map { strdup(HostText.path($0)) } + [nil]
            execv(place, &words)
            let error = errno
            for word in words { free(word) }
            guard error == ENOENT || error == ENOTDIR else {
                Complaint.write("cannot execute \(place): \(String(cString: strerror(error)))")
                throw ExitCode(ExitStatus.failure)
            }
        }
        Complaint.write("martlet-compat is not here; looked for \(places.joined(separator: " and ")) (build it with: Tools/build compat)")
        throw ExitCode(ExitStatus.failure)
    }

    /// Beside this executable, or where packages put helpers.
    static func places(executable: String) -> [String] {
        let directory = executable.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let parent = executable.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
        return [directory + "/martlet-compat", parent + "/libexec/martlet/martlet-compat"]
    }
}
