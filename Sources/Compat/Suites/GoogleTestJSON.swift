import Foundation

/// The file that `--gtest_output=json:FILE` writes.
enum GoogleTestJSON {
    private struct Report: Decodable {
        struct Suite: Decodable {
            struct Case: Decodable {
                struct Failure: Decodable { var failure: String }
                struct Skipped: Decodable { var message: String? }
                var name: String
                var status: String
                var result: String?
                var time: String?
                var failures: [Failure]?
                var skipped: [Skipped]?
            }
            var name: String
            var testsuite: [Case]
        }
        var testsuites: [Suite]
    }

    /// - Returns: The cases that were run.
    /// - Throws: ``CompatFailure`` for what is not such a file.
    static func parse(_ data: Data) throws -> [CaseResult] {
        let report: Report
        do {
            report = try JSONDecoder().decode(Report.self, from: data)
        } catch {
            throw CompatFailure("its JSON report cannot be read")
        }
        return report.testsuites.flatMap { suite in
            suite.testsuite.compactMap { one -> CaseResult? in
                guard one.status == "RUN" else { return nil }
                let failures = (one.failures ?? []).map(\.failure)
                let skipped = one.result == "SKIPPED"
                let message = skipped ? (one.skipped ?? []).compactMap(\.message).joined(separator: "\n") : failures.joined(separator: "\n")
                return CaseResult(
                    "\(suite.name).\(one.name)", !failures.isEmpty ? .fail : skipped ? .skip : .pass,
                    nanoseconds: Self.nanoseconds(one.time), message: CaseResult.text(message.utf8))
            }
        }
    }

    /// `0.25s` or `0s`.
    private static func nanoseconds(_ text: String?) -> Int64 {
        guard let text, text.hasSuffix("s"), let seconds = Double(text.dropLast()), seconds >= 0, seconds < 1e8 else { return 0 }
        return Int64(seconds * 1e9)
    }
}
