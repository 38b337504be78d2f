import KernelBase
import LinuxABI
import Machine
import Tasks

/// /proc/cpuinfo: what the processor says of itself, in Linux's words.
final class ProcessorDescription {
    /// Lines up to and with `model`... that are the same for all processors; made at the first reading.
    private var head: Bytes = []
    private var flags: Bytes = []
    private var tail: Bytes = []
    private var kilohertz: UInt64 = 0
    private var isKnown = false

    init() {}

    /// What each bit is called, from bit 0; `-` for those without a name.
    private struct Names {
        var leaf: UInt32
        var subleaf: UInt32 = 0
        /// 0 is eax, 1 ebx, 2 ecx, 3 edx.
        var register: Int
        var names: StaticString
    }

    private static var table: [Names] {
        [
            Names(leaf: 1, register: 3, names: """
                fpu vme de pse tsc msr pae mce cx8 apic - sep mtrr pge mca cmov pat pse36 pn clflush - dts acpi mmx fxsr sse sse2 ss ht tm ia64 pbe
                """),
            Names(leaf: 0x8000_0001, register: 3, names: """
                - - - - - - - - - - - syscall - - - - - - - mp nx - mmxext - - fxsr_opt pdpe1gb rdtscp - lm 3dnowext 3dnow
                """),
            Names(leaf: 0x8000_0007, register: 3, names: "- - - - - - - - constant_tsc"),
            Names(leaf: 0x8000_0007, register: 3, names: "- - - - - - - - nonstop_tsc"),
            Names(leaf: 1, register: 2, names: """
                pni pclmulqdq dtes64 monitor ds_cpl vmx smx est tm2 ssse3 cid sdbg fma cx16 xtpr pdcm - pcid dca sse4_1 sse4_2 x2apic movbe popcnt \
                tsc_deadline_timer aes xsave - avx f16c rdrand hypervisor
                """),
            Names(leaf: 0x8000_0001, register: 2, names: """
                lahf_lm cmp_legacy svm extapic cr8_legacy abm sse4a misalignsse 3dnowprefetch osvw ibs xop skinit wdt - lwp fma4 tce - nodeid_msr - \
                tbm topoext perfctr_core perfctr_nb - bpext ptsc perfctr_llc mwaitx - -
                """),
            Names(leaf: 7, register: 1, names: """
                fsgsbase tsc_adjust sgx bmi1 hle avx2 - smep bmi2 erms invpcid rtm cqm - mpx rdt_a avx512f avx512dq rdseed adx smap avx512ifma - \
                clflushopt clwb intel_pt avx512pf avx512er avx512cd sha_ni avx512bw avx512vl
                """),
            Names(leaf: 0xd, subleaf: 1, register: 0, names: "xsaveopt xsavec xgetbv1 xsaves"),
            Names(leaf: 7, subleaf: 1, register: 0, names: "sha512 sm3 sm4 - avx_vnni avx512_bf16"),
            Names(leaf: 0x8000_0008, register: 1, names: "clzero irperf xsaveerptr - rdpru - - - - wbnoinvd"),
            Names(leaf: 7, register: 2, names: """
                - avx512vbmi umip pku ospke waitpkg avx512_vbmi2 - gfni vaes vpclmulqdq avx512_vnni avx512_bitalg tme avx512_vpopcntdq - la57 - - - - - \
                rdpid - bus_lock_detect cldemote - movdiri movdir64b enqcmd - -
                """),
            Names(leaf: 7, register: 3, names: """
                - - avx512_4vnniw avx512_4fmaps fsrm - - - avx512_vp2intersect - md_clear - - - serialize - tsxldtrk - pconfig arch_lbr ibt - amx_bf16 \
                avx512_fp16 amx_tile amx_int8 - - flush_l1d arch_capabilities - -
                """),
        ]
    }

    private static func appendNames(_ bits: UInt32, _ names: StaticString, _ text: inout Bytes) {
        var bit: UInt32 = 0
        var name: Bytes = []
        func take(_ text: inout Bytes) {
            guard !name.isEmpty else { return }
            if bit < 32, bits >> bit & 1 != 0, !name.equals("-") {
                if !text.isEmpty { text.append(" ") }
                text.append(contentsOf: name)
            }
            name = []
            bit &+= 1
        }
        for byte in Bytes(names) {
            if byte == 32 || byte == 10 { take(&text) } else { name.append(byte) }
        }
        take(&text)
    }

    private static func append(_ word: UInt32, _ text: inout Bytes) {
        for shift in 0..<UInt32(4) {
            let byte = UInt8(truncatingIfNeeded: word >> (shift &* 8))
            if byte != 0 { text.append(byte) }
        }
    }

