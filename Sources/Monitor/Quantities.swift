/// Sizes, durations and other small languages of the command line.
public enum Quantities {
    /// Bytes: a number with an optional unit K, M, G, T (powers of 1024; `KiB`, `KB`, `k`... are the same) or B.
    public static func size(_ text: String) -> UInt64? {
        guard let (value, unit) = split(text) else { return nil }
        var shift = 0
        switch unit.lowercased() {
        case "", "b": shift = 0
        case "k", "kb", "kib": shift = 10
        case "m", "mb", "mib": shift = 20
        case "g", "gb", "gib": shift = 30
        case "t", "tb", "tib": shift = 40
        default: return nil
        }
        let scaled = value.multiplied(by: 1 << shift)
        return scaled
    }

    /// Nanoseconds: a number of seconds, or with a unit ms, s, m, h, d.
    public static func duration(_ text: String) -> UInt64? {
        guard let (value, unit) = split(text) else { return nil }
        let factor: UInt64
        switch unit {
        case "us": factor = 1_000
        case "ms": factor = 1_000_000
        case "", "s": factor = 1_000_000_000
        case "m", "min": factor = 60 * 1_000_000_000
        case "h": factor = 3_600 * 1_000_000_000
        case "d": factor = 86_400 * 1_000_000_000
        default: return nil
        }
        return value.multiplied(by: factor)
    }

    /// A decimal number as an integer and a fraction of up to 9 digits, kept exact.
    struct Decimal {
        var whole: UInt64
        var billionths: UInt64

        /// The product, rounded down; nil on overflow.
        func multiplied(by factor: UInt64) -> UInt64? {
            let (high, overflow) = whole.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            let part = billionths.multipliedFullWidth(by: factor)
            let fraction = UInt64(1_000_000_000).dividingFullWidth(part).quotient
            let (sum, carry) = high.addingReportingOverflow(fraction)
            return carry ? nil : sum
        }
    }

    private static func split(_ text: String) -> (Decimal, String)? {
        let number = text.utf8.prefix { ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || $0 == UInt8(ascii: ".") }
        let unit = String(decoding: text.utf8.dropFirst(number.count), as: UTF8.self)
        let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, !first.isEmpty, let whole = UInt64(String(decoding: first, as: UTF8.self)) else { return nil }
        var billionths: UInt64 = 0
        if parts.count == 2 {
            guard !parts[1].isEmpty else { return nil }
            var digits = parts[1].prefix(9).map { UInt64($0 - UInt8(ascii: "0")) }
            while digits.count < 9 { digits.append(0) }
            billionths = digits.reduce(0) { $0 * 10 + $1 }
        }
        return (Decimal(whole: whole, billionths: billionths), unit)
    }
}

/// `--mount SRC:DST[:ro|rw|cow]`.
public struct MountOption: Equatable, Sendable {
    public enum Mode: String, Sendable, CaseIterable {
        case readOnly = "ro"
        case readWrite = "rw"
        case copyOnWrite = "cow"
    }

    public var source: String
    public var destination: String
    public var mode: Mode

    public init(source: String, destination: String, mode: Mode) {
        self.source = source
        self.destination = destination
        self.mode = mode
    }

    /// Parses the option. A colon in a path is written `\:`. The mode is `ro` when not given.
    /// - Throws: ``UsageError`` with what is wrong.
    public init(parsing text: String) throws {
        var parts: [[UInt8]] = [[]]
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "\\"):
                guard let next = bytes.next() else { throw UsageError("mount '\(text)' ends with a backslash") }
                if next != UInt8(ascii: ":") && next != byte { parts[parts.count - 1].append(byte) }
                parts[parts.count - 1].append(next)
            case UInt8(ascii: ":"): parts.append([])
            default: parts[parts.count - 1].append(byte)
            }
        }
        let fields = parts.map { String(decoding: $0, as: UTF8.self) }
        guard (2...3).contains(fields.count) else { throw UsageError("mount '\(text)' is not SRC:DST[:ro|rw|cow]") }
        guard !fields[0].isEmpty else { throw UsageError("mount '\(text)' has no source") }
        guard let destination = GuestPath.normalize(fields[1]) else {
            throw UsageError("mount '\(text)': the destination must be an absolute path without '..'")
        }
        guard destination != "/" else { throw UsageError("mount '\(text)': the root directory is chosen by --root") }
        var mode = Mode.readOnly
        if fields.count == 3 {
            guard let known = Mode(rawValue: fields[2]) else { throw UsageError("mount '\(text)': '\(fields[2])' is not ro, rw or cow") }
            mode = known
        }
        self.init(source: fields[0], destination: destination, mode: mode)
    }
}

/// Something wrong with what the user asked for; status 125.
public struct UsageError: Error, CustomStringConvertible, Equatable {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// Paths in the guest.
public enum GuestPath {
    /// An absolute path without empty, `.` and trailing components; nil when it is not absolute, goes up by `..` or
    /// holds a NUL.
    public static func normalize(_ path: String) -> String? {
        let bytes = path.utf8
        guard bytes.first == UInt8(ascii: "/"), !bytes.contains(0) else { return nil }
        var kept: [String] = []
        for component in bytes.split(separator: UInt8(ascii: "/")) {
            let name = String(decoding: component, as: UTF8.self)
            if name == "." { continue }
            if name == ".." { return nil }
            kept.append(name)
        }
        return "/" + kept.joined(separator: "/")
    }
}
