// Constants of terminals: termios(3), ioctl_tty(2), ioctl_console(2). The structures are in TermiosStructures.swift.

// MARK: - termios: input modes, c_iflag

public let IGNBRK: UInt32 = 0o1
public let BRKINT: UInt32 = 0o2
public let IGNPAR: UInt32 = 0o4
public let PARMRK: UInt32 = 0o10
public let INPCK: UInt32 = 0o20
public let ISTRIP: UInt32 = 0o40
public let INLCR: UInt32 = 0o100
public let IGNCR: UInt32 = 0o200
public let ICRNL: UInt32 = 0o400
public let IUCLC: UInt32 = 0o1000
public let IXON: UInt32 = 0o2000
public let IXANY: UInt32 = 0o4000
public let IXOFF: UInt32 = 0o10000
public let IMAXBEL: UInt32 = 0o20000
public let IUTF8: UInt32 = 0o40000

// MARK: - termios: output modes, c_oflag

public let OPOST: UInt32 = 0o1
public let OLCUC: UInt32 = 0o2
public let ONLCR: UInt32 = 0o4
public let OCRNL: UInt32 = 0o10
public let ONOCR: UInt32 = 0o20
public let ONLRET: UInt32 = 0o40
public let OFILL: UInt32 = 0o100
public let OFDEL: UInt32 = 0o200
public let NLDLY: UInt32 = 0o400
public let NL0: UInt32 = 0
public let NL1: UInt32 = 0o400
public let CRDLY: UInt32 = 0o3000
public let CR0: UInt32 = 0
public let CR1: UInt32 = 0o1000
public let CR2: UInt32 = 0o2000
public let CR3: UInt32 = 0o3000
public let TABDLY: UInt32 = 0o14000
public let TAB0: UInt32 = 0
public let TAB1: UInt32 = 0o4000
public let TAB2: UInt32 = 0o10000
public let TAB3: UInt32 = 0o14000
public let XTABS: UInt32 = 0o14000
public let BSDLY: UInt32 = 0o20000
public let BS0: UInt32 = 0
public let BS1: UInt32 = 0o20000
public let VTDLY: UInt32 = 0o40000
public let VT0: UInt32 = 0
public let VT1: UInt32 = 0o40000
public let FFDLY: UInt32 = 0o100000
public let FF0: UInt32 = 0
public let FF1: UInt32 = 0o100000

// MARK: - termios: control modes, c_cflag

public let CBAUD: UInt32 = 0o10017
public let CBAUDEX: UInt32 = 0o10000
public let CSIZE: UInt32 = 0o60
public let CS5: UInt32 = 0
public let CS6: UInt32 = 0o20
public let CS7: UInt32 = 0o40
public let CS8: UInt32 = 0o60
public let CSTOPB: UInt32 = 0o100
public let CREAD: UInt32 = 0o200
public let PARENB: UInt32 = 0o400
public let PARODD: UInt32 = 0o1000
public let HUPCL: UInt32 = 0o2000
public let CLOCAL: UInt32 = 0o4000
public let CIBAUD: UInt32 = 0o2003600000
public let CMSPAR: UInt32 = 0o10000000000
public let CRTSCTS: UInt32 = 0o20000000000
public let ADDRB: UInt32 = 0o4000000000
public let BOTHER: UInt32 = 0o10000
public let IBSHIFT: UInt32 = 0o20

// MARK: - termios: line speeds in c_cflag

