import HostBase
import MonitorProtocol

/// A growing little-endian record, as the protocol lays them out.
struct RecordWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ value: UInt32) { append(integer: value) }
    mutating func append(_ value: UInt64) { append(integer: value) }
    mutating func append(_ value: Int64) { append(integer: UInt64(bitPattern: value)) }
    mutating func append(_ value: some Sequence<UInt8>) { bytes.append(contentsOf: value) }

    private mutating func append<T: FixedWidthInteger>(integer value: T) {
        var rest = value
        for _ in 0..<(T.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func pad(to alignment: Int) {
        while bytes.count % alignment != 0 { bytes.append(0) }
    }
}

/// The configuration records for the image.
struct ConfigurationWriter {
    private var records = RecordWriter()

    /// Adds a record.
    mutating func add(_ tag: ConfigTag, _ value: some Collection<UInt8>) {
        records.append(tag.rawValue)
        records.append(UInt32(value.count))
        records.append(value)
        records.pad(to: 8)
    }

    mutating func add(_ tag: ConfigTag, _ value: UInt32) { add(tag, build { $0.append(value) }) }
    mutating func add(_ tag: ConfigTag, _ value: UInt64) { add(tag, build { $0.append(value) }) }
    mutating func add(_ tag: ConfigTag, _ values: [UInt32]) { add(tag, build { for value in values { $0.append(value) } }) }
    mutating func add(_ tag: ConfigTag, _ values: [UInt64]) { add(tag, build { for value in values { $0.append(value) } }) }

    mutating func add(mount handle: UInt32, mode: UInt32, isFile: Bool, path: [UInt8]) {
        add(.mount, build {
            $0.append(handle)
            $0.append(mode)
            $0.append(isFile ? MountRecord.flagFile : 0)
            $0.append(UInt32(path.count))
            $0.append(path)
        })
    }

    mutating func add(stdio: StandardStream) {
        add(.stdio, build {
            $0.append(UInt32(stdio.descriptor))
            $0.append(stdio.kind)
            $0.append(stdio.openFlags)
            $0.append(stdio.inputRing.map { UInt32($0) } ?? StdioRecord.noRing)
            $0.append(UInt32(stdio.sameAs))
            $0.append(stdio.mode)
            $0.append(stdio.offset)
            $0.append(stdio.outputRing.map { UInt32($0) } ?? StdioRecord.noRing)
            $0.append(0 as UInt32)
            $0.append(stdio.inode)
            $0.append(stdio.length)
        })
    }

    mutating func add(stdioPath path: String, of descriptor: Int) {
        add(.stdioPath, build {
            $0.append(UInt32(descriptor))
            $0.append(HostText.bytes(path))
        })
    }

    private func build(_ body: (inout RecordWriter) -> Void) -> [UInt8] {
        var writer = RecordWriter()
        body(&writer)
        return writer.bytes
    }

    /// All records with the end mark.
    consuming func finish() -> [UInt8] {
        add(.end, EmptyCollection())
        return records.bytes
    }
}
