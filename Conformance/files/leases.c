// Leases: who gets one, and a break by another process.
#include "../common.h"

TEST {
    make_file("f", "");
    int reader = (int)MUST(open("f", O_RDONLY));
    SHOW(fcntl(reader, F_GETLEASE));
    SHOW(fcntl(reader, F_SETLEASE, F_WRLCK));
    SHOW(fcntl(reader, F_SETLEASE, F_RDLCK));
    SHOW(fcntl(reader, F_GETLEASE));
    SHOW(fcntl(reader, F_SETLEASE, F_UNLCK));
    SHOW(fcntl(reader, F_GETLEASE));
    SHOW(fcntl(reader, F_SETLEASE, 77));
    SHOW(fcntl(99, F_SETLEASE, F_RDLCK));
    int ends[2];
    MUST(pipe(ends));
    SHOW(fcntl(ends[0], F_SETLEASE, F_RDLCK));
    SHOW(fcntl(open(".", O_RDONLY), F_SETLEASE, F_RDLCK));
    int writer = (int)MUST(open("f", O_RDWR));
    SHOW(fcntl(writer, F_SETLEASE, F_RDLCK));
    SHOW(fcntl(reader, F_SETLEASE, F_RDLCK));
    close(writer);
    SHOW(fcntl(reader, F_SETLEASE, F_RDLCK));
    signal(SIGIO, SIG_IGN);
    IN_CHILD("breaks", { SHOW(open("f", O_WRONLY | O_NONBLOCK)); });
}
