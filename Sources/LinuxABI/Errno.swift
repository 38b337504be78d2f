/// An error number of the Linux system call interface, errno(3).
///
/// Values above 511 are the kernel's own and never reach a guest: they say how an interrupted call
/// is to be restarted, as in Linux.
public struct Errno: Error, Equatable, Sendable {
    public let rawValue: Int32

    @inlinable
    public init(_ rawValue: Int32) { self.rawValue = rawValue }

    @inlinable
    public static func == (a: Errno, b: Errno) -> Bool { a.rawValue == b.rawValue }

    /// What the system call returns in its result register for this error.
    @inlinable
    public var returnValue: Int { -Int(rawValue) }
}

// MARK: - The kernel's own

extension Errno {
    /// Restart the call after a handler only if it was installed with SA_RESTART.
    @inlinable public static var ERESTARTSYS: Errno { Errno(512) }
    /// Restart the call always.
    @inlinable public static var ERESTARTNOINTR: Errno { Errno(513) }
    /// Restart the call only if no handler ran.
    @inlinable public static var ERESTARTNOHAND: Errno { Errno(514) }
    /// No ioctl(2) of that number; ENOTTY to the guest.
    @inlinable public static var ENOIOCTLCMD: Errno { Errno(515) }
    /// Restart through restart_syscall(2) if no handler ran.
    @inlinable public static var ERESTART_RESTARTBLOCK: Errno { Errno(516) }

    /// Whether the call was interrupted and says how it is to be restarted.
    @inlinable
    public var isRestart: Bool { rawValue >= 512 && rawValue <= 516 && rawValue != 515 }
}

// MARK: - errno(3)

