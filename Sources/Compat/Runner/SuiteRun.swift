import ChildProcesses
import Foundation
import Synchronization

/// Runs the programs of a suite: lists their cases, deals them out to jobs, and tells an observer what came out.
public final class SuiteRun: Sendable {
    private struct Item {
        var program: TestProgram
        /// Nil: list them first.
        var cases: [String]?
    }

    private struct State {
        /// Taken from the end.
        var waiting: [Item] = []
        /// How many items of each program are not done.
        var open: [String: Int] = [:]
        var working = 0
        var isInterrupted = false
        var tokens = 0
    }

    private let configuration: RunConfiguration
    private let programs: [TestProgram]
    private let observer: any RunObserver
    private let interruption: Interruption?
    private let scratch: Scratch
    private let here: SideRunner
    private let native: SideRunner?
    private let state: Mutex<State>
    private let changed = NSCondition()

    /// - Throws: ``CompatFailure`` if there is no room for its files.
    public init(_ configuration: RunConfiguration, programs: [TestProgram], observer: any RunObserver, interruption: Interruption? = nil) throws {
        self.configuration = configuration
        self.programs = programs
        self.observer = observer
        self.interruption = interruption
        let scratch = try Scratch()
        self.scratch = scratch
        here = SideRunner(launcher: configuration.launcher, configuration: configuration, interruption: interruption, scratch: scratch)
        native = configuration.baseline.map { SideRunner(launcher: $0, configuration: configuration, interruption: interruption, scratch: scratch) }
        var state = State()
        state.waiting = programs.reversed().map { Item(program: $0) }
        state.open = Dictionary(uniqueKeysWithValues: programs.map { ($0.name, 1) })
        self.state = Mutex(state)
    }

    /// Runs all. - Returns: Whether it came to its end; false if it was interrupted.
    public func run() -> Bool {
        defer { Scratch.remove(scratch.path) }
        observer.began(programs: programs.count)
        let jobs = max(1, configuration.jobs)
        let left = Mutex(jobs)
        for _ in 0..<jobs {
            Thread.detachNewThread { [self] in
                while let item = next() { work(item) }
                left.withLock { $0 -= 1 }
                wake()
            }
        }
        while left.withLock({ $0 > 0 }) {
            changed.lock()
            _ = changed.wait(until: Date(timeIntervalSinceNow: 0.2))
            changed.unlock()
            observer.tick()
        }
        return !state.withLock { $0.isInterrupted }
    }

    private func wake() {
        changed.lock()
        changed.broadcast()
        changed.unlock()
    }

    /// The next piece of work; waits while another job may still bring some. Nil at the end.
    private func next() -> Item? {
        changed.lock()
        defer { changed.unlock() }
        while true {
            let (item, isOver) = state.withLock { state -> (Item?, Bool) in
                if state.isInterrupted || interruption?.isPending == true {
                    state.isInterrupted = true
                    return (nil, true)
                }
                guard let item = state.waiting.popLast() else { return (nil, state.working == 0) }
                state.working += 1
                return (item, false)
            }
            if item != nil || isOver {
                if isOver { changed.broadcast() }
                return item
            }
            changed.wait()
        }
    }

    private func work(_ item: Item) {
        let token = state.withLock { state in
            state.tokens += 1
            return String(state.tokens)
        }
        do throws(SideRunner.Interrupted) {
            if let cases = item.cases {
                tell(try runCases(item.program, cases, token: token))
            } else {
                try open(item.program, token: token)
            }
            let isDone = state.withLock { state in
                state.open[item.program.name, default: 1] -= 1
                return state.open[item.program.name] == 0
            }
            if isDone { locked { observer.completed(program: item.program.name) } }
        } catch {
            state.withLock { $0.isInterrupted = true }
        }
        state.withLock { $0.working -= 1 }
        wake()
    }

    /// The observer hears one thing at a time.
    private func locked(_ body: () -> Void) {
        changed.lock()
        body()
        changed.unlock()
    }

