// Shapes of system call sites in compiled code, and what may replace them.

import KernelBase

/// How a `syscall` instruction can be avoided. Offsets are relative to the `syscall`.
///
/// The `syscall` itself stays in place in every shape, so that a jump straight to it traps as before.
enum CallSite: Equatable {
    /// The `length` bytes before the `syscall` are executed in the trampoline. The first instruction of them has at least five bytes,
    /// of which a jump to the trampoline takes the place; the others stay as they are, for those who jump to them.
    /// Typically it is `mov $number, %eax`, the last one.
    case run(length: Int)
    /// The `length` bytes before the `syscall` are one instruction, too short for that: its first two become a short jump to `padding`, unused
    /// bytes after a `ret` nearby, which hold the jump to the trampoline. `xor %eax, %eax; syscall` (read), and Go's function for all calls.
    case short(length: Int, padding: Int)

    /// How Go's function for any call (Syscall6, Go 1.19 and later) moves its arguments to their places. The number is in %rax already.
    private static let goMoves: [UInt8] = [
        0x49, 0x89, 0xf2, // mov %rsi, %r10
        0x48, 0x89, 0xfa, // mov %rdi, %rdx
        0x48, 0x89, 0xce, // mov %rcx, %rsi
        0x48, 0x89, 0xdf, // mov %rbx, %rdi
    ]
    /// How far before the `syscall` a constant may be loaded.
    static var reach: Int { 40 }

    /// Recognises a site from the bytes around a `syscall` that was executed.
    ///
    /// - Parameters:
    ///   - bytes: a page of text.
    ///   - position: of the `syscall` in it.
    ///   - registers: at the call, by their numbers in instructions; nil those that are not known.
    static func recognise(_ bytes: Bytes, at position: Int, registers: [UInt?]) -> CallSite? {
        guard position >= 8, position + 2 <= bytes.count, bytes[position] == 0x0f, bytes[position + 1] == 0x05 else { return nil }
        if let length = constantBefore(bytes, position, registers) { return .run(length: length) }
        if let length = argumentMoves(bytes, position) { return .run(length: length) }
        if registers[0] == 0, bytes[position - 2] == 0x31, bytes[position - 1] == 0xc0, bytes[position - 3] & 0xf0 != 0x40 {
            return short(bytes, position, length: 2)
        }
        if matches(bytes, goMoves, before: position) { return short(bytes, position, length: 3) }
        return nil
    }

    private static func short(_ bytes: Bytes, _ position: Int, length: Int) -> CallSite? {
        guard let padding = findPadding(bytes, from: position + 2) else { return nil }
        let site = CallSite.short(length: length, padding: padding - position)
        return site.shortDisplacement == nil ? nil : site
    }

    /// How many bytes before the `syscall` are executed in the trampoline.
    var length: Int {
        switch self {
        case .run(let length), .short(let length, _): length
        }
    }

    /// Of the short jump, whose two bytes begin `length` bytes before the `syscall`; nil if it does not reach.
    var shortDisplacement: Int8? {
        guard case .short(let length, let padding) = self else { return nil }
        return Int8(exactly: padding + length - 2)
    }

    private static func matches(_ bytes: Bytes, _ pattern: [UInt8], before position: Int) -> Bool {
        guard position >= pattern.count else { return false }
        for (index, byte) in pattern.enumerated() where bytes[position - pattern.count + index] != byte { return false }
        return true
    }

    /// Functions for any call, like syscall(2), consist of moves up to the `syscall`: from registers and the stack to the registers of arguments. No constant
    /// tells where an instruction begins there, but a row of them does: it begins with the number, `mov %rdi, %rax`, or ends with it,
    /// `mov n(%rsp), %rax`, and has nothing else in it. musl's function for calls that can be cancelled also puts %r11 on the stack.
    /// - Returns: how far before the `syscall` the last move of five bytes is.
    private static func argumentMoves(_ bytes: Bytes, _ position: Int) -> Int? {
        var start = position - 8
        while start >= max(position - reach, 1) {
            if let length = argumentMoves(bytes, from: start, to: position) { return length }
            start -= 1
        }
        return nil
    }

