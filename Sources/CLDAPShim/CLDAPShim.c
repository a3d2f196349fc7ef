#define _GNU_SOURCE
#include "CLDAPShim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum {
    INPUT_CAPACITY = 16 * 1024,
    /// A server that takes no more than this does not read at all.
    OUTPUT_LIMIT = 4 * 1024 * 1024,
    EMPTY_READ_LIMIT = 1000,
};

struct cldap_transport {
    int socket;
    bool corked;
    /// How often libldap or the TLS library asked in vain since the owner last looked; see transport_read.
    int empty_reads;
    bool was_filled;
    /// How much may be taken from the socket before cldap_limit is called again, and how much was since the beginning.
    size_t allowance, received;
    Sockbuf *sockbuf;
    unsigned char *output;
    size_t output_start, output_end, output_capacity;
    size_t input_start, input_end;
    unsigned char input[INPUT_CAPACITY];
};

// MARK: Reading

/// recv(2) without being interrupted and without waiting. libldap's handshake makes the socket blocking on its way, so
/// O_NONBLOCK cannot be relied on. Beyond the allowance the socket looks empty.
static ptrdiff_t receive(cldap_transport *transport, void *buffer, size_t length) {
    if (length > transport->allowance) length = transport->allowance;
    if (length == 0) {
        errno = EAGAIN;
        return -1;
    }
    ptrdiff_t count;
    do {
        count = recv(transport->socket, buffer, length, MSG_DONTWAIT);
    } while (count < 0 && errno == EINTR);
    if (count > 0) {
        transport->received += (size_t)count;
        if (transport->allowance != SIZE_MAX) transport->allowance -= (size_t)count;
    }
    return count;
}

void cldap_limit(cldap_transport *transport, size_t allowance) { transport->allowance = allowance; }

size_t cldap_received(const cldap_transport *transport) { return transport->received; }

bool cldap_has_input(const cldap_transport *transport) { return transport->input_start < transport->input_end; }

ptrdiff_t cldap_fill(cldap_transport *transport) {
    transport->empty_reads = 0;
    transport->was_filled = false;
    if (!cldap_has_input(transport)) transport->input_start = transport->input_end = 0;
    size_t room = INPUT_CAPACITY - transport->input_end;
    if (room > 0) {
        ptrdiff_t count = receive(transport, transport->input + transport->input_end, room);
        if (count > 0) {
            transport->input_end += (size_t)count;
            transport->was_filled = (size_t)count == room;
        } else if (!cldap_has_input(transport) && (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK))) {
            return -1;
        }
    }
    return (ptrdiff_t)(transport->input_end - transport->input_start);
}

bool cldap_is_full(const cldap_transport *transport) { return transport->was_filled; }

static ber_slen_t transport_read(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t length) {
    cldap_transport *transport = layer->sbiod_pvt;
    if (!cldap_has_input(transport)) {
        // While libldap itself waits in a TLS handshake nobody else sends what is kept.
        int code = cldap_flush(transport);
        // A server that asks for renegotiation and then stays silent has libldap try again for ever.
        if (code == 0 && transport->empty_reads > EMPTY_READ_LIMIT) code = ECONNABORTED;
        if (code != 0) {
            errno = code;
            return -1;
        }
        transport->input_start = transport->input_end = 0;
        ptrdiff_t count = receive(transport, transport->input, INPUT_CAPACITY);
        if (count <= 0) {
            transport->empty_reads += 1;
            return count;
        }
        transport->input_end = (size_t)count;
    }
    size_t available = transport->input_end - transport->input_start;
    if (length > available) length = available;
    memcpy(buffer, transport->input + transport->input_start, length);
    transport->input_start += length;
    return (ber_slen_t)length;
}

// MARK: Writing

bool cldap_wants_write(const cldap_transport *transport) { return transport->output_start < transport->output_end; }

