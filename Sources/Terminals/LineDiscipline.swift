import KernelBase
import LinuxABI

/// What a line discipline tells the terminal it belongs to.
public protocol LineDriver: AnyObject {
    /// Bytes of output the driver takes now; 0 while output is stopped.
    var outputRoom: Int { get }
    /// Takes output that has been processed, at most ``outputRoom`` bytes.
    func output(_ bytes: Bytes)
    /// A signal for the foreground process group.
    func raise(_ signal: Int32)
    /// Discards output that has not reached its reader.
    func discardOutput()
    /// Input was discarded (packet mode tells the master).
    func inputDiscarded()
    /// Output was stopped or goes on again.
    func flowChanged(stopped: Bool)
    /// There is something to read.
    func inputArrived()
}

/// The line discipline N_TTY, termios(3): what stands between a terminal's keys and its readers, and
/// between its writers and its screen.
///
/// Input bytes come by ``receive(_:from:_:)``; they are edited, echoed, turned into signals, and kept in a buffer of
/// ``bufferSize`` bytes until they are read. Output passes through ``process(_:from:room:)``. The object knows neither
/// tasks nor sleeping: that is the terminal's part (``Terminal``).
///
/// The buffer is a ring with free-running positions: bytes from ``tail`` to ``canonHead`` belong to complete
/// lines, those from there to ``head`` to the line being edited. A bit in ``marks`` says that the byte there ends a line; a
/// marked zero byte stands for an end-of-file character and is never read as data.
public final class LineDiscipline {
    public static var bufferSize: Int { 4096 }
    /// Echo is held back until this much has gathered, or the received bytes are all looked at: a signal character among them
    /// discards what was typed before it together with its echo.
    private static var echoWatermark: Int { 256 }
    private static var echoLimit: Int { 4096 }

    public private(set) var termios: Termios

    private var buffer: Bytes = Bytes(repeating: 0, count: 4096)
    private var marks = InlineArray<64, UInt64>(repeating: 0)
    private var head = 0
    private var tail = 0
    private var canonHead = 0
    /// Without canonical mode, what may be read: it lags behind ``head`` only while bytes are being received.
    private var commitHead = 0

    /// Characters that need more than to be stored and echoed.
    private var special = InlineArray<4, UInt64>(repeating: 0)
    /// Nothing is special at all.
    private var isRaw = false
    /// The next character is taken literally.
    private var literalNext = false
    /// Inside the `\...\/` of ECHOPRT.
    private var isErasing = false
    /// Where the cursor is, as far as output tells.
    public private(set) var column: UInt = 0
    /// The column where the line being edited began.
    private var canonColumn: UInt = 0
    /// Echo that was processed but not yet taken by the driver.
    private var echo: Bytes = []
    /// The columns before the first byte of ``echo``, in case it is discarded.
    private var columnBeforeEcho: UInt = 0
    private var canonColumnBeforeEcho: UInt = 0
    private var isReceiving = false

    /// Output is stopped, by the stop character or by tcflow(3).
    public private(set) var isStopped = false
    /// It was tcflow(3), so only that starts it again.
    public private(set) var isStoppedByCall = false

    public init(_ termios: Termios) {
        self.termios = termios
        findSpecialCharacters()
    }

    // MARK: - settings

    @inline(__always) private func iflag(_ flag: UInt32) -> Bool { termios.iflag & flag != 0 }
    @inline(__always) private func oflag(_ flag: UInt32) -> Bool { termios.oflag & flag != 0 }
    @inline(__always) private func lflag(_ flag: UInt32) -> Bool { termios.lflag & flag != 0 }
    @inline(__always) private func cc(_ index: Int) -> UInt8 { termios.cc[index] }

    /// Lines rather than characters are read.
    public var isCanonical: Bool { lflag(ICANON) && !lflag(EXTPROC) }

