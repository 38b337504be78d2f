import ChildProcesses
import Foundation

/// How a program is started on one side: natively, in Martlet, or by another sandbox's command.
public struct Launcher: Sendable {
    enum Kind: Sendable {
        case native
        /// The path of martlet, and further options of `martlet run`.
        case martlet(String, [String])
        /// Words, one of which is `{}`.
        case command([String])
    }

    let kind: Kind
    /// As in the history: `native`, `martlet`, or the command.
    public let name: String
    /// The user to run as; nil for the caller.
    let user: String?

    /// - Throws: ``CompatFailure`` if the caller cannot become that user.
    public static func native(user: String?) throws -> Launcher {
        guard let user else { return Launcher(kind: .native, name: "native", user: nil) }
        if let entry = getpwnam(user) ?? UInt32(user).flatMap({ getpwuid($0) }), entry.pointee.pw_uid == geteuid() {
            return Launcher(kind: .native, name: "native", user: nil)
        }
        guard geteuid() == 0 else { throw CompatFailure("only root can run the baseline as another user (\(user))") }
        guard FileManager.default.isExecutableFile(atPath: setpriv) else { throw CompatFailure("\(setpriv) is needed to run the baseline as \(user)") }
        return Launcher(kind: .native, name: "native", user: user)
    }

    private static let setpriv = "/usr/bin/setpriv"

    public static func martlet(_ path: String, options: [String] = [], user: String? = nil) -> Launcher {
        Launcher(kind: .martlet(path, options), name: "martlet", user: user)
    }

    /// - Parameter text: A command in words as a shell would split them; `{}` stands for the program with its arguments, which
    ///   else come last.
    /// - Throws: ``CompatFailure`` if its program is not found.
    public static func command(_ text: String) throws -> Launcher {
        var words = try ShellWords.split(text)
        guard let first = words.first else { throw CompatFailure("--runner: the command is empty") }
        if !words.contains("{}") { words.append("{}") }
        guard words.count > 1, first != "{}" else { throw CompatFailure("--runner: there is no command before {}") }
        guard let program = ShellWords.find(first) else { throw CompatFailure("--runner: \(first) is not found") }
        words[0] = program
        return Launcher(kind: .command(words), name: text, user: nil)
    }

    /// The command for a program with its arguments.
    /// - Parameters:
    ///   - writable: A directory of the host that it may write to.
    ///   - directory: Where it starts.
    func command(_ program: [String], writable: String, directory: String) -> [String] {
        switch kind {
        case .native:
            // A change of credentials takes the parent-death signal away, and with it the end of the program when we are killed.
            return user.map { [Self.setpriv, "--reuid=\($0)", "--regid=\(Self.group(of: $0))", "--init-groups", "--pdeathsig=KILL", "--"] + program } ?? program
        case .martlet(let path, let options):
            return [path, "run", "--inherit-env", "--no-tty", "--log", "none", "--workdir", directory, "--mount", "\(writable):\(writable):rw"]
                + (user.map { ["--user", $0] } ?? []) + options + ["--"] + program
        case .command(let words): return words.flatMap { $0 == "{}" ? program : [$0] }
        }
    }

    private static func group(of user: String) -> String {
        (getpwnam(user) ?? UInt32(user).flatMap { getpwuid($0) }).map { String($0.pointee.pw_gid) } ?? user
    }

    var isNative: Bool { if case .native = kind { true } else { false } }

    /// What a sandbox's exit status says about the program in it: 128+N for signal N, 124 for its own time limit.
    func ending(_ ending: ChildProcess.Ending) -> ChildProcess.Ending {
        guard !isNative, case .exited(let status) = ending else { return ending }
        if status > 128, status <= 192 { return .signaled(status - 128) }
        return ending
    }

    /// Whether the sandbox itself failed, and the program may never have run.
    func isOwnFailure(_ ending: ChildProcess.Ending) -> Bool {
        if case .martlet = kind { return ending == .exited(125) }
        return false
    }
}

/// Words as a shell splits them: blanks, single and double quotes, backslashes; nothing is expanded.
public enum ShellWords {
    public static func split(_ text: String) throws -> [String] {
        var words: [String] = [], word = "", isInWord = false, quote: Character?
        var rest = text[...]
        while let character = rest.popFirst() {
            if let open = quote {
                if character == open {
                    quote = nil
                } else if character == "\\", open == "\"", let next = rest.first, next == "\"" || next == "\\" {
                    word.append(rest.removeFirst())
                } else {
                    word.append(character)
                }
            } else if character == "'" || character == "\"" {
                quote = character
                isInWord = true
            } else if character == "\\", let next = rest.popFirst() {
                word.append(next)
                isInWord = true
            } else if character.isWhitespace {
                if isInWord { words.append(word) }
                word = ""
                isInWord = false
            } else {
                word.append(character)
                isInWord = true
            }
        }
        guard quote == nil else { throw CompatFailure("a quote is not closed: \(text)") }
        return isInWord ? words + [word] : words
    }

    /// The absolute path of a command.
    public static func find(_ name: String) -> String? {
        if name.contains("/") {
            let path = name.hasPrefix("/") ? name : FileManager.default.currentDirectoryPath + "/" + name
            return access(path, X_OK) == 0 ? path : nil
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }
}