public let B0: UInt32 = 0
public let B50: UInt32 = 0o1
public let B75: UInt32 = 0o2
public let B110: UInt32 = 0o3
public let B134: UInt32 = 0o4
public let B150: UInt32 = 0o5
public let B200: UInt32 = 0o6
public let B300: UInt32 = 0o7
public let B600: UInt32 = 0o10
public let B1200: UInt32 = 0o11
public let B1800: UInt32 = 0o12
public let B2400: UInt32 = 0o13
public let B4800: UInt32 = 0o14
public let B9600: UInt32 = 0o15
public let B19200: UInt32 = 0o16
public let B38400: UInt32 = 0o17
public let B57600: UInt32 = 0o10001
public let B115200: UInt32 = 0o10002
public let B230400: UInt32 = 0o10003
public let B460800: UInt32 = 0o10004
public let B500000: UInt32 = 0o10005
public let B576000: UInt32 = 0o10006
public let B921600: UInt32 = 0o10007
public let B1000000: UInt32 = 0o10010
public let B1152000: UInt32 = 0o10011
public let B1500000: UInt32 = 0o10012
public let B2000000: UInt32 = 0o10013
public let B2500000: UInt32 = 0o10014
public let B3000000: UInt32 = 0o10015
public let B3500000: UInt32 = 0o10016
public let B4000000: UInt32 = 0o10017

// MARK: - termios: local modes, c_lflag

public let ISIG: UInt32 = 0o1
public let ICANON: UInt32 = 0o2
public let XCASE: UInt32 = 0o4
public let ECHO: UInt32 = 0o10
public let ECHOE: UInt32 = 0o20
public let ECHOK: UInt32 = 0o40
public let ECHONL: UInt32 = 0o100
public let NOFLSH: UInt32 = 0o200
public let TOSTOP: UInt32 = 0o400
public let ECHOCTL: UInt32 = 0o1000
public let ECHOPRT: UInt32 = 0o2000
public let ECHOKE: UInt32 = 0o4000
public let FLUSHO: UInt32 = 0o10000
public let PENDIN: UInt32 = 0o40000
public let IEXTEN: UInt32 = 0o100000
public let EXTPROC: UInt32 = 0o200000

// MARK: - termios: indices in c_cc

public let VINTR: Int = 0
public let VQUIT: Int = 1
public let VERASE: Int = 2
public let VKILL: Int = 3
public let VEOF: Int = 4
public let VTIME: Int = 5
public let VMIN: Int = 6
public let VSWTC: Int = 7
public let VSTART: Int = 8
public let VSTOP: Int = 9
public let VSUSP: Int = 10
public let VEOL: Int = 11
public let VREPRINT: Int = 12
public let VDISCARD: Int = 13
public let VWERASE: Int = 14
public let VLNEXT: Int = 15
public let VEOL2: Int = 16
/// Characters in the kernel's struct; C libraries have 32.
public let NCCS: Int = 19

// MARK: - termios: the character that means "off"

public let _POSIX_VDISABLE: UInt8 = 0

// MARK: - ioctl(2) requests: termios

public let TCGETS: UInt = 0x5401
public let TCSETS: UInt = 0x5402
public let TCSETSW: UInt = 0x5403
public let TCSETSF: UInt = 0x5404
public let TCGETA: UInt = 0x5405
public let TCSETA: UInt = 0x5406
public let TCSETAW: UInt = 0x5407
public let TCSETAF: UInt = 0x5408
public let TCGETS2: UInt = 0x802c_542a
public let TCSETS2: UInt = 0x402c_542b
public let TCSETSW2: UInt = 0x402c_542c
public let TCSETSF2: UInt = 0x402c_542d
public let TIOCGLCKTRMIOS: UInt = 0x5456
public let TIOCSLCKTRMIOS: UInt = 0x5457

// MARK: - ioctl(2) requests: flow, queues and breaks

public let TCSBRK: UInt = 0x5409
public let TCSBRKP: UInt = 0x5425
public let TCXONC: UInt = 0x540a
public let TCFLSH: UInt = 0x540b
public let TIOCSBRK: UInt = 0x5427
public let TIOCCBRK: UInt = 0x5428
public let TIOCOUTQ: UInt = 0x5411
public let TIOCINQ: UInt = 0x541b
public let FIONREAD: UInt = 0x541b
public let TIOCSTI: UInt = 0x5412
public let TIOCEXCL: UInt = 0x540c
public let TIOCNXCL: UInt = 0x540d
public let TIOCGEXCL: UInt = 0x8004_5440

// MARK: - ioctl(2) requests: job control