int cldap_flush(cldap_transport *transport) {
    // Callers look at errno after a read that begins with this.
    int saved = errno;
    while (cldap_wants_write(transport)) {
        ptrdiff_t count = send(transport->socket, transport->output + transport->output_start,
                               transport->output_end - transport->output_start, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            transport->output_start += (size_t)count;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            errno = saved;
            return 0;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    // What was sent may have held a password.
    if (transport->output_end > 0) explicit_bzero(transport->output, transport->output_end);
    transport->output_start = transport->output_end = 0;
    errno = saved;
    return 0;
}

void cldap_cork(cldap_transport *transport, bool corked) { transport->corked = corked; }

/// Makes room for `length` bytes at the end of the output; realloc(3) would leave unwiped copies behind.
static bool reserve_output(cldap_transport *transport, size_t length) {
    size_t pending = transport->output_end - transport->output_start;
    if (length > OUTPUT_LIMIT || pending > OUTPUT_LIMIT - length) return false;
    if (transport->output_capacity - transport->output_end >= length) return true;
    size_t capacity = transport->output_capacity ? transport->output_capacity : 4096;
    while (capacity < pending + length) capacity *= 2;
    unsigned char *larger = malloc(capacity);
    if (!larger) return false;
    if (pending > 0) memcpy(larger, transport->output + transport->output_start, pending);
    if (transport->output) explicit_bzero(transport->output, transport->output_end);
    free(transport->output);
    transport->output = larger;
    transport->output_capacity = capacity;
    transport->output_start = 0;
    transport->output_end = pending;
    return true;
}

static ber_slen_t transport_write(Sockbuf_IO_Desc *layer, void *buffer, ber_len_t length) {
    cldap_transport *transport = layer->sbiod_pvt;
    if (!reserve_output(transport, length)) {
        errno = EPIPE;
        return -1;
    }
    memcpy(transport->output + transport->output_end, buffer, length);
    transport->output_end += length;
    int code = transport->corked ? 0 : cldap_flush(transport);
    if (code != 0) {
        errno = code;
        return -1;
    }
    return (ber_slen_t)length;
}

// MARK: The layer

static int transport_setup(Sockbuf_IO_Desc *layer, void *argument) {
    layer->sbiod_pvt = argument;
    return 0;
}

static int transport_remove(Sockbuf_IO_Desc *layer) {
    layer->sbiod_pvt = NULL;
    return 0;
}

static int transport_control(Sockbuf_IO_Desc *layer, int option, void *argument) {
    (void)argument;
    return option == LBER_SB_OPT_DATA_READY && layer->sbiod_pvt && cldap_has_input(layer->sbiod_pvt) ? 1 : 0;
}

static int transport_close(Sockbuf_IO_Desc *layer) {
    (void)layer;
    return 0;
}

static Sockbuf_IO transport_layer = {
    .sbi_setup = transport_setup,
    .sbi_remove = transport_remove,
    .sbi_ctrl = transport_control,
    .sbi_read = transport_read,
    .sbi_write = transport_write,
    .sbi_close = transport_close,
};

static void free_transport(cldap_transport *transport) {
    if (transport->output) explicit_bzero(transport->output, transport->output_capacity);
    free(transport->output);
    explicit_bzero(transport->input, sizeof transport->input);
    free(transport);
}

static Sockbuf *sockbuf_of(LDAP *handle) {
    Sockbuf *sockbuf = NULL;
    return ldap_get_option(handle, LDAP_OPT_SOCKBUF, &sockbuf) == LDAP_OPT_SUCCESS ? sockbuf : NULL;
}

int cldap_open(int socket, const char *url, size_t max_incoming, LDAP **handle, cldap_transport **transport) {
    cldap_transport *made = calloc(1, sizeof *made);
    if (!made) return LDAP_NO_MEMORY;
    made->socket = socket;
    made->allowance = SIZE_MAX;
    LDAP *ld = NULL;
    int code = ldap_init_fd(socket, LDAP_PROTO_EXT, url, &ld);
    if (code != LDAP_SUCCESS) {
        free_transport(made);
        return code;
    }
    ber_len_t limit = max_incoming;
    Sockbuf *sockbuf = sockbuf_of(ld);
    if (!sockbuf || ber_sockbuf_add_io(sockbuf, &transport_layer, LBER_SBIOD_LEVEL_PROVIDER, made) != 0) {
        ldap_unbind_ext(ld, NULL, NULL);
        free_transport(made);
        return LDAP_LOCAL_ERROR;
    }
    ber_sockbuf_ctrl(sockbuf, LBER_SB_OPT_SET_MAX_INCOMING, &limit);
    made->sockbuf = sockbuf;
    // After a failure libldap would connect again by itself, waiting, and in clear text. It finds nothing to connect to.
    ldap_set_option(ld, LDAP_OPT_URI, "ldapi://%2Fdev%2Fnull");
    *handle = ld;
    *transport = made;
    return LDAP_SUCCESS;
}

void cldap_close(LDAP *handle, cldap_transport *transport) {
    transport->corked = false;
    ldap_unbind_ext(handle, NULL, NULL);
    free_transport(transport);
}

// MARK: Calls

int cldap_set_flag(LDAP *handle, int option, bool value) {
    return ldap_set_option(handle, option, value ? LDAP_OPT_ON : LDAP_OPT_OFF);
}

bool cldap_is_data_ready(cldap_transport *transport) {
    return ber_sockbuf_ctrl(transport->sockbuf, LBER_SB_OPT_DATA_READY, NULL) > 0;
}

int cldap_next(LDAP *handle, LDAPMessage **message) {
    struct timeval now = {0, 0};
    return ldap_result(handle, LDAP_RES_ANY, LDAP_MSG_ONE, &now, message);
}

// Exported by every libldap, for slapd's own back ends, but declared in a header that is not installed.
BerElement *ldap_get_message_ber(LDAPMessage *message);

bool cldap_extended_value(LDAPMessage *message, struct berval *value) {
    value->bv_len = 0;
    value->bv_val = NULL;
    BerElement *original = ldap_get_message_ber(message);
    BerElement *ber = original ? ber_dup(original) : NULL;
    if (!ber) return false;
    // Result code, matched name, diagnostic text; then referral, name and value, each optional (RFC 4511, 4.12).
    ber_int_t code;
    ber_len_t length;
    bool isReadable = ber_scanf(ber, "{exx", &code) != LBER_ERROR;
    while (isReadable && !value->bv_val) {
        ber_tag_t tag = ber_peek_tag(ber, &length);
        if (tag != LDAP_TAG_REFERRAL && tag != LDAP_TAG_EXOP_RES_OID && tag != LDAP_TAG_EXOP_RES_VALUE) break;
        isReadable = tag == LDAP_TAG_EXOP_RES_VALUE ? ber_scanf(ber, "m", value) != LBER_ERROR
                                                    : ber_scanf(ber, "x") != LBER_ERROR;
    }
    ber_free(ber, 0);
    return isReadable;
}
