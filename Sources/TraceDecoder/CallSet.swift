import LinuxABI

/// Which calls are shown: the argument of `--strace-filter`, in the language of strace's `-e trace=`.
public struct CallSet: Sendable, Equatable {
    /// Bit n of word n / 64.
    public private(set) var words: [UInt64]
    /// Whether signals are shown.
    public private(set) var showsSignals = true

    public static let all = CallSet(words: [UInt64](repeating: .max, count: 8))

    private init(words: [UInt64]) { self.words = words }

    /// Numbers beyond the table are in the set of all, and in what all but some calls are.
    public func contains(_ number: UInt) -> Bool {
        guard number < 512 else { return words[7] >> 63 != 0 }
        return words[Int(number / 64)] >> UInt64(number % 64) & 1 != 0
    }

    private mutating func insert(_ number: UInt) {
        if number < 512 { words[Int(number / 64)] |= 1 << UInt64(number % 64) }
    }

    /// Why a filter was not understood.
    public struct Unknown: Error, Equatable {
        public let word: String
    }

    /// `openat,close`, `%file,%process`, `/stat`, `all`, `none`, `!futex,%memory`, `?name` (no error if there is no such call).
    public init(parsing text: String) throws(Unknown) {
        var rest = Substring(text)
        for start in ["trace=", "t="] where rest.hasPrefix(start) { rest = rest.dropFirst(start.count) }
        let isNegated = rest.hasPrefix("!")
        if isNegated { rest = rest.dropFirst() }
        var set = CallSet(words: [UInt64](repeating: 0, count: 8))
        for word in rest.split(separator: ",") {
            switch word {
            case "all": set = .all
            case "none": break
            default: try set.add(word)
            }
        }
        words = isNegated ? set.words.map { ~$0 } : set.words
    }

    private mutating func add(_ word: Substring) throws(Unknown) {
        let calls = (0..<512 as Range<UInt>).compactMap { Syscall(rawValue: $0) }
        if word.hasPrefix("%") {
            guard let matches = CallSet.matcher(of: word.dropFirst()) else { throw Unknown(word: String(word)) }
            for call in calls where matches(call) { insert(call.rawValue) }
        } else if word.hasPrefix("/") {
            let part = word.dropFirst()
            for call in calls where "\(call.name)".firstRange(of: part) { insert(call.rawValue) }
        } else {
            let name = word.hasPrefix("?") ? word.dropFirst() : word
            if let call = calls.first(where: { "\($0.name)" == name }) {
                insert(call.rawValue)
            } else if let number = UInt(name), number < 512 {
                insert(number)
            } else if !word.hasPrefix("?") {
                throw Unknown(word: String(word))
            }
        }
    }

    /// The classes of strace(1), by what the calls' arguments are, and the subjects of the table.
    private static func matcher(of name: Substring) -> ((Syscall) -> Bool)? {
        func has(_ kinds: [ArgKind]) -> (Syscall) -> Bool {
            { call in (0..<6).contains { kinds.contains(call.arguments[$0]) } }
        }
        switch name {
        case "file": return { has([.path])($0) || $0 == .getcwd }
        case "desc": return { has([.fd, .dirFd, .pollFds, .fdSet])($0) || [.socket, .pipe, .pipe2, .eventfd2, .epoll_create1, .memfd_create].contains($0) }
        case "process": return { [.fork, .vfork, .clone, .clone3, .execve, .execveat, .exit, .exit_group, .wait4, .waitid, .kill, .tkill, .tgkill].contains($0) }
        case "net", "network": return { $0.category == .sockets }
        case "signal": return { $0.category == .signals }
        case "ipc": return { $0.category == .ipc }
        case "memory": return { $0.category == .memory }
        case "creds": return { $0.category == .security && !"\($0.name)".hasPrefix("landlock") }
        case "clock", "time": return { $0.category == .time }
        case "poll": return { $0.category == .polling }
        case "thread", "threads": return { $0.category == .threads }
        case "stat": return { [.stat, .lstat, .fstat, .newfstatat, .statx].contains($0) }
        case "statfs": return { [.statfs, .fstatfs].contains($0) }
        default: return nil
        }
    }
}

extension String {
    /// Whether `part` occurs in this string.
    fileprivate func firstRange(of part: Substring) -> Bool {
        let whole = Array(utf8), piece = Array(part.utf8)
        guard !piece.isEmpty, piece.count <= whole.count else { return piece.isEmpty }
        return (0...(whole.count - piece.count)).contains { whole[$0..<($0 + piece.count)].elementsEqual(piece) }
    }
}
