// Lengths of the instructions that compilers put between the loading of constants and a `syscall`.

import KernelBase

/// As much of the encoding of x86-64 as call sites need.
enum Instructions {
    /// The length of the instruction at `start`, if it is one that goes on to the next one and means the same at any other
    /// address: no branch, no address relative to the instruction, and none of which this table knows nothing. Else nil.
    static func length(_ bytes: Bytes, at start: Int) -> Int? {
        // The longest form here has 13 bytes.
        guard start >= 0, start + 15 <= bytes.count else { return nil }
        var at = start
        var narrow = false
        // Operand size, the repetition prefixes as part of a vector instruction's code, %fs.
        while at < start + 3, bytes[at] == 0x66 || bytes[at] == 0xf2 || bytes[at] == 0xf3 || bytes[at] == 0x64 {
            narrow = narrow || bytes[at] == 0x66
            at += 1
        }
        let prefixed = at > start && bytes[at - 1] != 0x64
        var wide = false
        if bytes[at] & 0xf0 == 0x40 {
            wide = bytes[at] & 8 != 0
            at += 1
        }
        let code = bytes[at]
        at += 1
        let immediate = narrow ? 2 : 4
        if code == 0x0f { return vectorOrTwoByte(bytes, start, at) }
        // What is left of prefixes belongs to strings and spin loops.
        if prefixed && !narrow { return nil }
        switch code {
        case 0x00...0x3f where code & 7 < 4: return operand(bytes, start, at, 0)   // add or adc sbb and sub xor cmp
        case 0x00...0x3f where code & 7 == 4: return at + 1 - start
        case 0x00...0x3f where code & 7 == 5: return at + immediate - start
        case 0x50...0x5f, 0x90, 0x98, 0x99: return at - start                      // push pop nop cltq cltd
        case 0x63, 0x84...0x8b, 0x8d, 0xd0...0xd3: return operand(bytes, start, at, 0) // movslq test xchg mov lea shifts
        case 0x80, 0x83, 0xc0, 0xc1, 0xc6: return operand(bytes, start, at, 1)
        case 0x81, 0xc7: return operand(bytes, start, at, immediate)
        case 0xa8: return at + 1 - start
        case 0xa9: return at + immediate - start
        case 0xb0...0xb7: return at + 1 - start
        case 0xb8...0xbf: return at + (wide ? 8 : immediate) - start
        case 0xf6: return operand(bytes, start, at, bytes[at] & 0x30 == 0 ? 1 : 0) // test has a constant, not and neg have none
        case 0xf7: return operand(bytes, start, at, bytes[at] & 0x30 == 0 ? immediate : 0)
        default: return nil
        }
    }

    private static func vectorOrTwoByte(_ bytes: Bytes, _ start: Int, _ at: Int) -> Int? {
        switch bytes[at] {
        case 0x1f, 0x40...0x4f, 0x90...0x9f, 0xaf, 0xb6, 0xb7, 0xbe, 0xbf: // nop cmov set imul movz movs
            return operand(bytes, start, at + 1, 0)
        case 0x10, 0x11, 0x16, 0x17, 0x28, 0x29, 0x57, 0x6c, 0x6e, 0x6f, 0x7e, 0x7f, 0xd6, 0xef: // moves of vectors, xor
            return operand(bytes, start, at + 1, 0)
        default: return nil
        }
    }

    /// A register or memory operand, and a constant of `immediate` bytes.
    private static func operand(_ bytes: Bytes, _ start: Int, _ at: Int, _ immediate: Int) -> Int? {
        let mode = bytes[at] >> 6, place = bytes[at] & 7
        var end = at + 1
        if mode != 3 {
            var base = place
            if place == 4 {
                base = bytes[end] & 7
                end += 1
            } else if mode == 0 && place == 5 {
                return nil // relative to the instruction
            }
            end += mode == 1 ? 1 : mode == 2 || base == 5 ? 4 : 0
        }
        return end + immediate - start
    }
}
