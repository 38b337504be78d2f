import KernelBase
import LinuxABI
import Machine
import VFS

/// Data on their way from one Unix socket to another, with what goes along.
final class UnixMessage {
    private let bytes: Bytes
    private let pages: PageRun?
    /// Bytes in all.
    let count: Int
    /// Bytes read already, of a stream.
    var consumed = 0
    /// Whose send buffer it is charged to; nil once given back.
    private(set) var sender: UnixSocket?
    /// Bytes of that buffer.
    private let charge: Int
    var credentials: SocketCredentials?
    /// Files in flight, one user each.
    private(set) var files: [File] = []
    private var fileOwner: UInt32 = 0
    var next: UnixMessage?

    var left: Int { count &- consumed }

    /// Takes `count` bytes from the buffer.
    /// - Throws: `EFAULT`, `ENOMEM`.
    init(_ buffer: inout IOBuffer, count: Int, charge: Int, sender: UnixSocket) throws(Errno) {
        var bytes: Bytes = []
        var pages: PageRun?
        // Small ones are on the heap; the pages of the others are not cleared, they are filled at once.
        if count > 2048 {
            guard let run = PageRun.allocate(bytes: count, zeroed: false) else { throw .ENOMEM }
            guard try buffer.read(into: run, offset: 0, count: count) == count else { throw .EFAULT }
            pages = run
        } else if count > 0 {
            bytes = try buffer.read(count)
            guard bytes.count == count else { throw .EFAULT }
        }
        self.bytes = bytes
        self.pages = pages
        self.count = count
        self.charge = charge
        self.sender = sender
        sender.writeMemory &+= charge
    }

    /// Stores bytes [offset, offset + wanted) in the reader's buffer.
    /// - Throws: `EFAULT` if not all could be stored.
    func copy(from offset: Int, _ wanted: Int, to buffer: inout IOBuffer) throws(Errno) {
        guard wanted > 0, offset >= 0, offset &+ wanted <= count else { return }
        let moved: Int
        if let pages {
            moved = try buffer.write(pages, offset: offset, count: wanted)
        } else {
            let local = bytes
            moved = try buffer.write(local.span.extracting(offset..<(offset &+ wanted)))
        }
        guard moved == wanted else { throw .EFAULT }
    }

    /// Puts files in flight with this message.
    /// - Throws: `ETOOMANYREFS`.
    func attach(_ sent: [File]) throws(Errno) {
        guard !sent.isEmpty else { return }
        let state = IPCState.shared
        let caller = state.caller.credentials()
        if state.socketsInFlight.count > 8 * Int(SCM_MAX_FD) { sender?.collectGarbage() }
        let inFlight = state.descriptorsInFlight[caller.uid] ?? 0
        if UInt64(inFlight) > state.caller.descriptorLimit(), !caller.has(Int(CAP_SYS_RESOURCE)), !caller.has(Int(CAP_SYS_ADMIN)) {
            throw .ETOOMANYREFS
        }
        fileOwner = caller.uid
        files = sent
        state.descriptorsInFlight[fileOwner] = inFlight &+ sent.count
        for file in sent {
            file.acquire()
            if let socket = file as? UnixSocket { socket.enteredFlight(state) }
        }
    }

    /// Takes the files out of flight; their users pass to the caller.
    func detachFiles() -> [File] {
        guard !files.isEmpty else { return [] }
        let result = files
        files = []
        let state = IPCState.shared
        let inFlight = (state.descriptorsInFlight[fileOwner] ?? 0) &- result.count
        state.descriptorsInFlight[fileOwner] = inFlight > 0 ? inFlight : nil
        for file in result {
            if let socket = file as? UnixSocket { socket.leftFlight(state) }
        }
        return result
    }

    /// The message was read or thrown away: gives the sender its buffer back.
    func discharge() {
        guard let sender else { return }
        self.sender = nil
        sender.writeMemory &-= charge
        sender.roomCame()
    }

    /// Throws it away with its files. May sleep.
    func drop() {
        let dropped = detachFiles()
        discharge()
        for file in dropped { file.release() }
    }

    // --- what Linux charges for a message: its socket buffer, rounded up to what its allocator gives ---

    /// Bytes besides the data in one block.
    private static var overhead: Int { 320 }

    private static func linear(_ count: Int) -> Int {
        let wanted = ((count &+ 63) & ~63) &+ overhead
        var block = 512
        while block < wanted { block &*= 2 }
        return 256 &+ block
    }
    private static func inPages(_ count: Int, _ total: Int) -> Int { min(total, (count &+ 4095) & ~4095) }

    /// Largest piece of a stream's data that is one message.
    static var streamPiece: Int { 36544 }

    static func charge(stream count: Int) -> Int {
        let paged = inPages(max(0, count &- 3776), count)
        return linear(count &- paged) &+ ((paged &+ 4095) & ~4095)
    }
    static func charge(datagram count: Int) -> Int {
        guard count > 16064 else { return linear(count) }
        let paged = inPages(count &- 16064, count)
        return linear(count &- paged) &+ paged
    }
}

/// Messages in the order they came: a singly linked list.
struct UnixMessageQueue {
    private(set) var first: UnixMessage?
    private var last: UnixMessage?
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ message: UnixMessage) {
        if let last { last.next = message } else { first = message }
        last = message
        count &+= 1
    }

    @discardableResult
    mutating func removeFirst() -> UnixMessage? {
        guard let message = first else { return nil }
        first = message.next
        message.next = nil
        if first == nil { last = nil }
        count &-= 1
        return message
    }
}
