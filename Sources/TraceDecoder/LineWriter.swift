// The lines of --strace: what belongs together on one line, and what comes between.

import LinuxABI
import MonitorProtocol

/// Makes lines of records. A call whose thread is not the next one to say something is `<unfinished ...>` and later `resumed`, as
/// strace(1) does it: that depends only on the order of the records.
public struct LineWriter {
    private var pending = PendingCalls()
    /// The thread whose call is at the end of the text, without a newline.
    private var open: Int32?
    private let filter: CallSet
    /// The name in front of lines of the log.
    private let logPrefix: String

    public init(filter: CallSet = .all, logPrefix: String = "martlet: ") {
        self.filter = filter
        self.logPrefix = logPrefix
    }

    /// A line has been begun, and waits for the call to return.
    public var isLineOpen: Bool { open != nil }

    /// The text that a record adds.
    public mutating func text(_ event: TraceEvent) -> String {
        switch event.kind {
        case TraceKind.enter:
            let call = TracedCall(event)
            guard filter.contains(call.number) else { return "" }
            let before = breakLine()
            pending.add(call)
            open = event.tid
            let count = call.argumentsAtEntry
            let arguments = call.arguments(0..<count)
            return before + prefix(event.tid) + call.name + "(" + arguments + (count < call.kinds.count && count > 0 ? ", " : "")
        case TraceKind.leave: return leave(event)
        case TraceKind.program: return program(event)
        case TraceKind.signal:
            guard filter.showsSignals else { return "" }
            let info = event.bytes.part(TraceRecord.signalInfo, 48)
            return breakLine() + prefix(event.tid) + "--- \(Values.signal(info.i32(0))) \(Structures.siginfo(info)) ---\n"
        case TraceKind.stop:
            guard filter.showsSignals else { return "" }
            return breakLine() + prefix(event.tid) + "--- stopped by \(Values.signal(event.i32(TraceRecord.signalInfo))) ---\n"
        case TraceKind.exit:
            let before = breakLine()
            _ = pending.take(event.tid)
            return before + prefix(event.tid) + "+++ \(LineWriter.ending(event.i32(TraceRecord.exitStatus))) +++\n"
        case TraceKind.log: return breakLine() + log(event)
        default: return ""
        }
    }

    /// Ends a line that is still open, at the end of everything.
    public mutating func finish() -> String { breakLine() }

    private func prefix(_ tid: Int32) -> String { "[\(tid)] " }

    private mutating func breakLine() -> String {
        guard let tid = open else { return "" }
        open = nil
        pending.markBroken(tid)
        return " <unfinished ...>\n"
    }

    private mutating func leave(_ event: TraceEvent) -> String {
        guard let (call, isBroken) = pending.take(event.tid) else { return "" }
        var before = ""
        if isBroken {
            before = breakLine() + prefix(event.tid) + "<... \(call.name) resumed>"
        } else {
            open = nil
        }
        let outputs = event.chunks(from: TraceRecord.leaveChunks)
        let value = Int64(bitPattern: event.u64(TraceRecord.leaveResult))
        let rest = call.arguments(call.argumentsAtEntry..<call.kinds.count, outputs: outputs, failed: value < 0)
        return before + rest + ") = " + call.result(value, outputs: outputs) + "\n"
    }

    /// A program runs: the end of the call that asked for it, or the first one of the sandbox.
    private mutating func program(_ event: TraceEvent) -> String {
        if let (call, isBroken) = pending[event.tid], call.call == .execve || call.call == .execveat {
            _ = pending.take(event.tid)
            if !isBroken { open = nil }
            return (isBroken ? breakLine() + prefix(event.tid) + "<... \(call.name) resumed>" : "") + ") = 0\n"
        }
        guard event.tid == 2, filter.contains(Syscall.execve.rawValue), !hasStarted else { return "" }
        hasStarted = true
        let path = event.text()
        let list = TraceRecord.text + path.count
        let arguments = MemoryChunk(argument: 0, form: TraceChunk.strings, flags: 0, bytes: event.bytes.part((list + 7) & ~7, event.bytes.count))
        let vector = TracedCall.vector(arguments.pieces(from: 4), total: min(Int(arguments.bytes.number(0, 4)), 1 << 20))
        return breakLine() + prefix(event.tid) + "execve(\(Quoting.quoted(path)), \(vector), ...) = 0\n"
    }
    private var hasStarted = false

    private func log(_ event: TraceEvent) -> String {
        let levels = ["", "error: ", "warning: ", "info: ", "debug: ", "trace: "]
        let level = Int(event.flags) < levels.count ? levels[Int(event.flags)] : ""
        let who = event.pid > 1 ? "[\(event.pid)] " : ""
        return logPrefix + level + who + event.logLine + "\n"
    }

    static func ending(_ status: Int32) -> String {
        let signal = status & 0x7f
        if signal == 0 { return "exited with \(status >> 8 & 0xff)" }
        return "killed by \(Values.signal(signal))" + (status & 0x80 != 0 ? " (core dumped)" : "")
    }
}
