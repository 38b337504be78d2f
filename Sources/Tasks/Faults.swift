// Faults of guest instructions: resolved by the address space, or turned into signals.

import KernelBase
import LinuxABI
import Machine
import Memory

extension Task {
    /// A synchronous host signal that guest code caused.
    public func handleFault(_ trap: Trap) {
        let frame = Frame.current
        frame.originalRAX = UInt.max
        lastTrap = trap
        switch trap.signal {
        case SIGSEGV, SIGBUS:
            // Page faults have trap number 14; error code bit 1: write, bit 4: instruction fetch.
            guard trap.number == 14 else {
                // #GP and the like have no address; an alignment fault says so.
                let code = trap.signal == SIGBUS ? trap.code : SI_KERNEL
                force(trap.signal, .fault(trap.signal, code: code, address: 0))
                return
            }
            guard Host.userEnd > trap.address else {
                force(SIGSEGV, .fault(SIGSEGV, code: SEGV_MAPERR, address: UInt64(trap.address)))
                return
            }
            switch memory.resolveFault(trap.address, write: trap.error & 2 != 0, execute: trap.error & 16 != 0) {
            case .retry: return
            case .signal(SIGSEGV, _) where trap.signal == SIGBUS:
                // All is mapped as it should be, but the host has no page for it: the disk is full, or cannot be read.
                force(SIGBUS, .fault(SIGBUS, code: trap.code, address: UInt64(trap.address)))
            case .signal(let signal, let code):
                force(signal, .fault(signal, code: code, address: UInt64(trap.address)))
            }
        default:
            force(trap.signal, .fault(trap.signal, code: trap.code, address: UInt64(trap.address)))
        }
    }
}
