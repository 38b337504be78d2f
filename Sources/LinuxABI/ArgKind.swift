// What a system call's arguments are, for traces and documentation.

/// What one argument of a system call means.
public enum ArgKind: UInt8, Sendable {
    /// The call has no such argument.
    case none = 0

    // Numbers

    /// A signed number of 32 bits.
    case int
    /// An unsigned number of 32 bits.
    case uint
    /// A signed number of 64 bits.
    case long
    /// A number without better description: bits, keys, opaque words.
    case hex
    /// A count of bytes.
    case size
    /// A position in a file.
    case offset
    /// A timeout; negative waits for ever.
    case milliseconds

    // Objects

    /// A descriptor.
    case fd
    /// The directory of the path that follows, or AT_FDCWD.
    case dirFd
    /// A process, thread or group.
    case pid
    /// A user; -1 keeps.
    case uid
    /// A group; -1 keeps.
    case gid
    /// A device number.
    case device
    /// A signal number.
    case signal

    // Strings and bytes

    /// A path name.
    case path
    /// Another string that ends in zero.
    case string
    /// A string written by the call.
    case stringOut
    /// Argv or envp.
    case stringVector
    /// Bytes read by the call; their count is the next argument.
    case inBuffer
    /// Bytes written by the call; their count is the result.
    case outBuffer
    /// Array of buffers read by the call; its length is the next argument.
    case iovecIn
    /// Array of buffers written by the call; its length is the next argument.
    case iovecOut
    /// A user address that is not followed.
    case address

    // Enumerations and flags

    /// O_*.
    case openFlags
    /// Permission bits.
    case mode
    /// R_OK, W_OK, X_OK.
    case accessMode
    /// AT_* of faccessat2(2), where AT_EACCESS shares its bit.
    case accessFlags
    /// AT_*.
    case atFlags
    /// AT_REMOVEDIR.
    case unlinkFlags
    /// CLOSE_RANGE_*.
    case closeRangeFlags
    /// SEEK_*.
    case whence
    /// F_*.
    case fcntlCommand
    /// LOCK_*.
    case flockOperation
    /// RENAME_*.
    case renameFlags
    /// FALLOC_FL_*.
    case fallocateMode
    /// POSIX_FADV_*.
    case fadvise
    /// SPLICE_F_*.
    case spliceFlags
    /// RWF_*.
    case rwfFlags
    /// STATX_*.
    case statxMask
    /// IN_*.
    case inotifyMask
    /// MS_*.
    case mountFlags
    /// An ioctl(2) number.
    case ioctlRequest
    /// PROT_*.
    case mmapProt
    /// MAP_*.
    case mmapFlags
    /// MREMAP_*.
    case mremapFlags
    /// MS_ASYNC and others.
    case msyncFlags
    /// MADV_*.
    case madvise
    /// MFD_*.
    case memfdFlags
    /// CLONE_*, with the exit signal in the low byte.
    case cloneFlags
    /// WNOHANG and others.
    case waitOptions
    /// P_*.
    case idType
    /// PIDFD_*.
    case pidfdFlags
    /// PR_*.
    case prctlOption
    /// ARCH_*.
    case archPrctlCode
    /// RLIMIT_*.
    case rlimitResource
    /// RUSAGE_*.
    case rusageWho
    /// SCHED_*.
    case schedPolicy
    /// FUTEX_*.
    case futexOperation
    /// GRND_*.
    case getrandomFlags
    /// IPC_* and permission bits.
    case ipcFlags
    /// SIG_BLOCK and others.
    case sigprocmaskHow
    /// CLOCK_*.
    case clockId
    /// ITIMER_*.
    case itimer
    /// TIMER_ABSTIME.
    case timerFlags
    /// TFD_*.
    case timerfdFlags
    /// EFD_*.
    case eventfdFlags
    /// EPOLL_CTL_*.
    case epollOperation
    /// AF_*.
    case addressFamily
    /// SOCK_*.
    case socketType
    /// SOL_*.
    case socketLevel
    /// SO_*, by the level before it.
    case socketOption
    /// MSG_*.
    case messageFlags
    /// SHUT_*.
    case shutdownHow

    // Structures; "In" is read by the call, "Out" written

