import KernelBase
import LinuxABI
import Machine

/// What opens a device: gets the node, where it is, the open flags, and who asks. May sleep.
public typealias DeviceOpener = (_ inode: Inode, _ path: Path, _ flags: UInt32, _ credentials: Credentials) throws(Errno) -> File

/// How the file systems reach the kernel objects behind special files, whose modules are above this one.
///
/// Each module puts its functions here at boot.
public final class SpecialFileHooks {
    /// Opens a FIFO, fifo(7); may sleep until there is a partner.
    public var openFIFO: ((_ inode: Inode, _ path: Path?, _ flags: UInt32) throws(Errno) -> File)?

    private struct Device {
        var major: UInt32
        /// Nil: all that have no entry of their own.
        var minor: UInt32?
        var open: DeviceOpener
    }
    private var devices: [Device] = []

    public init() {}

    /// Opens a FIFO by the function that was registered; `ENXIO` without one.
    public func open(fifo inode: Inode, _ path: Path?, flags: UInt32) throws(Errno) -> File {
        guard let openFIFO else { throw .ENXIO }
        return try openFIFO(inode, path, flags)
    }

    /// Registers a character device.
    /// - Parameter minor: nil for all minors of the major that are not registered themselves.
    public func register(major: UInt32, minor: UInt32?, _ open: @escaping DeviceOpener) {
        devices.removeAll { $0.major == major && $0.minor == minor }
        devices.append(Device(major: major, minor: minor, open: open))
    }

    /// Opens a device node by what is registered for its number; `ENXIO` without one.
    public func open(device inode: Inode, _ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        let major = DeviceNumber.major(inode.specialDevice), minor = DeviceNumber.minor(inode.specialDevice)
        for device in devices where device.major == major && device.minor == minor {
            return try device.open(inode, path, flags, credentials)
        }
        for device in devices where device.major == major && device.minor == nil {
            return try device.open(inode, path, flags, credentials)
        }
        throw .ENXIO
    }
}

public let specialFileHooks = Root<SpecialFileHooks>(10)

/// Device numbers as stat(2) and mknod(2) encode them, makedev(3).
public enum DeviceNumber {
    public static func make(_ major: UInt32, _ minor: UInt32) -> UInt64 {
        UInt64(minor & 0xff) | UInt64(major & 0xfff) << 8 | UInt64(minor & ~0xff) << 12 | UInt64(major & ~0xfff) << 32
    }
    public static func major(_ device: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: device >> 8 & 0xfff | device >> 32 & 0xffff_f000) }
    public static func minor(_ device: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: device & 0xff | device >> 12 & 0xffff_ff00) }
}

extension Inode {
    /// Opens what is the same in every file system: a directory, FIFO, device. Sockets are `ENXIO`. May sleep.
    public final func openSpecial(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        switch type {
        case S_IFDIR: return DirectoryFile(inode: self, path: path, flags: flags)
        case S_IFIFO: return try specialFileHooks.object.open(fifo: self, path, flags: flags)
        case S_IFCHR: return try specialFileHooks.object.open(device: self, path, flags: flags, credentials)
        case S_IFLNK: throw .ELOOP
        default: throw .ENXIO
        }
    }
}
