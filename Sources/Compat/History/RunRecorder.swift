import Foundation

/// Keeps what a run finds: in the history, and in memory as long as the history cannot take it.
public final class RunRecorder {
    public let facts: RunFacts
    private let history: History?
    /// Given by the history; nil as long as it could not be written.
    public private(set) var id: Int64?
    private var waiting: [ProgramRecord] = []
    /// Why the history could not be written the last time.
    public private(set) var trouble: CompatFailure?
    private var parts: [ProgramRecord] = []

    /// - Parameter history: nil keeps the run in memory only.
    public init(_ facts: RunFacts, history: History?) {
        self.facts = facts
        self.history = history
    }

    /// Everything so far.
    public var programs: [ProgramRecord] {
        var order: [String] = [], byName: [String: ProgramRecord] = [:]
        for part in parts {
            if var known = byName[part.name] {
                known.nanoseconds += part.nanoseconds
                known.nativeNanoseconds = known.nativeNanoseconds.map { $0 + (part.nativeNanoseconds ?? 0) }
                known.note += part.note
                known.cases += part.cases
                byName[part.name] = known
            } else {
                order.append(part.name)
                byName[part.name] = part
            }
        }
        return order.sorted().compactMap { byName[$0] }
    }

    public func add(_ part: ProgramRecord) {
        parts.append(part)
        waiting.append(part)
        // While the disk is full or somebody has the database, everything waits here, and goes with the next.
        write()
    }

    private func write() {
        guard let history else { return }
        do {
            let run = try id ?? history.begin(facts)
            id = run
            try history.add(waiting, to: run)
            waiting = []
            trouble = nil
        } catch {
            trouble = History.failure(history.path, error)
        }
    }

    /// Closes the run. - Returns: The file that the results were saved to, if the history could not take them.
    /// - Throws: ``CompatFailure`` if they could not be saved anywhere.
    public func end(_ state: RunState, at date: Date = Date()) throws -> String? {
        guard let history else { return nil }
        write()
        do {
            if trouble == nil, let id {
                try history.end(id, state: state, at: date)
                return nil
            }
        } catch {
            trouble = History.failure(history.path, error)
        }
        let saved = SavedRun(facts: facts, state: state, ended: date, programs: programs)
        let text = try Formatting.json(saved)
        for directory in [(history.path as NSString).deletingLastPathComponent, FileManager.default.currentDirectoryPath, "/tmp", "/dev/shm", "/var/tmp"] {
            let path = "\(directory)/martlet-compat-run-\(Int(facts.started.timeIntervalSince1970)).json"
            if (try? text.write(toFile: path, atomically: true, encoding: .utf8)) != nil { return path }
        }
        throw CompatFailure("the results could be saved nowhere: \(trouble?.description ?? "")")
    }

    /// What is written when there is no room in the history, for `martlet compat import`.
    struct SavedRun: Codable {
        var facts: RunFacts
        var state: RunState
        var ended: Date
        var programs: [ProgramRecord]
    }

    /// Puts a saved run into the history. - Returns: Its number there.
    public static func load(_ path: String, into history: History) throws -> Int64 {
        guard let data = FileManager.default.contents(atPath: path) else { throw CompatFailure("cannot read \(path)") }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let saved: SavedRun
        do { saved = try decoder.decode(SavedRun.self, from: data) } catch { throw CompatFailure("\(path) is not a saved run") }
        do {
            let id = try history.begin(saved.facts)
            try history.add(saved.programs, to: id)
            try history.end(id, state: saved.state, at: saved.ended)
            return id
        } catch {
            throw History.failure(history.path, error)
        }
    }
}
