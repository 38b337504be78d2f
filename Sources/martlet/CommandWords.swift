/// The words of the command line, cut where the program to be run begins.
///
/// The parser's time grows with the square of the number of words: a thousand would cost 0.1 s, and twenty thousand, as xargs(1) gives
/// them, 20 s. So it gets to see the options only.
struct CommandWords {
    /// For the parser.
    private(set) var options: [String]
    /// The program with its arguments, perhaps after `--`; or what is left to another program.
    private(set) var program: [String] = []

    /// The options of `martlet run` that take no value; all others take one.
    private static let flags: Set<String> = ["--inherit-env", "--tty", "--no-tty", "--strace", "--help", "-h", "--version"]

    init(_ words: [String]) {
        options = words
        switch words.first {
        case "run": cut(at: Self.end(ofOptions: words))
        case "compat": cut(at: 1)
        default: break
        }
    }

    private mutating func cut(at index: Int) {
        program = Array(options[index...])
        options.removeSubrange(index...)
    }

    private static func end(ofOptions words: [String]) -> Int {
        var index = 1
        while index < words.count, words[index] != "--", words[index].hasPrefix("-"), words[index] != "-" {
            let takesNext = !flags.contains(words[index]) && !words[index].contains("=")
            index += 1
            if takesNext, index < words.count, words[index] != "--" { index += 1 }
        }
        return index
    }
}