    /// Replaces the settings. Input that waits is kept: a line that is still being edited becomes readable as it is
    /// when canonical mode is entered or left.
    public func set(_ new: Termios, _ driver: any LineDriver) {
        let old = termios
        termios = new
        if (old.lflag ^ new.lflag) & (ICANON | EXTPROC) != 0 {
            marks = InlineArray(repeating: 0)
            if !lflag(ICANON) || head == tail {
                canonHead = tail
            } else {
                mark(head &- 1)
                canonHead = head
            }
            commitHead = head
            isErasing = false
            literalNext = false
        }
        findSpecialCharacters()
        // A terminal that was stopped by a character could otherwise never be started again.
        if !iflag(IXON), old.iflag & IXON != 0, !isStoppedByCall { start(driver) }
    }

    private func findSpecialCharacters() {
        special = InlineArray(repeating: 0)
        isRaw = termios.iflag & (ISTRIP | IUCLC | IGNCR | ICRNL | INLCR | IXON | PARMRK) == 0 && termios.lflag & (ICANON | ISIG | ECHO) == 0
        if isRaw { return }
        if iflag(IGNCR | ICRNL) { addSpecial(13) }
        if iflag(INLCR) { addSpecial(10) }
        if lflag(ICANON) {
            addSpecial(cc(VERASE))
            addSpecial(cc(VKILL))
            addSpecial(cc(VEOF))
            addSpecial(10)
            addSpecial(cc(VEOL))
            if lflag(IEXTEN) {
                addSpecial(cc(VWERASE))
                addSpecial(cc(VLNEXT))
                addSpecial(cc(VEOL2))
                if lflag(ECHO) { addSpecial(cc(VREPRINT)) }
            }
        }
        if iflag(IXON) {
            addSpecial(cc(VSTART))
            addSpecial(cc(VSTOP))
        }
        if lflag(ISIG) {
            addSpecial(cc(VINTR))
            addSpecial(cc(VQUIT))
            addSpecial(cc(VSUSP))
        }
        special[0] &= ~1  // _POSIX_VDISABLE
    }

    private func addSpecial(_ byte: UInt8) { special[Int(byte &>> 6)] |= 1 &<< UInt64(byte & 63) }
    @inline(__always) private func isSpecial(_ byte: UInt8) -> Bool { special[Int(byte &>> 6)] &>> UInt64(byte & 63) & 1 != 0 }

    // MARK: - the buffer

    @inline(__always) private func byte(_ position: Int) -> UInt8 { buffer[position & 4095] }
    private func mark(_ position: Int) {
        let index = position & 4095
        marks[index &>> 6] |= 1 &<< UInt64(index & 63)
    }
    private func unmark(_ position: Int) {
        let index = position & 4095
        marks[index &>> 6] &= ~(1 &<< UInt64(index & 63))
    }
    @inline(__always) private func isMarked(_ position: Int) -> Bool {
        let index = position & 4095
        return marks[index &>> 6] &>> UInt64(index & 63) & 1 != 0
    }
    @inline(__always) private func isEndOfFile(_ position: Int) -> Bool { isMarked(position) && byte(position) == 0 }

    @inline(__always)
    private func put(_ byte: UInt8) {
        buffer[head & 4095] = byte
        head &+= 1
    }

    /// Discards what has not been read, the line being edited included.
    public func discardInput(_ driver: any LineDriver) {
        resetBuffer()
        driver.inputDiscarded()
    }

    private func resetBuffer() {
        head = 0
        tail = 0
        canonHead = 0
        commitHead = 0
        isErasing = false
        marks = InlineArray(repeating: 0)
    }

    /// Whether a read gets something; `atLeast` counts without canonical mode only.
    public func hasInput(atLeast count: Int = 1) -> Bool {
        isCanonical ? canonHead != tail : commitHead &- tail >= count
    }

    /// What FIONREAD tells: bytes that can be read now, all lines together.
    public var inputCount: Int {
        guard isCanonical else { return head &- tail }
        var count = 0
        var position = tail
        while position < canonHead {
            if !isEndOfFile(position) { count &+= 1 }
            position &+= 1
        }
        return count
    }

