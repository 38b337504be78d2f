// Constants of futex(2), of the robust list and of the newer futex calls.

// MARK: - futex(2): operations

public let FUTEX_WAIT: UInt32 = 0x0
public let FUTEX_WAKE: UInt32 = 0x1
public let FUTEX_FD: UInt32 = 0x2
public let FUTEX_REQUEUE: UInt32 = 0x3
public let FUTEX_CMP_REQUEUE: UInt32 = 0x4
public let FUTEX_WAKE_OP: UInt32 = 0x5
public let FUTEX_LOCK_PI: UInt32 = 0x6
public let FUTEX_UNLOCK_PI: UInt32 = 0x7
public let FUTEX_TRYLOCK_PI: UInt32 = 0x8
public let FUTEX_WAIT_BITSET: UInt32 = 0x9
public let FUTEX_WAKE_BITSET: UInt32 = 0xa
public let FUTEX_WAIT_REQUEUE_PI: UInt32 = 0xb
public let FUTEX_CMP_REQUEUE_PI: UInt32 = 0xc
public let FUTEX_LOCK_PI2: UInt32 = 0xd
public let FUTEX_PRIVATE_FLAG: UInt32 = 0x80
public let FUTEX_CLOCK_REALTIME: UInt32 = 0x100
/// Clears the two flags from the operation.
public let FUTEX_CMD_MASK: UInt32 = 0xffff_fe7f

// MARK: - futex(2): bits of a PI or robust futex word

public let FUTEX_WAITERS: UInt32 = 0x8000_0000
public let FUTEX_OWNER_DIED: UInt32 = 0x4000_0000
public let FUTEX_TID_MASK: UInt32 = 0x3fff_ffff
public let FUTEX_BITSET_MATCH_ANY: UInt32 = 0xffff_ffff

// MARK: - set_robust_list(2)

/// Entries walked at most when a task exits.
public let ROBUST_LIST_LIMIT: Int = 2048

// MARK: - FUTEX_WAKE_OP

public let FUTEX_OP_SET: UInt32 = 0
public let FUTEX_OP_ADD: UInt32 = 1
public let FUTEX_OP_OR: UInt32 = 2
public let FUTEX_OP_ANDN: UInt32 = 3
public let FUTEX_OP_XOR: UInt32 = 4
public let FUTEX_OP_OPARG_SHIFT: UInt32 = 8
public let FUTEX_OP_CMP_EQ: UInt32 = 0
public let FUTEX_OP_CMP_NE: UInt32 = 1
public let FUTEX_OP_CMP_LT: UInt32 = 2
public let FUTEX_OP_CMP_LE: UInt32 = 3
public let FUTEX_OP_CMP_GT: UInt32 = 4
public let FUTEX_OP_CMP_GE: UInt32 = 5

// MARK: - futex_waitv(2), futex_wait(2), futex_wake(2)

public let FUTEX2_SIZE_U8: UInt32 = 0x0
public let FUTEX2_SIZE_U16: UInt32 = 0x1
public let FUTEX2_SIZE_U32: UInt32 = 0x2
public let FUTEX2_SIZE_U64: UInt32 = 0x3
public let FUTEX2_SIZE_MASK: UInt32 = 0x3
public let FUTEX2_NUMA: UInt32 = 0x4
public let FUTEX2_MPOL: UInt32 = 0x8
public let FUTEX2_PRIVATE: UInt32 = 0x80
public let FUTEX_32: UInt32 = 0x2
public let FUTEX_WAITV_MAX: UInt32 = 0x80
