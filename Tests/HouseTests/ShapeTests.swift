import Foundation
import Testing

/// Sizes, documents and scripts.
struct ShapeTests {
    /// A file has one subject and some hundred lines. Those that are longer are listed; the list may only get shorter.
    @Test func lengthOfFiles() {
        let limit = 700
        let longer: [String: Int] = ["Sources/Terminals/LineDiscipline.swift": 720]
        for source in Package.files(in: "Sources", [".swift", ".c", ".h", ".S"]) + Package.files(in: "Tests", [".swift"]) {
            #expect(source.lines.count <= longer[source.path] ?? limit, "\(source.path) has \(source.lines.count) lines")
        }
    }

    @Test func lengthOfLines() {
        let found = Package.swift.reduce(0) { $0 + $1.lines.count { $0.utf8.count > 200 } }
        // A ratchet: .swift-format says 160, nothing should be beyond 200.
        #expect(found <= 30)
    }

    /// Links in documents lead to files that exist, and headings that exist.
    @Test func links() throws {
        let link = try NSRegularExpression(pattern: #"\]\(([^)\s]+)\)"#)
        var documents = Package.files(in: "docs", [".md"]) + Package.files(in: "Conformance", [".md"]) + Package.files(in: "Tests", [".md"])
        for name in ["README.md", "CONTRIBUTING.md"] { documents.append(.init(path: name, text: try Package.text(name))) }
        for document in documents {
            let folder = document.path.split(separator: "/").dropLast().joined(separator: "/")
            for line in document.lines {
                for match in link.matches(in: line, range: NSRange(line.startIndex..., in: line)) {
                    guard let range = Range(match.range(at: 1), in: line) else { continue }
                    let target = String(line[range])
                    if target.contains("://") || target.hasPrefix("mailto:") { continue }
                    let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                    let path = parts[0].isEmpty ? document.path : (folder.isEmpty ? "" : folder + "/") + parts[0]
                    #expect(FileManager.default.fileExists(atPath: Package.root + "/" + path), "\(document.path) links to \(target)")
                    if parts.count == 2, path.hasSuffix(".md"), let text = try? Package.text(path) {
                        let headings = text.components(separatedBy: "\n").filter { $0.hasPrefix("#") }.map(Self.anchor)
                        #expect(headings.contains(parts[1]), "\(document.path) links to \(target)")
                    }
                }
            }
        }
    }

    static func anchor(_ heading: String) -> String {
        String(heading.drop { $0 == "#" || $0 == " " }.lowercased().compactMap { $0 == " " ? "-" : $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" ? $0 : nil })
    }

    /// Paths of source files that documents name in backquotes exist.
    @Test func namedFiles() throws {
        let name = try NSRegularExpression(pattern: #"`((?:Sources|Tests|Tools|Conformance|docs)/[A-Za-z0-9_./+-]+)`"#)
        var documents = Package.files(in: "docs", [".md"])
        for file in ["README.md", "CONTRIBUTING.md"] { documents.append(.init(path: file, text: try Package.text(file))) }
        for document in documents {
            for line in document.lines {
                for match in name.matches(in: line, range: NSRange(line.startIndex..., in: line)) {
                    guard let range = Range(match.range(at: 1), in: line) else { continue }
                    #expect(FileManager.default.fileExists(atPath: Package.root + "/" + line[range]), "\(document.path) names \(line[range])")
                }
            }
        }
    }

    @Test(arguments: ["Tools/build", "Tools/martlet", "Tools/test", "Tools/check-image", "Tools/conformance", "Tools/programs", "Tools/install-packages", ".ci/run"])
    func scriptsCanBeRun(path: String) {
        #expect(FileManager.default.isExecutableFile(atPath: Package.root + "/" + path))
    }

    /// What a program test says it needs is installed by the project's own list, or comes with every Debian.
    @Test func programTestsHaveHeaders() {
        for script in Package.files(in: "Tests/Programs", [".sh"]) {
            #expect(script.lines.first?.hasPrefix("#!/bin/") == true, "\(script.path)")
            #expect(script.lines.dropFirst().first?.hasPrefix("# ") == true && (script.lines.dropFirst().first?.count ?? 0) > 20, "\(script.path) does not say what it runs")
        }
    }
}