    /// The bytes a read of `count` gets now: part of one line at most in canonical mode, otherwise what there is.
    /// Empty at an end-of-file character (then it is consumed), or if there is nothing.
    public func take(_ count: Int) -> Bytes {
        var bytes: Bytes = []
        guard count > 0 else { return bytes }
        guard isCanonical else {
            let n = min(count, commitHead &- tail)
            bytes.reserveCapacity(max(0, n))
            while bytes.count < n {
                bytes.append(byte(tail))
                tail &+= 1
            }
            // EXTPROC: the client edits the lines and sends end of file as a single character.
            if lflag(EXTPROC), lflag(ICANON), n == 1, bytes[0] == cc(VEOF), tail == commitHead { return [] }
            return bytes
        }
        while tail < canonHead {
            let marked = isMarked(tail)
            if bytes.count == count {
                // An end of file right after the last byte wanted belongs to these bytes.
                if marked && byte(tail) == 0 {
                    unmark(tail)
                    tail &+= 1
                }
                break
            }
            let value = byte(tail)
            if marked { unmark(tail) }
            tail &+= 1
            if marked {
                if value != 0 { bytes.append(value) }
                break
            }
            bytes.append(value)
        }
        return bytes
    }

    // MARK: - input

    /// Takes characters that were typed.
    /// - Parameters:
    ///   - bytes: what came from the terminal.
    ///   - start: index of the first byte to take.
    /// - Returns: how many were taken: less than all if the buffer is full of what nobody reads.
    public func receive(_ bytes: Bytes, from start: Int, _ driver: any LineDriver) -> Int {
        var position = start
        while position < bytes.count {
            var room = LineDiscipline.bufferSize &- (head &- tail)
            if iflag(PARMRK) { room = (room &+ 2) / 3 }
            room &-= 1
            if room <= 0 {
                // A line that is too long can still be ended: its last byte is replaced again and again.
                let overflow = lflag(ICANON) && canonHead == tail
                guard overflow else { break }
                if room < 0 { head &-= 1 }
                room = 1
            }
            let end = min(bytes.count, position &+ room)
            receiveBlock(bytes, position, end, driver)
            position = end
        }
        return position &- start
    }

    private func receiveBlock(_ bytes: Bytes, _ start: Int, _ end: Int, _ driver: any LineDriver) {
        let strips = iflag(ISTRIP), lowers = iflag(IUCLC) && lflag(IEXTEN)
        if isRaw || lflag(EXTPROC) && !strips && !lowers {
            for index in start..<end { put(bytes[index]) }
        } else {
            if echo.isEmpty { rememberColumns() }
            isReceiving = true
            for index in start..<end {
                var c = bytes[index]
                if strips { c &= 0x7f }
                if lowers { c = Latin1.lowercase(c) }
                if literalNext {
                    literalNext = false
                    receiveOrdinary(c, driver)
                } else if lflag(EXTPROC) {
                    put(c)
                } else if isSpecial(c) {
                    receiveSpecial(c, driver)
                } else {
                    receiveOrdinary(c, driver)
                }
            }
            isReceiving = false
            flushEcho(driver)
        }
        guard !isCanonical else { return }
        commitHead = head
        if head != tail { driver.inputArrived() }
    }

    private func startIfAny(_ driver: any LineDriver) {
        if isStopped, !isStoppedByCall, iflag(IXON), iflag(IXANY) { start(driver) }
    }

    private func receiveOrdinary(_ c: UInt8, _ driver: any LineDriver) {
        startIfAny(driver)
        store(c, newline: false, driver)
    }

    /// Echoes and stores a character.
    /// - Parameter newline: a line feed is echoed as such, and not as `^J`.
    private func store(_ c: UInt8, newline: Bool, _ driver: any LineDriver) {
        if lflag(ECHO) {
            finishErasing()
            if c == 10 && newline {
                echoRaw(10)
            } else {
                if canonHead == head { canonColumn = column }
                echoCharacter(c)
            }
            commitEcho(driver)
        }
        if c == 0xff && iflag(PARMRK) { put(c) }
        put(c)
    }

