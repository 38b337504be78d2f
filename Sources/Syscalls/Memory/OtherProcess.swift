import KernelBase
import LinuxABI
import Machine
import Memory
import Tasks
import VFS

extension SyscallContext {
    /// An array of struct iovec. `EINVAL` for more than 1024, or a length that is negative; `EFAULT`.
    private func segments(at address: UInt, count: UInt) throws(Errno) -> [IOSegment] {
        guard count <= 1024 else { throw .EINVAL }
        var result: [IOSegment] = []
        result.reserveCapacity(Int(count))
        for index in 0..<count {
            let base = try UserMemory.load(UInt.self, at: address &+ index &* 16)
            let length = try UserMemory.load(UInt.self, at: address &+ index &* 16 &+ 8)
            guard length <= UInt(Int.max) else { throw .EINVAL }
            result.append(IOSegment(address: base, count: length))
        }
        return result
    }

    /// process_vm_readv(2)
    func sysProcessVmReadv() throws(Errno) -> Int { try transfer(toRemote: false) }
    /// process_vm_writev(2)
    func sysProcessVmWritev() throws(Errno) -> Int { try transfer(toRemote: true) }

    /// Only memory of the caller's own address space can be reached: that of another process is in another host
    /// process, where the caller has no business (`EPERM`, as under a strict ptrace scope).
    private func transfer(toRemote: Bool) throws(Errno) -> Int {
        guard a5 == 0 else { throw .EINVAL }
        let local = try segments(at: a1, count: a2)
        var total: UInt = 0
        for segment in local {
            guard UserMemory.isUserRange(segment.address, segment.count) || segment.count == 0 else { throw .EFAULT }
            total = min(0x7fff_f000, total &+ min(segment.count, 0x7fff_f000))
        }
        guard total > 0 else { return 0 }
        let remote = try segments(at: a3, count: a4)
        var remoteTotal: UInt = 0
        for segment in remote { remoteTotal |= segment.count }
        guard remoteTotal > 0 else { return 0 }
        guard let target = TaskTable.shared.task(i0), target.process.state != .zombie else { throw .ESRCH }
        guard target.process.memory === memory else { throw .EPERM }

        var localIndex = 0, localDone: UInt = 0
        var done = 0
        for segment in remote {
            var remoteDone: UInt = 0
            while remoteDone < segment.count, UInt(done) < total {
                while localIndex < local.count, localDone == local[localIndex].count {
                    localIndex &+= 1
                    localDone = 0
                }
                guard localIndex < local.count else { return done }
                let mine = local[localIndex].address &+ localDone, theirs = segment.address &+ remoteDone
                // Up to the end of the remote page, so that a fault there loses nothing before it.
                let piece = min(segment.count &- remoteDone, local[localIndex].count &- localDone, Page.size &- theirs & Page.mask,
                                total &- UInt(done))
                do throws(Errno) {
                    let bytes = try UserMemory.copyIn(Int(piece), from: toRemote ? mine : theirs)
                    try UserMemory.copyOut(bytes.span, to: toRemote ? theirs : mine)
                } catch {
                    if done == 0 { throw .EFAULT }
                    return done
                }
                done &+= Int(piece)
                remoteDone &+= piece
                localDone &+= piece
            }
        }
        return done
    }

    /// process_madvise(2), for the caller's own address space.
    func sysProcessMadvise() throws(Errno) -> Int {
        guard u4 == 0 else { throw .EINVAL }
        let ranges = try segments(at: a1, count: a2)
        let target = try PidFile.process(try files.getAny(i0))
        guard target.state != .zombie else { throw .ESRCH }
        guard target.memory === memory else { throw .EPERM }
        var done: UInt = 0
        for range in ranges {
            do throws(Errno) {
                try memory.advise(range.address, range.count, i3, privileged: credentials.has(21))
            } catch {
                if done == 0 { throw error }
                break
            }
            done &+= range.count
        }
        return Int(bitPattern: done)
    }
}
