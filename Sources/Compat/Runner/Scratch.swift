import Foundation

/// Directories that a run makes and removes.
struct Scratch: Sendable {
    let path: String

    /// - Throws: ``CompatFailure`` if it cannot be made.
    init() throws {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array("\(parent)/martlet-compat-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CompatFailure("cannot make a directory in \(parent): \(String(cString: strerror(errno)))") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The programs may run as another user.
        chmod(path, 0o755)
    }

    /// A fresh directory that everybody may write to; whoever gets it removes it.
    func directory(_ name: String) -> String {
        let full = path + "/" + name
        mkdir(full, 0o777)
        chmod(full, 0o1777)
        return full
    }

    static func remove(_ path: String) {
        if (try? FileManager.default.removeItem(atPath: path)) != nil { return }
        // A test may have taken the rights to its own directories away.
        if let walk = FileManager.default.enumerator(atPath: path) {
            for case let name as String in walk {
                var facts = stat()
                if lstat(path + "/" + name, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR { chmod(path + "/" + name, 0o700) }
            }
        }
        try? FileManager.default.removeItem(atPath: path)
    }
}
