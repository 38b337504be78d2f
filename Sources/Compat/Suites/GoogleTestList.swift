/// What `--gtest_list_tests` prints.
public enum GoogleTestList {
    /// The names of the cases, `Suite.Case`, in their order; with those that are disabled.
    ///
    /// Programs may print other lines before and among them. A suite is a line that ends with a dot (before a remark); its cases
    /// follow, indented by two.
    public static func parse(_ text: String) -> [String] {
        var suite: Substring?
        var cases: [String] = []
        for line in text.split(separator: "\n") {
            // "# GetParam() = ..." and "# TypeParam = ..." are remarks.
            var name = line.prefix { $0 != "#" }
            while name.last?.isWhitespace == true { name.removeLast() }
            if let suite, line.hasPrefix("  "), !line.hasPrefix("   ") {
                name = name.dropFirst(2)
                if isName(name) { cases.append("\(suite)\(name)") }
            } else {
                suite = name.last == "." && isName(name.dropLast()) ? name : nil
            }
        }
        return cases
    }

    private static func isName(_ name: Substring) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: "*") && $0 < 0x7f }
    }

    /// Whether a case is left out unless asked for: `DISABLED_` begins its name or its suite's.
    public static func isDisabled(_ name: String) -> Bool {
        name.split(separator: ".").contains { part in part.split(separator: "/").contains { $0.hasPrefix("DISABLED_") } }
    }
}
