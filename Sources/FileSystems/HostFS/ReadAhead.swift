import KernelBase
import LinuxABI
import Machine

/// What has been read of a large host file ahead of a reader who takes it in small pieces, one after the other: a host call for each
/// would take longer than natively.
///
/// Each byte is handed out at most once, and only within a few milliseconds of its reading. So what the host writes to the file shows as if
/// the reads had been made a moment earlier.
struct ReadAhead {
    static var size: Int { 65536 }
    /// Reads of more bytes go to the host.
    static var largestRead: Int { 16384 }
    /// Open files that may have one at the same time.
    static var most: Int { 64 }
    private static var lifetime: UInt64 { 5_000_000 }

    private var run: PageRun?
    /// The file offset where the last read ended; nobody reads before 0.
    private(set) var next = -1
    /// The bytes from ``next`` on: where they are in the run, and how many.
    private var start = 0
    private var left = 0
    /// Until when they may be handed out, by the monotonic clock.
    private var deadline: UInt64 = 0

    /// A read that was not answered from here has ended at `offset`.
    mutating func noteRead(upTo offset: Int) {
        next = offset
        left = 0
    }

    func has(_ count: Int) -> Bool { left >= count && Clock.monotonic() < deadline }

    /// Takes the memory out to be filled, which may sleep; others find nothing meanwhile.
    /// - Parameter mayGrow: whether it may be allocated.
    mutating func takeRun(mayGrow: Bool) -> PageRun? {
        left = 0
        guard let run else { return mayGrow ? PageRun.allocate(bytes: ReadAhead.size, zeroed: false) : nil }
        self.run = nil
        return run
    }

    mutating func put(_ run: PageRun, _ count: Int, from offset: Int) {
        self.run = run
        next = offset
        start = 0
        left = count
        deadline = Clock.deadline(after: ReadAhead.lifetime)
    }

    /// Hands out up to `buffer.count` bytes.
    /// - Throws: `EFAULT`.
    mutating func read(_ buffer: inout IOBuffer) throws(Errno) -> Int {
        guard let run else { return 0 }
        let done = try buffer.write(run, offset: start, count: min(buffer.count, left))
        next &+= done
        start &+= done
        left &-= done
        return done
    }
}
