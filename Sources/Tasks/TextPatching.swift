// Learning: call sites that trap are replaced by jumps into the kernel, in copies of the text that every
// later process gets at once.

import KernelBase
import LinuxABI
import Machine
import Memory
import MonitorProtocol
import VFS

/// Patches call sites of mapped files after they have trapped, see docs/interception.md.
public final class TextPatcher: TextMapper {
    private var files = HashTable<UInt, PatchedText>()
    /// Of files that have changed since; processes may still map it.
    private var former: [PatchedText] = []
    /// Grows with each patch of any file. 0 is that of an address space in which nothing was mapped yet.
    private var generation = 1
    /// At most: the replaced instructions, the number's extension, the return address and the jump.
    private static var trampolineSize: Int { 64 }
    /// A site is patched when it has trapped this often.
    private static var threshold: UInt8 { 2 }

    private func key(_ inode: Inode) -> UInt { UInt(bitPattern: ObjectIdentifier(inode)) }

    /// A call came by SIGSYS from a `syscall` that ends at `next`. Under the kernel lock, in the thread concerned.
    public func trapped(_ task: Task, next: UInt) {
        let memory = task.memory
        // Somebody is changing the address space: another time.
        guard !memory.lock.isHeld, next > 8 else { return }
        let site = next &- 2
        guard let vma = memory.textArea(of: site), vma.gap.count == 0x1_0000 else { return }
        let offset = Int(site &- vma.start &+ vma.offset)
        let distance = vma.start &- vma.offset &- vma.gap.lowerBound
        guard let text = find(vma.file.inode) ?? make(vma.file.inode, distance), text.distance == distance,
              fits(text, vma) else { return }
        let count = text.traps[offset] ?? 0
        if count == PatchedText.patched {
            // Learned by another process since this one got its text. Where the patch is in force already, somebody
            // jumps to the instruction itself, and will go on trapping.
            guard !isPatched(text, offset, site) else { return }
        } else {
            guard count < PatchedText.unpatchable else { return }
            text.traps[offset] = count &+ 1
            guard count &+ 1 >= TextPatcher.threshold else { return }
            let done = patch(text, offset)
            text.traps[offset] = done ? PatchedText.patched : PatchedText.unpatchable
            guard done else {
                logUnlearnable(vma.file, offset)
                return
            }
        }
        applyPage(text, page: offset >> 12, at: site & ~4095, protection: vma.protection)
        if !vma.hasTrampolines {
            mapTrampolines(text, vma.gap.lowerBound)
            memory.markTrampolines(at: site)
        }
    }

    /// Calls from there go on trapping.
    private func logUnlearnable(_ file: File, _ offset: Int) {
        guard Log.isOn(LogLevel.debug) else { return }
        var text = Bytes("a call site cannot be learned: ")
        text.append(contentsOf: file.path?.dentry.name ?? [])
        text.append("+0x")
        text.append(hex: UInt(bitPattern: offset))
        Log.write(LogLevel.debug, text)
    }

    /// Whether the trampolines in the area's gap, if there are any, are those of `text`, not of what the file was before.
    private func fits(_ text: PatchedText, _ area: TextArea) -> Bool {
        guard area.hasTrampolines else { return true }
        let identity = try? UserMemory.load(UInt64.self, at: area.gap.lowerBound &+ 8)
        return identity == UInt64(text.identity)
    }

    /// What is known of a file as it is now.
    private func find(_ inode: Inode) -> PatchedText? {
        guard let text = files[key(inode)] else { return nil }
        if text.isCurrent { return text }
        // Written to since: what was learned is about other bytes.
        files[key(inode)] = nil
        former.append(text)
        return nil
    }

    private func make(_ inode: Inode, _ distance: UInt) -> PatchedText? {
        forgetUnused()
        generation &+= 1
        guard let text = PatchedText(inode, distance: distance, identity: generation) else { return nil }
        files[key(inode)] = text
        return text
    }

    /// Gives up what nobody maps any more and nobody can map again.
    private func forgetUnused() {
        former.removeAll { $0.inode.mappings == nil }
        var gone: [UInt] = []
        files.forEach { name, text in
            if text.inode.linkCount == 0, text.inode.mappings == nil { gone.append(name) }
        }
        for name in gone { files[name] = nil }
    }

