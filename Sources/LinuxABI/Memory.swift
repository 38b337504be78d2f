// Constants of mmap(2) and the other calls on the address space.

// MARK: - mmap(2), mprotect(2): protection

public let PROT_NONE: UInt32 = 0x0
public let PROT_READ: UInt32 = 0x1
public let PROT_WRITE: UInt32 = 0x2
public let PROT_EXEC: UInt32 = 0x4
public let PROT_SEM: UInt32 = 0x8
public let PROT_GROWSDOWN: UInt32 = 0x0100_0000
public let PROT_GROWSUP: UInt32 = 0x0200_0000

// MARK: - mmap(2): flags

public let MAP_SHARED: UInt32 = 0x1
public let MAP_PRIVATE: UInt32 = 0x2
public let MAP_SHARED_VALIDATE: UInt32 = 0x3
/// The bits that hold the sharing type.
public let MAP_TYPE: UInt32 = 0xf
public let MAP_DROPPABLE: UInt32 = 0x8
public let MAP_FIXED: UInt32 = 0x10
public let MAP_ANONYMOUS: UInt32 = 0x20
public let MAP_32BIT: UInt32 = 0x40
public let MAP_ABOVE4G: UInt32 = 0x80
public let MAP_GROWSDOWN: UInt32 = 0x100
public let MAP_DENYWRITE: UInt32 = 0x800
public let MAP_EXECUTABLE: UInt32 = 0x1000
public let MAP_LOCKED: UInt32 = 0x2000
public let MAP_NORESERVE: UInt32 = 0x4000
public let MAP_POPULATE: UInt32 = 0x8000
public let MAP_NONBLOCK: UInt32 = 0x0001_0000
public let MAP_STACK: UInt32 = 0x0002_0000
public let MAP_HUGETLB: UInt32 = 0x0004_0000
public let MAP_SYNC: UInt32 = 0x0008_0000
public let MAP_FIXED_NOREPLACE: UInt32 = 0x0010_0000
public let MAP_UNINITIALIZED: UInt32 = 0x0400_0000

// MARK: - mmap(2): huge page size, encoded in the flags

public let MAP_HUGE_SHIFT: UInt32 = 26
public let MAP_HUGE_MASK: UInt32 = 63

// MARK: - mremap(2)

public let MREMAP_MAYMOVE: UInt32 = 0x1
public let MREMAP_FIXED: UInt32 = 0x2
public let MREMAP_DONTUNMAP: UInt32 = 0x4

// MARK: - madvise(2)

public let MADV_NORMAL: Int32 = 0
public let MADV_RANDOM: Int32 = 1
public let MADV_SEQUENTIAL: Int32 = 2
public let MADV_WILLNEED: Int32 = 3
public let MADV_DONTNEED: Int32 = 4
public let MADV_FREE: Int32 = 8
public let MADV_REMOVE: Int32 = 9
public let MADV_DONTFORK: Int32 = 10
public let MADV_DOFORK: Int32 = 11
public let MADV_MERGEABLE: Int32 = 12
public let MADV_UNMERGEABLE: Int32 = 13
public let MADV_HUGEPAGE: Int32 = 14
public let MADV_NOHUGEPAGE: Int32 = 15
public let MADV_DONTDUMP: Int32 = 16
public let MADV_DODUMP: Int32 = 17
public let MADV_WIPEONFORK: Int32 = 18
public let MADV_KEEPONFORK: Int32 = 19
public let MADV_COLD: Int32 = 20
public let MADV_PAGEOUT: Int32 = 21
public let MADV_POPULATE_READ: Int32 = 22
public let MADV_POPULATE_WRITE: Int32 = 23
public let MADV_DONTNEED_LOCKED: Int32 = 24
public let MADV_COLLAPSE: Int32 = 25
public let MADV_HWPOISON: Int32 = 100
public let MADV_SOFT_OFFLINE: Int32 = 101
public let MADV_GUARD_INSTALL: Int32 = 102
public let MADV_GUARD_REMOVE: Int32 = 103

// MARK: - msync(2)

public let MS_ASYNC: UInt32 = 0x1
public let MS_INVALIDATE: UInt32 = 0x2
public let MS_SYNC: UInt32 = 0x4

// MARK: - mlockall(2), mlock2(2)

public let MCL_CURRENT: UInt32 = 0x1
public let MCL_FUTURE: UInt32 = 0x2
public let MCL_ONFAULT: UInt32 = 0x4
public let MLOCK_ONFAULT: UInt32 = 0x1

// MARK: - pkey_alloc(2)

public let PKEY_DISABLE_ACCESS: UInt32 = 0x1
public let PKEY_DISABLE_WRITE: UInt32 = 0x2

// MARK: - mbind(2), set_mempolicy(2)

public let MPOL_DEFAULT: Int32 = 0
public let MPOL_PREFERRED: Int32 = 1
public let MPOL_BIND: Int32 = 2
public let MPOL_INTERLEAVE: Int32 = 3
public let MPOL_LOCAL: Int32 = 4
public let MPOL_PREFERRED_MANY: Int32 = 5

// MARK: - mbind(2), get_mempolicy(2): flags

public let MPOL_F_STATIC_NODES: UInt32 = 0x8000
public let MPOL_F_RELATIVE_NODES: UInt32 = 0x4000
public let MPOL_F_NUMA_BALANCING: UInt32 = 0x2000
public let MPOL_F_NODE: UInt32 = 0x1
public let MPOL_F_ADDR: UInt32 = 0x2
public let MPOL_F_MEMS_ALLOWED: UInt32 = 0x4
public let MPOL_MF_STRICT: UInt32 = 0x1
public let MPOL_MF_MOVE: UInt32 = 0x2
public let MPOL_MF_MOVE_ALL: UInt32 = 0x4

// MARK: - The address space

public let PAGE_SIZE: UInt64 = 4096
public let PAGE_SHIFT: UInt64 = 12
/// Clears the offset in the page.
public let PAGE_MASK: UInt64 = 0xffff_ffff_ffff_f000
/// End of the user half: the first address that is not valid.
public let TASK_SIZE: UInt64 = 0x7fff_ffff_f000
public let DEFAULT_MAP_WINDOW: UInt64 = 0x7fff_ffff_f000
/// Default of vm.mmap_min_addr.
public let MMAP_MIN_ADDR: UInt64 = 0x10000
/// Default of vm.max_map_count.
public let DEFAULT_MAX_MAP_COUNT: UInt64 = 65530
