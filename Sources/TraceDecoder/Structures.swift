// Structures of the guest's memory as text, shortened where the whole would be of no use.

import LinuxABI

enum Structures {
    /// The structure that an argument of this kind points to; nil if there are too few bytes for it.
    static func text(_ kind: ArgKind, _ b: [UInt8]) -> String? {
        guard b.count >= max(kind.inputSize, kind.outputSize) || kind == .statxOut && b.count >= 160 else { return nil }
        switch kind {
        case .intIn, .intOut, .schedParamIn, .schedParamOut: return "[\(b.i32(0))]"
        case .longIn, .offsetInOut: return "[\(b.i64(0))]"
        case .longOut: return "[\(Quoting.hex(b.number(0, 8)))]"
        case .statusOut: return "[" + waitStatus(b.i32(0)) + "]"
        case .fdPairOut: return "[\(b.i32(0)), \(b.i32(4))]"
        case .timespecIn, .timespecOut, .timespecInOut: return timespec(b, 0)
        case .timespecPairIn: return "[\(timespec(b, 0)), \(timespec(b, 16))]"
        case .timevalIn, .timevalOut, .timevalInOut: return timeval(b, 0)
        case .timevalPairIn: return "[\(timeval(b, 0)), \(timeval(b, 16))]"
        case .itimervalIn, .itimervalOut: return "{it_interval=\(timeval(b, 0)), it_value=\(timeval(b, 16))}"
        case .itimerspecIn, .itimerspecOut: return "{it_interval=\(timespec(b, 0)), it_value=\(timespec(b, 16))}"
        case .rlimitIn, .rlimitOut: return "{rlim_cur=\(limit(b.number(0, 8))), rlim_max=\(limit(b.number(8, 8)))}"
        case .sigsetIn, .sigsetOut: return Values.signalSet(b.number(0, 8))
        case .sigactionIn, .sigactionOut: return sigaction(b)
        case .siginfoIn, .siginfoOut: return siginfo(b)
        case .sigeventIn: return sigevent(b)
        case .stackIn, .stackOut:
            return "{ss_sp=\(Quoting.hex(b.number(0, 8))), ss_flags=\(Constants.signalStackFlags.flags(b.number(8, 4))), ss_size=\(b.number(16, 8))}"
        case .statOut: return stat(b)
        case .statxOut: return statx(b)
        case .statfsOut: return statfs(b)
        case .openHowIn:
            return "{flags=\(Values.openFlags(b.number(0, 8))), mode=\(Quoting.octal(b.number(8, 8))), resolve=\(Constants.resolve.flags(b.number(16, 8)))}"
        case .cloneArgsIn: return cloneArguments(b)
        case .rusageOut: return "{ru_utime=\(timeval(b, 0)), ru_stime=\(timeval(b, 16)), ...}"
        case .utsnameOut:
            let names = ["sysname", "nodename", "release", "version", "machine", "domainname"]
            let fields = names.enumerated().map { "\($1)=\(Quoting.string(b.part($0 * 65, 65)))" }
            return "{" + fields.joined(separator: ", ") + "}"
        case .sysinfoOut:
            return "{uptime=\(b.i64(0)), loads=[\(b.number(8, 8)), \(b.number(16, 8)), \(b.number(24, 8))], totalram=\(b.number(32, 8)), "
                + "freeram=\(b.number(40, 8)), ..., procs=\(b.number(80, 2)), ...}"
        case .tmsOut: return "{tms_utime=\(b.i64(0)), tms_stime=\(b.i64(8)), tms_cutime=\(b.i64(16)), tms_cstime=\(b.i64(24))}"
        case .epollEventIn: return epollEvent(b, 0)
        case .flockIn, .flockOut:
            return "{l_type=\(Constants.lockType.text(b.number(0, 2))), l_whence=\(Constants.whence.text(b.number(2, 2))), "
                + "l_start=\(b.i64(8)), l_len=\(b.i64(16))\(kind == .flockOut ? ", l_pid=\(b.i32(24))" : "")}"
        case .termiosIn, .termiosOut:
            let fields = ["c_iflag", "c_oflag", "c_cflag", "c_lflag"].enumerated().map { "\($1)=0x\(String(b.number($0 * 4, 4), radix: 16))" }
            return "{" + fields.joined(separator: ", ") + ", ...}"
        case .winsizeIn, .winsizeOut:
            return "{ws_row=\(b.number(0, 2)), ws_col=\(b.number(2, 2)), ws_xpixel=\(b.number(4, 2)), ws_ypixel=\(b.number(6, 2))}"
        case .threadNameOut: return Quoting.string(b)
        default: return nil
        }
    }

