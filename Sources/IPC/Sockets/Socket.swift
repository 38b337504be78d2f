import KernelBase
import LinuxABI
import Machine
import VFS

/// Who sent a message or owns a socket, unix(7).
public struct SocketCredentials: Equatable {
    public var pid: Int32
    public var uid: UInt32
    public var gid: UInt32
    public init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }
    public static func == (a: SocketCredentials, b: SocketCredentials) -> Bool {
        a.pid == b.pid && a.uid == b.uid && a.gid == b.gid
    }
    /// Of a socket that has no peer.
    public static var none: SocketCredentials { SocketCredentials(pid: 0, uid: .max, gid: .max) }

    /// The calling task's real ids.
    static func ofCaller() -> SocketCredentials {
        let caller = IPCState.shared.caller
        let credentials = caller.credentials()
        return SocketCredentials(pid: caller.processID(), uid: credentials.uid, gid: credentials.gid)
    }
}

/// What goes along with the data of a sendmsg(2).
public struct SentControl {
    /// Checked already: the sender may claim these.
    public var credentials: SocketCredentials?
    /// The caller holds these during the call; the message takes references of its own.
    public var files: [File] = []
    public init() {}
}

/// What a recvmsg(2) brought.
public struct ReceivedMessage {
    /// What the call returns: bytes stored, or the whole length for MSG_TRUNC.
    public var count = 0
    /// MSG_TRUNC if data were cut off.
    public var flags: UInt32 = 0
    /// The sender's address; nil if it has none.
    public var address: Bytes?
    /// Set if the socket wants credentials with each message (SO_PASSCRED).
    public var credentials: SocketCredentials?
    /// Set if the socket wants a descriptor of the sender's process (SO_PASSPIDFD), and there is one.
    public var senderProcess: Int32?
    /// Files passed; each has one user that now is the caller's.
    public var files: [File] = []
    public init() {}

    /// Gives back the files of a message that nobody wants.
    public mutating func dropFiles() {
        let dropped = files
        files = []
        for file in dropped { file.release() }
    }
}

/// An open socket, socket(7). The families are subclasses.
///
/// Addresses are the bytes of a sockaddr. A call's `flags` are MSG_*; O_NONBLOCK counts as MSG_DONTWAIT.
open class SocketFile: File {
    public final let domain: Int32
    /// SOCK_STREAM, SOCK_DGRAM...
    public final let type: UInt32
    public final let socketProtocol: Int32

    public init(inode: Inode, flags: UInt32, domain: Int32, type: UInt32, socketProtocol: Int32) {
        self.domain = domain
        self.type = type
        self.socketProtocol = socketProtocol
        super.init(inode: inode, path: nil, flags: O_RDWR | flags)
    }

    open func bind(_ address: Bytes) throws(Errno) { throw .EOPNOTSUPP }
    open func listen(_ backlog: Int) throws(Errno) { throw .EOPNOTSUPP }
    open func connect(_ address: Bytes) throws(Errno) { throw .EOPNOTSUPP }
    /// A connection; the caller takes its first reference. May sleep.
    /// - Parameter flags: O_NONBLOCK for the new file.
    open func accept(flags: UInt32) throws(Errno) -> SocketFile { throw .EOPNOTSUPP }
    /// getsockname(2).
    open func name() throws(Errno) -> Bytes { throw .EOPNOTSUPP }
    /// getpeername(2).
    open func peerName() throws(Errno) -> Bytes { throw .EOPNOTSUPP }
    /// - Parameter how: SHUT_RD, SHUT_WR, SHUT_RDWR.
    open func shutdown(_ how: Int32) throws(Errno) { throw .EOPNOTSUPP }
    /// May sleep.
    open func send(_ buffer: inout IOBuffer, flags: UInt32, to address: Bytes?, _ control: SentControl?) throws(Errno) -> Int { throw .EOPNOTSUPP }
    /// May sleep.
    open func receive(_ buffer: inout IOBuffer, flags: UInt32) throws(Errno) -> ReceivedMessage { throw .EOPNOTSUPP }
    /// The whole value of an option; the caller cuts it.
    open func option(level: Int32, _ name: Int32) throws(Errno) -> Bytes { throw .EOPNOTSUPP }
    open func setOption(level: Int32, _ name: Int32, _ value: Bytes) throws(Errno) { throw .EOPNOTSUPP }
    /// The process at the other end, for SO_PEERPIDFD; 0 for none.
    open var peerProcess: Int32 { 0 }
    /// How long one message of a recvmmsg(2) or an accept(2) may take, nanoseconds.
    open var receiveTimeout: UInt64 { .max }

    public override final func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard buffer.count > 0 else { return 0 }
        var message = try receive(&buffer, flags: 0)
        if !message.files.isEmpty { message.dropFiles() }
        return message.count
    }
    public override final func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        try send(&buffer, flags: 0, to: nil, nil)
    }

    public override final var linkText: Bytes {
        var text = Bytes("socket:[")
        text.append(decimal: UInt(inode.number))
        text.append("]")
        return text
    }

    /// socket(2) and socketpair(2): what families and types there are.
    /// - Parameters:
    ///   - type: with SOCK_NONBLOCK; SOCK_CLOEXEC is the caller's.
    /// - Throws: `EINVAL`, `EAFNOSUPPORT`, `ESOCKTNOSUPPORT`, `EPROTONOSUPPORT`, `ENOMEM`.
    public static func make(domain: Int32, type: UInt32, socketProtocol: Int32) throws(Errno) -> SocketFile {
        guard type & ~(SOCK_TYPE_MASK | SOCK_CLOEXEC | SOCK_NONBLOCK) == 0 else { throw .EINVAL }
        let kind = type & SOCK_TYPE_MASK
        guard domain >= 0, domain < AF_MAX else { throw .EAFNOSUPPORT }
        guard kind < 11 else { throw .EINVAL }
        guard domain == AF_UNIX else { throw .EAFNOSUPPORT }
        guard socketProtocol == 0 || socketProtocol == AF_UNIX else { throw .EPROTONOSUPPORT }
        let actual: UInt32
        switch kind {
        case SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET: actual = kind
        case SOCK_RAW: actual = SOCK_DGRAM // believe it or not, BSD has it
        default: throw .ESOCKTNOSUPPORT
        }
        try requireMemory()
        return UnixSocket(type: actual, flags: type & SOCK_NONBLOCK)
    }
}

/// The inode of a socket, in sockfs.
final class SocketInode: Inode {
    init() {
        let state = IPCState.shared
        let credentials = state.caller.credentials()
        super.init(superblock: state.sockets, number: state.nextInode(), mode: S_IFSOCK | 0o777,
                   uid: credentials.fsuid, gid: credentials.fsgid)
    }
}
