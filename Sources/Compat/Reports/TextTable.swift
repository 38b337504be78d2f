/// Rows under headings, as text for people, Markdown or CSV.
public struct TextTable: Sendable {
    public struct Column: Sendable {
        let title: String
        let isNumber: Bool
        public init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    public let columns: [Column]
    public var rows: [[String]] = []

    public init(_ columns: [Column], rows: [[String]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// Columns in line; the last is not filled up.
    public func text() -> String {
        let all = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        let lines = all.map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[index] - cell.count)
                if index > 0 { line += "  " }
                line += columns[index].isNumber ? padding + cell : index == row.count - 1 ? cell : cell + padding
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
        return lines.joined(separator: "\n")
    }

    public func markdown() -> String {
        var lines = [columns.map(\.title), columns.map { $0.isNumber ? "--:" : "---" }].map { "| " + $0.joined(separator: " | ") + " |" }
        for row in rows { lines.append("| " + row.map(Self.markdownCell).joined(separator: " | ") + " |") }
        return lines.joined(separator: "\n")
    }

    /// A cell may hold anything that a test printed: it must neither end the row nor become markup.
    public static func markdownCell(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "|": result += "\\|"
            case "\n", "\r": result += " "
            case "<": result += "&lt;"
            case "&": result += "&amp;"
            case "\\": result += "\\\\"
            default: if scalar.value >= 0x20 { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// RFC 4180, with the headings as the first record.
    public func csv() -> String {
        ([columns.map { $0.title.lowercased() }] + rows).map { row in
            row.map { cell in
                cell.contains { $0 == "," || $0 == "\"" || $0.isNewline } ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
            }.joined(separator: ",")
        }.joined(separator: "\r\n")
    }
}
