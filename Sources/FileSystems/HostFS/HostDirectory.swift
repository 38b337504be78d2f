import KernelBase
import LinuxABI
import Machine
import MonitorProtocol
import VFS

/// A directory of the host.
///
/// The first few names are asked for one by one (``lookupBudget``): most programs want one file of a directory of thousands.
/// After them, or when the directory is read, the whole listing with all attributes is fetched in one request (or a few), and from then on
/// names, missing names, attributes and link texts are answered from ``table``. Of a share that is not writable this listing is
/// a snapshot: what the host changes later is not seen, except that a listing which was dropped to make room is
/// fetched anew. Of a writable share the listing is believed for ``HostClock/lifetime``; then its directory's times are compared, and
/// if they have changed it is fetched again. Changes made by the sandbox are entered into the table at once.
///
/// A directory with more than ``HostDirectory/listingLimit`` entries, or that the monitor may search but not read, is asked name by name.
///
/// The table is changed and refilled by one thread at a time, who has set ``isBusy`` (it is held across requests); it is
/// read under the kernel lock alone.
final class HostDirectory: HostInode {
    static var listingLimit: Int { 20_000 }

    enum State {
        /// Nothing is known beyond the entries in the table.
        case unknown
        /// The table is complete.
        case listed
        /// Names are asked for one by one; the table has those that were found.
        case single
    }

    private(set) var state = State.unknown
    var table = DirectoryTable()
    private var isBusy = false
    /// Used since the last sweep.
    private var isRecent = true
    /// The handle was used since the ring's hand came by.
    var isHandleRecent = false
    /// Entries that were added to ``HostSystem/tableEntries``.
    private var accounted = 0
    /// Requests for single names made while the directory is not listed.
    private var singleLookups = 0

    // Of writable shares:

    /// CLOCK_MONOTONIC_COARSE from which the listing is to be compared with the host again.
    private var checkAgain: UInt64 = 0
    /// The times the directory had when it was listed; `.min` if they were so new that a later change might not show.
    private var listedModify: FileTime = .min
    private var listedChange: FileTime = .min
    private var mustList = false
    /// Nanoseconds that the last listing took.
    private var listingCost: UInt64 = 0
    /// Files whose attributes were asked for one by one since the last listing, and until when that counts.
    private var singleRefreshes = 0
    private var refreshWindow: UInt64 = 0

    deinit { share.system.tableEntries &-= accounted }

    // MARK: The handle

    /// The monitor's handle, fetched if there is none, and not given back until ``unpinHandle()``.
    func pinHandle() throws(Errno) -> UInt32 {
        isHandleRecent = true
        if handle == 0 { try fetchHandle() }
        handleUsers &+= 1
        return handle
    }

    func unpinHandle() { handleUsers &-= 1 }

    /// Looks up this directory, and those above it that have no handle either, from above.
    @inline(never)
    private func fetchHandle() throws(Errno) {
        var chain: [HostDirectory] = []
        var upper: HostDirectory = self
        while upper.handle == 0 {
            chain.append(upper)
            guard let parent = upper.parent else { throw .ESTALE }
            upper = parent
        }
        upper.handleUsers &+= 1
        while let child = chain.popLast() {
            do throws(Errno) { try child.fetchHandle(beneath: upper.handle) } catch {
                upper.handleUsers &-= 1
                throw error
            }
            upper.handleUsers &-= 1
            upper = child
            upper.handleUsers &+= 1
        }
        // The caller pins it before anybody can sleep.
        upper.handleUsers &-= 1
    }

    private func fetchHandle(beneath directory: UInt32) throws(Errno) {
        if handle != 0 { return }
        let name = name
        let answer = try share.system.retryingWithFewerHandles { () throws(Errno) in
            try share.link.call(.lookup, directory, name)
        }
        guard let attributes = HostAttributes(answer.data) else { throw .EIO }
        try adopt(answer.handle, attributes)
    }

    /// Takes a new handle for this directory, if it is this directory.
    func adopt(_ new: UInt32, _ attributes: HostAttributes) throws(Errno) {
        guard attributes.type == S_IFDIR, attributes.key == key || !share.isWritable && attributes.device == hostDevice else {
            share.system.giveBack(new)
            parent?.distrustListing()
            throw .ESTALE
        }
        if new == 0 { return }
        if handle != 0 { return share.system.giveBack(new) }
        handle = new
        share.system.noteHandle(self)
    }

    // MARK: The listing

    /// Sees to it that the table is complete and fresh.
    /// - Returns: false if the directory is asked name by name.
    private func load() throws(Errno) -> Bool {
        isRecent = true
        while true {
            if state == .single { return false }
            if state == .listed, !share.isWritable || HostClock.now() < checkAgain && !mustList || isDead || linkCount == 0 { return true }
            if !isBusy { break }
            waitWhileBusy()
        }
        isBusy = true
        defer { endChange() }
        share.system.makeRoom()
        if Host.heapIsLow { throw .ENOMEM }
        try update()
        return state == .listed
    }

