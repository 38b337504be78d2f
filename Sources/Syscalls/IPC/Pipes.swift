import IPC
import LinuxABI
import Machine
import VFS

extension SyscallContext {
    /// pipe(2)
    func sysPipe() throws(Errno) -> Int { try makePipe(flags: 0) }

    /// pipe2(2)
    func sysPipe2() throws(Errno) -> Int { try makePipe(flags: u1) }

    private func makePipe(flags: UInt32) throws(Errno) -> Int {
        // O_EXCL is O_NOTIFICATION_PIPE, which needs a kernel with watch queues.
        guard flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT | O_EXCL) == 0 else { throw .EINVAL }
        if flags & O_EXCL != 0 { throw .ENOPKG }
        let (reader, writer) = try PipeFile.makePair(flags: flags)
        try installPair(reader, writer, closeOnExec: flags & O_CLOEXEC != 0) { (a, b) throws(Errno) in
            try UserMemory.store(UInt64(UInt32(bitPattern: a)) | UInt64(UInt32(bitPattern: b)) << 32, at: a0)
        }
        return 0
    }
}
