import Glibc
import LinuxABI
import Testing

/// Structures against those of the C library, where it has the kernel's own layout.
struct StructureTests {
    @Test func buffersNeverTrap() {
        var buffer = ByteBuffer<2>()
        buffer.store(0x1122_3344_5566_7788 as UInt64, 4)
        #expect(buffer.load(4) as UInt64 == 0x1122_3344_5566_7788)
        #expect(buffer.load(5) as UInt32 == 0x4455_6677)
        #expect(buffer[11] == 0x11)
        #expect(buffer[12] == 0)
        buffer.store(-1 as Int16, 7)
        #expect(buffer.load(6) as UInt32 == 0x33ff_ff66)
        for offset in [-1, Int.min, 9, 16, Int.max] {
            buffer.store(~0 as UInt64, offset)
            #expect(buffer.load(offset) as UInt64 == 0)
        }
        #expect(buffer.load(6) as UInt32 == 0x33ff_ff66)
        #expect(buffer[15] == 0)
    }

    @Test func everyFieldHasItsPlace() {
        #expect(roundTrips(Timespec.self) && roundTrips(Timeval.self) && roundTrips(Itimerval.self))
        #expect(roundTrips(Itimerspec.self) && roundTrips(Tms.self) && roundTrips(Timex.self))
        #expect(roundTrips(Stat.self) && roundTrips(Statx.self) && roundTrips(Statfs.self))
        #expect(roundTrips(Flock.self) && roundTrips(OpenHow.self) && roundTrips(Iovec.self))
        #expect(roundTrips(Dirent64.self) && roundTrips(OldDirent.self) && roundTrips(InotifyEvent.self))
        #expect(roundTrips(CloneArgs.self) && roundTrips(Rlimit.self) && roundTrips(Rusage.self))
        #expect(roundTrips(Sysinfo.self) && roundTrips(SchedAttr.self) && roundTrips(SchedParam.self))
        #expect(roundTrips(CapHeader.self) && roundTrips(CapData.self) && roundTrips(RobustListHead.self))
        #expect(roundTrips(FutexWaitv.self) && roundTrips(Utsname.self) && roundTrips(UserDesc.self))
        #expect(roundTrips(Sigaction.self) && roundTrips(StackT.self) && roundTrips(Sigevent.self))
        #expect(roundTrips(SignalfdSiginfo.self) && roundTrips(Siginfo.self) && roundTrips(SignalSet.self))
        #expect(roundTrips(PollFd.self) && roundTrips(EpollEvent.self))
        #expect(roundTrips(Msghdr.self) && roundTrips(Mmsghdr.self) && roundTrips(Cmsghdr.self))
        #expect(roundTrips(UCred.self) && roundTrips(SockaddrUn.self) && roundTrips(SockaddrIn.self))
        #expect(roundTrips(SockaddrIn6.self) && roundTrips(SockaddrNl.self) && roundTrips(Linger.self))
        #expect(roundTrips(Termios.self) && roundTrips(Termios2.self) && roundTrips(Termio.self))
        #expect(roundTrips(Winsize.self) && roundTrips(ProgramHeader.self) && roundTrips(FdPair.self))
        #expect(roundTrips(MsqidDs.self) && roundTrips(SemidDs.self) && roundTrips(ShmidDs.self))
        #expect(roundTrips(Sembuf.self) && roundTrips(MqAttr.self))
        #expect(roundTrips(UInt8.self) && roundTrips(UInt16.self) && roundTrips(UInt32.self))
        #expect(roundTrips(Int32.self) && roundTrips(UInt64.self) && roundTrips(Int64.self))
    }

    @Test func sizes() {
        #expect(Stat.size == MemoryLayout<Glibc.stat>.size)
        #expect(Flock.size == MemoryLayout<Glibc.flock>.size)
        #expect(Rusage.size == MemoryLayout<Glibc.rusage>.size)
        #expect(Utsname.size == MemoryLayout<Glibc.utsname>.size)
        #expect(Siginfo.size == MemoryLayout<Glibc.siginfo_t>.size)
        #expect(StackT.size == MemoryLayout<Glibc.stack_t>.size)
        #expect(Sigevent.size == MemoryLayout<Glibc.sigevent>.size)
        #expect(Msghdr.size == MemoryLayout<Glibc.msghdr>.stride)
        #expect(Cmsghdr.size == MemoryLayout<Glibc.cmsghdr>.size)
        #expect(SockaddrUn.size == MemoryLayout<Glibc.sockaddr_un>.size)
        #expect(SockaddrIn.size == MemoryLayout<Glibc.sockaddr_in>.size)
        #expect(SockaddrIn6.size == MemoryLayout<Glibc.sockaddr_in6>.size)
        #expect(PollFd.size == MemoryLayout<Glibc.pollfd>.size)
    }

