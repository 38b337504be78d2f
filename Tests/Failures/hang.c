// Stands in for a kernel image that never gets ready, or ends at once.
#include <stdlib.h>
#include <unistd.h>
int main(void) {
    for (;;) pause();
}
