// What the programs of a run asked of the kernel, counted: docs/audit-format.md.

import LinuxABI
import MonitorProtocol

/// Counts the records of a run.
public struct Audit {
    /// How often each result was given, by errno; other kinds of end have numbers that are none.
    struct Results {
        static let ok: Int32 = 0, restarted: Int32 = -1, unfinished: Int32 = -2
        var counts: [Int32: Int64] = [:]
        mutating func add(_ result: Int32, _ room: inout Room) {
            guard counts[result] != nil || room.take() else { return }
            counts[result, default: 0] += 1
        }

        /// `ok` first, then errnos by number, then what is none.
        var sorted: [(name: String, count: Int64)] {
            let order = counts.keys.sorted { (UInt32(bitPattern: $0), $0) < (UInt32(bitPattern: $1), $1) }
            return order.map { (Results.name($0), counts[$0] ?? 0) }
        }
        private static func name(_ result: Int32) -> String {
            switch result {
            case ok: "ok"
            case restarted: "restarted"
            case unfinished: "unfinished"
            default: TracedCall.errorName(result)
            }
        }
    }

    /// How many more different things may be counted: the kernel in the sandbox may be one that makes up numbers without end.
    struct Room {
        private var rest = 1 << 20
        mutating func take() -> Bool {
            rest -= rest > 0 ? 1 : 0
            return rest > 0
        }
    }

    struct CallCount {
        var count: Int64 = 0
        var results = Results()
        var shapes: [Shape: (count: Int64, results: Results)] = [:]
        var otherShapes: Int64 = 0
        static let shapeLimit = 500

        mutating func add(_ shape: Shape, _ result: Int32, _ room: inout Room) {
            count += 1
            results.add(result, &room)
            guard !shape.isEmpty else { return }
            guard shapes[shape] != nil || shapes.count < CallCount.shapeLimit && room.take() else {
                otherShapes += 1
                return
            }
            shapes[shape, default: (0, Results())].count += 1
            shapes[shape]?.results.add(result, &room)
        }
    }

    struct Program {
        var path: String
        var executions: Int64 = 0
        var calls: [UInt: CallCount] = [:]
    }

    struct Refusal: Hashable {
        var number: UInt
        var shape: Shape
        var error: Int32
        var isWholeCall: Bool
    }

    private(set) var calls: [UInt: CallCount] = [:]
    private(set) var programs: [Program] = []
    private(set) var signals: [Int32: Int64] = [:]
    private(set) var refusals: [Refusal: (count: Int64, programs: [Int])] = [:]

    private var pending = PendingCalls()
    private var room = Room()
    /// The program of each process, as an index of `programs`.
    private var programOf: [Int32: Int] = [:]
    private var programNumbers: [String: Int] = [:]
    private static let programLimit = 4096

    public init() {}

    public mutating func add(_ event: TraceEvent) {
        switch event.kind {
        case TraceKind.enter:
            // Whatever it was in before has ended without a result.
            if let old = pending.take(event.tid) { count(old.call, Results.unfinished) }
            pending.add(TracedCall(event))
        case TraceKind.leave:
            guard let call = pending.take(event.tid)?.call else { return }
            let value = Int64(bitPattern: event.u64(TraceRecord.leaveResult))
            count(call, Audit.result(call, value), noHandler: event.flags & TraceRecord.flagNoHandler != 0 || call.call == nil)
        case TraceKind.task:
            let child = event.i32(TraceRecord.taskPID)
            if child != event.pid { setProgram(child, programOf[event.pid]) }
        case TraceKind.program:
            // The call that asked for it belongs to the program before.
            if let call = pending.take(event.tid)?.call { count(call, Results.ok) }
            let number = program(Quoting.plain(event.text()))
            programs[number].executions += 1
            setProgram(event.pid, number)
        case TraceKind.signal:
            let signal = event.i32(TraceRecord.signalInfo)
            if (1...64).contains(signal) { signals[signal, default: 0] += 1 }
        case TraceKind.exit:
            if let call = pending.take(event.tid)?.call { count(call, Results.unfinished) }
        default: break
        }
    }

    /// Counts the calls that have not returned, at the end of the run.
    public mutating func finish() {
        for call in pending.all { count(call, Results.unfinished) }
        pending = PendingCalls()
    }

    private static func result(_ call: TracedCall, _ value: Int64) -> Int32 {
        if value >= 0 || value < -4095 { return Results.ok }
        switch call.call {
        case .rt_sigreturn, .exit, .exit_group: return Results.ok
        default: return value <= -512 && value >= -516 ? Results.restarted : Int32(-value)
        }
    }

    private mutating func program(_ path: String) -> Int {
        if let number = programNumbers[path] { return number }
        // A run that executes endlessly many files: the last place is for all others.
        if programs.count >= Audit.programLimit { return programs.count - 1 }
        programs.append(Program(path: programs.count == Audit.programLimit - 1 ? "(others)" : path))
        programNumbers[path] = programs.count - 1
        return programs.count - 1
    }

    private mutating func count(_ call: TracedCall, _ result: Int32, noHandler: Bool = false) {
        let shape = Shape(call)
        let number = programOf[call.pid]
        if calls[call.number] != nil || room.take() { calls[call.number, default: CallCount()].add(shape, result, &room) }
        if let number, programs[number].calls[call.number] != nil || room.take() {
            programs[number].calls[call.number, default: CallCount()].add(shape, result, &room)
        }
        guard result > 0, noHandler || Audit.isRefusal(call.call, result) else { return }
        let refusal = Refusal(number: call.number, shape: shape, error: result, isWholeCall: noHandler)
        // Not more kinds than a reader can use.
        guard refusals[refusal] != nil || refusals.count < 10_000 else { return }
        refusals[refusal, default: (0, [])].count += 1
        if let number, refusals[refusal]?.programs.contains(number) == false, room.take() { refusals[refusal]?.programs.append(number) }
    }

    private mutating func setProgram(_ process: Int32, _ number: Int?) {
        if programOf[process] != nil || room.take() { programOf[process] = number }
    }

    /// Errors that say "there is no such thing".
    private static func isRefusal(_ call: Syscall?, _ error: Int32) -> Bool {
        switch Errno(error) {
        case .ENOSYS, .EOPNOTSUPP, .ENOPROTOOPT, .EAFNOSUPPORT, .ESOCKTNOSUPPORT, .EPROTONOSUPPORT: return true
        case .ENOTTY: return call == .ioctl
        case .EINVAL:
            switch call {
            case .prctl, .arch_prctl, .fcntl, .madvise, .futex, .clone, .clone3, .unshare, .mmap, .bpf, .keyctl, .seccomp: return true
            default: return false
            }
        default: return false
        }
    }
}
