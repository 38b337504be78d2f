// Learning: call sites that trap are replaced by jumps into the kernel, in copies of the text that every
// later process gets at once.

import KernelBase
import LinuxABI
import Machine
import Memory
import MonitorProtocol
import VFS

/// The patched text of one file.
private final class PatchedText {
    /// Patched pages by their number in the file.
    var pages = HashTable<Int, PageRun>()
    /// Older versions of pages, which running processes may still map.
    var retired: [PageRun] = []
    /// Code that loads the number and the return address and enters the kernel; the first 8 bytes are the entry's address.
    let trampolines: PageRun
    var used = 64
    /// Address of file offset 0 minus that of the trampolines, the same in every process.
    let distance: UInt
    /// How often a site has trapped before it was patched, by file offset; then one of the two below.
    var traps = HashTable<Int, UInt8>()
    static var unpatchable: UInt8 { 250 }
    static var patched: UInt8 { 251 }

    init(trampolines: PageRun, distance: UInt) {
        self.trampolines = trampolines
        self.distance = distance
    }
}

/// Patches call sites of mapped files after they have trapped, see docs/interception.md.
public final class TextPatcher: TextMapper {
    private var files = HashTable<UInt, PatchedText>()
    /// Files are kept, so that an inode's identity is not reused.
    private var inodes: [Inode] = []
    private static var trampolineSize: Int { 24 }
    /// A site is patched when it has trapped this often.
    private static var threshold: UInt8 { 2 }

    private func key(_ inode: Inode) -> UInt { UInt(bitPattern: ObjectIdentifier(inode)) }

    /// A call came by SIGSYS from a `syscall` that ends at `next`. Under the kernel lock, in the thread concerned.
    public func trapped(_ task: Task, next: UInt, number: UInt) {
        let memory = task.memory
        // Somebody is changing the address space: another time.
        guard !memory.lock.isHeld, next > 8 else { return }
        let site = next &- 2
        guard let vma = memory.textArea(of: site), vma.gap.count == 0x1_0000 else { return }
        let offset = Int(site &- vma.start &+ vma.offset)
        let inode = vma.file.inode
        let origin = vma.start &- vma.offset
        let text: PatchedText
        if let known = files[key(inode)] {
            text = known
            guard text.distance == origin &- vma.gap.lowerBound else { return }
        } else {
            guard let run = PageRun.allocate(bytes: 0x1_0000) else { return }
            text = PatchedText(trampolines: run, distance: origin &- vma.gap.lowerBound)
            var entry: Bytes = []
            entry.append(littleEndian: UInt64(Host.fastEntry))
            _ = run.store(offset: 0, from: entry.span)
            files[key(inode)] = text
            inodes.append(inode)
        }
        let count = text.traps[offset] ?? 0
        if count == PatchedText.patched {
            // Learned by another process since this one got its text. Where the patch is in force already, somebody
            // jumps to the instruction itself, and will go on trapping.
            guard !isPatched(site) else { return }
        } else {
            guard count < PatchedText.unpatchable else { return }
            text.traps[offset] = count &+ 1
            guard count &+ 1 >= TextPatcher.threshold else { return }
            let done = patch(text, inode, offset, number, site)
            text.traps[offset] = done ? PatchedText.patched : PatchedText.unpatchable
            guard done else { return }
        }
        applyPage(text, page: offset >> 12, at: site & ~4095, protection: vma.protection)
        if !vma.hasTrampolines {
            mapTrampolines(text, vma.gap.lowerBound)
            memory.markTrampolines(at: site)
        }
    }

    /// Whether the calling process has the patched version of a site that is patched.
    private func isPatched(_ site: UInt) -> Bool {
        guard let move = try? UserMemory.load(UInt8.self, at: site &- 5), let clear = try? UserMemory.load(UInt8.self, at: site &- 2) else {
            return true
        }
        return move == 0xe9 || clear == 0xeb
    }

