import KernelBase
import LinuxABI

/// An access control list, acl(5): who may do what with a file, beyond owner, group and others.
///
/// The mode stays what it was, and is kept equal to the list: the owner's bits are those of `ACL_USER_OBJ`, the others' those of
/// `ACL_OTHER`, and the group's bits are the mask's, the most that any entry in between gives. A list that says no more than
/// a mode can say is not kept.
public struct AccessList {
    public struct Entry: Equatable {
        /// ACL_USER and its relatives.
        public var tag: UInt16
        /// Read 4, write 2, execute 1.
        public var permissions: UInt16
        /// Of the user or group; ``ACL_UNDEFINED_ID`` where the tag needs none.
        public var id: UInt32
    }

    public private(set) var entries: [Entry] = []

    /// Which of the two lists of a file an extended attribute is.
    enum Kind {
        /// What counts for the file itself.
        case access
        /// Of a directory: what is made in it gets this one.
        case inherited

        init?(_ name: Bytes) {
            if name.equals("system.posix_acl_access") {
                self = .access
            } else if name.equals("system.posix_acl_default") {
                self = .inherited
            } else {
                return nil
            }
        }
    }

    // MARK: the attribute's value

    /// posix_acl_from_xattr: reads an attribute's value.
    /// - Returns: nil for one that means "no list".
    /// - Throws: `EINVAL` for what is none, `EOPNOTSUPP` for one of another version.
    static func decode(_ value: Bytes) throws(Errno) -> AccessList? {
        if value.isEmpty { return nil }
        guard value.count >= 4 else { throw .EINVAL }
        guard value.load32(at: 0) == POSIX_ACL_XATTR_VERSION else { throw .EOPNOTSUPP }
        guard (value.count &- 4) % 8 == 0 else { throw .EINVAL }
        var list = AccessList()
        var at = 4
        while at < value.count {
            let word = value.load32(at: at)
            var entry = Entry(tag: UInt16(truncatingIfNeeded: word), permissions: UInt16(truncatingIfNeeded: word >> 16), id: value.load32(at: at &+ 4))
            switch entry.tag {
            case ACL_USER_OBJ, ACL_GROUP_OBJ, ACL_MASK, ACL_OTHER: entry.id = ACL_UNDEFINED_ID
            case ACL_USER, ACL_GROUP: break
            default: throw .EINVAL
            }
            list.entries.append(entry)
            at &+= 8
        }
        return list.entries.isEmpty ? nil : list
    }

    /// The attribute's value.
    var encoded: Bytes {
        var value = Bytes()
        value.append(littleEndian: POSIX_ACL_XATTR_VERSION)
        for entry in entries {
            value.append(littleEndian: entry.tag)
            value.append(littleEndian: entry.permissions)
            value.append(littleEndian: entry.id)
        }
        return value
    }

    /// posix_acl_valid: owner, named users, group, named groups, mask (if anybody has a name), others; in this order.
    var isValid: Bool {
        var next = ACL_USER_OBJ
        var needsMask = false
        for entry in entries {
            if entry.permissions & ~7 != 0 { return false }
            switch entry.tag {
            case ACL_USER_OBJ:
                guard next == ACL_USER_OBJ else { return false }
                next = ACL_USER
            case ACL_USER:
                guard next == ACL_USER, entry.id != ACL_UNDEFINED_ID else { return false }
                needsMask = true
            case ACL_GROUP_OBJ:
                guard next == ACL_USER else { return false }
                next = ACL_GROUP
            case ACL_GROUP:
                guard next == ACL_GROUP, entry.id != ACL_UNDEFINED_ID else { return false }
                needsMask = true
            case ACL_MASK:
                guard next == ACL_GROUP else { return false }
                next = ACL_OTHER
            case ACL_OTHER:
                guard next == ACL_OTHER || next == ACL_GROUP && !needsMask else { return false }
                next = 0
            default: return false
            }
        }
        return next == 0
    }

    // MARK: list and mode

    /// posix_acl_equiv_mode: a mode's permissions as the list says them, and whether it says no more than that.
    var mode: (permissions: UInt32, isAll: Bool) {
        var permissions: UInt32 = 0
        var isAll = true
        for entry in entries {
            let bits = UInt32(entry.permissions & 7)
            switch entry.tag {
            case ACL_USER_OBJ: permissions |= bits << 6
            case ACL_GROUP_OBJ: permissions |= bits << 3
            case ACL_OTHER: permissions |= bits
            case ACL_MASK:
                permissions = permissions & ~0o070 | bits << 3
                isAll = false
            default: isAll = false
            }
        }
        return (permissions, isAll)
    }

    /// The entry that the group's bits of the mode stand for: the mask, or the group's where there is none.
    private var groupIndex: Int? {
        var found: Int?
        for index in 0..<entries.count {
            if entries[index].tag == ACL_MASK { return index }
            if entries[index].tag == ACL_GROUP_OBJ { found = index }
        }
        return found
    }

