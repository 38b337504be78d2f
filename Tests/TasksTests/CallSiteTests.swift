import KernelBase
import Testing

@testable import Tasks

/// Which system call sites are replaced. A wrong one would break the program, so what is not proven safe is left alone.
@Suite struct CallSiteTests {
    /// `before`, a `syscall`, `after`, in the middle of a page of instructions that have no meaning.
    private func page(_ before: Bytes, _ after: Bytes = []) -> (bytes: Bytes, position: Int) {
        var bytes = Bytes(repeating: 0xf4, count: 64) + before
        let position = bytes.count
        bytes += [0x0f, 0x05] + after
        bytes += Bytes(repeating: 0xf4, count: 256 - bytes.count)
        return (bytes, position)
    }
    /// - Parameter others: registers at the call besides rax, by their numbers; the rest is not known.
    private func recognise(_ before: Bytes, _ after: Bytes = [], number: UInt, others: [Int: UInt] = [:]) -> CallSite? {
        let (bytes, position) = page(before, after)
        return CallSite.recognise(bytes, at: position, registers: (0..<16).map { $0 == 0 ? number : others[$0] })
    }

    @Test func moves() {
        #expect(recognise([0xb8, 0x27, 0, 0, 0], number: 39) == .run(length: 5))
        #expect(recognise([0xb8, 0x0e, 0x01, 0, 0], number: 270) == .run(length: 5))
        // Another number than the one executed: the move is not what came before the call.
        #expect(recognise([0xb8, 0x27, 0, 0, 0], number: 40) == nil)
        // mov $imm64, %r8: the same bytes behind a prefix.
        #expect(recognise([0x41, 0xb8, 0x27, 0, 0, 0], number: 39) == nil)
        #expect(recognise([0x89, 0xf8, 0x90, 0x90, 0x90], number: 39) == nil)
    }

    /// The number, or another constant, is loaded some instructions before.
    @Test func runs() {
        let number: Bytes = [0xb8, 0xca, 0, 0, 0]
        // As in locks: mov $202, %eax; xor $0x81, %sil.
        #expect(recognise(number + [0x40, 0x80, 0xf6, 0x81], number: 202) == .run(length: 9))
        // movq $0x20, (%rsp); push %rbx; lea 8(%rsi,%rsi,2), %rsi; cmovbe %r8, %rsi; setne %sil.
        for between in [[0x48, 0xc7, 0x04, 0x24, 0x20, 0, 0, 0], [0x53], [0x48, 0x8d, 0x74, 0x76, 0x08], [0x49, 0x0f, 0x46, 0xf0],
                        [0x40, 0x0f, 0x95, 0xc6]] as [Bytes] {
            #expect(recognise(number + between, number: 202) == .run(length: 5 + between.count))
        }
        // A jump, a call, a return, an address relative to the instruction, lock and int3 are not copied, nor is what is not known.
        for between in [[0x74, 0x00], [0xe8, 0, 0, 0, 0], [0xc3], [0x48, 0x8d, 0x35, 0, 0, 0, 0], [0xf0, 0xff, 0x00], [0xcc], [0x0f, 0x0b]] as [Bytes] {
            #expect(recognise(number + between, number: 202) == nil)
        }
        // mov $8, %r10d; mov %ebx, %eax: whatever the number is.
        let mask: Bytes = [0x41, 0xba, 8, 0, 0, 0, 0x89, 0xd8]
        #expect(recognise(mask, number: 14, others: [10: 8]) == .run(length: 8))
        #expect(recognise(mask, number: 14, others: [10: 9]) == nil)
        #expect(recognise(mask, number: 14) == nil)
        // mov $15, %rax and mov $-1, %r9; mov %ebx, %eax.
        #expect(recognise([0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0], number: 15) == .run(length: 7))
        #expect(recognise([0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0], number: 14) == nil)
        #expect(recognise([0x49, 0xc7, 0xc1, 0xff, 0xff, 0xff, 0xff, 0x89, 0xd8], number: 9, others: [9: .max]) == .run(length: 9))
        // movl $39, -72(%rbp) and movl $39, -72(%rsi,%r15): the constant belongs to a store.
        #expect(recognise([0xc7, 0x45, 0xb8, 0x27, 0, 0, 0], number: 39) == nil)
        #expect(recognise([0x42, 0xc7, 0x44, 0x3e, 0xb8, 0x27, 0, 0, 0], number: 39) == nil)
        // Too far away.
        #expect(recognise(number + Bytes(repeating: 0x90, count: 36), number: 202) == nil)
    }

