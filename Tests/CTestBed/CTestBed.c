#define _GNU_SOURCE
#include "CTestBed.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

int ctb_listen(int port) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return -1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(listener, 64) != 0) {
        close(listener);
        return -1;
    }
    return listener;
}

int ctb_port(int listener) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) return -1;
    return ntohs(address.sin_port);
}

int ctb_wait_readable(int connection, int stop) {
    struct pollfd both[2] = {{.fd = connection, .events = POLLIN}, {.fd = stop, .events = POLLIN}};
    while (poll(both, 2, -1) < 0) {
    }
    return both[1].revents == 0;
}

int ctb_accept(int listener, int stop) {
    if (!ctb_wait_readable(listener, stop)) return -1;
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

long long ctb_pipe(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    return ((long long)ends[0] << 32) | ends[1];
}

void ctb_block_sigpipe(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}