public let TIOCSCTTY: UInt = 0x540e
public let TIOCNOTTY: UInt = 0x5422
public let TIOCGPGRP: UInt = 0x540f
public let TIOCSPGRP: UInt = 0x5410
public let TIOCGSID: UInt = 0x5429

// MARK: - ioctl(2) requests: window, lines, console

public let TIOCGWINSZ: UInt = 0x5413
public let TIOCSWINSZ: UInt = 0x5414
public let TIOCGSOFTCAR: UInt = 0x5419
public let TIOCSSOFTCAR: UInt = 0x541a
public let TIOCMGET: UInt = 0x5415
public let TIOCMSET: UInt = 0x5418
public let TIOCMBIS: UInt = 0x5416
public let TIOCMBIC: UInt = 0x5417
public let TIOCMIWAIT: UInt = 0x545c
public let TIOCGICOUNT: UInt = 0x545d
public let TIOCGSERIAL: UInt = 0x541e
public let TIOCSSERIAL: UInt = 0x541f
public let TIOCLINUX: UInt = 0x541c
public let TIOCCONS: UInt = 0x541d
public let TIOCVHANGUP: UInt = 0x5437
public let TIOCSETD: UInt = 0x5423
public let TIOCGETD: UInt = 0x5424
public let TIOCGDEV: UInt = 0x8004_5432
public let KDGKBTYPE: UInt = 0x4b33
public let KDGETMODE: UInt = 0x4b3b
public let KDSETMODE: UInt = 0x4b3a
public let KDGKBMODE: UInt = 0x4b44
public let VT_OPENQRY: UInt = 0x5600
public let VT_GETMODE: UInt = 0x5601
public let VT_GETSTATE: UInt = 0x5603

// MARK: - ioctl(2) requests: pseudoterminals, ioctl_pipe

public let TIOCGPTN: UInt = 0x8004_5430
public let TIOCSPTLCK: UInt = 0x4004_5431
public let TIOCGPTLCK: UInt = 0x8004_5439
public let TIOCGPTPEER: UInt = 0x5441
public let TIOCPKT: UInt = 0x5420
public let TIOCGPKT: UInt = 0x8004_5438
public let TIOCSIG: UInt = 0x4004_5436

// MARK: - ioctl(2) requests of every file

public let FIONBIO: UInt = 0x5421
public let FIONCLEX: UInt = 0x5450
public let FIOCLEX: UInt = 0x5451
public let FIOASYNC: UInt = 0x5452
public let FIOQSIZE: UInt = 0x5460

// MARK: - TIOCPKT: control byte of packet mode

public let TIOCPKT_DATA: UInt8 = 0x0
public let TIOCPKT_FLUSHREAD: UInt8 = 0x1
public let TIOCPKT_FLUSHWRITE: UInt8 = 0x2
public let TIOCPKT_STOP: UInt8 = 0x4
public let TIOCPKT_START: UInt8 = 0x8
public let TIOCPKT_NOSTOP: UInt8 = 0x10
public let TIOCPKT_DOSTOP: UInt8 = 0x20
public let TIOCPKT_IOCTL: UInt8 = 0x40

// MARK: - tcflow(3), tcflush(3)

public let TCOOFF: Int32 = 0
public let TCOON: Int32 = 1
public let TCIOFF: Int32 = 2
public let TCION: Int32 = 3
public let TCIFLUSH: Int32 = 0
public let TCOFLUSH: Int32 = 1
public let TCIOFLUSH: Int32 = 2

// MARK: - TIOCMGET: modem lines

public let TIOCM_LE: Int32 = 0x1
public let TIOCM_DTR: Int32 = 0x2
public let TIOCM_RTS: Int32 = 0x4
public let TIOCM_CTS: Int32 = 0x20
public let TIOCM_CAR: Int32 = 0x40
public let TIOCM_RNG: Int32 = 0x80
public let TIOCM_DSR: Int32 = 0x100

// MARK: - Line disciplines

public let N_TTY: Int32 = 0
