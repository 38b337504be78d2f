import CHost
import Glibc
import MonitorProtocol

/// The monitor's view of the arena: every access is one atomic word or a copy, for the sandbox may change
/// any byte at any moment. Nothing keeps a pointer into it.
///
/// Safe to use from several threads: it has no state but the mapping, which lives as long as the object.
final class SharedArena: @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    /// Bytes mapped: all below the kernel's own part.
    let length = Arena.kernelStart

    /// Maps the arena behind `descriptor`.
    init(descriptor: borrowing Descriptor) throws(HostError) {
        let address = mmap(nil, Arena.kernelStart, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.raw, 0)
        guard let address, address != MAP_FAILED else { throw HostError.last }
        base = address
    }

    deinit { munmap(base, length) }

    /// Bounds are the monitor's own arithmetic, never a number from the sandbox; a mistake here stops the monitor.
    private func at(_ offset: Int, _ count: Int, aligned: Int = 1) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && count >= 0 && offset <= length - count && offset % aligned == 0)
        return base + offset
    }

    /// The address of a word, for init's first steps, which run in this address space.
    func word(_ offset: Int) -> UnsafeMutablePointer<UInt32> { at(offset, 4, aligned: 4).assumingMemoryBound(to: UInt32.self) }

    func load32(_ offset: Int) -> UInt32 { chost_load32(at(offset, 4, aligned: 4)) }
    func load64(_ offset: Int) -> UInt64 { chost_load64(at(offset, 8, aligned: 8)) }
    func store32(_ offset: Int, _ value: UInt32) { chost_store32(at(offset, 4, aligned: 4), value) }
    func store64(_ offset: Int, _ value: UInt64) { chost_store64(at(offset, 8, aligned: 8), value) }
    func exchange32(_ offset: Int, _ value: UInt32) -> UInt32 { chost_exchange32(at(offset, 4, aligned: 4), value) }
    func or64(_ offset: Int, _ bits: UInt64) { _ = chost_or64(at(offset, 8, aligned: 8), bits) }

    /// Increments the word and wakes its waiters.
    func ring(_ offset: Int, waiters: Int32 = .max) {
        let word = at(offset, 4, aligned: 4)
        _ = chost_add32(word, 1)
        _ = chost_futex_wake(word, waiters)
    }

    func wake(_ offset: Int) { _ = chost_futex_wake(at(offset, 4, aligned: 4), .max) }

    /// Sleeps while the word is `value`; returns early at will.
    func wait(_ offset: Int, while value: UInt32, nanoseconds: Int64 = -1) {
        _ = chost_futex_wait(at(offset, 4, aligned: 4), value, nanoseconds)
    }

    func read(_ offset: Int, _ count: Int) -> [UInt8] {
        let source = at(offset, count)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            if count > 0 { memcpy(buffer.baseAddress!, source, count) }
            initialized = count
        }
    }

    func write(_ offset: Int, _ bytes: [UInt8]) {
        let target = at(offset, bytes.count)
        bytes.withUnsafeBytes { if $0.count > 0 { memcpy(target, $0.baseAddress!, $0.count) } }
    }

    /// read(2) from a host descriptor straight into the arena; the count or -errno.
    func receive(_ descriptor: Int32, _ offset: Int, _ count: Int) -> Int {
        let result = Glibc.read(descriptor, at(offset, count), count)
        return result < 0 ? -Int(errno) : result
    }

    /// write(2) to a host descriptor straight from the arena; the count or -errno.
    func send(_ descriptor: Int32, _ offset: Int, _ count: Int) -> Int {
        let result = Glibc.write(descriptor, at(offset, count), count)
        return result < 0 ? -Int(errno) : result
    }
}
