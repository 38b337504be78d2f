// What has to happen before Swift's runtime starts.
#include "CHost.h"
#include <stdlib.h>
#include <unistd.h>

static int count;
static char **arguments;

// Swift's own CommandLine reads /proc, and so takes a host without /proc, or without a free descriptor, for a call without
// arguments. Its runtime looks for itself in /proc to find its back-tracer, and aborts if that is not there, before we could say
// anything; with this variable it does not look.
__attribute__((constructor(101))) static void keep(int argc, char **argv) {
    count = argc;
    arguments = argv;
    if (access("/proc/self/maps", R_OK) < 0) setenv("SWIFT_ROOT", "/", 0);
}

int chost_argument_count(void) { return count; }

const char *chost_argument(int index) { return index >= 0 && index < count ? arguments[index] : ""; }
