import Glibc
import HostBase
import Monitor

/// The machine, as far as it matters for figures.
public struct HostDescription: Sendable {
    public let kernel: String
    public let processor: String
    public let processors: Int

    public init() {
        var name = utsname()
        kernel = uname(&name) == 0 ? withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) } : ""
        processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        processor = Self.model() ?? "unknown"
    }

    private static func model() -> String? {
        let file = open("/proc/cpuinfo", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &buffer, buffer.count)
        for line in buffer[..<max(0, count)].split(separator: UInt8(ascii: "\n")) where line.starts(with: "model name".utf8) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            return String(decoding: line[colon...].dropFirst(2), as: UTF8.self)
        }
        return nil
    }

    /// How many tasks ran or wanted to, averaged over the last minute: a figure taken on a busy machine should say so.
    public static func load() -> Double {
        var averages = [0.0]
        return getloadavg(&averages, 1) == 1 ? averages[0] : -1
    }
}

/// What was measured.
public struct Report: Sendable {
    public struct Row: Sendable {
        public let `case`: BenchCase
        /// One sample per round.
        public var rounds: [Runner.Kind: [Sample]] = [:]
        /// Why a runner has no figures.
        public var failures: [Runner.Kind: String] = [:]

        public init(case one: BenchCase) { `case` = one }

        /// All rounds together; nil if it was not measured or failed.
        public func sample(_ runner: Runner.Kind) -> Sample? { failures[runner] == nil ? Sample(merging: rounds[runner] ?? []) : nil }

        /// Minimum to native minimum.
        public func ratio(_ runner: Runner.Kind) -> Double? { quotient(runner, \.minimum) }

        /// Median to native median.
        public func medianRatio(_ runner: Runner.Kind) -> Double? { quotient(runner, \.median) }

        private func quotient(_ runner: Runner.Kind, _ value: (Sample) -> Double) -> Double? {
            guard let own = sample(runner), let native = sample(.native), value(native) > 0 else { return nil }
            return value(own) / value(native)
        }

        /// Whether Martlet reached the goal; nil without a goal or a figure.
        public var isGoalReached: Bool? {
            switch `case`.goal {
            case nil: return nil
            case .ratio(let most): return ratio(.martlet).map { Self.rounded($0) <= most }
            case .time(let nanoseconds, let times, let runner):
                guard let own = sample(.martlet) else { return nil }
                if own.minimum <= nanoseconds { return true }
                return sample(runner).map { own.minimum <= times * $0.minimum } ?? false
            case .more(let most):
                guard let own = sample(.martlet), let native = sample(.native) else { return nil }
                return own.minimum - native.minimum <= most
            }
        }

        /// Goals have two decimals, and so have the ratios that are compared with them.
        private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
    }

    public let runners: [Runner.Kind]
    public let rounds: Int
    public let host: HostDescription
    public let loadBefore: Double
    public var loadAfter = 0.0
    public var results: [Row] = []

    public init(runners: [Runner.Kind], rounds: Int, host: HostDescription, loadBefore: Double) {
        self.runners = runners
        self.rounds = rounds
        self.host = host
        self.loadBefore = loadBefore
    }

    public var misses: Int { results.count { $0.isGoalReached == false } }
    public var failures: Int { results.count { $0.failures[.martlet] != nil } }

    // --- for people ---

    /// A table with a line per case, and what it means below.
    public func text() -> String { document { Self.aligned($0) } }

    /// The same with the table as Markdown, for docs/benchmarks.md.
    public func markdown() -> String {
        document { table in
            var lines = table.map { "| " + $0.joined(separator: " | ") + " |" }
            lines.insert("|---" + String(repeating: "|--:", count: (table.first?.count ?? 1) - 1) + "|", at: 1)
            return lines
        }
    }