    static func timespec(_ b: [UInt8], _ at: Int) -> String {
        let nanoseconds = b.i64(at + 8)
        let text = nanoseconds == UTIME_NOW ? "UTIME_NOW" : nanoseconds == UTIME_OMIT ? "UTIME_OMIT" : nil
        return text ?? "{tv_sec=\(b.i64(at)), tv_nsec=\(nanoseconds)}"
    }
    static func timeval(_ b: [UInt8], _ at: Int) -> String { "{tv_sec=\(b.i64(at)), tv_usec=\(b.i64(at + 8))}" }
    private static func limit(_ value: UInt64) -> String { value == .max ? "RLIM64_INFINITY" : String(value) }

    static func waitStatus(_ status: Int32) -> String {
        if status == 0xffff { return "{WIFCONTINUED(s)}" }
        if status & 0xff == 0x7f { return "{WIFSTOPPED(s) && WSTOPSIG(s) == \(Values.signal(status >> 8 & 0xff))}" }
        if status & 0x7f == 0 { return "{WIFEXITED(s) && WEXITSTATUS(s) == \(status >> 8 & 0xff)}" }
        return "{WIFSIGNALED(s) && WTERMSIG(s) == \(Values.signal(status & 0x7f))\(status & 0x80 != 0 ? " && WCOREDUMP(s)" : "")}"
    }

    private static func sigaction(_ b: [UInt8]) -> String {
        let handler = b.number(0, 8), flags = b.number(8, 8)
        let name = handler == 0 ? "SIG_DFL" : handler == 1 ? "SIG_IGN" : Quoting.hex(handler)
        var text = "{sa_handler=\(name), sa_mask=\(Values.signalSet(b.number(24, 8))), sa_flags=\(Constants.sigactionFlags.flags(flags))"
        if flags & UInt64(SA_RESTORER) != 0 { text += ", sa_restorer=\(Quoting.hex(b.number(16, 8)))" }
        return text + "}"
    }

    private static func sigevent(_ b: [UInt8]) -> String {
        "{sigev_value=\(Quoting.hex(b.number(0, 8))), sigev_signo=\(Values.signal(b.i32(8))), sigev_notify=\(Constants.sigeventNotify.text(b.number(12, 4)))}"
    }

    /// From the first 48 bytes.
    static func siginfo(_ b: [UInt8]) -> String {
        var bytes = Siginfo.Bytes()
        for index in 0..<min(b.count, 48) { bytes[index] = b[index] }
        let info = Siginfo(decoding: bytes)
        if info.signo == 0 { return "{}" }
        var text = "{si_signo=\(Values.signal(info.signo)), si_code=\(signalCode(info))"
        switch info.layout {
        case .kill: text += info.code == SI_KERNEL && info.pid == 0 ? "" : ", si_pid=\(info.pid), si_uid=\(info.uid)"
        case .queue: text += ", si_pid=\(info.pid), si_uid=\(info.uid)" + (info.code == SI_TKILL ? "" : ", si_value=\(Quoting.hex(info.value))")
        case .timer: text += ", si_timerid=\(info.timerID), si_overrun=\(info.overrun), si_value=\(Quoting.hex(info.value))"
        case .child:
            let status = info.code == CLD_EXITED ? String(info.status) : Values.signal(info.status)
            text += ", si_pid=\(info.pid), si_uid=\(info.uid), si_status=\(status), si_utime=\(info.utime), si_stime=\(info.stime)"
        case .fault: text += ", si_addr=\(Quoting.hex(info.address))"
        case .poll: text += ", si_band=\(info.band), si_fd=\(info.fd)"
        case .system: text += ", si_call_addr=\(Quoting.hex(info.callAddress)), si_syscall=\(info.syscall), si_arch=0x\(String(info.arch, radix: 16))"
        }
        return text + "}"
    }

    private static func signalCode(_ info: Siginfo) -> String {
        let code = UInt64(UInt32(bitPattern: info.code))
        if let name = Constants.signalCode.name(of: code) { return name }
        let own: Constants? =
            switch info.signo {
            case SIGCHLD: .childCode
            case SIGILL: .illegalCode
            case SIGFPE: .floatCode
            case SIGSEGV: .segmentCode
            case SIGBUS: .busCode
            case SIGTRAP: .trapCode
            case SIGSYS: .systemCode
            case SIGIO: .pollCode
            default: nil
            }
        return own?.name(of: code) ?? String(info.code)
    }

