import CHost
import Glibc

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

    /// Gives entries to `body`, name and cookie, until it answers false or there are no more.
    /// - Returns: whether the end was reached.
    func read(_ body: (ArraySlice<UInt8>, UInt64) throws(HostError) -> Bool) throws(HostError) -> Bool {
        if cookie != 0, lseek(descriptor, off_t(bitPattern: UInt(cookie)), SEEK_SET) < 0 { throw HostError.last }
        var buffer = [UInt8](repeating: 0, count: 1 << 15)
        while true {
            let count = try HostError.check(chost_getdents(descriptor, &buffer, buffer.count))
            if count == 0 { return true }
            var position = 0
            // struct linux_dirent64: u64 inode, u64 offset, u16 length, u8 type, name with NUL
            while position + 19 < count {
                func word(_ offset: Int, _ bytes: Int) -> UInt64 {
                    (0..<bytes).reduce(0) { $0 | UInt64(buffer[position + offset + $1]) << (8 * UInt64($1)) }
                }
                let length = Int(word(16, 2))
                guard length > 19, position + length <= count else { return true }
                let name = buffer[(position + 19)..<(position + length)].prefix { $0 != 0 }
                let next = word(8, 8)
                if try !body(name, next) { return false }
                cookie = next
                position += length
            }
        }
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
