import ChildProcesses
import Foundation
import Synchronization

/// Shows a run while it goes on, and records it.
///
/// On a terminal: one line that is renewed, with counts and the time left, and a lasting line for each program that has something
/// to tell. Elsewhere: a line per program.
public final class LiveProgress: RunObserver {
    private struct State {
        let recorder: RunRecorder
        var programs = 0
        var done = 0
        var verdicts: [Verdict: Int] = [:]
        var counting = 0
        var expected: [String: Int64]
        var expectedDone: Int64 = 0
        /// Of programs whose other parts are still running.
        var partial: [String: (passed: Int, bad: Int, counting: Int, other: Int, nanoseconds: Int64, note: String)] = [:]
        var hasLine = false
        var toldTrouble = false
    }

    private let state: Mutex<State>
    private let start = ChildProcess.now()
    private let isTerminal: Bool
    private let isQuiet: Bool
    private let hasBaseline: Bool
    private let print: @Sendable (String) -> Void

    /// - Parameters:
    ///   - expected: How long programs took the last time, in nanoseconds.
    ///   - print: Takes lasting lines.
    public init(
        recorder: sending RunRecorder, expected: [String: Int64], isTerminal: Bool, isQuiet: Bool = false, print: @escaping @Sendable (String) -> Void
    ) {
        hasBaseline = recorder.facts.hasBaseline
        state = Mutex(State(recorder: recorder, expected: expected))
        self.isTerminal = isTerminal
        self.isQuiet = isQuiet
        self.print = print
    }

    /// What was recorded. For use when the run is over.
    public func withRecorder<T>(_ body: (RunRecorder) throws -> sending T) rethrows -> sending T {
        try state.withLock { try body($0.recorder) }
    }

    public func began(programs: Int) { state.withLock { $0.programs = programs } }

    public func finished(_ part: ProgramRecord) {
        let trouble: String? = state.withLock { state in
            state.recorder.add(part)
            var sum = state.partial[part.name] ?? (0, 0, 0, 0, 0, "")
            for one in part.cases {
                state.verdicts[one.verdict, default: 0] += 1
                if one.standing.counts { state.counting += 1 }
                if one.verdict == .pass { sum.passed += 1 } else if one.verdict.isFailure { sum.bad += 1 } else { sum.other += 1 }
                if one.standing.counts { sum.counting += 1 }
            }
            sum.nanoseconds += part.nanoseconds
            sum.note += part.note
            state.partial[part.name] = sum
            if let trouble = state.recorder.trouble, !state.toldTrouble {
                state.toldTrouble = true
                return "\(trouble); the results are kept in memory and tried again"
            }
            return nil
        }
        if let trouble { say("martlet: \(trouble)") }
    }

    public func completed(program: String) {
        let line: String? = state.withLock { state in
            state.done += 1
            state.expectedDone += state.expected[program] ?? 0
            guard let sum = state.partial.removeValue(forKey: program), !isQuiet else { return nil }
            if isTerminal && sum.counting == 0 && sum.note.isEmpty { return nil }
            var parts: [String] = []
            if sum.passed > 0 { parts.append("\(sum.passed) passed") }
            if sum.bad > 0 { parts.append("\(sum.bad) failed" + (hasBaseline && sum.bad != sum.counting ? " (\(sum.counting) here only)" : "")) }
            if sum.other > 0 { parts.append("\(sum.other) skipped") }
            if !sum.note.isEmpty { parts.append(sum.note) }
            return "\(program): \(parts.joined(separator: ", "))  \(Formatting.duration(nanoseconds: sum.nanoseconds))"
        }
        if let line { say(line) }
    }

    public func tick() {
        guard isTerminal else { return }
        let text = line()
        state.withLock { $0.hasLine = true }
        write("\r\u{1b}[K\(text)")
    }

    /// Takes the line away.
    public func close() {
        if state.withLock({ state in
            defer { state.hasLine = false }
            return state.hasLine
        }) { write("\r\u{1b}[K") }
    }

    /// The counts of this moment.
    func line() -> String {
        state.withLock { state in
            let elapsed = Int64(clamping: ChildProcess.now() - start)
            var parts = ["\(state.done)/\(state.programs) programs"]
            for verdict in Verdict.allCases { if let count = state.verdicts[verdict], count > 0 { parts.append("\(count) \(verdict.rawValue)") } }
            if hasBaseline { parts.append("\(state.counting) here only") }
            parts.append(Formatting.duration(nanoseconds: elapsed) + (Self.left(state, elapsed).map { ", about \(Formatting.duration(nanoseconds: $0)) left" } ?? ""))
            return parts.joined(separator: "  ")
        }
    }

    /// By the times of the last run where there was one, else by the number of programs.
    private static func left(_ state: borrowing State, _ elapsed: Int64) -> Int64? {
        guard state.done > 0, state.done < state.programs, elapsed > 2_000_000_000 else { return nil }
        let total = state.expected.values.reduce(0, +)
        let share = total > 0 && state.expectedDone > 0 ? Double(state.expectedDone) / Double(total) : Double(state.done) / Double(state.programs)
        guard share > 0, share <= 1 else { return nil }
        return Int64(Double(elapsed) / share) - elapsed
    }

    private func say(_ line: String) {
        close()
        print(line)
    }

    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Foundation.write(2, bytes, bytes.count)
    }
}
