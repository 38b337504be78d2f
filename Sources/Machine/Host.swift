import CMachine
import LinuxABI

/// What a process has used: CPU time in nanoseconds, its largest size in KiB, numbers of faults and switches.
public struct CPUTimes {
    public var user: UInt64 = 0, system: UInt64 = 0
    public var maxResident: Int64 = 0
    public var minorFaults: Int64 = 0, majorFaults: Int64 = 0
    public var voluntarySwitches: Int64 = 0, involuntarySwitches: Int64 = 0
    public init() {}
}

/// The host calls that the gate lets through. Each is on the seccomp filter's list (filter.c); there
/// are no others. Results are those of the host.
///
/// Unless it says otherwise a call keeps the kernel lock, so wrap what may take long in
/// ``KernelLock/dropped(_:)``.
public enum Host {
    @inline(__always)
    private static func check(_ result: Int64) throws(Errno) -> Int {
        guard result < 0, result > -4096 else { return Int(result) }
        throw Errno(Int32(-result))
    }

    // --- memory of the calling process ---

    /// mmap(2) of anonymous private memory (or shared arena memory, see ``mapArena``) at a fixed guest address.
    public static func mapAnonymous(_ address: UInt, _ length: UInt, protection: UInt32, noReserve: Bool, populate: Bool = false) throws(Errno) {
        // MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED
        let flags: Int64 = 0x32 | (noReserve ? 0x4000 : 0) | (populate ? 0x8000 : 0)
        _ = try check(ml_gate(9, Int64(bitPattern: UInt64(address)), Int64(bitPattern: UInt64(length)), Int64(protection), flags, -1, 0))
    }

    /// Maps part of the arena's file: shared file pages, or a private copy of them.
    public static func mapArena(_ address: UInt, _ length: UInt, protection: UInt32, shared: Bool, arenaOffset: UInt, populate: Bool = false) throws(Errno) {
        try mapDescriptor(address, length, protection: protection, shared: shared, descriptor: ML_ARENA_FD, offset: arenaOffset, populate: populate)
    }

    /// Maps a host file whose descriptor the monitor passed.
    public static func mapDescriptor(_ address: UInt, _ length: UInt, protection: UInt32, shared: Bool, descriptor: Int32, offset: UInt, populate: Bool = false) throws(Errno) {
        let flags: Int64 = (shared ? 0x11 : 0x12) | (populate ? 0x8000 : 0)
        _ = try check(ml_gate(9, Int64(bitPattern: UInt64(address)), Int64(bitPattern: UInt64(length)), Int64(protection), flags, Int64(descriptor), Int64(bitPattern: UInt64(offset))))
    }

    public static func unmap(_ address: UInt, _ length: UInt) throws(Errno) {
        _ = try check(ml_gate(11, Int64(bitPattern: UInt64(address)), Int64(bitPattern: UInt64(length)), 0, 0, 0, 0))
    }

    public static func protect(_ address: UInt, _ length: UInt, _ protection: UInt32) throws(Errno) {
        _ = try check(ml_gate(10, Int64(bitPattern: UInt64(address)), Int64(bitPattern: UInt64(length)), Int64(protection), 0, 0, 0))
    }

    /// mremap(2) with MREMAP_MAYMOVE | MREMAP_FIXED (and MREMAP_DONTUNMAP) to a place the kernel chose, or in place.
    public static func remap(_ address: UInt, _ oldLength: UInt, _ newLength: UInt, to newAddress: UInt?, keepOld: Bool = false) throws(Errno) {
        let flags: Int64 = newAddress == nil ? 0 : (keepOld ? 7 : 3)
        _ = try check(ml_gate(25, Int64(bitPattern: UInt64(address)), Int64(bitPattern: UInt64(oldLength)), Int64(bitPattern: UInt64(newLength)), flags, Int64(bitPattern: UInt64(newAddress ?? 0)), 0))
    }

    public static func advise(_ address: UInt, _ length: UInt, _ advice: Int32) throws(Errno) {
        _ = try check(ml_gate(28, Int64(bitPattern: UInt64(address)), Int64(bitPattern: UInt64(length)), Int64(advice), 0, 0, 0))
    }

    public static func synchronize(_ address: UInt, _ length: UInt, _ flags: Int32) throws(Errno) {
        _ = try check(ml_gate(26, Int64(bitPattern: UInt64(address)), Int64(bitPattern: UInt64(length)), Int64(flags), 0, 0, 0))
    }

