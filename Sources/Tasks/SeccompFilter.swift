// Filters of system calls that a program sets up for itself, seccomp(2).

import LinuxABI
import Machine

/// What a filter looks at, struct seccomp_data: number, architecture, instruction pointer, six arguments.
public struct SeccompData {
    let number: UInt32
    let words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

    public init(number: UInt, instruction: UInt, arguments: (UInt, UInt, UInt, UInt, UInt, UInt)) {
        self.number = UInt32(truncatingIfNeeded: number)
        words = (UInt64(instruction), UInt64(arguments.0), UInt64(arguments.1), UInt64(arguments.2), UInt64(arguments.3),
                 UInt64(arguments.4), UInt64(arguments.5))
    }

    static var size: UInt32 { 64 }

    /// The 32 bits at an offset that is a multiple of 4 below ``size``.
    func load(_ offset: UInt32) -> UInt32 {
        let word: UInt64
        switch offset >> 3 {
        case 0: return offset == 0 ? number : AUDIT_ARCH_X86_64
        case 1: word = words.0
        case 2: word = words.1
        case 3: word = words.2
        case 4: word = words.3
        case 5: word = words.4
        case 6: word = words.5
        default: word = words.6
        }
        return UInt32(truncatingIfNeeded: offset & 4 == 0 ? word : word >> 32)
    }
}

/// An instruction of classic BPF, struct sock_filter.
public struct FilterInstruction {
    let code: UInt16
    let whenTrue: UInt8
    let whenFalse: UInt8
    let operand: UInt32

    public init(code: UInt16, whenTrue: UInt8, whenFalse: UInt8, operand: UInt32) {
        self.code = code
        self.whenTrue = whenTrue
        self.whenFalse = whenFalse
        self.operand = operand
    }

    // Classes, and what is in the other bits.
    static var load: UInt16 { 0 }
    static var loadIndex: UInt16 { 1 }
    static var store: UInt16 { 2 }
    static var storeIndex: UInt16 { 3 }
    static var arithmetic: UInt16 { 4 }
    static var jump: UInt16 { 5 }
    static var end: UInt16 { 6 }
    static var miscellaneous: UInt16 { 7 }
    static var scratchWords: UInt32 { 16 }

    var kind: UInt16 { code & 7 }
    /// Arithmetic and jumps: the operand is the index register.
    var usesIndex: Bool { code & 8 != 0 }
}

/// One filter and those set before it; shared by all tasks that inherited it.
public final class SeccompFilter {
    let previous: SeccompFilter?
    private let code: [FilterInstruction]
    /// How many filters there are from here on.
    public let depth: Int
    /// Where its SECCOMP_RET_USER_NOTIF goes; nil if it has no listener.
    public internal(set) var notifications: SeccompNotifications?
    /// Instructions of all of them, and four more for each.
    let totalLength: Int

    /// - Throws: `EINVAL` for a program that is not valid as Linux checks it; `ENOMEM` if all are longer than 32,768 together.
    public init(_ code: [FilterInstruction], after previous: SeccompFilter?) throws(Errno) {
        guard !code.isEmpty, code.count <= 4096, SeccompFilter.isValid(code) else { throw .EINVAL }
        let total = code.count &+ (previous.map { $0.totalLength &+ 4 } ?? 0)
        guard total <= 32768 else { throw .ENOMEM }
        self.code = code
        self.previous = previous
        depth = (previous?.depth ?? 0) &+ 1
        totalLength = total
    }

    deinit { notifications?.filterIsGone() }

    /// Whether it or one set before it has a listener that is open.
    var hasListener: Bool {
        var filter: SeccompFilter? = self
        while let current = filter {
            if let notifications = current.notifications, !notifications.isClosed { return true }
            filter = current.previous
        }
        return false
    }

    /// Whether it is `other` or was set after it.
    func descends(from other: SeccompFilter?) -> Bool {
        guard let other else { return true }
        var filter: SeccompFilter? = self
        while let current = filter {
            if current === other { return true }
            filter = current.previous
        }
        return false
    }

    // --- checking ---

    private static func isValid(_ code: [FilterInstruction]) -> Bool {
        for index in code.indices {
            let instruction = code[index]
            guard isKnown(instruction) else { return false }
            // Jumps go forward, to an instruction there is.
            let left = UInt32(truncatingIfNeeded: code.count &- index &- 1)
            if instruction.kind == FilterInstruction.jump {
                if instruction.code == 0x05 {
                    guard instruction.operand < left else { return false }
                } else {
                    guard UInt32(instruction.whenTrue) < left, UInt32(instruction.whenFalse) < left else { return false }
                }
            }
        }
        guard let last = code.last, last.kind == FilterInstruction.end else { return false }
        return storesBeforeLoads(code)
    }

    private static func isKnown(_ instruction: FilterInstruction) -> Bool {
        let operand = instruction.operand
        switch instruction.code {
        case 0x20: return operand < SeccompData.size && operand & 3 == 0 // LD W ABS
        case 0x80, 0x81, 0x00, 0x01: return true // LD and LDX of LEN and IMM
        case 0x60, 0x61, 0x02, 0x03: return operand < FilterInstruction.scratchWords // LD, LDX, ST, STX of memory
        case 0x06, 0x16: return true // RET K, A
        case 0x07, 0x87: return true // TAX, TXA
        case 0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x44, 0x4c, 0x54, 0x5c, 0xa4, 0xac, 0x84: return true // ADD SUB MUL OR AND XOR NEG
        case 0x34: return operand != 0 // DIV K
        case 0x3c: return true
        case 0x64, 0x74: return operand < 32 // LSH, RSH K
        case 0x6c, 0x7c: return true
        case 0x05, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d: return true // JA, JEQ, JGT, JGE, JSET
        default: return false
        }
    }

