import KernelBase
import LinuxABI

/// An open directory whose owner is sent a signal when something happens in it: fcntl(2) F_NOTIFY.
struct DirectoryNote {
    let file: File
    /// Who asked: the request ends when this table closes a descriptor of the file.
    let table: FileTable
    /// For the signal's si_fd.
    var descriptor: Int32
    /// DN_*.
    var mask: UInt32

    /// The DN_ bits of an event of inotify.
    static func mask(of event: UInt32) -> UInt32 {
        var mask: UInt32 = 0
        if event & IN_ACCESS != 0 { mask |= DN_ACCESS }
        if event & IN_MODIFY != 0 { mask |= DN_MODIFY }
        if event & (IN_CREATE | IN_MOVED_TO) != 0 { mask |= DN_CREATE }
        if event & (IN_DELETE | IN_MOVED_FROM) != 0 { mask |= DN_DELETE }
        if event & IN_ATTRIB != 0 { mask |= DN_ATTRIB }
        return mask
    }
}

extension VFS {
    /// fcntl(2) F_NOTIFY.
    /// - Parameter mask: DN_*; without any event the request is taken back.
    /// - Throws: `ENOTDIR`.
    public func notifyDirectory(_ file: File, _ descriptor: Int32, _ mask: UInt32, of table: FileTable) throws(Errno) {
        if mask & ~DN_MULTISHOT == 0 {
            file.inode.extra?.forgetNotes(file, of: table)
            return
        }
        guard file.inode.isDirectory else { throw .ENOTDIR }
        // Who has set a receiver before keeps it.
        try file.setOwner(type: F_OWNER_PID, id: hooks.processID, force: false)
        let extra = file.inode.requireExtra()
        for index in extra.notes.indices where extra.notes[index].file === file && extra.notes[index].table === table {
            extra.notes[index].descriptor = descriptor
            extra.notes[index].mask |= mask
            return
        }
        extra.notes.append(DirectoryNote(file: file, table: table, descriptor: descriptor, mask: mask))
        watchCount &+= 1
    }
}

extension InodeExtra {
    /// Signals those who want to know.
    /// - Parameter events: DN_*.
    func tellNotes(_ events: UInt32) {
        var due: [DirectoryNote] = []
        var kept: [DirectoryNote] = []
        for note in notes {
            let isDue = note.mask & events != 0
            if isDue { due.append(note) }
            if !isDue || note.mask & DN_MULTISHOT != 0 { kept.append(note) }
        }
        if due.isEmpty { return }
        VFS.shared.watchCount &-= notes.count &- kept.count
        notes = kept
        for note in due { note.file.signalOwner(note.descriptor, POLL_MSG) }
    }

    /// A descriptor is closed, the request is taken back, or (without a table) the description is gone.
    func forgetNotes(_ file: File, of table: FileTable? = nil) {
        let before = notes.count
        notes.removeAll { $0.file === file && (table == nil || $0.table === table) }
        VFS.shared.watchCount &-= before &- notes.count
    }
}