    @Test func statOfAFile() {
        var native = Glibc.stat()
        #expect(stat("/bin/sh", &native) == 0)
        let stat: Stat = decode(rawBytes(native))
        #expect(stat.ino == native.st_ino && stat.dev == native.st_dev && stat.nlink == native.st_nlink)
        #expect(stat.mode == native.st_mode && stat.uid == native.st_uid && stat.gid == native.st_gid)
        #expect(stat.size == native.st_size && stat.blocks == native.st_blocks)
        #expect(stat.blksize == native.st_blksize && stat.mode & LinuxABI.S_IFMT == LinuxABI.S_IFREG)
        #expect(stat.mtime.seconds == native.st_mtim.tv_sec)
        #expect(stat.mtime.nanoseconds == native.st_mtim.tv_nsec)
        #expect(stat.ctime.seconds == native.st_ctim.tv_sec)
        #expect(bytes(of: stat) == rawBytes(native))
    }

    @Test func fileSystem() throws {
        let fs = try #require(filled(Statfs.self) { at in withPath("/proc") { hostCall(.statfs, $0, at) } })
        #expect(fs.value.type == PROC_SUPER_MAGIC && fs.value.namelen == 255 && fs.value.bsize == 4096)
        #expect(fs.value.flags & ST_VALID != 0)
        #expect(bytes(of: fs.value) == fs.bytes)
    }

