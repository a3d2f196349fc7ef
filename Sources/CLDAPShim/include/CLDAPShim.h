#pragma once
// What Swift cannot say about libldap: macros with casts, options that are addresses of variables, and a transport.
//
// The transport replaces libldap's own reading and writing of the socket (liblber's "sockbuf" layers, see lber-sockbuf(3)):
// - it writes with MSG_NOSIGNAL, so that a closed connection is an error and never SIGPIPE;
// - what the kernel does not take at once is kept and sent later, so that libldap never sees a half-written request
//   (with one pending it refuses every further request as busy);
// - it reads as much as there is, so that one system call serves many messages, with and without TLS above;
// - it never waits, even when libldap has made the socket blocking, as its TLS handshake does;
// - it leaves the descriptor alone: whoever opened it closes it, after cldap_close.
// Neither a transport nor its LDAP handle may be used by two threads at a time.

#include <ldap.h>
#include <openldap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Types of messages; `LDAP_RES_…` are casts, which Swift does not import.
enum {
    CLDAP_BIND_RESULT = 0x61,
    CLDAP_SEARCH_ENTRY = 0x64,
    CLDAP_SEARCH_RESULT = 0x65,
    CLDAP_SEARCH_REFERENCE = 0x73,
    CLDAP_EXTENDED_RESULT = 0x78,
    CLDAP_INTERMEDIATE = 0x79,
};

/// The read and write buffers of one connection; made by cldap_open, freed by cldap_close.
typedef struct cldap_transport cldap_transport;

/// Makes an LDAP handle on a connected, non-blocking socket.
///
/// `url` names the server; its host is the name that TLS verifies. `max_incoming` bounds one message of the server: a
/// longer one ends the connection before memory is taken for it.
/// Returns LDAP_SUCCESS and sets both results, or a code of libldap and sets neither. The socket stays the caller's.
int cldap_open(int socket, const char *_Nonnull url, size_t max_incoming, LDAP *_Nullable *_Nonnull handle,
               cldap_transport *_Nullable *_Nonnull transport);

/// Says goodbye to the server if that is possible without waiting, and frees the handle and the transport.
/// Buffers are wiped. The socket stays open.
void cldap_close(LDAP *_Nonnull handle, cldap_transport *_Nonnull transport);

/// Keeps what is written until cldap_flush (true), or sends it at once (false, as at first).
void cldap_cork(cldap_transport *_Nonnull transport, bool corked);

/// Sends what is kept, as far as the kernel takes it. Returns 0, or the errno of a broken connection.
int cldap_flush(cldap_transport *_Nonnull transport);

/// Whether bytes wait for the kernel to take them.
bool cldap_wants_write(const cldap_transport *_Nonnull transport);

/// Reads what the socket has into the buffer. Returns the bytes that are buffered then, 0 if there is nothing now, or -1 if
/// the other side has closed or the connection is broken and nothing is buffered.
ptrdiff_t cldap_fill(cldap_transport *_Nonnull transport);

/// Takes no more than this many bytes from the socket until it is called again; what lies there meanwhile is as if it had
/// not arrived, and keeps the socket readable for poll(2). At first there is no limit (SIZE_MAX).
void cldap_limit(cldap_transport *_Nonnull transport, size_t allowance);

/// How many bytes were taken from the socket so far.
size_t cldap_received(const cldap_transport *_Nonnull transport);

/// Whether the last cldap_fill found so much that there may be more.
bool cldap_is_full(const cldap_transport *_Nonnull transport);

/// Whether bytes were received that libldap has not taken.
bool cldap_has_input(const cldap_transport *_Nonnull transport);

/// Whether ldap_result would find data without looking at the socket: buffered here or inside TLS.
bool cldap_is_data_ready(cldap_transport *_Nonnull transport);

/// Switches an option that wants the address LDAP_OPT_ON or LDAP_OPT_OFF.
int cldap_set_flag(LDAP *_Nonnull handle, int option, bool value);

/// The value of an extended result: `value` points into the message, or is null if there is none.
/// Returns false if the message cannot be decoded. ldap_parse_extended_result would abort the process on an empty name.
bool cldap_extended_value(LDAPMessage *_Nonnull message, struct berval *_Nonnull value);

/// ldap_result for the next message of any operation that has arrived, without waiting.
/// Returns its type and sets `message`, which is freed by ldap_msgfree; 0 if there is none; -1 if the connection is over.
///
/// Any operation (LDAP_RES_ANY), one message at a time: this way libldap keeps no list to search, and does not look into
/// unsolicited notices itself, where releases before 2.6.11 abort the process on a hostile one (ITS#10370).
int cldap_next(LDAP *_Nonnull handle, LDAPMessage *_Nullable *_Nonnull message);
