// copy_file_range: offsets, ends, errors.
#include "../common.h"

TEST {
    make_pattern("a", 1000);
    make_file("b", "");
    int a = (int)MUST(open("a", O_RDONLY)), b = (int)MUST(open("b", O_RDWR));
    loff_t in = 100, out = 5;
    SHOW(copy_file_range(a, NULL, b, NULL, 10, 0));
    SHOW(lseek(a, 0, SEEK_CUR));
    SHOW(lseek(b, 0, SEEK_CUR));
    show_file("b");
    SHOW(copy_file_range(a, &in, b, &out, 10, 0));
    T("in %ld, out %ld", (long)in, (long)out);
    SHOW(lseek(a, 0, SEEK_CUR));
    show_file("b");
    in = 990;
    SHOW(copy_file_range(a, &in, b, NULL, 100, 0));
    T("in %ld", (long)in);
    SHOW(copy_file_range(a, &in, b, NULL, 100, 0));
    in = 5000;
    SHOW(copy_file_range(a, &in, b, NULL, 100, 0));
    SHOW(copy_file_range(a, NULL, b, NULL, 0, 0));
    SHOW(copy_file_range(a, NULL, b, NULL, 10, 1));
    SHOW(copy_file_range(b, NULL, a, NULL, 10, 0));
    SHOW(copy_file_range(99, NULL, b, NULL, 10, 0));
    SHOW(copy_file_range(a, NULL, 99, NULL, 10, 0));
    in = 0; out = 5;
    SHOW(copy_file_range(b, &in, b, &out, 10, 0));
    SHOW(copy_file_range(b, &in, b, &out, 5, 0));
    out = -1;
    SHOW(copy_file_range(a, NULL, b, &out, 5, 0));
    int append = (int)MUST(open("b", O_WRONLY | O_APPEND)), writer = (int)MUST(open("a", O_WRONLY)), dir = (int)MUST(open(".", O_RDONLY)), ends[2];
    SHOW(copy_file_range(a, NULL, append, NULL, 10, 0));
    SHOW(copy_file_range(writer, NULL, b, NULL, 10, 0));
    SHOW(copy_file_range(dir, NULL, b, NULL, 10, 0));
    SHOW(copy_file_range(a, NULL, dir, NULL, 10, 0));
    MUST(pipe(ends));
    SHOW(copy_file_range(ends[0], NULL, b, NULL, 10, 0));
    SHOW(copy_file_range(a, NULL, ends[1], NULL, 10, 0));
    SHOW(copy_file_range(a, BAD, b, NULL, 10, 0));
    show_stat("b");
    show_file("b");
}
