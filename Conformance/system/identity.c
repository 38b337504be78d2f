// uname, sysinfo, sysconf's sources, hostname rules.
#include "../tasks.h"
#include <sys/sysinfo.h>
#include <sys/utsname.h>

TEST {
    struct utsname name;
    SHOW(uname(&name));
    T("%s %s", name.sysname, name.machine);
    int major = 0, minor = 0;
    SHOW(sscanf(name.release, "%d.%d", &major, &minor));
    CHECK(major >= 4 && strlen(name.version) > 0 && strlen(name.nodename) > 0);
    CHECK(strlen(name.domainname) > 0);
    char host[256];
    SHOW(gethostname(host, sizeof host));
    CHECK(!strcmp(host, name.nodename));
    char text[256] = "";
    int fd = (int)MUST(open("/proc/sys/kernel/osrelease", O_RDONLY));
    MUST(read(fd, text, sizeof text - 1));
    CHECK(!strncmp(text, name.release, strlen(name.release)) && text[strlen(name.release)] == '\n');
    fd = (int)MUST(open("/proc/sys/kernel/ostype", O_RDONLY));
    show_read("ostype", fd, 100);
    fd = (int)MUST(open("/proc/sys/kernel/hostname", O_RDONLY));
    memset(text, 0, sizeof text);
    MUST(read(fd, text, sizeof text - 1));
    CHECK(!strncmp(text, host, strlen(host)));
    fd = (int)MUST(open("/proc/version", O_RDONLY));
    MUST(read(fd, text, sizeof text - 1));
    CHECK(!strncmp(text, "Linux version ", 14));
    IN_CHILD("an ordinary user", {
        drop_root();
        SHOW(sethostname("x", 1));
        SHOW(setdomainname("x", 1));
        SHOW(RAW(SYS_sethostname, BAD, 1));
    });
    struct sysinfo info;
    SHOW(sysinfo(&info));
    CHECK(info.uptime > 0 && info.procs > 0 && info.totalram > 0 && info.freeram <= info.totalram && info.mem_unit > 0);
    struct timespec boot;
    clock_gettime(CLOCK_BOOTTIME, &boot);
    CHECK(labs(info.uptime - boot.tv_sec) <= 1);
    fd = (int)MUST(open("/proc/uptime", O_RDONLY));
    memset(text, 0, sizeof text);
    MUST(read(fd, text, sizeof text - 1));
    double up, idle;
    SHOW(sscanf(text, "%lf %lf", &up, &idle));
    CHECK(up - (double)boot.tv_sec < 2 && up - (double)boot.tv_sec > -2);
    fd = (int)MUST(open("/proc/loadavg", O_RDONLY));
    memset(text, 0, sizeof text);
    MUST(read(fd, text, sizeof text - 1));
    double a, b, c;
    int running, total, last;
    SHOW(sscanf(text, "%lf %lf %lf %d/%d %d", &a, &b, &c, &running, &total, &last));
    CHECK(running >= 1 && total >= running && last >= 1);
    static char big[1 << 16];
    fd = (int)MUST(open("/proc/meminfo", O_RDONLY));
    MUST(read(fd, big, sizeof big - 1));
    unsigned long kilobytes = 0;
    SHOW(sscanf(big, "MemTotal: %lu kB", &kilobytes));
    CHECK(kilobytes == info.totalram * info.mem_unit / 1024);
    CHECK(strstr(big, "MemFree:") && strstr(big, "MemAvailable:") && strstr(big, "Cached:") && strstr(big, "SwapTotal:"));
    CHECK(sysconf(_SC_NPROCESSORS_CONF) >= sysconf(_SC_NPROCESSORS_ONLN) && sysconf(_SC_NPROCESSORS_ONLN) >= 1);
    CHECK(sysconf(_SC_PHYS_PAGES) > 1000 && sysconf(_SC_PAGESIZE) == 4096);
    // cpuinfo and stat count the same processors.
    int processors = 0, cpus = 0;
    FILE *file = fopen("/proc/cpuinfo", "r");
    while (fgets(text, sizeof text, file)) processors += !strncmp(text, "processor\t:", 11);
    fclose(file);
    file = fopen("/proc/stat", "r");
    bool btime = false, ctxt = false, processesLine = false;
    while (fgets(big, sizeof big, file)) {
        cpus += !strncmp(big, "cpu", 3) && big[3] != ' ';
        btime |= !strncmp(big, "btime ", 6), ctxt |= !strncmp(big, "ctxt ", 5), processesLine |= !strncmp(big, "processes ", 10);
    }
    fclose(file);
    CHECK(processors == sysconf(_SC_NPROCESSORS_ONLN) && cpus == processors);
    CHECK(btime && ctxt && processesLine);
}
