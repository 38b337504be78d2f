// msgrcv(2) with MSG_COPY: which message, and what becomes of one that does not fit.
#include "../common.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#ifndef MSG_COPY
#define MSG_COPY 040000
#endif

TEST {
    int queue = (int)MUST(msgget(IPC_PRIVATE, 0600));
    struct { long type; char text[16]; } message = {3, "hello"}, got;
    MUST(msgsnd(queue, &message, 6, 0));
    message.type = 5;
    strcpy(message.text, "world");
    MUST(msgsnd(queue, &message, 6, 0));
    for (int i = 0; i < 3; i++) {
        memset(&got, 0, sizeof got);
        SHOW(msgrcv(queue, &got, sizeof got.text, i, MSG_COPY | IPC_NOWAIT));
        T("type %ld text %s", got.type, got.text);
    }
    SHOW(msgrcv(queue, &got, 3, 0, MSG_COPY | IPC_NOWAIT));
    SHOW(msgrcv(queue, &got, 3, 0, MSG_COPY | IPC_NOWAIT | MSG_NOERROR));
    SHOW(msgrcv(queue, &got, 16, 0, MSG_COPY));
    SHOW(msgrcv(queue, &got, 16, 0, MSG_COPY | IPC_NOWAIT | MSG_EXCEPT));
    SHOW(msgrcv(queue, &got, 3, 0, IPC_NOWAIT | MSG_NOERROR));
    SHOW(msgrcv(queue, &got, 3, 0, IPC_NOWAIT));
    MUST(msgctl(queue, IPC_RMID, NULL));
}