    /// On every way through the program a scratch word is stored before it is loaded.
    private static func storesBeforeLoads(_ code: [FilterInstruction]) -> Bool {
        // The words that are stored whenever an instruction is reached.
        var known = [UInt16](repeating: .max, count: code.count)
        var stored: UInt16 = 0
        for index in code.indices {
            let instruction = code[index]
            stored &= known[index]
            switch instruction.code {
            case 0x02, 0x03: stored |= 1 << UInt16(instruction.operand & 15)
            case 0x60, 0x61: if stored & (1 << UInt16(instruction.operand & 15)) == 0 { return false }
            case 0x05:
                let target = index &+ 1 &+ Int(instruction.operand)
                if target < known.count { known[target] &= stored }
                stored = .max
            case let other where other & 7 == FilterInstruction.jump:
                for distance in [instruction.whenTrue, instruction.whenFalse] {
                    let target = index &+ 1 &+ Int(distance)
                    if target < known.count { known[target] &= stored }
                }
                stored = .max
            default: break
            }
        }
        return true
    }

    // --- running ---

    /// What all filters say: the least permissive, of equal ones the newest's. Only their actions decide.
    /// - Returns: also whose word it is.
    func decide(_ data: SeccompData) -> (result: UInt32, filter: SeccompFilter) {
        var result = run(data)
        var decisive = self
        var filter = previous
        while let current = filter {
            let other = current.run(data)
            if SeccompFilter.rank(other) < SeccompFilter.rank(result) {
                result = other
                decisive = current
            }
            filter = current.previous
        }
        return (result, decisive)
    }

    private static func rank(_ result: UInt32) -> Int32 { Int32(bitPattern: result & SECCOMP_RET_ACTION_FULL) }

    private func run(_ data: SeccompData) -> UInt32 {
        var accumulator: UInt32 = 0, index: UInt32 = 0
        var memory = (UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        var position = 0
        while position < code.count {
            let instruction = code[position]
            let operand = instruction.operand
            position &+= 1
            switch instruction.kind {
            case FilterInstruction.load, FilterInstruction.loadIndex:
                let value: UInt32
                switch instruction.code & 0xe0 {
                case 0x20: value = data.load(operand)
                case 0x60: value = SeccompFilter.word(memory, operand)
                case 0x80: value = SeccompData.size
                default: value = operand
                }
                if instruction.kind == FilterInstruction.load { accumulator = value } else { index = value }
            case FilterInstruction.store: SeccompFilter.setWord(&memory, operand, accumulator)
            case FilterInstruction.storeIndex: SeccompFilter.setWord(&memory, operand, index)
            case FilterInstruction.arithmetic:
                let other = instruction.usesIndex ? index : operand
                // A division by an index of 0 ends the program.
                if instruction.code & 0xf0 == 0x30, other == 0 { return SECCOMP_RET_KILL_THREAD }
                accumulator = SeccompFilter.compute(instruction.code & 0xf0, accumulator, other)
            case FilterInstruction.jump:
                let other = instruction.usesIndex ? index : operand
                let holds: Bool
                switch instruction.code & 0xf0 {
                case 0x00:
                    position &+= Int(operand)
                    continue
                case 0x10: holds = accumulator == other
                case 0x20: holds = accumulator > other
                case 0x30: holds = accumulator >= other
                default: holds = accumulator & other != 0
                }
                position &+= Int(holds ? instruction.whenTrue : instruction.whenFalse)
            case FilterInstruction.end: return instruction.code == 0x16 ? accumulator : operand
            default: if instruction.code & 0x80 != 0 { accumulator = index } else { index = accumulator }
            }
        }
        // A valid program ends before its end.
        return SECCOMP_RET_KILL_PROCESS
    }

    private static func compute(_ operation: UInt16, _ a: UInt32, _ b: UInt32) -> UInt32 {
        switch operation {
        case 0x00: a &+ b
        case 0x10: a &- b
        case 0x20: a &* b
        case 0x30: b == 0 ? 0 : a / b
        case 0x40: a | b
        case 0x50: a & b
        case 0x60: a &<< b
        case 0x70: a &>> b
        case 0x80: 0 &- a
        default: a ^ b
        }
    }

    private typealias Scratch = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

    private static func word(_ memory: Scratch, _ index: UInt32) -> UInt32 {
        let pair: UInt64
        switch index >> 1 {
        case 0: pair = memory.0
        case 1: pair = memory.1
        case 2: pair = memory.2
        case 3: pair = memory.3
        case 4: pair = memory.4
        case 5: pair = memory.5
        case 6: pair = memory.6
        default: pair = memory.7
        }
        return UInt32(truncatingIfNeeded: index & 1 == 0 ? pair : pair >> 32)
    }

    private static func setWord(_ memory: inout Scratch, _ index: UInt32, _ value: UInt32) {
        let shift: UInt64 = index & 1 == 0 ? 0 : 32
        let kept = ~(UInt64(UInt32.max) &<< shift), bits = UInt64(value) &<< shift
        switch index >> 1 {
        case 0: memory.0 = memory.0 & kept | bits
        case 1: memory.1 = memory.1 & kept | bits
        case 2: memory.2 = memory.2 & kept | bits
        case 3: memory.3 = memory.3 & kept | bits
        case 4: memory.4 = memory.4 & kept | bits
        case 5: memory.5 = memory.5 & kept | bits
        case 6: memory.6 = memory.6 & kept | bits
        default: memory.7 = memory.7 & kept | bits
        }
    }
}
