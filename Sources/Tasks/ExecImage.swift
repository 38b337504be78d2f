// What exec has to run: the file found, its scripts followed, its headers read. Nothing of the
// process has changed yet, so every error here is the caller's.

import KernelBase
import LinuxABI
import Machine
import Memory
import VFS

/// A program ready to be loaded.
final class ExecImage {
    /// The ELF file that is loaded; for a script, its interpreter.
    let file: File
    let header: ElfHeader
    let segments: [ProgramHeader]
    let layout: ElfLayout
    /// The dynamic linker.
    let interpreter: ElfFile?
    var arguments: [Bytes]
    let environment: [Bytes]
    /// AT_EXECFN, and what the process is named after.
    let path: Bytes

    struct ElfFile {
        let file: File
        let header: ElfHeader
        let segments: [ProgramHeader]
        let layout: ElfLayout
    }

    init(program: ElfFile, interpreter: ElfFile?, arguments: [Bytes], environment: [Bytes], path: Bytes) {
        file = program.file
        header = program.header
        segments = program.segments
        layout = program.layout
        self.interpreter = interpreter
        self.arguments = arguments
        self.environment = environment
        self.path = path
    }

    /// Gives up the files.
    func discard() {
        file.inode.writers &+= 1
        file.release()
        interpreter?.file.release()
    }

    // --- finding and reading ---

    /// Opens an executable file. - Throws: `EACCES`, `ENOENT`, `ETXTBSY`...
    static func open(_ path: Span<UInt8>, at start: Path?, follow: Bool, _ task: Task) throws(Errno) -> File {
        let vfs = VFS.shared
        let place = try vfs.lookup(path, at: start, follow ? .follow : [], task.fs, task.credentials)
        return try open(place, task)
    }

    static func open(_ place: Path, _ task: Task) throws(Errno) -> File {
        guard let inode = place.inode else { throw .ENOENT }
        if inode.isSymbolicLink { throw Errno(40) }
        guard inode.isRegular else { throw Errno(13) }
        try inode.refresh()
        guard place.mount.flags & 8 == 0 else { throw Errno(13) } // MS_NOEXEC
        try inode.permission(.execute, task.credentials)
        if inode.writers > 0 { throw Errno(26) }
        return try VFS.shared.openForExecution(place, task.credentials)
    }

    /// Follows `#!` lines to an ELF file and reads its headers, and those of its dynamic linker.
    static func prepare(_ file: File, path: Bytes, arguments: [Bytes], environment: [Bytes], isPathInaccessible: Bool,
                        _ task: Task) throws(Errno) -> ExecImage {
        var arguments = arguments
        var depth = 0
        var scriptName = path
        file.acquire()
        var current = file
        do throws(Errno) {
            while true {
                let head = try current.inode.readBytes(offset: 0, count: 256)
                VFS.shared.notify(.accessed, current)
                guard head.count >= 2, head[0] == UInt8(ascii: "#"), head[1] == UInt8(ascii: "!") else { break }
                guard depth < 5 else { throw Errno(40) }
                guard !isPathInaccessible else { throw .ENOENT }
                depth += 1
                let (interpreter, argument) = try parseScript(head)
                // argv[0] gives way to the interpreter, its argument, and the script's path.
                if !arguments.isEmpty { arguments.removeFirst() }
                arguments.insert(scriptName, at: 0)
                if let argument { arguments.insert(argument, at: 0) }
                arguments.insert(interpreter, at: 0)
                scriptName = interpreter
                let next = try open(interpreter.span, at: nil, follow: true, task)
                next.acquire()
                current.release()
                current = next
            }
            let program = try readElf(current)
            var interpreter: ElfFile?
            if let range = program.layout.interpreter {
                var name = try current.inode.readBytes(offset: Int(range.offset), count: Int(range.size))
                guard name.count == Int(range.size) else { throw Errno(5) }
                guard name.last == 0 else { throw Errno(8) }
                if let end = name.firstIndex(of: 0) { name.removeSubrange(end...) }
                // To Linux, no name is the working directory, and that is no regular file.
                if name.isEmpty { throw Errno(13) }
                let linker = try open(name.span, at: nil, follow: true, task)
                linker.acquire()
                do throws(Errno) {
                    interpreter = try readElf(linker)
                    VFS.shared.notify(.accessed, linker)
                } catch {
                    linker.release()
                    throw error == Errno(8) ? Errno(80) : error // ELIBBAD
                }
            }
            return ExecImage(program: program, interpreter: interpreter, arguments: arguments, environment: environment, path: path)
        } catch {
            current.release()
            throw error
        }
    }

    private static func parseScript(_ head: Bytes) throws(Errno) -> (Bytes, Bytes?) {
        var end = head.firstIndex(of: UInt8(ascii: "\n")) ?? head.count
        let truncated = end == head.count && head.count >= 256
        if let zero = head.firstIndex(of: 0), zero < end { end = zero }
        var start = 2
        while start < end, head[start] == 32 || head[start] == 9 { start += 1 }
        while end > start, head[end - 1] == 32 || head[end - 1] == 9 { end -= 1 }
        guard start < end else { throw Errno(8) }
        var stop = start
        while stop < end, head[stop] != 32, head[stop] != 9 { stop += 1 }
        // A name that does not end within the buffer could be cut short: refuse it.
        if truncated && stop == end { throw Errno(8) }
        let interpreter = Bytes(head[start..<stop])
        var rest = stop
        while rest < end, head[rest] == 32 || head[rest] == 9 { rest += 1 }
        return (interpreter, rest < end ? Bytes(head[rest..<end]) : nil)
    }

    private static func readElf(_ file: File) throws(Errno) -> ElfFile {
        let head = try file.inode.readBytes(offset: 0, count: ElfHeader.size)
        let header = try elf { () throws(ElfError) in try ElfHeader(parsing: head.span) }
        let table = try file.inode.readBytes(offset: Int(truncatingIfNeeded: header.programHeaderOffset), count: header.programHeaderTableSize)
        guard table.count == header.programHeaderTableSize else { throw Errno(8) }
        let layout = try elf { () throws(ElfError) in try ElfLayout(header, programHeaders: table.span) }
        var segments: [ProgramHeader] = []
        for index in 0..<header.programHeaderCount {
            if let segment = ProgramHeader(index, in: table.span), segment.type == PT_LOAD { segments.append(segment) }
        }
        return ElfFile(file: file, header: header, segments: segments, layout: layout)
    }

    private static func elf<T>(_ parse: () throws(ElfError) -> T) throws(Errno) -> T {
        do throws(ElfError) { return try parse() } catch { throw error.errno }
    }
}
