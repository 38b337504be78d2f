import Glibc
import LinuxABI
import Testing

/// A sample of each family of constants against the C library's.
struct ConstantTests {
    @Test func openFlags() {
        #expect(LinuxABI.O_CREAT == UInt32(Glibc.O_CREAT) && LinuxABI.O_EXCL == UInt32(Glibc.O_EXCL))
        #expect(LinuxABI.O_CLOEXEC == UInt32(Glibc.O_CLOEXEC) && LinuxABI.O_NONBLOCK == UInt32(Glibc.O_NONBLOCK))
        #expect(LinuxABI.O_DIRECTORY == UInt32(Glibc.O_DIRECTORY) && LinuxABI.O_NOFOLLOW == UInt32(Glibc.O_NOFOLLOW))
        #expect(LinuxABI.O_APPEND == UInt32(Glibc.O_APPEND) && LinuxABI.O_SYNC == UInt32(Glibc.O_SYNC))
        #expect(LinuxABI.O_ACCMODE == UInt32(Glibc.O_ACCMODE) && LinuxABI.O_TRUNC == UInt32(Glibc.O_TRUNC))
        #expect(LinuxABI.AT_FDCWD == Glibc.AT_FDCWD)
        #expect(LinuxABI.AT_SYMLINK_NOFOLLOW == UInt32(Glibc.AT_SYMLINK_NOFOLLOW))
        #expect(LinuxABI.S_IFMT == Glibc.S_IFMT && LinuxABI.S_IFDIR == Glibc.S_IFDIR && LinuxABI.S_ISUID == Glibc.S_ISUID)
    }

    @Test func memoryFlags() {
        #expect(LinuxABI.PROT_EXEC == UInt32(Glibc.PROT_EXEC) && LinuxABI.MAP_PRIVATE == UInt32(Glibc.MAP_PRIVATE))
        #expect(LinuxABI.MAP_ANONYMOUS == UInt32(Glibc.MAP_ANONYMOUS) && LinuxABI.MAP_FIXED == UInt32(Glibc.MAP_FIXED))
        #expect(LinuxABI.MADV_DONTNEED == Glibc.MADV_DONTNEED && LinuxABI.MS_SYNC == UInt32(Glibc.MS_SYNC))
        #expect(LinuxABI.PAGE_SIZE == UInt64(sysconf(Int32(_SC_PAGESIZE))))
    }

    @Test func signals() {
        #expect(LinuxABI.SIGCHLD == Glibc.SIGCHLD && LinuxABI.SIGSYS == Glibc.SIGSYS && LinuxABI.SIGSTOP == Glibc.SIGSTOP)
        #expect(LinuxABI.SIG_SETMASK == Glibc.SIG_SETMASK && LinuxABI.SA_RESTART == UInt64(Glibc.SA_RESTART))
        #expect(LinuxABI.SA_RESETHAND == UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: Glibc.SA_RESETHAND))))
    }

    @Test func pollAndSockets() {
        #expect(LinuxABI.POLLIN == UInt32(Glibc.POLLIN) && LinuxABI.POLLHUP == UInt32(Glibc.POLLHUP) && LinuxABI.EPOLLHUP == LinuxABI.POLLHUP)
        #expect(LinuxABI.AF_INET6 == Glibc.AF_INET6 && LinuxABI.SOL_SOCKET == Glibc.SOL_SOCKET)
        #expect(LinuxABI.SO_REUSEADDR == Glibc.SO_REUSEADDR && LinuxABI.SO_PEERCRED == Glibc.SO_PEERCRED)
        #expect(LinuxABI.TIMER_ABSTIME == UInt32(Glibc.TIMER_ABSTIME) && LinuxABI.CLOCK_MONOTONIC == Glibc.CLOCK_MONOTONIC)
    }

    @Test func terminals() {
        #expect(LinuxABI.TIOCGWINSZ == UInt(Glibc.TIOCGWINSZ) && LinuxABI.FIONREAD == UInt(Glibc.FIONREAD))
        #expect(LinuxABI.ICANON == UInt32(Glibc.ICANON) && LinuxABI.ECHOCTL == UInt32(Glibc.ECHOCTL))
        #expect(LinuxABI.B38400 == UInt32(Glibc.B38400) && LinuxABI.VEOF == Int(Glibc.VEOF))
    }

    /// The settings of a new pseudoterminal are those of the host's kernel.
    @Test func newPseudoterminal() {
        let master = open("/dev/ptmx", Glibc.O_RDWR | Glibc.O_NOCTTY)
        guard master >= 0 else { return }
        defer { close(master) }
        var buffer = [UInt8](repeating: 0, count: 64)
        #expect(ioctl(master, LinuxABI.TCGETS, &buffer) == 0)
        #expect(Array(buffer.prefix(36)) == bytes(of: Termios.newPseudoterminal))
    }

    @Test func errors() {
        #expect(Errno.ENOENT.rawValue == Glibc.ENOENT && Errno.EHWPOISON.rawValue == Glibc.EHWPOISON)
        #expect(Errno.ELOOP.rawValue == Glibc.ELOOP && Errno.ENOTSUP == Errno.EOPNOTSUPP)
        #expect(Errno.EAGAIN == Errno.EWOULDBLOCK && Errno.ENOSYS.returnValue == -38)
        #expect("\(Errno.EACCES.name)" == "EACCES" && "\(Errno(41).name)" == "E?")
        #expect(Errno.ERESTARTSYS.isRestart && !Errno.EINTR.isRestart && !Errno.ENOIOCTLCMD.isRestart)
        // The C library knows a name for every number, and so do we.
        for number in 1...133 as ClosedRange<Int32> {
            guard let name = strerrorname(number) else { continue }
            #expect("\(Errno(number).name)" == name)
        }
    }

    private func strerrorname(_ number: Int32) -> String? {
        typealias Call = @convention(c) (Int32) -> UnsafePointer<CChar>?
        guard let call = dlsym(nil, "strerrorname_np").map({ unsafeBitCast($0, to: Call.self) }) else { return nil }
        return call(number).map { String(cString: $0) }
    }
}
