// Keys of the auxiliary vector that execve(2) leaves on the stack, getauxval(3).

// MARK: - getauxval(3)

public let AT_NULL: UInt64 = 0
public let AT_IGNORE: UInt64 = 1
public let AT_EXECFD: UInt64 = 2
public let AT_PHDR: UInt64 = 3
public let AT_PHENT: UInt64 = 4
public let AT_PHNUM: UInt64 = 5
public let AT_PAGESZ: UInt64 = 6
public let AT_BASE: UInt64 = 7
public let AT_FLAGS: UInt64 = 8
public let AT_ENTRY: UInt64 = 9
public let AT_NOTELF: UInt64 = 10
public let AT_UID: UInt64 = 11
public let AT_EUID: UInt64 = 12
public let AT_GID: UInt64 = 13
public let AT_EGID: UInt64 = 14
public let AT_PLATFORM: UInt64 = 15
public let AT_HWCAP: UInt64 = 16
public let AT_CLKTCK: UInt64 = 17
public let AT_SECURE: UInt64 = 23
public let AT_BASE_PLATFORM: UInt64 = 24
public let AT_RANDOM: UInt64 = 25
public let AT_HWCAP2: UInt64 = 26
public let AT_RSEQ_FEATURE_SIZE: UInt64 = 27
public let AT_RSEQ_ALIGN: UInt64 = 28
public let AT_HWCAP3: UInt64 = 29
public let AT_HWCAP4: UInt64 = 30
public let AT_EXECFN: UInt64 = 31
public let AT_SYSINFO_EHDR: UInt64 = 33
public let AT_MINSIGSTKSZ: UInt64 = 51
