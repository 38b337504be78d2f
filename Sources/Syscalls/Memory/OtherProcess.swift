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

    /// Copies pieces of up to 64 KiB, each by a thread of the other process (Memory/RemoteAccess.swift).
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
        guard let target = TaskTable.shared.task(i0), !target.isExiting, target.process.state != .zombie, !target.process.isInit else { throw .ESRCH }
        guard task.mayInspect(target) else { throw .EPERM }
        let space = target.process.memory, isOwn = space === memory

        var buffer = IOBuffer(segments: local)
        var done = 0
        for segment in remote {
            var position: UInt = 0
            while position < segment.count, UInt(done) < total {
                let piece = Int(min(segment.count &- position, total &- UInt(done), UInt(AddressSpace.remotePiece)))
                var moved = 0
                do throws(Errno) {
                    let address = segment.address &+ position
                    if toRemote {
                        let bytes = try buffer.read(piece)
                        moved = try space.writeRemotely(bytes, at: address, isForced: false, isOwn: isOwn)
                    } else {
                        let bytes = try space.readRemotely(piece, at: address, isForced: false, isOwn: isOwn)
                        moved = bytes.isEmpty ? 0 : try buffer.write(bytes)
                    }
                } catch {
                    return try SyscallContext.partly(done, error)
                }
                done &+= moved
                position &+= UInt(moved)
                if moved < piece { return try SyscallContext.partly(done, .EFAULT) }
            }
        }
        return done
    }

    private static func partly(_ done: Int, _ error: Errno) throws(Errno) -> Int {
        if done == 0 { throw error }
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
