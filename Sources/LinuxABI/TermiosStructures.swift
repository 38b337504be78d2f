// Structures of the terminal calls, ioctl_tty(2).

/// The characters of a terminal, by VINTR and its relatives.
public typealias ControlCharacters = InlineArray<19, UInt8>

/// The kernel's struct termios, of TCGETS; it has 19 control characters where C libraries have 32.
public struct Termios: ABIStruct {
    public var iflag: UInt32
    public var oflag: UInt32
    public var cflag: UInt32
    public var lflag: UInt32
    /// The line discipline.
    public var line: UInt8
    public var cc: ControlCharacters

    public typealias Bytes = ByteBuffer<5>
    @inlinable public static var size: Int { 36 }

    public init(iflag: UInt32, oflag: UInt32, cflag: UInt32, lflag: UInt32, line: UInt8, cc: ControlCharacters) {
        self.iflag = iflag
        self.oflag = oflag
        self.cflag = cflag
        self.lflag = lflag
        self.line = line
        self.cc = cc
    }

    /// The settings of a new pseudoterminal.
    public static var newPseudoterminal: Termios {
        Termios(
            iflag: ICRNL | IXON,
            oflag: OPOST | ONLCR,
            cflag: B38400 | CS8 | CREAD,
            lflag: ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
            line: 0,
            cc: defaultControlCharacters)
    }

    /// ^C, ^\, DEL, ^U, ^D, and so on; VMIN is 1.
    public static var defaultControlCharacters: ControlCharacters {
        [3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0]
    }

    public init(decoding bytes: Bytes) {
        iflag = bytes.load(0)
        oflag = bytes.load(4)
        cflag = bytes.load(8)
        lflag = bytes.load(12)
        line = bytes.load(16)
        cc = ControlCharacters(repeating: 0)
        for index in 0..<NCCS { cc[index] = bytes[17 &+ index] }
    }

    public func encode(into bytes: inout Bytes) {
        bytes.store(iflag, 0)
        bytes.store(oflag, 4)
        bytes.store(cflag, 8)
        bytes.store(lflag, 12)
        bytes.store(line, 16)
        for index in 0..<NCCS { bytes[17 &+ index] = cc[index] }
    }
}

/// The kernel's struct termios2, of TCGETS2: with speeds as numbers.
public struct Termios2: ABIStruct {
    public var termios: Termios
    public var ispeed: UInt32
    public var ospeed: UInt32

    public typealias Bytes = ByteBuffer<6>
    @inlinable public static var size: Int { 44 }

    public init(termios: Termios, ispeed: UInt32, ospeed: UInt32) {
        self.termios = termios
        self.ispeed = ispeed
        self.ospeed = ospeed
    }

    public init(decoding bytes: Bytes) {
        var head = Termios.Bytes()
        for offset in 0..<Termios.size { head[offset] = bytes[offset] }
        termios = Termios(decoding: head)
        ispeed = bytes.load(36)
        ospeed = bytes.load(40)
    }

    public func encode(into bytes: inout Bytes) {
        let head = termios.encoded()
        for offset in 0..<Termios.size { bytes[offset] = head[offset] }
        bytes.store(ispeed, 36)
        bytes.store(ospeed, 40)
    }
}

/// The struct termio of System V, of TCGETA: 16-bit flags and eight control characters.
public struct Termio: ABIStruct {
    public var iflag: UInt16
    public var oflag: UInt16
    public var cflag: UInt16
    public var lflag: UInt16
    public var line: UInt8
    public var cc: InlineArray<8, UInt8>

    public typealias Bytes = ByteBuffer<3>
    @inlinable public static var size: Int { 18 }

    /// The part of the settings that fits.
    public init(_ termios: Termios) {
        iflag = UInt16(truncatingIfNeeded: termios.iflag)
        oflag = UInt16(truncatingIfNeeded: termios.oflag)
        cflag = UInt16(truncatingIfNeeded: termios.cflag)
        lflag = UInt16(truncatingIfNeeded: termios.lflag)
        line = termios.line
        cc = InlineArray(repeating: 0)
        for index in 0..<8 { cc[index] = termios.cc[index] }
    }

    /// Replaces the part of the settings that this structure has.
    public func apply(to termios: inout Termios) {
        termios.iflag = termios.iflag & 0xffff_0000 | UInt32(iflag)
        termios.oflag = termios.oflag & 0xffff_0000 | UInt32(oflag)
        termios.cflag = termios.cflag & 0xffff_0000 | UInt32(cflag)
        termios.lflag = termios.lflag & 0xffff_0000 | UInt32(lflag)
        for index in 0..<8 { termios.cc[index] = cc[index] }
    }

    public init(decoding bytes: Bytes) {
        iflag = bytes.load(0)
        oflag = bytes.load(2)
        cflag = bytes.load(4)
        lflag = bytes.load(6)
        line = bytes.load(8)
        cc = InlineArray(repeating: 0)
        for index in 0..<8 { cc[index] = bytes[9 &+ index] }
    }

    public func encode(into bytes: inout Bytes) {
        bytes.store(iflag, 0)
        bytes.store(oflag, 2)
        bytes.store(cflag, 4)
        bytes.store(lflag, 6)
        bytes.store(line, 8)
        for index in 0..<8 { bytes[9 &+ index] = cc[index] }
    }
}

/// The size of a terminal's window, of TIOCGWINSZ.
public struct Winsize: ABIStruct, Equatable {
    public var rows: UInt16 = 0
    public var columns: UInt16 = 0
    public var xpixel: UInt16 = 0
    public var ypixel: UInt16 = 0

    public typealias Bytes = ByteBuffer<1>
    @inlinable public static var size: Int { 8 }

    @inlinable public init() {}

    @inlinable
    public init(rows: UInt16, columns: UInt16, xpixel: UInt16 = 0, ypixel: UInt16 = 0) {
        self.rows = rows
        self.columns = columns
        self.xpixel = xpixel
        self.ypixel = ypixel
    }

    @inlinable
    public init(decoding bytes: Bytes) {
        rows = bytes.load(0)
        columns = bytes.load(2)
        xpixel = bytes.load(4)
        ypixel = bytes.load(6)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(rows, 0)
        bytes.store(columns, 2)
        bytes.store(xpixel, 4)
        bytes.store(ypixel, 6)
    }
}
