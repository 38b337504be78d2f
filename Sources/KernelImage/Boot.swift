import Machine
#if hasFeature(Embedded)
@c(martlet_boot) public func boot() { Host.panic("boot") }
#endif
