import KernelBase
import LinuxABI
import Machine
import VFS

// Access to the memory of another process: process_vm_readv(2), /proc/PID/mem, and what /proc tells of its pages.
//
// Each guest process is a host process, and the host is never asked to reach into another one. So a copy is done by one of the
// threads that have the memory: one that sleeps in the kernel is woken for it and sleeps on; one that runs the guest's
// code does it on its way through the kernel.

/// A copy that a thread of the address space is asked to make between its memory and the kernel.
final class RemoteCopy {
    let address: UInt
    let count: Int
    let writes: Bool
    /// Whatever the protection is, as a debugger may.
    let isForced: Bool
    /// What is to be written; what has been read.
    var bytes: Bytes
    /// Bytes copied; nil until somebody has done it.
    var done: Int?
    /// The address space was just being changed.
    var wasBusy = false
    /// Instead of a copy: makes ``bytes`` of what only the host process itself can find out. Does not sleep.
    let look: ((AddressSpace) -> Bytes)?

    init(reading count: Int, at address: UInt, isForced: Bool) {
        self.address = address
        self.count = count
        self.isForced = isForced
        writes = false
        bytes = []
        look = nil
    }
    init(look: @escaping (AddressSpace) -> Bytes) {
        address = 0
        count = 0
        isForced = false
        writes = false
        bytes = []
        self.look = look
    }
    init(writing bytes: Bytes, at address: UInt, isForced: Bool) {
        self.address = address
        self.bytes = bytes
        self.isForced = isForced
        count = bytes.count
        writes = true
        look = nil
    }
}

extension AddressSpace {
    /// Most bytes of one copy.
    public static var remotePiece: Int { 1 << 16 }

    /// Reads memory of this address space. Called by any process. May sleep.
    /// - Parameters:
    ///   - count: at most ``remotePiece``.
    ///   - isForced: also what the process itself may not read.
    ///   - isOwn: it is the calling thread's.
    /// - Returns: as much as is there, from the beginning.
    /// - Throws: `ESRCH` when the memory is gone, `ERESTARTSYS` when the caller dies.
    public func readRemotely(_ count: Int, at address: UInt, isForced: Bool, isOwn: Bool, deadline: UInt64 = .max) throws(Errno) -> Bytes {
        let copy = RemoteCopy(reading: min(count, AddressSpace.remotePiece), at: address, isForced: isForced)
        try make(copy, isOwn: isOwn, deadline)
        return copy.bytes
    }

    /// Writes memory of this address space. Called by any process. May sleep.
    /// - Parameter bytes: at most ``remotePiece``.
    /// - Returns: how many could be written.
    /// - Throws: as ``readRemotely(_:at:isForced:isOwn:deadline:)``.
    public func writeRemotely(_ bytes: Bytes, at address: UInt, isForced: Bool, isOwn: Bool) throws(Errno) -> Int {
        let copy = RemoteCopy(writing: bytes, at: address, isForced: isForced)
        try make(copy, isOwn: isOwn, .max)
        return copy.done ?? 0
    }

    /// Has a thread of this address space look at its pages. Called by another process. May sleep.
    /// - Parameter look: does not sleep.
    /// - Throws: `ESRCH` when the memory is gone, `ETIMEDOUT`, `ERESTARTSYS` when the caller dies.
    public func lookRemotely(deadline: UInt64, _ look: @escaping (AddressSpace) -> Bytes) throws(Errno) -> Bytes {
        let copy = RemoteCopy(look: look)
        try ask(copy, deadline)
        return copy.bytes
    }

    private func make(_ copy: RemoteCopy, isOwn: Bool, _ deadline: UInt64) throws(Errno) {
        for _ in 0..<8 {
            copy.done = nil
            copy.wasBusy = false
            if isOwn { perform(copy) } else { try ask(copy, deadline) }
            guard copy.wasBusy else { return }
            // A thread of the process changes the address space: once more when it is done.
            lock.lock()
            lock.unlock()
        }
    }

