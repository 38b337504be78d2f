import KernelBase
import LinuxABI

/// The descriptors of a process, or of several that share them (CLONE_FILES).
///
/// A slot is free, reserved (its file is just being opened) or holds a file. A bit for each slot says
/// whether it is taken, so that the lowest free descriptor is found a word at a time.
public final class FileTable {
    /// Files by descriptor; as long as the table has ever been.
    private var slots: [File?] = []
    /// Bit set: taken (open or reserved).
    private var taken: [UInt64] = []
    /// Bit set: closed by exec.
    private var closeOnExecBits: [UInt64] = []
    /// No word of ``taken`` below this one has a free bit.
    private var firstFreeWord = 0
    /// Tasks that share the table; ``release()`` by the last one closes everything.
    public private(set) var users: Int = 1
    /// Number of open descriptors.
    public private(set) var count = 0

    /// Linux's fs.nr_open: no table grows beyond it, whatever RLIMIT_NOFILE says.
    public static var maximum: Int { 1 << 20 }

    public init() {}

    public func acquire() { users &+= 1 }

    /// The last user's release closes all descriptors. May sleep.
    public func release() {
        users &-= 1
        if users == 0 { closeAll() }
    }

    // --- looking up ---

    /// The file of a descriptor, for calls that work on its data.
    ///
    /// A call that may sleep holds it with ``File/acquire()`` and ``File/release()``.
    /// - Throws: `EBADF`, also for O_PATH descriptors.
    @inline(__always)
    public func get(_ descriptor: Int32) throws(Errno) -> File {
        let index = Int(descriptor)
        guard index >= 0, index < slots.count, let file = slots[index], !file.isPathOnly else { throw .EBADF }
        return file
    }

    /// The file of a descriptor, O_PATH or not.
    /// - Throws: `EBADF`.
    @inline(__always)
    public func getAny(_ descriptor: Int32) throws(Errno) -> File {
        let index = Int(descriptor)
        guard index >= 0, index < slots.count, let file = slots[index] else { throw .EBADF }
        return file
    }

    /// The file, or nil; for /proc and other readers.
    public func file(_ descriptor: Int32) -> File? {
        let index = Int(descriptor)
        return index >= 0 && index < slots.count ? slots[index] : nil
    }

    /// The lowest open descriptor that is at least `descriptor`, or nil.
    public func next(from descriptor: Int32) -> Int32? {
        var index = max(0, Int(descriptor))
        while index < slots.count {
            if slots[index] != nil { return Int32(truncatingIfNeeded: index) }
            index &+= 1
        }
        return nil
    }

    /// Slots the table has, FDSize in /proc/PID/status.
    public var capacity: Int { max(64, (slots.count &+ 63) & ~63) }

    // --- installing ---

    /// Takes the lowest free descriptor from `minimum` on.
    /// - Parameter limit: RLIMIT_NOFILE, soft.
    /// - Throws: `EMFILE`.
    public func reserve(from minimum: Int = 0, limit: UInt64, closeOnExec: Bool) throws(Errno) -> Int32 {
        let end = Int(min(limit, UInt64(FileTable.maximum)))
        let index = lowestFree(from: minimum)
        guard index < end else { throw .EMFILE }
        grow(to: index)
        setBit(index, closeOnExec: closeOnExec)
        return Int32(truncatingIfNeeded: index)
    }

    /// Gives a reserved descriptor its file, which gains a user.
    public func fill(_ descriptor: Int32, _ file: File) {
        let index = Int(descriptor)
        guard index >= 0, index < slots.count, slots[index] == nil else { return }
        file.acquire()
        slots[index] = file
        count &+= 1
    }

    /// Frees a descriptor that was reserved and not filled.
    public func cancel(_ descriptor: Int32) {
        let index = Int(descriptor)
        guard index >= 0, index < slots.count, slots[index] == nil else { return }
        clearBit(index)
    }

