// Constants of System V IPC, sysvipc(7), and of POSIX message queues, mq_overview(7).

// MARK: - msgget(2), semget(2), shmget(2): keys

public let IPC_PRIVATE: Int32 = 0

// MARK: - msgget(2), semget(2), shmget(2): flags

public let IPC_CREAT: UInt32 = 0o1000
public let IPC_EXCL: UInt32 = 0o2000
public let IPC_NOWAIT: UInt32 = 0o4000

// MARK: - msgctl(2), semctl(2), shmctl(2): commands

public let IPC_RMID: Int32 = 0
public let IPC_SET: Int32 = 1
public let IPC_STAT: Int32 = 2
public let IPC_INFO: Int32 = 3
public let MSG_STAT: Int32 = 11
public let MSG_INFO: Int32 = 12
public let MSG_STAT_ANY: Int32 = 13
public let SHM_LOCK: Int32 = 11
public let SHM_UNLOCK: Int32 = 12
public let SHM_STAT: Int32 = 13
public let SHM_INFO: Int32 = 14
public let SHM_STAT_ANY: Int32 = 15
public let GETPID: Int32 = 11
public let GETVAL: Int32 = 12
public let GETALL: Int32 = 13
public let GETNCNT: Int32 = 14
public let GETZCNT: Int32 = 15
public let SETVAL: Int32 = 16
public let SETALL: Int32 = 17
public let SEM_STAT: Int32 = 18
public let SEM_INFO: Int32 = 19
public let SEM_STAT_ANY: Int32 = 20

// MARK: - Flags of the operations

public let MSG_NOERROR: UInt32 = 0o10000
public let MSG_EXCEPT: UInt32 = 0o20000
public let MSG_COPY: UInt32 = 0o40000
public let SEM_UNDO: UInt32 = 0o10000
public let SHM_HUGETLB: UInt32 = 0o4000
public let SHM_NORESERVE: UInt32 = 0o10000
public let SHM_RDONLY: UInt32 = 0o10000
public let SHM_RND: UInt32 = 0o20000
public let SHM_REMAP: UInt32 = 0o40000
public let SHM_EXEC: UInt32 = 0o100000

// MARK: - shmctl(2): bits of shm_perm.mode

public let SHM_DEST: UInt32 = 0o1000
public let SHM_LOCKED: UInt32 = 0o2000

// MARK: - Default limits of System V IPC

public let MSGMAX: Int = 8192
public let MSGMNB: Int = 16384
public let MSGMNI: Int = 32000
public let SEMMNI: Int = 32000
public let SEMMSL: Int = 32000
public let SEMOPM: Int = 500
public let SEMVMX: Int = 32767
public let SHMMNI: Int = 4096

// MARK: - Default limits of message queues

public let MQ_PRIO_MAX: Int = 32768
public let DFLT_QUEUESMAX: Int = 256
public let DFLT_MSG: Int = 10
public let DFLT_MSGMAX: Int = 10
public let DFLT_MSGSIZE: Int = 8192
public let DFLT_MSGSIZEMAX: Int = 8192