    /// Whether the calling process has the patched version of a site that is patched.
    private func isPatched(_ text: PatchedText, _ offset: Int, _ site: UInt) -> Bool {
        guard let run = text.pages[offset >> 12]?.run else { return true }
        // Any difference in the bytes that a patch may change is one that this process has still to get.
        let inPage = offset & 4095, first = max(inPage - CallSite.reach, 0)
        let wanted = run.bytes(offset: first, count: inPage - first)
        guard let found = try? UserMemory.copyIn(wanted.count, from: site &- UInt(wanted.count)) else { return true }
        return found == wanted
    }

    /// Makes a new version of the page with one more site patched. - Returns: false if the site is not of a known shape.
    private func patch(_ text: PatchedText, _ offset: Int) -> Bool {
        let page = offset >> 12
        let inPage = offset & 4095
        var bytes: Bytes
        if let old = text.pages[page] {
            bytes = old.run.bytes(offset: 0, count: 4096)
        } else {
            guard let read = try? text.inode.readBytes(offset: page << 12, count: 4096) else { return false }
            bytes = read
        }
        while bytes.count < 4096 { bytes.append(0) }
        guard text.used + TextPatcher.trampolineSize <= 0x1_0000,
              let shape = CallSite.recognise(bytes, at: inPage, registers: registers()), let run = PageRun.allocate(order: 0, zeroed: false) else { return false }
        let trampoline = text.used
        // Everything is relative: `base` is where file offset 0 would be, the trampolines lie `distance` below.
        let target = trampoline &- Int(bitPattern: text.distance)
        var jump: (from: Int, inPage: Int)
        switch shape {
        case .run(let length): jump = (offset - length, inPage - length)
        case .short(_, let padding): jump = (offset + padding, inPage + padding)
        }
        guard jump.inPage >= 0, jump.inPage + 5 <= 4096 else { return false }
        let displacement = target &- (jump.from &+ 5)
        guard displacement >= Int(Int32.min), displacement <= Int(Int32.max) else { return false }
        let length = shape.length
        var code = Bytes(bytes[inPage - length..<inPage])
        if length != 5 || code[0] != 0xb8 {
            // cltq: the number is an int, whatever is above it in the register.
            code.append(0x48)
            code.append(0x98)
        }
        if let short = shape.shortDisplacement {
            bytes[inPage - length] = 0xeb
            bytes[inPage - length + 1] = UInt8(bitPattern: short)
        }
        bytes[jump.inPage] = 0xe9
        bytes.store(littleEndian: Int32(truncatingIfNeeded: displacement), at: jump.inPage + 1)

        code.append(0x4c) // lea return(%rip), %r11
        code.append(0x8d)
        code.append(0x1d)
        code.append(littleEndian: Int32(truncatingIfNeeded: offset &+ 2 &- (target &+ code.count &+ 4)))
        code.append(0xff) // jmp *entry(%rip)
        code.append(0x25)
        code.append(littleEndian: Int32(truncatingIfNeeded: 0 &- (trampoline &+ code.count &+ 4)))
        while code.count & 7 != 0 { code.append(0xcc) }
        _ = text.trampolines.store(offset: trampoline, from: code.span)
        text.used += code.count
        text.sites.append(PatchedText.Site(trampoline: trampoline, length: length, offset: offset))
        _ = run.store(offset: 0, from: bytes.span)
        generation &+= 1
        text.replace(page, by: run, generation)
        SharedArea.store64(SharedArea.load64(Statistics.patchedSites) &+ 1, Statistics.patchedSites)
        return true
    }

