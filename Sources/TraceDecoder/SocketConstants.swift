// Names of constants, as traces show them: sockets, polling and devices. The numbers are those of LinuxABI.

import LinuxABI

extension Constants {
    /// AF_*.
    static let addressFamily = Constants([
        .init("AF_UNSPEC", AF_UNSPEC), .init("AF_UNIX", AF_UNIX), .init("AF_INET", AF_INET), .init("AF_INET6", AF_INET6),
        .init("AF_NETLINK", AF_NETLINK), .init("AF_PACKET", AF_PACKET), .init("AF_ALG", AF_ALG), .init("AF_VSOCK", AF_VSOCK),
    ])
    /// SOCK_*, without flags.
    static let socketType = Constants([
        .init("SOCK_STREAM", SOCK_STREAM), .init("SOCK_DGRAM", SOCK_DGRAM), .init("SOCK_RAW", SOCK_RAW), .init("SOCK_RDM", SOCK_RDM),
        .init("SOCK_SEQPACKET", SOCK_SEQPACKET), .init("SOCK_PACKET", SOCK_PACKET),
    ])
    /// SOCK_CLOEXEC and SOCK_NONBLOCK.
    static let socketFlags = Constants([
        .init("SOCK_CLOEXEC", SOCK_CLOEXEC), .init("SOCK_NONBLOCK", SOCK_NONBLOCK),
    ])
    /// IPPROTO_*.
    static let internetProtocol = Constants([
        .init("IPPROTO_IP", IPPROTO_IP), .init("IPPROTO_ICMP", IPPROTO_ICMP), .init("IPPROTO_TCP", IPPROTO_TCP), .init("IPPROTO_UDP", IPPROTO_UDP),
        .init("IPPROTO_IPV6", IPPROTO_IPV6), .init("IPPROTO_ICMPV6", IPPROTO_ICMPV6), .init("IPPROTO_RAW", IPPROTO_RAW),
    ])
    /// SOL_*.
    static let socketLevel = Constants([
        .init("SOL_SOCKET", SOL_SOCKET), .init("SOL_IP", SOL_IP), .init("SOL_TCP", SOL_TCP), .init("SOL_UDP", SOL_UDP), .init("SOL_IPV6", SOL_IPV6),
        .init("SOL_NETLINK", SOL_NETLINK),
    ])
    /// SO_*.
    static let socketOption = Constants([
        .init("SO_DEBUG", SO_DEBUG), .init("SO_REUSEADDR", SO_REUSEADDR), .init("SO_TYPE", SO_TYPE), .init("SO_ERROR", SO_ERROR),
        .init("SO_DONTROUTE", SO_DONTROUTE), .init("SO_BROADCAST", SO_BROADCAST), .init("SO_SNDBUF", SO_SNDBUF), .init("SO_RCVBUF", SO_RCVBUF),
        .init("SO_KEEPALIVE", SO_KEEPALIVE), .init("SO_OOBINLINE", SO_OOBINLINE), .init("SO_NO_CHECK", SO_NO_CHECK),
        .init("SO_PRIORITY", SO_PRIORITY), .init("SO_LINGER", SO_LINGER), .init("SO_BSDCOMPAT", SO_BSDCOMPAT), .init("SO_REUSEPORT", SO_REUSEPORT),
        .init("SO_PASSCRED", SO_PASSCRED), .init("SO_PEERCRED", SO_PEERCRED), .init("SO_RCVLOWAT", SO_RCVLOWAT), .init("SO_SNDLOWAT", SO_SNDLOWAT),
        .init("SO_RCVTIMEO", SO_RCVTIMEO), .init("SO_SNDTIMEO", SO_SNDTIMEO), .init("SO_BINDTODEVICE", SO_BINDTODEVICE),
        .init("SO_ATTACH_FILTER", SO_ATTACH_FILTER), .init("SO_DETACH_FILTER", SO_DETACH_FILTER), .init("SO_PEERNAME", SO_PEERNAME),
        .init("SO_TIMESTAMP", SO_TIMESTAMP), .init("SO_ACCEPTCONN", SO_ACCEPTCONN), .init("SO_PEERSEC", SO_PEERSEC),
        .init("SO_SNDBUFFORCE", SO_SNDBUFFORCE), .init("SO_RCVBUFFORCE", SO_RCVBUFFORCE), .init("SO_PASSSEC", SO_PASSSEC),
        .init("SO_TIMESTAMPNS", SO_TIMESTAMPNS), .init("SO_MARK", SO_MARK), .init("SO_TIMESTAMPING", SO_TIMESTAMPING),
        .init("SO_PROTOCOL", SO_PROTOCOL), .init("SO_DOMAIN", SO_DOMAIN), .init("SO_RXQ_OVFL", SO_RXQ_OVFL), .init("SO_PEEK_OFF", SO_PEEK_OFF),
        .init("SO_NOFCS", SO_NOFCS), .init("SO_LOCK_FILTER", SO_LOCK_FILTER), .init("SO_BUSY_POLL", SO_BUSY_POLL),
        .init("SO_INCOMING_CPU", SO_INCOMING_CPU), .init("SO_COOKIE", SO_COOKIE), .init("SO_PEERGROUPS", SO_PEERGROUPS),
        .init("SO_ZEROCOPY", SO_ZEROCOPY), .init("SO_TIMESTAMP_NEW", SO_TIMESTAMP_NEW), .init("SO_TIMESTAMPNS_NEW", SO_TIMESTAMPNS_NEW),
        .init("SO_TIMESTAMPING_NEW", SO_TIMESTAMPING_NEW), .init("SO_RCVTIMEO_NEW", SO_RCVTIMEO_NEW), .init("SO_SNDTIMEO_NEW", SO_SNDTIMEO_NEW),
        .init("SO_PASSPIDFD", SO_PASSPIDFD), .init("SO_PEERPIDFD", SO_PEERPIDFD),
    ])
    /// TCP_*.
    static let tcpOption = Constants([
        .init("TCP_NODELAY", TCP_NODELAY), .init("TCP_MAXSEG", TCP_MAXSEG), .init("TCP_CORK", TCP_CORK), .init("TCP_KEEPIDLE", TCP_KEEPIDLE),
        .init("TCP_KEEPINTVL", TCP_KEEPINTVL), .init("TCP_KEEPCNT", TCP_KEEPCNT), .init("TCP_SYNCNT", TCP_SYNCNT), .init("TCP_LINGER2", TCP_LINGER2),
        .init("TCP_DEFER_ACCEPT", TCP_DEFER_ACCEPT), .init("TCP_WINDOW_CLAMP", TCP_WINDOW_CLAMP), .init("TCP_INFO", TCP_INFO),
        .init("TCP_QUICKACK", TCP_QUICKACK), .init("TCP_CONGESTION", TCP_CONGESTION), .init("TCP_USER_TIMEOUT", TCP_USER_TIMEOUT),
        .init("TCP_FASTOPEN", TCP_FASTOPEN),
    ])
    /// IP_*.
    static let ipOption = Constants([
        .init("IP_TOS", IP_TOS), .init("IP_TTL", IP_TTL), .init("IP_OPTIONS", IP_OPTIONS), .init("IP_PKTINFO", IP_PKTINFO),
        .init("IP_MTU_DISCOVER", IP_MTU_DISCOVER), .init("IP_RECVERR", IP_RECVERR), .init("IP_RECVTTL", IP_RECVTTL), .init("IP_RECVTOS", IP_RECVTOS),
        .init("IP_MTU", IP_MTU), .init("IP_FREEBIND", IP_FREEBIND), .init("IP_BIND_ADDRESS_NO_PORT", IP_BIND_ADDRESS_NO_PORT),
    ])
    /// IPV6_*.
    static let ipv6Option = Constants([
        .init("IPV6_UNICAST_HOPS", IPV6_UNICAST_HOPS), .init("IPV6_MTU_DISCOVER", IPV6_MTU_DISCOVER), .init("IPV6_RECVERR", IPV6_RECVERR),
        .init("IPV6_V6ONLY", IPV6_V6ONLY), .init("IPV6_RECVPKTINFO", IPV6_RECVPKTINFO), .init("IPV6_PKTINFO", IPV6_PKTINFO),
        .init("IPV6_TCLASS", IPV6_TCLASS),
    ])
    /// MSG_*.
    static let messageFlags = Constants([
        .init("MSG_OOB", MSG_OOB), .init("MSG_PEEK", MSG_PEEK), .init("MSG_DONTROUTE", MSG_DONTROUTE), .init("MSG_CTRUNC", MSG_CTRUNC),
        .init("MSG_TRUNC", MSG_TRUNC), .init("MSG_DONTWAIT", MSG_DONTWAIT), .init("MSG_EOR", MSG_EOR), .init("MSG_WAITALL", MSG_WAITALL),
        .init("MSG_CONFIRM", MSG_CONFIRM), .init("MSG_ERRQUEUE", MSG_ERRQUEUE), .init("MSG_NOSIGNAL", MSG_NOSIGNAL), .init("MSG_MORE", MSG_MORE),
        .init("MSG_WAITFORONE", MSG_WAITFORONE), .init("MSG_BATCH", MSG_BATCH), .init("MSG_ZEROCOPY", MSG_ZEROCOPY),
        .init("MSG_FASTOPEN", MSG_FASTOPEN), .init("MSG_CMSG_CLOEXEC", MSG_CMSG_CLOEXEC),
    ])
    /// SHUT_*.
    static let shutdownHow = Constants([
        .init("SHUT_RD", SHUT_RD), .init("SHUT_WR", SHUT_WR), .init("SHUT_RDWR", SHUT_RDWR),
    ])
    /// SCM_*.
    static let controlType = Constants([
        .init("SCM_RIGHTS", SCM_RIGHTS), .init("SCM_CREDENTIALS", SCM_CREDENTIALS), .init("SCM_SECURITY", SCM_SECURITY),
        .init("SCM_PIDFD", SCM_PIDFD),
    ])
    /// POLL*.
    static let pollEvents = Constants([
        .init("POLLIN", POLLIN), .init("POLLPRI", POLLPRI), .init("POLLOUT", POLLOUT), .init("POLLERR", POLLERR), .init("POLLHUP", POLLHUP),
        .init("POLLNVAL", POLLNVAL), .init("POLLRDNORM", POLLRDNORM), .init("POLLRDBAND", POLLRDBAND), .init("POLLWRNORM", POLLWRNORM),
        .init("POLLWRBAND", POLLWRBAND), .init("POLLMSG", POLLMSG), .init("POLLREMOVE", POLLREMOVE), .init("POLLRDHUP", POLLRDHUP),
    ])
    /// EPOLL*.
    static let epollEvents = Constants([
        .init("EPOLLIN", EPOLLIN), .init("EPOLLPRI", EPOLLPRI), .init("EPOLLOUT", EPOLLOUT), .init("EPOLLERR", EPOLLERR), .init("EPOLLHUP", EPOLLHUP),
        .init("EPOLLRDNORM", EPOLLRDNORM), .init("EPOLLRDBAND", EPOLLRDBAND), .init("EPOLLWRNORM", EPOLLWRNORM), .init("EPOLLWRBAND", EPOLLWRBAND),
        .init("EPOLLMSG", EPOLLMSG), .init("EPOLLRDHUP", EPOLLRDHUP), .init("EPOLLEXCLUSIVE", EPOLLEXCLUSIVE), .init("EPOLLWAKEUP", EPOLLWAKEUP),
        .init("EPOLLONESHOT", EPOLLONESHOT), .init("EPOLLET", EPOLLET),
    ])
    /// EPOLL_CTL_*.
    static let epollOperation = Constants([
        .init("EPOLL_CTL_ADD", EPOLL_CTL_ADD), .init("EPOLL_CTL_DEL", EPOLL_CTL_DEL), .init("EPOLL_CTL_MOD", EPOLL_CTL_MOD),
    ])
    /// EFD_*.
    static let eventfdFlags = Constants([
        .init("EFD_SEMAPHORE", EFD_SEMAPHORE), .init("EFD_CLOEXEC", EFD_CLOEXEC), .init("EFD_NONBLOCK", EFD_NONBLOCK),
    ])
    /// ioctl(2).
    static let ioctlRequest = Constants([
        .init("TCGETS", TCGETS), .init("TCSETS", TCSETS), .init("TCSETSW", TCSETSW), .init("TCSETSF", TCSETSF), .init("TCGETA", TCGETA),
        .init("TCSETA", TCSETA), .init("TCSETAW", TCSETAW), .init("TCSETAF", TCSETAF), .init("TCGETS2", TCGETS2), .init("TCSETS2", TCSETS2),
        .init("TCSETSW2", TCSETSW2), .init("TCSETSF2", TCSETSF2), .init("TIOCGLCKTRMIOS", TIOCGLCKTRMIOS), .init("TIOCSLCKTRMIOS", TIOCSLCKTRMIOS),
        .init("TCSBRK", TCSBRK), .init("TCSBRKP", TCSBRKP), .init("TCXONC", TCXONC), .init("TCFLSH", TCFLSH), .init("TIOCSBRK", TIOCSBRK),
        .init("TIOCCBRK", TIOCCBRK), .init("TIOCOUTQ", TIOCOUTQ), .init("FIONREAD", FIONREAD), .init("TIOCSTI", TIOCSTI), .init("TIOCEXCL", TIOCEXCL),
        .init("TIOCNXCL", TIOCNXCL), .init("TIOCGEXCL", TIOCGEXCL), .init("TIOCSCTTY", TIOCSCTTY), .init("TIOCNOTTY", TIOCNOTTY),
        .init("TIOCGPGRP", TIOCGPGRP), .init("TIOCSPGRP", TIOCSPGRP), .init("TIOCGSID", TIOCGSID), .init("TIOCGWINSZ", TIOCGWINSZ),
        .init("TIOCSWINSZ", TIOCSWINSZ), .init("TIOCGSOFTCAR", TIOCGSOFTCAR), .init("TIOCSSOFTCAR", TIOCSSOFTCAR), .init("TIOCMGET", TIOCMGET),
        .init("TIOCMSET", TIOCMSET), .init("TIOCMBIS", TIOCMBIS), .init("TIOCMBIC", TIOCMBIC), .init("TIOCMIWAIT", TIOCMIWAIT),
        .init("TIOCGICOUNT", TIOCGICOUNT), .init("TIOCGSERIAL", TIOCGSERIAL), .init("TIOCSSERIAL", TIOCSSERIAL), .init("TIOCLINUX", TIOCLINUX),
        .init("TIOCCONS", TIOCCONS), .init("TIOCVHANGUP", TIOCVHANGUP), .init("TIOCSETD", TIOCSETD), .init("TIOCGETD", TIOCGETD),
        .init("TIOCGDEV", TIOCGDEV), .init("KDGKBTYPE", KDGKBTYPE), .init("KDGETMODE", KDGETMODE), .init("KDSETMODE", KDSETMODE),
        .init("KDGKBMODE", KDGKBMODE), .init("VT_OPENQRY", VT_OPENQRY), .init("VT_GETMODE", VT_GETMODE), .init("VT_GETSTATE", VT_GETSTATE),
        .init("TIOCGPTN", TIOCGPTN), .init("TIOCSPTLCK", TIOCSPTLCK), .init("TIOCGPTLCK", TIOCGPTLCK), .init("TIOCGPTPEER", TIOCGPTPEER),
        .init("TIOCPKT", TIOCPKT), .init("TIOCGPKT", TIOCGPKT), .init("TIOCSIG", TIOCSIG), .init("FIONBIO", FIONBIO), .init("FIONCLEX", FIONCLEX),
        .init("FIOCLEX", FIOCLEX), .init("FIOASYNC", FIOASYNC), .init("FIOQSIZE", FIOQSIZE), .init("FS_IOC_GETFLAGS", FS_IOC_GETFLAGS),
        .init("FS_IOC_SETFLAGS", FS_IOC_SETFLAGS), .init("FS_IOC_GETVERSION", FS_IOC_GETVERSION), .init("FS_IOC_FSGETXATTR", FS_IOC_FSGETXATTR),
        .init("FS_IOC_FSSETXATTR", FS_IOC_FSSETXATTR), .init("FS_IOC_FIEMAP", FS_IOC_FIEMAP), .init("FICLONE", FICLONE),
        .init("FICLONERANGE", FICLONERANGE), .init("FIOSETOWN", FIOSETOWN), .init("SIOCSPGRP", SIOCSPGRP), .init("FIOGETOWN", FIOGETOWN),
        .init("SIOCGPGRP", SIOCGPGRP), .init("SIOCATMARK", SIOCATMARK), .init("SIOCGSTAMP_OLD", SIOCGSTAMP_OLD), .init("SIOCGIFNAME", SIOCGIFNAME),
        .init("SIOCGIFCONF", SIOCGIFCONF), .init("SIOCGIFFLAGS", SIOCGIFFLAGS), .init("SIOCSIFFLAGS", SIOCSIFFLAGS),
        .init("SIOCGIFADDR", SIOCGIFADDR), .init("SIOCGIFNETMASK", SIOCGIFNETMASK), .init("SIOCGIFMTU", SIOCGIFMTU),
        .init("SIOCGIFHWADDR", SIOCGIFHWADDR), .init("SIOCGIFINDEX", SIOCGIFINDEX), .init("SIOCGIFMETRIC", SIOCGIFMETRIC),
        .init("SIOCGIFTXQLEN", SIOCGIFTXQLEN), .init("SIOCGIFMAP", SIOCGIFMAP),
    ])
}
