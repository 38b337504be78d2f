/// The layout of the arena, the one piece of memory that the kernel image and the monitor share.
///
/// The arena is a sparse memfd of fixed size, sealed against growing and shrinking. The image maps it
/// shared at ``Arena/address``; the monitor maps only the first ``Arena/kernelStart`` bytes, wherever it
/// likes. All numbers are little-endian, all offsets count bytes from the start of the arena.
///
/// The monitor never trusts what it reads from here: the sandbox may write anything at any moment.
///
///     0x0000_0000  header page            magic, bells, run state, window size, ...
///     0x0000_1000  statistics page        counters the kernel keeps for reports
///     0x0000_2000  panic text             8 KiB
///     0x0001_0000  configuration          up to 4 MiB of records, written before the start
///     0x0041_0000  ring headers           one page each
///     0x0042_0000  ring data              5 x 256 KiB, then 1 MiB for the trace
///     0x0067_0000  request slot headers   64 x 256 bytes
///     0x0068_0000  request slot data      64 x 64 KiB
///     0x0100_0000  the kernel's own       never read by the monitor
public enum Arena {
    /// Where the image maps the arena.
    @inlinable public static var address: UInt { 0x7010_0000_0000 }
    /// Where the image itself is linked.
    @inlinable public static var imageAddress: UInt { 0x7000_0000_0000 }
    /// Bytes; sparse, so only what is touched costs memory.
    @inlinable public static var size: Int { 64 << 30 }
    /// First byte that belongs to the kernel alone.
    @inlinable public static var kernelStart: Int { 0x100_0000 }

    /// "MARTLET\0" as a little-endian number.
    @inlinable public static var magic: UInt64 { 0x0054_454C_5452_414D }
}

/// Descriptors the image finds open when it starts; 0, 1 and 2 are `/dev/null`.
public enum StartDescriptor {
    /// The arena memfd.
    @inlinable public static var arena: Int32 { 3 }
    /// `SOCK_SEQPACKET` socket on which the monitor passes descriptors (see ``Passed``).
    @inlinable public static var socket: Int32 { 4 }
    /// Read end of a pipe whose writer is the monitor. When the monitor is gone the host sends SIGKILL to the process
    /// group of init, in which every process of the sandbox must stay. Leave it open.
    @inlinable public static var lifeline: Int32 { 5 }
}

/// Offsets of the words in the header page.
public enum Header {
    /// u64: ``Arena/magic``.
    @inlinable public static var magic: Int { 0x00 }
    /// u32: ``Arena/version``.
    @inlinable public static var version: Int { 0x08 }
    /// u32: isolation layers that are on (``Layers``); set by the monitor before the start.
    @inlinable public static var layers: Int { 0x0C }
    /// u64: ``Arena/size``.
    @inlinable public static var arenaSize: Int { 0x10 }
    /// u64: offset of the configuration records.
    @inlinable public static var configOffset: Int { 0x18 }
    /// u64: length of the configuration records in bytes.
    @inlinable public static var configLength: Int { 0x20 }
    /// u64: ``Arena/layout``.
    @inlinable public static var layout: Int { 0x28 }

    /// u32, kernel to monitor: incremented after a request was submitted. Wake one waiter
    /// (shared futex) if ``doorbellWaiting`` is not 0.
    @inlinable public static var doorbell: Int { 0x80 }
    /// u32: not 0 while the monitor sleeps, or is about to sleep, on ``doorbell``.
    @inlinable public static var doorbellWaiting: Int { 0x84 }

    /// u32, monitor to kernel: incremented and woken (shared futex) when a ring, the pending
    /// signals or the window size have changed. Init's helper thread sleeps on it.
    @inlinable public static var kernelBell: Int { 0xC0 }

    /// u32: ``RunState``, set by the kernel.
    @inlinable public static var runState: Int { 0x100 }
    /// u32: how the program ended, in the format of wait(2); valid in ``RunState/exited``.
    @inlinable public static var exitStatus: Int { 0x104 }
    /// u32: not 0 when the program could not be executed: the (positive) errno. Valid in
    /// ``RunState/exited``; then ``exitStatus`` is ignored.
    @inlinable public static var execErrno: Int { 0x108 }
    /// u32: bytes of text at ``panicText``.
    @inlinable public static var panicLength: Int { 0x10C }

    /// u64: bit n-1 is set by the monitor when it received signal n; the kernel takes the bits by an
    /// atomic exchange with 0 and delivers them to the foreground process group or the program.
    @inlinable public static var pendingSignals: Int { 0x140 }
    /// u64: terminal size, one atomic word: rows | columns << 16 | x pixels << 32 | y pixels << 48.
    @inlinable public static var windowSize: Int { 0x148 }

