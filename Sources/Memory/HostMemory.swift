import KernelBase
import LinuxABI
import Machine
import MonitorProtocol

/// The host's side of an address space: the mappings of the calling process. Every call drops the kernel
/// lock while the host works; the address space's own lock keeps others away meanwhile.
///
/// A class, so that tests can put a model in its place.
open class HostMemory {
    public init() {}

    /// Set for a moment while a user copy waits for its page: calls keep the kernel lock then.
    public final var keepsLock = false

    @inline(__always)
    private final func call(_ body: () throws(Errno) -> Void) throws(Errno) {
        do throws(Errno) {
            if keepsLock { try body() } else { try KernelLock.droppedThrowing(body) }
        } catch {
            // Arguments have been checked before: the host is at a limit.
            Log.write(LogLevel.info, "the host refuses a change of memory: errno ", Int(error.rawValue))
            throw error
        }
    }

    /// Anonymous private memory over whatever is at the place.
    open func mapAnonymous(_ address: UInt, _ length: UInt, _ protection: UInt32, noReserve: Bool) throws(Errno) {
        try call { () throws(Errno) in try Host.mapAnonymous(address, length, protection: protection, noReserve: noReserve) }
    }
    open func mapArena(_ address: UInt, _ length: UInt, _ protection: UInt32, shared: Bool, offset: UInt) throws(Errno) {
        try call { () throws(Errno) in try Host.mapArena(address, length, protection: protection, shared: shared, arenaOffset: offset) }
    }
    open func mapDescriptor(_ address: UInt, _ length: UInt, _ protection: UInt32, shared: Bool, descriptor: Int32,
                            offset: UInt) throws(Errno) {
        try call { () throws(Errno) in
            try Host.mapDescriptor(address, length, protection: protection, shared: shared, descriptor: descriptor, offset: offset)
        }
    }
    open func unmap(_ address: UInt, _ length: UInt) throws(Errno) {
        try call { () throws(Errno) in try Host.unmap(address, length) }
    }
    /// Unmaps [start, end) but for what of it is the kernel's.
    final func unmapAround(_ start: UInt, _ end: UInt) throws(Errno) {
        if !AddressSpace.touchesKernel(start, end) {
            try unmap(start, end &- start)
            return
        }
        if start < Host.kernelStart { try unmap(start, Host.kernelStart &- start) }
        if end > Host.kernelEnd { try unmap(Host.kernelEnd, end &- Host.kernelEnd) }
    }
    open func protect(_ address: UInt, _ length: UInt, _ protection: UInt32) throws(Errno) {
        try call { () throws(Errno) in try Host.protect(address, length, protection) }
    }
    /// Moves pages to a free place (or over what is there); `keepOld` leaves an empty area behind.
    open func remap(_ address: UInt, _ oldLength: UInt, _ newLength: UInt, to newAddress: UInt, keepOld: Bool) throws(Errno) {
        try call { () throws(Errno) in try Host.remap(address, oldLength, newLength, to: newAddress, keepOld: keepOld) }
    }
    open func advise(_ address: UInt, _ length: UInt, _ advice: Int32) throws(Errno) {
        try call { () throws(Errno) in try Host.advise(address, length, advice) }
    }
    /// One byte for each page, bit 0: resident.
    open func residency(_ address: UInt, pages: Int) throws(Errno) -> [UInt8] {
        try Host.residency(address, pages: pages)
    }
}
