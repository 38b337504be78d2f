// Executing a program: execve(2), execveat(2), and the first program of the sandbox.

import KernelBase
import LinuxABI
import Machine
import Memory
import VFS

/// Where exec's strings come from.
public struct ExecRequest {
    /// The file, already opened by path or descriptor.
    public var file: File
    /// The path as the caller gave it: AT_EXECFN.
    public var path: Bytes
    public var arguments: [Bytes]
    public var environment: [Bytes]
    /// The path leads through a descriptor that is closed by the exec, so a script's interpreter could not open it.
    public var isPathInaccessible = false
    public init(file: File, path: Bytes, arguments: [Bytes], environment: [Bytes]) {
        self.file = file
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }
}

extension Task {
    /// Opens what execveat(2) names.
    public func openExecutable(_ path: Bytes, at start: Path?, follow: Bool) throws(Errno) -> File {
        try ExecImage.open(path.span, at: start, follow: follow, self)
    }
    public func openExecutable(_ place: Path) throws(Errno) -> File { try ExecImage.open(place, self) }

    /// Room for argument and environment strings, by RLIMIT_STACK.
    public var argumentLimit: Int {
        let quarter = Int(min(process.limit(3), 1 << 40)) / 4
        return max(32 * 4096, min(quarter, 6 << 20))
    }

    /// Replaces the program. Returns after success with the frame set to the new program's start (the result is
    /// then meaningless); a failure before the point of no return is thrown, one after it kills.
    public func execute(_ request: ExecRequest) throws(Errno) {
        let image = try ExecImage.prepare(request.file, path: request.path, arguments: request.arguments,
                                          environment: request.environment, isPathInaccessible: request.isPathInaccessible, self)
        // Whoever executes a file denies writing to it.
        image.file.inode.writers &-= 1
        var total = 0
        for text in image.arguments { total += text.count + 9 }
        for text in image.environment { total += text.count + 9 }
        guard total <= argumentLimit else {
            image.discard()
            throw Errno(7)
        }
        do throws(Errno) {
            try endOtherThreads()
        } catch {
            image.discard()
            throw error
        }
        // --- the point of no return ---
        if vforkParent != nil {
            moveToNewHostProcess(image)
            return
        }
        leaveMemory()
        let old = process.memory
        if old.users > 1 {
            // Another process shares the memory (CLONE_VM): this one needs a host process of its own.
            replaceHostProcess(image)
            return
        }
        old.clear()
        old.release()
        install(image)
    }

    /// The vfork child goes to a host process of its own; the caller's thread goes on as the parent.
    private func moveToNewHostProcess(_ image: ExecImage) {
        leaveMemory()
        process.memory.release()
        let suspended = vforkParent
        launchInNewHostProcess { task in task.install(image) }
        vforkParent = suspended
        resumeVforkParent()
    }

    /// The task goes to a host process of its own. The calling host thread has nothing to do any more; it ends on its way out of
    /// the kernel, when nothing is left on its stack, as a task that is in no table.
    private func replaceHostProcess(_ image: ExecImage) {
        process.memory.release()
        let old = slot
        let rest = Task(tid: tid, process: process, slot: old, credentials: credentials, files: FileTable(), fs: fs, name: name, affinity: affinity)
        rest.isRemains = true
        rest.requestExit(0)
        HostProcesses.shared.keep(rest)
        launchInNewHostProcess { task in task.install(image) }
        old.setObject(rest)
    }

    /// Hands the task to a fresh host process, which starts with `start`.
    func launchInNewHostProcess(_ start: @escaping (Task) -> Void) {
        vforkParent = nil
        // Its old host process is no longer its own; until there is a new one its CPU time stands still.
        process.hostProcess = 0
        isBetweenPrograms = true
        self.start = start
        HostProcesses.shared.launch(self)
    }

