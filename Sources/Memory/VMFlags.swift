import LinuxABI

/// Properties of a virtual memory area: Linux's vm_flags, with its bit values as far as it has them, so that
/// "may these be merged" is one comparison.
public struct VMFlags: OptionSet, Sendable {
    public let rawValue: UInt64
    @inline(__always) public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static var read: VMFlags { VMFlags(rawValue: 0x1) }
    public static var write: VMFlags { VMFlags(rawValue: 0x2) }
    public static var exec: VMFlags { VMFlags(rawValue: 0x4) }
    /// Writes reach the file: a shared mapping of a file open for writing.
    public static var shared: VMFlags { VMFlags(rawValue: 0x8) }
    /// mprotect(2) may add the permission.
    public static var mayRead: VMFlags { VMFlags(rawValue: 0x10) }
    public static var mayWrite: VMFlags { VMFlags(rawValue: 0x20) }
    public static var mayExec: VMFlags { VMFlags(rawValue: 0x40) }
    /// Made with MAP_SHARED.
    public static var mayShare: VMFlags { VMFlags(rawValue: 0x80) }
    public static var growsDown: VMFlags { VMFlags(rawValue: 0x100) }
    public static var locked: VMFlags { VMFlags(rawValue: 0x2000) }
    public static var sequentialRead: VMFlags { VMFlags(rawValue: 0x8000) }
    public static var randomRead: VMFlags { VMFlags(rawValue: 0x1_0000) }
    /// MADV_DONTFORK.
    public static var dontCopy: VMFlags { VMFlags(rawValue: 0x2_0000) }
    public static var dontExpand: VMFlags { VMFlags(rawValue: 0x4_0000) }
    public static var lockOnFault: VMFlags { VMFlags(rawValue: 0x8_0000) }
    /// Counts against the commit limit: private and writable, or once so.
    public static var account: VMFlags { VMFlags(rawValue: 0x10_0000) }
    public static var noReserve: VMFlags { VMFlags(rawValue: 0x20_0000) }
    public static var wipeOnFork: VMFlags { VMFlags(rawValue: 0x200_0000) }
    public static var dontDump: VMFlags { VMFlags(rawValue: 0x400_0000) }
    public static var hugePage: VMFlags { VMFlags(rawValue: 0x2000_0000) }
    public static var noHugePage: VMFlags { VMFlags(rawValue: 0x4000_0000) }
    public static var mergeable: VMFlags { VMFlags(rawValue: 0x8000_0000) }

    /// mseal(2): may not be unmapped, moved, changed.
    public static var sealed: VMFlags { VMFlags(rawValue: 1 << 40) }
    /// The host's own pages that every process has: [vvar], [vdso]. Always ``sealed``.
    public static var vdso: VMFlags { VMFlags(rawValue: 1 << 41) }
    public static var vvar: VMFlags { VMFlags(rawValue: 1 << 42) }
    public static var vvarClock: VMFlags { VMFlags(rawValue: 1 << 43) }
    /// Address space directly below it is kept free for the trampolines of its text.
    public static var textGap: VMFlags { VMFlags(rawValue: 1 << 44) }
    /// The text mapper has put something into the gap, so that it must be unmapped together with this.
    public static var trampolines: VMFlags { VMFlags(rawValue: 1 << 45) }

    /// Read, write and execute: the same bits as PROT_READ, PROT_WRITE, PROT_EXEC.
    @inline(__always) public static var access: VMFlags { VMFlags(rawValue: 7) }
    public static var lockMask: VMFlags { [.locked, .lockOnFault] }
    public static var special: VMFlags { [.vdso, .vvar, .vvarClock] }
    public static var mayAll: VMFlags { [.mayRead, .mayWrite, .mayExec] }

    @inline(__always)
    public init(protection: UInt32) { self.init(rawValue: UInt64(protection & 7)) }
    @inline(__always)
    public var protection: UInt32 { UInt32(truncatingIfNeeded: rawValue & 7) }
    @inline(__always)
    func has(_ other: VMFlags) -> Bool { rawValue & other.rawValue != 0 }
    /// Counts against RLIMIT_DATA: private, writable, no stack.
    @inline(__always)
    var isData: Bool { rawValue & 0x10a == 0x2 }
}

/// The resource limits an address space obeys, setrlimit(2): bytes, `.max` for none.
public struct MemoryLimits: Sendable {
    public var addressSpace: UInt = .max
    public var data: UInt = .max
    public var stack: UInt = 8 << 20
    public var locked: UInt = 8 << 20
    public init() {}
    /// From the table of all limits, in the order of RLIMIT_ numbers.
    public init(_ limits: [Rlimit]) {
        func soft(_ resource: Int, _ value: inout UInt) {
            if resource < limits.count { value = UInt(limits[resource].cur) }
        }
        soft(2, &data)
        soft(3, &stack)
        soft(8, &locked)
        soft(9, &addressSpace)
    }
}

/// Sizes and places.
public enum Page {
    @inline(__always) public static var size: UInt { 4096 }
    @inline(__always) public static var mask: UInt { 4095 }
    @inline(__always) public static func down(_ address: UInt) -> UInt { address & ~4095 }
    /// Rounds up; wraps to 0 beyond the end, as Linux's PAGE_ALIGN.
    @inline(__always) public static func up(_ address: UInt) -> UInt { (address &+ 4095) & ~4095 }
    @inline(__always) public static func isAligned(_ address: UInt) -> Bool { address & 4095 == 0 }
}

public enum MemoryLayoutLimits {
    /// vm.max_map_count.
    public static var mapCount: Int { 65530 }
    /// vm.mmap_min_addr.
    public static var minimumAddress: UInt { 0x1_0000 }
    /// Pages kept free below a stack that may grow.
    public static var stackGuardGap: UInt { 256 << 12 }
    /// Kept free below the first mapping of a file, see ``VMFlags/textGap``.
    public static var textGap: UInt { 0x1_0000 }
    /// Where MAP_32BIT mappings go.
    public static var low32: Range<UInt> { 0x4000_0000..<0x8000_0000 }
}
