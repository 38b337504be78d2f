import Foundation

/// Which conformance programs make which system calls, read from the programs themselves, so that it cannot go stale.
///
/// A program covers a call when its source names the call's number (`SYS_read`, `__NR_read`) or calls the C library's function
/// that makes it. What the headers shared by all programs do does not count: it is not what a program is about.
public struct ConformanceCoverage: Sendable {
    /// Names of calls to `area/name`, sorted.
    public private(set) var programs: [String: [String]] = [:]
    public let directory: String

    /// - Throws: ``CompatFailure`` if the directory cannot be read.
    public init(directory: String) throws {
        self.directory = directory
        guard let walk = FileManager.default.enumerator(atPath: directory) else { throw CompatFailure("cannot read \(directory)") }
        for case let path as String in walk where path.hasSuffix(".c") {
            guard let text = FileManager.default.contents(atPath: directory + "/" + path) else { throw CompatFailure("cannot read \(directory)/\(path)") }
            for call in Self.calls(inSource: [UInt8](text)) { programs[call, default: []].append(String(path.dropLast(2))) }
        }
        for call in programs.keys { programs[call]?.sort() }
    }

    /// Where the programs are: beside the source this was built from, or beside the executable. Nil if they are not here.
    public static func find(executable: String) -> ConformanceCoverage? {
        var places: [String] = []
        var ancestor = (executable as NSString).deletingLastPathComponent
        places.append((ancestor as NSString).deletingLastPathComponent + "/share/martlet/Conformance")
        for _ in 0..<4 {
            ancestor = (ancestor as NSString).deletingLastPathComponent
            places.append(ancestor + "/Conformance")
        }
        places.append(#filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/Conformance")
        return places.lazy.filter { FileManager.default.fileExists(atPath: $0 + "/common.h") }.compactMap { try? ConformanceCoverage(directory: $0) }.first
    }

    /// The system calls that a C source names.
    static func calls(inSource source: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        var index = 0
        func isWord(_ byte: UInt8) -> Bool {
            (byte >= 0x30 && byte <= 0x39) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a) || byte == UInt8(ascii: "_")
        }
        while index < source.count {
            let byte = source[index]
            let next = index + 1 < source.count ? source[index + 1] : 0
            if byte == UInt8(ascii: "/") && next == UInt8(ascii: "/") {
                while index < source.count && source[index] != UInt8(ascii: "\n") { index += 1 }
            } else if byte == UInt8(ascii: "/") && next == UInt8(ascii: "*") {
                index += 2
                while index + 1 < source.count && !(source[index] == UInt8(ascii: "*") && source[index + 1] == UInt8(ascii: "/")) { index += 1 }
                index += 2
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                index += 1
                while index < source.count && source[index] != byte && source[index] != UInt8(ascii: "\n") { index += source[index] == UInt8(ascii: "\\") ? 2 : 1 }
                index += 1
            } else if isWord(byte) {
                let start = index
                while index < source.count && isWord(source[index]) { index += 1 }
                let word = String(decoding: source[start..<index], as: UTF8.self)
                if word.hasPrefix("SYS_") {
                    found.insert(String(word.dropFirst(4)))
                } else if word.hasPrefix("__NR_") {
                    found.insert(String(word.dropFirst(5)))
                } else if index < source.count && source[index] == UInt8(ascii: "(") {
                    // A field of that name is no function.
                    let previous = source[..<start].last
                    if previous != UInt8(ascii: ".") && previous != UInt8(ascii: ">") { found.formUnion(LibraryCalls.calls(of: word)) }
                }
            } else {
                index += 1
            }
        }
        return found.intersection(CallTable.byName.keys)
    }
}

/// Which system calls the functions of glibc 2.36 on x86-64 make, where that is not the call of the same name.
enum LibraryCalls {
    static func calls(of function: String) -> [String] { other[function] ?? [function] }

    private static let other: [String: [String]] = {
        var table: [String: [String]] = [:]
        for line in lines.split(separator: "\n") {
            let parts = line.split(separator: ":")
            guard parts.count == 2 else { continue }
            for function in parts[0].split(separator: " ") { table[String(function)] = parts[1].split(separator: " ").map(String.init) }
        }
        return table
    }()

    private static let lines = """
        open open64 opendir shm_open mkstemp: openat
        stat lstat fstat fstatat: newfstatat
        readdir: getdents64
        fork: clone
        pthread_create: clone3 set_robust_list
        pthread_join pthread_cond_wait pthread_cond_timedwait pthread_barrier_wait sem_wait sem_timedwait: futex
        wait waitpid wait3: wait4
        execl execv execlp execvp execle execvpe fexecve: execve
        _exit: exit_group
        signal sigaction: rt_sigaction
        sigprocmask pthread_sigmask: rt_sigprocmask
        sigsuspend: rt_sigsuspend
        sigpending: rt_sigpending
        sigtimedwait sigwaitinfo sigwait: rt_sigtimedwait
        sigqueue: rt_sigqueueinfo
        pthread_sigqueue: rt_tgsigqueueinfo
        raise pthread_kill: tgkill
        select pselect: pselect6
        send: sendto
        recv: recvfrom
        eventfd: eventfd2
        signalfd: signalfd4
        nanosleep sleep usleep: clock_nanosleep
        getrlimit setrlimit prlimit: prlimit64
        statvfs: statfs
        fstatvfs: fstatfs
        futimens lutimes: utimensat
        posix_fallocate: fallocate
        posix_fadvise: fadvise64
        tcgetattr tcsetattr tcsendbreak tcflow tcflush tcdrain tcgetpgrp tcsetpgrp tcgetsid isatty ptsname grantpt unlockpt: ioctl
        posix_openpt: openat
        lockf: fcntl
        pthread_setaffinity_np: sched_setaffinity
        pthread_getaffinity_np: sched_getaffinity
        nice: setpriority
        uname gethostname: uname
        sbrk: brk
        umount: umount2
        mq_send: mq_timedsend
        mq_receive: mq_timedreceive
        mq_close: close
        mq_setattr mq_getattr: mq_getsetattr
        faccessat: faccessat faccessat2
        posix_spawn posix_spawnp system popen: clone3 execve
        gettid: gettid
        time gettimeofday: gettimeofday time
        """
}
