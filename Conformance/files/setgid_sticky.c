// Set-group-id directories, the sticky bit, and what they pass on.
#include "../common.h"

static void mode(const char *path) {
    struct stat status;
    lstat(path, &status);
    T("%s: %04o, my group %d", path, status.st_mode & 07777, status.st_gid == getegid());
}

TEST {
    MUST(chmod(".", 0755)); // reachable after giving up root
    MUST(mkdir("g", 0755));
    SHOW(chmod("g", 02775));
    mode("g");
    make_file("g/f", "");
    mode("g/f");
    SHOW(mkdir("g/d", 0755));
    mode("g/d");
    SHOW(mkdir("g/d/e", 0700));
    mode("g/d/e");
    close(open("g/s", O_CREAT | O_RDWR, 02755));
    mode("g/s");
    SHOW(chmod("g/d", 0755));
    mode("g/d");
    // Who is not in the directory's group cannot make a set-group-id program of it, whatever the umask takes away.
    if (geteuid() == 0) {
        MUST(mkdir("other", 0777));
        MUST(chown("other", 65534, 12345));
        MUST(chmod("other", 02777));
        IN_CHILD("stranger", {
            drop_root();
            struct stat status;
            for (int mask = 0; mask <= 010; mask += 010) {
                umask((mode_t)mask);
                MUST(open("other/f", O_CREAT | O_EXCL | O_RDWR, 02777));
                MUST(stat("other/f", &status));
                T("umask %03o: %04o, the directory's group %d", mask, status.st_mode & 07777, status.st_gid == 12345);
                MUST(unlink("other/f"));
            }
        });
    }
    SHOW(mkdir("plain", 02755));
    mode("plain");
    SHOW(mkdir("sticky", 01777));
    mode("sticky");
    SHOW(chmod("sticky", 01777));
    make_file("sticky/mine", "");
    SHOW(mkdir("sticky/d", 0755));
    // who is root becomes somebody else, for whom the owner of these files is another
    IN_CHILD("user", {
        drop_root();
        struct stat status;
        stat("sticky/mine", &status);
        bool own = status.st_uid == geteuid();
        int unlinked = unlink("sticky/mine"), why = errno;
        CHECK(own ? unlinked == 0 : unlinked == -1 && why == EPERM);
        int moved = rename("sticky/d", "sticky/e"), whyMoved = errno;
        CHECK(own ? moved == 0 : moved == -1 && whyMoved == EPERM);
        close(open("sticky/new", O_CREAT | O_RDWR, 0644));
        SHOW(rename("sticky/new", "sticky/newer"));
        SHOW(unlink("sticky/newer"));
    });
}