    /// After chmod(2): owner, mask and others are what the mode says.
    mutating func take(mode: UInt32) {
        for index in 0..<entries.count {
            if entries[index].tag == ACL_USER_OBJ { entries[index].permissions = UInt16(mode >> 6 & 7) }
            if entries[index].tag == ACL_OTHER { entries[index].permissions = UInt16(mode & 7) }
        }
        if let index = groupIndex { entries[index].permissions = UInt16(mode >> 3 & 7) }
    }

    /// posix_acl_create_masq: what a directory's list for new files becomes in a file that is made with `mode`, whose permissions
    /// the list limits in turn.
    mutating func limit(to mode: inout UInt32) {
        for index in 0..<entries.count {
            if entries[index].tag == ACL_USER_OBJ {
                entries[index].permissions &= UInt16(mode >> 6 & 7)
                mode &= UInt32(entries[index].permissions) << 6 | ~0o700
            }
            if entries[index].tag == ACL_OTHER {
                entries[index].permissions &= UInt16(mode & 7)
                mode &= UInt32(entries[index].permissions) | ~0o007
            }
        }
        if let index = groupIndex {
            entries[index].permissions &= UInt16(mode >> 3 & 7)
            mode &= UInt32(entries[index].permissions) << 3 | ~0o070
        }
    }

    // MARK: access

    /// posix_acl_permission: whether the list gives a user who is not the owner all of `wanted`.
    /// - Parameter group: the file's.
    func allows(_ wanted: UInt32, group: UInt32, _ credentials: Credentials) -> Bool {
        let wanted = UInt16(wanted & 7)
        var mask: UInt16 = 7
        for entry in entries where entry.tag == ACL_MASK { mask = entry.permissions }
        var isInGroup = false
        for entry in entries {
            switch entry.tag {
            case ACL_USER:
                if entry.id == credentials.fsuid { return wanted & ~(entry.permissions & mask) == 0 }
            case ACL_GROUP_OBJ, ACL_GROUP:
                guard credentials.isMember(of: entry.tag == ACL_GROUP ? entry.id : group) else { continue }
                isInGroup = true
                // Of several groups the first that gives all of it counts, as far as the mask goes.
                if wanted & ~entry.permissions == 0 { return wanted & ~mask == 0 }
            case ACL_OTHER: return !isInGroup && wanted & ~entry.permissions == 0
            default: break
            }
        }
        return false
    }
}

/// The lists of one file. Few files have any.
public final class AccessLists {
    public internal(set) var access: AccessList?
    /// Of a directory: for what is made in it.
    public internal(set) var inherited: AccessList?

    init(access: AccessList?, inherited: AccessList?) {
        self.access = access
        self.inherited = inherited
    }
}

extension Inode {
    /// Replaces one of the lists; nil takes it away.
    private final func setList(_ kind: AccessList.Kind, _ list: AccessList?) {
        var access = accessLists?.access, inherited = accessLists?.inherited
        switch kind {
        case .access: access = list
        case .inherited: inherited = list
        }
        accessLists = access == nil && inherited == nil ? nil : AccessLists(access: access, inherited: inherited)
    }

    /// The lists that the directory's one for new files gives a new inode. Its mode is set already.
    public final func inheritAccessLists(from directory: Inode) {
        guard let inherited = directory.accessLists?.inherited, !isSymbolicLink else { return }
        var access = inherited
        access.limit(to: &mode)
        let own = access.mode.isAll ? nil : access
        if own == nil, !isDirectory { return }
        accessLists = AccessLists(access: own, inherited: isDirectory ? inherited : nil)
    }

    /// After a change of the mode.
    final func adjustAccessList() {
        guard var list = accessLists?.access else { return }
        list.take(mode: mode)
        setList(.access, list)
    }

    // MARK: as extended attributes

    /// vfs_get_acl.
    /// - Throws: `ENODATA`.
    final func accessListAttribute(_ kind: AccessList.Kind) throws(Errno) -> Bytes {
        let list = switch kind {
        case .access: accessLists?.access
        case .inherited: accessLists?.inherited
        }
        guard let list else { throw .ENODATA }
        return list.encoded
    }

    /// set_posix_acl.
    /// - Throws: `EACCES` for a list for new files of something that is no directory, `EPERM`, `EINVAL`.
    final func setAccessList(_ kind: AccessList.Kind, _ list: AccessList?, _ credentials: Credentials) throws(Errno) {
        if case .inherited = kind, !isDirectory {
            if list != nil { throw .EACCES }
            return
        }
        guard isOwned(by: credentials) else { throw .EPERM }
        if let list, !list.isValid { throw .EINVAL }
        var list = list
        if case .access = kind {
            var mode = mode
            if let given = list?.mode {
                mode = mode & ~0o777 | given.permissions
                if given.isAll { list = nil }
            }
            if !mayKeepSetgid(credentials) { mode &= ~S_ISGID }
            // Not by `setMode`, which would apply it to the list that is replaced here.
            self.mode = mode
        }
        setList(kind, list)
        touchChanged()
    }

    /// Names of the lists there are, as listxattr(2) gives them.
    public final var accessListNames: [Bytes] {
        var names: [Bytes] = []
        if accessLists?.access != nil { names.append(Bytes("system.posix_acl_access")) }
        if accessLists?.inherited != nil { names.append(Bytes("system.posix_acl_default")) }
        return names
    }
}