    private func tell(_ record: ProgramRecord) { locked { observer.finished(record) } }

    /// Begins a program: lists its cases and deals them out, or runs it whole.
    private func open(_ program: TestProgram, token: String) throws(SideRunner.Interrupted) {
        if let reason = configuration.outOfReach(program.name) {
            tell(ProgramRecord(
                name: program.name, mode: program.mode, nanoseconds: 0, note: "",
                cases: [CaseRecord(CaseResult("(program)", .notApplicable, message: reason))]))
            return
        }
        guard program.mode == .gtest else {
            guard configuration.isOurs(program.name, "(program)") else { return }
            tell(try runWhole(program, token: token))
            return
        }
        // The host's list is the one to trust; without a baseline nothing runs on the host.
        var note = ""
        var listed = try (native ?? here).list(program, token: token)
        if case .failure(let failure) = listed, native != nil {
            note = "natively, \(failure.description)"
            listed = try here.list(program, token: token)
        }
        switch listed {
        case .failure(let failure):
            tell(ProgramRecord(
                name: program.name, mode: .gtest, nanoseconds: 0, note: failure.description,
                // With a baseline it was the host that was asked, and the sandbox after it.
                cases: [CaseRecord(CaseResult("(program)", .fail, message: failure.description),
                                   native: native.map { _ in CaseResult("(program)", .fail, message: note.isEmpty ? failure.description : note) })]))
        case .success(let all):
            let cases = all.filter {
                (configuration.runsDisabled || !GoogleTestList.isDisabled($0)) && configuration.isSelected($0) && configuration.isOurs(program.name, $0)
            }
            let parts = Self.parts(cases, most: configuration.casesPerStart)
            if !note.isEmpty || parts.isEmpty {
                tell(ProgramRecord(name: program.name, mode: .gtest, nanoseconds: 0, note: note.isEmpty ? "none of its cases is selected" : note, cases: []))
            }
            state.withLock { state in
                state.open[program.name, default: 0] += parts.count
                state.waiting += parts.reversed().map { Item(program: program, cases: $0) }
            }
        }
    }

    /// Parts of about equal size; a filter must also fit into one argument (128 KiB).
    static func parts(_ cases: [String], most: Int) -> [[String]] {
        guard !cases.isEmpty else { return [] }
        let bytes = cases.reduce(0) { $0 + $1.utf8.count + 1 }
        let count = max((cases.count + most - 1) / most, (bytes + 59_999) / 60_000)
        return (0..<count).map { Array(cases[($0 * cases.count / count)..<(($0 + 1) * cases.count / count)]) }.filter { !$0.isEmpty }
    }

    private func runCases(_ program: TestProgram, _ cases: [String], token: String) throws(SideRunner.Interrupted) -> ProgramRecord {
        try bothSides(program) { (side, native) throws(SideRunner.Interrupted) in
            try side.run(program, cases: cases, native: native, token: token)
        }
    }

    private func runWhole(_ program: TestProgram, token: String) throws(SideRunner.Interrupted) -> ProgramRecord {
        try bothSides(program) { (side, _) throws(SideRunner.Interrupted) in try side.runWhole(program, token: token) }
    }

    /// Natively first: how long a case takes there tells how long it is worth waiting for here.
    private func bothSides(
        _ program: TestProgram, _ body: (SideRunner, [CaseResult]) throws(SideRunner.Interrupted) -> [CaseResult]
    ) throws(SideRunner.Interrupted) -> ProgramRecord {
        let start = ChildProcess.now()
        var nativeResults: [CaseResult]?
        if let native { nativeResults = try body(native, []) }
        let middle = ChildProcess.now()
        let results = try body(here, nativeResults ?? [])
        return ProgramRecord(
            name: program.name, mode: program.mode, nanoseconds: Int64(clamping: ChildProcess.now() - middle),
            nativeNanoseconds: native == nil ? nil : Int64(clamping: middle - start), note: "",
            cases: CaseRecord.merge(results, native: nativeResults))
    }
}
