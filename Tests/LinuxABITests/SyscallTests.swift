import LinuxABI
import Testing

struct SyscallTests {
    @Test func numbers() {
        #expect(Syscall(rawValue: 0) == .read && Syscall(rawValue: 59) == .execve && Syscall(rawValue: 334) == .rseq)
        #expect(Syscall(rawValue: 424) == .pidfd_send_signal && Syscall(rawValue: 435) == .clone3)
        for gap in [337, 400, 423, 470, 512, UInt.max] as [UInt] { #expect(Syscall(rawValue: gap) == nil) }
        #expect((0..<600).count { Syscall(rawValue: $0) != nil } == 337 + 46)
    }

    /// Every row of the table names its own call.
    @Test func names() {
        for number in 0..<600 as Range<UInt> {
            guard let call = Syscall(rawValue: number) else { continue }
            #expect(call.rawValue == number)
            #expect("\(call.name)" == "\(call)")
        }
    }

    @Test func arguments() {
        #expect(Syscall.getpid.arguments.count == 0 && Syscall.mmap.arguments.count == 6)
        let openat = Syscall.openat.arguments
        #expect(openat.count == 4 && openat[0] == .dirFd && openat[1] == .path && openat[2] == .openFlags)
        #expect(openat[3] == .mode && openat[4] == .none && openat[6] == .none && openat[-1] == .none)
        #expect(Syscall.mmap.info.result == .address && Syscall.read.info.result == .long)
        // No call has a hole in its arguments.
        for number in 0..<600 as Range<UInt> {
            guard let arguments = Syscall(rawValue: number)?.arguments else { continue }
            for index in 0..<6 { #expect((arguments[index] != .none) == (index < arguments.count)) }
        }
    }

    @Test func categories() {
        #expect(Syscall.read.category == .coreIO && Syscall.mount.category == .namespaces)
        #expect(Syscall.tuxcall.category == .obsolete && "\(SyscallCategory.ipc.name)" == "IPC")
        for category in SyscallCategory.allCases {
            #expect((0..<600).contains { Syscall(rawValue: $0)?.category == category })
        }
    }
}
