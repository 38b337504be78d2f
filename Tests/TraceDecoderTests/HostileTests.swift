import LinuxABI
import MonitorProtocol
import Testing

@testable import TraceDecoder

/// Records of a kernel that makes up threads, processes and numbers: what is kept of them is bounded.
struct HostileTests {
    @Test func endlesslyManyThreads() {
        let data = [UInt8](repeating: 65, count: 16000)
        var pending = PendingCalls()
        var most = 0
        for thread in 0..<6000 {
            pending.add(TracedCall(entered(.write, [1, 0, 16000], [(1, TraceChunk.bytes, data)], tid: Int32(thread))))
            most = max(most, pending.all.count)
        }
        #expect(most > 4000 && most <= PendingCalls.limit / 16000)
        // A thread's new call takes the place of its old one.
        var one = PendingCalls()
        for _ in 0..<6000 { one.add(TracedCall(entered(.write, [1, 0, 16000], [(1, TraceChunk.bytes, data)], tid: 5))) }
        #expect(one.all.count == 1)
        #expect(one.take(5) != nil && one.take(5) == nil)
    }

    @Test func endlesslyManyNumbers() {
        var room = Audit.Room()
        var taken = 0
        while room.take() { taken += 1 }
        #expect(taken < 1 << 20 && !room.take())
        var results = Audit.Results()
        for result in 1...100 { results.add(Int32(result), &room) }
        #expect(results.counts.isEmpty, "nothing new")
        var audit = Audit()
        for signal: UInt64 in [0, 9, 65, 1 << 31] {
            var record = RecordBuilder(TraceKind.signal)
            record.put(signal, 8)
            audit.add(record.event)
        }
        #expect(audit.signals == [9: 1])
    }
}