    /// Sees to it that a name can be looked up in the table, unless asking for this one name is cheaper than a listing.
    /// - Returns: false if the monitor is to be asked for the name.
    private func loadForLookup() throws(Errno) -> Bool {
        guard state == .unknown, singleLookups < lookupBudget, !isBusy else { return try load() }
        isRecent = true
        singleLookups &+= 1
        share.system.makeRoom()
        if Host.heapIsLow { throw .ENOMEM }
        return false
    }

    /// How many names are asked for one by one before the directory is listed: about as many as take the time of the listing. A
    /// request for a name takes as long as a dozen entries of a listing; the size of a directory tells roughly how many it has.
    private var lookupBudget: Int { max(4, min(64, size / 1024)) }

    /// Whether ``list(from:_:)`` goes by the host's own positions, which may be any numbers. May sleep.
    func isListedInPieces() throws(Errno) -> Bool { try !load() }

    private func waitWhileBusy() {
        // Not interruptible, so it does not throw.
        _ = try? share.system.queue.wait(.nothing) { () throws(Errno) in !isBusy }
    }

    /// Waits until nobody refills or changes the table, and keeps others from it.
    /// - Throws: `EROFS`.
    func beginChange() throws(Errno) {
        guard share.isWritable else { throw .EROFS }
        while isBusy { waitWhileBusy() }
        isBusy = true
    }

    func endChange() {
        isBusy = false
        account()
        share.system.queue.wakeAll()
    }

    /// Keeps ``HostSystem/tableEntries`` up to date.
    private func account() {
        share.system.tableEntries &+= table.count &- accounted
        accounted = table.count
    }

    /// The listing is not what the host has: it is fetched again at its next use.
    func distrustListing() {
        if share.isWritable { mustList = true }
    }

    private func update() throws(Errno) {
        if state == .listed, !mustList {
            let answer = try request(.getAttributes)
            guard let attributes = HostAttributes(answer.data) else { throw .EIO }
            guard attributes.key == key else {
                parent?.distrustListing()
                throw .ESTALE
            }
            if apply(attributes, from: answer.request), modifyTime == listedModify, changeTime == listedChange {
                checkAgain = HostClock.now() &+ HostClock.lifetime
                return
            }
        }
        let start = Clock.monotonic()
        do throws(Errno) {
            try list()
        } catch {
            if error == .EACCES {
                // It can be searched, perhaps, but not read.
                state = .single
                return
            }
            throw error
        }
        listingCost = Clock.monotonic() &- start
        mustList = false
        singleRefreshes = 0
        // A directory in which the sandbox itself works changes all the time: the bigger it is, the more seldom it is fetched.
        checkAgain = HostClock.now() &+ max(HostClock.lifetime, listingCost &* 20)
    }

    /// Fetches the listing into the table.
    private func list() throws(Errno) {
        let answer = try enter()
        guard let attributes = HostAttributes(answer.data) else { throw .EIO }
        if attributes.key == key || !share.isWritable {
            apply(attributes, from: answer.request)
        }
        // File times have the granularity of the host's tick: a change right after the listing may leave them as they are.
        let isRecent = FileTime(bitPattern: Clock.realtime()) &- attributes.changeTime < 50_000_000
        listedModify = isRecent ? .min : attributes.modifyTime
        listedChange = isRecent ? .min : attributes.changeTime

        table.markUnseen()
        var cookie = answer.data.load64(at: EnterAnswer.cookie)
        var listed = 0
        guard ListedEntry.decode(answer.data, from: EnterAnswer.entries, { listed &+= 1; take($0, from: answer.request) }) else { throw .EIO }
        while cookie != 0 {
            if listed > HostDirectory.listingLimit {
                state = .single
                table.removeUnknown()
                return
            }
            let previous = cookie
            let more = try listMore(from: cookie)
            guard ListedEntry.decode(more.data, from: 0, { listed &+= 1; cookie = $0.cookie; take($0, from: more.request) }) else { throw .EIO }
            if more.result == 0 || cookie == previous { break }
        }
        table.removeUnseen()
        state = .listed
    }

    private func listMore(from cookie: UInt64) throws(Errno) -> MonitorAnswer {
        let handle = try pinHandle()
        defer { unpinHandle() }
        return try share.link.call(.list, handle, [], [], [], cookie)
    }

