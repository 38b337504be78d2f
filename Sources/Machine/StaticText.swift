extension StaticString {
    /// Calls `body` with each byte of the literal.
    public func forEachByte(_ body: (UInt8) -> Void) {
        for index in 0..<utf8CodeUnitCount { body(unsafe utf8Start[index]) }
    }

    /// Appends the literal's bytes.
    public func append(to bytes: inout [UInt8]) {
        // A literal's bytes are constants of the image.
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount))
    }
}

extension Array where Element == UInt8 {
    /// Appends bytes all at once; the standard library has only the way one by one for a `Span`.
    public mutating func append(copying span: Span<UInt8>) {
        // Within the closure the pointer is good, and the bytes are no part of this array: it is being changed.
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