    private func learn() {
        isKnown = true
        let basic = Processor.identify(0)
        let extended = Processor.identify(0x8000_0000).eax
        var vendor: Bytes = []
        for word in [basic.ebx, basic.edx, basic.ecx] { ProcessorDescription.append(word, &vendor) }
        let signature = Processor.identify(1).eax
        var family = signature >> 8 & 15, model = signature >> 4 & 15
        if family >= 6 { model |= signature >> 12 & 0xf0 }
        if family == 15 { family &+= signature >> 20 & 0xff }
        var name: Bytes = []
        if extended >= 0x8000_0004 {
            for leaf in UInt32(0x8000_0002)...0x8000_0004 {
                let part = Processor.identify(leaf)
                for word in [part.eax, part.ebx, part.ecx, part.edx] { ProcessorDescription.append(word, &name) }
            }
        }
        while name.last == 32 { name.removeLast() }
        while name.first == 32 { name.removeFirst() }
        if name.isEmpty { name = Bytes("unknown") }

        for row in ProcessorDescription.table {
            if row.leaf >= 0x8000_0000 ? row.leaf > extended : row.leaf > basic.eax { continue }
            let leaf = Processor.identify(row.leaf, row.subleaf)
            let bits = row.register == 0 ? leaf.eax : row.register == 1 ? leaf.ebx : row.register == 2 ? leaf.ecx : leaf.edx
            ProcessorDescription.appendNames(bits, row.names, &flags)
        }
        flags.append(" cpuid nopl rep_good")
        measure()

        head.append("vendor_id\t: ")
        head.append(contentsOf: vendor)
        head.line("\ncpu family\t: ", Int(family))
        head.line("model\t\t: ", Int(model))
        head.append("model name\t: ")
        head.append(contentsOf: name)
        head.line("\nstepping\t: ", Int(signature & 15))
        head.append("cpu MHz\t\t: ")
        appendThousandths(kilohertz, &head)
        head.append("\n")
        if extended >= 0x8000_0006 { head.append("cache size\t: "); head.append(decimal: UInt(Processor.identify(0x8000_0006).ecx >> 16)); head.append(" KB\n") }

        tail.append("fpu\t\t: yes\nfpu_exception\t: yes\n")
        tail.line("cpuid level\t: ", Int(basic.eax))
        tail.append("wp\t\t: yes\nflags\t\t: ")
        tail.append(contentsOf: flags)
        tail.append("\nbugs\t\t:\nbogomips\t: ")
        appendHundredths(kilohertz &* 2, &tail)
        tail.append("\nclflush size\t: 64\ncache_alignment\t: 64\n")
        if extended >= 0x8000_0008 {
            let sizes = Processor.identify(0x8000_0008).eax
            tail.append("address sizes\t: ")
            tail.append(decimal: UInt(sizes & 0xff))
            tail.append(" bits physical, ")
            tail.append(decimal: UInt(sizes >> 8 & 0xff))
            tail.append(" bits virtual\n")
        }
        tail.append("power management:\n\n")
    }

    /// The rate of the time-stamp counter, which is the nominal one of all processors of today.
    private func measure() {
        let start = Clock.monotonic(), first = Processor.timeStamp
        var now = start
        while now &- start < 200_000 { now = Clock.monotonic() }
        let ticks = Processor.timeStamp &- first
        kilohertz = ticks &* 1_000_000 / max(1, now &- start)
    }

    private func appendThousandths(_ value: UInt64, _ text: inout Bytes) {
        text.append(decimal: UInt(value / 1000))
        text.append(".")
        for divisor in [100, 10, 1] as [UInt64] { text.append(48 &+ UInt8(truncatingIfNeeded: value / divisor % 10)) }
    }
    private func appendHundredths(_ value: UInt64, _ text: inout Bytes) {
        text.append(decimal: UInt(value / 1000))
        text.append(".")
        for divisor in [100, 10] as [UInt64] { text.append(48 &+ UInt8(truncatingIfNeeded: value / divisor % 10)) }
    }

    func text() -> Bytes {
        if !isKnown { learn() }
        var text: Bytes = []
        let processors = SystemText.processors
        for (index, processor) in processors.enumerated() {
            text.line("processor\t: ", processor)
            text.append(contentsOf: head)
            text.append("physical id\t: 0\n")
            text.line("siblings\t: ", processors.count)
            text.line("core id\t\t: ", index)
            text.line("cpu cores\t: ", processors.count)
            text.line("apicid\t\t: ", processor)
            text.line("initial apicid\t: ", processor)
            text.append(contentsOf: tail)
        }
        return text
    }
}
