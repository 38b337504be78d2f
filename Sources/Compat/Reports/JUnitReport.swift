extension Report {
    /// As continuous integration reads it. What fails natively too is skipped, with a remark: it is not the sandbox's.
    public func junit() -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        for program in programs {
            let bad = program.cases.count { $0.standing.counts }, passed = program.cases.count { $0.verdict == .pass }
            text += "  <testsuite name=\"\(Self.xml(program.name))\" tests=\"\(program.cases.count)\" failures=\"\(bad)\" errors=\"0\" skipped=\"\(program.cases.count - bad - passed)\" "
                + "time=\"\(Self.seconds(program.nanoseconds))\">\n"
            for one in program.cases {
                text += "    <testcase classname=\"\(Self.xml(program.name))\" name=\"\(Self.xml(one.name))\" time=\"\(Self.seconds(one.nanoseconds))\""
                switch one.standing {
                case .passes, .passesHereOnly: text += "/>\n"
                case .failsHereOnly, .fails:
                    text += ">\n      <failure type=\"\(one.verdict.rawValue)\" message=\"\(Self.xml(one.standing.rawValue))\">\(Self.xml(one.message))</failure>\n    </testcase>\n"
                default: text += ">\n      <skipped message=\"\(Self.xml(one.standing.rawValue))\"/>\n    </testcase>\n"
                }
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let thousandths = String(nanoseconds / 1_000_000 % 1000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: 3 - thousandths.count) + thousandths
    }

    /// Text for an attribute or element, without what XML 1.0 does not allow.
    static func xml(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "\t"
            default: if scalar.value >= 0x20, scalar.value != 0xfffe, scalar.value != 0xffff { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }
}