    /// The place in the program's own text that stands for a place in a trampoline, where the instructions of the program lie too. So
    /// handlers of signals, and what they call, see addresses that they know.
    /// - Parameter stepping: the program is stopped after each instruction. Then it is not sent back to the jump that it has come by.
    public func original(of address: UInt, in memory: AddressSpace, stepping: Bool) -> UInt? {
        guard memory.isFree(address) else { return nil }
        for area in memory.textAreas() where area.hasTrampolines && area.gap.contains(address) {
            guard let text = find(area.file.inode), fits(text, area) else { continue }
            let place = Int(address &- area.gap.lowerBound)
            guard let site = text.sites.last(where: { $0.trampoline <= place }), !stepping || place > site.trampoline else { return nil }
            // The moved instructions, or what comes after them: then only the `syscall` is left.
            let offset = site.offset - site.length + min(place - site.trampoline, site.length)
            return area.gap.lowerBound &+ text.distance &+ UInt(bitPattern: offset)
        }
        return nil
    }

    /// The registers of the call that trapped, by their numbers in instructions. A `syscall` has destroyed rcx and r11.
    private func registers() -> [UInt?] {
        let frame = Frame.current
        return [frame.originalRAX, nil, frame.rdx, frame.rbx, nil, frame.rbp, frame.rsi, frame.rdi,
                frame.r8, frame.r9, frame.r10, nil, frame.r12, frame.r13, frame.r14, frame.r15]
    }

    // --- mapping ---

    /// The host replaces a mapping in one step, so other threads of the process find either version.
    private func applyPage(_ text: PatchedText, page: Int, at address: UInt, protection: UInt32) {
        guard let run = text.pages[page]?.run else { return }
        try? Host.mapArena(address, 4096, protection: protection, shared: false, arenaOffset: run.arenaOffset)
    }

    private func mapTrampolines(_ text: PatchedText, _ address: UInt) {
        try? Host.mapArena(address, 0x1_0000, protection: 5, shared: true, arenaOffset: text.trampolines.arenaOffset)
    }

    /// Text of a file has been mapped: what was learned about it is in force at once.
    public override func mapped(_ space: AddressSpace, file: File, start: UInt, end: UInt, offset: UInt, protection: UInt32, gap: Range<UInt>?) -> Bool {
        if space.textGeneration == 0 { space.textGeneration = generation }
        guard let gap, protection & 2 == 0, let text = find(file.inode), text.used > 64,
              text.distance == start &- offset &- gap.lowerBound else { return false }
        let first = Int(offset >> 12), last = Int((offset &+ (end &- start)) >> 12)
        text.takeSnapshot(first: first, last: last)
        var since = 0
        if let snapshot = text.snapshot, snapshot.first <= first, last <= snapshot.last {
            let place = snapshot.run.arenaOffset &+ UInt(first &- snapshot.first) << 12
            do throws(Errno) {
                try Host.mapArena(start, end &- start, protection: protection, shared: false, arenaOffset: place)
                since = snapshot.generation
            } catch {}
        }
        var any = since > 0
        text.pages.forEach { page, patched in
            guard page >= first, page < last, patched.generation > since else { return }
            applyPage(text, page: page, at: start &+ UInt(page &- first) << 12, protection: protection)
            any = true
        }
        if any { mapTrampolines(text, gap.lowerBound) }
        return any
    }

    /// Nothing is mapped any more.
    public override func unmapped(_ space: AddressSpace, start: UInt, end: UInt) {
        if start == 0 && end == Host.userEnd { space.textGeneration = generation }
    }

    /// Brings the calling process up to date before it forks, or each child would learn anew what its parent does not execute.
    /// The caller holds the space's lock.
    public func refresh(_ space: AddressSpace) {
        let since = space.textGeneration
        guard since != generation else { return }
        space.textGeneration = generation
        for area in space.textAreas() {
            guard area.gap.count == 0x1_0000, let text = find(area.file.inode),
                  text.distance == area.start &- area.offset &- area.gap.lowerBound, fits(text, area) else { continue }
            let first = Int(area.offset >> 12), last = first &+ Int((area.end &- area.start) >> 12)
            var any = false
            text.pages.forEach { page, patched in
                guard page >= first, page < last, patched.generation > since else { return }
                applyPage(text, page: page, at: area.start &+ UInt(page &- first) << 12, protection: area.protection)
                any = true
            }
            if any, !area.hasTrampolines {
                mapTrampolines(text, area.gap.lowerBound)
                space.markTrampolines(at: area.start)
            }
        }
    }
}

public let patcherRoot = Root<TextPatcher>(14)
