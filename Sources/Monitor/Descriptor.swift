import CHost
import Glibc
import HostBase

/// An error of the host, as errno.
public struct HostError: Error, Equatable {
    public let code: Int32

    public init(_ code: Int32) { self.code = code }

    static let notPermitted = HostError(EPERM)
    static let noEntry = HostError(ENOENT)
    static let badHandle = HostError(EBADF)
    static let invalid = HostError(EINVAL)
    static let readOnly = HostError(EROFS)
    static let nameTooLong = HostError(ENAMETOOLONG)
    static let notImplemented = HostError(ENOSYS)
    static let isDirectory = HostError(EISDIR)
    static let notDirectory = HostError(ENOTDIR)
    static let exists = HostError(EEXIST)
    static let notSupported = HostError(EOPNOTSUPP)
    static let range = HostError(ERANGE)

    /// What strerror(3) says.
    public var text: String { String(cString: strerror(code)) }

    /// The error left in errno by the call just made.
    static var last: HostError { HostError(errno) }

    /// The non-negative `value`, or the error that it stands for when negative.
    @discardableResult
    static func check(_ value: Int32) throws(HostError) -> Int32 {
        if value < 0 { throw HostError(-value) }
        return value
    }

    /// The same for the calls that answer in a C `long`.
    @discardableResult
    static func check(_ value: Int) throws(HostError) -> Int {
        if value < 0 { throw HostError(Int32(truncatingIfNeeded: -value)) }
        return value
    }

    /// For calls of libc that answer -1 and set errno.
    @discardableResult
    static func checkErrno(_ value: Int32) throws(HostError) -> Int32 {
        if value < 0 { throw last }
        return value
    }
}

/// An open file descriptor that is closed when its owner goes.
public struct Descriptor: ~Copyable {
    public let raw: Int32

    public init(owning raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    /// Opens `path` relative to the current directory.
    init(path: String, flags: Int32, mode: mode_t = 0) throws(HostError) {
        raw = try HostError.check(chost_open(AT_FDCWD, HostText.path(path), flags, mode))
    }

    /// A pipe: read end, write end; both close on exec.
    static func pipe() throws(HostError) -> Ends {
        var ends: (Int32, Int32) = (-1, -1)
        try HostError.check(withUnsafeMutableBytes(of: &ends) { chost_pipe($0.bindMemory(to: Int32.self).baseAddress!) })
        return Ends(first: Descriptor(owning: ends.0), second: Descriptor(owning: ends.1))
    }

    /// A pair of connected sockets that keep message boundaries.
    static func messageSockets() throws(HostError) -> Ends {
        var ends: (Int32, Int32) = (-1, -1)
        let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let result = withUnsafeMutableBytes(of: &ends) { socketpair(AF_UNIX, kind, 0, $0.bindMemory(to: Int32.self).baseAddress!) }
        try HostError.checkErrno(result)
        return Ends(first: Descriptor(owning: ends.0), second: Descriptor(owning: ends.1))
    }

    struct Ends: ~Copyable {
        let first: Descriptor
        let second: Descriptor
    }
}

/// Writes all bytes to a descriptor, waiting where it is non-blocking; gives up at the first error.
@discardableResult
func writeAll(_ descriptor: Int32, _ text: String) -> Bool { writeAll(descriptor, HostText.bytes(text)) }

/// Writes all of it, whatever it takes.
/// - Returns: false if the descriptor does not take it: a full disk, no reader.
@discardableResult
func writeAll(_ descriptor: Int32, _ all: [UInt8]) -> Bool {
    var bytes = all[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            bytes = bytes.dropFirst(count)
        } else if errno == EAGAIN {
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&wait, 1, -1)
        } else if count == 0 || errno != EINTR {
            return false
        }
    }
    return true
}

/// Starts a detached thread.
func startThread(_ body: @escaping @Sendable () -> Void) throws(HostError) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let error = pthread_create(&thread, nil, { argument in
        Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
    }, box.toOpaque())
    if error != 0 {
        box.release()
        throw HostError(error)
    }
    pthread_detach(thread)
}
