import MonitorProtocol

/// One path component from the sandbox, proven to be only that.
struct ComponentName: Equatable {
    /// The name with a terminating NUL.
    let bytes: [UInt8]

    /// - Throws: EINVAL when empty or with a NUL or slash, or `.` or `..`; ENAMETOOLONG beyond 255 bytes.
    init(_ name: some Collection<UInt8>) throws(HostError) {
        guard !name.isEmpty else { throw HostError.invalid }
        guard name.count <= 255 else { throw HostError.nameTooLong }
        guard !name.contains(where: { $0 == 0 || $0 == UInt8(ascii: "/") }) else { throw HostError.invalid }
        guard !(name.allSatisfy { $0 == UInt8(ascii: ".") } && name.count <= 2) else { throw HostError.invalid }
        bytes = Array(name) + [0]
    }

    /// Calls `body` with the name as a C string.
    func with<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        bytes.withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }
}

/// A byte string from the sandbox that will become a C string: no NUL.
struct PlainBytes {
    let bytes: [UInt8]

    /// - Throws: EINVAL with a NUL or when empty; `tooLong` beyond `limit` bytes.
    init(_ value: some Collection<UInt8>, limit: Int, tooLong: HostError) throws(HostError) {
        guard !value.isEmpty, !value.contains(0) else { throw HostError.invalid }
        guard value.count <= limit else { throw tooLong }
        bytes = Array(value) + [0]
    }

    func with<R>(_ body: (UnsafePointer<CChar>) -> R) -> R {
        bytes.withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
    }
}

/// A request as copied, once, out of the shared memory.
struct Request {
    let operation: Operation
    let handle: UInt32
    let arguments: [UInt64]
    private let data: [UInt8]
    private let lengths: [Int]

    /// Copies and checks the request in `slot`.
    /// - Throws: ENOSYS for an unknown operation, EINVAL for lengths beyond the data.
    init(slot: Int, in arena: SharedArena) throws(HostError) {
        let header = arena.read(Slot.header(slot), 0x50)
        try self.init(header: header) { arena.read(Slot.data(slot), $0) }
    }

    /// Decodes a copied header; `readData` gives the first bytes of the slot's data.
    init(header: [UInt8], readData: (Int) -> [UInt8]) throws(HostError) {
        func word32(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(header[offset + $1]) << (8 * UInt32($1)) } }
        func word64(_ offset: Int) -> UInt64 { UInt64(word32(offset)) | UInt64(word32(offset + 4)) << 32 }
        guard let known = Operation(rawValue: word32(SlotHeader.operation)) else { throw HostError.notImplemented }
        operation = known
        handle = word32(SlotHeader.handle)
        arguments = (0..<6).map { word64(SlotHeader.arguments + 8 * $0) }
        let claimed = (0..<3).map { word32(SlotHeader.lengths + 4 * $0) }
        guard claimed.allSatisfy({ $0 <= UInt32(Slot.dataSize) }) else { throw HostError.invalid }
        lengths = claimed.map(Int.init)
        let total = lengths.reduce(0, +)
        guard total <= Slot.dataSize else { throw HostError.invalid }
        data = readData(total)
    }

    /// Byte string `index` of the request.
    func bytes(_ index: Int) -> ArraySlice<UInt8> {
        let start = lengths[..<index].reduce(0, +)
        return data[start..<(start + lengths[index])]
    }

    /// String `index` as a path component.
    func name(_ index: Int = 0) throws(HostError) -> ComponentName { try ComponentName(bytes(index)) }

    /// The name, or nil when it is empty and the object behind the handle itself is meant.
    func optionalName() throws(HostError) -> ComponentName? { bytes(0).isEmpty ? nil : try name() }

    /// Argument `index`, if it fits in 32 bits.
    func argument32(_ index: Int) throws(HostError) -> UInt32 {
        guard let value = UInt32(exactly: arguments[index]) else { throw HostError.invalid }
        return value
    }
}

/// What goes back to the sandbox.
struct Answer {
    var result: Int64 = 0
    var data: [UInt8] = []
}
