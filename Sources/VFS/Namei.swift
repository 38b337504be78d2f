import KernelBase
import LinuxABI
import Machine

/// How a path is to be resolved.
public struct LookupFlags: OptionSet, Sendable {
    public let rawValue: UInt32
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
    /// Follow a symbolic link that is the last component.
    @inlinable public static var follow: LookupFlags { LookupFlags(rawValue: 1 << 0) }
    /// The result must be a directory.
    @inlinable public static var directory: LookupFlags { LookupFlags(rawValue: 1 << 1) }
    /// An empty path means the starting point (AT_EMPTY_PATH).
    @inlinable public static var emptyPath: LookupFlags { LookupFlags(rawValue: 1 << 2) }
    /// openat2(2)'s RESOLVE_ flags.
    @inlinable public static var noCrossing: LookupFlags { LookupFlags(rawValue: 1 << 8) }
    @inlinable public static var noMagicLinks: LookupFlags { LookupFlags(rawValue: 1 << 9) }
    @inlinable public static var noSymbolicLinks: LookupFlags { LookupFlags(rawValue: 1 << 10) }
    @inlinable public static var beneath: LookupFlags { LookupFlags(rawValue: 1 << 11) }
    @inlinable public static var inRoot: LookupFlags { LookupFlags(rawValue: 1 << 12) }
    @inlinable public static var cached: LookupFlags { LookupFlags(rawValue: 1 << 13) }
    @inlinable static var scoped: LookupFlags { [.beneath, .inRoot] }

    /// - Parameter resolve: RESOLVE_ flags, already validated.
    public init(resolve: UInt64) {
        self.init(rawValue: UInt32(truncatingIfNeeded: resolve & 0x3f) << 8)
    }
}

/// The last component of a path whose directory has been resolved.
struct LastComponent {
    enum Kind { case name, dot, dotDot, root }
    var kind: Kind
    /// Empty unless it is a name.
    var name: Bytes
    var hasTrailingSlash: Bool
}

/// One walk along a path: where it is, and the rules it follows.
///
/// There is one walker for everything that takes a path. It looks at the bytes in place; a component that
/// is in the dentry cache costs one probe and no allocation. Symbolic links recurse (at most 40).
struct Walk {
    private(set) var mount: Mount
    private(set) var dentry: Dentry
    private let vfs: VFS
    private let context: FSContext
    private let credentials: Credentials
    private let flags: LookupFlags
    /// Where a walk with RESOLVE_BENEATH or RESOLVE_IN_ROOT started.
    private let scope: Path?
    /// Symbolic links followed so far.
    private var links = 0

    /// - Parameter start: nil for the working directory.
    @inline(__always)
    init(_ vfs: VFS, _ start: Path?, _ flags: LookupFlags, _ context: FSContext, _ credentials: Credentials) {
        self.vfs = vfs
        let start = start ?? context.workingDirectory
        mount = start.mount
        dentry = start.dentry
        self.context = context
        self.credentials = credentials
        self.flags = flags
        scope = flags.isDisjoint(with: .scoped) ? nil : start
    }

    var path: Path { Path(mount: mount, dentry: dentry) }
    private var root: Path { scope ?? context.root }

    /// Goes along the whole path.
    @inline(__always)
    mutating func resolve(_ text: Span<UInt8>, follow: Bool) throws(Errno) {
        _ = try walk(text, parentOnly: false, follow: follow)
    }

    /// Goes to the directory of the last component.
    mutating func resolveParent(_ text: Span<UInt8>) throws(Errno) -> LastComponent {
        let last = try walk(text, parentOnly: true, follow: false)
        guard last.kind == .name else { return LastComponent(kind: last.kind, name: [], hasTrailingSlash: last.hasTrailingSlash) }
        return LastComponent(kind: .name, name: Bytes(text, last.start, last.length), hasTrailingSlash: last.hasTrailingSlash)
    }

    /// The link's text for a caller that resolves its last component itself; nil for a magic link, which
    /// has been followed then.
    mutating func linkText(_ link: Inode) throws(Errno) -> Bytes? {
        links &+= 1
        if links > MAXSYMLINKS { throw .ELOOP }
        if flags.contains(.noSymbolicLinks) || mount.flags & MS_NOSYMFOLLOW != 0 { throw .ELOOP }
        link.touchAccessed(mount)
        if let target = try link.followMagicLink() {
            if flags.contains(.noMagicLinks) { throw .ELOOP }
            if flags.contains(.noCrossing), target.mount !== mount { throw .EXDEV }
            if !flags.isDisjoint(with: .scoped) { throw .EXDEV }
            mount = target.mount
            dentry = target.dentry
            return nil
        }
        let text = try link.readLink()
        if text.isEmpty { throw .ENOENT }
        return text
    }

    /// Goes to a child of the current directory, which the caller has looked up; crosses mounts.
    mutating func enter(_ child: Dentry) throws(Errno) {
        dentry = child
        if child.mountCount > 0 { try cross() }
    }

