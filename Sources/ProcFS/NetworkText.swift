import IPC
import KernelBase
import LinuxABI
import Tasks
import VFS

/// /proc/PID/net: there is no network but Unix sockets, so the other tables are empty.
enum NetworkText {
    /// One directory for all processes: it is made anew at each lookup and costs little until it is looked into.
    static func makeDirectory(_ superblock: Superblock, _ subject: TaskReference, _ entry: ProcessEntry) -> Inode {
        var last = ProcessInode.number(subject, 0x300)
        let directory = StaticDirectory(superblock, number: ProcessInode.number(subject, UInt64(entry.rawValue) &+ 1), nextNumber: {
            last &+= 1
            return last
        }, build)
        directory.isRemembered = false
        return directory
    }

    private static func build(_ directory: StaticDirectory) {
        let tables: [(StaticString, StaticString)] = [
            ("dev", """
                Inter-|   Receive                                                |  Transmit
                 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed

                """),
            ("tcp", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n"),
            ("tcp6", "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"),
            ("udp", "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops            \n"),
            ("udp6", "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n"),
            ("raw", "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n"),
            ("route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                                                       \n"),
            ("arp", "IP address       HW type     Flags       HW address            Mask     Device\n"),
            ("packet", "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n"),
            ("netlink", "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n"),
            ("igmp", "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"),
            ("if_inet6", ""), ("ipv6_route", ""), ("dev_mcast", ""),
        ]
        for (name, text) in tables { directory.file(name) { Bytes(text) } }
        directory.file("unix") { unixSockets() }
    }

    private static func unixSockets() -> Bytes {
        var listing = UnixListing()
        for process in TaskTable.shared.allProcesses {
            guard let files = process.threads.first?.files else { continue }
            var next = files.next(from: 0)
            while let descriptor = next {
                if let file = files.file(descriptor) { listing.add(file) }
                next = descriptor == .max ? nil : files.next(from: descriptor &+ 1)
            }
        }
        return listing.text
    }
}
