import LinuxABI
import MonitorProtocol
import Testing

@testable import TraceDecoder

/// Lines of calls, compared with what strace(1) writes for the same.
struct LineTests {
    private let fd = UInt(bitPattern: Int(AT_FDCWD))

    @Test func paths() {
        #expect(line(.openat, [fd, 0x1000, 0o2000000], [(1, 0, bytes("/etc/passwd"))], 3) == #"openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3"#)
        #expect(line(.openat, [fd, 0x1000, 0o1101, 0o644], [(1, 0, bytes("x"))], -13) == #"openat(AT_FDCWD, "x", O_WRONLY|O_CREAT|O_TRUNC, 0644) = -1 EACCES (Permission denied)"#)
        #expect(line(.open, [0, 0], [], -14) == "open(NULL, O_RDONLY) = -1 EFAULT (Bad address)")
        #expect(line(.access, [0x1000, 4], [(0, 0, [1, 255, 0x31])]) == #"access("\1\3771", R_OK) = 0"#)
        #expect(line(.unlinkat, [7, 0x1000, 0x200], [(1, 0, bytes("a\"\n"))]) == #"unlinkat(7, "a\"\n", AT_REMOVEDIR) = 0"#)
    }

    @Test func data() {
        #expect(line(.write, [1, 0x1000, 6], [(1, 0, bytes("hello\n"))], 6) == #"write(1, "hello\n", 6) = 6"#)
        #expect(line(.write, [1, 0x1000, 100], [(1, 0, bytes("0123"))], 100, cut: true) == #"write(1, "0123"..., 100) = 100"#)
        #expect(line(.read, [0, 0x1000, 10], [], 2, [(1, 0, bytes("ab"))]) == #"read(0, "ab", 10) = 2"#)
        #expect(line(.read, [0, 0x1000, 10], [], -11) == "read(0, 0x1000, 10) = -1 EAGAIN (Resource temporarily unavailable)")
        let vector = words([(0x2000, 8), (3, 8), (0x3000, 8), (0, 8)]), buffers = words([(3, 4)]) + bytes("abc") + words([(0, 4)])
        #expect(line(.writev, [1, 0x1000, 2], [(1, 0, vector), (1, TraceChunk.buffers, buffers)], 3)
            == #"writev(1, [{iov_base="abc", iov_len=3}, {iov_base="", iov_len=0}], 2) = 3"#)
    }