    private struct Extent {
        var kind: LastComponent.Kind
        var start: Int
        var length: Int
        var hasTrailingSlash: Bool
    }

    private mutating func walk(_ text: Span<UInt8>, parentOnly: Bool, follow followLast: Bool) throws(Errno) -> Extent {
        let count = text.count
        guard count > 0 else { throw .ENOENT }
        var index = 0
        if text[0] == UInt8(ascii: "/") {
            try goToRoot()
            repeat { index &+= 1 } while index < count && text[index] == UInt8(ascii: "/")
            if index == count { return Extent(kind: .root, start: 0, length: 0, hasTrailingSlash: false) }
        }
        while true {
            guard let directory = dentry.inode else { throw .ENOENT }
            guard directory.isDirectory else { throw .ENOTDIR }
            try directory.checkSearch(credentials)

            let start = index
            let scan = NameScan(text, start, parent: dentry)
            index &+= scan.length
            var isLast = index == count
            var trailing = false
            if !isLast {
                repeat { index &+= 1 } while index < count && text[index] == UInt8(ascii: "/")
                if index == count {
                    isLast = true
                    trailing = true
                }
            }
            if scan.word0 & 0xff == 0x2e, scan.length <= 2 {
                if scan.length == 1 {
                    if isLast { return Extent(kind: .dot, start: start, length: 1, hasTrailingSlash: trailing) }
                    continue
                }
                if scan.word0 == 0x2e2e {
                    if isLast, parentOnly { return Extent(kind: .dotDot, start: start, length: 2, hasTrailingSlash: trailing) }
                    try goUp()
                    if isLast { return Extent(kind: .dotDot, start: start, length: 2, hasTrailingSlash: trailing) }
                    continue
                }
            }
            if isLast, parentOnly { return Extent(kind: .name, start: start, length: scan.length, hasTrailingSlash: trailing) }

            var child: Dentry
            if let found = vfs.cache.find(dentry, scan.tag, scan.word0, scan.word1, text, start, scan.length),
               !directory.superblock.needsRevalidation {
                child = found
            } else {
                child = try lookUp(directory, text, start, scan.length)
            }
            guard let inode = child.inode else { throw .ENOENT }
            if inode.isSymbolicLink, !isLast || followLast || trailing {
                try self.follow(inode)
                if isLast {
                    if trailing, !(dentry.inode?.isDirectory ?? false) { throw .ENOTDIR }
                    return Extent(kind: .name, start: start, length: scan.length, hasTrailingSlash: trailing)
                }
                continue
            }
            dentry = child
            if child.mountCount > 0 { try cross() }
            if isLast {
                if trailing, !inode.isDirectory { throw .ENOTDIR }
                return Extent(kind: .name, start: start, length: scan.length, hasTrailingSlash: trailing)
            }
        }
    }

    @inline(never)
    private mutating func lookUp(_ directory: Inode, _ text: Span<UInt8>, _ start: Int, _ length: Int) throws(Errno) -> Dentry {
        if length > directory.superblock.nameLimit { throw .ENAMETOOLONG }
        if flags.contains(.cached) { throw .EAGAIN }
        return try vfs.child(dentry, Bytes(text, start, length))
    }

    @inline(never)
    private mutating func follow(_ link: Inode) throws(Errno) {
        guard let text = try linkText(link) else { return }
        _ = try walk(text.span, parentOnly: false, follow: true)
    }

    private mutating func goToRoot() throws(Errno) {
        if !flags.isEmpty {
            if flags.contains(.beneath) { throw .EXDEV }
            if flags.contains(.noCrossing), root.mount !== mount { throw .EXDEV }
        }
        let root = root
        mount = root.mount
        dentry = root.dentry
    }

    /// `..`: not beyond the root, and from the root of a mount to what it covers.
    mutating func goUp() throws(Errno) {
        let root = root
        while true {
            if dentry === root.dentry, mount === root.mount {
                if flags.contains(.beneath) { throw .EXDEV }
                return
            }
            if dentry !== mount.root, let parent = dentry.parent {
                dentry = parent
                break
            }
            guard let outer = mount.parent, let place = mount.mountPoint else { return }
            if flags.contains(.noCrossing) { throw .EXDEV }
            dentry = place
            mount = outer
        }
        if dentry.mountCount > 0 { try cross() }
    }

    @inline(never)
    private mutating func cross() throws(Errno) {
        let top = VFS.crossed(path)
        if top.mount !== mount, flags.contains(.noCrossing) { throw .EXDEV }
        mount = top.mount
        dentry = top.dentry
    }
}

extension Array where Element == UInt8 {
    /// A copy of part of a span.
    init(_ text: Span<UInt8>, _ start: Int, _ length: Int) {
        self.init()
        reserveCapacity(length)
        for index in start..<(start &+ length) { append(text[index]) }
    }
}

// MARK: - Looking up