    /// Ends the other threads; this one becomes the leader.
    private func endOtherThreads() throws(Errno) {
        let process = self.process
        guard process.threads.count > 1 || !isLeader else { return }
        if process.groupExit != nil || process.executing != nil { throw .ERESTARTNOINTR }
        process.executing = self
        for other in process.threads where other !== self && !other.isExiting { other.postExit() }
        defer { process.executing = nil }
        _ = try process.threadEvents.wait(.death) { () throws(Errno) in
            for other in process.threads where other !== self && !other.isExiting { return false }
            return true
        }
        let table = TaskTable.shared
        if !isLeader {
            // The leader has ended and waited for this; its number goes to this thread.
            table.remove(self)
            if let leader = process.leader { table.remove(leader) }
            tid = process.pid
            table.insert(self)
            process.exitEvents.wakeAll(POLLIN)
        }
        process.threads = [self]
    }

    // --- in the host process that will run the program ---

    /// Builds the new address space and the frame. A failure kills the task: the old program is gone.
    private func install(_ image: ExecImage) {
        do throws(Errno) {
            try load(image)
        } catch {
            image.interpreter?.file.release()
            process.beginGroupExit(SIGSEGV, except: self)
            slot.postWork(Work.exit)
        }
    }

    private func load(_ image: ExecImage) throws(Errno) {
        let process = self.process
        becomeNewProgram(image)
        let space = AddressSpace(limits: process.memoryLimits)
        process.memory = space
        isBetweenPrograms = false
        space.setExecutable(image.file)
        space.executableReleased = { file in file.inode.writers &+= 1 }
        image.file.release()

        guard !image.layout.hasBadSegment, image.interpreter.map({ $0.layout.hasBadSegment || $0.layout.loadCount == 0 }) != true else { throw .EINVAL }
        let bias = try mapProgram(space, image.segments, image.layout, image.header, image.file, hint: 0x5555_5555_4000)
        var entry = UInt(image.header.entry) &+ bias
        var base: UInt = 0
        if let linker = image.interpreter {
            base = try mapProgram(space, linker.segments, linker.layout, linker.header, linker.file, hint: nil)
            entry = UInt(linker.header.entry) &+ base
            linker.file.release()
        }
        space.codeRange = (UInt(image.layout.codeStart) &+ bias)..<max(UInt(image.layout.codeStart), UInt(image.layout.codeEnd)) &+ bias
        space.dataRange = (UInt(image.layout.dataStart) &+ bias)..<max(UInt(image.layout.dataStart), UInt(image.layout.dataEnd)) &+ bias
        space.setBreak((UInt(image.layout.end) &+ bias &+ 4095) & ~4095)
        let stack = try makeStack(space, image, bias, base)
        Host.fsBase = 0
        Host.gsBase = 0
        Host.resetVectorState()
        Frame.current.reset(instruction: entry, stack: stack)
        ThreadSlot.requireFullRestore()
        updateSignalWork()
        TaskTrace.executed(self, image)
    }

    /// What exec changes besides the memory.
    private func becomeNewProgram(_ image: ExecImage) {
        let process = self.process
        if files.users > 1 {
            let own = files.copy()
            files.release()
            files = own
        }
        files.closeOnExec()
        if process.sharesHandlers { process.handlers = process.handlers.copy() }
        process.handlers.resetForExec()
        alternateStack = StackT(sp: 0, flags: UInt32(SS_DISABLE), size: 0)
        restart = nil
        robustList = 0
        rseqAddress = 0
        process.timers?.programExecuted()
        process.watchCPULimit()
        var name = image.path
        if let slash = name.lastIndex(of: UInt8(ascii: "/")) { name.removeSubrange(...slash) }
        self.name = Bytes(name.prefix(15))
        process.hasExecuted = true
        process.exitSignal = SIGCHLD
        process.dumpable = 1
        process.personality &= ~0x0040_0000 // READ_IMPLIES_EXEC
        credentials = credentials.executing(image.file.inode, noNewPrivileges: noNewPrivileges, noSetID: (image.file.path?.mount.flags ?? 0) & 2 != 0,
                                            isShared: { isDirectoryShared })
        if credentials.euid != credentials.uid || credentials.egid != credentials.gid {
            parentDeathSignal = 0
            process.dumpable = 0
        }
    }

