import KernelBase
import LinuxABI
import Machine

/// What has been read of a large host file ahead of a reader who takes it in small pieces, one after the other: a host call for each
/// would take longer than natively.
///
/// Each byte is handed out at most once, and only within a few milliseconds of its reading. So what the host writes to the file shows as if
/// the reads had been made a moment earlier.
final class ReadAhead {
    private static var size: Int { 65536 }
    /// Reads of more bytes go to the host.
    private static var largestRead: Int { 16384 }
    /// Open files that may have one at the same time.
    private static var most: Int { 64 }
    private static var lifetime: UInt64 { 5_000_000 }

    private let system: HostSystem
    /// Nil as long as nobody reads in a row, and while it is filled.
    private var run: PageRun?
    /// There is a run; it counts in ``HostSystem/readAheads``.
    private var hasRun = false
    /// The file offset where the last read ended; nobody reads before 0.
    private var next = -1
    /// The bytes from ``next`` on: where they are in the run, and how many.
    private var start = 0
    private var left = 0
    /// Until when they may be handed out, by the monotonic clock.
    private var deadline: UInt64 = 0

    private init(_ system: HostSystem) { self.system = system }

    deinit { if hasRun { system.readAheads &-= 1 } }

    /// An open file's own, made at its first small read.
    /// - Returns: nil for a read that is not small.
    static func forRead(of count: Int, _ own: inout ReadAhead?, _ system: HostSystem) -> ReadAhead? {
        guard count <= largestRead else { return nil }
        if own == nil { own = ReadAhead(system) }
        return own
    }

    /// Reads up to `count` bytes of the file at `offset`. May sleep.
    /// - Throws: `EFAULT`, errors of the host's.
    func read(_ buffer: inout IOBuffer, _ count: Int, from source: HostDescriptor, at offset: Int) throws(Errno) -> Int {
        if offset == next, has(count) || fill(source, offset) { return try handOut(&buffer, count) }
        let done = try buffer.write(hostDescriptor: source.number, offset: offset, count: count)
        next = offset &+ done
        left = 0
        return done
    }

    private func has(_ count: Int) -> Bool { left >= count && Clock.monotonic() < deadline }

    /// - Returns: false if the host is to be asked for just what is wanted: at the end of the file, after an error, while another thread fills it.
    private func fill(_ source: HostDescriptor, _ offset: Int) -> Bool {
        left = 0
        if !hasRun {
            guard system.readAheads < ReadAhead.most, let new = PageRun.allocate(bytes: ReadAhead.size, zeroed: false) else { return false }
            system.readAheads &+= 1
            hasRun = true
            run = new
        }
        guard let run else { return false }
        self.run = nil
        let count = try? run.readHost(descriptor: source.number, fileOffset: offset, offset: 0, count: ReadAhead.size)
        self.run = run
        guard let count, count > 0 else { return false }
        next = offset
        start = 0
        left = count
        deadline = Clock.deadline(after: ReadAhead.lifetime)
        return true
    }

    /// While it copies, which may sleep for the guest's page, nobody else uses or fills the run.
    private func handOut(_ buffer: inout IOBuffer, _ count: Int) throws(Errno) -> Int {
        guard let run else { return 0 }
        let offset = next, place = start, available = left
        self.run = nil
        left = 0
        defer { self.run = run }
        let done = try buffer.write(run, offset: place, count: min(count, available))
        next = offset &+ done
        start = place &+ done
        left = available &- done
        return done
    }
}
