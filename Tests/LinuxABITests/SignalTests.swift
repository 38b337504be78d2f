import Glibc
import LinuxABI
import Testing

struct SignalTests {
    @Test func sets() {
        var set = SignalSet.empty
        #expect(set.isEmpty && set.first == nil && set.nextToDeliver == nil)
        set.insert(LinuxABI.SIGUSR1)
        set.insert(LinuxABI.SIGHUP)
        set.insert(64)
        #expect(set.bits == 1 << 63 | 1 << 9 | 1 && set.count == 3 && set.first == 1)
        set.insert(LinuxABI.SIGSEGV)
        #expect(set.nextToDeliver == LinuxABI.SIGSEGV)
        set.remove(LinuxABI.SIGSEGV)
        #expect(set.nextToDeliver == LinuxABI.SIGHUP && set.contains(64) && !set.contains(63))
        for bad in [0, -1, 65, Int32.min, Int32.max] {
            set.insert(bad)
            #expect(!set.contains(bad) && SignalSet(bad).isEmpty && !isSignal(bad))
        }
        #expect(set.count == 3)
        #expect(SignalSet.unblockable.contains(LinuxABI.SIGKILL) && SignalSet.unblockable.contains(LinuxABI.SIGSTOP))
        #expect(SignalSet.realTime.first == LinuxABI.SIGRTMIN && SignalSet.realTime.count == 33)
        for signal in [LinuxABI.SIGSTOP, LinuxABI.SIGTSTP, LinuxABI.SIGTTIN, LinuxABI.SIGTTOU] {
            #expect(SignalSet.stopping.contains(signal) && defaultAction(of: signal) == .stop)
        }
        for signal in [LinuxABI.SIGSEGV, LinuxABI.SIGBUS, LinuxABI.SIGILL, LinuxABI.SIGTRAP, LinuxABI.SIGFPE, LinuxABI.SIGSYS] {
            #expect(SignalSet.synchronous.contains(signal) && defaultAction(of: signal) == .core)
        }
    }

    @Test func namesAndActions() {
        #expect("\(signalName(LinuxABI.SIGTERM))" == "SIGTERM" && "\(signalName(40))" == "SIGRT")
        #expect(defaultAction(of: LinuxABI.SIGCONT) == .continue && defaultAction(of: LinuxABI.SIGCHLD) == .ignore)
        #expect(defaultAction(of: 34) == .terminate && defaultAction(of: LinuxABI.SIGKILL) == .terminate)
    }

    /// What the kernel writes for a queued signal, an exited child and a timer, read with our offsets.
    @Test func siginfoOfTheKernel() {
        var blocked = sigset_t()
        sigemptyset(&blocked)
        sigaddset(&blocked, Glibc.SIGUSR2)
        pthread_sigmask(Glibc.SIG_BLOCK, &blocked, nil)
        // rt_tgsigqueueinfo to this very thread, so that no other thread of the test run gets it.
        var sent = bytes(of: Siginfo.queue(LinuxABI.SIGUSR2, pid: getpid(), uid: getuid(), value: 0x1234_5678_9abc))
        let result = sent.withUnsafeMutableBytes {
            hostCall(
                .rt_tgsigqueueinfo, Int(getpid()), hostCall(.gettid), Int(LinuxABI.SIGUSR2),
                Int(bitPattern: $0.baseAddress))
        }
        #expect(result == 0)
        var native = siginfo_t()
        #expect(sigwaitinfo(&blocked, &native) == Glibc.SIGUSR2)
        let info: Siginfo = decode(rawBytes(native))
        #expect(info.signo == LinuxABI.SIGUSR2 && info.code == LinuxABI.SI_QUEUE && info.layout == .queue)
        #expect(info.pid == getpid() && info.uid == getuid() && info.value == 0x1234_5678_9abc)
        #expect(info.signalfdRecord.ptr == 0x1234_5678_9abc && info.signalfdRecord.int == 0x5678_9abc)

        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup("exit 7"), nil]
        var pid: pid_t = 0
        #expect(posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, environ) == 0)
        arguments.forEach { free($0) }
        #expect(waitid(P_PID, id_t(pid), &native, Glibc.WEXITED) == 0)
        let child: Siginfo = decode(rawBytes(native))
        #expect(child.layout == .child && child.code == LinuxABI.CLD_EXITED)
        #expect(child.pid == pid && child.status == 7 && child.uid == getuid())
    }

    @Test func layouts() {
        #expect(Siginfo.fault(LinuxABI.SIGSEGV, code: SEGV_MAPERR, address: 5).layout == .fault)
        #expect(Siginfo(signo: LinuxABI.SIGUSR1, code: LinuxABI.SI_USER).layout == .kill)
        #expect(Siginfo(signo: LinuxABI.SIGSEGV, code: LinuxABI.SI_KERNEL).layout == .kill)
        #expect(Siginfo.timer(LinuxABI.SIGALRM, id: 1, overrun: 2, value: 3).layout == .timer)
        #expect(Siginfo.poll(LinuxABI.SIGIO, code: POLL_IN, band: 1, fd: 2).layout == .poll)
        #expect(Siginfo.system(callAddress: 1, syscall: 2, arch: AUDIT_ARCH_X86_64, filterData: 3).layout == .system)
        #expect(Siginfo(signo: LinuxABI.SIGUSR1, code: LinuxABI.SI_TKILL).layout == .queue)
    }
}
