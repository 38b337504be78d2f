/// Calls that have been made and have not returned, by thread.
///
/// Their number is bounded by the guest's threads only as long as the kernel in the sandbox is honest. One that is not could name
/// endlessly many threads: beyond ``limit`` everything is forgotten.
struct PendingCalls {
    private var calls: [Int32: (call: TracedCall, isBroken: Bool)] = [:]
    private var size = 0
    /// Bytes of records. A thread's call is mostly some hundred.
    static let limit = 64 << 20

    var all: [TracedCall] { calls.values.map(\.call) }

    subscript(thread: Int32) -> (call: TracedCall, isBroken: Bool)? { calls[thread] }

    mutating func add(_ call: TracedCall) {
        _ = take(call.tid)
        if size + call.size > PendingCalls.limit { self = PendingCalls() }
        calls[call.tid] = (call, false)
        size += call.size
    }

    /// Something else has been said since.
    mutating func markBroken(_ thread: Int32) { calls[thread]?.isBroken = true }

    /// Takes a thread's call out.
    mutating func take(_ thread: Int32) -> (call: TracedCall, isBroken: Bool)? {
        guard let found = calls.removeValue(forKey: thread) else { return nil }
        size -= found.call.size
        return found
    }
}
