import Glibc
import HostBase

/// The environment of the program, built from the options.
public struct EnvironmentBuilder {
    /// In order of first appearance, as a program lists them.
    private var names: [String] = []
    private var values: [String: String] = [:]

    public init() {}

    /// Sets a variable, or replaces its value in place.
    public mutating func set(_ name: String, _ value: String) {
        if values.updateValue(value, forKey: name) == nil { names.append(name) }
    }

    /// Sets a variable only if it is not there yet.
    public mutating func setDefault(_ name: String, _ value: String) {
        if values[name] == nil { set(name, value) }
    }

    /// Adds the `NAME=value` strings of another environment.
    public mutating func add(_ strings: [String]) {
        for string in strings {
            if let (name, value) = Self.split(string) { set(name, value) }
        }
    }

    /// `NAME=value` sets; `NAME` alone takes the value from `caller`, and does nothing if there is none.
    /// - Throws: ``UsageError`` when there is no name.
    public mutating func apply(option: String, caller: [String: String]) throws {
        if let (name, value) = Self.split(option) {
            set(name, value)
        } else {
            guard !option.isEmpty, !option.utf8.contains(UInt8(ascii: "=")) else {
                throw UsageError("environment '\(option)' is not NAME=VALUE")
            }
            if let value = caller[option] { set(option, value) }
        }
    }

    /// Applies the lines of an environment file: `NAME=value` or `NAME`; blank lines and lines that start with `#` are
    /// skipped; blanks before the name are dropped, the value is taken as it stands to the end of the line.
    /// - Throws: ``UsageError`` naming the line.
    public mutating func apply(file text: String, named fileName: String, caller: [String: String]) throws {
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var bytes = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            if bytes.last == UInt8(ascii: "\r") { bytes = bytes.dropLast() }
            guard let first = bytes.first, first != UInt8(ascii: "#") else { continue }
            guard !bytes.contains(0) else { throw UsageError("\(fileName):\(number): a NUL byte") }
            let name = bytes.prefix { $0 != UInt8(ascii: "=") }
            guard !name.isEmpty, !name.contains(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) else {
                throw UsageError("\(fileName):\(number): a line is NAME=VALUE or NAME, without blanks before the =")
            }
            try apply(option: String(decoding: bytes, as: UTF8.self), caller: caller)
        }
    }

    public var strings: [String] { names.map { "\($0)=\(values[$0] ?? "")" } }

    public subscript(name: String) -> String? { values[name] }

    static func split(_ string: String) -> (String, String)? {
        guard let mark = string.utf8.firstIndex(of: UInt8(ascii: "=")), mark != string.utf8.startIndex else { return nil }
        return (String(string[..<mark]), String(string[string.utf8.index(after: mark)...]))
    }

    /// The environment of this process.
    public static func caller() -> [String] {
        var strings: [String] = []
        var cursor = environ
        while let string = cursor.pointee {
            strings.append(HostText.string(string))
            cursor += 1
        }
        return strings
    }

    static func dictionary(_ strings: [String]) -> [String: String] {
        var result: [String: String] = [:]
        for string in strings {
            if let (name, value) = split(string) { result[name] = value }
        }
        return result
    }
}
