// Stands in for a kernel image that never gets ready, or ends at once.
#include "../../Sources/CMachine/include/protocol.h"
#include <stdlib.h>
#include <unistd.h>
ML_PROTOCOL_NOTE;
int main(void) {
    for (;;) pause();
}
