// The auxiliary vector, the stack layout at the start, argv and environment as handed over.
#include "../tasks.h"
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

extern char **environ;

TEST {
    if (conf_argc > 1) {
        T("argc %d: %s|%s|%s", conf_argc, conf_argv[1], conf_argv[2], conf_argv[3]);
        for (int i = 0; environ[i]; i++) T("environment %d: %s", i, environ[i]);
        // Strings follow each other; the vectors are below them; argv[argc] ends the list.
        CHECK(conf_argv[1] == conf_argv[0] + strlen(conf_argv[0]) + 1);
        CHECK(environ[0] == conf_argv[3] + strlen(conf_argv[3]) + 1);
        CHECK(conf_argv[conf_argc] == NULL && (char **)environ == conf_argv + conf_argc + 1);
        char **end = environ;
        while (*end) end++;
        ElfW(auxv_t) *auxv = (ElfW(auxv_t) *)(end + 1);
        CHECK(((uintptr_t)conf_argv - 8) % 16 == 0);
        CHECK(((long *)conf_argv)[-1] == conf_argc);
        int known = 0, count = 0;
        for (; auxv->a_type != AT_NULL; auxv++) {
            count++;
            switch (auxv->a_type) {
            case AT_PAGESZ: T("AT_PAGESZ %lu", auxv->a_un.a_val); break;
            case AT_CLKTCK: T("AT_CLKTCK %lu", auxv->a_un.a_val); break;
            case AT_PHENT: T("AT_PHENT %lu", auxv->a_un.a_val); break;
            case AT_FLAGS: T("AT_FLAGS %lu", auxv->a_un.a_val); break;
            case AT_SECURE: T("AT_SECURE %lu", auxv->a_un.a_val); break;
            case AT_UID: FACT("AT_UID", auxv->a_un.a_val == getuid()); break;
            case AT_EUID: FACT("AT_EUID", auxv->a_un.a_val == geteuid()); break;
            case AT_GID: FACT("AT_GID", auxv->a_un.a_val == getgid()); break;
            case AT_EGID: FACT("AT_EGID", auxv->a_un.a_val == getegid()); break;
            default: known--;
            }
            known++;
        }
        static const int tags[] = {AT_SYSINFO_EHDR, AT_HWCAP, AT_PHDR, AT_PHNUM, AT_BASE, AT_ENTRY, AT_RANDOM, AT_EXECFN, AT_PLATFORM, AT_HWCAP2, AT_MINSIGSTKSZ};
        static const char *names[] = {"SYSINFO_EHDR", "HWCAP", "PHDR", "PHNUM", "BASE", "ENTRY", "RANDOM", "EXECFN", "PLATFORM", "HWCAP2", "MINSIGSTKSZ"};
        for (int i = 0; i < 11; i++) {
            errno = 0;
            getauxval((unsigned long)tags[i]);
            T("AT_%s %s", names[i], errno ? "missing" : "present");
        }
        SHOW(known);
        CHECK(count < 40);
        ElfW(Phdr) *headers = (ElfW(Phdr) *)getauxval(AT_PHDR);
        CHECK(headers[0].p_type == PT_PHDR && getauxval(AT_PHNUM) > 5 && getauxval(AT_PHNUM) < 20);
        uintptr_t bias = (uintptr_t)headers - headers[0].p_vaddr;
        ElfW(Ehdr) *header = (ElfW(Ehdr) *)bias;
        CHECK(!memcmp(header->e_ident, ELFMAG, SELFMAG) && getauxval(AT_ENTRY) == bias + header->e_entry);
        CHECK(!memcmp((void *)getauxval(AT_BASE), ELFMAG, SELFMAG));
        CHECK(!memcmp((void *)getauxval(AT_SYSINFO_EHDR), ELFMAG, SELFMAG));
        T("platform %s", (char *)getauxval(AT_PLATFORM));
        CHECK(!strcmp((char *)getauxval(AT_EXECFN), conf_self));
        unsigned char *random = (unsigned char *)getauxval(AT_RANDOM);
        int sum = 0;
        for (int i = 0; i < 16; i++) sum |= random[i];
        CHECK(sum != 0);
        // /proc/self/auxv is the same.
        ElfW(auxv_t) file[64];
        int fd = (int)MUST(open("/proc/self/auxv", O_RDONLY));
        ssize_t got = read(fd, file, sizeof file);
        CHECK(got >= (ssize_t)((unsigned)(count + 1) * sizeof *file));
        CHECK(!memcmp(file, (ElfW(auxv_t) *)(end + 1), (unsigned)count * sizeof *file));
        // The last thing on the stack is the file's name.
        struct mapping stack = find_map("[stack]");
        CHECK((char *)stack.end - 8 - strlen(conf_self) - 1 == (char *)getauxval(AT_EXECFN));
        exit(7);
    }
    fflush(stdout);
    IN_CHILD("program", execve(conf_self, (char *[]){"argv0", "one", "", "three", NULL}, (char *[]){"A=1", "EMPTY=", "no-equals-sign", "A=2", NULL}));
    IN_CHILD("sh counts", execve("/bin/sh", (char *[]){"sh", "-c", "echo $# $0 \"$@\" $A", "zero", "1", "2 3", NULL}, (char *[]){"A=x y", NULL}));
}
