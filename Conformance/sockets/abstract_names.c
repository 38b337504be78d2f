// Abstract names and autobind.
#include "../common.h"
#include "../unix_helpers.h"

TEST {
    int listener = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), client = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0)), other = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    const char *name = abstract("one");
    SHOW(unix_bind(listener, name));
    show_name("bound", listener);
    SHOW(unix_bind(other, name));
    SHOW(listen(listener, 2));
    SHOW(unix_connect(client, name));
    show_peer("client", client);
    show_dir(".");
    // every byte and the length count
    struct sockaddr_un address;
    socklen_t length = unix_address(&address, name);
    SHOW(connect(other, (struct sockaddr *)&address, length + 1));
    SHOW(connect(other, (struct sockaddr *)&address, length - 1));
    SHOW(bind(other, (struct sockaddr *)&address, length + 1));
    show_name("with a zero at the end", other);
    // closing frees the name at once
    close(listener);
    int again = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOWN("bind again, connection still open", unix_bind(again, name));
    int server;
    SHOW(listen(again, 1));
    int third = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(unix_connect(third, name));
    SHOW((server = accept(again, NULL, NULL)) >= 0);
    close(again);
    again = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOWN("bind while an accepted one lives", unix_bind(again, name));
    close(server);
    SHOW(unix_bind(again, name));
    // autobind: the kernel picks five hex digits
    int automatic = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    address.sun_family = AF_UNIX;
    SHOW(bind(automatic, (struct sockaddr *)&address, 2));
    length = sizeof address;
    SHOW(getsockname(automatic, (struct sockaddr *)&address, &length));
    T("length %u, first byte %d, hex digits %zu", length, address.sun_path[0], strspn(address.sun_path + 1, "0123456789abcdef") >= 5 ? (size_t)5 : 0);
    SHOW(bind(automatic, (struct sockaddr *)&address, 2));
    struct sockaddr_un first = address;
    int second = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    address.sun_family = AF_UNIX;
    MUST(bind(second, (struct sockaddr *)&address, 2));
    length = sizeof address;
    getsockname(second, (struct sockaddr *)&address, &length);
    CHECK(memcmp(first.sun_path, address.sun_path, 6) != 0);
    SHOW(sendto(second, "hello", 5, 0, (struct sockaddr *)&first, length));
    char data[16];
    struct sockaddr_un from;
    socklen_t fromLength = sizeof from;
    show_text("received", data, recvfrom(automatic, data, 16, 0, (struct sockaddr *)&from, &fromLength));
    CHECK(fromLength == length && memcmp(&from, &address, length) == 0);
    // streams and datagrams have separate... names: the type must match
    int stream = (int)MUST(socket(AF_UNIX, SOCK_STREAM, 0));
    SHOW(connect(stream, (struct sockaddr *)&first, length));
    // SO_PASSCRED binds automatically on connect or send
    int plain = (int)MUST(socket(AF_UNIX, SOCK_DGRAM, 0));
    MUST(setsockopt(plain, SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int)));
    SHOW(connect(plain, (struct sockaddr *)&first, length));
    length = sizeof address;
    getsockname(plain, (struct sockaddr *)&address, &length);
    T("length %u", length);
}