    private func ask(_ copy: RemoteCopy, _ deadline: UInt64) throws(Errno) {
        guard users > 0, let reach = manager.reach else { throw .ESRCH }
        remoteCopies.append(copy)
        reach(self)
        var inTime = false
        do throws(Errno) {
            inTime = try manager.remoteQueue.wait(deadline: deadline, .death) { () throws(Errno) in copy.done != nil }
        } catch {
            remoteCopies.removeAll { $0 === copy }
            throw error
        }
        guard inTime else {
            remoteCopies.removeAll { $0 === copy }
            throw .ETIMEDOUT
        }
        if copy.done == -1 { throw .ESRCH }
    }

    /// Makes the copies that other processes have asked for. Called by a thread in a host process that has this memory.
    /// Does not sleep.
    public func serveRemoteCopies() {
        guard !remoteCopies.isEmpty else { return }
        let copies = remoteCopies
        remoteCopies = []
        for copy in copies { perform(copy) }
        manager.remoteQueue.wakeAll()
    }

    /// The memory goes away: nobody will make these copies any more.
    func refuseRemoteCopies() {
        guard !remoteCopies.isEmpty else { return }
        for copy in remoteCopies { copy.done = -1 }
        remoteCopies = []
        manager.remoteQueue.wakeAll()
    }

    private func perform(_ copy: RemoteCopy) {
        if let look = copy.look {
            copy.bytes = look(self)
            copy.done = copy.bytes.count
            return
        }
        var done = 0
        while done < copy.count {
            let address = copy.address &+ UInt(done)
            guard UserMemory.isUserRange(address, 1) else { break }
            let piece = min(copy.count &- done, Int(Page.size &- address & Page.mask))
            var moved = transfer(copy, done, piece)
            if moved < piece, copy.isForced { moved = force(copy, done, piece) }
            done &+= moved
            if moved < piece {
                if lock.isHeld { copy.wasBusy = true }
                break
            }
        }
        copy.done = done
    }

    /// A piece within a page.
    private func transfer(_ copy: RemoteCopy, _ done: Int, _ count: Int) -> Int {
        let address = copy.address &+ UInt(done)
        if copy.writes {
            let part = Bytes(copy.bytes[done..<(done &+ count)])
            return UserMemory.copyOutPartly(part.span, to: address)
        }
        if copy.bytes.count > done { copy.bytes.removeLast(copy.bytes.count &- done) }
        guard let part = try? UserMemory.copyIn(count, from: address) else { return 0 }
        copy.bytes.append(contentsOf: part)
        return count
    }

    /// The same where the process itself may not: the page is made accessible for the moment. Private memory can be
    /// written so, and only it: that makes a copy of the page.
    private func force(_ copy: RemoteCopy, _ done: Int, _ count: Int) -> Int {
        let address = copy.address &+ UInt(done), page = Page.down(address)
        guard !lock.isHeld, let position = list.containing(address), address < list[position].populatedEnd else { return 0 }
        let vma = list[position]
        if copy.writes {
            guard !vma.flags.has(.write), !vma.flags.has(.mayShare), vma.flags.has(.mayWrite) else { return 0 }
            // What the program's text has become must not be taken for the file's any more.
            if vma.flags.has(.exec), vma.file != nil { list.setFlags(vma.flags.union(.account), at: position) }
        } else {
            guard !vma.flags.has(.access), vma.flags.has(.mayRead) else { return 0 }
        }
        host.keepsLock = true
        defer { host.keepsLock = false }
        do throws(Errno) {
            try host.protect(page, Page.size, vma.flags.protection | PROT_READ | (copy.writes ? PROT_WRITE : 0))
            let moved = transfer(copy, done, count)
            try host.protect(page, Page.size, vma.flags.protection)
            return moved
        } catch {
            return 0
        }
    }
}
