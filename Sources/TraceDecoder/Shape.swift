// Which arguments of a call select what it does: the shapes of docs/audit-format.md.

import LinuxABI

/// The values of a call's options.
struct Shape: Hashable, Sendable {
    /// Values by name, in the order of the arguments.
    var names: [String] = []
    var values: [UInt64] = []
    var texts: [String] = []

    var isEmpty: Bool { names.isEmpty }

    private mutating func add(_ name: String, _ value: UInt64, _ text: String) {
        names.append(name)
        values.append(value)
        texts.append(text)
    }

    init(_ call: TracedCall) {
        for index in 0..<call.kinds.count {
            let kind = call.kinds[index]
            let value = UInt64(call.values[index])
            switch kind {
            case .cloneFlags where call.call == .clone || call.call == .unshare:
                let flags = value & 0xffff_ff00
                add("flags", flags, Constants.cloneFlags.flags(flags))
            case .cloneArgsIn:
                guard let bytes = call.chunk(index, in: call.inputs)?.bytes, bytes.count >= 8 else { continue }
                add("flags", bytes.number(0, 8), Constants.cloneFlags.flags(bytes.number(0, 8)))
            case .openHowIn:
                guard let bytes = call.chunk(index, in: call.inputs)?.bytes, bytes.count >= 24 else { continue }
                add("flags", bytes.number(0, 8), Values.openFlags(bytes.number(0, 8)))
                add("resolve", bytes.number(16, 8), Constants.resolve.flags(bytes.number(16, 8)))
            case .ipcFlags:
                let flags = value & 0xffff_fe00
                add("flags", flags, Values.ipcFlags(flags))
            case .futexOperation:
                add("operation", value & 0xffff_ffff, Values.text(kind, UInt(value)))
            default:
                guard let name = Shape.name(kind) else { continue }
                // All of these are C ints; the upper half of the register is not looked at.
                let before: UInt = kind == .socketOption ? call.values[index - 1] : kind == .socketProtocol ? call.values[0] : 0
                add(name, value & 0xffff_ffff, Values.text(kind, UInt(value), before: before))
            }
        }
    }

    /// What an argument of this kind is called in a shape; nil if it is not part of one.
    private static func name(_ kind: ArgKind) -> String? {
        switch kind {
        case .ioctlRequest: "request"
        case .fcntlCommand, .ipcCommand, .membarrierCommand, .seccompOperation, .kcmpType, .command: "command"
        case .prctlOption, .archPrctlCode: "option"
        case .socketLevel: "level"
        case .socketOption: "optname"
        case .addressFamily: "family"
        case .socketType, .acceptFlags: "type"
        case .socketProtocol: "protocol"
        case .openFlags, .atFlags, .accessFlags, .unlinkFlags, .closeRangeFlags, .renameFlags, .spliceFlags, .rwfFlags, .mountFlags, .umountFlags,
             .mmapFlags, .mremapFlags, .msyncFlags, .memfdFlags, .cloneFlags, .pidfdFlags, .getrandomFlags, .messageFlags, .timerFlags,
             .timerfdFlags, .eventfdFlags, .signalfdFlags, .mlockallFlags, .syncRangeFlags, .xattrFlags, .fdFlags, .seals, .flags, .futex2Flags, .descriptorFlags: "flags"
        case .mmapProt: "prot"
        case .madvise, .fadvise: "advice"
        case .flockOperation, .epollOperation: "operation"
        case .sigprocmaskHow, .shutdownHow: "how"
        case .rlimitResource: "resource"
        case .rusageWho, .priorityWhich, .ioprioWho: "who"
        case .idType: "idtype"
        case .waitOptions: "options"
        case .clockId: "clock"
        case .itimer: "timer"
        case .signal: "signal"
        case .whence: "whence"
        case .accessMode, .fallocateMode: "mode"
        case .schedPolicy: "policy"
        case .statxMask, .inotifyMask: "mask"
        default: nil
        }
    }
}
