import LinuxABI
import Machine

@c(martlet_boot) public func boot() {
    Host.panic("not built yet")
}
@c(martlet_syscall) public func syscallEntry(_ frame: UInt) -> Int { -38 }
@c(martlet_trap) public func trapEntry(_ frame: UInt) {}
@c(martlet_exit_work) public func exitWork(_ frame: UInt) { ThreadSlot.clearWork(0xffff) }
@c(martlet_child_started) public func childStarted(_ frame: UInt) {}
#if hasFeature(Embedded)
@c(KernelImage_main) public func packageManagerMain() {}
#endif
