// What the arguments of one call are, by their values, and how much memory stands behind them.
//
// The kernel takes the guest's memory by these rules when a call is traced, and the monitor reads what was taken by the same rules.

/// The six argument registers of a call.
public typealias SyscallValues = InlineArray<6, UInt>

extension SyscallArguments {
    /// Of a number that Linux does not have.
    public static var unknown: SyscallArguments { SyscallArguments(.hex, .hex, .hex, .hex, .hex, .hex) }

    /// The same with one argument changed.
    func replacing(_ index: Int, _ kind: ArgKind) -> SyscallArguments {
        func at(_ place: Int) -> ArgKind { place == index ? kind : self[place] }
        return SyscallArguments(at(0), at(1), at(2), at(3), at(4), at(5))
    }
    /// The first `count` arguments.
    func prefix(_ count: Int) -> SyscallArguments {
        func at(_ place: Int) -> ArgKind { place < count ? self[place] : .none }
        return SyscallArguments(at(0), at(1), at(2), at(3), at(4), at(5))
    }
}

extension Syscall {
    /// The arguments of a call with these values: those of the table, without what the call does not look at, and with the meaning
    /// that a command gives to the argument behind it.
    public func arguments(of values: SyscallValues) -> SyscallArguments {
        let all = arguments
        switch self {
        case .open where !Syscall.createsFile(UInt32(truncatingIfNeeded: values[1])): return all.prefix(2)
        case .openat where !Syscall.createsFile(UInt32(truncatingIfNeeded: values[2])): return all.prefix(3)
        case .fcntl: return fcntlArguments(all, UInt32(truncatingIfNeeded: values[1]))
        case .ioctl: return ioctlArguments(all, UInt(UInt32(truncatingIfNeeded: values[1])))
        case .futex: return futexArguments(all, UInt32(truncatingIfNeeded: values[1]))
        case .prctl: return prctlArguments(all, Int32(truncatingIfNeeded: values[0]))
        case .arch_prctl: return archPrctlArguments(all, Int32(truncatingIfNeeded: values[0]))
        case .mremap where values[3] & 6 == 0: return all.prefix(4)
        case .clone:
            let known = UInt64(values[0]) & (CLONE_PARENT_SETTID | CLONE_PIDFD) != 0 ? all : all.replacing(2, .address)
            return UInt64(values[0]) & CLONE_SETTLS == 0 ? known.prefix(4) : known
        // What is left of the time is written only when the call is interrupted, and then there is no result.
        case .nanosleep: return all.replacing(1, .address)
        case .clock_nanosleep: return all.replacing(3, .address)
        case .epoll_ctl where Int32(truncatingIfNeeded: values[1]) == 2: return all.replacing(3, .address)
        default: return all
        }
    }

    private static func createsFile(_ flags: UInt32) -> Bool { flags & O_CREAT != 0 || flags & O_TMPFILE == O_TMPFILE }

    private func fcntlArguments(_ all: SyscallArguments, _ command: UInt32) -> SyscallArguments {
        switch command {
        case F_GETFD, F_GETFL, F_GETOWN, F_GETSIG, F_GETLEASE, F_GETPIPE_SZ, F_GET_SEALS: all.prefix(2)
        case F_DUPFD, F_DUPFD_CLOEXEC: all.replacing(2, .int)
        case F_SETFD: all.replacing(2, .fdFlags)
        case F_SETFL: all.replacing(2, .openFlags)
        case F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW: all.replacing(2, .flockIn)
        case F_GETLK, F_OFD_GETLK: all.replacing(2, .flockOut)
        case F_SETOWN: all.replacing(2, .pid)
        case F_SETSIG: all.replacing(2, .signal)
        case F_SETPIPE_SZ: all.replacing(2, .int)
        case F_ADD_SEALS: all.replacing(2, .seals)
        default: all
        }
    }

    private func ioctlArguments(_ all: SyscallArguments, _ request: UInt) -> SyscallArguments {
        switch request {
        case TCGETS: all.replacing(2, .termiosOut)
        case TCSETS, TCSETSW, TCSETSF: all.replacing(2, .termiosIn)
        case TIOCGWINSZ: all.replacing(2, .winsizeOut)
        case TIOCSWINSZ: all.replacing(2, .winsizeIn)
        case FIONREAD, TIOCOUTQ, TIOCGPGRP, TIOCGSID, TIOCGPTN, TIOCGPTLCK, TIOCGETD, FIOQSIZE: all.replacing(2, .intOut)
        case FIONBIO, FIOASYNC, TIOCSPGRP, TIOCSPTLCK, TIOCPKT, TIOCSETD: all.replacing(2, .intIn)
        case FIOCLEX, FIONCLEX, TIOCNOTTY, TIOCEXCL, TIOCNXCL: all.prefix(2)
        case TIOCSCTTY, TCSBRK, TCSBRKP, TCXONC, TCFLSH: all.replacing(2, .int)
        default: all
        }
    }

