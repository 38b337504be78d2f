// A small shell-like session: a program reads lines and answers through the terminal.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    if (conf_argc > 1) {
        char line[128];
        setvbuf(stdin, NULL, _IONBF, 0);
        printf("is a terminal: %d %d\n", isatty(0), isatty(1));
        while (printf("> "), fflush(stdout), fgets(line, sizeof line, stdin)) {
            line[strcspn(line, "\n")] = 0;
            printf("[%s]\n", line);
        }
        printf("end\n");
        return;
    }
    struct pty p = make_pty();
    pid_t child = SPAWN({
        lead_session(p.slave);
        dup2(p.slave, 0); dup2(p.slave, 1); dup2(p.slave, 2);
        close(p.master);
        if (p.slave > 2) close(p.slave);
        EXEC_SELF("line reader");
    });
    show_output("greeting", p.master, strlen("is a terminal: 1 1\r\n> "));
    type(p.master, "hello\n");
    show_output("answer", p.master, strlen("hello\r\n[hello]\r\n> "));
    type(p.master, "teh\x7f\x7fhe\r");
    show_output("edited", p.master, strlen("teh\b \b\b \bhe\r\n[the]\r\n> "));
    type(p.master, "\x04");
    show_output("end", p.master, strlen("end\r\n"));
    reap("reader", child);
    close(p.slave);
    SHOW(read(p.master, &(char){0}, 1));
}
