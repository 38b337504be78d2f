import KernelBase
import LinuxABI
import Machine
import VFS

/// What a fault in guest memory means.
public enum FaultResolution {
    /// Mapped now: run the instruction again.
    case retry
    /// Signal and si_code.
    case signal(Int32, code: Int32)
}

/// The contract that Tasks codes against; the real one is being written.
public final class AddressSpace {
    public let lock = SleepLock()
    public private(set) var users = 1
    public var startBreak: UInt = 0
    public var auxiliaryVector: Bytes = []
    public var executable: File?
    /// RLIMIT values that mappings honour; Tasks keeps them current.

    public var stackStart: UInt = 0
    public func sharedPlace(of address: UInt) -> (object: UInt, offset: UInt)? { nil }
    public var codeRange: Range<UInt> = 0..<0
    public var dataRange: Range<UInt> = 0..<0
    public var argumentRange: Range<UInt> = 0..<0
    public var environmentRange: Range<UInt> = 0..<0
    public var executableReleased: ((File) -> Void)?
    public func setExecutable(_ file: File?) { executable = file; file?.acquire() }
    public init(limits: MemoryLimits = MemoryLimits()) {}
    public func findProgramSpace(_ size: UInt, alignment: UInt) throws(Errno) -> UInt { throw .ENOMEM }
    public func mapProgramFile(_ file: File, at address: UInt, length: UInt, offset: UInt, protection: UInt32) throws(Errno) {}
    public func mapProgramMemory(at address: UInt, length: UInt, protection: UInt32) throws(Errno) {}
    public func mapStack(top: UInt) throws(Errno) {}
    public func reserveStack(downTo sp: UInt) throws(Errno) {}
    public func setBreak(_ start: UInt) {}

    public func acquire() { users &+= 1 }
    /// The last user's release drops files and pages; the host process ends by itself.
    public func release() { users &-= 1 }

    /// A copy for the child of a fork. Called with `lock` held; the host copies the memory right after.
    public func forked() throws(Errno) -> AddressSpace { AddressSpace() }
    /// In the child, after the host's copy: MADV_DONTFORK and MADV_WIPEONFORK.
    public func finishFork() {}
    /// What other threads asked this one to do to its address space; before each slow return to the guest.
    public func performPendingWork() {}

    // --- exec; in the process that will run the program ---

    /// Unmaps everything of the guest (not the kernel, not the vDSO).
    public func clear() {}
    /// Maps a piece of a file at a fixed place (MAP_PRIVATE | MAP_FIXED).
    public func mapFile(_ file: File, at address: UInt, length: UInt, offset: UInt, protection: UInt32) throws(Errno) {}
    /// Maps zeroed private memory at a fixed place.
    public func mapAnonymous(at address: UInt, length: UInt, protection: UInt32) throws(Errno) {}
    /// The stack vma below `top`: `size` bytes mapped at once, growing down to `limit`.
    public func mapStack(top: UInt, size: UInt, limit: UInt) throws(Errno) {}
    /// A free range as mmap(2) would choose it.
    public func findFree(length: UInt, alignment: UInt = 4096) -> UInt? { nil }

    /// A guest fault at `address`, by a read, a write or an instruction fetch.
    public func resolveFault(_ address: UInt, write: Bool, execute: Bool) -> FaultResolution { .signal(11, code: 1) }
}

public struct MemoryLimits { public init() {} }
