// The seccomp filter, run by an interpreter of its own over calls that must pass and calls that must not.
//
// The last test takes the filter apart: for every instruction that decides something there must be a case above
// that notices when it is changed. So a guard that is removed or loosened fails here, not in an attack.

import CMachine
import Testing

private let gate: UInt64 = 0x7000_0012_3456
private let amd64: UInt32 = 0xc000_003e, i386: UInt32 = 0x4000_0003

enum Verdict: UInt32 {
    case kill = 0x8000_0000
    case trap = 0x0003_0000
    case allow = 0x7fff_0000
}

/// A call as the host presents it to the filter: struct seccomp_data.
struct Call: CustomStringConvertible, Sendable {
    var number: UInt32
    var arguments: [UInt64]
    var architecture = amd64
    var instruction = gate
    var expected: Verdict
    var description: String {
        "call \(number) (\(arguments.map { "0x" + String($0, radix: 16) }.joined(separator: ", "))) arch \(architecture) at 0x\(String(instruction, radix: 16)): \(expected)"
    }

    func word(at offset: UInt32) -> UInt32? {
        func half(_ value: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: offset % 8 == 0 ? value : value >> 32) }
        switch offset {
        case 0: return number
        case 4: return architecture
        case 8, 12: return half(instruction)
        case 16..<64 where offset % 4 == 0:
            let index = Int(offset - 16) / 8
            return index < arguments.count ? half(arguments[index]) : 0
        default: return nil
        }
    }
}

private func allowed(_ number: UInt32, _ arguments: UInt64...) -> Call { Call(number: number, arguments: arguments, expected: .allow) }
private func killed(_ number: UInt32, _ arguments: UInt64...) -> Call { Call(number: number, arguments: arguments, expected: .kill) }

/// Runs a filter. nil if it is not a correct program.
func run(_ filter: [ml_filter_instruction], _ call: Call) -> UInt32? {
    var accumulator: UInt32 = 0
    var at = 0
    while at < filter.count {
        let instruction = filter[at]
        at += 1
        var holds = false
        switch instruction.code {
        case 0x20: // BPF_LD | BPF_W | BPF_ABS
            guard let word = call.word(at: instruction.value) else { return nil }
            accumulator = word
            continue
        case 0x06: return instruction.value // BPF_RET | BPF_K
        case 0x15: holds = accumulator == instruction.value // BPF_JEQ
        case 0x25: holds = accumulator > instruction.value // BPF_JGT
        case 0x45: holds = accumulator & instruction.value != 0 // BPF_JSET
        default: return nil
        }
        at += Int(holds ? instruction.if_true : instruction.if_false)
    }
    return nil
}

private func makeFilter() -> [ml_filter_instruction] {
    [ml_filter_instruction](unsafeUninitializedCapacity: Int(ML_FILTER_MAX)) { buffer, count in
        count = Int(ml_filter(buffer.baseAddress!, gate))
    }
}

private let plain: [UInt32] = [11, 10, 25, 26, 27, 15, 219, 60, 231, 61, 131, 228, 24, 98, 17, 18, 77, 285, 74]
private let filtered: [UInt32] = [202, 9, 28, 3, 47, 324, 56, 200, 157, 203]