    /// mincore(2): one byte for each page. Returns nil if the range is not all mapped.
    public static func residency(_ address: UInt, pages: Int) throws(Errno) -> [UInt8] {
        var error: Int64 = 0
        let result = unsafe [UInt8](unsafeUninitializedCapacity: pages) { buffer, initialized in
            error = ml_gate(27, Int64(bitPattern: UInt64(address)), Int64(pages) << 12, Int64(Int(bitPattern: buffer.baseAddress)), 0, 0, 0)
            initialized = error == 0 ? pages : 0
        }
        _ = try check(error)
        return result
    }

    // --- files passed by the monitor ---

    static func readInto(_ address: UInt, _ count: Int, _ descriptor: Int32, _ offset: Int) throws(Errno) -> Int {
        try check(KernelLock.dropped { ml_gate(17, Int64(descriptor), Int64(bitPattern: UInt64(address)), Int64(count), Int64(offset), 0, 0) })
    }

    static func writeFrom(_ address: UInt, _ count: Int, _ descriptor: Int32, _ offset: Int) throws(Errno) -> Int {
        try check(KernelLock.dropped { ml_gate(18, Int64(descriptor), Int64(bitPattern: UInt64(address)), Int64(count), Int64(offset), 0, 0) })
    }

    /// pread(2) of a passed file straight into guest memory. Drops the kernel lock.
    public static func read(descriptor: Int32, offset: Int, count: Int, to user: UInt) throws(Errno) -> Int {
        guard ml_user_range(UInt64(user), UInt64(max(0, count))) else { throw .EFAULT }
        return try readInto(user, count, descriptor, offset)
    }

    /// pwrite(2) to a passed file straight from guest memory. Drops the kernel lock.
    public static func write(descriptor: Int32, offset: Int, count: Int, from user: UInt) throws(Errno) -> Int {
        guard ml_user_range(UInt64(user), UInt64(max(0, count))) else { throw .EFAULT }
        return try writeFrom(user, count, descriptor, offset)
    }

