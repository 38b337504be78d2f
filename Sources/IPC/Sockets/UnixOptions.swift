import KernelBase
import LinuxABI
import Machine
import VFS

/// The options of a socket that are more than a remembered number, socket(7).
struct UnixOptions {
    var sendBuffer = 212_992
    var receiveBuffer = 212_992
    /// Nanoseconds; `.max` for none.
    var sendTimeout: UInt64 = .max
    var receiveTimeout: UInt64 = .max
    var lowWater = 1
    var passesCredentials = false
    /// SO_PASSPIDFD: a descriptor of the sender's process comes with each message.
    var passesPidFD = false
    /// SO_PASSRIGHTS: whether descriptors may be sent to this socket.
    var passesRights = true
    /// Whether it matters who sends.
    var wantsSender: Bool { passesCredentials || passesPidFD }
    /// -1: off.
    var peekOffset = -1
    var lingers = false
    var lingerTime: Int32 = 0
    /// Options that are only remembered, by number. Few sockets set any.
    var remembered = HashTable<Int32, Int32>()
}

extension UnixSocket {
    /// /proc/sys/net/core/wmem_max and rmem_max.
    private static var maximalBuffer: Int32 { 4 << 20 }

    /// Options that are 0 or 1 and have no effect here.
    private static func isSwitch(_ name: Int32) -> Bool {
        switch name {
        case SO_DEBUG, SO_REUSEADDR, SO_DONTROUTE, SO_BROADCAST, SO_KEEPALIVE, SO_OOBINLINE, SO_NO_CHECK, SO_TIMESTAMP,
             SO_TIMESTAMPNS, SO_TIMESTAMP_NEW, SO_TIMESTAMPNS_NEW, SO_RXQ_OVFL, SO_NOFCS, SO_PASSSEC, SO_LOCK_FILTER, 41, 45: true
        default: false
        }
    }