    private static func argumentMoves(_ bytes: Bytes, from start: Int, to position: Int) -> Int? {
        let beginsWithNumber = bytes[start] == 0x48 && bytes[start + 1] == 0x89 && (bytes[start + 2] == 0xf8 || bytes[start + 2] == 0xf0)
        var at = start, count = 0, last = 0, last2 = 0
        while at + 3 <= position {
            guard bytes[at] & 0xfa == 0x48 else { return nil }
            let operand = bytes[at + 2]
            last2 = last
            if bytes[at + 1] == 0x89, operand >= 0xc0 {
                at += 3
            } else if bytes[at + 1] == 0x8b || bytes[at + 1] == 0x89 && operand == 0x5c, operand & 0xc7 == 0x44, at + 5 <= position, bytes[at + 3] == 0x24 {
                last = at
                at += 5
            } else {
                return nil
            }
            count += 1
        }
        guard at == position, last > start else { return nil }
        let endsWithNumber = last == position - 5 && bytes[last] == 0x48 && bytes[last + 1] == 0x8b && bytes[last + 2] == 0x44 && last2 == last - 5
        return beginsWithNumber && count >= 5 || endsWithNumber && count >= 2 ? position - last : nil
    }

    /// Looks for the nearest `mov $constant, %register` from which known instructions lead straight to the `syscall`, and whose
    /// register has had just that constant there. Both together prove that the bytes are that instruction, as far as
    /// anything can that only sees bytes.
    private static func constantBefore(_ bytes: Bytes, _ position: Int, _ registers: [UInt?]) -> Int? {
        var start = position - 5
        let end = max(position - reach, 4)
        while start >= end {
            let length = lengthOfConstant(bytes, start, registers)
            if length > 0, leads(bytes, from: start + length, to: position) { return position - start }
            start -= 1
        }
        return nil
    }

    /// The length of the `mov $constant, %r32` or `mov $constant, %r64` at `start`, whose register has that constant; 0 if there is none.
    private static func lengthOfConstant(_ bytes: Bytes, _ start: Int, _ registers: [UInt?]) -> Int {
        // As in the C library's return from a handler: mov $15, %rax. The constant's sign is extended.
        if bytes[start] & 0xfe == 0x48, start + 7 <= bytes.count, bytes[start + 1] == 0xc7, bytes[start + 2] & 0xf8 == 0xc0 {
            let register = Int(bytes[start] & 1) << 3 + Int(bytes[start + 2] & 7)
            var value: UInt32 = 0
            for index in 0..<4 { value |= UInt32(bytes[start + 3 + index]) << UInt32(8 * index) }
            guard register < registers.count, let found = registers[register] else { return 0 }
            return found == UInt(bitPattern: Int(Int32(bitPattern: value))) ? 7 : 0
        }
        // mov $constant, %r32 with or without the prefix for the upper eight registers.
        var at = start
        var register = 0
        if bytes[at] == 0x41 {
            register = 8
            at += 1
        }
        guard bytes[at] & 0xf8 == 0xb8, at + 5 <= bytes.count else { return 0 }
        register += Int(bytes[at] & 7)
        var constant: UInt = 0
        for index in 0..<4 { constant |= UInt(bytes[at + 1 + index]) << UInt(8 * index) }
        guard register < registers.count, let value = registers[register], value == constant else { return 0 }
        // A prefix before would make it a move to another register, or one of eight bytes.
        guard bytes[start - 1] & 0xf0 != 0x40, bytes[start - 1] != 0x66 else { return 0 }
        // Nor may it be displacement and constant of a store or a comparison, `movl $n, -72(%rbp)`.
        if takesConstant(bytes[start - 2], operand: bytes[start - 1], indexed: false)
            || takesConstant(bytes[start - 3], operand: bytes[start - 2], indexed: true) { return 0 }
        return at + 5 - start
    }

