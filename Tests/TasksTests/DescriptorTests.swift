import KernelBase
import LinuxABI
import Machine
import Testing
import VFS

@testable import Tasks

extension TaskLayer {
    @Suite struct Descriptors {
        @Test func pidFilesShowTheEndOfAProcess() throws {
            let world = World()
            let child = try world.makeChild()
            let file = try #require(try PidFile.open(child.tid, flags: 0) as? PidFile)
            #expect(file.poll(nil) == 0 && file.shownPID == child.tid)
            child.process.state = .zombie
            #expect(file.poll(nil) == POLLIN | POLLRDNORM)
            child.process.reap()
            #expect(file.poll(nil) == POLLIN | POLLRDNORM | POLLHUP && file.shownPID == -1)
            #expect(failure { () throws(Errno) in try world.task.signal(file, 0, nil, scope: 0) } == .ESRCH)
            #expect(failure { () throws(Errno) in _ = try PidFile.open(child.tid, flags: 0) } == .ESRCH)
            #expect(failure { () throws(Errno) in _ = try PidFile.open(0, flags: 0) } == .EINVAL)
            #expect(failure { () throws(Errno) in _ = try PidFile.open(2, flags: 1) } == .EINVAL)
        }

        @Test func signalsThroughPidFiles() throws {
            let world = World(uid: 1000)
            let child = try world.makeChild()
            child.blocked.insert(SIGUSR1)
            let file = try PidFile.of(try PidFile.open(child.tid, flags: 0))
            try world.task.signal(file, SIGUSR1, nil, scope: 0)
            #expect(child.process.sharedPending.count == 1)
            try world.task.signal(file, SIGUSR1, nil, scope: PIDFD_SIGNAL_THREAD)
            #expect(child.pending.count == 1)
            // Nobody may pretend to be kill(2) towards another.
            let forged = Siginfo(signo: SIGUSR1, code: SI_USER)
            #expect(failure { () throws(Errno) in try world.task.signal(file, SIGUSR1, forged, scope: 0) } == .EPERM)
            #expect(failure { () throws(Errno) in try world.task.signal(file, SIGUSR2, forged, scope: 0) } == .EINVAL)
            #expect(failure { () throws(Errno) in try world.task.signal(file, 65, nil, scope: 0) } == .EINVAL)
            let initFile = try PidFile.of(try PidFile.open(1, flags: 0))
            #expect(failure { () throws(Errno) in try world.task.signal(initFile, SIGUSR1, nil, scope: 0) } == .EPERM)
            #expect(failure { () throws(Errno) in _ = try world.task.file(of: initFile, 0) } == .EPERM)
        }

        @Test func signalFilesTakeTheSignalsOfTheReader() throws {
            let world = World()
            for signal in [SIGUSR1, SIGTERM, 40] { world.block(signal) }
            let file = SignalFile(mask: SignalSet(bits: SignalSet(SIGUSR1).bits | SignalSet(40).bits | SignalSet(SIGKILL).bits), flags: SFD_NONBLOCK)
            #expect(!file.mask.contains(SIGKILL))
            func read(_ count: Int) throws(Errno) -> Bytes {
                let target = KernelBuffer()
                var buffer = IOBuffer(kernel: target, count: count)
                let n = try file.read(&buffer, at: 0)
                #expect(n == target.bytes.count)
                return target.bytes
            }
            #expect(failure { () throws(Errno) in _ = try read(127) } == .EINVAL)
            #expect(failure { () throws(Errno) in _ = try read(128) } == .EAGAIN)
            world.process.send(SIGTERM, world.task.senderInfo(SIGTERM))
            #expect(file.poll(nil) == 0)
            world.process.send(40, Siginfo.queue(40, pid: 2, uid: 0, value: 5))
            world.task.send(SIGUSR1, world.task.senderInfo(SIGUSR1))
            #expect(file.poll(nil) == POLLIN)
            let records = try read(1000)
            #expect(records.count == 256)
            #expect(records.load32(at: 0) == UInt32(SIGUSR1) && records.load32(at: 128) == 40 && records.load32(at: 128 + 44) == 5)
            #expect(world.process.sharedPending.set == SignalSet(SIGTERM))
            file.setMask(SignalSet(SIGTERM), world.task)
            #expect(try read(128).load32(at: 0) == UInt32(SIGTERM))
        }
    }

