import KernelBase
import LinuxABI
import VFS

/// The part of a share that lies on one file system of the host.
final class HostSuperblock: Superblock {
    // Superblocks live as long as the sandbox, so that they refer to their share makes no harm.
    private let share: HostShare
    /// The host's st_dev.
    let hostDevice: UInt64
    /// A directory on it, by which it is asked about.
    var sample: HostDirectory?

    init(_ share: HostShare, hostDevice: UInt64, device: UInt64) {
        self.share = share
        self.hostDevice = hostDevice
        super.init(device: device)
        isReadOnly = !share.isWritable
        needsRevalidation = share.isWritable
    }

    override var typeName: StaticString { "hostfs" }

    override func status() throws(Errno) -> FileSystemStatus {
        let bytes: Bytes
        if let sample { bytes = try sample.fileSystemStatus() } else { bytes = try share.fileSystemStatus() }
        var status = FileSystemStatus()
        status.type = UInt(bytes.load64(at: 0))
        status.blockSize = UInt(bytes.load64(at: 8))
        status.blocks = UInt(bytes.load64(at: 16))
        status.blocksFree = UInt(bytes.load64(at: 24))
        status.blocksAvailable = UInt(bytes.load64(at: 32))
        status.files = UInt(bytes.load64(at: 40))
        status.filesFree = UInt(bytes.load64(at: 48))
        status.nameLength = UInt(bytes.load64(at: 56))
        status.fragmentSize = UInt(bytes.load64(at: 64))
        status.flags = UInt(bytes.load64(at: 72))
        return status
    }

    /// A remembered name of a writable share is compared with the directory's table, which is fresh enough or made so.
    override func revalidate(_ name: Bytes, in directory: Inode, _ inode: Inode?) throws(Errno) -> Bool {
        guard let directory = directory as? HostDirectory else { return true }
        return try directory.stillStands(name, for: inode)
    }
}
