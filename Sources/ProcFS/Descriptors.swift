import IPC
import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// /proc/PID/fd, whose links lead to the open files, and /proc/PID/fdinfo, whose files describe them.
final class DescriptorDirectory: ProcessInode {
    private let isInfo: Bool

    init(_ superblock: Superblock, _ subject: TaskReference, _ entry: ProcessEntry) {
        isInfo = entry == .fdinfo
        super.init(superblock, subject, number: ProcessInode.number(subject, UInt64(entry.rawValue) &+ 1), mode: entry.mode)
        // A process passes the check of permissions of its own descriptors' directory; it still cannot remove any.
        isImmutable = !isInfo && subject.found?.process === Task.current.process
    }

    private func number(_ descriptor: Int32) -> UInt64 {
        1 << 40 | UInt64(UInt32(bitPattern: subject.tid)) << 22 | (isInfo ? 1 << 21 : 0) | UInt64(descriptor & 0x1f_ffff)
    }

    /// Linux tells the number of open descriptors as the size.
    override func refresh() throws(Errno) {
        try super.refresh()
        size = isInfo ? 0 : subject.alive?.files.count ?? 0
    }

    private func check() throws(Errno) {
        guard let task = subject.found else { throw .ENOENT }
        if isInfo, !Task.current.mayInspect(task) { throw .EACCES }
    }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        try check()
        return try super.open(path, flags: flags, credentials)
    }

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        try check()
        guard let task = subject.alive, let descriptor = ProcText.number(name), let file = task.files.file(descriptor) else { throw .ENOENT }
        if isInfo { return DescriptorInfo(superblock, subject, descriptor, number: number(descriptor)) }
        var mode = S_IFLNK
        if !file.isPathOnly {
            if file.isReadable { mode |= 0o500 }
            if file.isWritable { mode |= 0o300 }
        }
        return DescriptorLink(superblock, subject, descriptor, number: number(descriptor), mode: mode)
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        try check()
        guard let task = subject.alive else { return }
        var next = Int32(truncatingIfNeeded: max(0, min(position &- 2, FileTable.maximum)))
        while let descriptor = task.files.next(from: next) {
            var name: Bytes = []
            name.append(decimal: Int(descriptor))
            guard emit(name, number(descriptor), isInfo ? DT_REG : DT_LNK, Int(descriptor) &+ 3) else { return }
            next = descriptor &+ 1
        }
    }
}

/// /proc/PID/fd/N. Opening it opens what the descriptor has open once more, be it a file whose name is gone, or a pipe.
final class DescriptorLink: ProcessInode {
    private let descriptor: Int32

    init(_ superblock: Superblock, _ subject: TaskReference, _ descriptor: Int32, number: UInt64, mode: UInt32) {
        self.descriptor = descriptor
        super.init(superblock, subject, number: number, mode: mode)
        size = 64
    }

    /// - Throws: `EACCES`, `ENOENT`.
    private func file() throws(Errno) -> File {
        guard let task = subject.found else { throw .ENOENT }
        guard Task.current.mayInspect(task) else { throw .EACCES }
        guard let file = subject.alive?.files.file(descriptor) else { throw .ENOENT }
        return file
    }

    override func readLink() throws(Errno) -> Bytes { ProcText.name(try file(), root: Task.current.fs.root) }

    override func followMagicLink() throws(Errno) -> Path? {
        let file = try file()
        return file.path ?? file.inode.namelessPath()
    }
}

/// /proc/PID/fdinfo/N.
final class DescriptorInfo: ProcessInode {
    private let descriptor: Int32

    init(_ superblock: Superblock, _ subject: TaskReference, _ descriptor: Int32, number: UInt64) {
        self.descriptor = descriptor
        super.init(superblock, subject, number: number, mode: S_IFREG | 0o444)
    }

    override func checkOpen(flags: UInt32) throws(Errno) { _ = try subject.inspectable() }

    override func text() throws(Errno) -> Bytes {
        guard let files = subject.alive?.files, let file = files.file(descriptor) else { throw .ENOENT }
        var text: Bytes = []
        text.line("pos:\t", file.position)
        text.append("flags:\t0")
        text.append(octal: UInt(file.flags | (files.isCloseOnExec(descriptor) ? O_CLOEXEC : 0)))
        text.append("\n")
        text.line("mnt_id:\t", Int(file.path?.mount.id ?? 0))
        text.append("ino:\t")
        text.append(decimal: UInt(file.inode.number))
        text.append("\n")
        if let inotify = file as? InotifyFile {
            for watch in inotify.watchList {
                text.append("inotify wd:")
                text.append(hex: UInt(UInt32(bitPattern: watch.number)))
                text.append(" ino:")
                text.append(hex: UInt(watch.inode.number))
                text.append(" sdev:")
                text.append(hex: UInt(watch.inode.superblock.device))
                text.append(" mask:")
                text.append(hex: UInt(watch.mask))
                text.append(" ignored_mask:0 \n")
            }
        } else if let pidFile = file as? PidFile {
            text.line("Pid:\t", Int(pidFile.shownPID))
            text.line("NSpid:\t", Int(pidFile.shownPID))
        }
        return text
    }
}
