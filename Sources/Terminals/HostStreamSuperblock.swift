import LinuxABI
import VFS

/// Where the standard streams are: what statfs(2) tells of it is the least that can be said.
final class HostStreamSuperblock: Superblock {
    private let magic: Int64

    init(device: UInt64, magic: Int64) {
        self.magic = magic
        super.init(device: device)
    }

    override func status() throws(Errno) -> FileSystemStatus {
        var status = FileSystemStatus()
        status.type = UInt(magic)
        return status
    }
}
