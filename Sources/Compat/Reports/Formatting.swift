import Foundation

/// How values are written for people and programs.
public enum Formatting {
    /// JSON with sorted keys, so that two outputs can be compared as text.
    public static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// `850 ms`, `12.3 s`, `4 min 05 s`, `2 h 03 min`.
    public static func duration(nanoseconds: Int64) -> String {
        let milliseconds = nanoseconds / 1_000_000
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        if milliseconds < 60_000 { return "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s" }
        let seconds = milliseconds / 1000
        if seconds < 3600 { return "\(seconds / 60) min \(two(seconds % 60)) s" }
        return "\(seconds / 3600) h \(two(seconds / 60 % 60)) min"
    }

    /// `93.4 %`; never 100 % or 0 % for what is not wholly so.
    public static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "-" }
        var permille = Int((Double(part) * 1000 / Double(whole)).rounded())
        if part < whole { permille = min(permille, 999) }
        if part > 0 { permille = max(permille, 1) }
        return "\(permille / 10).\(permille % 10) %"
    }

    /// `2026-11-21 03:05` in UTC.
    public static func minute(_ date: Date) -> String {
        let text = date.ISO8601Format()
        return text.count >= 16 ? text.prefix(10) + " " + text.dropFirst(11).prefix(5) : text
    }

    /// `2026-11-21` in UTC.
    public static func day(_ date: Date) -> String { String(date.ISO8601Format().prefix(10)) }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// `1 case`, `2 cases`.
    public static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }
}

/// Why a command of the lab cannot do what it was asked; one line for the user.
public struct CompatFailure: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String
    public init(_ description: String) { self.description = description }
}