    private func number(_ value: Int32) -> Bytes {
        let bits = UInt32(bitPattern: value)
        return [UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits &>> 8),
                UInt8(truncatingIfNeeded: bits &>> 16), UInt8(truncatingIfNeeded: bits &>> 24)]
    }
    private func number(_ value: Bool) -> Bytes { number(value ? Int32(1) : 0) }
    private func wide(_ value: UInt64) -> Bytes {
        number(Int32(truncatingIfNeeded: value)) + number(Int32(truncatingIfNeeded: value &>> 32))
    }

    private func time(_ timeout: UInt64) -> Bytes {
        guard timeout != .max else { return wide(0) + wide(0) }
        return wide(timeout / 1_000_000_000) + wide(timeout % 1_000_000_000 / 1000)
    }

    func optionValue(_ level: Int32, _ name: Int32) throws(Errno) -> Bytes {
        guard level == SOL_SOCKET else { throw .EOPNOTSUPP }
        if UnixSocket.isSwitch(name) { return number(options.remembered[name] ?? 0) }
        switch name {
        case SO_TYPE: return number(Int32(truncatingIfNeeded: type))
        case SO_DOMAIN: return number(domain)
        case SO_PROTOCOL: return number(socketProtocol)
        case SO_ERROR: return number(takeError()?.rawValue ?? 0)
        case SO_ACCEPTCONN: return number(state == .listening)
        case SO_SNDBUF: return number(Int32(truncatingIfNeeded: options.sendBuffer))
        case SO_RCVBUF: return number(Int32(truncatingIfNeeded: options.receiveBuffer))
        case SO_SNDTIMEO, SO_SNDTIMEO_NEW: return time(options.sendTimeout)
        case SO_RCVTIMEO, SO_RCVTIMEO_NEW: return time(options.receiveTimeout)
        case SO_RCVLOWAT: return number(Int32(truncatingIfNeeded: options.lowWater))
        case SO_SNDLOWAT: return number(Int32(1))
        case SO_PASSCRED: return number(options.passesCredentials)
        case SO_PASSPIDFD: return number(options.passesPidFD)
        case SO_PASSRIGHTS: return number(options.passesRights)
        case SO_PEEK_OFF: return number(Int32(truncatingIfNeeded: options.peekOffset))
        case SO_LINGER: return number(options.lingers) + number(options.lingerTime)
        case SO_PEERCRED:
            return number(peerCredentials.pid) + number(Int32(bitPattern: peerCredentials.uid)) + number(Int32(bitPattern: peerCredentials.gid))
        case SO_PEERGROUPS:
            guard peerCredentials != .none else { throw .ENODATA }
            var result: Bytes = []
            for group in peerGroups { result.append(contentsOf: number(Int32(bitPattern: group))) }
            return result
        case SO_PEERNAME:
            // What getpeername(2) gives; Linux too refuses it without a name.
            return try peerName()
        case SO_COOKIE: return wide(inode.number)
        case SO_INCOMING_CPU: return number(Int32(-1))
        case SO_BPF_EXTENSIONS: return number(Int32(64))
        case SO_MAX_PACING_RATE: return wide(.max)
        case SO_TXTIME: return wide(0)
        case SO_MEMINFO:
            // Bytes waiting and how many may, sent and how many may; what only protocols of networks have.
            var result = number(Int32(0)) + number(Int32(truncatingIfNeeded: options.receiveBuffer))
            result += number(Int32(truncatingIfNeeded: writeMemory)) + number(Int32(truncatingIfNeeded: options.sendBuffer))
            return result + Bytes(repeating: 0, count: 20)
        case SO_TXREHASH: throw .EOPNOTSUPP
        case SO_INCOMING_NAPI_ID, SO_BINDTOIFINDEX, SO_PREFER_BUSY_POLL, SO_BUF_LOCK, SO_RESERVE_MEM, SO_RCVMARK, SO_RCVPRIORITY:
            return number(options.remembered[name] ?? 0)
        case SO_BINDTODEVICE, SO_ATTACH_FILTER: return []
        case SO_PRIORITY, SO_MARK, SO_BUSY_POLL, SO_BSDCOMPAT, SO_REUSEPORT, SO_ZEROCOPY: return number(options.remembered[name] ?? 0)
        case SO_TIMESTAMPING, SO_TIMESTAMPING_NEW: return wide(0)
        default: throw .ENOPROTOOPT
        }
    }

    func changeOption(_ level: Int32, _ name: Int32, _ value: Bytes) throws(Errno) {
        guard level == SOL_SOCKET else { throw .EOPNOTSUPP }
        if name == SO_BINDTODEVICE {
            guard value.isEmpty || value[0] == 0 else { throw .ENODEV }
            return
        }
        guard value.count >= 4 else { throw .EINVAL }
        let bits = UInt32(value[0]) | UInt32(value[1]) << 8 | UInt32(value[2]) << 16 | UInt32(value[3]) << 24
        let wanted = Int32(bitPattern: bits)
        if UnixSocket.isSwitch(name) {
            if name == SO_DEBUG, wanted != 0, !IPCState.shared.caller.credentials().has(Int(CAP_NET_ADMIN)) { throw .EACCES }
            options.remembered[name] = wanted != 0 ? 1 : 0
            return
        }
        switch name {
        case SO_TYPE, SO_DOMAIN, SO_PROTOCOL, SO_ERROR, SO_ACCEPTCONN, SO_SNDLOWAT, SO_PEERCRED, SO_PEERGROUPS, SO_PEERNAME,
             SO_COOKIE, SO_PEERSEC, SO_PEERPIDFD:
            throw .ENOPROTOOPT
        case SO_SNDBUF, SO_SNDBUFFORCE:
            if name == SO_SNDBUFFORCE { try requireAdministrator() }
            options.sendBuffer = bufferSize(bits, isForced: name == SO_SNDBUFFORCE, least: 4608)
            roomCame()
        case SO_RCVBUF, SO_RCVBUFFORCE:
            if name == SO_RCVBUFFORCE { try requireAdministrator() }
            options.receiveBuffer = bufferSize(bits, isForced: name == SO_RCVBUFFORCE, least: 2304)
        case SO_SNDTIMEO, SO_SNDTIMEO_NEW: options.sendTimeout = try timeout(value)
        case SO_RCVTIMEO, SO_RCVTIMEO_NEW: options.receiveTimeout = try timeout(value)
        case SO_RCVLOWAT: options.lowWater = wanted < 0 ? Int(Int32.max) : max(1, Int(wanted))
        case SO_PASSCRED: options.passesCredentials = wanted != 0
        case SO_PASSPIDFD: options.passesPidFD = wanted != 0
        case SO_PASSRIGHTS: options.passesRights = wanted != 0
        case SO_PEEK_OFF: options.peekOffset = max(-1, Int(wanted))
        case SO_LINGER:
            guard value.count >= 8 else { throw .EINVAL }
            options.lingers = wanted != 0
            if wanted != 0 {
                options.lingerTime = Int32(bitPattern: UInt32(value[4]) | UInt32(value[5]) << 8 | UInt32(value[6]) << 16 | UInt32(value[7]) << 24)
            }
        case SO_PRIORITY:
            guard (wanted >= 0 && wanted <= 6) || IPCState.shared.caller.credentials().has(Int(CAP_NET_ADMIN)) else { throw .EPERM }
            options.remembered[name] = wanted
        case SO_MARK:
            try requireAdministrator()
            options.remembered[name] = wanted
        case SO_BUSY_POLL:
            guard wanted >= 0 else { throw .EINVAL }
            options.remembered[name] = wanted
        case SO_RCVMARK, SO_RCVPRIORITY:
            let own = IPCState.shared.caller.credentials()
            guard own.has(Int(CAP_NET_RAW)) || own.has(Int(CAP_NET_ADMIN)) else { throw .EPERM }
            options.remembered[name] = wanted != 0 ? 1 : 0
        case SO_PREFER_BUSY_POLL:
            if wanted != 0 { try requireAdministrator() }
            options.remembered[name] = wanted != 0 ? 1 : 0
        case SO_BUF_LOCK:
            guard wanted & ~3 == 0 else { throw .EINVAL }
            options.remembered[name] = wanted
        case SO_TXREHASH: throw .EOPNOTSUPP
        case SO_BSDCOMPAT, SO_INCOMING_CPU: break
        case SO_REUSEPORT, SO_ZEROCOPY:
            if wanted != 0 { throw .EOPNOTSUPP }
        case SO_TIMESTAMPING, SO_TIMESTAMPING_NEW:
            if wanted != 0 { throw .EINVAL }
        case SO_ATTACH_FILTER: throw .EINVAL
        case SO_DETACH_FILTER: throw .ENOENT
        default: throw .ENOPROTOOPT
        }
    }

    private func requireAdministrator() throws(Errno) {
        guard IPCState.shared.caller.credentials().has(Int(CAP_NET_ADMIN)) else { throw .EPERM }
    }

    /// Linux doubles what is asked for, to make room for its own structures.
    private func bufferSize(_ bits: UInt32, isForced: Bool, least: Int) -> Int {
        let wanted = isForced ? Int(max(0, Int32(bitPattern: bits))) : Int(min(bits, UInt32(UnixSocket.maximalBuffer)))
        return max(min(wanted, Int(Int32.max / 2)) &* 2, least)
    }

    /// A struct timeval as nanoseconds.
    /// - Throws: `EINVAL` if it is too short, `EDOM` for impossible microseconds.
    private func timeout(_ value: Bytes) throws(Errno) -> UInt64 {
        guard value.count >= 16 else { throw .EINVAL }
        var seconds: UInt64 = 0, micros: UInt64 = 0
        for index in 0..<8 {
            seconds |= UInt64(value[index]) << UInt64(index * 8)
            micros |= UInt64(value[8 + index]) << UInt64(index * 8)
        }
        guard micros < 1_000_000 else { throw .EDOM }
        if Int64(bitPattern: seconds) < 0 { return 0 }
        if seconds == 0, micros == 0 { return .max }
        guard seconds < 1 << 32 else { return .max }
        return seconds &* 1_000_000_000 &+ micros &* 1000
    }
}
