import CMachine

/// The guest's registers as they were when the thread entered the kernel.
///
/// Writing one takes effect on return if ``ThreadSlot/requireFullRestore()`` is called, except `rax`,
/// which a fast return restores as well.
public struct Frame {
    private let frame: UnsafeMutablePointer<ml_frame>

    @inline(__always) private init(_ frame: UnsafeMutablePointer<ml_frame>) { unsafe self.frame = frame }

    @inline(__always)
    public static var current: Frame { unsafe Frame(ml_frame_of(ml_current())) }
    public static func of(_ slot: ThreadSlot) -> Frame { unsafe Frame(ml_frame_of(ml_block_of_slot(slot.index))) }

    public var rax: UInt { get { unsafe UInt(frame.pointee.rax) } nonmutating set { unsafe frame.pointee.rax = UInt64(newValue) } }
    public var rbx: UInt { get { unsafe UInt(frame.pointee.rbx) } nonmutating set { unsafe frame.pointee.rbx = UInt64(newValue) } }
    public var rcx: UInt { get { unsafe UInt(frame.pointee.rcx) } nonmutating set { unsafe frame.pointee.rcx = UInt64(newValue) } }
    public var rdx: UInt { get { unsafe UInt(frame.pointee.rdx) } nonmutating set { unsafe frame.pointee.rdx = UInt64(newValue) } }
    public var rsi: UInt { get { unsafe UInt(frame.pointee.rsi) } nonmutating set { unsafe frame.pointee.rsi = UInt64(newValue) } }
    public var rdi: UInt { get { unsafe UInt(frame.pointee.rdi) } nonmutating set { unsafe frame.pointee.rdi = UInt64(newValue) } }
    public var rbp: UInt { get { unsafe UInt(frame.pointee.rbp) } nonmutating set { unsafe frame.pointee.rbp = UInt64(newValue) } }
    public var rsp: UInt { get { unsafe UInt(frame.pointee.rsp) } nonmutating set { unsafe frame.pointee.rsp = UInt64(newValue) } }
    public var r8: UInt { get { unsafe UInt(frame.pointee.r8) } nonmutating set { unsafe frame.pointee.r8 = UInt64(newValue) } }
    public var r9: UInt { get { unsafe UInt(frame.pointee.r9) } nonmutating set { unsafe frame.pointee.r9 = UInt64(newValue) } }
    public var r10: UInt { get { unsafe UInt(frame.pointee.r10) } nonmutating set { unsafe frame.pointee.r10 = UInt64(newValue) } }
    public var r11: UInt { get { unsafe UInt(frame.pointee.r11) } nonmutating set { unsafe frame.pointee.r11 = UInt64(newValue) } }
    public var r12: UInt { get { unsafe UInt(frame.pointee.r12) } nonmutating set { unsafe frame.pointee.r12 = UInt64(newValue) } }
    public var r13: UInt { get { unsafe UInt(frame.pointee.r13) } nonmutating set { unsafe frame.pointee.r13 = UInt64(newValue) } }
    public var r14: UInt { get { unsafe UInt(frame.pointee.r14) } nonmutating set { unsafe frame.pointee.r14 = UInt64(newValue) } }
    public var r15: UInt { get { unsafe UInt(frame.pointee.r15) } nonmutating set { unsafe frame.pointee.r15 = UInt64(newValue) } }
    public var rip: UInt { get { unsafe UInt(frame.pointee.rip) } nonmutating set { unsafe frame.pointee.rip = UInt64(newValue) } }
    public var rflags: UInt { get { unsafe UInt(frame.pointee.rflags) } nonmutating set { unsafe frame.pointee.rflags = UInt64(newValue) } }
    /// The call number, or all ones when the entry was not a system call.
    public var originalRAX: UInt { get { unsafe UInt(frame.pointee.orig_rax) } nonmutating set { unsafe frame.pointee.orig_rax = UInt64(newValue) } }

    /// Copies all registers from another frame.
    public func copy(from other: Frame) { unsafe frame.pointee = other.frame.pointee }
    public var registers: Registers { unsafe Registers(frame.pointee) }
    public func restore(_ registers: Registers) { unsafe frame.pointee = registers.frame }

    /// All registers zero, user segments, interrupts on: what exec starts a program with.
    public func reset(instruction: UInt, stack: UInt) {
        unsafe frame.pointee = ml_frame()
        unsafe frame.pointee.rip = UInt64(instruction)
        unsafe frame.pointee.rsp = UInt64(stack)
        unsafe frame.pointee.cs = 0x33
        unsafe frame.pointee.ss = 0x2b
        unsafe frame.pointee.rflags = 0x202
        unsafe frame.pointee.orig_rax = UInt64.max
    }

    /// Makes the segment and flag registers such as `iretq` accepts from a guest's sigreturn.
    public func sanitize() {
        unsafe frame.pointee.cs = 0x33
        unsafe frame.pointee.ss = 0x2b
        // CF PF AF ZF SF TF DF OF RF AC are the guest's (0x50DD5 | TF); the rest is fixed.
        unsafe frame.pointee.rflags = (frame.pointee.rflags & 0x50DD5) | 0x202
    }
}

/// A saved copy of a frame, for a task that is suspended while another one runs on its thread.
public struct Registers {
    fileprivate var frame: ml_frame
    fileprivate init(_ frame: ml_frame) { self.frame = frame }
    public var rax: UInt { get { UInt(frame.rax) } set { frame.rax = UInt64(newValue) } }
}

/// How the current entry came about.
public struct Trap {
    public let signal: Int32
    public let code: Int32
    public let address: UInt
    public let number: UInt
    public let error: UInt
    public let architecture: UInt32

    public static var none: Trap { Trap(signal: 0, code: 0, address: 0, number: 0, error: 0, architecture: 0) }

    /// Valid in `martlet_trap`.
    public static var current: Trap {
        let trap = unsafe ml_current().pointee.trap
        return Trap(signal: trap.signo, code: trap.code, address: UInt(trap.address), number: UInt(trap.trapno),
                    error: UInt(trap.error), architecture: trap.syscall_arch)
    }
    /// True when the current entry came through a host signal, not a patched call site.
    public static var isCurrentEntry: Bool { unsafe ml_current().pointee.entry_kind == 1 }
    public static func setFastEntry() { unsafe ml_current().pointee.entry_kind = 0 }

    /// Remembers a call number for the report of a panic.
    @inline(__always)
    public static func record(call: UInt) {
        let block = unsafe ml_current()
        let index = unsafe block.pointee.last_call_index
        unsafe withUnsafeMutablePointer(to: &block.pointee.last_calls) { ring in
            unsafe UnsafeMutableRawPointer(ring).storeBytes(of: UInt64(call), toByteOffset: Int(index & 7) &* 8, as: UInt64.self)
        }
        unsafe block.pointee.last_call_index = index &+ 1
    }
}
