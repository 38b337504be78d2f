/// Request slots: how the kernel asks the monitor for things on the host.
///
/// A thread takes a free slot (the kernel's own bookkeeping), fills header and data, sets
/// ``SlotHeader/state`` to ``SlotState/submitted`` with release order, rings ``Header/doorbell`` and sleeps on the state
/// word (shared futex) until it is ``SlotState/done``. The monitor copies the header once and answers in
/// ``SlotHeader/result``, ``SlotHeader/resultLength`` and the data area, sets `done` and wakes the word.
/// The kernel sets it back to `free`. Slots are served in no particular order, one at a time or several.
public enum Slot {
    @inlinable public static var count: Int { 64 }
    @inlinable public static var dataSize: Int { 0x1_0000 }
    /// Offset of slot `index`'s header in the arena.
    @inlinable public static func header(_ index: Int) -> Int { 0x67_0000 &+ index &* 0x100 }
    /// Offset of slot `index`'s data in the arena.
    @inlinable public static func data(_ index: Int) -> Int { 0x68_0000 &+ index &* 0x1_0000 }
}

/// Offsets in a slot's header (256 bytes).
public enum SlotHeader {
    /// u32: ``SlotState``.
    @inlinable public static var state: Int { 0x00 }
    /// u32: ``Operation``.
    @inlinable public static var operation: Int { 0x04 }
    /// u32: the handle the operation works on.
    @inlinable public static var handle: Int { 0x08 }
    /// u32 x 3: lengths of up to three byte strings that lie one after the other at the start of the data,
    /// without padding or NUL.
    @inlinable public static var lengths: Int { 0x10 }
    /// u64 x 6.
    @inlinable public static var arguments: Int { 0x20 }
    /// i64: 0 or more, or the negated errno.
    @inlinable public static var result: Int { 0x50 }
    /// u32: bytes of the answer at the start of the data.
    @inlinable public static var resultLength: Int { 0x58 }
}

/// Values of ``SlotHeader/state``.
public enum SlotState {
    @inlinable public static var free: UInt32 { 0 }
    @inlinable public static var submitted: UInt32 { 1 }
    @inlinable public static var done: UInt32 { 2 }
}

/// Operations on shared host directories.
///
/// `name` is string 0: one path component (1...255 bytes, no `/`, no NUL, not `.` or `..`). Where it says "name?" an
/// empty name means the object behind the handle itself. Symbolic links are never followed. Operations
/// marked `rw` answer EROFS on mounts that are not `rw`.
public enum Operation: UInt32, Sendable {
    /// name; arg0 = ``LookupFlags``. Answer: attributes, then the target of a symbolic link;
    /// result = a new handle for a directory (or, if asked for, any object), else 0.
    case lookup = 1
    /// arg0 = cookie (0 = from the start). Answer: entries (``ListEntry``) without `.` and `..`; result = how many, 0 at
    /// the end. The last entry's cookie continues the listing.
    case list = 2
    /// name?. Answer: attributes.
    case getAttributes = 3
    /// name?; arg0 = access mode (0 read, 1 write, 2 read and write: rw); arg1 = 1: for appending (O_APPEND). Regular files only (else ENXIO; a directory EISDIR;
    /// a symbolic link ELOOP). The descriptor comes by the socket with this slot's number (``Passed``) before the
    /// slot is done. Answer: attributes of the file that was opened.
    case open = 4
    /// name?. Answer: the target; result = its length.
    case readLink = 5
    /// Answer: ``FileSystemStatus``.
    case statFileSystem = 6
    /// Gives the handle back. Mount roots cannot be given back.
    case forget = 7
    /// name?; arg0...arg3 = handles to be given back first, 0 for none (they are, even if the rest fails). Looks a directory
    /// up and begins to list it. Answer: ``EnterAnswer``; result = a new handle, 0 if the name is empty.
    case enter = 8

    /// rw. name; arg0 = mode, arg1 = flags (bit 0: fail with EEXIST; otherwise an existing regular file is opened). Creates a
    /// regular file, opens it for reading and writing and passes the descriptor as `open` does. Answer: attributes.
    case create = 16
    /// rw. name; arg0 = mode. Answer: attributes; result = a new handle.
    case makeDirectory = 17
    /// rw. name, target. Answer: attributes.
    case symbolicLink = 18
    /// rw. source name? of `handle`; arg0 = handle of the new name's directory; string 1 = new name. Answer: attributes.
    case link = 19
    /// rw. name.
    case unlink = 20
    /// rw. name.
    case removeDirectory = 21
    /// rw. name; arg0 = handle of the new name's directory; arg1 = flags of renameat2(2) (NOREPLACE, EXCHANGE); string 1 = new name.
    case rename = 22
    /// rw. name?; arg0 = mode. Answer: attributes.
    case changeMode = 23
    /// rw. name?; arg0 = uid, arg1 = gid (0xFFFF_FFFF: unchanged). Answer: attributes.
    case changeOwner = 24
    /// rw. name?; arg0, arg1 = access time s, ns; arg2, arg3 = modification time s, ns; ns may be UTIME_NOW, UTIME_OMIT. Answer: attributes.
    case setTimes = 25
    /// rw. name?; arg0 = new length. Answer: attributes.
    case truncate = 26
    /// rw. name; arg0 = type and mode: S_IFIFO or S_IFSOCK and the permissions. Answer: attributes.
    ///
    /// On the host these are names with nothing behind them: the sandbox's pipe or socket is in its own kernel.
    case makeSpecial = 27