extension VFS {
    /// Resolves a path.
    /// - Parameters:
    ///   - start: where a relative path begins; nil for the working directory.
    /// - Throws: `ENOENT`, `ENOTDIR`, `EACCES`, `ELOOP`, `ENAMETOOLONG`, `EXDEV`, `EAGAIN` (see path_resolution(7), openat2(2)).
    /// May sleep.
    @inline(__always)
    public func lookup(_ path: Span<UInt8>, at start: Path? = nil, _ flags: LookupFlags, _ context: FSContext, _ credentials: Credentials) throws(Errno) -> Path {
        if path.isEmpty, flags.contains(.emptyPath) { return start ?? context.workingDirectory }
        return try find(path, start, flags, context, credentials)
    }

    private func find(_ path: Span<UInt8>, _ start: Path?, _ flags: LookupFlags, _ context: FSContext, _ credentials: Credentials) throws(Errno) -> Path {
        var walk = Walk(self, start, flags, context, credentials)
        try walk.resolve(path, follow: flags.contains(.follow))
        if flags.contains(.directory), !(walk.dentry.inode?.isDirectory ?? false) { throw .ENOTDIR }
        return walk.path
    }

    /// The dentry of a name in a directory, negative if there is nothing of that name. The name has been
    /// checked for length, the directory for permission. May sleep.
    /// - Parameter locked: the caller holds the directory's lock.
    func child(_ parent: Dentry, _ name: Bytes, locked: Bool = false) throws(Errno) -> Dentry {
        guard let directory = parent.inode else { throw .ENOENT }
        let superblock = directory.superblock
        if let found = cache.find(parent, name) {
            if !superblock.needsRevalidation || found.mountCount > 0 { return found }
            if try superblock.revalidate(name, in: directory, found.inode) { return found }
            if found.tag != 0 { cache.remove(found) }
        }
        if !locked { directory.lock() }
        defer { if !locked { directory.unlock() } }
        if directory.isDead { throw .ENOENT }
        var inode: Inode? = nil
        do throws(Errno) {
            inode = try directory.lookup(name)
        } catch {
            if error != .ENOENT || !superblock.hasNegatives { throw error }
        }
        // Another thread may have looked the same name up while this one slept.
        if let found = cache.find(parent, name), found.inode === inode { return found }
        let child = Dentry(name: name, parent: parent, inode: inode)
        if inode?.isRemembered ?? superblock.cachesNegative, cache.find(parent, name) == nil { cache.insert(child) }
        return child
    }

    /// Makes the name that a file system has just made in a directory stand for `inode`.
    func instantiate(_ child: Dentry, _ inode: Inode) {
        child.inode = inode
        if child.tag == 0, let parent = child.parent, cache.find(parent, child.name) == nil { cache.insert(child) }
    }

    /// The name is gone.
    func forget(_ child: Dentry) {
        child.isUnlinked = true
        cache.remove(child)
    }

    /// A file system's notice that a name in a directory changed behind the kernel's back (another name for the same
    /// directory, or the host): what is remembered of it is dropped.
    public func invalidate(_ name: Bytes, in parent: Dentry) {
        if let found = cache.find(parent, name), found.mountCount == 0 { cache.remove(found) }
    }
}

// MARK: - The text of a path

extension VFS {
    /// The path from `root` to `path`, as d_path makes it for /proc: " (deleted)" follows a name that was removed.
    /// - Returns: the text, and whether the root was met on the way up.
    public static func text(of path: Path, root: Path) -> (text: Bytes, isReachable: Bool) {
        var names: [Bytes] = []
        var mount = path.mount
        var dentry = path.dentry
        var reachable = true
        while !(dentry === root.dentry && mount === root.mount) {
            if dentry === mount.root {
                guard let outer = mount.parent, let place = mount.mountPoint else {
                    reachable = false
                    break
                }
                mount = outer
                dentry = place
                continue
            }
            guard let parent = dentry.parent else {
                reachable = false
                // A file that never was in a directory, such as a memfd, still has a name.
                if dentry.isUnlinked { names.append(dentry.name) }
                break
            }
            names.append(dentry.name)
            dentry = parent
        }
        var text: Bytes = []
        var index = names.count
        while index > 0 {
            index &-= 1
            text.append(UInt8(ascii: "/"))
            text.append(contentsOf: names[index])
        }
        if text.isEmpty { text.append(UInt8(ascii: "/")) }
        if path.dentry.isUnlinked { text.append(" (deleted)") }
        return (text, reachable)
    }

    /// getcwd(2): the text without the final zero.
    /// - Throws: `ENOENT` when the directory has been removed.
    public func workingDirectoryText(_ context: FSContext) throws(Errno) -> Bytes {
        let path = context.workingDirectory
        if path.dentry.isUnlinked { throw .ENOENT }
        let (text, reachable) = VFS.text(of: path, root: context.root)
        return reachable ? text : Bytes("(unreachable)") + text
    }
}
