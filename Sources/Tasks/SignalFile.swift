// Signals that are read, signalfd(2).

import IPC
import KernelBase
import LinuxABI
import Machine
import VFS

/// A signalfd. It has no signals of its own: a read takes those of the task that reads.
public final class SignalFile: File {
    public private(set) var mask: SignalSet

    /// - Parameter flags: SFD_NONBLOCK.
    public init(mask: SignalSet, flags: UInt32) {
        self.mask = mask.subtracting(.unblockable)
        super.init(inode: IPCState.shared.anonymousInode, path: nil, flags: O_RDWR | (flags & SFD_NONBLOCK))
    }

    /// signalfd(2) of an existing descriptor.
    public func setMask(_ mask: SignalSet, _ task: Task) {
        self.mask = mask.subtracting(.unblockable)
        task.process.signalEvents.wakeAll(POLLIN)
    }

    /// Takes as many signals as fit, and waits only for the first.
    public override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        guard buffer.count >= SignalfdSiginfo.size else { throw .EINVAL }
        let task = Task.current
        var done = 0
        while buffer.count >= SignalfdSiginfo.size {
            var found = task.dequeueSignal(mask)
            if found == nil {
                if done > 0 { break }
                if isNonBlocking { throw .EAGAIN }
                _ = try task.process.signalEvents.wait { () throws(Errno) in
                    found = task.dequeueSignal(self.mask)
                    return found != nil
                }
            }
            task.updateSignalWork()
            guard let info = found else { break }
            let record = info.signalfdRecord.encoded()
            var bytes = Bytes()
            bytes.reserveCapacity(SignalfdSiginfo.size)
            for index in 0..<SignalfdSiginfo.size / 8 { bytes.append(littleEndian: record.load(index * 8) as UInt64) }
            // As on Linux a signal that cannot be stored is lost.
            do throws(Errno) {
                guard try buffer.write(bytes) == bytes.count else { throw .EFAULT }
            } catch {
                if done > 0 { break }
                throw error
            }
            done += bytes.count
        }
        return done
    }

    public override var ignoresSeek: Bool { true }

    public override func poll(_ table: PollTable?) -> UInt32 {
        let task = Task.current
        table?.add(task.process.signalEvents)
        return task.pending.set.union(task.process.sharedPending.set).intersects(mask) ? POLLIN : 0
    }

    public override var linkText: Bytes { Bytes("anon_inode:[signalfd]") }
}
