// Capability numbers, capabilities(7), and the constants of the calls on credentials.

// MARK: - capabilities(7)

public let CAP_CHOWN: UInt32 = 0
public let CAP_DAC_OVERRIDE: UInt32 = 1
public let CAP_DAC_READ_SEARCH: UInt32 = 2
public let CAP_FOWNER: UInt32 = 3
public let CAP_FSETID: UInt32 = 4
public let CAP_KILL: UInt32 = 5
public let CAP_SETGID: UInt32 = 6
public let CAP_SETUID: UInt32 = 7
public let CAP_SETPCAP: UInt32 = 8
public let CAP_LINUX_IMMUTABLE: UInt32 = 9
public let CAP_NET_BIND_SERVICE: UInt32 = 10
public let CAP_NET_BROADCAST: UInt32 = 11
public let CAP_NET_ADMIN: UInt32 = 12
public let CAP_NET_RAW: UInt32 = 13
public let CAP_IPC_LOCK: UInt32 = 14
public let CAP_IPC_OWNER: UInt32 = 15
public let CAP_SYS_MODULE: UInt32 = 16
public let CAP_SYS_RAWIO: UInt32 = 17
public let CAP_SYS_CHROOT: UInt32 = 18
public let CAP_SYS_PTRACE: UInt32 = 19
public let CAP_SYS_PACCT: UInt32 = 20
public let CAP_SYS_ADMIN: UInt32 = 21
public let CAP_SYS_BOOT: UInt32 = 22
public let CAP_SYS_NICE: UInt32 = 23
public let CAP_SYS_RESOURCE: UInt32 = 24
public let CAP_SYS_TIME: UInt32 = 25
public let CAP_SYS_TTY_CONFIG: UInt32 = 26
public let CAP_MKNOD: UInt32 = 27
public let CAP_LEASE: UInt32 = 28
public let CAP_AUDIT_WRITE: UInt32 = 29
public let CAP_AUDIT_CONTROL: UInt32 = 30
public let CAP_SETFCAP: UInt32 = 31
public let CAP_MAC_OVERRIDE: UInt32 = 32
public let CAP_MAC_ADMIN: UInt32 = 33
public let CAP_SYSLOG: UInt32 = 34
public let CAP_WAKE_ALARM: UInt32 = 35
public let CAP_BLOCK_SUSPEND: UInt32 = 36
public let CAP_AUDIT_READ: UInt32 = 37
public let CAP_PERFMON: UInt32 = 38
public let CAP_BPF: UInt32 = 39
public let CAP_CHECKPOINT_RESTORE: UInt32 = 40
public let CAP_LAST_CAP: UInt32 = 40

// MARK: - All capabilities as a mask

public let CAP_FULL_SET: UInt64 = 0x1ff_ffff_ffff

// MARK: - capget(2): versions of the header

public let _LINUX_CAPABILITY_VERSION_1: UInt32 = 0x1998_0330
public let _LINUX_CAPABILITY_VERSION_2: UInt32 = 0x2007_1026
public let _LINUX_CAPABILITY_VERSION_3: UInt32 = 0x2008_0522

// MARK: - PR_SET_SECUREBITS

public let SECBIT_NOROOT: UInt32 = 0x1
public let SECBIT_NOROOT_LOCKED: UInt32 = 0x2
public let SECBIT_NO_SETUID_FIXUP: UInt32 = 0x4
public let SECBIT_NO_SETUID_FIXUP_LOCKED: UInt32 = 0x8
public let SECBIT_KEEP_CAPS: UInt32 = 0x10
public let SECBIT_KEEP_CAPS_LOCKED: UInt32 = 0x20
public let SECBIT_NO_CAP_AMBIENT_RAISE: UInt32 = 0x40
public let SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED: UInt32 = 0x80
public let SECURE_ALL_BITS: UInt32 = 0x55
public let SECURE_ALL_LOCKS: UInt32 = 0xaa

// MARK: - setgroups(2)

public let NGROUPS_MAX: Int = 65536

// MARK: - The ids that stand for unmapped owners

public let overflowuid: UInt32 = 65534
public let overflowgid: UInt32 = 65534
