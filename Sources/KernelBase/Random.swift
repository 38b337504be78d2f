import Machine

/// The kernel's random generator: ChaCha20 (RFC 8439) with fast key erasure, so that what was given out cannot be
/// computed from a later state. Serves getrandom(2), /dev/urandom, AT_RANDOM and the layout of address spaces.
public final class KernelRandom {
    /// The key of the next request.
    private var key: InlineArray<8, UInt32>

    private init(_ seed: Bytes) {
        key = InlineArray(repeating: 0)
        mix(seed)
    }

    /// Sets the generator up. Once, at boot, before anything asks for numbers.
    /// - Parameter seed: 32 bytes from the host.
    public static func seed(_ seed: Bytes) { randomRoot.set(KernelRandom(seed)) }

    /// `count` random bytes.
    public static func bytes(_ count: Int) -> Bytes {
        var result: Bytes = []
        randomRoot.object.append(count, to: &result)
        return result
    }

    public static func word() -> UInt64 {
        var value: UInt64 = 0
        for byte in bytes(8) { value = value << 8 | UInt64(byte) }
        return value
    }

    /// Stirs bytes in, as a write to /dev/urandom does.
    public static func stir(_ bytes: Bytes) { randomRoot.object.mix(bytes) }

    private func mix(_ bytes: Bytes) {
        for index in 0..<bytes.count { key[(index >> 2) & 7] ^= UInt32(bytes[index]) << UInt32((index & 3) &* 8) }
        replaceKey(KernelRandom.block(key, 0))
    }

    private func replaceKey(_ block: InlineArray<16, UInt32>) {
        for index in 0..<8 { key[index] = block[index] }
    }

    private func append(_ count: Int, to result: inout Bytes) {
        guard count > 0 else { return }
        result.reserveCapacity(result.count &+ count)
        let old = key
        // The first half of the first block is the next key; everything else is given out.
        var block = KernelRandom.block(old, 0)
        replaceKey(block)
        var word = 8
        var counter: UInt32 = 0
        var left = count
        while left > 0 {
            if word == 16 {
                counter &+= 1
                block = KernelRandom.block(old, counter)
                word = 0
            }
            var value = block[word]
            word &+= 1
            for _ in 0..<min(4, left) {
                result.append(UInt8(truncatingIfNeeded: value))
                value >>= 8
            }
            left &-= min(4, left)
        }
    }

    /// One block of the ChaCha20 key stream, nonce 0.
    static func block(_ key: InlineArray<8, UInt32>, _ counter: UInt32) -> InlineArray<16, UInt32> {
        var start = InlineArray<16, UInt32>(repeating: 0)
        start[0] = 0x6170_7865
        start[1] = 0x3320_646e
        start[2] = 0x7962_2d32
        start[3] = 0x6b20_6574
        for index in 0..<8 { start[4 &+ index] = key[index] }
        start[12] = counter
        var x = start
        for _ in 0..<10 {
            quarter(&x, 0, 4, 8, 12)
            quarter(&x, 1, 5, 9, 13)
            quarter(&x, 2, 6, 10, 14)
            quarter(&x, 3, 7, 11, 15)
            quarter(&x, 0, 5, 10, 15)
            quarter(&x, 1, 6, 11, 12)
            quarter(&x, 2, 7, 8, 13)
            quarter(&x, 3, 4, 9, 14)
        }
        for index in 0..<16 { x[index] &+= start[index] }
        return x
    }

    @inline(__always)
    private static func quarter(_ x: inout InlineArray<16, UInt32>, _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
        x[a] &+= x[b]
        x[d] = rotate(x[d] ^ x[a], 16)
        x[c] &+= x[d]
        x[b] = rotate(x[b] ^ x[c], 12)
        x[a] &+= x[b]
        x[d] = rotate(x[d] ^ x[a], 8)
        x[c] &+= x[d]
        x[b] = rotate(x[b] ^ x[c], 7)
    }

    @inline(__always)
    private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 &- count) }
}

public let randomRoot = Root<KernelRandom>(RootIndex.base)
