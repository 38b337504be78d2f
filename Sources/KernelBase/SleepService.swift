import Machine

/// What a sleeping thread is woken for that is not its own business: it does it, and sleeps on. Posted as
/// ``Work/service`` together with a wake-up of the thread's slot.
public final class SleepService {
    private let body: () -> Void
    public init(_ body: @escaping () -> Void) { self.body = body }

    /// After each sleep.
    @inline(__always)
    public static func look() {
        if ThreadSlot.work & Work.service != 0 { serve() }
    }

    @inline(never)
    private static func serve() {
        ThreadSlot.clearWork(Work.service)
        sleepServiceRoot.object.body()
    }
}

public let sleepServiceRoot = Root<SleepService>(16)