    private func receiveSpecial(_ typed: UInt8, _ driver: any LineDriver) {
        var c = typed
        if iflag(IXON) {
            if c == cc(VSTART) { return start(driver) }
            if c == cc(VSTOP) { return stop(driver) }
        }
        if lflag(ISIG) {
            if c == cc(VINTR) { return receiveSignal(SIGINT, c, driver) }
            if c == cc(VQUIT) { return receiveSignal(SIGQUIT, c, driver) }
            if c == cc(VSUSP) { return receiveSignal(SIGTSTP, c, driver) }
        }
        startIfAny(driver)
        if c == 13 {
            if iflag(IGNCR) { return }
            if iflag(ICRNL) { c = 10 }
        } else if c == 10, iflag(INLCR) {
            c = 13
        }
        if lflag(ICANON), receiveCanonical(c, driver) { return }
        store(c, newline: true, driver)
    }

    private func receiveSignal(_ signal: Int32, _ c: UInt8, _ driver: any LineDriver) {
        self.signal(signal, driver)
        if iflag(IXON) { start(driver) }
        if lflag(ECHO) {
            echoCharacter(c)
            commitEcho(driver)
        }
    }

    /// A signal from the keyboard, or by TIOCSIG: unless NOFLSH is set both directions are discarded.
    public func signal(_ signal: Int32, _ driver: any LineDriver) {
        driver.raise(signal)
        guard !lflag(NOFLSH) else { return }
        if !echo.isEmpty || isReceiving {
            echo = []
            column = columnBeforeEcho
            canonColumn = canonColumnBeforeEcho
        }
        driver.discardOutput()
        discardInput(driver)
    }

    /// Editing and the ends of lines.
    /// - Returns: whether the character has been dealt with.
    private func receiveCanonical(_ c: UInt8, _ driver: any LineDriver) -> Bool {
        let extended = lflag(IEXTEN)
        if c == cc(VERASE) || c == cc(VKILL) || c == cc(VWERASE) && extended {
            erase(c)
            commitEcho(driver)
            return true
        }
        if c == cc(VLNEXT), extended {
            literalNext = true
            if lflag(ECHO) {
                finishErasing()
                if lflag(ECHOCTL) {
                    echoRaw(UInt8(ascii: "^"))
                    echoRaw(8)
                    commitEcho(driver)
                }
            }
            return true
        }
        if c == cc(VREPRINT), extended, lflag(ECHO) {
            finishErasing()
            echoCharacter(c)
            echoRaw(10)
            var position = canonHead
            while position < head {
                echoCharacter(byte(position))
                position &+= 1
            }
            commitEcho(driver)
            return true
        }
        if c == 10 {
            if lflag(ECHO) || lflag(ECHONL) {
                echoRaw(10)
                commitEcho(driver)
            }
            endLine(10, driver)
            return true
        }
        if c == cc(VEOF) {
            endLine(0, driver)
            return true
        }
        if c == cc(VEOL) || c == cc(VEOL2) && extended {
            if lflag(ECHO) {
                if canonHead == head { canonColumn = column }
                echoCharacter(c)
                commitEcho(driver)
            }
            if c == 0xff && iflag(PARMRK) { put(c) }
            endLine(c, driver)
            return true
        }
        return false
    }

    private func endLine(_ c: UInt8, _ driver: any LineDriver) {
        mark(head)
        put(c)
        canonHead = head
        driver.inputArrived()
    }

    // MARK: - erasing

    private func isContinuation(_ c: UInt8) -> Bool { iflag(IUTF8) && c & 0xc0 == 0x80 }