    /// Maps the segments of an ELF file. - Returns: the difference between addresses in memory and in the file.
    private func mapProgram(_ space: AddressSpace, _ segments: [ProgramHeader], _ layout: ElfLayout, _ header: ElfHeader, _ file: File, hint: UInt?) throws(Errno) -> UInt {
        guard layout.loadCount > 0 else { return 0 }
        let low = UInt(layout.start)
        let span = (UInt(layout.end) &- low &+ 4095) & ~4095
        var bias: UInt = 0
        if header.type == ET_DYN {
            let alignment = min(UInt(layout.alignment), 1 << 21)
            let place: UInt
            if let hint {
                place = (hint &+ alignment &- 1) & ~(alignment &- 1)
            } else {
                place = try space.findProgramSpace(span, alignment: alignment)
            }
            bias = place &- low
        }
        for segment in segments {
            guard segment.memorySize > 0 else { continue }
            let start = UInt(segment.virtualAddress) &+ bias
            let page = start & ~4095
            let protection = segment.protection
            let fileEnd = start &+ UInt(segment.fileSize)
            let memoryEnd = start &+ UInt(segment.memorySize)
            let filePages = (fileEnd &+ 4095) & ~4095
            let memoryPages = (memoryEnd &+ 4095) & ~4095
            if segment.fileSize > 0 {
                try space.mapProgramFile(file, at: page, length: filePages &- page, offset: UInt(segment.offset) & ~4095, protection: protection)
                // The rest of the last page is bss, if the segment may be written.
                if memoryEnd > fileEnd, protection & 2 != 0, filePages > fileEnd {
                    let count = Int(min(filePages, memoryEnd) &- fileEnd)
                    guard UserMemory.clearPartly(Int(filePages &- fileEnd), at: fileEnd) >= count else { throw .EFAULT }
                }
            }
            let bss = segment.fileSize > 0 ? filePages : page
            if memoryPages > bss { try space.mapProgramMemory(at: bss, length: memoryPages &- bss, protection: protection) }
        }
        return bias
    }

