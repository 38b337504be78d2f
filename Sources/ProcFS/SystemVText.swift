import IPC
import KernelBase
import LinuxABI

/// The tables of /proc/sysvipc.
enum SystemVText {
    /// /proc/sysvipc/sem
    static func semaphores() -> Bytes {
        var text = Bytes("       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n")
        SystemV.shared.semaphores.forEach { set in
            let permissions = begin(&text, set)
            field(&text, set.values.count, 10)
            owners(&text, permissions)
            field(&text, Int(set.operationTime), 10)
            field(&text, Int(set.changeTime), 10)
            text.append("\n")
        }
        return text
    }

    /// /proc/sysvipc/msg
    static func queues() -> Bytes {
        var text = Bytes("       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      rtime      ctime\n")
        SystemV.shared.queues.forEach { queue in
            let permissions = begin(&text, queue)
            field(&text, queue.bytes, 11)
            field(&text, queue.count, 10)
            field(&text, Int(queue.lastSender), 5)
            field(&text, Int(queue.lastReceiver), 5)
            owners(&text, permissions)
            field(&text, Int(queue.sendTime), 10)
            field(&text, Int(queue.receiveTime), 10)
            field(&text, Int(queue.changeTime), 10)
            text.append("\n")
        }
        return text
    }

    /// /proc/sysvipc/shm
    static func segments() -> Bytes {
        var text = Bytes("       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap\n")
        SystemV.shared.segments.forEach { segment in
            let permissions = begin(&text, segment)
            field(&text, segment.size, 21)
            field(&text, Int(segment.creator), 5)
            field(&text, Int(segment.lastPID), 5)
            field(&text, segment.attached, 6)
            owners(&text, permissions)
            field(&text, Int(segment.attachTime), 10)
            field(&text, Int(segment.detachTime), 10)
            field(&text, Int(segment.changeTime), 10)
            field(&text, segment.residentPages &* 4096, 21)
            field(&text, 0, 21)
            text.append("\n")
        }
        return text
    }

    /// Key, id and mode, with which every line begins.
    private static func begin(_ text: inout Bytes, _ object: SystemVObject) -> IpcPerm {
        let permissions = object.permissions
        pad(&text, Int(object.key), 10)
        field(&text, Int(object.id), 10)
        var mode: Bytes = []
        mode.append(octal: UInt(permissions.mode))
        text.append(" ")
        text.append(rightAligned: mode, width: 5)
        return permissions
    }

    private static func owners(_ text: inout Bytes, _ permissions: IpcPerm) {
        for id in [permissions.uid, permissions.gid, permissions.cuid, permissions.cgid] { field(&text, Int(id), 5) }
    }

    private static func field(_ text: inout Bytes, _ value: Int, _ width: Int) {
        text.append(" ")
        pad(&text, value, width)
    }

    private static func pad(_ text: inout Bytes, _ value: Int, _ width: Int) {
        var number: Bytes = []
        number.append(decimal: value)
        text.append(rightAligned: number, width: width)
    }
}