    /// Asks for handle, attributes and the first part of the listing, in one request.
    private func enter() throws(Errno) -> MonitorAnswer {
        try share.system.retryingWithFewerHandles { () throws(Errno) in
            // Each such request makes at most one handle, and gives back up to four.
            let (a, b, c, d) = (share.system.nextToGiveBack(), share.system.nextToGiveBack(), share.system.nextToGiveBack(), share.system.nextToGiveBack())
            if handle != 0 {
                let handle = try pinHandle()
                defer { unpinHandle() }
                return try share.link.call(.enter, handle, [], [], [], UInt64(a), UInt64(b), UInt64(c), UInt64(d))
            }
            guard let parent else { throw .ESTALE }
            let name = name
            let upper: UInt32
            do throws(Errno) { upper = try parent.pinHandle() } catch {
                for handle in [a, b, c, d] { share.system.giveBack(handle) }
                throw error
            }
            defer { parent.unpinHandle() }
            let answer = try share.link.call(.enter, upper, name, [], [], UInt64(a), UInt64(b), UInt64(c), UInt64(d))
            guard let attributes = HostAttributes(answer.data) else { throw .EIO }
            try adopt(answer.handle, attributes)
            return answer
        }
    }

    /// Enters one name of a listing into the table.
    private func take(_ entry: ListedEntry, from request: Int) {
        if let index = table.find(entry.name), let inode = table.entries[index].inode, inode.key == entry.attributes.key, inode.type == entry.attributes.type {
            if share.isWritable { inode.apply(entry.attributes, from: request) }
            table.setAttributes(index, entry.attributes)
        } else {
            table.insert(entry.name, target: entry.target, entry.attributes, inode: nil)
        }
    }

    // MARK: Names

    override func lookup(_ name: Bytes) throws(Errno) -> Inode {
        // What was found once is part of the snapshot.
        if state != .listed, !share.isWritable, let index = table.find(name), let inode = table.entries[index].inode { return inode }
        guard try loadForLookup() else { return try lookUpAlone(name) }
        guard let index = table.find(name) else { throw .ENOENT }
        if let inode = table.entries[index].inode { return inode }
        let attributes = table.entries[index].attributes
        // The monitor could not read its attributes when it listed: it may tell why.
        guard attributes.mode != 0 else { return try lookUpAlone(name) }
        let inode = share.inode(attributes, parent: self, name: name, target: table.target(index))
        table.setInode(index, inode)
        return inode
    }

    /// Asks the monitor for one name.
    private func lookUpAlone(_ name: Bytes) throws(Errno) -> HostInode {
        let directory = try pinHandle()
        defer { unpinHandle() }
        let answer: MonitorAnswer
        do throws(Errno) {
            answer = try share.system.retryingWithFewerHandles { () throws(Errno) in try share.link.call(.lookup, directory, name) }
        } catch {
            if error == .ENOENT { table.remove(name) }
            throw error
        }
        guard let attributes = HostAttributes(answer.data) else { throw .EIO }
        let inode: HostInode
        if let index = table.find(name), let known = table.entries[index].inode, known.key == attributes.key, known.type == attributes.type {
            inode = known
            if share.isWritable { inode.apply(attributes, from: answer.request) }
        } else {
            let target = Bytes(answer.data[Attributes.size...])
            inode = share.inode(attributes, parent: self, name: name, target: target)
            table.insert(name, target: target, attributes, inode: inode)
            account()
        }
        if answer.handle != 0 {
            if let child = inode as? HostDirectory { try child.adopt(answer.handle, attributes) } else { share.system.giveBack(answer.handle) }
        }
        return inode
    }

    /// Whether a name of a writable share still stands for what it stood for; see ``HostSuperblock/revalidate(_:in:_:)``.
    func stillStands(_ name: Bytes, for inode: Inode?) throws(Errno) -> Bool {
        if isDead { return true }
        do throws(Errno) {
            if state != .listed, let inode = inode as? HostInode, inode.isFresh { return true }
            if try loadForLookup() {
                guard let index = table.find(name) else { return inode == nil }
                guard let inode = inode as? HostInode else { return false }
                if let known = table.entries[index].inode { return known === inode }
                // An inode with several names may have been taken out of the table.
                return table.entries[index].attributes.key == inode.key && share.isLinked(inode)
            }
            let found = try lookUpAlone(name)
            return found === inode
        } catch {
            if error == .ENOENT { return inode == nil }
            if error == .ESTALE { return false }
            throw error
        }
    }

    /// A file in here needs fresh attributes. When that happens to many, one listing serves them all.
    /// - Returns: true if the file's attributes are fresh now.
    func refreshListing(insteadOf inode: HostInode) -> Bool {
        guard state == .listed, !isBusy, !isDead else { return false }
        let now = HostClock.now()
        if now >= refreshWindow {
            refreshWindow = now &+ HostClock.lifetime
            singleRefreshes = 0
        }
        singleRefreshes &+= 1
        guard singleRefreshes > 2 &+ table.count / 16 else { return false }
        mustList = true
        do throws(Errno) { _ = try load() } catch { return false }
        return inode.isFresh
    }

