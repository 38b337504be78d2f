import Foundation

/// Which system calls an executable could make, by its code and that of its libraries.
///
/// The code is not followed: each `syscall` instruction counts, whether or not anything leads to it, so what is found is an upper
/// bound; with the C library, of nearly everything. A number is known where `mov $number, %eax` or `xor %eax, %eax` stands
/// closely before the instruction. Where it is not, as in syscall(3), the place is counted.
public struct ExecutableScan: Sendable {
    public struct File: Sendable {
        public var path: String
        public var calls: Set<UInt>
        /// Instructions whose number is not known.
        public var unknown: Int
    }

    public private(set) var files: [File] = []
    /// Libraries that were not found.
    public private(set) var missing: [String] = []

    public var calls: [String] {
        Set(files.flatMap(\.calls)).compactMap { number in CallTable.calls.first { $0.rawValue == number }.map { "\($0.name)" } }.sorted()
    }

    private static let libraryDirectories = [
        "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib",
    ]

    /// - Throws: ``CompatFailure`` if the file is no x86-64 executable.
    public init(path: String) throws {
        var waiting = [path], seen: Set<String> = []
        while let next = waiting.popLast() {
            let resolved = URL(fileURLWithPath: next).resolvingSymlinksInPath().path
            guard seen.insert(resolved).inserted else { continue }
            let image: ElfImage
            do {
                image = try ElfImage(path: resolved)
            } catch {
                if next == path { throw error }
                missing.append(next)
                continue
            }
            let (calls, unknown) = Self.scan(image)
            files.append(File(path: resolved, calls: calls, unknown: unknown))
            let origin = (resolved as NSString).deletingLastPathComponent
            let directories = image.runPath.map { $0.replacing("$ORIGIN", with: origin).replacing("${ORIGIN}", with: origin) } + Self.libraryDirectories
            for name in image.needed + (image.interpreter.map { [$0] } ?? []) {
                let candidates = name.hasPrefix("/") ? [name] : directories.map { "\($0)/\(name)" }
                if let found = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) { waiting.append(found) } else { missing.append(name) }
            }
        }
    }

    static func scan(_ image: ElfImage) -> (calls: Set<UInt>, unknown: Int) {
        var calls: Set<UInt> = [], unknown = 0
        image.data.withUnsafeBytes { bytes in
            for range in image.code {
                var index = range.lowerBound
                while index + 1 < range.upperBound {
                    if bytes[index] == 0x0f && bytes[index + 1] == 0x05 {
                        if let number = number(bytes, before: index, from: range.lowerBound) { calls.insert(number) } else { unknown += 1 }
                        index += 2
                    } else {
                        index += 1
                    }
                }
            }
        }
        return (calls, unknown)
    }

    /// Looks back up to 48 bytes for what sets %eax; the nearest counts. A byte that merely looks like it is not told apart.
    private static func number(_ bytes: UnsafeRawBufferPointer, before index: Int, from start: Int) -> UInt? {
        var position = index - 1
        while position >= max(start, index - 48) {
            // Another syscall instruction in between has another number.
            if bytes[position] == 0x05 && position > start && bytes[position - 1] == 0x0f { return nil }
            if bytes[position] == 0xb8, position + 5 <= index {
                let value = bytes.loadUnaligned(fromByteOffset: position + 1, as: UInt32.self)
                if value < 600 { return UInt(value) }
            }
            if position + 2 <= index, bytes[position] == 0x31 || bytes[position] == 0x33, bytes[position + 1] == 0xc0 { return 0 }
            position -= 1
        }
        return nil
    }
}

/// As much of an ELF file as is needed: where its code is, and what it is linked with. Nothing in it is trusted.
struct ElfImage {
    let data: Data
    private(set) var code: [Range<Int>] = []
    private(set) var needed: [String] = []
    private(set) var runPath: [String] = []
    private(set) var interpreter: String?

    init(path: String) throws {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) else { throw CompatFailure("cannot read \(path)") }
        self.data = data
        guard data.count >= 64, data.prefix(6).elementsEqual([0x7f, 0x45, 0x4c, 0x46, 2, 1]), Self.integer(data, 18, 2) == 62 else {
            throw CompatFailure("\(path) is not an x86-64 program")
        }
        let table = Self.integer(data, 32, 8), size = Self.integer(data, 54, 2), count = Self.integer(data, 56, 2)
        guard size >= 56, table >= 0, table <= data.count else { return }
        var segments: [(address: Int, offset: Int, size: Int)] = [], dynamic: Range<Int>?
        for index in 0..<count {
            let at = table + index * size
            guard at + 56 <= data.count else { break }
            let kind = Self.integer(data, at, 4), flags = Self.integer(data, at + 4, 4)
            let offset = Self.integer(data, at + 8, 8), address = Self.integer(data, at + 16, 8), length = Self.integer(data, at + 32, 8)
            guard offset >= 0, length >= 0, offset <= data.count, length <= data.count - offset else { continue }
            if kind == 1 {
                segments.append((address, offset, length))
                if flags & 1 != 0 { code.append(offset..<(offset + length)) }
            }
            if kind == 2 { dynamic = offset..<(offset + length) }
            if kind == 3 { interpreter = Self.string(data, offset) }
        }
        guard let dynamic else { return }
        var strings: Int?, names: [(tag: Int, value: Int)] = []
        for at in stride(from: dynamic.lowerBound, to: dynamic.upperBound - 15, by: 16) {
            let tag = Self.integer(data, at, 8), value = Self.integer(data, at + 8, 8)
            if tag == 0 { break }
            if tag == 5 { strings = segments.first { value >= $0.address && value - $0.address < $0.size }.map { value - $0.address + $0.offset } }
            if tag == 1 || tag == 15 || tag == 29 { names.append((tag, value)) }
        }
        guard let strings else { return }
        for (tag, value) in names where value >= 0 && value < data.count {
            guard let text = Self.string(data, strings + value) else { continue }
            if tag == 1 { needed.append(text) } else { runPath += text.split(separator: ":").map(String.init) }
        }
    }

    private static func integer(_ data: Data, _ at: Int, _ size: Int) -> Int {
        guard at >= 0, at + size <= data.count else { return -1 }
        var value: UInt64 = 0
        for index in 0..<size { value |= UInt64(data[data.startIndex + at + index]) << UInt64(8 * index) }
        return Int(truncatingIfNeeded: value)
    }

    private static func string(_ data: Data, _ at: Int) -> String? {
        guard at >= 0, at < data.count else { return nil }
        return String(decoding: data[(data.startIndex + at)...].prefix(4096).prefix { $0 != 0 }, as: UTF8.self)
    }
}