    case intOut
    /// The int of wait4(2).
    case statusOut
    /// The int[2] of pipe(2).
    case fdPairOut
    case offsetInOut
    case statOut
    case statxOut
    case statfsOut
    /// Entries of getdents64(2); the result is their size.
    case direntsOut
    /// Its size is the next argument.
    case openHowIn
    /// Its size is the next argument.
    case cloneArgsIn
    case rusageOut
    case rlimitIn
    case rlimitOut
    case utsnameOut
    case sysinfoOut
    case tmsOut
    case timespecIn
    case timespecOut
    case timespecInOut
    /// Atime and mtime.
    case timespecPairIn
    case timevalIn
    case timevalOut
    case timevalInOut
    /// Atime and mtime.
    case timevalPairIn
    case itimervalIn
    case itimervalOut
    case itimerspecIn
    case itimerspecOut
    case sigactionIn
    case sigactionOut
    case sigsetIn
    case sigsetOut
    case siginfoIn
    case siginfoOut
    case sigeventIn
    case stackIn
    case stackOut
    /// Read and written; the count is the next argument.
    case pollFds
    /// Read and written; the number of bits is the first argument.
    case fdSet
    case epollEventIn
    /// The result is their number.
    case epollEventsOut
    /// Its size is the next argument.
    case sockaddrIn
    /// Its size is behind the next argument.
    case sockaddrOut
    case msghdrIn
    case msghdrOut

    // What an argument turns out to be by the values of others, see `Syscall.arguments(of:)`

    case intIn
    case longIn
    case longOut
    /// FD_CLOEXEC.
    case fdFlags
    case flockIn
    case flockOut
    case termiosIn
    case termiosOut
    case winsizeIn
    case winsizeOut
    /// The 16 bytes of PR_GET_NAME.
    case threadNameOut
    /// F_SEAL_*.
    case seals
    /// IPPROTO_*, by the family before it.
    case socketProtocol
    /// The value of a socket option; its size is the next argument.
    case optionIn
    /// Its size is behind the next argument.
    case optionOut
    /// A mask of processors; its size is the argument before it.
    case processorsIn
    /// The result is its size.
    case processorsOut
    /// Group numbers; their count is the argument before.
    case groupsIn
    /// The result is their number.
    case groupsOut
    case schedParamIn
    case schedParamOut
    /// Array of struct sembuf; its length is the next argument.
    case semOperations
    /// IPC_STAT and others.
    case ipcCommand
    /// MEMBARRIER_CMD_*.
    case membarrierCommand
    /// SECCOMP_*.
    case seccompOperation
    /// KCMP_*.
    case kcmpType
    /// A command without names here.
    case command
    /// PRIO_*.
    case priorityWhich
    /// IOPRIO_WHO_*.
    case ioprioWho
    /// SYNC_FILE_RANGE_*.
    case syncRangeFlags
    /// XATTR_CREATE, XATTR_REPLACE.
    case xattrFlags
    /// MCL_* of mlockall(2).
    case mlockallFlags
    /// MNT_*.
    case umountFlags
    /// SFD_*.
    case signalfdFlags
    /// SOCK_CLOEXEC, SOCK_NONBLOCK.
    case acceptFlags
    /// Flags without names here.
    case flags
    /// FUTEX_*: the flags of futex2 calls.
    case futex2Flags
    /// O_CLOEXEC and others of a call that has no access mode.
    case descriptorFlags
}

/// The kinds of a call's up to six arguments, packed into one word so that the table of all calls is
/// an array of words and asking it allocates nothing.
public struct SyscallArguments: Sendable {
    @usableFromInline let packed: UInt64

    @inlinable
    init(
        _ a: ArgKind, _ b: ArgKind, _ c: ArgKind, _ d: ArgKind, _ e: ArgKind, _ f: ArgKind
    ) {
        let low = UInt64(a.rawValue) | UInt64(b.rawValue) << 8 | UInt64(c.rawValue) << 16
        let high = UInt64(d.rawValue) | UInt64(e.rawValue) << 8 | UInt64(f.rawValue) << 16
        packed = low | high << 24
    }

    /// The kind of argument `index`, counted from 0; `.none` beyond the last.
    @inlinable
    public subscript(index: Int) -> ArgKind {
        guard index >= 0, index < 6 else { return .none }
        return ArgKind(rawValue: UInt8(truncatingIfNeeded: packed >> UInt64(8 * index))) ?? .none
    }

    /// How many arguments the call has, 0 to 6.
    @inlinable
    public var count: Int { (64 - packed.leadingZeroBitCount + 7) / 8 }
}