    private func document(_ layout: ([[String]]) -> [String]) -> String {
        let peers = runners.filter { $0 != .native && $0 != .martlet }
        let hasMartlet = runners.contains(.martlet)
        var table = [["case", "native"] + (hasMartlet ? ["martlet", "ratio", "median", "goal", ""] : []) + peers.map(\.rawValue)]
        for row in results {
            var cells = [row.case.name, row.sample(.native).map { Figure.value($0.minimum, row.case.unit) } ?? "failed"]
            if hasMartlet {
                cells += [
                    row.sample(.martlet).map { Figure.value($0.minimum, row.case.unit) } ?? "failed",
                    row.ratio(.martlet).map(Figure.ratio) ?? "-",
                    row.medianRatio(.martlet).map(Figure.ratio) ?? "-",
                    Self.words(row.case.goal, row.case.unit),
                    row.isGoalReached.map { $0 ? "ok" : "MISS" } ?? "",
                ]
            }
            table.append(cells + peers.map { row.failures[$0] != nil ? "failed" : row.ratio($0).map(Figure.ratio) ?? "-" })
        }
        var lines = layout(table)
        lines.append("")
        lines.append("Minimum of \(rounds) \(rounds == 1 ? "round" : "rounds"), runners interleaved. Ratio: to native, of the minimums; median: of the medians.")
        if !peers.isEmpty { lines.append("Other runners: ratio to native.") }
        lines.append(
            "\(host.processor), \(host.processors) processors, Linux \(host.kernel); load \(Figure.fixed(loadBefore, 1)) before, \(Figure.fixed(loadAfter, 1)) after.")
        let goals = results.count { $0.isGoalReached != nil }
        if goals > 0 { lines.append("\(goals - misses) of \(goals) goals reached.") }
        for row in results {
            for runner in runners {
                if let why = row.failures[runner] { lines.append("failed: \(row.case.name) under \(runner.rawValue): \(why)") }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func words(_ goal: BenchCase.Goal?, _ unit: BenchCase.Unit) -> String {
        switch goal {
        case nil: ""
        case .more(let most): "+" + Figure.value(most, unit)
        case .ratio(let most): Figure.fixed(most, 2)
        case .time(let nanoseconds, let times, let runner): "\(Figure.fixed(nanoseconds / 1e6, 0)) ms or \(Figure.fixed(times, 0))x \(runner.rawValue)"
        }
    }

    /// Columns two blanks apart, the first to the left and the others to the right.
    static func aligned(_ table: [[String]]) -> [String] {
        let columns = table.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in table.map { column < $0.count ? $0[column].utf8.count : 0 }.max() ?? 0 }
        return table.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.utf8.count)
                line += column == 0 ? cell + padding : "  " + padding + cell
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    // --- for programs ---

    /// One object; figures are nanoseconds unless a case says its unit.
    public func json(version: String) -> String {
        var json = JSONWriter()
        json.object {
            $0.field("martlet", version)
            $0.field("kernel", host.kernel)
            $0.field("processor", host.processor)
            $0.field("processors", Int64(host.processors))
            $0.field("loadBefore", decimal: Figure.fixed(loadBefore, 2))
            $0.field("loadAfter", decimal: Figure.fixed(loadAfter, 2))
            $0.field("rounds", Int64(rounds))
            $0.field("statistic", "minimum")
            $0.field("runners", runners.map(\.rawValue))
            $0.array("cases") { list in
                for row in results { list.object { write(row, &$0) } }
            }
        }
        return json.text
    }

    private func write(_ row: Row, _ json: inout JSONWriter) {
        json.field("name", row.case.name)
        json.field("summary", row.case.summary)
        if row.case.unit != .nanoseconds { json.field("unit", row.case.unit.rawValue) }
        switch row.case.goal {
        case nil: break
        case .ratio(let most): json.field("goalRatio", decimal: Figure.fixed(most, 2))
        case .time(let nanoseconds, let times, let runner):
            json.field("goalNanoseconds", decimal: Figure.fixed(nanoseconds, 0))
            json.field("orTimes", decimal: Figure.fixed(times, 2))
            json.field("of", runner.rawValue)
        case .more(let most): json.field("goalMore", decimal: Figure.fixed(most, 0))
        }
        if let reached = row.isGoalReached { json.field("goalReached", reached) }
        json.array("results") { list in
            for runner in runners {
                list.object {
                    $0.field("runner", runner.rawValue)
                    if let why = row.failures[runner] { $0.field("failure", why) }
                    guard let sample = row.sample(runner) else { return }
                    $0.field("minimum", decimal: Figure.fixed(sample.minimum, 1))
                    $0.field("median", decimal: Figure.fixed(sample.median, 1))
                    $0.field("maximum", decimal: Figure.fixed(sample.maximum, 1))
                    $0.field("spread", decimal: Figure.fixed(sample.spread, 4))
                    if let ratio = row.ratio(runner) { $0.field("ratio", decimal: Figure.fixed(ratio, 4)) }
                    if let ratio = row.medianRatio(runner) { $0.field("medianRatio", decimal: Figure.fixed(ratio, 4)) }
                }
            }
        }
    }
}
