import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import VFS

/// The standard streams of the caller that the monitor pumps: pipes, sockets, devices of the host.
public final class HostStreams {
    private let rings: [HostRing]
    private let superblock = HostStreamSuperblock(device: 0x10, magic: PIPEFS_MAGIC)
    /// Standard descriptors that are passed host files; their offsets are told to the monitor at the end.
    private var files: [HostRegularFile] = []

    public init() {
        var rings: [HostRing] = []
        for index in 0..<Ring.trace { rings.append(HostRing(index: index)) }
        self.rings = rings
        // From the start, so that the first poll or read without waiting already knows.
        rings[Ring.standardInput].watch()
    }

    /// Ring number `index` of ``Ring``, the trace ring excluded.
    public func ring(_ index: Int) -> HostRing? { index >= 0 && index < rings.count ? rings[index] : nil }

    /// Wakes those who wait for a ring that has changed. To be called by the kernel thread that sleeps on
    /// ``Header/kernelBell``, after each of its changes, under the kernel lock.
    public static func bell() {
        let streams = TerminalSystem.shared.streams
        for ring in streams.rings { ring.bell(input: HostStreams.isInput(ring.index)) }
    }

    public static func isInput(_ index: Int) -> Bool { index == Ring.standardInput || index == Ring.terminalInput }

    func makeInode(mode: UInt32, device: UInt64, number: UInt64, input: HostRing?, output: HostRing?, uid: UInt32, gid: UInt32) -> HostStreamInode {
        HostStreamInode(superblock, mode: mode, device: device, number: number, input: input, output: output, uid: uid, gid: gid)
    }

    func add(_ file: HostRegularFile) { files.append(file) }

    /// Leaves the offsets of passed files for the monitor (``Header/stdioOffset``), which moves the caller's
    /// descriptors there. To be called when the program has ended, before ``RunState/exited`` is stored.
    public static func saveOffsets() {
        for file in TerminalSystem.shared.streams.files { file.saveOffset() }
    }
}

/// The file behind a pumped standard stream. It looks like what it is on the host: a FIFO, a socket, a device.
public final class HostStreamInode: Inode {
    let input: HostRing?
    let output: HostRing?

    init(_ superblock: Superblock, mode: UInt32, device: UInt64, number: UInt64, input: HostRing?, output: HostRing?, uid: UInt32, gid: UInt32) {
        self.input = input
        self.output = output
        super.init(superblock: superblock, number: number != 0 ? number : UInt64((input ?? output)?.index ?? 0) &+ 1, mode: mode, uid: uid, gid: gid)
        specialDevice = device
    }

    var isFIFO: Bool { type == S_IFIFO }
    var isSocket: Bool { type == S_IFSOCK }

    /// Opened again, through /proc/self/fd or /dev/stdout.
    public override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        // A socket cannot be opened.
        if isSocket { throw .ENXIO }
        let wantsInput = flags & O_ACCMODE != O_WRONLY, wantsOutput = flags & O_ACCMODE != O_RDONLY
        if wantsInput && input == nil || wantsOutput && output == nil { throw .EACCES }
        return HostStreamFile(inode: self, path: path, flags: flags)
    }
}

/// An open standard stream that the monitor pumps through rings.
///
/// Reading takes no more from the host than the guest asks for; writing copies into the ring, and
/// the monitor writes to the host in its own time.
public final class HostStreamFile: File {
    private let input: HostRing?
    private let output: HostRing?
    private let stream: HostStreamInode

    fileprivate init(inode: HostStreamInode, path: Path?, flags: UInt32) {
        stream = inode
        let readable = flags & O_ACCMODE != O_WRONLY, writable = flags & O_ACCMODE != O_RDONLY
        input = readable ? inode.input : nil
        output = writable ? inode.output : nil
        super.init(inode: inode, path: path, flags: flags)
        input?.acquire()
        output?.acquire()
    }

