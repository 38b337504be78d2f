// The records of a system call for --strace and --audit: what the guest's registers and memory hold when it is made, and when it
// returns. All of this runs only when calls are traced.

import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import Tasks

/// A call that is being traced.
public struct CallTrace {
    public let number: UInt
    private let values: SyscallValues
    private let kinds: SyscallArguments
    private let tid: Int32

    /// The call of the calling thread, whose registers are in `frame`.
    public init(_ number: UInt, _ frame: Frame) {
        self.number = number
        var values = SyscallValues(repeating: 0)
        values[0] = frame.rdi
        values[1] = frame.rsi
        values[2] = frame.rdx
        values[3] = frame.r10
        values[4] = frame.r8
        values[5] = frame.r9
        self.values = values
        kinds = Syscall(rawValue: number)?.arguments(of: values) ?? SyscallArguments.unknown
        tid = ThreadSlot.identity.tid
    }

    /// Tells of the call. Sleeps while the trace ring is full.
    public func enter() {
        guard CallFilter.shared.contains(number) else { return }
        var record = TraceWriter(TraceKind.enter)
        record.put(UInt64(number))
        for index in 0..<6 { record.put(UInt64(values[index])) }
        for index in 0..<6 {
            if kinds[index] == .none || values[index] == 0 { continue }
            Capture.input(kinds, index, values, &record)
        }
        TraceRing.send(record)
    }

    /// Tells of the result, unless the thread goes on as somebody else: as the child after vfork(2), or as the parent after
    /// the child's execve(2), which have their results told elsewhere. Sleeps while the trace ring is full.
    public func leave(_ result: Int, _ task: Task) {
        let noHandler = task.callHasNoHandler
        task.callHasNoHandler = false
        guard ThreadSlot.identity.tid == tid, CallFilter.shared.contains(number) else { return }
        if result >= 0, number == Syscall.execve.rawValue || number == Syscall.execveat.rawValue { return }
        var record = TraceWriter(TraceKind.leave, flags: noHandler ? TraceRecord.flagNoHandler : 0)
        record.put(UInt64(number))
        record.put(UInt64(bitPattern: Int64(result)))
        if result >= 0 {
            for index in 0..<6 {
                let kind = kinds[index]
                if kind == .none || values[index] == 0 { continue }
                Capture.output(kind, index, values, result, &record)
            }
        }
        TraceRing.send(record)
    }
}

/// Which calls are traced.
public final class CallFilter {
    private let words: [UInt64]

    /// - Parameter words: bit n of word n / 64 for call n; empty: all.
    public init(_ words: [UInt64]) { self.words = words }

    public static var shared: CallFilter { callFilterRoot.object }

    /// Numbers beyond the last word are traced.
    func contains(_ number: UInt) -> Bool {
        guard number < UInt(words.count &* 64) else { return true }
        return words[Int(number >> 6)] >> UInt64(number & 63) & 1 != 0
    }
}

public let callFilterRoot = Root<CallFilter>(24)
