import CHost
import Glibc
import HostBase

/// Who the program runs as.
public struct UserIdentity: Equatable, Sendable {
    public var user: UInt32
    public var group: UInt32
    public var supplementary: [UInt32]
    /// Login name and home directory, where the guest's user data base knows them.
    public var name: String?
    public var home: String?

    /// The caller's own ids.
    static func caller(database: UserDatabase) -> UserIdentity {
        var groups = [gid_t](repeating: 0, count: Int(max(0, getgroups(0, nil))))
        let count = getgroups(Int32(groups.count), &groups)
        groups.removeLast(groups.count - Int(max(0, count)))
        var identity = UserIdentity(user: getuid(), group: getgid(), supplementary: groups)
        if let entry = database.user(id: identity.user) {
            identity.name = entry.name
            identity.home = entry.home
        }
        return identity
    }

    /// `USER[:GROUP]`, names or numbers. Without a group the user's own groups are taken; with one, no others.
    /// - Throws: ``UsageError`` when a name is not known.
    init(parsing text: String, database: UserDatabase) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let first = parts.first, !first.isEmpty else { throw UsageError("user '\(text)' is not USER[:GROUP]") }
        let entry: UserDatabase.User?
        if let number = UInt32(first) {
            entry = database.user(id: number)
            user = number
        } else {
            guard let known = database.user(name: first) else { throw UsageError("user '\(first)' is not known in the guest") }
            entry = known
            user = known.id
        }
        name = entry?.name
        home = entry?.home
        group = entry?.group ?? 0
        supplementary = entry.map { database.groups(of: $0.name) } ?? []
        if parts.count == 2 {
            if let number = UInt32(parts[1]) {
                group = number
            } else {
                guard let known = database.group(name: parts[1]) else { throw UsageError("group '\(parts[1])' is not known in the guest") }
                group = known
            }
            supplementary = []
        }
        // To setuid(2) and the like this number means: leave it as it is.
        guard user != UInt32.max, group != UInt32.max else { throw UsageError("user '\(text)': \(UInt32.max) is nobody's number") }
        if !supplementary.contains(group) { supplementary.insert(group, at: 0) }
    }

    init(user: UInt32, group: UInt32, supplementary: [UInt32], name: String? = nil, home: String? = nil) {
        self.user = user
        self.group = group
        self.supplementary = supplementary
        self.name = name
        self.home = home
    }
}

/// The guest's `/etc/passwd` and `/etc/group`, read as text: the host's name services do not apply to another root.
public struct UserDatabase {
    struct User {
        var name: String
        var id: UInt32
        var group: UInt32
        var home: String
    }

    private var users: [User] = []
    private var groupsByName: [(name: String, id: UInt32, members: [Substring])] = []

    init(passwd: String, group: String) {
        for line in passwd.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 6, let id = UInt32(fields[2]), let gid = UInt32(fields[3]) else { continue }
            users.append(User(name: String(fields[0]), id: id, group: gid, home: String(fields[5])))
        }
        for line in group.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, let id = UInt32(fields[2]) else { continue }
            groupsByName.append((String(fields[0]), id, fields[3].split(separator: ",")))
        }
    }

    /// Reads the two files beneath the guest's root; what is missing is empty.
    init(root: String) {
        func text(_ path: String) -> String { (try? readSmallFile((root == "/" ? "" : root) + path)) ?? "" }
        self.init(passwd: text("/etc/passwd"), group: text("/etc/group"))
    }

    func user(name: String) -> User? { users.first { $0.name == name } }
    func user(id: UInt32) -> User? { users.first { $0.id == id } }
    func group(name: String) -> UInt32? { groupsByName.first { $0.name == name }?.id }
    func groups(of member: String) -> [UInt32] { groupsByName.filter { $0.members.contains { $0 == member } }.map(\.id) }
}

/// A text file of at most 4 MiB.
func readSmallFile(_ path: String) throws(HostError) -> String {
    let file = try Descriptor(path: path, flags: O_RDONLY | O_NOCTTY)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = read(file.raw, &chunk, chunk.count)
        if count < 0 && errno == EINTR { continue }
        if count < 0 { throw HostError.last }
        if count == 0 { return HostText.string(bytes) }
        bytes += chunk[..<count]
        if bytes.count > 4 << 20 { throw HostError(EFBIG) }
    }
}