    public static func readBytes(descriptor: Int32, offset: Int, count: Int) throws(Errno) -> [UInt8] {
        var result: Int64 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 0)) { buffer, initialized in
            let address = Int64(Int(bitPattern: buffer.baseAddress))
            result = KernelLock.dropped { ml_gate(17, Int64(descriptor), address, Int64(count), Int64(offset), 0, 0) }
            initialized = result > 0 ? Int(result) : 0
        }
        _ = try check(result)
        return bytes
    }

    public static func writeBytes(_ bytes: [UInt8], descriptor: Int32, offset: Int) throws(Errno) -> Int {
        let result = unsafe bytes.withUnsafeBufferPointer { buffer in
            let address = Int64(Int(bitPattern: buffer.baseAddress))
            return KernelLock.dropped { ml_gate(18, Int64(descriptor), address, Int64(buffer.count), Int64(offset), 0, 0) }
        }
        return try check(result)
    }

    public static func close(descriptor: Int32) { _ = ml_gate(3, Int64(descriptor), 0, 0, 0, 0, 0) }
    public static func truncate(descriptor: Int32, length: Int) throws(Errno) {
        _ = try check(KernelLock.dropped { ml_gate(77, Int64(descriptor), Int64(length), 0, 0, 0, 0) })
    }
    public static func allocate(descriptor: Int32, mode: Int32, offset: Int, length: Int) throws(Errno) {
        _ = try check(KernelLock.dropped { ml_gate(285, Int64(descriptor), Int64(mode), Int64(offset), Int64(length), 0, 0) })
    }
    public static func synchronize(descriptor: Int32, dataOnly: Bool) throws(Errno) {
        _ = try check(KernelLock.dropped { ml_gate(74, Int64(descriptor), 0, 0, 0, 0, 0) })
    }

    /// Takes one descriptor that the monitor has sent, with its 8-byte message. Blocks until there is one;
    /// drops the kernel lock meanwhile.
    /// - Returns: message kind, number, and the descriptor (-1 if none came with it).
    public static func receiveDescriptor() throws(Errno) -> (kind: UInt32, number: UInt32, descriptor: Int32) {
        var kind: UInt32 = 0, number: UInt32 = 0, descriptor: Int32 = -1
        let result = KernelLock.dropped { unsafe ml_receive_descriptor(&kind, &number, &descriptor) }
        _ = try check(result)
        return (kind, number, descriptor)
    }

    // --- threads and processes ---

    /// Installs the seccomp filter for the calling thread and all that come from it. Stops the sandbox if it cannot.
    public static func installFilter() { ml_install_filter() }

    /// clone(2): the child thread starts with `slot`'s stack and enters the guest with that slot's frame.
    public static func clone(flags: UInt, slot: ThreadSlot, tls: UInt) throws(Errno) -> Int32 {
        Int32(truncatingIfNeeded: try check(ml_clone(UInt64(flags), slot.index, UInt64(tls))))
    }

    /// Ends the host thread; its slot may be used again at once. Call with the kernel lock free.
    public static func exitThread(wholeProcess: Bool) -> Never {
        unsafe ml_exit_thread(&ml_current().pointee.flags, orderlyEnd >> 8, wholeProcess)
    }

    /// The wait status of a host process whose threads have all ended by ``exitThread(wholeProcess:)``.
    public static var orderlyEnd: Int32 { 0x4d << 8 }

    /// The end of a host child of init: waits for one if `block`, else pid is 0 if there is none. If it was killed while
    /// it held the kernel lock, the sandbox stops with a report. Call with the kernel lock free.
    public static func waitForChild(block: Bool) -> (pid: Int32, status: Int32) {
        var status: Int32 = 0
        let pid = unsafe ml_wait_child(&status, block)
        return (Int32(truncatingIfNeeded: pid), status)
    }

    /// Stops the sandbox with a report: the host has killed a thread that held what others wait for.
    public static func refuseKilledHolder() -> Never { ml_refuse_killed_holder() }

    /// Sleeps for so many nanoseconds. Call with the kernel lock free.
    public static func pause(_ nanoseconds: UInt64) {
        var word: UInt32 = 0
        unsafe ml_futex_wait(&word, 0, ml_clock_ns(1) &+ nanoseconds)
    }

    /// Starts a kernel thread of init that runs `function`.
    public static func spawnKernelThread(slot: ThreadSlot, argument: UInt, _ function: @convention(c) (UInt64) -> Void) throws(Errno) {
        _ = try check(ml_spawn_kernel_thread(slot.index, function, UInt64(argument)))
    }

    /// Continues at `function` on the empty kernel stack.
    public static func restartStack(argument: UInt, _ function: @convention(c) (UInt64) -> Void) -> Never {
        ml_restart_stack(function, UInt64(argument))
    }

    public static func enterGuest() -> Never { ml_enter_guest() }

    public static func exitSandbox(status: Int32) -> Never {
        while true { _ = ml_gate(231, Int64(status), 0, 0, 0, 0, 0) }
    }

    /// membarrier(2) with a command that needs no registration, or a registration.
    public static func membarrier(_ command: Int32) throws(Errno) -> Int {
        try check(KernelLock.dropped { ml_gate(324, Int64(command), 0, 0, 0, 0, 0) })
    }

    /// sched_setaffinity(2) of the calling thread: bit n of word n / 64 for each processor.
    public static func setAffinity(_ words: [UInt64]) throws(Errno) {
        let result = unsafe words.withUnsafeBufferPointer {
            ml_gate(203, 0, Int64($0.count * 8), Int64(Int(bitPattern: $0.baseAddress)), 0, 0, 0)
        }
        _ = try check(result)
    }

    public static func yield() { _ = ml_gate(24, 0, 0, 0, 0, 0, 0) }

    /// Nanoseconds of a host clock; negative clock ids reach other host threads' CPU time.
    public static func clock(_ id: Int32) -> UInt64 { ml_clock_ns(id) }

    /// getrusage(RUSAGE_SELF) of the calling host process.
    public static func usage() -> CPUTimes {
        let usage = ml_usage(0)
        var times = CPUTimes()
        times.user = usage.user
        times.system = usage.system
        times.maxResident = usage.max_resident
        times.minorFaults = usage.minor
        times.majorFaults = usage.major
        times.voluntarySwitches = usage.voluntary
        times.involuntarySwitches = usage.involuntary
        return times
    }

    // --- the %fs and %gs bases of the calling thread ---

    public static var fsBase: UInt {
        get { UInt(ml_rdfsbase()) }
        set { ml_wrfsbase(UInt64(newValue)) }
    }

    /// The guest's %gs base: 0 while the kernel uses the register.
    public static var gsBase: UInt {
        get {
            let base = UInt(ml_rdgsbase())
            return base >> UInt(ML_ARENA_SHIFT) == UInt(ML_ARENA) >> UInt(ML_ARENA_SHIFT) ? 0 : base
        }
        set {
            if newValue == 0 { ml_wrgsbase(UInt64(UInt(bitPattern: unsafe ml_current()))) } else { ml_wrgsbase(UInt64(newValue)) }
        }
    }

    /// Vector and x87 registers as a program finds them at its start.
    public static func resetVectorState() { ml_reset_vector_state() }

    // --- facts ---
    public static var vdsoBase: UInt { UInt(unsafe ml_machine_info().pointee.vdso_base) }
    public static var vdsoEnd: UInt { UInt(unsafe ml_machine_info().pointee.vdso_end) }
    public static var hwcap: UInt { UInt(unsafe ml_machine_info().pointee.hwcap) }
    public static var hwcap2: UInt { UInt(unsafe ml_machine_info().pointee.hwcap2) }
    public static var minimalSignalStack: UInt { UInt(unsafe ml_machine_info().pointee.minsigstksz) }
    public static var clockTicks: UInt { UInt(unsafe ml_machine_info().pointee.clktck) }
    /// The entry that patched call sites jump to.
    public static var fastEntry: UInt { UInt(ml_fast_entry()) }

    public static var kernelStart: UInt { UInt(ML_KERNEL_START) }
    public static var kernelEnd: UInt { UInt(ML_KERNEL_END) }
    public static var userEnd: UInt { UInt(ML_USER_END) }

    // --- the kernel's memory ---
    public static var heapUsed: Int { Int(ml_heap_used()) }
    public static var heapCommitted: Int { Int(ml_heap_committed()) }
    /// The block size in bytes and the number of blocks in use of one of the heap's size classes; nil if there are not so many.
    public static func heapClass(_ index: Int) -> (size: Int, live: Int)? {
        var size: UInt64 = 0, live: UInt64 = 0
        guard let index = UInt32(exactly: index), unsafe ml_heap_class(index, &size, &live) else { return nil }
        return (Int(clamping: size), Int(clamping: live))
    }
    /// Thread slots in use.
    public static var slotsUsed: Int { Int(ml_slots_used()) }
    /// True when so little heap is left that calls which need memory must be refused with ENOMEM.
    @inline(__always)
    public static var heapIsLow: Bool { ml_heap_is_low() }
    public static var heapLimit: Int { Int(clamping: ml_heap_limit()) }
    public static func setHeapLimit(bytes: Int) { ml_heap_set_limit(UInt64(max(0, bytes))) }

    /// Tells that guests can use so many more pages of private memory, whether they have touched them or not.
    @inline(__always)
    public static func accountPrivate(pages: Int) { ml_account_private(Int64(pages)) }
    /// Bytes that the sandbox may use: while it could use more, the monitor looks how much it does use.
    public static func watchMemory(above bytes: Int) { ml_account_set_limit(UInt64(max(0, bytes)) >> 12) }

    /// Ends a sandbox that the host does not let start; `reason` and what the errno means are told to the user.
    public static func refuse(_ reason: StaticString, _ error: Errno) -> Never {
        unsafe ml_refuse(UnsafeRawPointer(reason.utf8Start).assumingMemoryBound(to: CChar.self), UInt32(truncatingIfNeeded: error.rawValue))
    }

    /// The same for what is wrong with a path that the user has named: `reason` ends with a space and the path follows it.
    public static func refuse(_ reason: StaticString, about path: [UInt8], _ error: Errno) -> Never {
        var text: [UInt8] = []
        reason.append(to: &text)
        text += path
        text.append(0)
        unsafe text.withUnsafeBytes {
            if let start = $0.baseAddress { unsafe ml_refuse(start.assumingMemoryBound(to: CChar.self), UInt32(truncatingIfNeeded: error.rawValue)) }
        }
        refuse(reason, error)
    }

    /// Stops the sandbox: a defect of the kernel, never something a guest can cause.
    public static func panic(_ reason: StaticString, _ detail: UInt = 0) -> Never {
        unsafe ml_panic(UnsafeRawPointer(reason.utf8Start).assumingMemoryBound(to: CChar.self), UInt64(detail))
    }
}
