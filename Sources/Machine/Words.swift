/// Byte strings eight bytes at a time.
public enum Words {
    /// The up to eight bytes of `bytes` from `index` on, the first one in the lowest bits; zero beyond the end.
    @inline(__always)
    public static func load(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
        let count = bytes.count
        guard index >= 0, index < count else { return 0 }
        if index <= count &- 8 {
            return unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        }
        if count >= 8 {
            // The last eight bytes of the string, without those before `index`.
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            return word >> (UInt64(truncatingIfNeeded: 8 &- (count &- index)) &* 8)
        }
        var word: UInt64 = 0
        var shift: UInt64 = 0
        var next = index
        while next < count {
            word |= UInt64(bytes[next]) << shift
            shift &+= 8
            next &+= 1
        }
        return word
    }

    /// A word with the top bit set of the first byte of `word` that equals `byte`; bits above that one may be set too.
    @inline(__always)
    public static func matches(_ word: UInt64, _ byte: UInt8) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let x = word ^ (ones &* UInt64(byte))
        return (x &- ones) & ~x & (ones << 7)
    }
}
