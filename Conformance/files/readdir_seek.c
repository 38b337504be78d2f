// telldir, seekdir, rewinddir: going back to a place gives the same names.
#include "../common.h"

TEST {
    MUST(mkdir("d", 0755));
    char name[32];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "d/%03d", i);
        make_file(name, "");
    }
    DIR *dir = opendir("d");
    char names[102][16];
    long places[103];
    int count = 0;
    struct dirent *entry;
    places[0] = telldir(dir);
    while (count < 102 && (entry = readdir(dir))) {
        snprintf(names[count], 16, "%.15s", entry->d_name);
        places[++count] = telldir(dir);
    }
    T("%d names", count);
    CHECK(readdir(dir) == NULL);
    int wrong = 0;
    for (int i = 101; i >= 0; i -= 7) {
        seekdir(dir, places[i]);
        entry = readdir(dir);
        if (!entry || strcmp(entry->d_name, names[i])) wrong++;
    }
    T("wrong after seekdir: %d", wrong);
    seekdir(dir, places[102]);
    CHECK(readdir(dir) == NULL);
    rewinddir(dir);
    entry = readdir(dir);
    CHECK(entry && !strcmp(entry->d_name, names[0]));
    int distinct = 0;
    for (int i = 0; i < 102; i++) {
        int j = 0;
        while (j < i && strcmp(names[i], names[j])) j++;
        distinct += j == i;
    }
    T("distinct %d", distinct);
    // rewinddir sees what was made since; a dup shares the position.
    make_file("d/new", "");
    rewinddir(dir);
    bool found = false;
    while ((entry = readdir(dir))) found |= !strcmp(entry->d_name, "new");
    CHECK(found);
    CHECK(lseek(dirfd(dir), 0, SEEK_CUR) != 0);
    SHOW(lseek(dirfd(dir), -1, SEEK_SET));
    SHOW(lseek(dirfd(dir), 0, SEEK_SET));
    int copy = dup(dirfd(dir));
    char buffer[512];
    CHECK(RAW(SYS_getdents64, copy, buffer, sizeof buffer) > 0);
    CHECK(lseek(dirfd(dir), 0, SEEK_CUR) == lseek(copy, 0, SEEK_CUR));
}
