/// What the parser of the command line says about a mistake, as one line.
public enum UsageMessage {
    /// - Parameter message: the parser's own: what is wrong, perhaps a list of what would be right, the help of the option, the usage, and how to
    ///   ask for more.
    public static func line(_ message: String) -> String {
        let lines = message.split(separator: "\n")
        var parts: [Substring] = []
        var choices: [Substring] = []
        for line in lines.prefix(while: { !isHelp($0) }) {
            if line.hasPrefix("  - ") { choices.append(line.dropFirst(4)) } else { parts.append(line) }
        }
        var text = parts.joined(separator: " ")
        if text.hasPrefix("Error: ") { text = String(text.dropFirst(7)) }
        if !choices.isEmpty { text += " " + choices.joined(separator: ", ") }
        // "  See 'martlet run --help' for more information."
        if let hint = lines.last(where: { $0.hasPrefix("  See '") }), let end = hint.dropFirst(7).firstIndex(of: "'") {
            let command = hint.dropFirst(7)[..<end]
            if !text.contains(command) { text += " (see \(command))" }
        }
        return text
    }

    private static func isHelp(_ line: Substring) -> Bool { line.hasPrefix("Help: ") || line.hasPrefix("Usage: ") || line.hasPrefix("  See '") }
}
