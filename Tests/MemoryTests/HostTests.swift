import Foundation
import KernelBase
import LinuxABI
import Machine
import Testing
import VFS
@testable import Memory

#if canImport(Glibc)
import Glibc
#endif

/// Linux is the oracle: the same random calls on the address space and on the host itself, in a window of
/// addresses nobody else uses. Errors and /proc/self/maps must agree.
extension ModelTests {
    private struct Line: Equatable, CustomStringConvertible {
        var start: UInt, end: UInt
        var rest: String
        var offset: UInt
        var isFile: Bool
        var description: String { "\(String(start, radix: 16))-\(String(end, radix: 16)) \(rest) \(String(offset, radix: 16))" }
    }

    /// The lines of the window, neighbours that look as one joined: which areas Linux joins depends on what was touched.
    private static func parse(_ text: String, _ window: Range<UInt>) -> [Line] {
        var result: [Line] = []
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            let borders = fields[0].split(separator: "-")
            guard let start = UInt(borders[0], radix: 16), let end = UInt(borders[1], radix: 16), window.contains(start) else { continue }
            let isFile = fields.count > 5 && !fields[5].hasPrefix("/dev/zero")
            let isShared = fields[1].hasSuffix("s")
            let new = Line(start: start, end: end, rest: String(fields[1]), offset: isShared || isFile ? UInt(fields[2], radix: 16)! : 0, isFile: isFile)
            if let last = result.last, last.end == new.start, last.rest == new.rest, last.isFile == new.isFile,
               !isFile && !isShared || last.offset + (last.end - last.start) == new.offset {
                result[result.count - 1].end = new.end
            } else {
                result.append(new)
            }
        }
        return result
    }

    private static func hostMaps() -> String {
        String(decoding: FileManager.default.contents(atPath: "/proc/self/maps") ?? Data(), as: UTF8.self)
    }

    @Test(arguments: 1...4)
    func agreesWithTheHost(seed: Int) throws {
        let window = 0x2100_0000_0000 as UInt
        let pages = 128
        let range = window..<(window + UInt(pages + 64) << 12)
        var random = Random(state: UInt64(seed) &* 977)
        let manager = MemoryManager(host: NullHost())
        memoryRoot.set(manager)
        let space = AddressSpace(manager: manager)
        let path = "/tmp/martlet-memory-test-\(getpid())-\(seed)"
        let writable = open(path, O_RDWR | O_CREAT, 0o600)
        ftruncate(writable, 200 << 12)
        let readable = open(path, O_RDONLY), writeOnly = open(path, O_WRONLY)
        defer {
            unlink(path)
            close(writable)
            close(readable)
            close(writeOnly)
            munmap(UnsafeMutableRawPointer(bitPattern: window), range.count)
        }
        let inode = TestInode(size: 200 << 12)
        let files: [(Int32, TestFile)] = [(writable, TestFile(inode, flags: 2)), (readable, TestFile(inode, flags: 0)), (writeOnly, TestFile(inode, flags: 1))]
        // Variadic in C, so Swift does not import it.
        typealias Remap = @convention(c) (UnsafeMutableRawPointer?, Int, Int, Int32, UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?
        let hostRemap = unsafeBitCast(try #require(dlsym(nil, "mremap")), to: Remap.self)
        func pointer(_ address: UInt) -> UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: address) }
        for step in 0..<5000 {
            let a = window + UInt(random.below(pages)) << 12 + (random.chance(2) ? 8 : 0)
            let n = UInt(random.below(24)) << 12 + (random.chance(5) ? 100 : 0)
            var host = 0, ours: Errno?
            var what = ""
            errno = 0
            switch random.below(10) {
            case 0...3:
                let type: UInt32 = [2, 2, 1, 3, 0][random.below(5)]
                var flags = type | (random.chance(80) ? LinuxABI.MAP_FIXED : LinuxABI.MAP_FIXED_NOREPLACE) | LinuxABI.MAP_NORESERVE
                let protection = UInt32(random.below(8))
                var request = MapRequest(address: a, length: n, protection: protection, flags: flags)
                var descriptor: Int32 = -1
                if random.chance(50) {
                    flags |= LinuxABI.MAP_ANONYMOUS
                } else {
                    let file = files[random.below(3)]
                    descriptor = file.0
                    request.file = file.1
                    request.pageOffset = UInt(random.below(100))
                    // A flag nobody knows. (What MAP_SYNC does depends on the file system.)
                    if random.chance(3) { flags |= 0x200 }
                    if random.chance(3) { flags |= LinuxABI.MAP_GROWSDOWN }
                }
                request.flags = flags
                what = "mmap \(String(a, radix: 16)) \(String(n, radix: 16)) prot \(protection) flags \(String(flags, radix: 16)) fd \(descriptor)"
                let result = mmap(pointer(a), Int(n), Int32(protection), Int32(bitPattern: flags), descriptor, Int(request.pageOffset << 12))
                host = result == MAP_FAILED ? Int(errno) : 0
                ours = withError { () throws(Errno) in _ = try space.map(request) }
            case 4:
                what = "munmap \(String(a, radix: 16)) \(String(n, radix: 16))"
                host = munmap(pointer(a), Int(n)) == 0 ? 0 : Int(errno)
                ours = withError { () throws(Errno) in try space.unmap(a, n) }
            case 5, 6:
                let protection = UInt32(random.below(8)) | (random.chance(3) ? 0x100_0000 : 0) | (random.chance(2) ? 0x40 : 0)
                what = "mprotect \(String(a, radix: 16)) \(String(n, radix: 16)) \(protection)"
                host = mprotect(pointer(a), Int(n), Int32(protection)) == 0 ? 0 : Int(errno)
                ours = withError { () throws(Errno) in try space.protect(a, n, protection) }
            case 7:
                // In place or to a place in the window.
                let flags: UInt32 = [0, 3, 3, 2, 7][random.below(5)]
                let b = window + UInt(random.below(pages)) << 12
                let m = random.chance(50) ? n : UInt(random.below(24)) << 12
                // Linux 6.17 moves several areas at once; that is not done here.
                var position = space.list.containing(a)
                var several = false
                if let at = position, flags != 0, space.list[at].end < a + Page.up(min(n, m)) { several = true }
                position = nil
                if several { continue }
                what = "mremap \(String(a, radix: 16)) \(String(n, radix: 16)) \(String(m, radix: 16)) \(flags) \(String(b, radix: 16))"
                let result = hostRemap(pointer(a), Int(n), Int(m), Int32(flags), pointer(b))
                host = result == MAP_FAILED ? Int(errno) : 0
                ours = withError { () throws(Errno) in _ = try space.remap(a, n, m, flags: flags, newAddress: b) }
            case 8:
                let advice = Int32(random.below(30))
                // Advice about contents: they do not matter here, but what the test's file system can do does.
                if advice == 9 || advice == 22 || advice == 23 || advice == 25 { continue }
                what = "madvise \(String(a, radix: 16)) \(String(n, radix: 16)) \(advice)"
                host = madvise(pointer(a), Int(n), advice) == 0 ? 0 : Int(errno)
                ours = withError { () throws(Errno) in try space.advise(a, n, advice) }
            default:
                let flags = UInt32(random.below(10))
                what = "msync \(String(a, radix: 16)) \(String(n, radix: 16)) \(flags)"
                host = msync(pointer(a), Int(n), Int32(flags)) == 0 ? 0 : Int(errno)
                ours = withError { () throws(Errno) in try space.synchronize(a, n, flags: flags) }
            }
            if host != Int(ours?.rawValue ?? 0) {
                Issue.record("seed \(seed) step \(step): \(what): host \(host), ours \(ours?.rawValue ?? 0)")
                return
            }
            let expected = Self.parse(Self.hostMaps(), range)
            let found = Self.parse(String(decoding: space.mapsText { _ in Bytes("/tmp/file") }, as: UTF8.self), range)
            if expected != found {
                var at = 0
                while at < min(expected.count, found.count), expected[at] == found[at] { at += 1 }
                Issue.record("""
                    seed \(seed) step \(step): \(what): maps differ at line \(at):
                    host \(at < expected.count ? expected[at].description : "-"), ours \(at < found.count ? found[at].description : "-")
                    """)
                return
            }
        }
    }
}