    /// Reserves and fills.
    /// - Returns: the descriptor.
    /// - Throws: `EMFILE`; the file is then untouched.
    public func install(_ file: File, from minimum: Int = 0, limit: UInt64, closeOnExec: Bool) throws(Errno) -> Int32 {
        let descriptor = try reserve(from: minimum, limit: limit, closeOnExec: closeOnExec)
        fill(descriptor, file)
        return descriptor
    }

    // --- closing ---

    /// close(2). May sleep.
    /// - Throws: `EBADF`, or what the file's flush reports (the descriptor is free then all the same).
    public func close(_ descriptor: Int32) throws(Errno) {
        guard let file = take(Int(descriptor)) else { throw .EBADF }
        try drop(file)
    }

    /// close_range(2) without CLOSE_RANGE_UNSHARE. May sleep.
    public func closeRange(_ first: UInt32, _ last: UInt32, onlyMark: Bool) {
        guard first <= last, !slots.isEmpty, Int(first) < slots.count else { return }
        var index = Int(first)
        while index <= Int(last), index < slots.count {
            if onlyMark {
                if isTaken(index) { closeOnExecBits[index >> 6] |= 1 << UInt64(index & 63) }
            } else if let file = take(index) {
                // close_range reports no error of a flush.
                do throws(Errno) { try drop(file) } catch {}
            }
            index &+= 1
        }
    }

    /// Closes what exec closes. May sleep.
    public func closeOnExec() {
        for word in 0..<closeOnExecBits.count where closeOnExecBits[word] != 0 {
            for bit in 0..<64 where closeOnExecBits[word] >> UInt64(bit) & 1 != 0 {
                if let file = take(word &* 64 &+ bit) {
                    do throws(Errno) { try drop(file) } catch {}
                }
            }
        }
    }

    private func closeAll() {
        for index in 0..<slots.count {
            if let file = take(index) {
                do throws(Errno) { try drop(file) } catch {}
            }
        }
        slots = []
        taken = []
        closeOnExecBits = []
        firstFreeWord = 0
    }

    /// Takes the file out of its slot.
    private func take(_ index: Int) -> File? {
        guard index >= 0, index < slots.count, let file = slots[index] else { return nil }
        slots[index] = nil
        count &-= 1
        clearBit(index)
        return file
    }

    /// What closing a descriptor does to the file: flush, this table's record locks go, one user less.
    @inline(__always)
    private func drop(_ file: File) throws(Errno) {
        if file.inode.extra != nil, !file.isPathOnly { file.inode.extra?.descriptorClosed(file, of: self) }
        var failure: Errno? = nil
        if !file.isPathOnly {
            do throws(Errno) { try file.flush() } catch { failure = error }
        }
        file.release()
        if let failure { throw failure }
    }

    // --- duplicating ---

    /// dup3(2), and dup2(2) of two different descriptors. What `new` was is closed. May sleep.
    /// - Parameter limit: RLIMIT_NOFILE, soft.
    /// - Throws: `EBADF`; `EBUSY` while `new` is just being opened.
    public func duplicate(_ old: Int32, to new: Int32, limit: UInt64, closeOnExec: Bool) throws(Errno) {
        guard new >= 0, UInt64(new) < limit, Int(new) < FileTable.maximum else { throw .EBADF }
        try put(try getAny(old), at: new, limit: limit, closeOnExec: closeOnExec)
    }

    /// Makes a descriptor stand for `file`, which gains a user; what it was before is closed. May sleep.
    /// - Throws: `EBADF` beyond the limit, `EBUSY` if it is being opened.
    public func put(_ file: File, at new: Int32, limit: UInt64, closeOnExec: Bool) throws(Errno) {
        guard new >= 0, UInt64(new) < limit, Int(new) < FileTable.maximum else { throw .EBADF }
        let index = Int(new)
        grow(to: index)
        if slots[index] == nil, isTaken(index) { throw .EBUSY }
        let previous = slots[index]
        file.acquire()
        slots[index] = file
        setBit(index, closeOnExec: closeOnExec)
        if let previous {
            do throws(Errno) { try drop(previous) } catch {}
        } else {
            count &+= 1
        }
    }

