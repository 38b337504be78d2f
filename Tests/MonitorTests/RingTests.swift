import CHost
import Glibc
import MonitorProtocol
import Testing

@testable import Monitor

/// A ring with its pump, and a pipe on the host's side; the test plays a kernel that lies.
private final class PumpedRing {
    let arena: SharedArena
    let ends: Descriptor.Ends
    let attention: Attention
    let header: Int
    let ring: Int

    init(_ ring: Int) throws {
        let memory = Descriptor(owning: try HostError.check(chost_arena_create(UInt64(Arena.size))))
        arena = try SharedArena(descriptor: memory)
        ends = try Descriptor.pipe()
        attention = try Attention()
        self.ring = ring
        header = Ring.header(ring)
    }

    func set(_ word: Int, _ value: UInt32) { arena.store32(header + word, value) }
    func get(_ word: Int) -> UInt32 { arena.load32(header + word) }
    func output() -> RingPump { RingPump(index: ring, arena: arena, descriptor: ends.second.raw, attention: attention) }
    func input() -> RingPump { RingPump(index: ring, arena: arena, descriptor: ends.first.raw, attention: attention) }

    /// What is in the pipe.
    func written() -> [UInt8] {
        _ = fcntl(ends.first.raw, F_SETFL, O_NONBLOCK)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(ends.first.raw, &buffer, buffer.count)
        return count > 0 ? Array(buffer[..<count]) : []
    }
}

/// The counts in a ring are the sandbox's to write: the pumps believe none of them.
struct RingTests {
    @Test(arguments: [UInt32(1 << 18) + 1, 1 << 31, UInt32.max]) func moreThanTheRingHolds(_ available: UInt32) throws {
        let ring = try PumpedRing(Ring.standardOutput)
        ring.set(RingHeader.producer, available)
        ring.output().runOutput()
        #expect(ring.get(RingHeader.broken) == 1)
        #expect(ring.written() == [])
    }

    @Test func countsFromAnywhere() throws {
        let ring = try PumpedRing(Ring.standardOutput)
        let start = UInt32.max - 15
        ring.arena.write(Ring.data(Ring.standardOutput) + Ring.capacity(Ring.standardOutput) - 16, Array("the end, and the".utf8))
        ring.arena.write(Ring.data(Ring.standardOutput), Array(" beginning".utf8))
        ring.set(RingHeader.consumer, start)
        ring.set(RingHeader.producer, start &+ 26)
        ring.set(RingHeader.closed, 1)
        let pump = ring.output()
        pump.runOutput()
        #expect(pump.isFinished)
        #expect(String(decoding: ring.written(), as: UTF8.self) == "the end, and the beginning")
    }

    @Test(arguments: [(UInt32.max - 3, UInt32.max - 3), (UInt32(1 << 18) - 4, 0)] as [(UInt32, UInt32)])
    func inputStaysInItsRing(_ producer: UInt32, _ consumer: UInt32) throws {
        let ring = try PumpedRing(Ring.standardInput)
        let next = Ring.data(Ring.standardInput) + Ring.capacity(Ring.standardInput)
        ring.set(RingHeader.producer, producer)
        ring.set(RingHeader.consumer, consumer)
        ring.set(RingHeader.wanted, UInt32.max)
        writeAll(ring.ends.second.raw, [UInt8](repeating: 7, count: 100))
        let pump = ring.input()
        try startThread { pump.runInput(onDemand: true) }
        for _ in 0..<500 where ring.get(RingHeader.producer) == producer { usleep(1000) }
        ring.set(RingHeader.broken, 1)
        ring.arena.ring(ring.header + RingHeader.monitorBell)
        #expect(ring.get(RingHeader.producer) == producer &+ 4, "up to the end of the ring")
        #expect(ring.arena.read(next - 4, 4) == [7, 7, 7, 7])
        #expect(ring.arena.read(next, 96) == [UInt8](repeating: 0, count: 96), "the next ring")
    }

    private func trace(_ ring: PumpedRing) -> TracePump {
        TracePump(arena: ring.arena, descriptor: ring.ends.second.raw, attention: ring.attention, rawTerminal: false, filter: .all, audit: true)
    }

    @Test func tracesWithoutRecords() throws {
        for available in [UInt32(1 << 20) + 1, UInt32.max] {
            let ring = try PumpedRing(Ring.trace)
            ring.set(RingHeader.producer, available)
            let pump = trace(ring)
            pump.finish()
            pump.run()
            #expect(pump.isCorrupt && pump.isFinished)
            #expect(ring.get(RingHeader.broken) == 1)
        }
        // Records longer than what is there, too short, not a multiple of 8, too long.
        for length: UInt32 in [0, 8, 17, 64, 0x4008, UInt32.max] {
            let ring = try PumpedRing(Ring.trace)
            ring.arena.store32(Ring.data(Ring.trace), length)
            ring.set(RingHeader.producer, 32)
            let pump = trace(ring)
            pump.finish()
            pump.run()
            #expect(pump.isCorrupt, "\(length)")
        }
    }

    /// Records of any contents are shown or passed over, and cannot hurt.
    @Test(arguments: [1, 2, 3] as [UInt64]) func anyRecords(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let ring = try PumpedRing(Ring.trace)
        let sink = try Descriptor(path: "/dev/null", flags: O_WRONLY)
        let pump = TracePump(arena: ring.arena, descriptor: sink.raw, attention: ring.attention, rawTerminal: false, filter: .all, audit: true)
        var bytes: [UInt8] = []
        while bytes.count < 1 << 19 {
            var record = RecordWriter()
            let words = Int.random(in: 0...40, using: &random)
            record.append(UInt32(16 + 8 * words))
            record.append(UInt32.random(in: 0...10, using: &random))
            record.append(UInt32.random(in: 0...20, using: &random))
            record.append(UInt32.random(in: 0...20, using: &random))
            for _ in 0..<words {
                record.append(Bool.random(using: &random) ? UInt64.random(in: 0...400, using: &random) : UInt64.random(in: 0...UInt64.max, using: &random))
            }
            bytes += record.bytes
        }
        ring.arena.write(Ring.data(Ring.trace), bytes)
        ring.set(RingHeader.producer, UInt32(bytes.count))
        pump.finish()
        pump.run()
        #expect(!pump.isCorrupt && pump.isFinished)
    }
}
