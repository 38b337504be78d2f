// unix(7): the name of a bound socket is a file like others. It can be renamed, linked and removed, is found again by other
// processes and by listings of its directory, and stays when the socket is gone.
// Tests/Scripts/command-line runs this in a writable share, too.
#include "../common.h"
#include "../unix_helpers.h"

/// Connects and says a word, which the listener gives back.
static void talk(const char *label, int listener, const char *name) {
    int client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    if (SHOWN(label, unix_connect(client, name)) < 0) {
        close(client);
        return;
    }
    int server = (int)MUST(accept(listener, NULL, NULL));
    char word[8] = "";
    MUST(write(client, "word", 4));
    MUST(read(server, word, sizeof word));
    printf("%s: %s\n", label, word);
    close(server);
    close(client);
}

TEST {
    MUST(mkdir("deep", 0755));
    umask(027);
    int listener = unix_listen(SOCK_STREAM, "deep/socket", 8);
    struct stat details;
    MUST(stat("deep/socket", &details));
    printf("mode %o links %d size %lld\n", details.st_mode, (int)details.st_nlink, (long long)details.st_size);
    talk("by its name", listener, "deep/socket");
    SHOWN("bound twice", unix_bind((int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), "deep/socket"));
    SHOWN("open", open("deep/socket", O_RDWR));
    SHOWN("another type", unix_connect((int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0)), "deep/socket"));

    // Long enough for whatever is remembered of a directory to be asked for again.
    usleep(150000);
    DIR *directory = opendir("deep");
    for (struct dirent *entry; (entry = readdir(directory));)
        if (entry->d_name[0] != '.') printf("listed: %s %s\n", entry->d_name, entry->d_type == DT_SOCK ? "socket" : "?");
    closedir(directory);
    talk("after a listing", listener, "deep/socket");

    SHOWN("rename", rename("deep/socket", "moved"));
    talk("renamed", listener, "moved");
    talk("the old name", listener, "deep/socket");
    SHOWN("link", link("moved", "deep/second"));
    talk("by another name", listener, "deep/second");
    SHOWN("remove the first", unlink("moved"));
    talk("the other stays", listener, "deep/second");
    SHOWN("chmod", chmod("deep/second", 0600));
    talk("after chmod", listener, "deep/second");

    fflush(stdout);
    pid_t child = (pid_t)MUST(fork());
    if (child == 0) {
        int client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
        MUST(unix_connect(client, "deep/second"));
        MUST(write(client, "child", 6));
        _exit(0);
    }
    int server = (int)MUST(accept(listener, NULL, NULL));
    char word[8] = "";
    MUST(read(server, word, sizeof word));
    printf("another process: %s\n", word);
    MUST(waitpid(child, NULL, 0));

    close(listener);
    SHOWN("nobody listens", unix_connect((int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), "deep/second"));
    SHOWN("the name is still taken", unix_bind((int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), "deep/second"));
    SHOWN("remove", unlink("deep/second"));
    listener = unix_listen(SOCK_STREAM, "deep/second", 1);
    talk("made anew", listener, "deep/second");
    SHOWN("remove", unlink("deep/second"));
    SHOWN("no name", unix_connect((int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), "deep/second"));

    // A name made by mknod(2) has nobody behind it.
    SHOWN("mknod", mknod("plain", S_IFSOCK | 0600, 0));
    SHOWN("nobody", unix_connect((int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), "plain"));
}
