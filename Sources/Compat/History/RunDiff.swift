/// What changed between two runs.
public struct RunDiff: Codable, Sendable, Equatable {
    public struct Change: Codable, Sendable, Equatable {
        public var program: String
        public var name: String
        public var before: Verdict?
        public var after: Verdict?
        public var message: String

        public var label: String { name == "(program)" ? program : "\(program) \(name)" }
    }

    public var before: Int64
    public var after: Int64
    /// Failed, and do not any more.
    public var fixed: [Change] = []
    /// Did not fail, and do now.
    public var broken: [Change] = []
    /// Cases that were not there, and how they ended.
    public var new: [Change] = []
    /// Cases that are not there any more.
    public var gone: [Change] = []
    /// Fail in both, but in another way (a crash that was a failure).
    public var changed: [Change] = []

    public var isEmpty: Bool { fixed.isEmpty && broken.isEmpty && new.isEmpty && gone.isEmpty && changed.isEmpty }

    /// - Parameter isPartial: The later run was interrupted: what it lacks is not gone.
    public init(before: (id: Int64, programs: [ProgramRecord]), after: (id: Int64, programs: [ProgramRecord]), isPartial: Bool = false) {
        self.before = before.id
        self.after = after.id
        struct Key: Hashable {
            let program: String
            let name: String
        }
        var old: [Key: CaseRecord] = [:]
        for program in before.programs { for one in program.cases { old[Key(program: program.name, name: one.name)] = one } }
        for program in after.programs {
            for one in program.cases {
                let earlier = old.removeValue(forKey: Key(program: program.name, name: one.name))
                let change = Change(program: program.name, name: one.name, before: earlier?.verdict, after: one.verdict, message: one.message)
                guard let earlier else {
                    new.append(change)
                    continue
                }
                // A failure that the host has too is not ours; a case that starts to fail on both sides did not break here.
                let was = earlier.standing.counts, isNow = one.standing.counts
                if was && !isNow && !one.verdict.isFailure {
                    fixed.append(change)
                } else if !was && isNow {
                    broken.append(change)
                } else if was && isNow && earlier.verdict != one.verdict {
                    changed.append(change)
                }
            }
        }
        if !isPartial {
            for program in before.programs {
                for one in program.cases where old[Key(program: program.name, name: one.name)] != nil {
                    gone.append(Change(program: program.name, name: one.name, before: one.verdict, after: nil, message: ""))
                }
            }
        }
    }

    public init(_ before: RunRecord, _ after: RunRecord, in history: History) throws {
        self.init(
            before: (before.id, try history.programs(of: before.id)), after: (after.id, try history.programs(of: after.id)),
            isPartial: after.state != .complete)
    }

    /// New cases that fail.
    public var newFailures: [Change] { new.filter { $0.after?.isFailure == true } }

    public var summary: String {
        if isEmpty { return "nothing changed between run \(before) and run \(after)" }
        var parts = ["\(fixed.count) fixed", "\(broken.count) broken", "\(new.count) new", "\(gone.count) gone"]
        if !changed.isEmpty { parts.append("\(changed.count) failing in another way") }
        return "run \(before) to run \(after): " + parts.joined(separator: ", ")
    }

    /// - Parameter most: Lines of each kind.
    public func text(most: Int = .max) -> String {
        var lines: [String] = []
        for (title, changes) in [("broken", broken), ("fixed", fixed), ("failing in another way", changed), ("new", new), ("gone", gone)] where !changes.isEmpty {
            lines.append("\(title):")
            for change in changes.prefix(most) {
                let how = [change.before, change.after].map { $0?.rawValue ?? "-" }
                lines.append("  \(change.label): " + (change.before == nil ? how[1] : change.after == nil ? how[0] : "\(how[0]) -> \(how[1])"))
            }
            if changes.count > most { lines.append("  and \(changes.count - most) more") }
        }
        return (lines + [summary]).joined(separator: "\n")
    }
}