    /// Makes a new version of the page with one more site patched. - Returns: false if the site is not of a known shape.
    private func patch(_ text: PatchedText, _ inode: Inode, _ offset: Int, _ number: UInt, _ site: UInt) -> Bool {
        let page = offset >> 12
        let inPage = offset & 4095
        var bytes: Bytes
        if let old = text.pages[page] {
            bytes = old.bytes(offset: 0, count: 4096)
        } else {
            guard let read = try? inode.readBytes(offset: page << 12, count: 4096) else { return false }
            bytes = read
        }
        while bytes.count < 4096 { bytes.append(0) }
        guard text.used + TextPatcher.trampolineSize <= 0x1_0000,
              let shape = CallSite.recognise(bytes, at: inPage, number: number), let run = PageRun.allocate(order: 0, zeroed: false) else { return false }
        let trampoline = text.used
        // Everything is relative: `base` is where file offset 0 would be, the trampolines lie `distance` below.
        let target = trampoline &- Int(bitPattern: text.distance)
        var jump: (from: Int, inPage: Int)
        switch shape {
        case .move, .load: jump = (offset - 5, inPage - 5)
        case .clear(let padding):
            jump = (offset + padding, inPage + padding)
            bytes[inPage - 2] = 0xeb
            bytes[inPage - 1] = UInt8(bitPattern: Int8(padding))
        }
        guard jump.inPage >= 0, jump.inPage + 5 <= 4096 else { return false }
        let displacement = target &- (jump.from &+ 5)
        guard displacement >= Int(Int32.min), displacement <= Int(Int32.max) else { return false }
        bytes[jump.inPage] = 0xe9
        TextPatcher.put32(&bytes, jump.inPage + 1, displacement)

        var code: Bytes = Bytes(repeating: 0xcc, count: TextPatcher.trampolineSize)
        // What the jump has replaced.
        let replaced: Bytes = switch shape {
        case .move, .clear: [0xb8, UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8), 0, 0] // mov $number, %eax
        case .load: [0x48, 0x98, 0x4c, 0x8b, 0x4c, 0x24, 0x08] // cltq, for the number is an int; mov 8(%rsp), %r9
        }
        for (index, byte) in replaced.enumerated() { code[index] = byte }
        var at = replaced.count
        code[at] = 0x4c // lea return(%rip), %r11
        code[at + 1] = 0x8d
        code[at + 2] = 0x1d
        TextPatcher.put32(&code, at + 3, offset &+ 2 &- (target &+ at &+ 7))
        at += 7
        code[at] = 0xff // jmp *entry(%rip)
        code[at + 1] = 0x25
        TextPatcher.put32(&code, at + 2, 0 &- (trampoline &+ at &+ 6))
        _ = text.trampolines.store(offset: trampoline, from: code.span)
        text.used += TextPatcher.trampolineSize
        _ = run.store(offset: 0, from: bytes.span)
        if let old = text.pages[page] { text.retired.append(old) }
        text.pages[page] = run
        SharedArea.store64(SharedArea.load64(Statistics.patchedSites) &+ 1, Statistics.patchedSites)
        return true
    }

    private static func put32(_ bytes: inout Bytes, _ at: Int, _ value: Int) {
        for index in 0..<4 { bytes[at + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
    }

    /// The host replaces a mapping in one step, so other threads of the process find either version.
    private func applyPage(_ text: PatchedText, page: Int, at address: UInt, protection: UInt32) {
        guard let run = text.pages[page] else { return }
        try? Host.mapArena(address, 4096, protection: protection, shared: false, arenaOffset: run.arenaOffset)
    }

    private func mapTrampolines(_ text: PatchedText, _ address: UInt) {
        try? Host.mapArena(address, 0x1_0000, protection: 5, shared: true, arenaOffset: text.trampolines.arenaOffset)
    }

    /// Text of a file has been mapped: what was learned about it is in force at once.
    public override func mapped(_ space: AddressSpace, file: File, start: UInt, end: UInt, offset: UInt, protection: UInt32, gap: Range<UInt>?) -> Bool {
        guard let gap, protection & 2 == 0, let text = files[key(file.inode)], text.used > 64,
              text.distance == start &- offset &- gap.lowerBound else { return false }
        let first = Int(offset >> 12), last = Int((offset &+ (end &- start)) >> 12)
        var any = false
        text.pages.forEach { page, _ in
            guard page >= first, page < last else { return }
            applyPage(text, page: page, at: start &+ UInt(page - first) << 12, protection: protection)
            any = true
        }
        if any { mapTrampolines(text, gap.lowerBound) }
        return any
    }
}

public let patcherRoot = Root<TextPatcher>(14)
