import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// open(2), close(2), dup(2) and their relatives.
extension SyscallContext {
    private func open(_ directory: Int32, _ path: Bytes, _ request: OpenRequest) throws(Errno) -> Int {
        if path.isEmpty { throw .ENOENT }
        let descriptor = try files.reserve(limit: descriptorLimit, closeOnExec: request.flags & O_CLOEXEC != 0)
        // The table may be another one's too, but this task stays one of its users.
        let files = files
        do throws(Errno) {
            // RESOLVE_IN_ROOT makes the directory matter to absolute paths as well.
            let from: Path?
            if request.lookup.contains(.inRoot), directory != AT_FDCWD {
                guard let place = try files.getAny(directory).path else { throw Errno.ENOTDIR }
                from = place
            } else {
                from = try start(directory, path)
            }
            files.fill(descriptor, try vfs.open(path.span, at: from, request, fs, credentials))
        } catch {
            files.cancel(descriptor)
            throw error
        }
        return Int(descriptor)
    }

    /// open(2)
    func sysOpen() throws(Errno) -> Int {
        let request = try OpenRequest(flags: u1, mode: u2)
        return try open(AT_FDCWD, try path(at: a0), request)
    }

    /// creat(2)
    func sysCreat() throws(Errno) -> Int {
        try open(AT_FDCWD, try path(at: a0), try OpenRequest(flags: O_CREAT | O_WRONLY | O_TRUNC, mode: u1))
    }

    /// openat(2)
    func sysOpenat() throws(Errno) -> Int {
        let request = try OpenRequest(flags: u2, mode: u3)
        return try open(i0, try path(at: a1), request)
    }

    /// openat2(2)
    func sysOpenat2() throws(Errno) -> Int {
        let how = try UserMemory.load(OpenHow.self, size: a3, at: a2)
        let request = try OpenRequest(flags: how.flags, mode: how.mode, resolve: how.resolve)
        return try open(i0, try path(at: a1), request)
    }

    /// close(2)
    func sysClose() throws(Errno) -> Int {
        try files.close(i0)
        return 0
    }

    /// close_range(2)
    func sysCloseRange() throws(Errno) -> Int {
        guard u2 & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) == 0, u0 <= u1 else { throw .EINVAL }
        if u2 & CLOSE_RANGE_UNSHARE != 0, files.users > 1 {
            // What is to be closed need not be copied when it goes to the end.
            let keepsAll = u2 & CLOSE_RANGE_CLOEXEC != 0 || Int(u1) < files.capacity
            let copy = files.copy(below: keepsAll ? .max : Int(u0))
            let old = files
            task.files = copy
            old.release()
        }
        files.closeRange(u0, u1, onlyMark: u2 & CLOSE_RANGE_CLOEXEC != 0)
        return 0
    }

    /// dup(2)
    func sysDup() throws(Errno) -> Int {
        Int(try files.install(try files.getAny(i0), limit: descriptorLimit, closeOnExec: false))
    }

    /// dup2(2)
    func sysDup2() throws(Errno) -> Int {
        if i0 == i1 {
            _ = try files.getAny(i0)
            return Int(i1)
        }
        try files.duplicate(i0, to: i1, limit: descriptorLimit, closeOnExec: false)
        return Int(i1)
    }

    /// dup3(2)
    func sysDup3() throws(Errno) -> Int {
        guard u2 & ~O_CLOEXEC == 0, i0 != i1 else { throw .EINVAL }
        try files.duplicate(i0, to: i1, limit: descriptorLimit, closeOnExec: u2 != 0)
        return Int(i1)
    }

    /// umask(2)
    func sysUmask() -> Int {
        let old = fs.umask
        fs.umask = u0 & 0o777
        return Int(old)
    }
}
