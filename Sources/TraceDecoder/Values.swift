// Arguments that are numbers: enumerations, flags, descriptors.

import LinuxABI

enum Values {
    /// An argument as `--strace` shows it.
    /// - Parameter before: the value and kind of the argument before it, on which some depend.
    static func text(_ kind: ArgKind, _ value: UInt, before: UInt = 0) -> String {
        let wide = UInt64(value)
        let word = UInt64(UInt32(truncatingIfNeeded: value))
        let signed = Int32(truncatingIfNeeded: value)
        switch kind {
        case .none: return ""
        case .int, .milliseconds, .pid: return String(signed)
        case .fd: return String(signed)
        case .uint: return String(word)
        case .long, .offset: return String(Int(bitPattern: value))
        case .size: return String(value)
        case .hex, .flags, .command, .futex2Flags: return Constants.number(kind == .hex ? wide : word)
        case .dirFd: return signed == AT_FDCWD ? "AT_FDCWD" : String(signed)
        case .uid, .gid: return signed == -1 ? "-1" : String(word)
        case .device: return device(wide)
        case .signal: return signal(signed)
        case .openFlags: return openFlags(word)
        case .descriptorFlags: return Constants.openFlags.flags(word)
        case .mode: return mode(word)
        case .accessMode: return Constants.accessMode.flags(word, none: "F_OK")
        case .accessFlags: return Constants.accessFlags.flags(word)
        case .atFlags: return Constants.atFlags.flags(word)
        case .unlinkFlags: return Constants.unlinkFlags.flags(word)
        case .closeRangeFlags: return Constants.closeRangeFlags.flags(word)
        case .whence: return Constants.whence.text(word)
        case .fcntlCommand: return Constants.fcntlCommand.text(word)
        case .flockOperation: return Constants.flockOperation.flags(word)
        case .renameFlags: return Constants.renameFlags.flags(word)
        case .fallocateMode: return Constants.fallocateMode.flags(word)
        case .fadvise: return Constants.fadvise.text(word)
        case .spliceFlags: return Constants.spliceFlags.flags(word)
        case .rwfFlags: return Constants.rwfFlags.flags(word)
        case .statxMask: return Constants.statxMask.flags(word)
        case .inotifyMask: return Constants.inotifyMask.flags(word)
        case .mountFlags: return Constants.mountFlags.flags(wide)
        case .ioctlRequest: return ioctl(word)
        case .mmapProt: return Constants.mmapProt.flags(word, none: "PROT_NONE")
        case .mmapFlags: return mmapFlags(word)
        case .mremapFlags: return Constants.mremapFlags.flags(word)
        case .msyncFlags: return Constants.msyncFlags.flags(word)
        case .madvise: return Constants.madvise.text(word)
        case .memfdFlags: return Constants.memfdFlags.flags(word)
        case .cloneFlags: return cloneFlags(wide)
        case .waitOptions: return Constants.waitOptions.flags(word)
        case .idType: return Constants.idType.text(word)
        case .pidfdFlags: return Constants.pidfdFlags.flags(word)
        case .prctlOption: return Constants.prctlOption.text(word)
        case .archPrctlCode: return Constants.archPrctlCode.text(word)
        case .rlimitResource: return Constants.rlimitResource.text(word)
        case .rusageWho: return Constants.rusageWho.text(word)
        case .schedPolicy: return schedPolicy(word)
        case .futexOperation: return futex(word)
        case .getrandomFlags: return Constants.getrandomFlags.flags(word)
        case .ipcFlags: return ipcFlags(word)
        case .ipcCommand: return Constants.ipcCommand.text(word & ~0x100)
        case .sigprocmaskHow: return Constants.sigprocmaskHow.text(word)
        case .clockId: return Constants.clockId.name(of: word) ?? String(signed)
        case .itimer: return Constants.itimer.text(word)
        case .timerFlags: return Constants.timerFlags.flags(word)
        case .timerfdFlags: return Constants.timerfdFlags.flags(word)
        case .eventfdFlags: return Constants.eventfdFlags.flags(word)
        case .epollOperation: return Constants.epollOperation.text(word)
        case .addressFamily: return Constants.addressFamily.text(word)
        case .socketType: return socketType(word)
        case .acceptFlags, .signalfdFlags: return Constants.socketFlags.flags(word)
        case .socketProtocol: return before == 2 || before == 10 ? Constants.internetProtocol.text(word) : String(signed)
        case .socketLevel: return Constants.socketLevel.text(word)
        case .socketOption: return socketOption(word, level: UInt64(UInt32(truncatingIfNeeded: before)))
        case .messageFlags: return Constants.messageFlags.flags(word)
        case .shutdownHow: return Constants.shutdownHow.text(word)
        case .fdFlags: return word == 1 ? "FD_CLOEXEC" : Constants.number(word)
        case .seals: return Constants.seals.flags(word)
        case .membarrierCommand: return word == 0 ? "MEMBARRIER_CMD_QUERY" : Constants.membarrierCommand.flags(word)
        case .seccompOperation: return Constants.seccompOperation.text(word)
        case .kcmpType: return Constants.kcmpType.text(word)
        case .priorityWhich: return Constants.priorityWhich.text(word)
        case .ioprioWho: return Constants.ioprioWho.text(word)
        case .syncRangeFlags: return Constants.syncRangeFlags.flags(word)
        case .xattrFlags: return Constants.xattrFlags.flags(word)
        case .mlockallFlags: return Constants.mlockallFlags.flags(word)
        case .umountFlags: return Constants.umountFlags.flags(word)
        default: return Quoting.hex(wide)
        }
    }