    private static func takesConstant(_ code: UInt8, operand: UInt8, indexed: Bool) -> Bool {
        (code == 0xc7 || code == 0x81 || code == 0x69) && operand >> 6 == 1 && (operand & 7 == 4) == indexed
    }

    private static func leads(_ bytes: Bytes, from start: Int, to position: Int) -> Bool {
        var at = start
        while at < position {
            guard let length = Instructions.length(bytes, at: at) else { return false }
            at += length
        }
        return at == position
    }

    /// Follows the straight-line code after a call, by the few instructions that C libraries have there, to a `ret`
    /// that is followed by at least five bytes of padding. Every step starts at a proven instruction boundary, and
    /// nothing jumps to padding behind a `ret`.
    private static func findPadding(_ bytes: Bytes, from start: Int) -> Int? {
        var at = start
        var branch: Int?
        for _ in 0..<16 {
            guard at + 8 < bytes.count else { return nil }
            if bytes[at] == 0xc3 {
                if isPadding(bytes, at + 1) { return at + 1 }
                // What a branch before has led to begins with an instruction, too.
                guard branch == at + 1 else { return nil }
                at += 1
                continue
            }
            guard let length = lengthOfKnown(bytes, at) else { return nil }
            if bytes[at] & 0xfe == 0x76, bytes[at + 1] < 0x80 { branch = at + 2 + Int(bytes[at + 1]) }
            at += length
        }
        return nil
    }

    private static func lengthOfKnown(_ bytes: Bytes, _ at: Int) -> Int? {
        switch (bytes[at], bytes[at + 1], bytes[at + 2]) {
        case (0x48, 0x3d, _): 6                       // cmp $imm32, %rax
        case (0x3d, _, _): 5                          // cmp $imm32, %eax
        case (0x76, _, _), (0x77, _, _): 2            // jbe, ja
        case (0x0f, 0x87, _): 6                       // ja
        case (0x48, 0xf7, 0xd8): 3                    // neg %rax
        case (0x48, 0x89, 0xc0...0xff): 3             // mov %register, %register
        case (0x48, 0xc7, 0xc0...0xc7): 7             // mov $imm32, %register
        case (0x44, 0x89, 0xc7): 3                    // mov %r8d, %edi
        case (0x48, 0x89, 0x44) where bytes[at + 3] == 0x24: 5 // mov %rax, n(%rsp)
        case (0x48, 0x8b, 0x44) where bytes[at + 3] == 0x24: 5 // mov n(%rsp), %rax
        case (0x48, 0x83, 0xc4): 4                    // add $n, %rsp
        case (0xe8, _, _): 5                          // call
        default: nil
        }
    }

    /// Five bytes that are one or more whole no-operations.
    private static func isPadding(_ bytes: Bytes, _ start: Int) -> Bool {
        var at = start
        while at < start + 5 {
            guard at + 9 < bytes.count else { return false }
            var prefix = 0
            while prefix < 4, bytes[at + prefix] == 0x66 || bytes[at + prefix] == 0x2e { prefix += 1 }
            let op = at + prefix
            if bytes[op] == 0x90 || (bytes[op] == 0xcc && prefix == 0) {
                at = op + 1
            } else if bytes[op] == 0x0f, bytes[op + 1] == 0x1f {
                // nopl with a register, 8-bit or 32-bit displacement, with or without index.
                let form = bytes[op + 2]
                switch form {
                case 0x00: at = op + 3
                case 0x40: at = op + 4
                case 0x44: at = op + 5
                case 0x80: at = op + 7
                case 0x84: at = op + 8
                default: return false
                }
            } else {
                return false
            }
        }
        return true
    }
}
