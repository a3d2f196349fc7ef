#define _GNU_SOURCE
#include "CTestBed.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in loopback(int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int listen_on(int port, int backlog) {
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0) return -1;
    struct sockaddr_in address = loopback(port);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, backlog) != 0) {
        close(listener);
        return -1;
    }
    return listener;
}

int ctb_listen(int port) { return listen_on(port, 64); }

int ctb_listen_short(void) { return listen_on(0, 0); }

int ctb_connect(int port, int limit) {
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (connection < 0) return -1;
    struct sockaddr_in address = loopback(port);
    if (connect(connection, (struct sockaddr *)&address, sizeof address) == 0) return connection;
    struct pollfd ready = {.fd = connection, .events = POLLOUT};
    int failure = 0;
    socklen_t length = sizeof failure;
    if (errno == EINPROGRESS && poll(&ready, 1, limit) == 1 &&
        getsockopt(connection, SOL_SOCKET, SO_ERROR, &failure, &length) == 0 && failure == 0) {
        return connection;
    }
    close(connection);
    return -1;
}

int ctb_port(int listener) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) return -1;
    return ntohs(address.sin_port);
}

static int wait_readable(int connection, int stop) {
    struct pollfd both[2] = {{.fd = connection, .events = POLLIN}, {.fd = stop, .events = POLLIN}};
    while (poll(both, 2, -1) < 0) {
    }
    return both[1].revents == 0;
}

int ctb_accept(int listener, int stop) {
    if (!wait_readable(listener, stop)) return -1;
    return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
}

long long ctb_pipe(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    return ((long long)ends[0] << 32) | ends[1];
}

int ctb_receive(int connection, int stop) {
    unsigned char byte;
    if (!wait_readable(connection, stop)) return -1;
    return recv(connection, &byte, 1, 0) == 1 ? byte : -1;
}

struct buffer {
    size_t count, capacity;
    unsigned char *bytes;
};

long long ctb_buffer(void) {
    struct buffer *made = calloc(1, sizeof *made);
    if (made == NULL) abort();
    return (long long)(intptr_t)made;
}

void ctb_buffer_add(long long handle, unsigned char byte) {
    struct buffer *buffer = (struct buffer *)(intptr_t)handle;
    if (buffer->count == buffer->capacity) {
        buffer->capacity = buffer->capacity * 2 + 64;
        buffer->bytes = realloc(buffer->bytes, buffer->capacity);
        if (buffer->bytes == NULL) abort();
    }
    buffer->bytes[buffer->count++] = byte;
}

void ctb_buffer_send(long long handle, int connection, int stop, bool again) {
    struct buffer *buffer = (struct buffer *)(intptr_t)handle;
    size_t sent = 0;
    while (sent < buffer->count) {
        struct pollfd ready[] = {{.fd = connection, .events = POLLOUT}, {.fd = stop, .events = POLLIN}};
        if ((poll(ready, 2, -1) < 0 && errno != EINTR) || ready[1].revents != 0) break;
        ssize_t part = send(connection, buffer->bytes + sent, buffer->count - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (part < 0 && errno != EAGAIN && errno != EINTR) break;
        if (part > 0) sent += (size_t)part;
        if (again && sent == buffer->count) sent = 0;
    }
    free(buffer->bytes);
    free(buffer);
}

int ctb_datagram_socket(void) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    struct sockaddr_in address = loopback(0);
    if (bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0) return descriptor;
    close(descriptor);
    return -1;
}

void ctb_answer_name(int descriptor) {
    unsigned char message[512 + 16];
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    struct pollfd ready = {.fd = descriptor, .events = POLLIN};
    if (poll(&ready, 1, 20) != 1) return;
    ssize_t count = recvfrom(descriptor, message, 512, MSG_DONTWAIT, (struct sockaddr *)&peer, &length);
    // The question's name ends with a zero, then come type and class (RFC 1035, section 4.1.2).
    ssize_t end = 12;
    while (end < count && message[end] != 0) end += message[end] + 1;
    if (end + 5 > count) return;
    bool isForAddress = message[end + 1] == 0 && message[end + 2] == 1;
    static const unsigned char answer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1};
    static const unsigned char head[] = {0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0};
    memcpy(message + 2, head, sizeof head);
    count = end + 5;
    if (isForAddress) {
        message[7] = 1;
        memcpy(message + count, answer, sizeof answer);
        count += sizeof answer;
    }
    sendto(descriptor, message, (size_t)count, 0, (struct sockaddr *)&peer, length);
}

int ctb_create(const char *path, int mode) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file >= 0 && fchmod(file, (mode_t)mode) != 0) {
        close(file);
        return -1;
    }
    return file;
}

int ctb_rename(const char *from, const char *to) { return rename(from, to); }

// Splits a copy of `joined` in place; the vector and its one string are freed with two calls.
static char **split(const char *joined) {
    size_t count = 0;
    for (const char *c = joined; *c != 0; c++) count += *c == 0x1f;
    char **vector = calloc(count + 1, sizeof *vector);
    char *copy = strdup(joined);
    if (vector == NULL || copy == NULL) abort();
    for (size_t i = 0; i < count; i++) {
        vector[i] = copy;
        copy = strchr(copy, 0x1f);
        *copy++ = 0;
    }
    if (count == 0) free(copy);
    return vector;
}

static void release(char **vector) {
    free(vector[0]);
    free(vector);
}

int ctb_spawn(const char *path, const char *arguments, const char *environment, const char *folder, const char *input,
              const char *output, const char *errors) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_APPEND, 0);
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_APPEND, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (*folder != 0) posix_spawn_file_actions_addchdir_np(&actions, folder);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    char **argv = split(arguments);
    char **envp = split(environment);
    pid_t pid;
    int failure = posix_spawn(&pid, path, &actions, &attributes, argv, envp);
    release(argv);
    release(envp);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    errno = failure;
    return failure == 0 ? pid : -1;
}

void ctb_await(int pid) {
    siginfo_t info;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
}

int ctb_reap(int pid) {
    int status;
    while (waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