    override var isEmptyDirectory: Bool {
        do throws(Errno) { return try load() && table.count == 0 } catch { return false }
    }

    override func list(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        guard try load() else { return try listPaged(from: position, emit) }
        var index = max(0, position &- 2)
        while index < table.entries.count {
            if table.entries[index].isUsed {
                let attributes = table.entries[index].attributes
                guard emit(table.name(index), attributes.number, HostDirectory.directoryType(attributes.mode), index &+ 3) else { return }
            }
            index &+= 1
        }
    }

    /// Straight from the monitor: the position is its cookie plus 2, `.max` the end.
    private func listPaged(from position: Int, _ emit: (_ name: Bytes, _ inode: UInt64, _ type: UInt8, _ next: Int) -> Bool) throws(Errno) {
        guard position != .max else { return }
        var cookie = UInt64(max(0, position &- 2))
        while true {
            let answer = try listMore(from: cookie)
            if answer.result == 0 { return }
            let previous = cookie
            var goesOn = true
            let isSound = ListedEntry.decode(answer.data, from: 0) { entry in
                guard goesOn else { return }
                let next = entry.cookie > UInt64(Int.max &- 2) ? Int.max : Int(entry.cookie) &+ 2
                goesOn = emit(entry.name, entry.attributes.number, HostDirectory.directoryType(entry.attributes.mode), next)
                cookie = entry.cookie
            }
            guard isSound else { throw .EIO }
            if !goesOn || cookie == previous || cookie > UInt64(Int.max &- 2) { return }
        }
    }

    /// The DT_ number of a file's type.
    private static func directoryType(_ mode: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: mode >> 12 & 15) }

    override func open(_ path: Path, flags: UInt32, _ credentials: Credentials) throws(Errno) -> File {
        DirectoryFile(inode: self, path: path, flags: flags)
    }

    // Changes: see HostDirectory+Changes.swift.

    override func create(_ name: Bytes, mode: UInt32, device: UInt64, _ credentials: Credentials) throws(Errno) -> Inode {
        try makeNode(name, mode, credentials)
    }
    override func makeDirectory(_ name: Bytes, mode: UInt32, _ credentials: Credentials) throws(Errno) -> Inode {
        try makeSubdirectory(name, mode, credentials)
    }
    override func makeSymbolicLink(_ name: Bytes, target: Bytes, _ credentials: Credentials) throws(Errno) -> Inode {
        try makeLink(name, target, credentials)
    }
    override func link(_ name: Bytes, to inode: Inode) throws(Errno) { try addName(name, inode) }
    override func unlink(_ name: Bytes, _ inode: Inode) throws(Errno) { try removeName(name, inode, .unlink) }
    override func removeDirectory(_ name: Bytes, _ inode: Inode) throws(Errno) { try removeName(name, inode, .removeDirectory) }
    override func rename(_ name: Bytes, _ inode: Inode, to target: Inode, _ newName: Bytes, over existing: Inode?, flags: UInt32) throws(Errno) {
        try move(name, inode, to: target, newName, over: existing, flags)
    }

    override func synchronize(dataOnly: Bool) throws(Errno) {
        guard share.isWritable else { return }
        let handle = try pinHandle()
        defer { unpinHandle() }
        _ = try share.link.call(.synchronize, handle)
    }

    func fileSystemStatus() throws(Errno) -> Bytes {
        let handle = try pinHandle()
        defer { unpinHandle() }
        return try share.link.call(.statFileSystem, handle).data
    }

    // MARK: Making room

    func forEachDirectory(_ body: (HostDirectory) -> Void) {
        for index in 0..<table.entries.count {
            if let inode = table.entries[index].inode, inode.isDirectory, let directory = inode as? HostDirectory { body(directory) }
        }
    }

    /// See ``HostShare/sweep(tables:)``.
    func sweep(tables: Bool) {
        guard !isBusy else { return }
        var isHeld = false
        for index in 0..<table.entries.count where table.entries[index].inode != nil {
            if isLinked(index) {
                table.setInode(index, nil)
            } else if !table.dropInode(index) {
                isHeld = true
            }
        }
        if state != .listed { table.removeUnknown() }
        if tables, !isHeld, !isRecent {
            table = DirectoryTable()
            state = .unknown
            share.system.tableEntries &-= accounted
            accounted = 0
        }
        isRecent = false
    }

    /// Whether the inode of an entry is found by ``HostShare/linked``; its attributes are saved then.
    private func isLinked(_ index: Int) -> Bool {
        guard let inode = table.entries[index].inode, share.isLinked(inode) else { return false }
        table.setAttributes(index, HostAttributes(of: inode))
        return true
    }

    /// A new directory of our own: there is nothing in it.
    func becomeEmpty() {
        state = .listed
        checkAgain = HostClock.now() &+ HostClock.lifetime
    }
}
