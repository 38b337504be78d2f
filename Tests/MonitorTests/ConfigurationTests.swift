import MonitorProtocol
import Testing

@testable import Monitor

struct ConfigurationTests {
    /// Reads records back as the image does.
    private func records(_ bytes: [UInt8]) -> [(UInt32, [UInt8])] {
        func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) } }
        var result: [(UInt32, [UInt8])] = []
        var position = 0
        while position + 8 <= bytes.count {
            let length = Int(word(position + 4))
            result.append((word(position), Array(bytes[(position + 8)..<(position + 8 + length)])))
            position += 8 + (length + 7) & ~7
        }
        #expect(position == bytes.count)
        return result
    }

    @Test func encodes() throws {
        var writer = ConfigurationWriter()
        writer.add(.argument, Array("ls".utf8))
        writer.add(.argument, [] as [UInt8])
        writer.add(.userID, 0x0102_0304 as UInt32)
        writer.add(.memoryLimit, 0x0102_0304_0506_0708 as UInt64)
        writer.add(mount: 7, mode: MountMode.readWrite, isFile: true, path: Array("/etc/x".utf8))
        let found = records(writer.finish())
        #expect(found.map(\.0) == [1, 1, 4, 9, 8, 0])
        #expect(found[0].1 == Array("ls".utf8))
        #expect(found[1].1 == [])
        #expect(found[2].1 == [4, 3, 2, 1])
        #expect(found[3].1 == [8, 7, 6, 5, 4, 3, 2, 1])
        #expect(found[4].1 == [7, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 6, 0, 0, 0] + Array("/etc/x".utf8))
    }

    @Test func stdioRecordHasTheProtocolsLayout() {
        var stream = StandardStream(descriptor: 2, kind: StdioKind.stream)
        stream.sameAs = 1
        stream.outputRing = 1
        stream.offset = 0x1122
        stream.mode = 0o10600
        stream.inode = 0x3344
        stream.length = 0x5566
        var writer = ConfigurationWriter()
        writer.add(stdio: stream)
        let value = records(writer.finish())[0].1
        #expect(value.count == StdioRecord.size)
        #expect(value[StdioRecord.kind] == UInt8(StdioKind.stream))
        #expect(Array(value[StdioRecord.ring..<(StdioRecord.ring + 4)]) == [255, 255, 255, 255])
        #expect(value[StdioRecord.sameAs] == 1)
        #expect(value[StdioRecord.offset] == 0x22 && value[StdioRecord.offset + 1] == 0x11)
        #expect(value[StdioRecord.outputRing] == 1)
        #expect(value[StdioRecord.inode] == 0x44 && value[StdioRecord.length] == 0x66)
    }

    /// Where the guest finds a file of the host.
    @Test func pathsInTheGuest() {
        let whole = [(source: "/", destination: "/")]
        #expect(GuestPaths.path(of: "/usr/lib/os-release", shares: whole) == "/usr/lib/os-release")
        #expect(GuestPaths.path(of: "/proc/version", shares: whole) == nil)
        #expect(GuestPaths.path(of: "/tmp/x", shares: [(source: "/usr", destination: "/")]) == nil)
        #expect(GuestPaths.path(of: "/usr/lib/x", shares: [(source: "/usr", destination: "/")]) == "/lib/x")
        let mounts = whole + [(source: "/tmp", destination: "/work")]
        #expect(GuestPaths.path(of: "/tmp/a/b", shares: mounts) == "/work/a/b")
        #expect(GuestPaths.path(of: "/work/x", shares: mounts) == nil)
    }

    /// Areas of the arena do not overlap.
    @Test func arenaLayout() {
        var areas = [(0, Header.config), (Header.config, Header.config + Header.configCapacity)]
        for ring in 0..<Ring.count {
            areas.append((Ring.header(ring), Ring.header(ring) + 0x1000))
            areas.append((Ring.data(ring), Ring.data(ring) + Ring.capacity(ring)))
            #expect(Ring.capacity(ring).nonzeroBitCount == 1)
        }
        for slot in 0..<Slot.count {
            areas.append((Slot.header(slot), Slot.header(slot) + 0x100))
            areas.append((Slot.data(slot), Slot.data(slot) + Slot.dataSize))
        }
        areas.sort { $0.0 < $1.0 }
        for (area, next) in zip(areas, areas.dropFirst()) { #expect(area.1 <= next.0) }
        #expect(areas.last!.1 <= Arena.kernelStart)
    }
}

struct StandardStreamTests {
    private func stream(_ descriptor: Int, access: UInt32, sameAs: Int? = nil) -> StandardStream {
        var stream = StandardStream(descriptor: descriptor, kind: StdioKind.stream)
        stream.openFlags = access
        stream.sameAs = sameAs ?? descriptor
        return stream
    }

    @Test func separatePipes() {
        let streams = StandardStreams(streams: [stream(0, access: 0), stream(1, access: 1), stream(2, access: 1)], usesTerminal: false)
        #expect(streams.streams.map(\.inputRing) == [0, nil, nil])
        #expect(streams.streams.map(\.outputRing) == [nil, 1, 2])
        #expect(streams.outputs.map(\.ring) == [1, 2])
        #expect(streams.inputs.map(\.ring) == [0])
    }

    @Test func oneTerminalForAll() {
        let streams = StandardStreams(
            streams: [stream(0, access: 2), stream(1, access: 2, sameAs: 0), stream(2, access: 2, sameAs: 0)], usesTerminal: false)
        #expect(streams.streams.map(\.inputRing) == [0, 0, 0])
        #expect(streams.streams.map(\.outputRing) == [1, 1, 1])
        #expect(streams.outputs.count == 1)
    }

    @Test func errorsToOutput() {
        let streams = StandardStreams(streams: [stream(0, access: 0), stream(1, access: 1), stream(2, access: 1, sameAs: 1)], usesTerminal: false)
        #expect(streams.streams[2].outputRing == 1)
        #expect(streams.outputs.map(\.ring) == [1])
    }
}
