import Glibc

/// The program of the small cases, `Benchmarks/micro.c`: compiled anew for each run, dynamic and static.
struct MicroProgram {
    let dynamic: String
    let isStatic: String?

    func path(isStatic wanted: Bool) throws(BenchFailure) -> String {
        guard wanted else { return dynamic }
        guard let isStatic else { throw BenchFailure("cc cannot link statically here") }
        return isStatic
    }

    /// Where the source may be, best first: beside an installed martlet, or in the package it was built in.
    static func candidates(executable: String) -> [String] {
        var ancestor = parent(executable)
        var paths = [ancestor + "/martlet-micro.c", parent(ancestor) + "/share/martlet/micro.c"]
        for _ in 0..<4 {
            ancestor = parent(ancestor)
            paths.append((ancestor == "/" ? "" : ancestor) + "/Benchmarks/micro.c")
        }
        return paths
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.utf8.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// - Parameters:
    ///   - source: The file, or nil to look for it.
    ///   - directory: Where the programs go.
    /// - Throws: ``BenchFailure`` if there is no source, no compiler, or the dynamic program cannot be built.
    static func build(source: String?, executable: String, in directory: String, path: String, environment: [String]) throws(BenchFailure) -> MicroProgram {
        guard let file = source ?? candidates(executable: executable).first(where: { access($0, R_OK) == 0 }) else {
            throw BenchFailure("cannot find Benchmarks/micro.c; name it with --micro-source")
        }
        guard let compiler = Runner.find("cc", path: path) else { throw BenchFailure("there is no C compiler (cc) in PATH") }
        func compile(_ name: String, _ options: [String]) throws(BenchFailure) -> String? {
            let result = try Command.run([compiler, "-O2", "-o", "\(directory)/\(name)", file] + options, environment: environment, seconds: 60)
            if !result.succeeded, options.isEmpty { throw BenchFailure("cc cannot compile \(file): \(lastLine(result.errors))") }
            return result.succeeded ? "\(directory)/\(name)" : nil
        }
        guard let dynamic = try compile("micro", []) else { throw BenchFailure("cc cannot compile \(file)") }
        return MicroProgram(dynamic: dynamic, isStatic: try compile("micro-static", ["-static"]))
    }

    // --- what it prints ---

    /// The line `NAME MINIMUM MEDIAN MAXIMUM ...` of one case.
    static func sample(of name: String, in output: [UInt8]) -> Sample? {
        for line in lines(output) {
            let words = line.split(separator: " ")
            guard words.count >= 4, words[0] == name, let low = Double(words[1]), let middle = Double(words[2]), let high = Double(words[3]),
                low >= 0, low <= middle, middle <= high, high.isFinite
            else { continue }
            return Sample(minimum: low, median: middle, maximum: high)
        }
        return nil
    }

    /// The numbers of its lines `drive NANOSECONDS`.
    static func drives(in output: [UInt8]) -> [Double] {
        lines(output).compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 2 && words[0] == "drive" ? UInt64(words[1]).map { Double($0) } : nil
        }
    }

    static func lastLine(_ bytes: [UInt8]) -> String { lines(bytes).last ?? "no message" }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n")).map { line in
            String(decoding: line.map { $0 >= 0x20 && $0 < 0x7f ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
        }
    }
}