    private func futexArguments(_ all: SyscallArguments, _ operation: UInt32) -> SyscallArguments {
        // FUTEX_WAKE_OP, FUTEX_REQUEUE and FUTEX_CMP_REQUEUE(_PI) have a number where others have a time.
        switch operation & 0x7f {
        case 0, 6, 13: all.prefix(4) // wait, lock_pi
        case 1, 2: all.prefix(3) // wake
        case 7, 8: all.prefix(2) // unlock_pi, trylock_pi
        case 3: all.replacing(3, .uint).prefix(5)
        case 4, 5, 12: all.replacing(3, .uint)
        case 9: all
        case 10: all.replacing(3, .address)
        default: all
        }
    }

    private func prctlArguments(_ all: SyscallArguments, _ option: Int32) -> SyscallArguments {
        switch option {
        case PR_SET_NAME: all.replacing(1, .string).prefix(2)
        case PR_GET_NAME: all.replacing(1, .threadNameOut).prefix(2)
        case PR_SET_PDEATHSIG: all.replacing(1, .signal).prefix(2)
        case PR_GET_PDEATHSIG, PR_GET_CHILD_SUBREAPER, PR_GET_TSC, PR_GET_UNALIGN: all.replacing(1, .intOut).prefix(2)
        case PR_GET_DUMPABLE, PR_GET_KEEPCAPS, PR_GET_TIMERSLACK, PR_GET_SECCOMP, PR_GET_SECUREBITS: all.prefix(1)
        case PR_SET_DUMPABLE, PR_SET_KEEPCAPS, PR_SET_TIMERSLACK, PR_SET_CHILD_SUBREAPER: all.replacing(1, .uint).prefix(2)
        case PR_CAPBSET_READ, PR_CAPBSET_DROP: all.replacing(1, .uint).prefix(2)
        default: all
        }
    }

    private func archPrctlArguments(_ all: SyscallArguments, _ code: Int32) -> SyscallArguments {
        code == ARCH_GET_FS || code == ARCH_GET_GS ? all.replacing(1, .longOut) : all
    }
}

extension ArgKind {
    /// Bytes of a structure of fixed size that the call reads; 0 for all other arguments.
    public var inputSize: Int {
        switch self {
        case .intIn, .schedParamIn: 4
        case .longIn, .offsetInOut, .sigsetIn, .winsizeIn: 8
        case .epollEventIn: 12
        case .timespecIn, .timespecInOut, .timevalIn, .timevalInOut, .rlimitIn: 16
        case .openHowIn, .stackIn, .sigeventIn: 24
        case .timespecPairIn, .timevalPairIn, .itimervalIn, .itimerspecIn, .sigactionIn, .flockIn: 32
        case .termiosIn: 36
        case .siginfoIn: 48
        case .msghdrIn, .msghdrOut: 56
        case .cloneArgsIn: 64
        default: 0
        }
    }

    /// Bytes of a structure of fixed size that a successful call has written; 0 for all other arguments.
    public var outputSize: Int {
        switch self {
        case .intOut, .statusOut, .schedParamOut: 4
        case .longOut, .fdPairOut, .offsetInOut, .sigsetOut, .winsizeOut: 8
        case .timespecOut, .timespecInOut, .timevalOut, .timevalInOut, .rlimitOut, .threadNameOut: 16
        case .stackOut: 24
        case .itimervalOut, .itimerspecOut, .sigactionOut, .tmsOut, .flockOut: 32
        case .termiosOut: 36
        case .siginfoOut: 48
        case .msghdrOut: 56
        case .sysinfoOut: 112
        case .statfsOut: 120
        case .statOut, .rusageOut: 144
        case .statxOut: 160
        case .utsnameOut: 390
        default: 0
        }
    }

    /// Whether the argument can only be shown when the call has returned.
    public var isOutput: Bool {
        switch self {
        case .stringOut, .outBuffer, .iovecOut, .direntsOut, .epollEventsOut, .sockaddrOut, .optionOut, .processorsOut, .groupsOut: true
        // Shown as they were before the call, like descriptors that are polled.
        case .offsetInOut, .timespecInOut, .timevalInOut: false
        default: outputSize > 0
        }
    }
}
