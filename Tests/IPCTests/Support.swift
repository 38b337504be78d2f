import IPC
import KernelBase
import LinuxABI
import Machine
import Testing
import VFS

/// All suites of the module: one after the other, since the kernel lock of the ordinary build guards nothing.
@Suite(.serialized) struct IPCTests {}

/// Makes the root objects once.
let booted: Bool = {
    timersRoot.set(TimerQueue())
    let hooks = SpecialFileHooks()
    specialFileHooks.set(hooks)
    IPCState.boot(hooks: hooks)
    return true
}()

/// The error that `body` throws, or nil.
func failure<R>(_ body: () throws(Errno) -> R) -> Errno? {
    do throws(Errno) {
        _ = try body()
        return nil
    } catch {
        return error
    }
}

extension File {
    func put(_ bytes: [UInt8]) throws(Errno) -> Int {
        let source = KernelBuffer(bytes)
        var buffer = IOBuffer(kernel: source, count: bytes.count)
        var offset = 0
        return try write(&buffer, at: &offset)
    }
    func put(_ text: String) throws(Errno) -> Int { try put([UInt8](text.utf8)) }

    func get(_ count: Int) throws(Errno) -> [UInt8] {
        let target = KernelBuffer()
        var buffer = IOBuffer(kernel: target, count: count)
        let n = try read(&buffer, at: 0)
        return [UInt8](target.bytes.prefix(n))
    }
    func getText(_ count: Int) throws(Errno) -> String { String(decoding: try get(count), as: UTF8.self) }
}

/// A waiter that counts what it is told.
final class Counter: Waiter {
    var count = 0
    var events: UInt32 = 0
    override func notify(_ events: UInt32) -> Bool {
        count += 1
        self.events |= events
        return false
    }
}