    @Test func statxOfAFile() throws {
        let stat = try #require(filled(Stat.self) { at in withPath("/bin/sh") { hostCall(.stat, $0, at) } }).value
        let statx = try #require(
            filled(Statx.self) { at in
                withPath("/bin/sh") { hostCall(.statx, Int(LinuxABI.AT_FDCWD), $0, 0, Int(STATX_BASIC_STATS), at) }
            })
        #expect(statx.value.ino == stat.ino && statx.value.size == UInt64(stat.size))
        #expect(UInt32(statx.value.mode) == stat.mode && UInt64(statx.value.nlink) == stat.nlink)
        #expect(statx.value.mtime.seconds == stat.mtime.seconds)
        #expect(Int64(statx.value.ctime.nanoseconds) == stat.ctime.nanoseconds)
        #expect(LinuxABI.makedev(statx.value.devMajor, statx.value.devMinor) == stat.dev)
        #expect(statx.value.mask & STATX_BASIC_STATS == STATX_BASIC_STATS)
        #expect(bytes(of: statx.value) == statx.bytes)
    }

    @Test func deviceNumbers() {
        var native = Glibc.stat()
        #expect(stat("/dev/null", &native) == 0)
        #expect(LinuxABI.major(UInt64(native.st_rdev)) == 1 && LinuxABI.minor(UInt64(native.st_rdev)) == 3)
        for (a, b) in [(1, 3), (0xfff, 0xff), (0x12345, 0x6789a), (UInt32.max, UInt32.max)] as [(UInt32, UInt32)] {
            let device = LinuxABI.makedev(a, b)
            #expect(LinuxABI.major(device) == a && LinuxABI.minor(device) == b)
        }
    }

    @Test func usageAndSystem() throws {
        let usage = try #require(filled(Rusage.self) { hostCall(.getrusage, 0, $0) })
        #expect(usage.value.maxrss > 1000 && usage.value.minflt > 0 && bytes(of: usage.value) == usage.bytes)
        let system = try #require(filled(Sysinfo.self) { hostCall(.sysinfo, $0) })
        #expect(system.value.memUnit == 1 && system.value.totalram > 1 << 24 && system.value.procs > 0)
        #expect(bytes(of: system.value) == system.bytes)
        let limit = try #require(filled(Rlimit.self) { hostCall(.getrlimit, Int(LinuxABI.RLIMIT_NOFILE), $0) })
        #expect(limit.value.cur > 0 && limit.value.cur <= limit.value.max)
        let names = try #require(filled(Utsname.self) { hostCall(.uname, $0) })
        #expect(names.value.sysname[0] == UInt8(ascii: "L") && names.value.machine[0] == UInt8(ascii: "x"))
        #expect(bytes(of: names.value) == names.bytes)
        let times = try #require(filled(Tms.self) { hostCall(.times, $0) })
        #expect(times.value.utime >= 0 && bytes(of: times.value) == times.bytes)
        let clock = try #require(filled(Timex.self) { hostCall(.adjtimex, $0) })
        #expect(clock.value.tick == 10_000 && clock.value.time.seconds > 1_700_000_000)
    }

    /// The kernel's queues of messages, semaphores and segments of shared memory.
    @Test func systemV() throws {
        for id in [hostCall(.msgget, 0, 0o600)] where id >= 0 {
            let queue = filled(MsqidDs.self) { hostCall(.msgctl, id, Int(LinuxABI.IPC_STAT), $0) }
            #expect(queue?.value.perm.mode == 0o600 && queue?.value.qbytes ?? 0 > 0 && queue?.value.ctime ?? 0 > 0)
            _ = hostCall(.msgctl, id, Int(LinuxABI.IPC_RMID))
        }
        for id in [hostCall(.semget, 0, 3, 0o640)] where id >= 0 {
            let set = filled(SemidDs.self) { hostCall(.semctl, id, 0, Int(LinuxABI.IPC_STAT), $0) }
            #expect(set?.value.perm.mode == 0o640 && set?.value.nsems == 3 && set?.value.ctime ?? 0 > 0)
            _ = hostCall(.semctl, id, 0, Int(LinuxABI.IPC_RMID))
        }
        for id in [hostCall(.shmget, 0, 8192, 0o600)] where id >= 0 {
            let segment = filled(ShmidDs.self) { hostCall(.shmctl, id, Int(LinuxABI.IPC_STAT), $0) }
            #expect(segment?.value.segsz == 8192 && segment?.value.cpid == getpid() && segment?.value.nattch == 0)
            _ = hostCall(.shmctl, id, Int(LinuxABI.IPC_RMID))
        }
    }

    @Test func directoryRecords() {
        #expect(Dirent64.recordLength(nameLength: 1) == 24 && Dirent64.recordLength(nameLength: 4) == 24)
        #expect(Dirent64.recordLength(nameLength: 5) == 32 && Dirent64.recordLength(nameLength: 255) == 280)
        #expect(OldDirent.recordLength(nameLength: 4) == 24 && OldDirent.recordLength(nameLength: 5) == 32)
        let entry = Dirent64(ino: 7, off: 9, type: LinuxABI.DT_DIR, nameLength: 3)
        #expect(MemoryLayout.offset(of: \Glibc.dirent.d_name) == Dirent64.size)
        #expect(bytes(of: entry) == [7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 24, 0, 4])
        #expect(direntType(ofMode: LinuxABI.S_IFLNK | 0o777) == LinuxABI.DT_LNK)
    }

    @Test func epollEventIsPacked() {
        let event = EpollEvent(events: LinuxABI.EPOLLOUT, data: 0x0102_0304_0506_0708)
        #expect(bytes(of: event) == [4, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1])
    }

    @Test func socketAddresses() {
        var native = Glibc.sockaddr_in()
        native.sin_family = UInt16(Glibc.AF_INET)
        native.sin_port = UInt16(8080).bigEndian
        native.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let address: SockaddrIn = decode(rawBytes(native))
        #expect(address.family == 2 && address.port == 8080 && address.address == 0x7f00_0001)
        #expect(bytes(of: address) == rawBytes(native))

        let name: [UInt8] = Array("/tmp/x".utf8)
        let unix = SockaddrUn(name: name.span)
        #expect(unix.nameLength(addressLength: 9) == 6 && unix.nameLength(addressLength: 8) == 6)
        #expect(unix.nameLength(addressLength: 5) == 3 && unix.nameLength(addressLength: 110) == 6)
        #expect(unix.nameLength(addressLength: 2) == 0 && unix.nameLength(addressLength: -5) == 0)
        let abstract: [UInt8] = [0, 65, 0, 66]
        #expect(SockaddrUn(name: abstract.span).nameLength(addressLength: 6) == 4)
        #expect(SockaddrUn(name: abstract.span).nameLength(addressLength: Int.max) == 108)
    }

    @Test func timesDoNotOverflow() {
        #expect(Timespec(total: -1).seconds == -1 && Timespec(total: -1).nanoseconds == 999_999_999)
        #expect(Timespec(total: .min).isValid == false && Timespec(total: .max).isValid)
        #expect(Timespec(total: 1_500_000_000).total == 1_500_000_000)
        #expect(Timespec(seconds: .max, nanoseconds: .max).total == .max)
        #expect(Timespec(seconds: .min, nanoseconds: .min).total == .min)
        #expect(Timespec(seconds: 9_223_372_036, nanoseconds: 999_999_999).total == .max)
        #expect(Timeval(seconds: 1, microseconds: .max).total == .max)
        #expect(Timeval(seconds: 1, microseconds: 5).total == 1_000_005_000)
        #expect(!Timeval(seconds: 0, microseconds: 1_000_000).isValid && !Timespec(seconds: 0, nanoseconds: -1).isValid)
    }
}
