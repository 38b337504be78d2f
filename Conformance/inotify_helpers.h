// What the inotify programs share: telling the queued events in words.
#ifndef CONFORMANCE_INOTIFY_HELPERS_H
#define CONFORMANCE_INOTIFY_HELPERS_H
#include <sys/inotify.h>

/// Reads all queued events of a non-blocking inotify descriptor and prints them in order; cookies as whether
/// they equal the one before.
CONF_FN void show_events(const char *label, int fd) {
    static const struct conf_bit bits[] = {
        {IN_ACCESS, "ACCESS"}, {IN_MODIFY, "MODIFY"}, {IN_ATTRIB, "ATTRIB"}, {IN_CLOSE_WRITE, "CLOSE_WRITE"},
        {IN_CLOSE_NOWRITE, "CLOSE_NOWRITE"}, {IN_OPEN, "OPEN"}, {IN_MOVED_FROM, "MOVED_FROM"}, {IN_MOVED_TO, "MOVED_TO"},
        {IN_CREATE, "CREATE"}, {IN_DELETE, "DELETE"}, {IN_DELETE_SELF, "DELETE_SELF"}, {IN_MOVE_SELF, "MOVE_SELF"},
        {IN_UNMOUNT, "UNMOUNT"}, {IN_Q_OVERFLOW, "Q_OVERFLOW"}, {IN_IGNORED, "IGNORED"}, {IN_ISDIR, "ISDIR"}};
    char buffer[16384] __attribute__((aligned(8)));
    long got = read(fd, buffer, sizeof buffer);
    if (got < 0) { T("%s: %s", label, errno_name(errno)); return; }
    T("%s:", label);
    uint32_t cookie = 0;
    for (long at = 0; at < got;) {
        struct inotify_event *event = (struct inotify_event *)(buffer + at);
        T("  %d %s%s%s%s", event->wd, bit_names(event->mask, bits, sizeof bits / sizeof *bits), event->len ? " " : "", event->len ? event->name : "",
          !event->cookie ? "" : event->cookie == cookie ? " (same cookie)" : " (cookie)");
        cookie = event->cookie;
        at += (long)(sizeof *event + event->len);
    }
}
#endif
