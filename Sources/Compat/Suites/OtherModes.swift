import ChildProcesses

/// The Test Anything Protocol, versions 12 to 14: `1..N`, `ok 1 - name # SKIP why`, `not ok 2`, `Bail out!`.
enum TestAnythingProtocol {
    /// - Parameter ending: How the program ended.
    static func results(_ output: [UInt8], ending: ChildProcess.Ending) -> [CaseResult] {
        var results: [CaseResult] = []
        var planned: Int?
        var comments: [String] = []
        var bail: String?
        var seen: [String: Int] = [:]
        for line in String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline) {
            if line.hasPrefix("1.."), let count = Int(line.dropFirst(3).prefix { $0.isNumber }) {
                planned = count
                // "1..0 # SKIP reason" skips the whole program.
                if count == 0, let reason = directive(line, "skip") { return [CaseResult("(program)", .skip, message: reason)] }
            } else if line.hasPrefix("Bail out!") {
                bail = String(line.dropFirst(9).drop { $0 == " " })
            } else if line.hasPrefix("ok") || line.hasPrefix("not ok") {
                let passed = line.hasPrefix("ok")
                var rest = line.dropFirst(passed ? 2 : 6)
                guard rest.isEmpty || rest.first == " " else { continue }
                rest = rest.drop { $0 == " " }
                let number = rest.prefix { $0.isNumber }
                rest = rest.dropFirst(number.count).drop { $0 == " " || $0 == "-" }
                var name = rest.prefix { $0 != "#" }.trimmingSuffix()
                if name.isEmpty { name = number.isEmpty ? "\(results.count + 1)" : String(number) }
                seen[name, default: 0] += 1
                if let times = seen[name], times > 1 { name += " (\(times))" }
                if let reason = directive(line, "skip") {
                    results.append(CaseResult(name, .skip, message: reason))
                } else if !passed, let reason = directive(line, "todo") {
                    results.append(CaseResult(name, .skip, message: "to do: \(reason)"))
                } else {
                    results.append(CaseResult(name, passed ? .pass : .fail, message: passed ? "" : CaseResult.text(comments.joined(separator: "\n").utf8)))
                }
                comments = []
            } else if line.hasPrefix("#") {
                comments = comments.suffix(50) + [String(line)]
            }
        }
        // What the lines do not tell: it ended early, or ill although each case was well.
        let early = planned.map { results.count < $0 } ?? results.isEmpty
        if let broken = ExitStatus.broken(ending) {
            results.append(CaseResult("(program)", broken.verdict, message: broken.message))
        } else if let bail {
            results.append(CaseResult("(program)", .fail, message: "it bailed out: \(bail)"))
        } else if early {
            let what = planned.map { "\(results.count) of \($0) cases" } ?? "no case"
            results.append(CaseResult("(program)", .fail, message: "it told of \(what)"))
        } else if ending != .exited(0), !results.contains(where: { $0.verdict.isFailure }) {
            results.append(CaseResult("(program)", .fail, message: "its cases passed, but \(ExitStatus.text(ending))"))
        }
        return results
    }

    /// The text behind `# SKIP` or `# TODO`, nil without one.
    private static func directive(_ line: Substring, _ word: String) -> String? {
        guard let mark = line.firstIndex(of: "#") else { return nil }
        let rest = line[line.index(after: mark)...].drop { $0 == " " }
        guard rest.lowercased().hasPrefix(word) else { return nil }
        return String(rest.drop { !$0.isWhitespace }.drop { $0.isWhitespace })
    }
}

extension Substring {
    fileprivate func trimmingSuffix() -> String {
        var text = self
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// Programs that tell by their exit status only; one case each.
enum ExitStatus {
    static func text(_ ending: ChildProcess.Ending) -> String {
        switch ending {
        case .exited(let status): "it ended with status \(status)"
        case .signaled(let signal): "it was ended by signal \(signal)"
        case .timedOut: "it took too long"
        case .interrupted: "it was interrupted"
        }
    }

    /// The verdict on a program that did not end by itself.
    static func broken(_ ending: ChildProcess.Ending) -> (verdict: Verdict, message: String)? {
        switch ending {
        case .exited: nil
        case .signaled: (.crash, text(ending))
        case .timedOut: (.timeout, text(ending))
        case .interrupted: (.crash, text(ending))
        }
    }

    static func results(_ output: [UInt8], ending: ChildProcess.Ending, nanoseconds: Int64) -> [CaseResult] {
        let verdict: Verdict = broken(ending)?.verdict ?? (ending == .exited(0) ? .pass : ending == .exited(77) ? .skip : .fail)
        let message = verdict == .pass ? "" : text(ending) + "\n" + CaseResult.text(output.suffix(CaseResult.messageLimit))
        return [CaseResult("(program)", verdict, nanoseconds: nanoseconds, message: message)]
    }
}

/// The Linux Test Project's convention: bits of the exit status, and a line per check.
enum LinuxTestProject {
    /// What the lines worth showing hold.
    private static let marks = ["TFAIL", "TBROK", "TWARN", "TCONF"]

    static func results(_ output: [UInt8], ending: ChildProcess.Ending, nanoseconds: Int64) -> [CaseResult] {
        let lines = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isNewline)
        var verdict: Verdict
        switch ending {
        case .exited(0): verdict = .pass
        // 1 fail, 2 broken, 4 warning; 32 alone: not for this configuration.
        case .exited(let status): verdict = status & 7 != 0 ? .fail : status == 32 ? .skip : .fail
        default: verdict = broken(ending)
        }
        // The library ends a program that is beyond its own limit itself, and calls it broken.
        if verdict == .fail, lines.contains(where: { $0.contains("TBROK") && $0.contains("Test timeouted") }) { verdict = .timeout }
        if verdict == .fail, lines.contains(where: { $0.contains("TBROK") && $0.contains("killed by SIG") }) { verdict = .crash }
        var message = ""
        if verdict != .pass {
            let telling = lines.filter { line in marks.contains { line.contains($0) } }
            message = ([ExitStatus.text(ending)] + (telling.isEmpty ? lines.suffix(20) : telling.prefix(40)).map(String.init)).joined(separator: "\n")
        }
        return [CaseResult("(program)", verdict, nanoseconds: nanoseconds, message: CaseResult.text(message.utf8))]
    }

    private static func broken(_ ending: ChildProcess.Ending) -> Verdict { ExitStatus.broken(ending)?.verdict ?? .fail }
}
