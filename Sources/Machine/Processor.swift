import CMachine

/// What the processor tells of itself.
public enum Processor {
    /// Registers of a cpuid leaf.
    public struct Leaf {
        public var eax: UInt32 = 0, ebx: UInt32 = 0, ecx: UInt32 = 0, edx: UInt32 = 0
    }

    /// The cpuid instruction. In a virtual machine it takes microseconds.
    public static func identify(_ leaf: UInt32, _ subleaf: UInt32 = 0) -> Leaf {
        var words: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        unsafe withUnsafeMutablePointer(to: &words) { pointer in
            unsafe pointer.withMemoryRebound(to: UInt32.self, capacity: 4) { unsafe ml_cpuid(leaf, subleaf, $0) }
        }
        return Leaf(eax: words.0, ebx: words.1, ecx: words.2, edx: words.3)
    }

    /// The time-stamp counter.
    public static var timeStamp: UInt64 { ml_rdtsc() }
}
