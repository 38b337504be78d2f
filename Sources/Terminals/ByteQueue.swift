import KernelBase

/// Bytes on their way from a writer to a reader, up to a limit that its users keep.
struct ByteQueue {
    private var bytes: Bytes = []
    private var start = 0
    let limit: Int

    init(limit: Int) { self.limit = limit }

    var count: Int { bytes.count &- start }
    var isEmpty: Bool { bytes.count == start }
    var space: Int { max(0, limit &- count) }

    mutating func append(_ more: Bytes) {
        if isEmpty {
            bytes = more
            start = 0
        } else {
            compact()
            bytes.append(contentsOf: more)
        }
    }

    /// Takes out up to `count` bytes.
    mutating func take(_ count: Int) -> Bytes {
        let n = min(max(0, count), self.count)
        if start == 0 && n == bytes.count {
            let all = bytes
            bytes = []
            return all
        }
        let piece = Bytes(bytes[start..<(start &+ n)])
        start &+= n
        if isEmpty { removeAll() }
        return piece
    }

    /// Keeps the first `count` bytes.
    mutating func keep(_ count: Int) {
        if self.count > count { bytes.removeLast(self.count &- max(0, count)) }
    }

    mutating func removeAll() {
        bytes = []
        start = 0
    }

    private mutating func compact() {
        guard start >= 4096, start > count else { return }
        bytes.removeFirst(start)
        start = 0
    }
}
