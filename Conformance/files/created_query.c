// F_CREATED_QUERY: whether the open(2) of a description made the file.
#include "../common.h"
#ifndef F_CREATED_QUERY
#define F_CREATED_QUERY 1028
#endif

TEST {
    int fd = (int)MUST(open("f", O_RDWR | O_CREAT, 0600));
    if (fcntl(fd, F_CREATED_QUERY, 0) < 0) SKIP("not in this kernel");
    SHOW(fcntl(fd, F_CREATED_QUERY, 0));
    SHOW(fcntl(dup(fd), F_CREATED_QUERY, 0));
    SHOW(fcntl(open("f", O_RDWR | O_CREAT, 0600), F_CREATED_QUERY, 0));
    SHOW(fcntl(open("f", O_RDONLY), F_CREATED_QUERY, 0));
    SHOW(fcntl(open(".", O_PATH), F_CREATED_QUERY, 0));
    SHOW(fcntl(99, F_CREATED_QUERY, 0));
    int pipes[2];
    MUST(pipe(pipes));
    SHOW(fcntl(pipes[0], F_CREATED_QUERY, 0));
}