    private static func stat(_ b: [UInt8]) -> String {
        let mode = b.number(24, 4)
        let type = UInt32(truncatingIfNeeded: mode) & S_IFMT
        let last = type == S_IFCHR || type == S_IFBLK ? "st_rdev=\(Values.device(b.number(40, 8)))" : "st_size=\(b.i64(48))"
        return "{st_mode=\(Values.mode(mode)), \(last), ...}"
    }

    private static func statx(_ b: [UInt8]) -> String {
        "{stx_mask=\(Constants.statxMask.flags(b.number(0, 4))), stx_mode=\(Values.mode(b.number(28, 2))), stx_size=\(b.number(40, 8)), ...}"
    }

    private static func statfs(_ b: [UInt8]) -> String {
        "{f_type=\(Constants.fileSystemType.text(b.number(0, 8))), f_bsize=\(b.i64(8)), f_blocks=\(b.number(16, 8)), f_bfree=\(b.number(24, 8)), "
            + "f_bavail=\(b.number(32, 8)), f_files=\(b.number(40, 8)), f_ffree=\(b.number(48, 8)), ...}"
    }

    private static func cloneArguments(_ b: [UInt8]) -> String {
        var text = "{flags=\(Constants.cloneFlags.flags(b.number(0, 8)))"
        for (name, offset) in [("pidfd", 8), ("child_tid", 16), ("parent_tid", 24)] where b.number(offset, 8) != 0 {
            text += ", \(name)=\(Quoting.hex(b.number(offset, 8)))"
        }
        let signal = Int32(truncatingIfNeeded: b.number(32, 8))
        text += ", exit_signal=\(Values.signal(signal))"
        text += ", stack=\(Quoting.hex(b.number(40, 8))), stack_size=\(Quoting.hex(b.number(48, 8)))"
        if b.number(56, 8) != 0 { text += ", tls=\(Quoting.hex(b.number(56, 8)))" }
        return text + "}"
    }

    static func epollEvent(_ b: [UInt8], _ at: Int) -> String {
        "{events=\(Constants.epollEvents.flags(b.number(at, 4))), data={u32=\(b.number(at + 4, 4)), u64=\(Constants.number(b.number(at + 4, 8)))}}"
    }

    /// struct pollfd; what was asked for, or what has come.
    static func pollFd(_ b: [UInt8], _ at: Int, returned: Bool) -> String {
        let events = Constants.pollEvents.flags(b.number(at + (returned ? 6 : 4), 2))
        return "{fd=\(b.i32(at)), \(returned ? "revents" : "events")=\(events)}"
    }

    /// The numbers whose bits are set.
    static func descriptorSet(_ b: [UInt8], below limit: Int) -> String {
        var numbers: [String] = []
        for index in 0..<min(limit, b.count * 8) where b[index / 8] >> UInt8(index % 8) & 1 != 0 { numbers.append(String(index)) }
        return "[" + numbers.joined(separator: " ") + "]"
    }

    static func socketAddress(_ b: [UInt8]) -> String? {
        guard b.count >= 2 else { return nil }
        let family = b.number(0, 2)
        let name = Constants.addressFamily.text(family)
        switch family {
        case UInt64(AF_UNIX):
            if b.count == 2 { return "{sa_family=AF_UNIX}" }
            if b[2] == 0 { return "{sa_family=AF_UNIX, sun_path=@\(Quoting.quoted(b.part(3, b.count - 3)))}" }
            return "{sa_family=AF_UNIX, sun_path=\(Quoting.string(b.part(2, b.count - 2)))}"
        case UInt64(AF_INET) where b.count >= 8:
            let port = Int(b[2]) << 8 | Int(b[3])
            return "{sa_family=AF_INET, sin_port=htons(\(port)), sin_addr=inet_addr(\"\(b[4]).\(b[5]).\(b[6]).\(b[7])\")}"
        case UInt64(AF_INET6) where b.count >= 24:
            let port = Int(b[2]) << 8 | Int(b[3])
            let words = (0..<8).map { String(Int(b[8 + 2 * $0]) << 8 | Int(b[9 + 2 * $0]), radix: 16) }
            return "{sa_family=AF_INET6, sin6_port=htons(\(port)), sin6_addr=\"\(words.joined(separator: ":"))\"}"
        case UInt64(AF_NETLINK) where b.count >= 12: return "{sa_family=AF_NETLINK, nl_pid=\(b.number(4, 4)), nl_groups=0x\(String(b.number(8, 4), radix: 16))}"
        default: return "{sa_family=\(name), sa_data=\(Quoting.quoted(b.part(2, 14)))}"
        }
    }
}