    /// name?; string 1 = attribute name. Answer: the value; result = its length. `user.*` only (else EOPNOTSUPP).
    case getExtendedAttribute = 32
    /// name?. Answer: names, each ended by NUL; result = their length.
    case listExtendedAttributes = 33
    /// rw. name?; string 1 = attribute name, string 2 = value; arg0 = flags of setxattr(2).
    case setExtendedAttribute = 34
    /// rw. name?; string 1 = attribute name.
    case removeExtendedAttribute = 35
    /// rw. `handle` (directory or file): flushed to the disk, for fsync(2) of directories.
    case synchronize = 36
}

/// Answer of ``Operation/enter``: offsets.
public enum EnterAnswer {
    /// ``Attributes`` of the directory, taken before the listing.
    @inlinable public static var attributes: Int { 0 }
    /// u64: cookie with which ``Operation/list`` continues; 0: the listing is complete.
    @inlinable public static var cookie: Int { 128 }
    /// The first entries (``ListEntry``), without `.` and `..`.
    @inlinable public static var entries: Int { 136 }
}

/// Flags of ``Operation/lookup``.
public enum LookupFlags {
    /// Make a handle whatever the type, for objects that must stay reachable after unlink(2).
    @inlinable public static var handle: UInt64 { 1 }
}

/// Attributes of a file: offsets in a record of ``Attributes/size`` bytes. Ids are those of the host.
public enum Attributes {
    /// u64
    @inlinable public static var inode: Int { 0 }
    /// u64: st_dev, in the encoding of stat(2); it changes where the host has a mount.
    @inlinable public static var device: Int { 8 }
    /// u32: type and permissions.
    @inlinable public static var mode: Int { 16 }
    /// u32
    @inlinable public static var links: Int { 20 }
    /// u32
    @inlinable public static var user: Int { 24 }
    /// u32
    @inlinable public static var group: Int { 28 }
    /// u64: st_rdev of device nodes.
    @inlinable public static var specialDevice: Int { 32 }
    /// u64: bytes.
    @inlinable public static var length: Int { 40 }
    /// u64: units of 512 bytes.
    @inlinable public static var blocks: Int { 48 }
    /// u32
    @inlinable public static var blockSize: Int { 56 }
    /// i64 seconds, u32 nanoseconds
    @inlinable public static var accessSeconds: Int { 64 }
    @inlinable public static var accessNanoseconds: Int { 72 }
    @inlinable public static var modifySeconds: Int { 80 }
    @inlinable public static var modifyNanoseconds: Int { 88 }
    @inlinable public static var changeSeconds: Int { 96 }
    @inlinable public static var changeNanoseconds: Int { 104 }
    /// 0 when the file system keeps none.
    @inlinable public static var birthSeconds: Int { 112 }
    @inlinable public static var birthNanoseconds: Int { 120 }
    @inlinable public static var size: Int { 128 }
}

/// One entry of ``Operation/list``: offsets from its start.
public enum ListEntry {
    /// u32: bytes to the next entry; a multiple of 8.
    @inlinable public static var entryLength: Int { 0 }
    /// u16
    @inlinable public static var nameLength: Int { 4 }
    /// u16: target of a symbolic link; 0 when it is not one, or its target did not fit (use `readLink`).
    @inlinable public static var targetLength: Int { 6 }
    /// u64: cookie to continue after this entry.
    @inlinable public static var cookie: Int { 8 }
    /// ``Attributes``; mode 0 when they could not be read (ask again with `lookup`).
    @inlinable public static var attributes: Int { 16 }
    /// The name, then at once the target.
    @inlinable public static var name: Int { 144 }
}

/// Answer of ``Operation/statFileSystem``: u64 each, as in statfs(2).
public enum FileSystemStatus {
    @inlinable public static var type: Int { 0 }
    @inlinable public static var blockSize: Int { 8 }
    @inlinable public static var blocks: Int { 16 }
    @inlinable public static var blocksFree: Int { 24 }
    @inlinable public static var blocksAvailable: Int { 32 }
    @inlinable public static var files: Int { 40 }
    @inlinable public static var filesFree: Int { 48 }
    @inlinable public static var nameLength: Int { 56 }
    @inlinable public static var fragmentSize: Int { 64 }
    @inlinable public static var flags: Int { 72 }
    @inlinable public static var size: Int { 80 }
}

/// Messages on the descriptor socket: 8 bytes, u32 kind and u32 number, with one descriptor (SCM_RIGHTS).
public enum Passed {
    /// Standard descriptor `number` is the file passed; these come first, in order, before the image starts.
    @inlinable public static var stdio: UInt32 { 1 }
    /// The answer to the request in slot `number`.
    @inlinable public static var slot: UInt32 { 2 }
    @inlinable public static var messageLength: Int { 8 }
}