    /// Erases a character, a word, or the line being edited.
    private func erase(_ key: UInt8) {
        guard head != canonHead else { return }
        let echoes = lflag(ECHO)
        let word = key != cc(VERASE) && key == cc(VWERASE) && lflag(IEXTEN)
        let line = key != cc(VERASE) && !word
        if line {
            guard echoes else {
                head = canonHead
                return
            }
            if !lflag(ECHOK) || !lflag(ECHOKE) || !lflag(ECHOE) {
                head = canonHead
                finishErasing()
                echoCharacter(cc(VKILL))
                if lflag(ECHOK) { echoRaw(10) }
                return
            }
        }
        var seenWord = false
        while head != canonHead {
            // One character may be several bytes.
            var position = head
            var c: UInt8
            repeat {
                position &-= 1
                c = byte(position)
            } while isContinuation(c) && position != canonHead
            if isContinuation(c) { break }
            if word {
                if Latin1.isAlphanumeric(c) || c == UInt8(ascii: "_") {
                    seenWord = true
                } else if seenWord {
                    break
                }
            }
            let end = head
            head = position
            if echoes { echoErased(c, position, end, single: !word && !line) }
            if !word && !line { break }
        }
        if head == canonHead && echoes { finishErasing() }
    }

    private func echoErased(_ c: UInt8, _ start: Int, _ end: Int, single: Bool) {
        if lflag(ECHOPRT) {
            if !isErasing {
                echoRaw(UInt8(ascii: "\\"))
                isErasing = true
            }
            echoCharacter(c)
            var position = start &+ 1
            while position < end {
                echoRaw(byte(position))
                if column > 0 { column &-= 1 }
                position &+= 1
            }
        } else if single && !lflag(ECHOE) {
            echoCharacter(cc(VERASE))
        } else if c == 9 {
            echoErasedTab()
        } else {
            let control = Latin1.isControl(c)
            if control && lflag(ECHOCTL) { echoBackspace() }
            if !control || lflag(ECHOCTL) { echoBackspace() }
        }
    }

    private func echoBackspace() {
        echoRaw(8)
        echoRaw(32)
        echoRaw(8)
    }

    /// Goes back over a tab that was at ``head``: to the column where the text before it ends.
    private func echoErasedTab() {
        var columns: UInt = 0
        var afterTab = false
        var position = head
        while position != canonHead {
            position &-= 1
            let c = byte(position)
            if c == 9 {
                afterTab = true
                break
            }
            if Latin1.isControl(c) {
                if lflag(ECHOCTL) { columns &+= 2 }
            } else if !isContinuation(c) {
                columns &+= 1
            }
        }
        if !afterTab { columns &+= canonColumn }
        var back = 8 &- (columns & 7)
        while back > 0 {
            echo.append(8)
            if column > 0 { column &-= 1 }
            back &-= 1
        }
    }

    private func finishErasing() {
        guard isErasing else { return }
        echoRaw(UInt8(ascii: "/"))
        isErasing = false
    }

    // MARK: - echo

    private func rememberColumns() {
        columnBeforeEcho = column
        canonColumnBeforeEcho = canonColumn
    }

    /// Echoes a character as output would show it.
    private func echoRaw(_ c: UInt8) {
        if c == 0xff {
            // In Linux's echo buffer this byte is an escape; written twice it stands for itself, past output processing.
            echo.append(c)
            column &+= 1
            return
        }
        if oflag(OPOST) { _ = processOne(c, room: 8, into: &echo) } else { echo.append(c) }
    }

    /// Echoes a character, a control character as `^X` if ECHOCTL is set.
    private func echoCharacter(_ c: UInt8) {
        if lflag(ECHOCTL), Latin1.isControl(c), c != 9 {
            echo.append(UInt8(ascii: "^"))
            echo.append(c ^ 0x40)
            column &+= 2
        } else {
            echoRaw(c)
        }
    }

    private func commitEcho(_ driver: any LineDriver) {
        if echo.count >= LineDiscipline.echoWatermark { flushEcho(driver) }
    }

    /// Hands waiting echo to the driver, as far as it takes it. To be called when it has room again.
    public func flushEcho(_ driver: any LineDriver) {
        guard !echo.isEmpty else { return }
        let room = driver.outputRoom
        if room >= echo.count {
            let bytes = echo
            echo = []
            rememberColumns()
            driver.output(bytes)
            return
        }
        if room > 0 {
            driver.output(Bytes(echo[0..<room]))
            echo.removeFirst(room)
        }
        if echo.count > LineDiscipline.echoLimit { echo.removeFirst(echo.count &- LineDiscipline.echoLimit) }
    }

