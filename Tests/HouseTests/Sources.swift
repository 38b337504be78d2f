import Foundation

/// The files of this package, as text, for tests about the code itself.
enum Package {
    static let root: String = {
        // Tests/HouseTests/Sources.swift
        var parts = #filePath.split(separator: "/").dropLast(3)
        if parts.isEmpty { parts = ["."] }
        return "/" + parts.joined(separator: "/")
    }()

    struct Source: Sendable, CustomStringConvertible {
        /// From the package's root: `Sources/VFS/File.swift`.
        let path: String
        let lines: [String]
        var description: String { path }
        /// The module a file in Sources belongs to.
        var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        /// The text without comments and the contents of string literals, so that words in them do not count; lines are kept.
        let code: String

        init(path: String, text: String) {
            self.path = path
            lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            code = Package.withoutCommentsAndStrings(text)
        }
        var codeLines: [Substring] { code.split(separator: "\n", omittingEmptySubsequences: false) }
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: root + "/" + path)), as: UTF8.self)
    }

    /// All files beneath a directory whose names end with one of `suffixes`, sorted.
    static func files(in directory: String, _ suffixes: [String]) -> [Source] {
        guard let all = FileManager.default.enumerator(atPath: root + "/" + directory) else { return [] }
        var result: [Source] = []
        for case let name as String in all where suffixes.contains(where: { name.hasSuffix($0) }) && !name.hasPrefix(".") {
            let path = directory.isEmpty ? name : directory + "/" + name
            guard let text = try? text(path) else { continue }
            result.append(Source(path: path, text: text))
        }
        return result.sorted { $0.path < $1.path }
    }

    static let swift = files(in: "Sources", [".swift"])

    /// The kernel's modules in layer order, lowest first, as Package.swift has them: what is compiled into the image.
    static let kernelModules = [
        "LinuxABI", "MonitorProtocol", "Machine", "KernelBase", "VFS", "FileSystems", "IPC", "Memory", "Tasks", "Terminals", "ProcFS", "Syscalls",
        "KernelImage",
    ]
    static let hostModules = ["HostBase", "TraceDecoder", "Monitor", "martlet"]

    /// Kernel code that must be safe: everything above the foundation.
    static let safeKernel = swift.filter { kernelModules.contains($0.module) && $0.module != "Machine" }

    static func withoutCommentsAndStrings(_ text: String) -> String {
        enum State { case code, lineComment, blockComment, string, longString }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var state = State.code
        var index = 0
        func starts(_ with: StaticString) -> Bool {
            guard index + with.utf8CodeUnitCount <= bytes.count else { return false }
            for offset in 0..<with.utf8CodeUnitCount where bytes[index + offset] != with.utf8Start[offset] { return false }
            return true
        }
        while index < bytes.count {
            let byte = bytes[index]
            var step = 1
            if byte == UInt8(ascii: "\n") {
                result.append(byte)
                if state == .lineComment || state == .string { state = .code }
            } else {
                switch state {
                case .code:
                    if starts("//") {
                        state = .lineComment
                    } else if starts("/*") {
                        state = .blockComment
                        step = 2
                    } else if starts("\"\"\"") {
                        state = .longString
                        step = 3
                    } else if byte == UInt8(ascii: "\"") {
                        state = .string
                    } else {
                        result.append(byte)
                    }
                case .lineComment: break
                case .blockComment:
                    if starts("*/") {
                        state = .code
                        step = 2
                    }
                case .string:
                    if byte == UInt8(ascii: "\\") { step = 2 } else if byte == UInt8(ascii: "\"") { state = .code }
                case .longString:
                    if starts("\"\"\"") {
                        state = .code
                        step = 3
                    }
                }
            }
            index += step
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `path:line: text` of each place in code that matches.
    static func matches(_ sources: [Source], _ pattern: String) throws -> [String] {
        let expression = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
        var found: [String] = []
        for source in sources {
            for match in expression.matches(in: source.code, range: NSRange(source.code.startIndex..., in: source.code)) {
                guard let range = Range(match.range, in: source.code) else { continue }
                let line = source.code[..<range.lowerBound].utf8.count { $0 == UInt8(ascii: "\n") }
                found.append("\(source.path):\(line + 1): \(source.lines[line].trimmingCharacters(in: .whitespaces))")
            }
        }
        return found
    }
}
