import KernelBase
import LinuxABI
import Machine

/// Extended attributes: the rules of the name spaces, xattr(7). Each call may sleep.
extension VFS {
    /// xattr_permission.
    /// - Throws: `EOPNOTSUPP` for an unknown name space, `EPERM`, `ENODATA`, `EACCES`.
    private func checkExtended(_ inode: Inode, _ name: Bytes, _ access: Access, _ credentials: Credentials) throws(Errno) {
        if access.contains(.write), inode.isImmutableOrAppendOnly { throw .EPERM }
        if name.hasPrefix("security.") {
            if access.contains(.write) {
                let needed = name.equals("security.capability") ? CAP_SETFCAP : CAP_SYS_ADMIN
                guard credentials.has(Int(needed)) else { throw .EPERM }
            }
            return
        }
        if name.hasPrefix("system.") { return }
        if name.hasPrefix("trusted.") {
            guard credentials.has(Int(CAP_SYS_ADMIN)) else { throw access.contains(.write) ? .EPERM : .ENODATA }
            return try inode.permission(access, credentials)
        }
        guard name.hasPrefix("user.") else { return try inode.permission(access, credentials) }
        guard inode.isRegular || inode.isDirectory else { throw access.contains(.write) ? .EPERM : .ENODATA }
        if inode.isDirectory, inode.mode & S_ISVTX != 0, access.contains(.write), !inode.isOwned(by: credentials) { throw .EPERM }
        try inode.permission(access, credentials)
    }

    /// The name spaces that file systems store: others have no handler.
    private func checkSpace(_ name: Bytes) throws(Errno) {
        if name.hasPrefix("user.") {
            guard name.count > 5 else { throw .EINVAL }
        } else if name.hasPrefix("trusted.") {
            guard name.count > 8 else { throw .EINVAL }
        } else if name.hasPrefix("security.") {
            guard name.count > 9 else { throw .EINVAL }
        } else {
            throw .EOPNOTSUPP
        }
    }

    /// setxattr(2). The name has 1 to 255 bytes, the value at most 64 KiB.
    /// - Parameter flags: XATTR_CREATE or XATTR_REPLACE.
    public func setExtendedAttribute(_ path: Path, _ name: Bytes, _ value: Bytes, flags: UInt32, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode else { throw .ENOENT }
        if path.mount.isReadOnly { throw .EROFS }
        if let kind = AccessList.Kind(name) { return try changeList(path, inode, kind, try AccessList.decode(value), credentials) }
        try checkExtended(inode, name, .write, credentials)
        try checkSpace(name)
        try inode.setExtendedAttribute(name, value, flags: flags)
        if name.equals("security.capability") { inode.hasFileCapabilities = true }
        notifyAttributes(inode, path.dentry)
    }

    /// vfs_set_acl, vfs_remove_acl: XATTR_CREATE and XATTR_REPLACE make no difference, and a list that is not there can be removed.
    private func changeList(_ path: Path, _ inode: Inode, _ kind: AccessList.Kind, _ list: AccessList?, _ credentials: Credentials) throws(Errno) {
        if inode.isImmutableOrAppendOnly { throw .EPERM }
        guard inode.keepsAccessLists else { throw .EOPNOTSUPP }
        if list != nil, Host.heapIsLow { throw .ENOMEM }
        try inode.setAccessList(kind, list, credentials)
        notifyAttributes(inode, path.dentry)
    }

    /// getxattr(2).
    public func extendedAttribute(_ path: Path, _ name: Bytes, _ credentials: Credentials) throws(Errno) -> Bytes {
        guard let inode = path.inode else { throw .ENOENT }
        if let kind = AccessList.Kind(name) {
            guard inode.keepsAccessLists else { throw .EOPNOTSUPP }
            return try inode.accessListAttribute(kind)
        }
        try checkExtended(inode, name, .read, credentials)
        try checkSpace(name)
        return try inode.getExtendedAttribute(name)
    }

    /// removexattr(2).
    public func removeExtendedAttribute(_ path: Path, _ name: Bytes, _ credentials: Credentials) throws(Errno) {
        guard let inode = path.inode else { throw .ENOENT }
        if path.mount.isReadOnly { throw .EROFS }
        if let kind = AccessList.Kind(name) { return try changeList(path, inode, kind, nil, credentials) }
        try checkExtended(inode, name, .write, credentials)
        try checkSpace(name)
        try inode.removeExtendedAttribute(name)
        notifyAttributes(inode, path.dentry)
    }

    /// listxattr(2): names with their final zeros. Those of `trusted.` are only for the mighty.
    public func listExtendedAttributes(_ path: Path, _ credentials: Credentials) throws(Errno) -> Bytes {
        guard let inode = path.inode else { throw .ENOENT }
        let trusted = credentials.has(Int(CAP_SYS_ADMIN))
        var list: Bytes = []
        for name in try inode.listExtendedAttributes() where trusted || !name.hasPrefix("trusted.") {
            list.append(contentsOf: name)
            list.append(0)
        }
        return list
    }
}
