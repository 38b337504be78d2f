// Taking the guest's memory behind the arguments of a call. What cannot be read is left out: the trace then shows the address.

import KernelBase
import LinuxABI
import Machine
import MonitorProtocol

enum Capture {
    /// What the call reads.
    static func input(_ kinds: SyscallArguments, _ index: Int, _ values: SyscallValues, _ record: inout TraceWriter) {
        let kind = kinds[index]
        let address = values[index]
        switch kind {
        case .path: string(index, address, limit: TraceChunk.pathLimit, &record)
        case .string: string(index, address, limit: 256, &record)
        // Of the environment, which comes behind the arguments, the number suffices.
        case .stringVector: strings(index, address, taken: kinds[index &- 1] == .stringVector ? 0 : TraceChunk.arrayLimit, &record)
        case .inBuffer: buffer(index, address, next(values, index), &record)
        case .optionIn, .processorsIn:
            buffer(index, address, kind == .optionIn ? next(values, index) : previous(values, index), &record)
        case .sockaddrIn: array(index, address, size: 1, count: next(values, index), limit: 128, &record)
        case .groupsIn: array(index, address, size: 4, count: previous(values, index), &record)
        case .semOperations: array(index, address, size: 6, count: next(values, index), &record)
        case .pollFds: array(index, address, size: 8, count: next(values, index), &record)
        case .fdSet: descriptors(index, address, values, &record)
        case .iovecIn: vector(index, address, next(values, index), total: .max, &record)
        case .msghdrIn: message(index, address, total: .max, &record)
        default: if kind.inputSize > 0 { array(index, address, size: kind.inputSize, count: 1, &record) }
        }
    }

    /// What the call has written, with `result`.
    static func output(_ kind: ArgKind, _ index: Int, _ values: SyscallValues, _ result: Int, _ record: inout TraceWriter) {
        let address = values[index]
        let count = UInt(bitPattern: result)
        switch kind {
        case .stringOut: string(index, address, limit: TraceChunk.pathLimit, &record)
        case .outBuffer: buffer(index, address, min(count, next(values, index)), &record)
        case .iovecOut: vector(index, address, next(values, index), total: result, &record)
        case .msghdrOut: message(index, address, total: result, &record)
        case .processorsOut: buffer(index, address, count, &record)
        case .groupsOut: if values[index &- 1] != 0 { array(index, address, size: 4, count: count, &record) }
        case .epollEventsOut: array(index, address, size: 12, count: count, &record)
        case .pollFds: if result > 0 { array(index, address, size: 8, count: next(values, index), &record) }
        case .fdSet: if result > 0 { descriptors(index, address, values, &record) }
        case .direntsOut: entries(index, address, count, &record)
        case .sockaddrOut, .optionOut:
            guard index < 5, let length = try? UserMemory.load(UInt32.self, at: values[index &+ 1]) else { return }
            array(index, address, size: 1, count: UInt(length), limit: 128, &record)
        case .statusOut: if result > 0 { array(index, address, size: 4, count: 1, &record) }
        case .rusageOut: array(index, address, size: kind.outputSize, count: 1, &record)
        default: if kind.outputSize > 0 { array(index, address, size: kind.outputSize, count: 1, &record) }
        }
    }

    private static func next(_ values: SyscallValues, _ index: Int) -> UInt { index < 5 ? values[index &+ 1] : 0 }
    private static func previous(_ values: SyscallValues, _ index: Int) -> UInt { index > 0 ? values[index &- 1] : 0 }

    /// Bytes of the guest; nil if they cannot all be read.
    private static func read(_ address: UInt, _ count: Int) -> Bytes? { try? UserMemory.copyIn(count, from: address) }

    private static func string(_ index: Int, _ address: UInt, limit: Int, _ record: inout TraceWriter) {
        guard let size = try? UserMemory.stringSize(at: address, limit: limit) else { return }
        // One more than the limit: it goes on.
        let isCut = size > limit
        guard let bytes = read(address, isCut ? limit : size &- 1) else { return }
        record.beginChunk(index, flags: isCut ? TraceChunk.cut : 0)
        record.put(bytes)
        record.endChunk()
    }

    private static func buffer(_ index: Int, _ address: UInt, _ count: UInt, _ record: inout TraceWriter) {
        array(index, address, size: 1, count: count, &record)
    }

