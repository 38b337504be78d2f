import CHost
import Glibc
import MonitorProtocol

/// A host directory being listed.
final class Listing {
    let handle: UInt32
    private let descriptor: Int32
    /// Where it stands: cookie of the entry given last.
    private(set) var cookie: UInt64

    init(handle: UInt32, descriptor: Int32, cookie: UInt64) {
        self.handle = handle
        self.descriptor = descriptor
        self.cookie = cookie
    }

    deinit { close(descriptor) }

    /// Adds entries to an answer while they fit.
    /// - Returns: whether the end was reached.
    func fill(_ answer: inout Answer) throws(HostError) -> Bool {
        var state = chost_listing(cookie: cookie, used: 0, count: 0, at_end: false)
        let start = answer.data
        var error: Int32 = 0
        answer.data = [UInt8](unsafeUninitializedCapacity: Slot.dataSize) { buffer, count in
            for (index, byte) in start.enumerated() { buffer[index] = byte }
            error = chost_list(descriptor, buffer.baseAddress! + start.count, Slot.dataSize - start.count, &state)
            count = start.count + state.used
        }
        try HostError.check(error)
        cookie = state.cookie
        answer.result += Int64(state.count)
        return state.at_end
    }
}

/// The few listings that have been begun but not finished: continuing on the same description is exact also on
/// file systems whose directory offsets do not survive a second open.
struct ListingCache {
    private var listings: [Listing] = []
    private let capacity = 16

    /// The listing that stands at `cookie`, or a new one set there.
    mutating func take(handle: UInt32, cookie: UInt64, open: () throws(HostError) -> Int32) throws(HostError) -> Listing {
        if cookie != 0, let index = listings.firstIndex(where: { $0.handle == handle && $0.cookie == cookie }) {
            return listings.remove(at: index)
        }
        return Listing(handle: handle, descriptor: try open(), cookie: cookie)
    }

    mutating func keep(_ listing: Listing) {
        if listings.count == capacity { listings.removeFirst() }
        listings.append(listing)
    }

    mutating func drop(handle: UInt32) { listings.removeAll { $0.handle == handle } }
}
