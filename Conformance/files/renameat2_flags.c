// renameat2: RENAME_NOREPLACE, RENAME_EXCHANGE and wrong flags.
#include "../common.h"

TEST {
    make_file("a", "A");
    make_file("b", "B");
    MUST(mkdir("d", 0755));
    make_file("d/in", "");
    MUST(mkdir("e", 0755));
    MUST(mkdir("e/sub", 0755));
    T("no replace");
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE));
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "c", RENAME_NOREPLACE));
    SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "c", RENAME_NOREPLACE));
    SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "d", RENAME_NOREPLACE));
    SHOW(renameat2(AT_FDCWD, "missing", AT_FDCWD, "b", RENAME_NOREPLACE));
    SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, ".", RENAME_NOREPLACE));
    MUST(symlink("nothing", "l"));
    SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "l", RENAME_NOREPLACE));
    SHOW(renameat2(AT_FDCWD, "c", AT_FDCWD, "a", RENAME_NOREPLACE));
    T("exchange");
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE));
    show_file("a");
    show_file("b");
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "d", RENAME_EXCHANGE));
    show_file("d");
    show_dir("a");
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "e", RENAME_EXCHANGE));
    show_dir("a");
    show_dir("e");
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "a/sub", RENAME_EXCHANGE));
    SHOW(renameat2(AT_FDCWD, "a/sub", AT_FDCWD, "a", RENAME_EXCHANGE));
    SHOW(renameat2(AT_FDCWD, "a/sub", AT_FDCWD, "b", RENAME_EXCHANGE));
    show_file("a/sub");
    show_stat("b");
    struct stat status;
    stat(".", &status);
    T("links here: %ld", (long)status.st_nlink);
    stat("a", &status);
    T("links of a: %ld", (long)status.st_nlink);
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "missing", RENAME_EXCHANGE));
    SHOW(renameat2(AT_FDCWD, "missing", AT_FDCWD, "a", RENAME_EXCHANGE));
    SHOW(renameat2(AT_FDCWD, "d", AT_FDCWD, "l", RENAME_EXCHANGE));
    show_stat("d");
    T("flags");
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE | RENAME_NOREPLACE));
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_EXCHANGE | RENAME_WHITEOUT));
    SHOW(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", 0x100));
    SHOW(renameat2(99, "a", AT_FDCWD, "b", 0x100));
    SHOW(renameat2(99, "a", AT_FDCWD, "b", 0));
    show_dir(".");
}
