// Constants of the socket calls.

// MARK: - Address families, socket(2)

public let AF_UNSPEC: Int32 = 0
public let AF_UNIX: Int32 = 1
public let AF_INET: Int32 = 2
public let AF_INET6: Int32 = 10
public let AF_NETLINK: Int32 = 16
public let AF_PACKET: Int32 = 17
public let AF_ALG: Int32 = 38
public let AF_VSOCK: Int32 = 40
public let AF_MAX: Int32 = 46

// MARK: - Socket types and flags, socket(2)

public let SOCK_STREAM: UInt32 = 0x1
public let SOCK_DGRAM: UInt32 = 0x2
public let SOCK_RAW: UInt32 = 0x3
public let SOCK_RDM: UInt32 = 0x4
public let SOCK_SEQPACKET: UInt32 = 0x5
public let SOCK_PACKET: UInt32 = 0xa
/// The bits that hold the type.
public let SOCK_TYPE_MASK: UInt32 = 0xf
public let SOCK_CLOEXEC: UInt32 = 0x0008_0000
public let SOCK_NONBLOCK: UInt32 = 0x800

// MARK: - Protocols

public let IPPROTO_IP: Int32 = 0
public let IPPROTO_ICMP: Int32 = 1
public let IPPROTO_TCP: Int32 = 6
public let IPPROTO_UDP: Int32 = 17
public let IPPROTO_IPV6: Int32 = 41
public let IPPROTO_ICMPV6: Int32 = 58
public let IPPROTO_RAW: Int32 = 255
public let NETLINK_ROUTE: Int32 = 0
public let NETLINK_KOBJECT_UEVENT: Int32 = 15

// MARK: - setsockopt(2): levels

public let SOL_SOCKET: Int32 = 1
public let SOL_IP: Int32 = 0
public let SOL_TCP: Int32 = 6
public let SOL_UDP: Int32 = 17
public let SOL_IPV6: Int32 = 41
public let SOL_NETLINK: Int32 = 270

// MARK: - setsockopt(2): options of SOL_SOCKET, socket(7)

public let SO_DEBUG: Int32 = 1
public let SO_REUSEADDR: Int32 = 2
public let SO_TYPE: Int32 = 3
public let SO_ERROR: Int32 = 4
public let SO_DONTROUTE: Int32 = 5
public let SO_BROADCAST: Int32 = 6
public let SO_SNDBUF: Int32 = 7
public let SO_RCVBUF: Int32 = 8
public let SO_KEEPALIVE: Int32 = 9
public let SO_OOBINLINE: Int32 = 10
public let SO_NO_CHECK: Int32 = 11
public let SO_PRIORITY: Int32 = 12
public let SO_LINGER: Int32 = 13
public let SO_BSDCOMPAT: Int32 = 14
public let SO_REUSEPORT: Int32 = 15
public let SO_PASSCRED: Int32 = 16
public let SO_PEERCRED: Int32 = 17
public let SO_RCVLOWAT: Int32 = 18
public let SO_SNDLOWAT: Int32 = 19
public let SO_RCVTIMEO: Int32 = 20
public let SO_SNDTIMEO: Int32 = 21
public let SO_BINDTODEVICE: Int32 = 25
public let SO_ATTACH_FILTER: Int32 = 26
public let SO_DETACH_FILTER: Int32 = 27
public let SO_PEERNAME: Int32 = 28
public let SO_TIMESTAMP: Int32 = 29
public let SO_ACCEPTCONN: Int32 = 30
public let SO_PEERSEC: Int32 = 31
public let SO_SNDBUFFORCE: Int32 = 32
public let SO_RCVBUFFORCE: Int32 = 33
public let SO_PASSSEC: Int32 = 34
public let SO_TIMESTAMPNS: Int32 = 35
public let SO_MARK: Int32 = 36
public let SO_TIMESTAMPING: Int32 = 37
public let SO_PROTOCOL: Int32 = 38
public let SO_DOMAIN: Int32 = 39
public let SO_RXQ_OVFL: Int32 = 40
public let SO_PEEK_OFF: Int32 = 42
public let SO_NOFCS: Int32 = 43
public let SO_LOCK_FILTER: Int32 = 44
public let SO_BUSY_POLL: Int32 = 46
public let SO_MAX_PACING_RATE: Int32 = 47
public let SO_BPF_EXTENSIONS: Int32 = 48
public let SO_INCOMING_CPU: Int32 = 49
public let SO_MEMINFO: Int32 = 55
public let SO_INCOMING_NAPI_ID: Int32 = 56
public let SO_COOKIE: Int32 = 57
public let SO_PEERGROUPS: Int32 = 59
public let SO_ZEROCOPY: Int32 = 60
public let SO_TXTIME: Int32 = 61
public let SO_BINDTOIFINDEX: Int32 = 62
public let SO_TIMESTAMP_NEW: Int32 = 63
public let SO_TIMESTAMPNS_NEW: Int32 = 64
public let SO_TIMESTAMPING_NEW: Int32 = 65
public let SO_RCVTIMEO_NEW: Int32 = 66
public let SO_SNDTIMEO_NEW: Int32 = 67
public let SO_PREFER_BUSY_POLL: Int32 = 69
public let SO_BUF_LOCK: Int32 = 72
public let SO_RESERVE_MEM: Int32 = 73
public let SO_TXREHASH: Int32 = 74
public let SO_RCVMARK: Int32 = 75
public let SO_PASSPIDFD: Int32 = 76
public let SO_PEERPIDFD: Int32 = 77
public let SO_RCVPRIORITY: Int32 = 82
public let SO_PASSRIGHTS: Int32 = 83