    /// i64 x 3: the file offset at which the guest has left standard descriptor n when it is a passed
    /// file (``StdioKind/file``); the monitor sets it to -1 and, if the kernel stored a position,
    /// moves the caller's file description there at the end.
    @inlinable public static var stdioOffset: Int { 0x180 }

    /// u32, kernel to monitor: not 0 while the sandbox could use more memory than its limit, so that the monitor has to look how
    /// much it does use. Its watcher sleeps on the word (shared futex) while it is 0.
    @inlinable public static var memoryWatch: Int { 0x1C0 }
    /// u32, monitor to kernel: the host's number (in the sandbox's pid namespace) of the process that is to die because
    /// the memory is used up; taken by an atomic exchange with 0 after ``kernelBell``. 8 bytes, of which the
    /// upper four are 0.
    @inlinable public static var memoryVictim: Int { 0x1C8 }
    /// u32, kernel to monitor: how many processes died so far for want of memory.
    @inlinable public static var memoryKills: Int { 0x1D0 }
    /// u32: the guest's number of the last of them.
    @inlinable public static var memoryKilled: Int { 0x1D4 }
    /// Its name, 16 bytes with at least one NUL.
    @inlinable public static var memoryKilledName: Int { 0x1D8 }

    /// Start of the statistics page.
    @inlinable public static var statistics: Int { 0x1000 }
    /// Start of the panic text: UTF-8 lines, no NUL needed.
    @inlinable public static var panicText: Int { 0x2000 }
    @inlinable public static var panicCapacity: Int { 0x2000 }

    /// End of the header area, where the configuration begins.
    @inlinable public static var config: Int { 0x1_0000 }
    @inlinable public static var configCapacity: Int { 4 << 20 }
}

/// Offsets in the statistics page (relative to the arena); written by the kernel, read for reports only.
public enum Statistics {
    /// u32 x 512: how often each system call number was answered ENOSYS for want of an implementation.
    @inlinable public static var unimplemented: Int { 0x1000 }
    @inlinable public static var unimplementedCount: Int { 512 }
    /// u64: bytes of kernel heap in use.
    @inlinable public static var heapUsed: Int { 0x1800 }
    /// u64: bytes of the arena taken by the heap, used or free. It never shrinks: the most that was in use, in slabs.
    @inlinable public static var heapReserved: Int { 0x1810 }
    /// u64: system calls served.
    @inlinable public static var calls: Int { 0x1818 }
    /// u64: of these, how many came by SIGSYS.
    @inlinable public static var traps: Int { 0x1820 }
    /// u64: call sites patched.
    @inlinable public static var patchedSites: Int { 0x1828 }
    /// u64: tasks created.
    @inlinable public static var tasks: Int { 0x1830 }
    /// u64: program images executed.
    @inlinable public static var execs: Int { 0x1838 }
    /// u64: bytes of page cache and tmpfs pages in use.
    @inlinable public static var pagesUsed: Int { 0x1840 }
    /// u64: trace records that found the trace ring full and were dropped.
    @inlinable public static var traceDropped: Int { 0x1848 }
}

/// Values of ``Header/runState``.
public enum RunState {
    /// The image has not installed its filter yet. If it ends in this state the run fails.
    @inlinable public static var booting: UInt32 { 0 }
    /// The filter is on; guest code may run.
    @inlinable public static var running: UInt32 { 1 }
    /// The program has ended; `exitStatus` or `execErrno` is valid.
    @inlinable public static var exited: UInt32 { 2 }
    /// The kernel found a defect in itself; the panic text says what.
    @inlinable public static var panicked: UInt32 { 3 }
    /// The host refuses what the sandbox needs to start: the panic text says what, `execErrno` why.
    @inlinable public static var refused: UInt32 { 4 }
}

/// Layers of isolation around the seccomp gate, as bits of ``Header/layers``. The gate itself is always on.
public enum Layers {
    @inlinable public static var userNamespace: UInt32 { 1 << 0 }
    @inlinable public static var pidNamespace: UInt32 { 1 << 1 }
    @inlinable public static var mountNamespace: UInt32 { 1 << 2 }
    @inlinable public static var networkNamespace: UInt32 { 1 << 3 }
    @inlinable public static var ipcNamespace: UInt32 { 1 << 4 }
    @inlinable public static var utsNamespace: UInt32 { 1 << 5 }
    /// The root directory is an empty read-only tmpfs.
    @inlinable public static var emptyRoot: UInt32 { 1 << 6 }
    @inlinable public static var noNewPrivileges: UInt32 { 1 << 7 }
    /// No capabilities, and none in the bounding set.
    @inlinable public static var noCapabilities: UInt32 { 1 << 8 }
    /// Address space layout randomisation is off in the sandbox (personality(2)), so the fixed addresses are free.
    @inlinable public static var addressesFixed: UInt32 { 1 << 9 }
}