private let cases: [Call] = {
    var cases: [Call] = []
    // --- where the call comes from
    for instruction in [gate + 2, gate - 2, gate + 1 << 32, gate & 0xffff_ffff, 0x401000, 0x7fff_f7fc_0000, 0xffff_ffff_ff60_0007] {
        cases.append(Call(number: 39, arguments: [], instruction: instruction, expected: .trap))
        cases.append(Call(number: 231, arguments: [], instruction: instruction, expected: .trap))
        cases.append(Call(number: 1, arguments: [], architecture: i386, instruction: instruction, expected: .trap))
    }
    // --- 32-bit calls through the gate's own bytes, and x32 numbers
    for number in [1, 4, 5, 11, 17, 18, 231] as [UInt32] {
        cases.append(Call(number: number, arguments: [], architecture: i386, expected: .kill))
    }
    for number in plain + filtered { cases.append(Call(number: number | 0x4000_0000, arguments: [0, 0, 0, 0, 0, 0], expected: .kill)) }
    // --- the calls that are not on the list: all others
    for number in 0..<600 as Range<UInt32> where !plain.contains(number) && !filtered.contains(number) { cases.append(killed(number)) }
    for number in plain {
        cases.append(allowed(number))
        cases.append(allowed(number, .max, .max, .max, .max, .max, .max))
    }
    // --- futex: wait, wake, wait with a bit set; nothing private, no requeue, no priority inheritance, no real-time clock
    for operation in [0, 1, 9] as [UInt64] { cases.append(allowed(202, 0x1000, operation)) }
    for operation in [2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 128, 129, 137, 256 + 9, 0xffff_ffff] as [UInt64] { cases.append(killed(202, 0x1000, operation)) }
    // --- mmap
    for flags in [0x11, 0x12, 0x32, 0x4032, 0x8012, 0x4011] as [UInt64] { cases.append(allowed(9, 0, 4096, 7, flags)) }
    for flags in [0x100, 0x2000, 0x40000] as [UInt64] { cases.append(killed(9, 0, 4096, 3, 0x22 | flags)) }
    for flags in [0x21, 0x23, 0x31, 0x4021] as [UInt64] { cases.append(killed(9, 0, 4096, 3, flags)) }
    // --- madvise
    for advice in [0, 1, 4, 8, 9, 13, 14, 21, 23, 25, 102, 103] as [UInt64] { cases.append(allowed(28, 0, 4096, advice)) }
    for advice in [12, 26, 99, 100, 101, 104, 0xffff_ffff] as [UInt64] { cases.append(killed(28, 0, 4096, advice)) }
    // --- close: neither the arena, nor the socket, nor the lifeline
    for descriptor in [6, 7, 100, 0xffff_ffff] as [UInt64] { cases.append(allowed(3, descriptor)) }
    for descriptor in [0, 1, 2, 3, 4, 5, 5 | 1 << 32] as [UInt64] { cases.append(killed(3, descriptor)) }
    cases.append(allowed(47, 4, 0x1000, 0))
    for descriptor in [0, 3, 5, 6] as [UInt64] { cases.append(killed(47, descriptor, 0x1000, 0)) }
    // --- membarrier
    for command in [0, 1, 2, 4, 8, 16, 32, 64] as [UInt64] { cases.append(allowed(324, command, 0)) }
    for command in [128, 256, 512, 0x8000_0000] as [UInt64] { cases.append(killed(324, command, 0)) }
    cases.append(killed(324, 8, 1))
    // --- clone: threads and forks as the kernel makes them; each other flag by itself
    cases.append(allowed(56, 0x400 | 0x8000 | 0x10_0000))
    cases.append(allowed(56, 0x100 | 0x200 | 0x400 | 0x800 | 0x1_0000 | 0x4_0000 | 0x8_0000 | 0x10_0000))
    cases.append(allowed(56, 17))
    for bit in 0..<32 as Range<UInt64> where 0x001d_8f11 & (1 << bit) == 0 { cases.append(killed(56, 1 << bit)) }
    for bit in [0x1000_0000, 0x2000_0000, 0x4000_0000, 0x0800_0000, 0x0400_0000, 0x0200_0000, 0x2_0000, 0x2000] as [UInt64] {
        cases.append(killed(56, 17 | 0x100 | bit))
    }
    // --- tkill: only the signal that is ignored
    cases.append(allowed(200, 1, 23))
    for signal in 0...64 as ClosedRange<UInt64> where signal != 23 { cases.append(killed(200, 1, signal)) }
    // --- prctl: only the parent's death, only by SIGKILL
    cases.append(allowed(157, 1, 9))
    for signal in [0, 1, 15, 17] as [UInt64] { cases.append(killed(157, 1, signal)) }
    for option in 0..<80 as Range<UInt64> where option != 1 { cases.append(killed(157, option, 9)) }
    // --- sched_setaffinity
    cases.append(allowed(203, 0, 8, 0x1000))
    for thread in [1, 2, 4711] as [UInt64] { cases.append(killed(203, thread, 8, 0x1000)) }
    return cases
}()

@Suite struct FilterTests {
    @Test func everyCaseGetsItsVerdict() {
        let filter = makeFilter()
        for call in cases { #expect(run(filter, call) == call.expected.rawValue, "\(call)") }
    }

    @Test func fewerThanThirtyCalls() {
        #expect(plain.count + filtered.count < 30)
        #expect(makeFilter().count <= Int(ML_FILTER_MAX))
    }

    /// Every jump and every verdict of the filter matters to some case.
    @Test func everyChangedInstructionIsNoticed() {
        let filter = makeFilter()
        func isNoticed(_ changed: [ml_filter_instruction]) -> Bool {
            cases.contains { run(changed, $0) != $0.expected.rawValue }
        }
        for index in filter.indices {
            let original = filter[index]
            var variants: [ml_filter_instruction] = []
            func add(_ change: (inout ml_filter_instruction) -> Void) {
                var copy = original
                change(&copy)
                variants.append(copy)
            }
            switch original.code {
            case 0x06:
                for verdict in [Verdict.kill, .trap, .allow] where verdict.rawValue != original.value { add { $0.value = verdict.rawValue } }
            case 0x20:
                // The neighbouring word: another argument's half.
                add { $0.value = $0.value >= 20 ? $0.value - 8 : ($0.value ^ 8) }
            default:
                // The test always holds, never holds, or compares with something else.
                add { $0.if_false = $0.if_true }
                add { $0.if_true = $0.if_false }
                add { $0.value ^= 1 }
            }
            for variant in variants {
                var changed = filter
                changed[index] = variant
                #expect(isNoticed(changed), "instruction \(index) (code \(original.code), value 0x\(String(original.value, radix: 16))) can be changed to \(variant) without a case that fails")
            }
        }
    }
}
