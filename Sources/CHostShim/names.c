#include "CHostShim.h"

#include <sys/select.h> // Must precede ares.h, which uses fd_set.

#include <ares.h>
#include <stdlib.h>

_Static_assert(CHOST_QUERY_FOUND == ARES_SUCCESS, "status codes");
_Static_assert(CHOST_QUERY_NO_DATA == ARES_ENODATA, "status codes");
_Static_assert(CHOST_QUERY_UNKNOWN_NAME == ARES_ENOTFOUND, "status codes");
_Static_assert(CHOST_QUERY_TIMED_OUT == ARES_ETIMEOUT, "status codes");
_Static_assert(CHOST_QUERY_NO_NAME == ARES_ENONAME, "status codes");

// The time of the first round through the name servers; each further round takes twice as long as the one before.
enum { FIRST_ROUND_MILLISECONDS = 1000, ROUNDS = 3 };

struct chost_query {
    ares_channel channel;
    struct ares_addrinfo *result;
    int status;
};

static void receive(void *argument, int status, int timeouts, struct ares_addrinfo *result) {
    (void)timeouts;
    struct chost_query *query = argument;
    query->status = status;
    query->result = result;
}

int chost_query_open(const char *host, const char *servers, struct chost_query **query) {
    struct chost_query *new = calloc(1, sizeof *new);
    if (new == NULL) return ARES_ENOMEM;
    new->status = CHOST_QUERY_PENDING;
    struct ares_options options = {0};
    options.timeout = FIRST_ROUND_MILLISECONDS;
    options.tries = ROUNDS;
    options.lookups = (char *)"fb"; // Copied, never changed.
    int status = ares_init_options(&new->channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS);
    if (status != ARES_SUCCESS) {
        free(new);
        return status;
    }
    if (servers != NULL) status = ares_set_servers_ports_csv(new->channel, servers);
    if (status != ARES_SUCCESS) {
        chost_query_close(new);
        return status;
    }
    struct ares_addrinfo_hints hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    ares_getaddrinfo(new->channel, host, NULL, &hints, receive, new);
    *query = new;
    return ARES_SUCCESS;
}

int chost_query_sockets(struct chost_query *query, struct chost_query_socket *sockets, int capacity) {
    ares_socket_t found[ARES_GETSOCK_MAXNUM];
    int bits = ares_getsock(query->channel, found, ARES_GETSOCK_MAXNUM);
    int count = 0;
    for (int i = 0; i < ARES_GETSOCK_MAXNUM && count < capacity; i++) {
        int reads = ARES_GETSOCK_READABLE(bits, i) != 0, writes = ARES_GETSOCK_WRITABLE(bits, i) != 0;
        if (reads || writes) sockets[count++] = (struct chost_query_socket){found[i], reads, writes};
    }
    return count;
}

int64_t chost_query_timeout(struct chost_query *query) {
    struct timeval time;
    if (ares_timeout(query->channel, NULL, &time) == NULL) return -1;
    return (int64_t)time.tv_sec * 1000 + (time.tv_usec + 999) / 1000;
}

void chost_query_process(struct chost_query *query, int readable, int writable) {
    ares_process_fd(query->channel, readable < 0 ? ARES_SOCKET_BAD : readable,
                    writable < 0 ? ARES_SOCKET_BAD : writable);
}

int chost_query_status(const struct chost_query *query) { return query->status; }

void chost_query_visit(const struct chost_query *query, void (*visit)(void *, const void *, size_t), void *context) {
    if (query->result == NULL) return;
    for (const struct ares_addrinfo_node *node = query->result->nodes; node != NULL; node = node->ai_next) {
        visit(context, node->ai_addr, node->ai_addrlen);
    }
}

void chost_query_close(struct chost_query *query) {
    if (query == NULL) return;
    ares_destroy(query->channel); // Calls `receive` if it has not been called yet.
    if (query->result != NULL) ares_freeaddrinfo(query->result);
    free(query);
}

const char *chost_query_text(int status) { return ares_strerror(status); }
