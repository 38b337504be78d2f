import KernelBase
import LinuxABI
import Machine
import Tasks

extension SyscallContext {
    /// syslog(2): a log that is always empty, for who may read it.
    func sysSyslog() throws(Errno) -> Int {
        let action = i0
        guard credentials.has(Int(CAP_SYSLOG)) || credentials.has(Int(CAP_SYS_ADMIN)) else { throw .EPERM }
        switch action {
        case 0, 1, 5, 6, 7, 9: return 0
        case 2, 3, 4:
            guard a1 != 0, i2 >= 0 else { throw .EINVAL }
            return 0
        case 8:
            guard i2 >= 1, i2 <= 8 else { throw .EINVAL }
            return 0
        case 10: return 1 << 17
        default: throw .EINVAL
        }
    }

    /// adjtimex(2): the host keeps the time; here it can be looked at.
    func sysAdjtimex() throws(Errno) -> Int { try adjustTime(at: a0) }

    /// clock_adjtime(2)
    func sysClockAdjtime() throws(Errno) -> Int {
        let modes = try UserMemory.load(Timex.self, at: a1)
        guard i0 == CLOCK_REALTIME else {
            _ = try clockValue(i0)
            throw .EOPNOTSUPP
        }
        _ = modes
        return try adjustTime(at: a1)
    }

    private func adjustTime(at address: UInt) throws(Errno) -> Int {
        var time = try UserMemory.load(Timex.self, at: address)
        // ADJ_OFFSET_SS_READ only asks.
        guard time.modes == 0 || time.modes == 0xa001 else { throw .EPERM }
        let now = Clock.realtime()
        time.offset = 0
        time.freq = 0
        time.maxerror = 16_000_000
        time.esterror = 16_000_000
        time.status = STA_UNSYNC
        time.constant = 2
        time.precision = 1
        time.tolerance = 32_768_000
        time.time = Timeval(total: Int64(clamping: now))
        time.tick = 10000
        time.tai = 0
        try UserMemory.store(time, at: address)
        return Int(TIME_ERROR)
    }

    /// settimeofday(2): refused after the arguments have been looked at.
    func sysSettimeofday() throws(Errno) -> Int {
        if a0 != 0 {
            let time = try UserMemory.load(Timeval.self, at: a0)
            guard time.microseconds >= 0, time.microseconds <= USEC_PER_SEC else { throw .EINVAL }
        }
        if a1 != 0 { _ = try UserMemory.load(Timezone.self, at: a1) }
        throw .EPERM
    }
}
