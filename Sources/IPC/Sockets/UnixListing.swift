import KernelBase
import LinuxABI
import VFS

/// The lines of /proc/net/unix, proc_pid_net(5), collected from the files of all processes.
public struct UnixListing {
    public private(set) var text = Bytes("Num       RefCount Protocol Flags    Type St Inode Path\n")
    private let stamp: UInt

    public init() {
        IPCState.shared.lastListing &+= 1
        stamp = IPCState.shared.lastListing
    }

    /// Adds a socket, and the connections that wait in it; any other file, or one that is there already, is left out.
    public mutating func add(_ file: File) {
        guard let socket = file as? UnixSocket, socket.listing != stamp else { return }
        socket.listing = stamp
        append(socket, hasFile: true)
        for connection in socket.pending where connection.listing != stamp {
            connection.listing = stamp
            append(connection, hasFile: false)
        }
    }

    private mutating func append(_ socket: UnixSocket, hasFile: Bool) {
        // Addresses in the kernel are nobody's business.
        text.append("0000000000000000: ")
        hexadecimal(socket.peer == nil ? 2 : 3, width: 8)
        hexadecimal(0, width: 8)
        hexadecimal(socket.state == .listening ? 0x10000 : 0, width: 8)
        hexadecimal(UInt(socket.type), width: 4)
        let isConnected = socket.isConnectionOriented ? socket.state == .established : socket.peer != nil
        // SS_CONNECTED, SS_UNCONNECTED; SS_CONNECTING for what nobody has accepted.
        hexadecimal(hasFile ? isConnected ? 3 : 1 : 2, width: 2)
        var number: Bytes = []
        number.append(decimal: hasFile ? UInt(socket.inode.number) : 0)
        var blanks = 5 &- number.count
        while blanks > 0 {
            text.append(" ")
            blanks &-= 1
        }
        text.append(contentsOf: number)
        if let address = socket.address, address.count > 2 { appendName(address) }
        text.append("\n")
    }

    private mutating func hexadecimal(_ value: UInt, width: Int) {
        // In capitals.
        var digits: Bytes = []
        digits.append(hex: value, width: width)
        for digit in digits { text.append(digit >= UInt8(ascii: "a") ? digit &- 32 : digit) }
        text.append(" ")
    }

    /// A path without its final zero, or an abstract name, whose zeros are shown as `@`.
    private mutating func appendName(_ address: Bytes) {
        text.append(" ")
        let isAbstract = address[2] == 0
        var end = address.count
        if !isAbstract, let zero = address[2...].firstIndex(of: 0) { end = zero }
        for index in 2..<end { text.append(address[index] == 0 ? UInt8(ascii: "@") : address[index]) }
    }
}
