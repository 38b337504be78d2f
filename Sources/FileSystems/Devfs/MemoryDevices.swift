import KernelBase
import LinuxABI
import Machine
import VFS

/// /dev/null, null(4).
class NullFile: File {
    override var isSeekable: Bool { true }
    override var canPoll: Bool { false }
    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int { 0 }
    /// The bytes are not looked at, so a bad address does not matter.
    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int { buffer.skip(buffer.count) }
    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        position = 0
        return 0
    }
}

/// /dev/zero, zero(4).
class ZeroFile: NullFile {
    /// A signal ends a long read, as in Linux.
    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        var done = 0
        while buffer.count > 0 {
            let wanted = min(buffer.count, 1 << 20)
            let moved: Int
            do throws(Errno) { moved = try buffer.writeZeros(wanted, unlocked: true) } catch {
                if done == 0 { throw error }
                break
            }
            done &+= moved
            if moved < wanted || Interruption.signals.isPending { break }
        }
        return done
    }

    /// Private mappings are zero pages; a shared one is memory of its own.
    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] {
        guard length > 0 else { return [] }
        let length = (length &+ 4095) & ~4095
        guard shared else { return [MappedExtent(.zero, length: length, owner: nil)] }
        var extents: [MappedExtent] = []
        var left = length
        while left > 0 {
            guard let run = PageRun.allocate(bytes: min(left, 1 << 22)) else { throw .ENOMEM }
            let size = min(left, run.byteCount)
            extents.append(MappedExtent(.arena(run.arenaOffset), length: size, owner: run))
            left &-= size
        }
        return extents
    }
}

/// /dev/full, full(4).
final class FullFile: ZeroFile {
    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int { throw .ENOSPC }
    override func mapping(offset: Int, length: Int, shared: Bool, writable: Bool) throws(Errno) -> [MappedExtent] { throw .ENODEV }
}

/// /dev/random and /dev/urandom, random(4). Neither ever blocks: the generator is seeded at boot.
final class RandomFile: File {
    private let pollable: Bool

    init(inode: Inode, path: Path, flags: UInt32, pollable: Bool) {
        self.pollable = pollable
        super.init(inode: inode, path: path, flags: flags)
    }

    /// random(4). The pool is always full, and needs nobody's entropy.
    override func control(_ request: UInt32, _ argument: UInt) throws(Errno) -> Int {
        switch request {
        case 0x8004_5200: try UserMemory.store(Int32(256), at: argument) // RNDGETENTCNT
        case 0x4004_5201, 0x4008_5203, 0x5204, 0x5206, 0x5207: // RNDADDTOENTCNT, RNDADDENTROPY, RNDZAPENTCNT, RNDCLEARPOOL, RNDRESEEDCRNG
            guard VFS.shared.hooks.credentials.has(Int(CAP_SYS_ADMIN)) else { throw .EPERM }
        default: throw .EINVAL
        }
        return 0
    }

    override var isSeekable: Bool { true }
    override var canPoll: Bool { pollable }

    override func read(_ buffer: inout IOBuffer, at offset: Int) throws(Errno) -> Int {
        var done = 0
        while buffer.count > 0 {
            let bytes = KernelRandom.bytes(min(buffer.count, 4096))
            do throws(Errno) {
                let moved = try buffer.write(bytes)
                done &+= moved
                if moved < bytes.count { break }
            } catch {
                if done == 0 { throw error }
                break
            }
            if ThreadSlot.work & (Work.signal | Work.exit) != 0 { break }
        }
        return done
    }

    override func write(_ buffer: inout IOBuffer, at offset: inout Int) throws(Errno) -> Int {
        var done = 0
        while buffer.count > 0 {
            do throws(Errno) {
                let bytes = try buffer.read(min(buffer.count, 4096))
                KernelRandom.stir(bytes)
                done &+= bytes.count
                if bytes.isEmpty { break }
            } catch {
                if done == 0 { throw error }
                break
            }
        }
        return done
    }

    override func seek(_ offset: Int, whence: Int32) throws(Errno) -> Int {
        position = 0
        return 0
    }
}
