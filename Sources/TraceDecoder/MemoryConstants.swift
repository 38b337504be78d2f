// Names of constants, as traces show them: memory and System V IPC. The numbers are those of LinuxABI.

import LinuxABI

extension Constants {
    /// PROT_*.
    static let mmapProt = Constants([
        .init("PROT_READ", PROT_READ), .init("PROT_WRITE", PROT_WRITE), .init("PROT_EXEC", PROT_EXEC), .init("PROT_SEM", PROT_SEM),
        .init("PROT_GROWSDOWN", PROT_GROWSDOWN), .init("PROT_GROWSUP", PROT_GROWSUP),
    ])
    /// MAP_*, without the sharing type.
    static let mmapFlags = Constants([
        .init("MAP_FIXED", MAP_FIXED), .init("MAP_ANONYMOUS", MAP_ANONYMOUS), .init("MAP_32BIT", MAP_32BIT), .init("MAP_ABOVE4G", MAP_ABOVE4G),
        .init("MAP_GROWSDOWN", MAP_GROWSDOWN), .init("MAP_DENYWRITE", MAP_DENYWRITE), .init("MAP_EXECUTABLE", MAP_EXECUTABLE),
        .init("MAP_LOCKED", MAP_LOCKED), .init("MAP_NORESERVE", MAP_NORESERVE), .init("MAP_POPULATE", MAP_POPULATE),
        .init("MAP_NONBLOCK", MAP_NONBLOCK), .init("MAP_STACK", MAP_STACK), .init("MAP_HUGETLB", MAP_HUGETLB), .init("MAP_SYNC", MAP_SYNC),
        .init("MAP_FIXED_NOREPLACE", MAP_FIXED_NOREPLACE), .init("MAP_UNINITIALIZED", MAP_UNINITIALIZED),
    ])
    /// The sharing type of MAP_*.
    static let mmapType = Constants([
        .init("MAP_SHARED", MAP_SHARED), .init("MAP_PRIVATE", MAP_PRIVATE), .init("MAP_SHARED_VALIDATE", MAP_SHARED_VALIDATE),
        .init("MAP_DROPPABLE", MAP_DROPPABLE),
    ])
    /// MREMAP_*.
    static let mremapFlags = Constants([
        .init("MREMAP_MAYMOVE", MREMAP_MAYMOVE), .init("MREMAP_FIXED", MREMAP_FIXED), .init("MREMAP_DONTUNMAP", MREMAP_DONTUNMAP),
    ])
    /// MS_* of msync(2).
    static let msyncFlags = Constants([
        .init("MS_ASYNC", MS_ASYNC), .init("MS_INVALIDATE", MS_INVALIDATE), .init("MS_SYNC", MS_SYNC),
    ])
    /// MADV_*.
    static let madvise = Constants([
        .init("MADV_NORMAL", MADV_NORMAL), .init("MADV_RANDOM", MADV_RANDOM), .init("MADV_SEQUENTIAL", MADV_SEQUENTIAL),
        .init("MADV_WILLNEED", MADV_WILLNEED), .init("MADV_DONTNEED", MADV_DONTNEED), .init("MADV_FREE", MADV_FREE),
        .init("MADV_REMOVE", MADV_REMOVE), .init("MADV_DONTFORK", MADV_DONTFORK), .init("MADV_DOFORK", MADV_DOFORK),
        .init("MADV_MERGEABLE", MADV_MERGEABLE), .init("MADV_UNMERGEABLE", MADV_UNMERGEABLE), .init("MADV_HUGEPAGE", MADV_HUGEPAGE),
        .init("MADV_NOHUGEPAGE", MADV_NOHUGEPAGE), .init("MADV_DONTDUMP", MADV_DONTDUMP), .init("MADV_DODUMP", MADV_DODUMP),
        .init("MADV_WIPEONFORK", MADV_WIPEONFORK), .init("MADV_KEEPONFORK", MADV_KEEPONFORK), .init("MADV_COLD", MADV_COLD),
        .init("MADV_PAGEOUT", MADV_PAGEOUT), .init("MADV_POPULATE_READ", MADV_POPULATE_READ), .init("MADV_POPULATE_WRITE", MADV_POPULATE_WRITE),
        .init("MADV_DONTNEED_LOCKED", MADV_DONTNEED_LOCKED), .init("MADV_COLLAPSE", MADV_COLLAPSE), .init("MADV_HWPOISON", MADV_HWPOISON),
        .init("MADV_SOFT_OFFLINE", MADV_SOFT_OFFLINE), .init("MADV_GUARD_INSTALL", MADV_GUARD_INSTALL), .init("MADV_GUARD_REMOVE", MADV_GUARD_REMOVE),
    ])
    /// MCL_*.
    static let mlockallFlags = Constants([
        .init("MCL_CURRENT", MCL_CURRENT), .init("MCL_FUTURE", MCL_FUTURE), .init("MCL_ONFAULT", MCL_ONFAULT),
    ])
    /// IPC_*.
    static let ipcFlags = Constants([
        .init("IPC_CREAT", IPC_CREAT), .init("IPC_EXCL", IPC_EXCL), .init("IPC_NOWAIT", IPC_NOWAIT),
    ])
    /// IPC_STAT and others.
    static let ipcCommand = Constants([
        .init("IPC_RMID", IPC_RMID), .init("IPC_SET", IPC_SET), .init("IPC_STAT", IPC_STAT), .init("IPC_INFO", IPC_INFO), .init("MSG_STAT", MSG_STAT),
        .init("MSG_INFO", MSG_INFO), .init("GETPID", GETPID), .init("GETVAL", GETVAL), .init("GETALL", GETALL), .init("GETNCNT", GETNCNT),
        .init("GETZCNT", GETZCNT), .init("SETVAL", SETVAL), .init("SETALL", SETALL), .init("SEM_STAT", SEM_STAT), .init("SEM_INFO", SEM_INFO),
        .init("SEM_STAT_ANY", SEM_STAT_ANY),
    ])
}