    /// A standard stream, as a ``StdioRecord`` describes it.
    /// - Parameters:
    ///   - input: ring it is read from, or nil.
    ///   - output: ring it is written to, or nil.
    ///   - mode: st_mode of the host's file.
    ///   - device: st_rdev of the host's file.
    ///   - flags: access mode, O_APPEND and O_NONBLOCK.
    ///   - uid: owner that fstat(2) shows, likewise `gid`.
    ///   - number: inode number of the host's file; 0 if not known.
    public convenience init(input: Int?, output: Int?, mode: UInt32, flags: UInt32, device: UInt64 = 0, number: UInt64 = 0, uid: UInt32 = 0, gid: UInt32 = 0) {
        let streams = TerminalSystem.shared.streams
        var inputRing: HostRing?, outputRing: HostRing?
        if let input { inputRing = streams.ring(input) }
        if let output { outputRing = streams.ring(output) }
        self.init(inode: streams.makeInode(mode: mode, device: device, number: number, input: inputRing, output: outputRing, uid: uid, gid: gid), path: nil, flags: flags)
    }

    /// A standard stream with one ring: input if it is ``Ring/standardInput``, else output.
    public convenience init(ring: Int, mode: UInt32, flags: UInt32) {
        let isInput = HostStreams.isInput(ring)
        self.init(input: isInput ? ring : nil, output: isInput ? nil : ring, mode: mode, flags: flags)
    }

    public override func closing() {
        input?.release(input: true)
        output?.release(input: false)
    }

    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard let input else { throw .EBADF }
        if buffer.count == 0 { return 0 }
        while true {
            let count = try input.take(&buffer)
            if count > 0 { return count }
            if input.isClosed {
                // The last bytes may have come between the two looks.
                let count = try input.take(&buffer)
                if count == 0, input.error != 0 { throw Errno(input.error) }
                return count
            }
            if isNonBlocking {
                guard try input.fetchInput(count: buffer.count) else { throw .EAGAIN }
            } else {
                try input.waitForInput(count: buffer.count)
            }
        }
    }

    /// Throws `EPIPE` when nobody reads; the caller sends SIGPIPE.
    public override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        guard let output else { throw .EBADF }
        // As with a pipe, up to PIPE_BUF bytes go in one piece.
        let least = stream.isFIFO && buffer.count <= 4096 ? buffer.count : 1
        var done = 0
        while buffer.count > 0 {
            do throws(Errno) {
                if output.isBroken { throw output.error != 0 ? Errno(output.error) : .EPIPE }
                if output.space >= least {
                    done &+= try output.put(&buffer, limit: .max)
                } else if isNonBlocking {
                    throw .EAGAIN
                } else {
                    try output.waitForSpace(least)
                }
            } catch {
                if done > 0 { return done }
                throw error
            }
        }
        return done
    }

    public override func poll(_ table: PollTable?) -> UInt32 {
        var events: UInt32 = 0
        if let input {
            table?.add(input.queue)
            if input.pollInput() {
                let ended = input.isClosed && input.available == 0
                if !ended || !stream.isFIFO { events |= POLLIN | POLLRDNORM }
                if input.isClosed { events |= stream.isSocket ? POLLRDHUP : POLLHUP }
            }
        }
        if let output {
            table?.add(output.queue)
            if output.hasSpace(4096) { events |= POLLOUT | POLLWRNORM }
            if output.isBroken { events |= stream.isSocket ? POLLERR | POLLHUP : POLLERR }
        }
        return events
    }

    public override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        guard request == UInt32(FIONREAD) else { throw .ENOTTY }
        try UserMemory.store(Int32(input?.available ?? 0), at: argument)
        return 0
    }

    public override var linkText: Bytes {
        var text = Bytes(stream.isSocket ? "socket:[" : stream.isFIFO ? "pipe:[" : "anon_inode:[")
        text.append(decimal: Int(truncatingIfNeeded: stream.number))
        text.append("]")
        return text
    }
}
