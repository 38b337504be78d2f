import HostBase
import LinuxABI

extension Audit {
    /// The audit as one JSON object; `docs/audit-format.md` is its description.
    /// - Parameters:
    ///   - status: exit status of the run.
    ///   - lost: records that the kernel had to drop.
    public func report(command: [String], status: Int32, lost: UInt64) -> String {
        var json = JSONWriter()
        json.object {
            $0.field("format", "martlet-audit")
            $0.field("version", Int64(1))
            $0.field("command", command)
            $0.field("status", Int64(status))
            $0.field("lost", Int64(clamping: lost))
            $0.array("calls") { Audit.write(calls, to: &$0) }
            $0.array("refused") { writeRefusals(to: &$0) }
            $0.array("signals") { list in
                for (number, count) in signals.sorted(by: { $0.key < $1.key }) {
                    list.object {
                        $0.field("name", Values.signal(number))
                        $0.field("number", Int64(number))
                        $0.field("count", count)
                    }
                }
            }
            $0.array("programs") { list in
                for program in programs {
                    list.object {
                        $0.field("path", program.path)
                        $0.field("executions", program.executions)
                        $0.array("calls") { Audit.write(program.calls, to: &$0) }
                    }
                }
            }
        }
        return json.text
    }

    private static func write(_ calls: [UInt: CallCount], to list: inout JSONWriter) {
        for (number, call) in calls.sorted(by: { $0.key < $1.key }) {
            list.object {
                $0.field("number", Int64(clamping: number))
                $0.field("name", TracedCall.name(number))
                $0.field("category", Syscall(rawValue: number).map { "\($0.category.name)" } ?? "unknown")
                $0.field("count", call.count)
                write(call.results, to: &$0)
                guard !call.shapes.isEmpty else { return }
                $0.array("shapes") { shapes in
                    let order = call.shapes.sorted { ($1.value.count, $0.key.texts.joined(separator: " ")) < ($0.value.count, $1.key.texts.joined(separator: " ")) }
                    for (shape, entry) in order {
                        shapes.object {
                            write(shape, to: &$0)
                            $0.field("count", entry.count)
                            write(entry.results, to: &$0)
                        }
                    }
                }
                if call.otherShapes > 0 { $0.field("otherShapes", call.otherShapes) }
            }
        }
    }

    private static func write(_ results: Results, to json: inout JSONWriter) {
        json.object("results") { for (name, count) in results.sorted { $0.field(name, count) } }
    }

    private static func write(_ shape: Shape, to json: inout JSONWriter) {
        json.object("arguments") { for (name, text) in zip(shape.names, shape.texts) { $0.field(name, text) } }
        json.object("values") { for (name, value) in zip(shape.names, shape.values) { $0.field(name, Int64(clamping: value)) } }
    }

    private func writeRefusals(to list: inout JSONWriter) {
        let order = refusals.sorted {
            ($0.key.number, $0.key.shape.texts.joined(separator: " "), $0.key.error) < ($1.key.number, $1.key.shape.texts.joined(separator: " "), $1.key.error)
        }
        for (refusal, entry) in order {
            list.object {
                $0.field("number", Int64(clamping: refusal.number))
                $0.field("name", TracedCall.name(refusal.number))
                if !refusal.shape.isEmpty { Audit.write(refusal.shape, to: &$0) }
                $0.field("error", TracedCall.errorName(refusal.error))
                $0.field("reason", refusal.isWholeCall ? "call" : "option")
                $0.field("count", entry.count)
                $0.field("programs", entry.programs.map { programs[$0].path })
            }
        }
    }
}
