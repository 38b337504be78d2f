// ELF files, elf(5), as far as execve(2) reads them: the file header and the program headers of
// 64-bit x86-64 files.
//
// The files come from guests, so nothing here trusts them: every number is checked where it is used,
// sums do not overflow, and loops are bounded by the size of the table that was read.

// MARK: - Constants

public let ET_REL: UInt16 = 1
public let ET_EXEC: UInt16 = 2
public let ET_DYN: UInt16 = 3
public let ET_CORE: UInt16 = 4

public let EM_386: UInt16 = 3
public let EM_X86_64: UInt16 = 62

public let ELFCLASS32: UInt8 = 1
public let ELFCLASS64: UInt8 = 2
public let ELFDATA2LSB: UInt8 = 1
public let EV_CURRENT: UInt8 = 1

public let PT_NULL: UInt32 = 0
public let PT_LOAD: UInt32 = 1
public let PT_DYNAMIC: UInt32 = 2
public let PT_INTERP: UInt32 = 3
public let PT_NOTE: UInt32 = 4
public let PT_SHLIB: UInt32 = 5
public let PT_PHDR: UInt32 = 6
public let PT_TLS: UInt32 = 7
public let PT_GNU_EH_FRAME: UInt32 = 0x6474_e550
public let PT_GNU_STACK: UInt32 = 0x6474_e551
public let PT_GNU_RELRO: UInt32 = 0x6474_e552
public let PT_GNU_PROPERTY: UInt32 = 0x6474_e553

public let PF_X: UInt32 = 1
public let PF_W: UInt32 = 2
public let PF_R: UInt32 = 4

public let NT_PRSTATUS: UInt32 = 1
public let NT_PRPSINFO: UInt32 = 3
public let NT_AUXV: UInt32 = 6

// MARK: - Errors

/// Why a file cannot be executed as an ELF file.
public enum ElfError: Error, Sendable {
    /// Too short for a file header, or without the magic number.
    case notElf
    /// An ELF file, but not for 64-bit x86-64, or not an executable or shared object.
    case wrongKind
    /// The table of program headers has entries of another size, or none, or too many.
    case badTable
    /// The table of program headers, or a name, is not wholly in the file.
    case truncated
    /// The name of the interpreter is too short, too long or does not end in zero.
    case badInterpreter

    /// What execve(2) reports.
    public var errno: Errno { .ENOEXEC }
}

// MARK: - Headers

/// The header of an ELF file for x86-64.
public struct ElfHeader: Sendable {
    /// ET_EXEC or ET_DYN.
    public let type: UInt16
    /// Where the program starts, relative to where it is loaded if the type is ET_DYN.
    public let entry: UInt64
    /// The position of the program headers in the file.
    public let programHeaderOffset: UInt64
    public let programHeaderCount: Int

    /// The size of the header in the file.
    @inlinable public static var size: Int { 64 }

    /// The size of the table of program headers in bytes, at most 65536.
    @inlinable
    public var programHeaderTableSize: Int { programHeaderCount &* ProgramHeader.size }

    /// Reads and checks the header at the beginning of a file.
    ///
    /// - Parameter bytes: the first bytes of the file; 64 are needed, more do no harm.
    public init(parsing bytes: Span<UInt8>) throws(ElfError) {
        guard bytes.count >= ElfHeader.size,
            bytes[0] == 0x7f, bytes[1] == 0x45, bytes[2] == 0x4c, bytes[3] == 0x46
        else { throw .notElf }
        var header = ByteBuffer<8>()
        header.store(bytes, 0, upTo: ElfHeader.size)

        let type: UInt16 = header.load(16)
        let machine: UInt16 = header.load(18)
        // The machine says it all: Linux looks at neither class nor byte order.
        guard type == ET_EXEC || type == ET_DYN, machine == EM_X86_64 else { throw .wrongKind }

        let entrySize: UInt16 = header.load(54)
        let count: UInt16 = header.load(56)
        guard Int(entrySize) == ProgramHeader.size, count > 0, Int(count) <= 65536 / ProgramHeader.size
        else { throw .badTable }

        self.type = type
        entry = header.load(24)
        programHeaderOffset = header.load(32)
        programHeaderCount = Int(count)
        guard programHeaderOffset <= UInt64(Int64.max) &- 65536 else { throw .badTable }
    }
}

/// A program header: a segment to load, or another piece of information for the loader.
public struct ProgramHeader: ABIStruct {
    /// PT_*.
    public var type: UInt32
    /// PF_*.
    public var flags: UInt32
    public var offset: UInt64
    public var virtualAddress: UInt64
    public var physicalAddress: UInt64
    public var fileSize: UInt64
    public var memorySize: UInt64
    public var alignment: UInt64

    public typealias Bytes = ByteBuffer<7>
    @inlinable public static var size: Int { 56 }

    @inlinable
    public init(decoding bytes: Bytes) {
        type = bytes.load(0)
        flags = bytes.load(4)
        offset = bytes.load(8)
        virtualAddress = bytes.load(16)
        physicalAddress = bytes.load(24)
        fileSize = bytes.load(32)
        memorySize = bytes.load(40)
        alignment = bytes.load(48)
    }

