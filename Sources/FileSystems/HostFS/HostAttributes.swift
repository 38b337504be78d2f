import KernelBase
import LinuxABI
import MonitorProtocol
import VFS

/// Attributes of a host file, as the monitor tells them.
struct HostAttributes {
    var number: UInt64 = 0
    /// The host's st_dev.
    var device: UInt64 = 0
    var mode: UInt32 = 0
    var links: UInt32 = 0
    var uid: UInt32 = 0
    var gid: UInt32 = 0
    var specialDevice: UInt64 = 0
    var size: Int = 0
    var blocks: Int = 0
    var blockSize: UInt32 = 4096
    var accessTime: FileTime = 0
    var modifyTime: FileTime = 0
    var changeTime: FileTime = 0
    var birthTime: FileTime = 0

    /// Decodes ``MonitorProtocol/Attributes`` at `offset`; nil if they are cut off.
    init?(_ bytes: Bytes, at offset: Int = 0) {
        guard offset >= 0, offset <= bytes.count &- Attributes.size else { return nil }
        number = bytes.load64(at: offset &+ Attributes.inode)
        device = bytes.load64(at: offset &+ Attributes.device)
        mode = bytes.load32(at: offset &+ Attributes.mode)
        links = bytes.load32(at: offset &+ Attributes.links)
        uid = bytes.load32(at: offset &+ Attributes.user)
        gid = bytes.load32(at: offset &+ Attributes.group)
        specialDevice = bytes.load64(at: offset &+ Attributes.specialDevice)
        size = Int(clamping: bytes.load64(at: offset &+ Attributes.length))
        blocks = Int(clamping: bytes.load64(at: offset &+ Attributes.blocks))
        blockSize = bytes.load32(at: offset &+ Attributes.blockSize)
        accessTime = HostAttributes.time(bytes, offset &+ Attributes.accessSeconds)
        modifyTime = HostAttributes.time(bytes, offset &+ Attributes.modifySeconds)
        changeTime = HostAttributes.time(bytes, offset &+ Attributes.changeSeconds)
        birthTime = HostAttributes.time(bytes, offset &+ Attributes.birthSeconds)
    }

    /// The attributes an inode has now.
    init(of inode: HostInode) {
        number = inode.number
        device = inode.hostDevice
        mode = inode.mode
        links = inode.linkCount
        uid = inode.uid
        gid = inode.gid
        specialDevice = inode.specialDevice
        size = inode.size
        blocks = inode.blocks
        blockSize = inode.blockSize
        accessTime = inode.accessTime
        modifyTime = inode.modifyTime
        changeTime = inode.changeTime
        birthTime = inode.birthTime
    }

    /// Seconds and nanoseconds as one number; times it cannot hold (before 1677, after 2262) are cut to its limits.
    private static func time(_ bytes: Bytes, _ offset: Int) -> FileTime {
        let seconds = Int64(bitPattern: bytes.load64(at: offset))
        let nanoseconds = Int64(bytes.load32(at: offset &+ 8) % 1_000_000_000)
        let (product, overflow1) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflow2) = product.addingReportingOverflow(nanoseconds)
        guard !overflow1, !overflow2 else { return seconds < 0 ? .min : .max }
        return sum
    }

    /// Seconds and nanoseconds of a time, as requests carry them.
    static func parts(_ time: FileTime) -> (seconds: UInt64, nanoseconds: UInt64) {
        var seconds = time / 1_000_000_000
        var rest = time % 1_000_000_000
        if rest < 0 {
            rest &+= 1_000_000_000
            seconds &-= 1
        }
        return (UInt64(bitPattern: seconds), UInt64(rest))
    }

    var type: UInt32 { mode & S_IFMT }
    var key: HostKey { HostKey(device: device, number: number) }
}

/// What tells host files apart.
struct HostKey: TableKey {
    var device: UInt64
    var number: UInt64
    @inline(__always)
    var tableHash: UInt { (UInt(number) ^ UInt(device) &* 0x9E37_79B9_7F4A_7C15).tableHash }
    @inline(__always)
    static func == (a: HostKey, b: HostKey) -> Bool { a.number == b.number && a.device == b.device }
}

/// One name of a listing.
struct ListedEntry {
    var name: Bytes
    /// Text of a symbolic link; empty if it is none or its text is not known.
    var target: Bytes
    var attributes: HostAttributes
    var cookie: UInt64

    /// Decodes the entries from `offset` on.
    /// - Returns: false if the answer is malformed.
    static func decode(_ bytes: Bytes, from offset: Int, _ body: (ListedEntry) -> Void) -> Bool {
        var position = offset
        while position < bytes.count {
            let length = Int(bytes.load32(at: position &+ ListEntry.entryLength))
            let nameLength = Int(bytes.load16(at: position &+ ListEntry.nameLength))
            let targetLength = Int(bytes.load16(at: position &+ ListEntry.targetLength))
            let used = ListEntry.name &+ nameLength &+ targetLength
            guard length >= used, length & 7 == 0, length <= bytes.count &- position,
                  let attributes = HostAttributes(bytes, at: position &+ ListEntry.attributes) else { return false }
            let start = position &+ ListEntry.name
            if nameLength > 0, nameLength <= 255 {
                body(ListedEntry(name: Bytes(bytes[start..<(start &+ nameLength)]),
                                 target: Bytes(bytes[(start &+ nameLength)..<(start &+ nameLength &+ targetLength)]),
                                 attributes: attributes, cookie: bytes.load64(at: position &+ ListEntry.cookie)))
            }
            position &+= length
        }
        return true
    }
}
