// MARK: - statmount(2): what is asked for, and told

public let STATMOUNT_SB_BASIC: UInt64 = 0x1
public let STATMOUNT_MNT_BASIC: UInt64 = 0x2
public let STATMOUNT_PROPAGATE_FROM: UInt64 = 0x4
public let STATMOUNT_MNT_ROOT: UInt64 = 0x8
public let STATMOUNT_MNT_POINT: UInt64 = 0x10
public let STATMOUNT_FS_TYPE: UInt64 = 0x20
public let STATMOUNT_MNT_NS_ID: UInt64 = 0x40
public let STATMOUNT_SB_SOURCE: UInt64 = 0x200
public let STATMOUNT_SUPPORTED_MASK: UInt64 = 0x1000

// MARK: - listmount(2)

/// Instead of a mount: the root of the caller.
public let LSMT_ROOT: UInt64 = .max
/// From the last to the first.
public let LISTMOUNT_REVERSE: UInt32 = 0x1
