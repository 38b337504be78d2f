// inotify: masks, re-adding, coalescing, one shot, buffers, errors, poll.
#include "../common.h"

#include <sys/inotify.h>
#include "../inotify_helpers.h"

TEST {
    make_file("f", "");
    MUST(mkdir("d", 0755));
    MUST(symlink("f", "l"));
    int fd = (int)MUST(inotify_init1(IN_NONBLOCK));
    char buffer[256];
    SHOW(read(fd, buffer, sizeof buffer));
    SHOW(inotify_add_watch(fd, "f", IN_MODIFY));
    SHOW(inotify_add_watch(fd, "d", IN_CREATE));
    // the same inode gives the same number and replaces the mask, or adds to it
    SHOW(inotify_add_watch(fd, "l", IN_ATTRIB));
    SHOW(inotify_add_watch(fd, "./f", IN_OPEN | IN_MASK_ADD));
    SHOW(inotify_add_watch(fd, "f", IN_OPEN | IN_MASK_CREATE));
    SHOW(inotify_add_watch(fd, "l", IN_ALL_EVENTS | IN_DONT_FOLLOW));
    SHOW(inotify_add_watch(fd, "f", IN_ONLYDIR | IN_OPEN));
    SHOW(inotify_add_watch(fd, "f", 0));
    SHOW(inotify_add_watch(fd, "f", IN_MASK_ADD | IN_MASK_CREATE | IN_OPEN));
    SHOW(inotify_add_watch(fd, "missing", IN_OPEN));
    SHOW(inotify_add_watch(fd, BAD, IN_OPEN));
    SHOW(inotify_add_watch(99, "f", IN_OPEN));
    SHOW(inotify_add_watch(0, "f", IN_OPEN));
    SHOW(inotify_rm_watch(fd, 55));
    SHOW(inotify_rm_watch(99, 1));
    SHOW(inotify_init1(0x10));
    int file = open("f", O_RDWR);
    write(file, "x", 1);
    chmod("f", 0600);
    show_events("mask OPEN|ATTRIB", fd);
    // equal events that follow each other become one
    MUST(inotify_add_watch(fd, "f", IN_MODIFY | IN_ATTRIB));
    for (int i = 0; i < 5; i++) write(file, "x", 1);
    chmod("f", 0644);
    for (int i = 0; i < 3; i++) write(file, "x", 1);
    int bytes = 0;
    SHOW(ioctl(fd, FIONREAD, &bytes));
    T("%d bytes", bytes);
    SHOW(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 0));
    show_events("coalesced", fd);
    SHOW(poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 0));
    // a buffer too small for the next event
    make_file("d/name", "");
    SHOW(read(fd, buffer, 16));
    SHOW(read(fd, buffer, 31));
    SHOW(read(fd, BAD, 256));
    show_events("create", fd);
    make_file("d/n2", ""); make_file("d/n3", "");
    SHOW(read(fd, buffer, 40));
    show_events("the second", fd);
    SHOW(inotify_add_watch(fd, "d", IN_CREATE | IN_ONESHOT));
    make_file("d/n4", ""); make_file("d/n5", "");
    show_events("one shot", fd);
    SHOW(inotify_rm_watch(fd, 1));
    show_events("removed", fd);
    write(file, "x", 1);
    show_events("nothing", fd);
    // a file that is deleted while open
    SHOW(inotify_add_watch(fd, "f", IN_ALL_EVENTS));
    unlink("f");
    show_events("unlinked, still open", fd);
    write(file, "x", 1);
    show_events("written", fd);
    close(file);
    show_events("closed", fd);
    // excluded after unlink
    SHOW(inotify_add_watch(fd, "d", IN_ALL_EVENTS | IN_EXCL_UNLINK));
    file = open("d/n4", O_RDWR);
    unlink("d/n4");
    show_events("open and unlink", fd);
    write(file, "x", 1);
    close(file);
    show_events("after IN_EXCL_UNLINK", fd);
    SHOW(write(fd, "x", 1));
    SHOW(lseek(fd, 0, SEEK_SET));
}