    /// The first elements of an array.
    private static func array(_ index: Int, _ address: UInt, size: Int, count: UInt, limit: Int = TraceChunk.arrayLimit, _ record: inout TraceWriter) {
        let taken = Int(min(count, UInt(limit)))
        guard let bytes = read(address, taken &* size) else { return }
        record.beginChunk(index, flags: count > UInt(taken) ? TraceChunk.cut : 0)
        record.put(bytes)
        record.endChunk()
    }

    /// A set of descriptors, of as many bits as the first argument says.
    private static func descriptors(_ index: Int, _ address: UInt, _ values: SyscallValues, _ record: inout TraceWriter) {
        // In whole words, as select(2) reads it.
        array(index, address, size: 8, count: (UInt(UInt32(truncatingIfNeeded: values[0])) &+ 63) >> 6, limit: 16, &record)
    }

    private static func strings(_ index: Int, _ address: UInt, taken: Int, _ record: inout TraceWriter) {
        record.beginChunk(index, form: TraceChunk.strings)
        let counter = record.bytes.count
        record.put(UInt32(0))
        var count: UInt32 = 0
        var position = address
        // More is no use to anybody, and execve(2) itself will find out about it.
        while count < 0x1_0000 {
            guard let pointer = try? UserMemory.load(UInt.self, at: position) else {
                record.setChunkFlags(TraceChunk.fault)
                break
            }
            if pointer == 0 { break }
            if count < UInt32(taken) {
                if let size = try? UserMemory.stringSize(at: pointer, limit: TraceChunk.stringLimit &* 8),
                   let bytes = read(pointer, min(size &- 1, TraceChunk.stringLimit &* 8)) {
                    record.put(UInt32(bytes.count) | (size > TraceChunk.stringLimit &* 8 ? TraceChunk.longer : 0))
                    record.put(bytes)
                } else {
                    record.put(TraceChunk.longer)
                }
            }
            count &+= 1
            position &+= 8
        }
        record.patch(counter, count)
        record.endChunk()
    }

    /// An array of buffers, and the beginning of what they hold.
    private static func vector(_ index: Int, _ address: UInt, _ count: UInt, total: Int, form: UInt8 = TraceChunk.bytes, _ record: inout TraceWriter) {
        let taken = Int(min(count, UInt(TraceChunk.arrayLimit)))
        guard taken > 0, let headers = read(address, taken &* 16) else { return }
        record.beginChunk(index, form: form, flags: count > UInt(taken) ? TraceChunk.cut : 0)
        record.put(headers)
        record.endChunk()
        record.beginChunk(index, form: TraceChunk.buffers)
        var left = UInt(max(0, total))
        for element in 0..<taken {
            let base = UInt(headers.load64(at: element &* 16)), length = min(UInt(headers.load64(at: element &* 16 &+ 8)), left)
            left &-= length
            let wanted = Int(min(length, UInt(TraceChunk.stringLimit)))
            let bytes = wanted == 0 ? [] : read(base, wanted) ?? []
            record.put(UInt32(bytes.count) | (length > UInt(bytes.count) ? TraceChunk.longer : 0))
            record.put(bytes)
        }
        record.endChunk()
    }

    /// A struct msghdr and what it points to.
    private static func message(_ index: Int, _ address: UInt, total: Int, _ record: inout TraceWriter) {
        guard let header = read(address, 56) else { return }
        record.beginChunk(index)
        record.put(header)
        record.endChunk()
        let nameLength = min(Int(header.load32(at: 8)), 128)
        if nameLength > 0, let name = read(UInt(header.load64(at: 0)), nameLength) {
            record.beginChunk(index, form: TraceChunk.name)
            record.put(name)
            record.endChunk()
        }
        vector(index, UInt(header.load64(at: 16)), UInt(header.load64(at: 24)), total: total, form: TraceChunk.vector, &record)
        let controlLength = Int(min(header.load64(at: 40), 256))
        if controlLength > 0, let control = read(UInt(header.load64(at: 32)), controlLength) {
            record.beginChunk(index, form: TraceChunk.control)
            record.put(control)
            record.endChunk()
        }
    }

    /// How many directory entries there are; both layouts have the length of an entry at byte 16.
    private static func entries(_ index: Int, _ address: UInt, _ count: UInt, _ record: inout TraceWriter) {
        var found: UInt32 = 0
        var position: UInt = 0
        while position < count {
            guard let length = try? UserMemory.load(UInt16.self, at: address &+ position &+ 16), length > 0 else { break }
            position &+= UInt(length)
            found &+= 1
        }
        record.beginChunk(index, form: TraceChunk.count)
        record.put(found)
        record.endChunk()
    }
}
