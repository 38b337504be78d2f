// VINTR, VQUIT, VSUSP from the keyboard go to the foreground group; NOFLSH; ISIG off.
#include "../common.h"
#include "../pty_helpers.h"

TEST {
    struct pty p = make_pty();
    struct gate ready = make_gate();
    struct { const char *label, *key; } keys[] = {{"interrupt", "\x03"}, {"quit", "\x1c"}};
    for (int i = 0; i < 2; i++) {
        pid_t child = SPAWN({
            lead_session(p.slave);
            setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
            gate_open(ready);
            for (;;) pause();
        });
        gate_wait(ready);
        type(p.master, keys[i].key);
        reap(keys[i].label, child);
        show_output("echo", p.master, 2);
        close(p.master); close(p.slave);
        p = make_pty();
    }
    // a child of the leader is in the foreground and stops
    pid_t leader = SPAWN({
        lead_session(p.slave);
        signal(SIGTTOU, SIG_IGN);
        pid_t job = SPAWN({ setpgid(0, 0); tcsetpgrp(p.slave, getpid()); signal(SIGTTOU, SIG_DFL); gate_open(ready); for (;;) pause(); });
        int status;
        waitpid(job, &status, WUNTRACED);
        T("job: %s", status_name(status));
        tcsetpgrp(p.slave, getpgrp());
        kill(-job, SIGCONT);
        kill(-job, SIGTERM);
        reap("job", job);
    });
    gate_wait(ready);
    type(p.master, "\x1a");
    reap("leader", leader);
    show_output("echo", p.master, 2);
    close(p.master); close(p.slave);
    // what was typed before the signal is flushed, unless NOFLSH
    for (int keep = 0; keep < 2; keep++) {
        p = make_pty();
        change_modes(p.slave, 0, keep ? NOFLSH : 0, 0, 0, 0, 0);
        leader = SPAWN({
            lead_session(p.slave);
            count_signal(SIGINT, 0);
            gate_open(ready);
            while (!conf_caught[SIGINT]) sleep_ms(1);
            gate_open(ready);
            show_input(keep ? "with NOFLSH" : "flushed", p.slave, 1000);
        });
        gate_wait(ready);
        type(p.master, "before\x03");
        gate_wait(ready);
        type(p.master, "after\n");
        reap("leader", leader);
        close(p.master); close(p.slave);
    }
    p = make_pty();
    change_modes(p.slave, ISIG | ECHO, 0, 0, 0, 0, 0);
    type(p.master, "\x03\x1c\x1a\n");
    settle();
    show_input("ISIG off", p.slave, 1000);
    // no session: the key does nothing but vanish
    change_modes(p.slave, 0, ISIG, 0, 0, 0, 0);
    type(p.master, "a\x03" "b\n");
    settle();
    show_input("no foreground group", p.slave, 1000);
    SHOW(ioctl(p.master, TIOCSIG, SIGINT));
    SHOW(ioctl(p.master, TIOCSIG, 99));
}
