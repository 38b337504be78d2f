// Shapes of system call sites in compiled code, and what may replace them.

import KernelBase

/// How a `syscall` instruction can be avoided. Offsets are relative to the `syscall`.
///
/// The `syscall` itself stays in place in every shape, so that a jump straight to it traps as before.
enum CallSite: Equatable {
    /// `mov $number, %eax; syscall`: the five bytes of the `mov` become a jump to the trampoline.
    case move(number: UInt32)
    /// `xor %eax, %eax; syscall` (read): the two bytes become a short jump to `padding`, unused bytes after a
    /// `ret` nearby, which hold the jump to the trampoline.
    case clear(padding: Int)

    /// The function syscall(2) of the GNU C library, whose number and arguments come from its caller:
    /// `mov 8(%rsp), %r9; syscall`. The five bytes of the `mov` become a jump to the trampoline.
    case load

    /// How syscall(2) moves its arguments.
    private static let argumentMoves: [UInt8] = [
        0x48, 0x89, 0xf8, // mov %rdi, %rax
        0x48, 0x89, 0xf7, // mov %rsi, %rdi
        0x48, 0x89, 0xd6, // mov %rdx, %rsi
        0x48, 0x89, 0xca, // mov %rcx, %rdx
        0x4d, 0x89, 0xc2, // mov %r8, %r10
        0x4d, 0x89, 0xc8, // mov %r9, %r8
        0x4c, 0x8b, 0x4c, 0x24, 0x08, // mov 8(%rsp), %r9
    ]

    /// Recognises a site from the bytes around a `syscall` that was executed with `number` in %eax.
    ///
    /// - Parameters:
    ///   - bytes: a page of text.
    ///   - position: of the `syscall` in it.
    static func recognise(_ bytes: Bytes, at position: Int, number: UInt) -> CallSite? {
        guard position >= 8, position + 2 <= bytes.count, bytes[position] == 0x0f, bytes[position + 1] == 0x05 else { return nil }
        if bytes[position - 5] == 0xb8, number <= 0xffff,
           bytes[position - 4] == UInt8(truncatingIfNeeded: number), bytes[position - 3] == UInt8(truncatingIfNeeded: number >> 8),
           bytes[position - 2] == 0, bytes[position - 1] == 0,
           // A REX prefix would make it a move to another register.
           bytes[position - 6] & 0xf0 != 0x40 {
            return .move(number: UInt32(number))
        }
        if bytes[position - 1] == 0x08, bytes[position - 2] == 0x24, position >= argumentMoves.count {
            for (index, byte) in argumentMoves.enumerated() where bytes[position - argumentMoves.count + index] != byte { return nil }
            return .load
        }
        if number == 0, bytes[position - 2] == 0x31, bytes[position - 1] == 0xc0, bytes[position - 3] & 0xf0 != 0x40,
           let padding = findPadding(bytes, from: position + 2) {
            // The short jump's displacement counts from its end, which is the `syscall`.
            let distance = padding - position
            return distance >= -128 && distance <= 127 ? .clear(padding: distance) : nil
        }
        return nil
    }

    /// Follows the straight-line code after a call, by the few instructions that C libraries have there, to a `ret`
    /// that is followed by at least five bytes of padding. Every step starts at a proven instruction boundary, and
    /// nothing jumps to padding behind a `ret`.
    private static func findPadding(_ bytes: Bytes, from start: Int) -> Int? {
        var at = start
        for _ in 0..<16 {
            guard at + 8 < bytes.count else { return nil }
            if bytes[at] == 0xc3 { return isPadding(bytes, at + 1) ? at + 1 : nil }
            guard let length = lengthOfKnown(bytes, at) else { return nil }
            at += length
        }
        return nil
    }

    private static func lengthOfKnown(_ bytes: Bytes, _ at: Int) -> Int? {
        switch (bytes[at], bytes[at + 1], bytes[at + 2]) {
        case (0x48, 0x3d, _): 6                       // cmp $imm32, %rax
        case (0x3d, _, _): 5                          // cmp $imm32, %eax
        case (0x77, _, _): 2                          // ja
        case (0x0f, 0x87, _): 6                       // ja
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