    // MARK: - flow control

    /// Stops output, as the stop character does.
    public func stop(_ driver: any LineDriver, byCall: Bool = false) {
        if byCall { isStoppedByCall = true }
        guard !isStopped else { return }
        isStopped = true
        driver.flowChanged(stopped: true)
    }

    /// Starts output again, unless tcflow(3) has stopped it and this is not its start.
    public func start(_ driver: any LineDriver, byCall: Bool = false) {
        if byCall {
            guard isStoppedByCall else { return }
            isStoppedByCall = false
        }
        guard isStopped, !isStoppedByCall else { return }
        isStopped = false
        driver.flowChanged(stopped: false)
        // While input is looked at echo waits for the end of it, for a signal may discard it; but it has moved the cursor.
        if isReceiving { rememberColumns() } else { flushEcho(driver) }
    }

    // MARK: - output

    /// Processes what a program writes.
    /// - Parameters:
    ///   - bytes: what is written, from index `start`.
    ///   - room: bytes the driver takes.
    ///   - output: the bytes for the driver are appended here.
    /// - Returns: how many bytes of `bytes` that makes.
    public func process(_ bytes: Bytes, from start: Int, room: Int, into output: inout Bytes) -> Int {
        guard oflag(OPOST) else {
            let end = min(bytes.count, start &+ max(0, room))
            if start == 0 && end == bytes.count && output.isEmpty {
                output = bytes
            } else {
                for index in start..<end { output.append(bytes[index]) }
            }
            return end &- start
        }
        output.reserveCapacity(output.count &+ min(room, bytes.count &- start &+ 64))
        var left = room
        var position = start
        while position < bytes.count, left > 0 {
            let used = processOne(bytes[position], room: left, into: &output)
            if used < 0 { break }
            left &-= used
            position &+= 1
        }
        return position &- start
    }

    /// - Returns: bytes appended, or -1 if there is no room for them.
    private func processOne(_ typed: UInt8, room: Int, into output: inout Bytes) -> Int {
        var c = typed
        switch c {
        case 10:
            if oflag(ONLRET) { column = 0 }
            if oflag(ONLCR) {
                if room < 2 { return -1 }
                column = 0
                canonColumn = 0
                output.append(13)
                output.append(10)
                return 2
            }
            canonColumn = column
        case 13:
            if oflag(ONOCR), column == 0 { return 0 }
            if oflag(OCRNL) {
                c = 10
                if oflag(ONLRET) {
                    column = 0
                    canonColumn = 0
                }
            } else {
                column = 0
                canonColumn = 0
            }
        case 9:
            let spaces = 8 &- (column & 7)
            if termios.oflag & TABDLY == XTABS {
                if room < Int(spaces) { return -1 }
                column &+= spaces
                for _ in 0..<spaces { output.append(32) }
                return Int(spaces)
            }
            column &+= spaces
        case 8:
            if column > 0 { column &-= 1 }
        default:
            if !Latin1.isControl(c) {
                if oflag(OLCUC) { c = Latin1.uppercase(c) }
                if !isContinuation(c) { column &+= 1 }
            }
        }
        output.append(c)
        return 1
    }
}

/// Classes of characters as the kernel's terminal code sees them: ISO 8859-1.
enum Latin1 {
    @inline(__always) static func isControl(_ c: UInt8) -> Bool { c < 32 || c == 127 }

    static func isAlphanumeric(_ c: UInt8) -> Bool {
        switch c {
        case 48...57, 65...90, 97...122: true
        case 0xc0...0xff: c != 0xd7 && c != 0xf7
        default: false
        }
    }
    static func lowercase(_ c: UInt8) -> UInt8 {
        switch c {
        case 65...90: c &+ 32
        case 0xc0...0xde: c == 0xd7 ? c : c &+ 32
        default: c
        }
    }
    static func uppercase(_ c: UInt8) -> UInt8 {
        switch c {
        case 97...122: c &- 32
        case 0xdf...0xff: c == 0xf7 ? c : c &- 32
        default: c
        }
    }
}
