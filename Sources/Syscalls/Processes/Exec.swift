import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

extension SyscallContext {
    /// execve(2)
    func sysExecve() throws(Errno) -> Int {
        let path = try path(at: a0)
        let file = try task.openExecutable(path, at: nil, follow: true)
        return try execute(file, path, argv: a1, envp: a2)
    }

    /// execveat(2)
    func sysExecveat() throws(Errno) -> Int {
        let flags = u4
        guard flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW) == 0 else { throw .EINVAL }
        let path = try path(at: a1)
        let file: File
        var shown = path
        if path.isEmpty {
            guard flags & AT_EMPTY_PATH != 0 else { throw .ENOENT }
            if i0 == AT_FDCWD {
                file = try task.openExecutable(fs.workingDirectory)
            } else {
                let target = try files.getAny(i0)
                guard let place = target.path else { throw Errno(13) }
                file = try task.openExecutable(place)
                shown = Bytes("/dev/fd/")
                shown.append(decimal: Int(i0))
            }
        } else {
            var start: Path?
            if i0 != AT_FDCWD, path[0] != UInt8(ascii: "/") {
                start = try files.getAny(i0).path
                guard start != nil else { throw Errno(20) }
                shown = Bytes("/dev/fd/")
                shown.append(decimal: Int(i0))
                shown.append(UInt8(ascii: "/"))
                shown.append(contentsOf: path)
            }
            file = try task.openExecutable(path, at: start, follow: flags & AT_SYMLINK_NOFOLLOW == 0)
        }
        let usesDescriptor = i0 != AT_FDCWD && path.first != UInt8(ascii: "/")
        return try execute(file, shown, argv: a2, envp: a3, isPathInaccessible: usesDescriptor && files.isCloseOnExec(i0))
    }

    private func execute(_ file: File, _ path: Bytes, argv: UInt, envp: UInt, isPathInaccessible: Bool = false) throws(Errno) -> Int {
        file.acquire()
        defer { file.release() }
        var room = task.argumentLimit
        var arguments = try strings(at: argv, &room)
        let environment = try strings(at: envp, &room)
        // Linux has given programs without argv an empty argv[0] since 5.18.
        if arguments.isEmpty { arguments = [[]] }
        var request = ExecRequest(file: file, path: path, arguments: arguments, environment: environment)
        request.isPathInaccessible = isPathInaccessible
        try task.execute(request)
        return Int(bitPattern: Frame.current.rax)
    }

    /// A null-terminated array of strings. `E2BIG` when they are too many or too long, `EFAULT`.
    private func strings(at address: UInt, _ room: inout Int) throws(Errno) -> [Bytes] {
        guard address != 0 else { return [] }
        var result: [Bytes] = []
        var position = address
        while true {
            let pointer = try UserMemory.load(UInt.self, at: position)
            if pointer == 0 { return result }
            let size = try UserMemory.stringSize(at: pointer, limit: 131072)
            room -= size + 8
            guard size <= 131072, room >= 0 else { throw Errno(7) }
            result.append(try UserMemory.copyIn(size - 1, from: pointer))
            position &+= 8
        }
    }
}