    /// The initial stack, as the x86-64 ABI and Linux lay it out. - Returns: the stack pointer.
    private func makeStack(_ space: AddressSpace, _ image: ExecImage, _ bias: UInt, _ base: UInt) throws(Errno) -> UInt {
        let top = Host.userEnd
        try space.mapStack(top: top)
        // Strings, from the top down: path, environment, arguments.
        var strings: Bytes = []
        func put(_ text: Bytes) -> Int {
            let offset = strings.count
            strings.append(contentsOf: text)
            strings.append(0)
            return offset
        }
        var argumentOffsets: [Int] = [], environmentOffsets: [Int] = []
        for text in image.arguments { argumentOffsets.append(put(text)) }
        let environmentOffset = strings.count
        for text in image.environment { environmentOffsets.append(put(text)) }
        let pathOffset = put(image.path)
        let stringBase = top &- 8 &- UInt(strings.count)
        // Platform name and random bytes below them.
        var block: Bytes = Bytes("x86_64")
        block.append(0)
        while block.count < 16 { block.append(0) }
        block.append(contentsOf: KernelRandom.bytes(16))
        let blockBase = (stringBase &- UInt(block.count)) & ~15

        var auxiliary: [UInt64] = []
        func add(_ tag: UInt64, _ value: UInt) { auxiliary.append(tag); auxiliary.append(UInt64(value)) }
        if Host.vdsoBase != 0 { add(AT_SYSINFO_EHDR, Host.vdsoBase) }
        if Host.minimalSignalStack != 0 { add(AT_MINSIGSTKSZ, Host.minimalSignalStack) }
        add(AT_HWCAP, Host.hwcap)
        add(AT_PAGESZ, 4096)
        add(AT_CLKTCK, Host.clockTicks)
        add(AT_PHDR, UInt(image.layout.programHeaders ?? 0) &+ bias)
        add(AT_PHENT, UInt(ProgramHeader.size))
        add(AT_PHNUM, UInt(image.header.programHeaderCount))
        add(AT_BASE, base)
        add(AT_FLAGS, 0)
        add(AT_ENTRY, UInt(image.header.entry) &+ bias)
        add(AT_UID, UInt(credentials.uid))
        add(AT_EUID, UInt(credentials.euid))
        add(AT_GID, UInt(credentials.gid))
        add(AT_EGID, UInt(credentials.egid))
        add(AT_SECURE, credentials.uid != credentials.euid || credentials.gid != credentials.egid ? 1 : 0)
        add(AT_RANDOM, blockBase &+ 16)
        add(AT_HWCAP2, Host.hwcap2)
        add(AT_EXECFN, stringBase &+ UInt(pathOffset))
        add(AT_PLATFORM, blockBase)
        add(AT_NULL, 0)

        var words: [UInt64] = [UInt64(image.arguments.count)]
        for offset in argumentOffsets { words.append(UInt64(stringBase &+ UInt(offset))) }
        words.append(0)
        for offset in environmentOffsets { words.append(UInt64(stringBase &+ UInt(offset))) }
        words.append(0)
        words.append(contentsOf: auxiliary)
        let sp = (blockBase &- UInt(words.count &* 8)) & ~15
        space.stackStart = sp
        var bytes: Bytes = []
        bytes.reserveCapacity(words.count &* 8)
        for word in words { bytes.append(littleEndian: word) }
        try space.reserveStack(downTo: sp)
        try UserMemory.copyOut(bytes.span, to: sp)
        try UserMemory.copyOut(block.span, to: blockBase)
        try UserMemory.copyOut(strings.span, to: stringBase)
        space.argumentRange = stringBase..<(stringBase &+ UInt(environmentOffset))
        space.environmentRange = (stringBase &+ UInt(environmentOffset))..<(stringBase &+ UInt(pathOffset))
        space.initialArguments = Bytes(strings[..<environmentOffset])
        space.initialEnvironment = Bytes(strings[environmentOffset..<pathOffset])
        var saved: Bytes = []
        for word in auxiliary { saved.append(littleEndian: word) }
        space.auxiliaryVector = saved
        return sp
    }
}

extension Task {
    /// Somebody outside of this process uses the same working directory, root and umask (CLONE_FS).
    private var isDirectoryShared: Bool {
        for other in TaskTable.shared.allProcesses where other !== process {
            for task in other.threads where task.fs === fs && !task.isExiting { return true }
        }
        return false
    }
}

extension Credentials {
    /// What executing a file makes of the credentials: set-id bits, capabilities(7).
    /// - Parameter isShared: somebody outside of the process shares its working directory, and could change it under a
    ///   program with more rights: it gets none that the caller does not have.
    func executing(_ inode: Inode, noNewPrivileges: Bool, noSetID: Bool, isShared: () -> Bool) -> Credentials {
        var euid = self.euid, egid = self.egid
        if !noNewPrivileges && !noSetID {
            if inode.mode & S_ISUID != 0 { euid = inode.uid }
            // Without group execution the bit means mandatory locking.
            if inode.mode & 0o2010 == 0o2010 { egid = inode.gid }
        }
        // Root's privileges, unless it has none.
        var permitted: UInt64 = 0, isEffective = false
        if secureBits & SECBIT_NOROOT == 0, euid == 0 || uid == 0 {
            permitted = bounding | inheritable
            isEffective = euid == 0
        }
        let changesIdentity = euid != uid || egid != gid
        if changesIdentity || permitted & ~self.permitted != 0, isShared() {
            if !has(Int(CAP_SETUID)) {
                euid = uid
                egid = gid
            }
            permitted &= self.permitted
        }
        let kept = changesIdentity ? 0 : ambient
        permitted |= kept
        return with(euid: euid, suid: euid, fsuid: euid, egid: egid, sgid: egid, fsgid: egid,
                    effective: isEffective ? permitted : kept, permitted: permitted, ambient: kept,
                    secureBits: secureBits & ~SECBIT_KEEP_CAPS)
    }
}