    @Suite struct LimitsAndScheduling {
        @Test func rulesOfLimits() throws {
            let world = World(uid: 1000)
            let process = world.process
            func set(_ resource: UInt32, _ cur: UInt64, _ max: UInt64, privileged: Bool = false) -> Errno? {
                failure { () throws(Errno) in try process.setLimit(resource, Rlimit(cur: cur, max: max), isPrivileged: privileged) }
            }
            #expect(set(16, 1, 1) == .EINVAL)
            #expect(set(RLIMIT_NOFILE, 31, 30) == .EINVAL)
            #expect(set(RLIMIT_NOFILE, 20, 30) == nil)
            #expect(set(RLIMIT_NOFILE, 20, 31) == .EPERM)
            #expect(set(RLIMIT_NOFILE, 20, 31, privileged: true) == nil)
            #expect(set(RLIMIT_NOFILE, 20, .max, privileged: true) == .EPERM)
            #expect(set(RLIMIT_AS, 1 << 30, 1 << 31) == nil)
            #expect(process.memory.limits.addressSpace == 1 << 30)
            #expect(set(RLIMIT_FSIZE, 100, 1000) == nil)
            #expect(VFS.shared.hooks.fileSizeLimit == 100)
            VFS.shared.hooks.fileSizeExceeded()
            #expect(world.task.pending.set.contains(SIGXFSZ))
            let root = try #require(TaskTable.shared.task(1))
            #expect(!world.task.mayLimit(root) && root.mayLimit(world.task))
        }

        @Test func policiesWithoutPrivilege() throws {
            let world = World(uid: 1000)
            let task = world.task
            func set(_ policy: Int32?, _ priority: UInt32 = 0, nice: Int32? = nil, flags: UInt64 = 0) -> Errno? {
                var request = SchedulingRequest(policy: policy, nice: nice ?? task.nice, priority: priority)
                request.flags = flags
                return failure { () throws(Errno) in try task.schedule(task, request) }
            }
            #expect(set(4) == .EINVAL && set(SCHED_OTHER, 1) == .EINVAL && set(SCHED_FIFO) == .EINVAL)
            #expect(set(SCHED_FIFO, 1) == .EPERM && set(SCHED_FIFO, 100) == .EINVAL)
            #expect(set(SCHED_BATCH) == nil && task.policy == SCHED_BATCH)
            #expect(set(SCHED_OTHER, nice: 3) == nil && task.nice == 3)
            #expect(set(SCHED_OTHER, nice: 2) == .EPERM)
            #expect(set(SCHED_OTHER, flags: SCHED_FLAG_RESET_ON_FORK) == nil && task.resetOnFork)
            #expect(set(SCHED_OTHER) == .EPERM)
            #expect(failure { () throws(Errno) in try task.setNice(of: task, 1) } == .EACCES)
            #expect(failure { () throws(Errno) in try task.setNice(of: task, 19) } == nil)
            let root = try #require(TaskTable.shared.task(1))
            #expect(failure { () throws(Errno) in try task.setNice(of: root, 19) } == .EPERM)
            #expect(failure { () throws(Errno) in try root.schedule(task, SchedulingRequest(policy: SCHED_RR, nice: 0, priority: 5)) } == nil)
            #expect(task.policy == SCHED_RR && task.schedulingPriority == 5)
        }

        @Test func affinityIsLimitedToTheSandboxes() throws {
            let world = World()
            let task = world.task
            #expect(failure { () throws(Errno) in try task.setAffinity(of: task, [4]) } == .EINVAL)
            try task.setAffinity(of: task, [6])
            #expect(task.affinity == [2])
            #expect(task.tasks(.user, 0).count == 2 && task.tasks(.group, 99).isEmpty)
            task.nice = 10
            #expect(task.effectiveIOPriority == 2 << 13 | 6)
        }

        @Test func subreapersReachExistingDescendants() throws {
            let world = World()
            let child = try world.makeChild()
            world.process.setSubreaper(true)
            #expect(child.process.hasSubreaperAncestor)
        }
    }
}