    @Test func memory() {
        #expect(line(.mmap, [0, 4096, 3, 0x22, UInt.max, 0], [], 0x7f00_0000_1000)
            == "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0000001000")
        #expect(line(.mprotect, [0x1000, 4096, 0]) == "mprotect(0x1000, 4096, PROT_NONE) = 0")
        #expect(line(.madvise, [0x1000, 4096, 4]) == "madvise(0x1000, 4096, MADV_DONTNEED) = 0")
        #expect(line(.brk, [0], [], 0x5000) == "brk(NULL) = 0x5000")
    }

    @Test func commands() {
        #expect(line(.fcntl, [3, 2, 1]) == "fcntl(3, F_SETFD, FD_CLOEXEC) = 0")
        #expect(line(.fcntl, [3, 3], [], 0o2002) == "fcntl(3, F_GETFL) = 0x402 (flags O_RDWR|O_APPEND)")
        #expect(line(.ioctl, [1, 0x5413, 0x1000], [], 0, [(2, 0, words([(24, 2), (80, 2), (0, 2), (0, 2)]))])
            == "ioctl(1, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0")
        #expect(line(.ioctl, [1, 0x5401, 0x1000], [], -25) == "ioctl(1, TCGETS, 0x1000) = -1 ENOTTY (Inappropriate ioctl for device)")
        #expect(line(.ioctl, [1, 0x4008_1234, 0x1000], [], -25).hasPrefix("ioctl(1, _IOC(_IOC_WRITE, 0x12, 0x34, 0x8), 0x1000) = -1"))
        #expect(line(.futex, [0x1000, 0x81, 1], [], 1) == "futex(0x1000, FUTEX_WAKE_PRIVATE, 1) = 1")
        #expect(line(.futex, [0x1000, 0x189, 5, 0x2000, 0, 0xffff_ffff], [(3, 0, words([(1, 8), (2, 8)]))], -110)
            == "futex(0x1000, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 5, {tv_sec=1, tv_nsec=2}, NULL, 4294967295) = -1 ETIMEDOUT (Connection timed out)")
        #expect(line(.prctl, [15, 0x1000], [(1, 0, bytes("name"))]) == #"prctl(PR_SET_NAME, "name") = 0"#)
        #expect(line(.prctl, [38, 1, 0, 0, 0]) == "prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) = 0")
        #expect(line(.lseek, [3, UInt(bitPattern: -5), 1], [], 7) == "lseek(3, -5, SEEK_CUR) = 7")
    }

    @Test func processes() {
        #expect(line(.clone, [0x0120_0011, 0, 0, 0x1000, 0], [], 7) == "clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, NULL, NULL, 0x1000) = 7")
        #expect(line(.wait4, [UInt.max, 0x1000, 1, 0], [], 7, [(1, 0, words([(0x300, 4)]))]) == "wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], WNOHANG, NULL) = 7")
        #expect(line(.wait4, [7, 0x1000, 0, 0], [], 7, [(1, 0, words([(9, 4)]))]) == "wait4(7, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}], 0, NULL) = 7")
        #expect(line(.kill, [7, 15]) == "kill(7, SIGTERM) = 0")
        #expect(line(.execve, [1, 2, 3], [(0, 0, bytes("/x")), (1, 1, stringVector(["x", "-l"])), (2, 1, words([(12, 4)]))], -2)
            == #"execve("/x", ["x", "-l"], 0x3 /* 12 vars */) = -1 ENOENT (No such file or directory)"#)
        #expect(line(.pipe2, [0x1000, 0o2000000], [], 0, [(0, 0, words([(3, 4), (4, 4)]))]) == "pipe2([3, 4], O_CLOEXEC) = 0")
        #expect(line(.prlimit64, [0, 7, 0, 0x1000], [], 0, [(3, 0, words([(1024, 8), (UInt64.max, 8)]))])
            == "prlimit64(0, RLIMIT_NOFILE, NULL, {rlim_cur=1024, rlim_max=RLIM64_INFINITY}) = 0")
    }

    @Test func signals() {
        let action = words([(0x4000, 8), (0x1400_0000, 8), (0x5000, 8), (0x1_0000, 8)])
        #expect(line(.rt_sigaction, [17, 0x1000, 0, 8], [(1, 0, action)])
            == "rt_sigaction(SIGCHLD, {sa_handler=0x4000, sa_mask=[CHLD], sa_flags=SA_RESTORER|SA_RESTART, sa_restorer=0x5000}, NULL, 8) = 0")
        #expect(line(.rt_sigprocmask, [0, 0x1000, 0x2000, 8], [(1, 0, words([(UInt64.max, 8)]))], 0, [(2, 0, words([(0, 8)]))])
            == "rt_sigprocmask(SIG_BLOCK, ~[], [], 8) = 0")
        var writer = LineWriter()
        var record = RecordBuilder(TraceKind.signal)
        record.put(words([(17, 4), (0, 4), (1, 4), (0, 4), (7, 4), (1000, 4), (3, 4), (0, 4), (0, 8), (0, 8)]))
        #expect(writer.text(record.event) == "[2] --- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=7, si_uid=1000, si_status=3, si_utime=0, si_stime=0} ---\n")
    }

    @Test func structures() {
        let stat = words([(1, 8), (2, 8), (1, 8), (0o100644, 4), (0, 4), (0, 4), (0, 4), (0, 8), (123, 8)]) + [UInt8](repeating: 0, count: 88)
        #expect(line(.fstat, [3, 0x1000], [], 0, [(1, 0, stat)]) == "fstat(3, {st_mode=S_IFREG|0644, st_size=123, ...}) = 0")
        #expect(line(.nanosleep, [0x1000, 0], [(0, 0, words([(1, 8), (500, 8)]))]) == "nanosleep({tv_sec=1, tv_nsec=500}, NULL) = 0")
        let poll = words([(3, 4), (1, 2), (0, 2)]), ready = words([(3, 4), (1, 2), (0x11, 2)])
        #expect(line(.poll, [0x1000, 1, UInt.max], [(0, 0, poll)], 1, [(0, 0, ready)]) == "poll([{fd=3, events=POLLIN}], 1, -1) = 1 ([{fd=3, revents=POLLIN|POLLHUP}])")
        #expect(line(.poll, [0x1000, 1, 0], [(0, 0, poll)], 0) == "poll([{fd=3, events=POLLIN}], 1, 0) = 0 (Timeout)")
        #expect(line(.select, [4, 0x1000, 0, 0, 0], [(1, 0, words([(8, 8)]))], 1, [(1, 0, words([(8, 8)]))]) == "select(4, [3], NULL, NULL, NULL) = 1 (in [3])")
        #expect(line(.epoll_wait, [5, 0x1000, 8, UInt.max], [], 1, [(1, 0, words([(1, 4), (3, 8)]))]) == "epoll_wait(5, [{events=EPOLLIN, data={u32=3, u64=3}}], 8, -1) = 1")
        #expect(line(.uname, [0x1000], [], 0, [(0, 0, (0..<6).flatMap { bytes("n\($0)") + [UInt8](repeating: 0, count: 63) })]).hasPrefix(#"uname({sysname="n0", nodename="n1","#))
    }

    @Test func sockets() {
        #expect(line(.socket, [1, 0o2000001, 0], [], 3) == "socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 3")
        #expect(line(.socket, [2, 1, 6], [], -97) == "socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = -1 EAFNOSUPPORT (Address family not supported by protocol)")
        #expect(line(.connect, [3, 0x1000, 110], [(1, 0, [1, 0] + bytes("/run/x") + [0, 0])], -2)
            == #"connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = -1 ENOENT (No such file or directory)"#)
        #expect(line(.bind, [3, 0x1000, 16], [(1, 0, [2, 0, 0, 80, 127, 0, 0, 1, 0, 0])]) == #"bind(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0"#)
        #expect(line(.setsockopt, [3, 1, 2, 0x1000, 4], [(3, 0, words([(1, 4)]))]) == "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0")
    }

    @Test func ends() {
        #expect(line(.exit_group, [3]) == "exit_group(3) = ?")
        #expect(LineWriter.ending(0x300) == "exited with 3")
        #expect(LineWriter.ending(9) == "killed by SIGKILL")
        #expect(LineWriter.ending(0x8b) == "killed by SIGSEGV (core dumped)")
        #expect(line(.pause, [], [], -514) == "pause() = ? ERESTARTNOHAND (To be restarted if no handler)")
        #expect(line(.getpid, [], [], 2) == "getpid() = 2")
    }

    /// Calls of threads that alternate: only the order of the records counts.
    @Test func unfinishedAndResumed() {
        var writer = LineWriter()
        var text = writer.text(entered(.read, [0, 0x1000, 10]))
        #expect(writer.isLineOpen)
        text += writer.text(entered(.getpid, [], tid: 3))
        text += writer.text(left(.getpid, 3, tid: 3))
        text += writer.text(left(.read, 1, [(1, 0, bytes("x"))]))
        #expect(text == """
            [2] read(0,  <unfinished ...>
            [3] getpid() = 3
            [2] <... read resumed>"x", 10) = 1

            """)
        #expect(writer.finish() == "")
        _ = writer.text(entered(.pause, []))
        #expect(writer.finish() == " <unfinished ...>\n")
        // A result without a call, as after a filter of the kernel's.
        #expect(writer.text(left(.vfork, 5, tid: 9)) == "")
    }

    @Test func programs() {
        var writer = LineWriter()
        var record = RecordBuilder(TraceKind.program)
        record.put(words([(9, 4)]) + bytes("/bin/true"))
        record.pad()
        record.put(stringVector(["true", "x"]))
        #expect(writer.text(record.event) == #"[2] execve("/bin/true", ["true", "x"], ...) = 0"# + "\n")
        let call = writer.text(entered(.execve, [1, 2, 3], [(0, 0, bytes("/b"))]))
        #expect(call + writer.text(record.event) == #"[2] execve("/b", 0x2, 0x3) = 0"# + "\n")
    }

    @Test func logLines() {
        var writer = LineWriter()
        var record = RecordBuilder(TraceKind.log, flags: 3)
        record.put(words([(6, 4)]) + bytes("a\u{1b}[2J\n"))
        #expect(writer.text(record.event) == "martlet: info: [2] a?[2J?\n")
    }

    /// Bytes that no kernel writes change nothing but the text.
    @Test func hostileRecords() {
        #expect(TraceEvent.length([1, 0, 0, 0]) == nil)
        #expect(TraceEvent.length([UInt8](repeating: 255, count: 16)) == nil)
        #expect(TraceEvent.length([20] + [UInt8](repeating: 0, count: 15)) == nil)
        var generator = SystemRandomNumberGenerator()
        var writer = LineWriter()
        var audit = Audit()
        for round in 0..<3000 {
            var bytes = (0..<Int.random(in: 16...400, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            bytes[4] = UInt8(round % 10)
            bytes[5] = 0
            if round % 2 == 0, bytes.count > 32 { bytes.replaceSubrange(17..<24, with: [UInt8](repeating: 0, count: 7)) }
            if round % 3 == 0 { bytes.replaceSubrange(8..<16, with: [2, 0, 0, 0, 2, 0, 0, 0]) }
            let text = writer.text(TraceEvent(bytes))
            #expect(!text.utf8.contains { $0 < 32 && $0 != 10 })
            audit.add(TraceEvent(bytes))
        }
        audit.finish()
        #expect(!audit.report(command: ["x"], status: 0, lost: 0).isEmpty)
    }
}