    static func openFlags(_ value: UInt64) -> String {
        let access = ["O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"][Int(value & 3)]
        // A file named by O_PATH is opened for nothing.
        let rest = value & ~3
        if rest == 0 { return access }
        let flags = Constants.openFlags.flags(rest)
        return value & 3 == 0 && value & UInt64(O_PATH) != 0 ? "O_RDONLY|" + flags : access + "|" + flags
    }

    /// Permissions in octal; type by name if there is one.
    static func mode(_ value: UInt64) -> String {
        let type = value & UInt64(S_IFMT)
        let permissions = "0" + octal3(value & ~UInt64(S_IFMT))
        guard type != 0 else { return permissions }
        return (Constants.fileType.name(of: type) ?? Quoting.octal(type)) + "|" + permissions
    }
    private static func octal3(_ value: UInt64) -> String {
        let text = String(value, radix: 8)
        return String(repeating: "0", count: max(0, 3 - text.utf8.count)) + text
    }

    static func device(_ value: UInt64) -> String {
        let major = (value >> 8) & 0xfff | (value >> 32) & 0xffff_f000
        let minor = value & 0xff | (value >> 12) & 0xffff_ff00
        return "makedev(0x\(String(major, radix: 16)), 0x\(String(minor, radix: 16)))"
    }

    static func signal(_ number: Int32) -> String {
        if number <= 0 { return String(number) }
        if let name = Constants.signal.name(of: UInt64(number)) { return name }
        return (32...64).contains(number) ? "SIGRT_\(number - 32)" : String(number)
    }

    static func signalSet(_ bits: UInt64) -> String {
        func list(_ bits: UInt64) -> String {
            (1...64).filter { bits >> UInt64($0 - 1) & 1 != 0 }.map {
                let name = signal(Int32($0))
                return name.hasPrefix("SIG") ? String(name.dropFirst(3)) : name
            }.joined(separator: " ")
        }
        return bits.nonzeroBitCount > 32 ? "~[\(list(~bits))]" : "[\(list(bits))]"
    }

    static func mmapFlags(_ value: UInt64) -> String {
        let type = value & 0xf
        let rest = value & ~0xf
        let size = (rest >> 26) & 0x3f
        var parts = [Constants.mmapType.text(type)]
        let flags = rest & ~(0x3f << 26)
        if flags != 0 { parts.append(Constants.mmapFlags.flags(flags)) }
        if size != 0 { parts.append("\(size)<<MAP_HUGE_SHIFT") }
        return parts.joined(separator: "|")
    }

    /// With the exit signal in the low byte.
    static func cloneFlags(_ value: UInt64) -> String {
        let signal = Int32(truncatingIfNeeded: value & 0xff), flags = value & ~0xff
        if flags == 0 { return signal == 0 ? "0" : Values.signal(signal) }
        return Constants.cloneFlags.flags(flags) + (signal == 0 ? "" : "|" + Values.signal(signal))
    }

    static func ioctl(_ request: UInt64) -> String {
        if let name = Constants.ioctlRequest.name(of: request) { return name }
        let direction = ["_IOC_NONE", "_IOC_WRITE", "_IOC_READ", "_IOC_READ|_IOC_WRITE"][Int(request >> 30)]
        guard request > 0xffff else { return "0x" + String(request, radix: 16) }
        return "_IOC(\(direction), 0x\(String((request >> 8) & 0xff, radix: 16)), 0x\(String(request & 0xff, radix: 16)), 0x\(String((request >> 16) & 0x3fff, radix: 16)))"
    }

    static func futex(_ value: UInt64) -> String {
        var text = Constants.futexOperation.text(value & 0x7f)
        if value & UInt64(FUTEX_PRIVATE_FLAG) != 0 { text += "_PRIVATE" }
        if value & UInt64(FUTEX_CLOCK_REALTIME) != 0 { text += "|FUTEX_CLOCK_REALTIME" }
        let rest = value & ~0x1ff
        return rest == 0 ? text : text + "|0x" + String(rest, radix: 16)
    }

    static func ipcFlags(_ value: UInt64) -> String {
        let flags = value & ~0o777
        let permissions = value & 0o777
        if flags == 0 { return permissions == 0 ? "0" : Quoting.octal(permissions) }
        return Constants.ipcFlags.flags(flags) + (permissions == 0 ? "" : "|" + Quoting.octal(permissions))
    }

    static func schedPolicy(_ value: UInt64) -> String {
        let reset = value & UInt64(SCHED_RESET_ON_FORK) != 0
        return Constants.schedPolicy.text(value & ~UInt64(SCHED_RESET_ON_FORK)) + (reset ? "|SCHED_RESET_ON_FORK" : "")
    }

    static func socketType(_ value: UInt64) -> String {
        let flags = value & ~0xf
        return Constants.socketType.text(value & 0xf) + (flags == 0 ? "" : "|" + Constants.socketFlags.flags(flags))
    }

    static func socketOption(_ value: UInt64, level: UInt64) -> String {
        switch level {
        case 1: Constants.socketOption.text(value)
        case 6: Constants.tcpOption.text(value)
        case 0: Constants.ipOption.text(value)
        case 41: Constants.ipv6Option.text(value)
        default: Constants.number(value)
        }
    }
}