extension Errno {
    @inlinable public static var EPERM: Errno { Errno(1) }
    @inlinable public static var ENOENT: Errno { Errno(2) }
    @inlinable public static var ESRCH: Errno { Errno(3) }
    @inlinable public static var EINTR: Errno { Errno(4) }
    @inlinable public static var EIO: Errno { Errno(5) }
    @inlinable public static var ENXIO: Errno { Errno(6) }
    @inlinable public static var E2BIG: Errno { Errno(7) }
    @inlinable public static var ENOEXEC: Errno { Errno(8) }
    @inlinable public static var EBADF: Errno { Errno(9) }
    @inlinable public static var ECHILD: Errno { Errno(10) }
    @inlinable public static var EAGAIN: Errno { Errno(11) }
    @inlinable public static var ENOMEM: Errno { Errno(12) }
    @inlinable public static var EACCES: Errno { Errno(13) }
    @inlinable public static var EFAULT: Errno { Errno(14) }
    @inlinable public static var ENOTBLK: Errno { Errno(15) }
    @inlinable public static var EBUSY: Errno { Errno(16) }
    @inlinable public static var EEXIST: Errno { Errno(17) }
    @inlinable public static var EXDEV: Errno { Errno(18) }
    @inlinable public static var ENODEV: Errno { Errno(19) }
    @inlinable public static var ENOTDIR: Errno { Errno(20) }
    @inlinable public static var EISDIR: Errno { Errno(21) }
    @inlinable public static var EINVAL: Errno { Errno(22) }
    @inlinable public static var ENFILE: Errno { Errno(23) }
    @inlinable public static var EMFILE: Errno { Errno(24) }
    @inlinable public static var ENOTTY: Errno { Errno(25) }
    @inlinable public static var ETXTBSY: Errno { Errno(26) }
    @inlinable public static var EFBIG: Errno { Errno(27) }
    @inlinable public static var ENOSPC: Errno { Errno(28) }
    @inlinable public static var ESPIPE: Errno { Errno(29) }
    @inlinable public static var EROFS: Errno { Errno(30) }
    @inlinable public static var EMLINK: Errno { Errno(31) }
    @inlinable public static var EPIPE: Errno { Errno(32) }
    @inlinable public static var EDOM: Errno { Errno(33) }
    @inlinable public static var ERANGE: Errno { Errno(34) }
    @inlinable public static var EDEADLK: Errno { Errno(35) }
    @inlinable public static var ENAMETOOLONG: Errno { Errno(36) }
    @inlinable public static var ENOLCK: Errno { Errno(37) }
    @inlinable public static var ENOSYS: Errno { Errno(38) }
    @inlinable public static var ENOTEMPTY: Errno { Errno(39) }
    @inlinable public static var ELOOP: Errno { Errno(40) }
    @inlinable public static var ENOMSG: Errno { Errno(42) }
    @inlinable public static var EIDRM: Errno { Errno(43) }
    @inlinable public static var ECHRNG: Errno { Errno(44) }
    @inlinable public static var EL2NSYNC: Errno { Errno(45) }
    @inlinable public static var EL3HLT: Errno { Errno(46) }
    @inlinable public static var EL3RST: Errno { Errno(47) }
    @inlinable public static var ELNRNG: Errno { Errno(48) }
    @inlinable public static var EUNATCH: Errno { Errno(49) }
    @inlinable public static var ENOCSI: Errno { Errno(50) }
    @inlinable public static var EL2HLT: Errno { Errno(51) }
    @inlinable public static var EBADE: Errno { Errno(52) }
    @inlinable public static var EBADR: Errno { Errno(53) }
    @inlinable public static var EXFULL: Errno { Errno(54) }
    @inlinable public static var ENOANO: Errno { Errno(55) }
    @inlinable public static var EBADRQC: Errno { Errno(56) }
    @inlinable public static var EBADSLT: Errno { Errno(57) }
    @inlinable public static var EBFONT: Errno { Errno(59) }
    @inlinable public static var ENOSTR: Errno { Errno(60) }
    @inlinable public static var ENODATA: Errno { Errno(61) }
    @inlinable public static var ETIME: Errno { Errno(62) }
    @inlinable public static var ENOSR: Errno { Errno(63) }
    @inlinable public static var ENONET: Errno { Errno(64) }
    @inlinable public static var ENOPKG: Errno { Errno(65) }
    @inlinable public static var EREMOTE: Errno { Errno(66) }
    @inlinable public static var ENOLINK: Errno { Errno(67) }
    @inlinable public static var EADV: Errno { Errno(68) }
    @inlinable public static var ESRMNT: Errno { Errno(69) }
    @inlinable public static var ECOMM: Errno { Errno(70) }
    @inlinable public static var EPROTO: Errno { Errno(71) }
    @inlinable public static var EMULTIHOP: Errno { Errno(72) }
    @inlinable public static var EDOTDOT: Errno { Errno(73) }
    @inlinable public static var EBADMSG: Errno { Errno(74) }
    @inlinable public static var EOVERFLOW: Errno { Errno(75) }
    @inlinable public static var ENOTUNIQ: Errno { Errno(76) }
    @inlinable public static var EBADFD: Errno { Errno(77) }
    @inlinable public static var EREMCHG: Errno { Errno(78) }
    @inlinable public static var ELIBACC: Errno { Errno(79) }
    @inlinable public static var ELIBBAD: Errno { Errno(80) }
    @inlinable public static var ELIBSCN: Errno { Errno(81) }
    @inlinable public static var ELIBMAX: Errno { Errno(82) }
    @inlinable public static var ELIBEXEC: Errno { Errno(83) }
    @inlinable public static var EILSEQ: Errno { Errno(84) }
    @inlinable public static var ERESTART: Errno { Errno(85) }
    @inlinable public static var ESTRPIPE: Errno { Errno(86) }
    @inlinable public static var EUSERS: Errno { Errno(87) }
    @inlinable public static var ENOTSOCK: Errno { Errno(88) }
    @inlinable public static var EDESTADDRREQ: Errno { Errno(89) }
    @inlinable public static var EMSGSIZE: Errno { Errno(90) }
    @inlinable public static var EPROTOTYPE: Errno { Errno(91) }
    @inlinable public static var ENOPROTOOPT: Errno { Errno(92) }
    @inlinable public static var EPROTONOSUPPORT: Errno { Errno(93) }
    @inlinable public static var ESOCKTNOSUPPORT: Errno { Errno(94) }
    @inlinable public static var EOPNOTSUPP: Errno { Errno(95) }
    @inlinable public static var EPFNOSUPPORT: Errno { Errno(96) }
    @inlinable public static var EAFNOSUPPORT: Errno { Errno(97) }
    @inlinable public static var EADDRINUSE: Errno { Errno(98) }
    @inlinable public static var EADDRNOTAVAIL: Errno { Errno(99) }
    @inlinable public static var ENETDOWN: Errno { Errno(100) }
    @inlinable public static var ENETUNREACH: Errno { Errno(101) }
    @inlinable public static var ENETRESET: Errno { Errno(102) }
    @inlinable public static var ECONNABORTED: Errno { Errno(103) }
    @inlinable public static var ECONNRESET: Errno { Errno(104) }
    @inlinable public static var ENOBUFS: Errno { Errno(105) }
    @inlinable public static var EISCONN: Errno { Errno(106) }
    @inlinable public static var ENOTCONN: Errno { Errno(107) }
    @inlinable public static var ESHUTDOWN: Errno { Errno(108) }
    @inlinable public static var ETOOMANYREFS: Errno { Errno(109) }
    @inlinable public static var ETIMEDOUT: Errno { Errno(110) }
    @inlinable public static var ECONNREFUSED: Errno { Errno(111) }
    @inlinable public static var EHOSTDOWN: Errno { Errno(112) }
    @inlinable public static var EHOSTUNREACH: Errno { Errno(113) }
    @inlinable public static var EALREADY: Errno { Errno(114) }
    @inlinable public static var EINPROGRESS: Errno { Errno(115) }
    @inlinable public static var ESTALE: Errno { Errno(116) }
    @inlinable public static var EUCLEAN: Errno { Errno(117) }
    @inlinable public static var ENOTNAM: Errno { Errno(118) }
    @inlinable public static var ENAVAIL: Errno { Errno(119) }
    @inlinable public static var EISNAM: Errno { Errno(120) }
    @inlinable public static var EREMOTEIO: Errno { Errno(121) }
    @inlinable public static var EDQUOT: Errno { Errno(122) }
    @inlinable public static var ENOMEDIUM: Errno { Errno(123) }
    @inlinable public static var EMEDIUMTYPE: Errno { Errno(124) }
    @inlinable public static var ECANCELED: Errno { Errno(125) }
    @inlinable public static var ENOKEY: Errno { Errno(126) }
    @inlinable public static var EKEYEXPIRED: Errno { Errno(127) }
    @inlinable public static var EKEYREVOKED: Errno { Errno(128) }
    @inlinable public static var EKEYREJECTED: Errno { Errno(129) }
    @inlinable public static var EOWNERDEAD: Errno { Errno(130) }
    @inlinable public static var ENOTRECOVERABLE: Errno { Errno(131) }
    @inlinable public static var ERFKILL: Errno { Errno(132) }
    @inlinable public static var EHWPOISON: Errno { Errno(133) }