    @inlinable
    public func encode(into bytes: inout Bytes) {
        bytes.store(type, 0)
        bytes.store(flags, 4)
        bytes.store(offset, 8)
        bytes.store(virtualAddress, 16)
        bytes.store(physicalAddress, 24)
        bytes.store(fileSize, 32)
        bytes.store(memorySize, 40)
        bytes.store(alignment, 48)
    }

    /// Header `index` of a table; nil if it is not wholly inside.
    public init?(_ index: Int, in table: Span<UInt8>) {
        let (start, overflow) = index.multipliedReportingOverflow(by: ProgramHeader.size)
        guard !overflow, start >= 0, start <= table.count &- ProgramHeader.size else { return nil }
        var bytes = Bytes()
        for offset in 0..<ProgramHeader.size { bytes[offset] = table[start &+ offset] }
        self.init(decoding: bytes)
    }

    /// The protection that the segment asks for, PROT_*.
    @inlinable
    public var protection: UInt32 {
        (flags & PF_R != 0 ? PROT_READ : 0) | (flags & PF_W != 0 ? PROT_WRITE : 0)
            | (flags & PF_X != 0 ? PROT_EXEC : 0)
    }

    /// The end of the segment in memory; only after `ElfLayout` has accepted it.
    @inlinable public var memoryEnd: UInt64 { virtualAddress &+ memorySize }

    /// The end of the segment's bytes from the file; only after `ElfLayout` has accepted it.
    @inlinable public var fileEnd: UInt64 { virtualAddress &+ fileSize }
}

// MARK: - The program as a whole

/// What the program headers say together about how a program is to be loaded.
public struct ElfLayout: Sendable {
    /// A range of bytes in the file.
    public struct FileRange: Sendable {
        public let offset: UInt64
        public let size: UInt64
    }

    /// The lowest address of a segment, rounded down to a page. Addresses of an ET_DYN file are
    /// relative to where it is loaded.
    public private(set) var start: UInt64 = .max
    /// The end of the last segment, not rounded.
    public private(set) var end: UInt64 = 0
    /// The largest alignment of a segment: a power of two, at least a page.
    public private(set) var alignment: UInt64 = PAGE_SIZE
    public private(set) var loadCount = 0
    /// A segment does not fit in the address space, has more bytes in the file than in memory, or begins at another place in
    /// its page than in memory: it cannot be mapped. Linux finds that out when the old program is gone already.
    public private(set) var hasBadSegment = false
    /// The end of the code, and the start and end of the data, for /proc.
    public private(set) var codeStart: UInt64 = .max
    public private(set) var codeEnd: UInt64 = 0
    public private(set) var dataStart: UInt64 = 0
    public private(set) var dataEnd: UInt64 = 0
    /// Where the program headers are in memory, for AT_PHDR; nil if no segment holds them.
    public private(set) var programHeaders: UInt64?
    /// The interpreter's name in the file, with its final zero; nil for a static program.
    public private(set) var interpreter: FileRange?
    /// Whether the stack may be executable: as the file says, or true if it says nothing.
    public private(set) var executableStack = true

    /// Checks the program headers of a file and sums them up.
    ///
    /// - Parameters:
    ///   - header: the file's header.
    ///   - table: `header.programHeaderTableSize` bytes from `header.programHeaderOffset`.
    public init(_ header: ElfHeader, programHeaders table: Span<UInt8>) throws(ElfError) {
        for index in 0..<header.programHeaderCount {
            guard let segment = ProgramHeader(index, in: table) else { throw .truncated }
            switch segment.type {
            case PT_LOAD: addSegment(segment, header)
            case PT_INTERP:
                guard interpreter == nil else { break }
                guard segment.fileSize >= 2, segment.fileSize <= UInt64(PATH_MAX),
                    segment.offset <= UInt64(Int64.max) &- UInt64(PATH_MAX)
                else { throw .badInterpreter }
                interpreter = FileRange(offset: segment.offset, size: segment.fileSize)
            case PT_GNU_STACK: executableStack = segment.flags & PF_X != 0
            default: break
            }
        }
    }

    private mutating func addSegment(_ segment: ProgramHeader, _ header: ElfHeader) {
        guard segment.fileSize <= segment.memorySize,
            segment.virtualAddress < TASK_SIZE,
            segment.memorySize <= TASK_SIZE &- segment.virtualAddress,
            segment.offset <= UInt64(Int64.max) &- segment.fileSize,
            // File and memory are mapped page by page, so both must begin alike.
            (segment.offset ^ segment.virtualAddress) & (PAGE_SIZE &- 1) == 0
        else {
            hasBadSegment = true
            return
        }
        loadCount &+= 1
        start = min(start, segment.virtualAddress & PAGE_MASK)
        end = max(end, segment.memoryEnd)

        let power = segment.alignment & (segment.alignment &- 1) == 0
        if power, segment.alignment > alignment { alignment = segment.alignment }

        if segment.offset <= header.programHeaderOffset {
            let distance = header.programHeaderOffset &- segment.offset
            if distance < segment.fileSize { programHeaders = segment.virtualAddress &+ distance }
        }

        codeStart = min(codeStart, segment.virtualAddress)
        dataStart = max(dataStart, segment.virtualAddress)
        if segment.flags & PF_X != 0 { codeEnd = max(codeEnd, segment.fileEnd) }
        dataEnd = max(dataEnd, segment.fileEnd)
    }
}