    /// A copy for fork (and unshare): all files gain a user. Reserved slots are free in the copy.
    /// - Parameter below: only descriptors below it are copied.
    public func copy(below: Int = .max) -> FileTable {
        let table = FileTable()
        let end = min(slots.count, below)
        table.slots.reserveCapacity(end)
        table.taken = [UInt64](repeating: 0, count: (end &+ 63) / 64)
        table.closeOnExecBits = table.taken
        for index in 0..<end {
            let file = slots[index]
            table.slots.append(file)
            if let file {
                file.acquire()
                table.setBit(index, closeOnExec: isCloseOnExec(index))
            }
        }
        var open = 0
        for file in table.slots where file != nil { open &+= 1 }
        table.count = open
        return table
    }

    // --- the close-on-exec flag ---

    /// fcntl(2) F_GETFD.
    public func isCloseOnExec(_ descriptor: Int32) -> Bool { isCloseOnExec(Int(descriptor)) }

    /// fcntl(2) F_SETFD. The descriptor must be open.
    public func setCloseOnExec(_ descriptor: Int32, _ value: Bool) {
        let index = Int(descriptor)
        guard index >= 0, index < slots.count, slots[index] != nil else { return }
        setBit(index, closeOnExec: value)
    }

    // --- bits ---

    @inline(__always)
    private func isTaken(_ index: Int) -> Bool { taken[index >> 6] >> UInt64(index & 63) & 1 != 0 }

    private func isCloseOnExec(_ index: Int) -> Bool {
        guard index >= 0, index >> 6 < closeOnExecBits.count else { return false }
        return closeOnExecBits[index >> 6] >> UInt64(index & 63) & 1 != 0
    }

    @inline(__always)
    private func setBit(_ index: Int, closeOnExec: Bool) {
        let mask: UInt64 = 1 << UInt64(index & 63)
        taken[index >> 6] |= mask
        if closeOnExec { closeOnExecBits[index >> 6] |= mask } else { closeOnExecBits[index >> 6] &= ~mask }
    }

    @inline(__always)
    private func clearBit(_ index: Int) {
        let mask: UInt64 = 1 << UInt64(index & 63)
        taken[index >> 6] &= ~mask
        closeOnExecBits[index >> 6] &= ~mask
        if index >> 6 < firstFreeWord { firstFreeWord = index >> 6 }
    }

    private func lowestFree(from minimum: Int) -> Int {
        let minimum = max(0, minimum)
        var word = minimum >> 6
        if word < firstFreeWord {
            word = firstFreeWord
        } else if word < taken.count {
            // The first word counts only from `minimum` on.
            let free = ~taken[word] & (UInt64.max << UInt64(minimum & 63))
            if free != 0 { return word &* 64 &+ free.trailingZeroBitCount }
            word &+= 1
        } else {
            return minimum
        }
        while word < taken.count {
            let free = ~taken[word]
            if free != 0 {
                if minimum <= firstFreeWord << 6 { firstFreeWord = word }
                return word &* 64 &+ free.trailingZeroBitCount
            }
            word &+= 1
        }
        return max(minimum, taken.count &* 64)
    }

    private func grow(to index: Int) {
        guard index >= slots.count else { return }
        while slots.count <= index { slots.append(nil) }
        let words = (index &+ 64) / 64
        while taken.count < words {
            taken.append(0)
            closeOnExecBits.append(0)
        }
    }
}

/// Root, working directory and umask of a task, shared by tasks made with CLONE_FS.
public final class FSContext {
    public var root: Path
    public var workingDirectory: Path
    /// Permission bits that new files do not get.
    public var umask: UInt32

    public init(root: Path, workingDirectory: Path, umask: UInt32) {
        self.root = root
        self.workingDirectory = workingDirectory
        self.umask = umask
    }

    /// A context of its own with the same contents, for fork and unshare.
    public func copy() -> FSContext { FSContext(root: root, workingDirectory: workingDirectory, umask: umask) }
}
