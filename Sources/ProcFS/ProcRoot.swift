import KernelBase
import LinuxABI
import Machine
import Tasks
import VFS

/// /proc itself: the sandbox's own entries, then a directory for each process.
final class ProcRoot: PseudoInode {
    private let tree: StaticDirectory
    private let proc: ProcSuperblock
    /// Positions of processes in a listing: this and the pid.
    private static var firstProcess: Int { 256 }

    init(_ superblock: ProcSuperblock) {
        proc = superblock
        tree = StaticDirectory(superblock, number: 0, nextNumber: { superblock.nextNumber() }) { ProcRoot.build($0, superblock) }
        super.init(superblock, number: 1, mode: S_IFDIR | 0o555)
    }

    private static func build(_ root: StaticDirectory, _ superblock: ProcSuperblock) {
        root.add(Bytes("self"), TextLink(superblock, number: superblock.nextNumber()) {
            var text: Bytes = []
            text.append(decimal: Int(Task.current.process.pid))
            return text
        })
        root.add(Bytes("thread-self"), TextLink(superblock, number: superblock.nextNumber()) {
            var text: Bytes = []
            text.append(decimal: Int(Task.current.process.pid))
            text.append("/task/")
            text.append(decimal: Int(Task.current.tid))
            return text
        })
        root.link("mounts", to: "self/mounts")
        root.link("net", to: "self/net")
        SystemText.build(root, superblock)
        Sysctl.build(root, superblock)
    }

    override func refresh() throws(Errno) {
        try tree.refresh()
        linkCount = tree.linkCount &+ UInt32(TaskTable.shared.allProcesses.count)
    }

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        if let first = name.first, first >= 48, first <= 57 {
            guard let tid = ProcText.number(name), let task = TaskTable.shared.task(tid) else { throw .ENOENT }
            return ProcessDirectory(proc, TaskReference(task, isThread: false))
        }
        return try tree.lookup(name)
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        if position < ProcRoot.firstProcess {
            var goesOn = true
            try tree.list(from: position) { name, number, type, next in
                goesOn = emit(name, number, type, next)
                return goesOn
            }
            if !goesOn { return }
        }
        var from = max(1, position &- ProcRoot.firstProcess)
        while let process = TaskTable.shared.process(from: from) {
            let pid = Int(process.pid)
            from = pid &+ 1
            guard let task = process.leader else { continue }
            var name: Bytes = []
            name.append(decimal: pid)
            let number = ProcessInode.number(TaskReference(task, isThread: false), ProcessDirectory.ownNumber)
            guard emit(name, number, DT_DIR, ProcRoot.firstProcess &+ from) else { return }
        }
    }
}
