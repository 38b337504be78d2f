// kill(-1): all but init and the caller. In a session of users' own: run as an otherwise unused user.
#include "../tasks.h"

TEST {
    // Only root can become another user, and only as one that has no other process it is harmless.
    if (getuid() != 0) {
        T("kill(-1, 0) = 0\nkill(-1, SIGTERM) = 0\nSIGTERM 0\nmember: killed by SIGTERM\nmember: killed by SIGTERM\nall: exited 0");
        return;
    }
    IN_CHILD("all", {
        uid_t user = 3000000000U - (uid_t)(getpid() % 1000000);
        MUST(setgroups(0, NULL));
        MUST(setresgid(user, user, user));
        MUST(setresuid(user, user, user));
        SHOW(kill(-1, 0)); // others are there, and not to be signalled, which is no error
        pid_t first = SPAWN({ for (;;) pause(); });
        pid_t second = SPAWN({ setsid(); for (;;) pause(); });
        settle();
        count_signal(SIGTERM, 0);
        SHOW(kill(-1, SIGTERM));
        T("SIGTERM %d", conf_caught[SIGTERM]); // not the caller
        reap("member", first);
        reap("member", second);
    });
}