    /// The same number as EAGAIN.
    @inlinable public static var EWOULDBLOCK: Errno { EAGAIN }
    /// The same number as EDEADLK.
    @inlinable public static var EDEADLOCK: Errno { EDEADLK }
    /// The same number as EOPNOTSUPP.
    @inlinable public static var ENOTSUP: Errno { EOPNOTSUPP }
}

// MARK: - Names

extension Errno {
    /// The name as in errno(3), for traces; "E?" for a number without one.
    public var name: StaticString {
        switch rawValue {
        case 1: "EPERM"
        case 2: "ENOENT"
        case 3: "ESRCH"
        case 4: "EINTR"
        case 5: "EIO"
        case 6: "ENXIO"
        case 7: "E2BIG"
        case 8: "ENOEXEC"
        case 9: "EBADF"
        case 10: "ECHILD"
        case 11: "EAGAIN"
        case 12: "ENOMEM"
        case 13: "EACCES"
        case 14: "EFAULT"
        case 15: "ENOTBLK"
        case 16: "EBUSY"
        case 17: "EEXIST"
        case 18: "EXDEV"
        case 19: "ENODEV"
        case 20: "ENOTDIR"
        case 21: "EISDIR"
        case 22: "EINVAL"
        case 23: "ENFILE"
        case 24: "EMFILE"
        case 25: "ENOTTY"
        case 26: "ETXTBSY"
        case 27: "EFBIG"
        case 28: "ENOSPC"
        case 29: "ESPIPE"
        case 30: "EROFS"
        case 31: "EMLINK"
        case 32: "EPIPE"
        case 33: "EDOM"
        case 34: "ERANGE"
        case 35: "EDEADLK"
        case 36: "ENAMETOOLONG"
        case 37: "ENOLCK"
        case 38: "ENOSYS"
        case 39: "ENOTEMPTY"
        case 40: "ELOOP"
        case 42: "ENOMSG"
        case 43: "EIDRM"
        case 44: "ECHRNG"
        case 45: "EL2NSYNC"
        case 46: "EL3HLT"
        case 47: "EL3RST"
        case 48: "ELNRNG"
        case 49: "EUNATCH"
        case 50: "ENOCSI"
        case 51: "EL2HLT"
        case 52: "EBADE"
        case 53: "EBADR"
        case 54: "EXFULL"
        case 55: "ENOANO"
        case 56: "EBADRQC"
        case 57: "EBADSLT"
        case 59: "EBFONT"
        case 60: "ENOSTR"
        case 61: "ENODATA"
        case 62: "ETIME"
        case 63: "ENOSR"
        case 64: "ENONET"
        case 65: "ENOPKG"
        case 66: "EREMOTE"
        case 67: "ENOLINK"
        case 68: "EADV"
        case 69: "ESRMNT"
        case 70: "ECOMM"
        case 71: "EPROTO"
        case 72: "EMULTIHOP"
        case 73: "EDOTDOT"
        case 74: "EBADMSG"
        case 75: "EOVERFLOW"
        case 76: "ENOTUNIQ"
        case 77: "EBADFD"
        case 78: "EREMCHG"
        case 79: "ELIBACC"
        case 80: "ELIBBAD"
        case 81: "ELIBSCN"
        case 82: "ELIBMAX"
        case 83: "ELIBEXEC"
        case 84: "EILSEQ"
        case 85: "ERESTART"
        case 86: "ESTRPIPE"
        case 87: "EUSERS"
        case 88: "ENOTSOCK"
        case 89: "EDESTADDRREQ"
        case 90: "EMSGSIZE"
        case 91: "EPROTOTYPE"
        case 92: "ENOPROTOOPT"
        case 93: "EPROTONOSUPPORT"
        case 94: "ESOCKTNOSUPPORT"
        case 95: "EOPNOTSUPP"
        case 96: "EPFNOSUPPORT"
        case 97: "EAFNOSUPPORT"
        case 98: "EADDRINUSE"
        case 99: "EADDRNOTAVAIL"
        case 100: "ENETDOWN"
        case 101: "ENETUNREACH"
        case 102: "ENETRESET"
        case 103: "ECONNABORTED"
        case 104: "ECONNRESET"
        case 105: "ENOBUFS"
        case 106: "EISCONN"
        case 107: "ENOTCONN"
        case 108: "ESHUTDOWN"
        case 109: "ETOOMANYREFS"
        case 110: "ETIMEDOUT"
        case 111: "ECONNREFUSED"
        case 112: "EHOSTDOWN"
        case 113: "EHOSTUNREACH"
        case 114: "EALREADY"
        case 115: "EINPROGRESS"
        case 116: "ESTALE"
        case 117: "EUCLEAN"
        case 118: "ENOTNAM"
        case 119: "ENAVAIL"
        case 120: "EISNAM"
        case 121: "EREMOTEIO"
        case 122: "EDQUOT"
        case 123: "ENOMEDIUM"
        case 124: "EMEDIUMTYPE"
        case 125: "ECANCELED"
        case 126: "ENOKEY"
        case 127: "EKEYEXPIRED"
        case 128: "EKEYREVOKED"
        case 129: "EKEYREJECTED"
        case 130: "EOWNERDEAD"
        case 131: "ENOTRECOVERABLE"
        case 132: "ERFKILL"
        case 133: "EHWPOISON"
        case 512: "ERESTARTSYS"
        case 513: "ERESTARTNOINTR"
        case 514: "ERESTARTNOHAND"
        case 515: "ENOIOCTLCMD"
        case 516: "ERESTART_RESTARTBLOCK"
        default: "E?"
        }
    }
}