// MARK: - setsockopt(2): options of SOL_TCP, tcp(7)

public let TCP_NODELAY: Int32 = 1
public let TCP_MAXSEG: Int32 = 2
public let TCP_CORK: Int32 = 3
public let TCP_KEEPIDLE: Int32 = 4
public let TCP_KEEPINTVL: Int32 = 5
public let TCP_KEEPCNT: Int32 = 6
public let TCP_SYNCNT: Int32 = 7
public let TCP_LINGER2: Int32 = 8
public let TCP_DEFER_ACCEPT: Int32 = 9
public let TCP_WINDOW_CLAMP: Int32 = 10
public let TCP_INFO: Int32 = 11
public let TCP_QUICKACK: Int32 = 12
public let TCP_CONGESTION: Int32 = 13
public let TCP_USER_TIMEOUT: Int32 = 18
public let TCP_FASTOPEN: Int32 = 23

// MARK: - setsockopt(2): options of SOL_IP and SOL_IPV6, ip(7), ipv6(7)

public let IP_TOS: Int32 = 1
public let IP_TTL: Int32 = 2
public let IP_OPTIONS: Int32 = 4
public let IP_PKTINFO: Int32 = 8
public let IP_MTU_DISCOVER: Int32 = 10
public let IP_RECVERR: Int32 = 11
public let IP_RECVTTL: Int32 = 12
public let IP_RECVTOS: Int32 = 13
public let IP_MTU: Int32 = 14
public let IP_FREEBIND: Int32 = 15
public let IP_BIND_ADDRESS_NO_PORT: Int32 = 24
public let IPV6_UNICAST_HOPS: Int32 = 16
public let IPV6_MTU_DISCOVER: Int32 = 23
public let IPV6_RECVERR: Int32 = 25
public let IPV6_V6ONLY: Int32 = 26
public let IPV6_RECVPKTINFO: Int32 = 49
public let IPV6_PKTINFO: Int32 = 50
public let IPV6_TCLASS: Int32 = 67

// MARK: - send(2), recv(2): flags

public let MSG_OOB: UInt32 = 0x1
public let MSG_PEEK: UInt32 = 0x2
public let MSG_DONTROUTE: UInt32 = 0x4
public let MSG_CTRUNC: UInt32 = 0x8
public let MSG_TRUNC: UInt32 = 0x20
public let MSG_DONTWAIT: UInt32 = 0x40
public let MSG_EOR: UInt32 = 0x80
public let MSG_WAITALL: UInt32 = 0x100
public let MSG_CONFIRM: UInt32 = 0x800
public let MSG_ERRQUEUE: UInt32 = 0x2000
public let MSG_NOSIGNAL: UInt32 = 0x4000
public let MSG_MORE: UInt32 = 0x8000
public let MSG_WAITFORONE: UInt32 = 0x0001_0000
public let MSG_BATCH: UInt32 = 0x0004_0000
public let MSG_ZEROCOPY: UInt32 = 0x0400_0000
public let MSG_FASTOPEN: UInt32 = 0x2000_0000
public let MSG_CMSG_CLOEXEC: UInt32 = 0x4000_0000

// MARK: - Control messages, unix(7)

public let SCM_RIGHTS: Int32 = 1
public let SCM_CREDENTIALS: Int32 = 2
public let SCM_SECURITY: Int32 = 3
public let SCM_PIDFD: Int32 = 4
/// Descriptors in one message, at most.
public let SCM_MAX_FD: Int32 = 253

// MARK: - shutdown(2)

public let SHUT_RD: Int32 = 0
public let SHUT_WR: Int32 = 1
public let SHUT_RDWR: Int32 = 2

// MARK: - Sizes and limits

public let SOMAXCONN: Int = 4096
/// Bytes of sun_path.
public let UNIX_PATH_MAX: Int = 108
/// Largest socket address, in bytes.
public let SOCKADDR_STORAGE_SIZE: Int = 128

// MARK: - ioctl(2) requests on sockets

public let FIOSETOWN: UInt = 0x8901
public let SIOCSPGRP: UInt = 0x8902
public let FIOGETOWN: UInt = 0x8903
public let SIOCGPGRP: UInt = 0x8904
public let SIOCATMARK: UInt = 0x8905
public let SIOCGSTAMP_OLD: UInt = 0x8906
public let SIOCGIFNAME: UInt = 0x8910
public let SIOCGIFCONF: UInt = 0x8912
public let SIOCGIFFLAGS: UInt = 0x8913
public let SIOCSIFFLAGS: UInt = 0x8914
public let SIOCGIFADDR: UInt = 0x8915
public let SIOCGIFNETMASK: UInt = 0x891b
public let SIOCGIFMETRIC: UInt = 0x891d
public let SIOCGIFMTU: UInt = 0x8921
public let SIOCGIFHWADDR: UInt = 0x8927
public let SIOCGIFINDEX: UInt = 0x8933
public let SIOCGIFTXQLEN: UInt = 0x8942
public let SIOCGIFMAP: UInt = 0x8970
