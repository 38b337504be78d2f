import Foundation

/// A call in a trace, as strace(1) and `martlet run --strace` write it.
public struct TracedCall: Sendable, Equatable {
    public var name: String
    /// The whole line, without the process.
    public var text: String
    /// What is behind `=`; empty if the call did not return.
    public var result: String

    /// `ok`, an errno's name, or `?` for no answer.
    public var outcome: String {
        if result.hasPrefix("-1 ") { return String(result.dropFirst(3).prefix { $0.isLetter || $0.isNumber }) }
        return result.isEmpty || result.hasPrefix("?") ? "?" : "ok"
    }

    /// The number, for calls whose number means the same on every run: counts, positions, descriptors.
    public var number: Int? {
        guard outcome == "ok", Self.comparable.contains(name) else { return nil }
        return Int(result.prefix { $0.isNumber || $0 == "-" })
    }

    private static let comparable: Set<String> = [
        "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv", "pwritev", "preadv2", "pwritev2", "sendto", "sendmsg", "recvfrom", "recvmsg",
        "lseek", "open", "openat", "openat2", "creat", "dup", "dup2", "dup3", "fcntl", "socket", "accept", "accept4", "eventfd", "eventfd2", "epoll_create",
        "epoll_create1", "timerfd_create", "signalfd4", "inotify_init1", "memfd_create", "pidfd_open", "poll", "ppoll", "select", "pselect6", "epoll_wait",
        "epoll_pwait", "sendfile", "splice", "tee", "copy_file_range", "getxattr", "listxattr", "readlink", "readlinkat", "umask", "prctl", "getpriority",
    ]

    /// Whether both are the same call with the same answer.
    func matches(_ other: TracedCall) -> Bool {
        guard name == other.name, outcome == other.outcome else { return false }
        if let number, let theirs = other.number { return number == theirs }
        return true
    }

    /// `name(arguments) = result`; nil for lines about signals and ends.
    init?(line: Substring) {
        guard let open = line.firstIndex(of: "("), open != line.startIndex, line[..<open].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else { return nil }
        name = String(line[..<open])
        text = String(line)
        // The result stands behind the last " = " that follows a closing parenthesis, with blanks before it.
        result = ""
        var end = line.endIndex
        while let found = line[..<end].range(of: " = ", options: .backwards) {
            if line[..<found.lowerBound].last(where: { $0 != " " }) == ")" {
                result = String(line[found.upperBound...])
                break
            }
            end = found.lowerBound
        }
    }
}

/// The calls of all tasks of a run, each in their order.
public struct CallTrace: Sendable {
    /// In the order in which they appeared.
    public var tasks: [[TracedCall]]

    /// What `martlet run --strace` writes: each line begins with the task in brackets; a call that had to wait is in two lines.
    public init(martlet text: String) {
        var order: [Substring] = [], calls: [Substring: [TracedCall]] = [:], begun: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") where line.first == "[" {
            guard let close = line.firstIndex(of: "]") else { continue }
            let task = line[line.index(after: line.startIndex)..<close]
            var rest = line[line.index(after: close)...].drop { $0 == " " }
            if calls[task] == nil {
                order.append(task)
                calls[task] = []
            }
            if rest.hasSuffix("<unfinished ...>") {
                begun[task] = rest.dropLast("<unfinished ...>".count)
                continue
            }
            if rest.hasPrefix("<... "), let behind = rest.range(of: " resumed>"), let start = begun.removeValue(forKey: task) {
                // Both halves have blanks at the seam.
                var whole = String(start)
                while whole.last == " " { whole.removeLast() }
                if whole.last == "," { whole += " " }
                rest = Substring(whole + rest[behind.upperBound...].drop { $0 == " " })
            }
            if let call = TracedCall(line: rest) { calls[task]?.append(call) }
        }
        tasks = order.compactMap { calls[$0] }
    }

    /// What `strace -ff -o` writes: a file for each task, named by its number.
    public init(straceFiles prefix: String) {
        let directory = (prefix as NSString).deletingLastPathComponent, name = (prefix as NSString).lastPathComponent + "."
        let files = ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).compactMap { file in
            file.hasPrefix(name) ? Int(file.dropFirst(name.count)) : nil
        }.sorted()
        tasks = files.compactMap { number in
            FileManager.default.contents(atPath: "\(prefix).\(number)").map { data in
                String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { TracedCall(line: $0) }
            }
        }
    }

    /// Leaves out what comes before the case: the start of the program, which differs for reasons that are nobody's fault.
    /// - Parameter marker: Text of the call that the case begins with.
    public mutating func begin(at marker: String) {
        guard let first = tasks.first, let index = first.firstIndex(where: { $0.name == "write" && $0.text.contains(marker) }) else { return }
        tasks[0] = Array(first[(index + 1)...])
    }
}

/// The first place where two traces part.
public struct TraceDifference: Sendable, Equatable {
    /// Counted from 0, in the order in which tasks appeared.
    public var task: Int
    /// What both did before, the last calls.
    public var common: [String]
    public var native: [String]
    public var sandbox: [String]

    /// - Parameter context: How many calls are shown before and after.
    /// - Returns: nil if the traces agree.
    public static func first(native: CallTrace, sandbox: CallTrace, context: Int = 8) -> TraceDifference? {
        for task in 0..<max(native.tasks.count, sandbox.tasks.count) {
            let a = task < native.tasks.count ? native.tasks[task] : [], b = task < sandbox.tasks.count ? sandbox.tasks[task] : []
            var i = 0, j = 0
            while true {
                while i < a.count, isNoise(a[i]) { i += 1 }
                while j < b.count, isNoise(b[j]) { j += 1 }
                if i == a.count && j == b.count { break }
                guard i < a.count, j < b.count, a[i].matches(b[j]) else {
                    return TraceDifference(
                        task: task, common: a[max(0, i - context)..<i].map(\.text), native: a[i...].prefix(context).map(\.text), sandbox: b[j...].prefix(context).map(\.text))
                }
                i += 1
                j += 1
            }
        }
        return nil
    }

    /// Calls that come and go with memory's layout and with how long others slept.
    private static func isNoise(_ call: TracedCall) -> Bool {
        ["brk", "mmap", "munmap", "mprotect", "madvise", "futex", "rseq", "sched_yield", "restart_syscall", "getrandom", "set_robust_list", "exit_group", "exit"].contains(call.name)
            && (call.outcome == "ok" || call.outcome == "?" || ["futex", "rseq"].contains(call.name))
    }

    public func text() -> String {
        var lines = ["the first difference is in task \(task + 1):"]
        lines += common.map { "    \($0)" }
        lines += (native.isEmpty ? ["  (the task ends)"] : native).enumerated().map { ($0.offset == 0 ? "  < " : "  | ") + $0.element }
        lines += (sandbox.isEmpty ? ["  (the task ends)"] : sandbox).enumerated().map { ($0.offset == 0 ? "  > " : "  : ") + $0.element }
        lines.append("< | native, > : sandbox; calls that manage memory, and futex, are not compared")
        return lines.joined(separator: "\n")
    }
}
