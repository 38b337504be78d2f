import KernelBase
import Machine
import MonitorProtocol
import Testing

/// Writes configuration records as the monitor does.
struct RecordBuilder {
    var bytes: [UInt8] = []

    static func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
    }
    mutating func add(tag: UInt32, _ value: [UInt8]) {
        bytes += Self.number(tag) + Self.number(UInt32(value.count)) + value
        while bytes.count % 8 != 0 { bytes.append(0) }
    }
    mutating func add(_ tag: ConfigTag, _ value: [UInt8]) { add(tag: tag.rawValue, value) }
    mutating func add(_ tag: ConfigTag, _ text: String) { add(tag, Array(text.utf8)) }
    mutating func add<T: FixedWidthInteger>(_ tag: ConfigTag, number: T) { add(tag, Self.number(number)) }
}

func mountRecord(handle: UInt32, mode: UInt32, flags: UInt32 = 0, path: String) -> [UInt8] {
    RecordBuilder.number(handle) + RecordBuilder.number(mode) + RecordBuilder.number(flags)
        + RecordBuilder.number(UInt32(path.utf8.count)) + Array(path.utf8)
}

@Suite struct BootConfigurationTests {
    @Test func everyRecord() {
        var records = RecordBuilder()
        records.add(.argument, "ls")
        records.add(.argument, "")
        records.add(.argument, "-l")
        records.add(.environment, "A=1")
        records.add(.environment, "PATH=/bin:/usr/bin")
        records.add(.workingDirectory, "/home/user")
        records.add(.userID, number: UInt32(1000))
        records.add(.groupID, number: UInt32(100))
        records.add(.supplementaryGroups, RecordBuilder.number(UInt32(4)) + RecordBuilder.number(UInt32(0x1234_5678)))
        records.add(.hostname, "box")
        records.add(.mount, mountRecord(handle: 1, mode: MountMode.copyOnWrite, path: "/"))
        records.add(.mount, mountRecord(handle: 2, mode: MountMode.readWrite, flags: 1, path: "/etc/file"))
        records.add(.memoryLimit, number: UInt64(1 << 33))
        records.add(.taskLimit, number: UInt32(77))
        records.add(.flags, number: ConfigFlags.terminal)
        records.add(.logLevel, number: LogLevel.debug)
        var stdio: [UInt8] = []
        for value in [1, StdioKind.stream, 1, UInt32(Ring.standardOutput), 0, 0o10600] as [UInt32] { stdio += RecordBuilder.number(value) }
        stdio += RecordBuilder.number(Int64(-5)) + RecordBuilder.number(StdioRecord.noRing) + RecordBuilder.number(UInt32(0))
        stdio += RecordBuilder.number(UInt64(777)) + RecordBuilder.number(Int64(4096))
        records.add(.stdio, stdio)
        records.add(.stdioPath, RecordBuilder.number(UInt32(1)) + Array("/tmp/out".utf8))
        records.add(.umask, number: UInt32(0o27))
        records.add(.ignoredSignals, number: UInt64(1))
        var limits: [UInt8] = []
        for index in 0..<16 { limits += RecordBuilder.number(UInt64(index)) + RecordBuilder.number(UInt64.max) }
        records.add(.resourceLimits, limits)
        records.add(.randomSeed, [UInt8](repeating: 9, count: 32))
        records.add(.hostMemory, number: UInt64(8 << 30))
        records.add(.processors, number: UInt32(2))
        records.add(.niceValue, number: Int32(-3))
        records.add(.processorSet, number: UInt64(3))
        records.add(.startTime, number: UInt64(123_456_789_012))
        records.add(.hostRelease, "6.18.0")
        records.add(tag: 999, [1, 2, 3])
        records.add(.handleLimit, number: UInt32(5000))
        records.add(.end, [])
        records.add(.argument, "behind the end")

        let boot = BootConfiguration(decoding: records.bytes)
        #expect(boot.arguments == [Array("ls".utf8), [], Array("-l".utf8)])
        #expect(boot.environment.count == 2)
        #expect(boot.workingDirectory == Array("/home/user".utf8))
        #expect(boot.uid == 1000 && boot.gid == 100)
        #expect(boot.groups == [4, 0x1234_5678])
        #expect(boot.hostname == Array("box".utf8))
        #expect(boot.mounts.count == 2)
        #expect(boot.mounts[0].mode == MountMode.copyOnWrite && !boot.mounts[0].isFile && boot.mounts[0].path == [47])
        #expect(boot.mounts[1].handle == 2 && boot.mounts[1].isFile && boot.mounts[1].path == Array("/etc/file".utf8))
        #expect(boot.memoryLimit == 1 << 33 && boot.taskLimit == 77)
        #expect(boot.hasTerminal && !boot.traceCalls)
        #expect(boot.logLevel == LogLevel.debug)
        #expect(boot.standardStreams.count == 1)
        let stream = boot.standardStreams[0]
        #expect(stream.descriptor == 1 && stream.kind == StdioKind.stream && stream.openFlags == 1)
        #expect(stream.inputRing == 1 && stream.outputRing == nil && stream.sameAs == 0)
        #expect(stream.mode == 0o10600 && stream.offset == -5)
        #expect(stream.inode == 777 && stream.length == 4096 && stream.path == Array("/tmp/out".utf8))
        #expect(boot.umask == 0o27 && boot.ignoredSignals == 1)
        #expect(boot.resourceLimits.count == 16)
        #expect(boot.resourceLimits[7].soft == 7 && boot.resourceLimits[7].hard == .max)
        #expect(boot.randomSeed.count == 32)
        #expect(boot.hostMemory == 8 << 30 && boot.processors == 2 && boot.niceValue == -3)
        #expect(boot.processorSet == [3])
        #expect(boot.startTime == 123_456_789_012)
        #expect(boot.hostRelease == Array("6.18.0".utf8))
        #expect(boot.handleLimit == 5000)
    }

    @Test func shortRecordsAreSkipped() {
        var records = RecordBuilder()
        records.add(.userID, [1, 2])
        records.add(.mount, [0, 0, 0])
        var mount = mountRecord(handle: 1, mode: 0, path: "/x")
        mount[12] = 200
        records.add(.mount, mount)
        records.add(.stdio, [UInt8](repeating: 0xff, count: 40))
        records.add(.memoryLimit, [])
        let boot = BootConfiguration(decoding: records.bytes)
        #expect(boot.uid == 0 && boot.mounts.isEmpty && boot.standardStreams.isEmpty && boot.memoryLimit == 0)
    }

    @Test func truncatedAtEveryByte() {
        var records = RecordBuilder()
        records.add(.argument, "program")
        records.add(.mount, mountRecord(handle: 1, mode: 2, path: "/"))
        for length in 0..<records.bytes.count { _ = BootConfiguration(decoding: Array(records.bytes[..<length])) }
        // A length that leads far away.
        _ = BootConfiguration(decoding: [1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0])
    }
}
