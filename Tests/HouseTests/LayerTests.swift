import Foundation
import Testing

/// The architecture: which module may know which.
struct LayerTests {
    /// The targets of Package.swift in the order they stand there, with the modules they name.
    static func declared() throws -> [(name: String, dependencies: [String])] {
        let text = try Package.text("Package.swift")
        let expression = try NSRegularExpression(
            pattern: #"(?:kernelTarget\(\s*|\.(?:target|executableTarget)\(\s*name:\s*)"(\w+)"([^\[\)]*\[([^\]]*)\])?"#)
        let name = try NSRegularExpression(pattern: #""(\w+)""#)
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap { match in
            guard let range = Range(match.range(at: 1), in: text) else { return nil }
            var dependencies: [String] = []
            if let list = Range(match.range(at: 3), in: text), text[Range(match.range(at: 2), in: text) ?? list].contains("settings") == false {
                let inner = String(text[list])
                dependencies = name.matches(in: inner, range: NSRange(inner.startIndex..., in: inner)).compactMap {
                    Range($0.range(at: 1), in: inner).map { String(inner[$0]) }
                }
            }
            return (String(text[range]), dependencies)
        }
    }

    @Test func packageFileIsUnderstood() throws {
        let names = try Self.declared().map(\.name)
        for module in Package.kernelModules + Package.hostModules + ["CMachine", "CHost"] { #expect(names.contains(module), "\(module)") }
    }

    /// A module names only modules that stand before it.
    @Test func declaredInOrder() throws {
        let all = try Self.declared()
        for (index, target) in all.enumerated() {
            let before = Set(all[..<index].map(\.name))
            for dependency in target.dependencies where all.contains(where: { $0.name == dependency }) {
                #expect(before.contains(dependency), "\(target.name) depends on \(dependency), which stands below it in Package.swift")
            }
        }
    }

    /// Each import is declared: a module reached through another one does not count.
    @Test func importsAreDeclared() throws {
        let all = try Self.declared()
        let ours = Set(all.map(\.name))
        let dependencies = Dictionary(all.map { ($0.name, Set($0.dependencies)) }, uniquingKeysWith: { first, _ in first })
        for source in Package.swift {
            for line in source.codeLines where line.contains("import ") {
                let words = line.split(separator: " ")
                guard let position = words.firstIndex(of: "import"), position + 1 < words.count, position <= 1 else { continue }
                let module = String(words[position + 1].split(separator: ".")[0])
                guard ours.contains(module) else { continue }
                #expect(dependencies[source.module]?.contains(module) == true, "\(source.path) imports \(module)")
            }
        }
    }

    /// Kernel code imports nothing but the kernel's own modules.
    @Test func kernelImportsOnlyItself() throws {
        let allowed = Set(Package.kernelModules + ["CMachine"])
        for source in Package.swift where Package.kernelModules.contains(source.module) {
            for line in source.codeLines where line.hasPrefix("import ") || line.hasPrefix("public import ") {
                let module = String(line.split(separator: " ").last?.split(separator: ".").first ?? "")
                #expect(allowed.contains(module), "\(source.path) imports \(module)")
            }
        }
    }

    /// The kernel and the monitor meet in MonitorProtocol only.
    @Test func theTwoSidesAreApart() throws {
        let kernelOnly = Set(Package.kernelModules).subtracting(["MonitorProtocol", "LinuxABI"])
        for source in Package.swift where Package.hostModules.contains(source.module) {
            for line in source.codeLines where line.hasPrefix("import ") {
                let module = String(line.split(separator: " ")[1])
                #expect(!kernelOnly.contains(module), "\(source.path) imports \(module)")
            }
        }
    }
}
