import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// Extended attributes, xattr(7).
extension SyscallContext {
    private func attributeName(at address: UInt) throws(Errno) -> Bytes {
        let name: Bytes
        do throws(Errno) { name = try UserMemory.string(at: address, limit: XATTR_NAME_MAX + 1) } catch {
            throw error == .ENAMETOOLONG ? .ERANGE : error
        }
        if name.isEmpty { throw .ERANGE }
        return name
    }

    private func setAttribute(_ target: () throws(Errno) -> Path, _ name: UInt, _ value: UInt, _ size: UInt, _ flags: UInt32) throws(Errno) -> Int {
        guard flags & ~(XATTR_CREATE | XATTR_REPLACE) == 0 else { throw .EINVAL }
        let name = try attributeName(at: name)
        guard size <= UInt(XATTR_SIZE_MAX) else { throw .E2BIG }
        let value = try UserMemory.copyIn(Int(size), from: value)
        try vfs.setExtendedAttribute(try target(), name, value, flags: flags, credentials)
        return 0
    }

    private func getAttribute(_ target: Path, _ name: UInt, _ buffer: UInt, _ size: UInt) throws(Errno) -> Int {
        let value = try vfs.extendedAttribute(target, try attributeName(at: name), credentials)
        return try answer(value, buffer, size)
    }

    private func answer(_ value: Bytes, _ buffer: UInt, _ size: UInt) throws(Errno) -> Int {
        if size == 0 { return value.count }
        guard UInt(value.count) <= size else { throw .ERANGE }
        try UserMemory.copyOut(value.span, to: buffer)
        return value.count
    }

    /// setxattr(2)
    func sysSetxattr() throws(Errno) -> Int {
        try setAttribute({ () throws(Errno) in try place(AT_FDCWD, a0, follow: true) }, a1, a2, a3, u4)
    }
    func sysLsetxattr() throws(Errno) -> Int {
        try setAttribute({ () throws(Errno) in try place(AT_FDCWD, a0, follow: false) }, a1, a2, a3, u4)
    }
    func sysFsetxattr() throws(Errno) -> Int {
        try setAttribute({ () throws(Errno) in SyscallContext.place(of: try files.get(i0)) }, a1, a2, a3, u4)
    }
    /// getxattr(2)
    func sysGetxattr() throws(Errno) -> Int { try getAttribute(try place(AT_FDCWD, a0, follow: true), a1, a2, a3) }
    func sysLgetxattr() throws(Errno) -> Int { try getAttribute(try place(AT_FDCWD, a0, follow: false), a1, a2, a3) }
    func sysFgetxattr() throws(Errno) -> Int {
        let name = try attributeName(at: a1)
        return try answer(try vfs.extendedAttribute(SyscallContext.place(of: try files.get(i0)), name, credentials), a2, a3)
    }
    /// listxattr(2)
    func sysListxattr() throws(Errno) -> Int { try answer(try vfs.listExtendedAttributes(try place(AT_FDCWD, a0, follow: true), credentials), a1, a2) }
    func sysLlistxattr() throws(Errno) -> Int { try answer(try vfs.listExtendedAttributes(try place(AT_FDCWD, a0, follow: false), credentials), a1, a2) }
    func sysFlistxattr() throws(Errno) -> Int {
        try answer(try vfs.listExtendedAttributes(SyscallContext.place(of: try files.get(i0)), credentials), a1, a2)
    }
    /// removexattr(2)
    func sysRemovexattr() throws(Errno) -> Int {
        try vfs.removeExtendedAttribute(try place(AT_FDCWD, a0, follow: true), try attributeName(at: a1), credentials)
        return 0
    }
    func sysLremovexattr() throws(Errno) -> Int {
        try vfs.removeExtendedAttribute(try place(AT_FDCWD, a0, follow: false), try attributeName(at: a1), credentials)
        return 0
    }
    func sysFremovexattr() throws(Errno) -> Int {
        let name = try attributeName(at: a1)
        try vfs.removeExtendedAttribute(SyscallContext.place(of: try files.get(i0)), name, credentials)
        return 0
    }

    // MARK: relative to a directory

    private func placeAt(_ flags: UInt32) throws(Errno) -> Path {
        try place(i0, a1, follow: flags & AT_SYMLINK_NOFOLLOW == 0, emptyPath: flags & AT_EMPTY_PATH != 0)
    }

    private func checkFlags(_ flags: UInt32) throws(Errno) {
        guard flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) == 0 else { throw .EINVAL }
    }

    /// struct xattr_args: value, size, flags. It may be longer than what is known of it if the rest is zero.
    private func attributeArguments() throws(Errno) -> (value: UInt, size: UInt, flags: UInt32) {
        guard a5 >= 16 else { throw .EINVAL }
        guard a5 <= 4096 else { throw .E2BIG }
        if a5 > 16 {
            for byte in try UserMemory.copyIn(Int(a5) &- 16, from: a4 &+ 16) where byte != 0 { throw .E2BIG }
        }
        let size = try UserMemory.load(UInt32.self, at: a4 &+ 8)
        return (try UserMemory.load(UInt.self, at: a4), UInt(size), try UserMemory.load(UInt32.self, at: a4 &+ 12))
    }

    /// setxattrat(2)
    func sysSetxattrat() throws(Errno) -> Int {
        let arguments = try attributeArguments()
        try checkFlags(u2)
        return try setAttribute({ () throws(Errno) in try placeAt(u2) }, a3, arguments.value, arguments.size, arguments.flags)
    }
    /// getxattrat(2)
    func sysGetxattrat() throws(Errno) -> Int {
        let arguments = try attributeArguments()
        guard arguments.flags == 0 else { throw .EINVAL }
        try checkFlags(u2)
        let name = try attributeName(at: a3)
        return try answer(try vfs.extendedAttribute(try placeAt(u2), name, credentials), arguments.value, arguments.size)
    }
    /// listxattrat(2)
    func sysListxattrat() throws(Errno) -> Int {
        try checkFlags(u2)
        return try answer(try vfs.listExtendedAttributes(try placeAt(u2), credentials), a3, a4)
    }
    /// removexattrat(2)
    func sysRemovexattrat() throws(Errno) -> Int {
        try checkFlags(u2)
        let name = try attributeName(at: a3)
        try vfs.removeExtendedAttribute(try placeAt(u2), name, credentials)
        return 0
    }
}
