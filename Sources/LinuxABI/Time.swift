// Clocks and the flags of the timer calls. The time structures are in TimeStructures.swift.

// MARK: - clock_gettime(2)

public let CLOCK_REALTIME: Int32 = 0
public let CLOCK_MONOTONIC: Int32 = 1
public let CLOCK_PROCESS_CPUTIME_ID: Int32 = 2
public let CLOCK_THREAD_CPUTIME_ID: Int32 = 3
public let CLOCK_MONOTONIC_RAW: Int32 = 4
public let CLOCK_REALTIME_COARSE: Int32 = 5
public let CLOCK_MONOTONIC_COARSE: Int32 = 6
public let CLOCK_BOOTTIME: Int32 = 7
public let CLOCK_REALTIME_ALARM: Int32 = 8
public let CLOCK_BOOTTIME_ALARM: Int32 = 9
public let CLOCK_TAI: Int32 = 11

// MARK: - Dynamic clock numbers: the lowest three bits of a negative clock id

public let CPUCLOCK_PROF: Int32 = 0
public let CPUCLOCK_VIRT: Int32 = 1
public let CPUCLOCK_SCHED: Int32 = 2
public let CLOCKFD: Int32 = 3
public let CPUCLOCK_CLOCK_MASK: Int32 = 3
public let CPUCLOCK_PERTHREAD_MASK: Int32 = 4

// MARK: - clock_nanosleep(2), timer_settime(2)

public let TIMER_ABSTIME: UInt32 = 0x1

// MARK: - timerfd_create(2), timerfd_settime(2)

public let TFD_CLOEXEC: UInt32 = 0x0008_0000
public let TFD_NONBLOCK: UInt32 = 0x800
public let TFD_TIMER_ABSTIME: UInt32 = 0x1
public let TFD_TIMER_CANCEL_ON_SET: UInt32 = 0x2

// MARK: - setitimer(2)

public let ITIMER_REAL: Int32 = 0
public let ITIMER_VIRTUAL: Int32 = 1
public let ITIMER_PROF: Int32 = 2

// MARK: - adjtimex(2): modes

public let ADJ_OFFSET: UInt32 = 0x1
public let ADJ_FREQUENCY: UInt32 = 0x2
public let ADJ_MAXERROR: UInt32 = 0x4
public let ADJ_ESTERROR: UInt32 = 0x8
public let ADJ_STATUS: UInt32 = 0x10
public let ADJ_TIMECONST: UInt32 = 0x20
public let ADJ_TAI: UInt32 = 0x80
public let ADJ_SETOFFSET: UInt32 = 0x100
public let ADJ_MICRO: UInt32 = 0x1000
public let ADJ_NANO: UInt32 = 0x2000
public let ADJ_TICK: UInt32 = 0x4000

// MARK: - adjtimex(2): clock state

public let TIME_OK: Int32 = 0
public let TIME_ERROR: Int32 = 5
public let STA_UNSYNC: Int32 = 64

// MARK: - Units

public let NSEC_PER_SEC: Int64 = 1_000_000_000
public let NSEC_PER_MSEC: Int64 = 1_000_000
public let NSEC_PER_USEC: Int64 = 1000
public let USEC_PER_SEC: Int64 = 1_000_000
/// Ticks per second of times(2) and /proc.
public let USER_HZ: Int64 = 100
