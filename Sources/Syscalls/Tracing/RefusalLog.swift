import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import Tasks

/// The lines of `--log` about what programs asked for and did not get: calls that there are not, and options that are not known.
/// Each is written once for a program, a call and an error (and the option, where the call has one).
public final class RefusalLog {
    /// What has been written, by a hash of all that makes a line.
    private var written = HashTable<UInt64, Bool>()

    public init() {}

    public static var shared: RefusalLog { refusalLogRoot.object }

    /// A call has failed with `error`. The guest's arguments are still in `frame`.
    public func failed(_ error: Errno, _ number: UInt, _ frame: Frame, _ task: Task) {
        let call = Syscall(rawValue: number)
        let noHandler = call == nil || task.callHasNoHandler
        // The record of the call, if there is one, has still to say so.
        if !Tracing.tracesCalls { task.callHasNoHandler = false }
        let level = noHandler ? LogLevel.info : RefusalLog.level(error, call)
        guard Log.isOn(level) else { return }
        var option: (index: Int, value: UInt)?
        if let call, let index = RefusalLog.option(of: call) {
            // Flags and commands are 32 bits wide.
            option = (index, UInt(UInt32(truncatingIfNeeded: index == 0 ? frame.rdi : index == 1 ? frame.rsi : index == 2 ? frame.rdx : frame.r10)))
        }
        var key = task.name
        key.append(littleEndian: UInt64(number))
        key.append(littleEndian: UInt64(option?.value ?? 0))
        key.append(littleEndian: UInt64(UInt32(bitPattern: error.rawValue)))
        let hash = UInt64(key.tableHash)
        guard written[hash] == nil else { return }
        written[hash] = true

        var text = task.name
        text.append(": ")
        if let call { text.append(call.name) } else {
            text.append("system call ")
            text.append(decimal: number)
        }
        if let option {
            text.append(" with 0x")
            text.append(hex: option.value)
        }
        text.append(noHandler ? " is not implemented: " : " was refused: ")
        text.append(error.name)
        Log.write(level, text)
    }

    /// How important it is that this call failed so; ``LogLevel/trace`` for what happens all the time.
    private static func level(_ error: Errno, _ call: Syscall?) -> UInt32 {
        switch error {
        case .ENOSYS, .EOPNOTSUPP, .ENOPROTOOPT, .EAFNOSUPPORT, .ESOCKTNOSUPPORT, .EPROTONOSUPPORT: return LogLevel.info
        case .EINVAL:
            switch call {
            case .prctl, .arch_prctl, .fcntl, .madvise, .futex, .clone, .clone3, .unshare, .mmap, .seccomp: return LogLevel.info
            default: return LogLevel.trace
            }
        // That a file is no terminal is asked all the time.
        case .ENOTTY: return LogLevel.debug
        default: return LogLevel.trace
        }
    }

    /// The argument that says what the call is to do.
    private static func option(of call: Syscall) -> Int? {
        switch call {
        case .ioctl, .fcntl, .futex: 1
        case .prctl, .arch_prctl, .socket, .clone, .unshare, .seccomp, .membarrier: 0
        case .madvise, .setsockopt, .getsockopt: 2
        case .mmap: 3
        default: nil
        }
    }
}

public let refusalLogRoot = Root<RefusalLog>(25)