    /// The end of the C library's syscall(2), with all that is before it.
    @Test func functionForAnyCall() {
        let moves: Bytes = [0x48, 0x89, 0xf8, 0x48, 0x89, 0xf7, 0x48, 0x89, 0xd6, 0x48, 0x89, 0xca, 0x4d, 0x89, 0xc2, 0x4d, 0x89, 0xc8,
                            0x4c, 0x8b, 0x4c, 0x24, 0x08]
        #expect(recognise(moves, number: 1) == .run(length: 5))
        #expect(recognise(moves, number: 1 << 63) == .run(length: 5))
        for index in 0..<3 { // without the number
            var other = moves
            other[index] ^= 1
            #expect(recognise(other, number: 1) == nil)
        }
        for index in 3..<moves.count where moves[index] & 0xfa == 0x48 || moves[index] == 0x24 { // something else among the moves
            var other = moves
            other[index] ^= 2
            #expect(recognise(other, number: 1) != .run(length: 5))
        }
        // musl's, for calls that can be cancelled: without threads, and with.
        #expect(recognise([0x48, 0x89, 0xf8, 0x4d, 0x89, 0xc2, 0x48, 0x89, 0xf7, 0x4d, 0x89, 0xc8, 0x48, 0x89, 0xd6, 0x4c, 0x8b, 0x4c, 0x24, 0x08,
                           0x48, 0x89, 0xca], number: 1) == .run(length: 8))
        #expect(recognise([0x49, 0x89, 0xfb, 0x48, 0x89, 0xf0, 0x48, 0x89, 0xd7, 0x48, 0x89, 0xce, 0x4c, 0x89, 0xc2, 0x4d, 0x89, 0xca,
                           0x4c, 0x8b, 0x44, 0x24, 0x08, 0x4c, 0x8b, 0x4c, 0x24, 0x10, 0x4c, 0x89, 0x5c, 0x24, 0x08], number: 1) == .run(length: 5))
        // Go's: everything from the stack, the number last.
        #expect(recognise([0x48, 0x8b, 0x54, 0x24, 0x20, 0x48, 0x8b, 0x44, 0x24, 0x08], number: 1) == .run(length: 5))
        #expect(recognise([0x48, 0x8b, 0x44, 0x24, 0x08], number: 1) == nil)
        #expect(recognise([0x48, 0x8b, 0x44, 0x24, 0x08, 0x48, 0x8b, 0x54, 0x24, 0x20], number: 1) == nil)
    }

    /// Go's function for any call has no instruction of five bytes, but padding behind it, which a branch leads over.
    @Test func goFunctionForAnyCall() {
        let moves: Bytes = [0x49, 0x89, 0xf2, 0x48, 0x89, 0xfa, 0x48, 0x89, 0xce, 0x48, 0x89, 0xdf]
        let after: Bytes = [0x48, 0x3d, 0x01, 0xf0, 0xff, 0xff, 0x76, 0x15, 0x48, 0xf7, 0xd8, 0x48, 0x89, 0xc1, 0x48, 0xc7, 0xc0, 0xff, 0xff, 0xff, 0xff,
                            0x48, 0xc7, 0xc3, 0, 0, 0, 0, 0xc3, 0x48, 0x89, 0xd3, 0x48, 0xc7, 0xc1, 0, 0, 0, 0, 0xc3]
        let padding = Bytes(repeating: 0xcc, count: 8)
        #expect(recognise(moves, after + padding, number: 39) == .short(length: 3, padding: 2 + after.count))
        #expect(CallSite.short(length: 3, padding: 2 + after.count).shortDisplacement == Int8(after.count + 3))
        #expect(recognise(moves, after, number: 39) == nil)
        for index in 0..<moves.count {
            var other = moves
            other[index] ^= 1
            #expect(recognise(other, after + padding, number: 39) == nil)
        }
        // A branch that leads elsewhere does not tell what is behind the return.
        var elsewhere = after
        elsewhere[7] = 0x16
        #expect(recognise(moves, elsewhere + padding, number: 39) == nil)
    }

    /// read() of C libraries: xor %eax,%eax; syscall; cmp $-4096,%rax; ja; ret; padding.
    @Test func clears() {
        let check: Bytes = [0x48, 0x3d, 0x00, 0xf0, 0xff, 0xff, 0x77, 0x56, 0xc3]
        let nop: Bytes = [0x0f, 0x1f, 0x44, 0x00, 0x00]
        #expect(recognise([0x31, 0xc0], check + nop, number: 0) == .short(length: 2, padding: 2 + check.count))
        #expect(recognise([0x31, 0xc0], check + [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00], number: 0) == .short(length: 2, padding: 2 + check.count))
        #expect(recognise([0x31, 0xc0], check + Bytes(repeating: 0xcc, count: 6), number: 0) == .short(length: 2, padding: 2 + check.count))
        // Too little padding: what follows is the next function.
        #expect(recognise([0x31, 0xc0], check + [0x0f, 0x1f, 0x40, 0x00, 0x55], number: 0) == nil)
        #expect(recognise([0x31, 0xc0], check + [0x90, 0x90, 0x55, 0x90, 0x90, 0x90], number: 0) == nil)
        // An instruction that is not known ends the search: its length is not.
        #expect(recognise([0x31, 0xc0], [0xf0, 0x48, 0x0f, 0xc1, 0x02] + check + nop, number: 0) == nil)
        // xor %r8d,%r8d has the same last bytes with a prefix; another number was not made by this instruction.
        #expect(recognise([0x45, 0x31, 0xc0], check + nop, number: 0) == nil)
        #expect(recognise([0x31, 0xc0], check + nop, number: 1) == nil)
    }

    @Test func farPadding() {
        // Sixteen calls, then a return: 16 steps are the limit, and 127 bytes that of the short jump.
        let calls = Bytes((0..<15).flatMap { _ in [0xe8, 0, 0, 0, 0] as Bytes })
        let end: Bytes = [0xc3, 0x0f, 0x1f, 0x44, 0x00, 0x00]
        #expect(recognise([0x31, 0xc0], calls + end, number: 0) == .short(length: 2, padding: 2 + 75 + 1))
        #expect(recognise([0x31, 0xc0], calls + [0xe8, 0, 0, 0, 0] + end, number: 0) == nil)
    }

    /// At the edges of a page nothing is read beyond it, and nothing is found.
    @Test func edges() {
        let full = page([0xb8, 0x27, 0, 0, 0]).bytes
        for position in 0..<8 { #expect(CallSite.recognise(Bytes(full.prefix(position + 2)), at: position, registers: [39]) == nil) }
        let read: Bytes = Bytes(repeating: 0x90, count: 8) + [0x31, 0xc0, 0x0f, 0x05, 0xc3, 0x90, 0x90, 0x90, 0x90, 0x90]
        for count in 0...read.count { #expect(CallSite.recognise(Bytes(read.prefix(count)), at: 10, registers: [0]) == nil) }
        #expect(CallSite.recognise(full, at: full.count, registers: [39]) == nil)
        #expect(CallSite.recognise(full, at: full.count - 1, registers: [39]) == nil)
    }
}
