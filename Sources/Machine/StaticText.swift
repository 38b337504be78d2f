extension StaticString {
    /// Calls `body` with each byte of the literal.
    public func forEachByte(_ body: (UInt8) -> Void) {
        for index in 0..<utf8CodeUnitCount { body(unsafe utf8Start[index]) }
    }
}
