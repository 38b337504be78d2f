import LinuxABI
import Machine

/// How the file systems reach the kernel objects behind special files, whose modules are above this one.
///
/// Each module puts its functions here at boot.
public final class SpecialFileHooks {
    /// Opens a FIFO, fifo(7); may sleep until there is a partner.
    public var openFIFO: ((_ inode: Inode, _ path: Path?, _ flags: UInt32) throws(Errno) -> File)?

    public init() {}

    /// Opens a FIFO by the function that was registered; `ENXIO` without one.
    public func open(fifo inode: Inode, _ path: Path?, flags: UInt32) throws(Errno) -> File {
        guard let openFIFO else { throw .ENXIO }
        return try openFIFO(inode, path, flags)
    }
}

public let specialFileHooks = Root<SpecialFileHooks>(10)
