// What of libc and c-ares Swift cannot use safely or at all. No logic, no state.
//
// Only plain types and opaque structures stand in this header: a system header included here would move its
// declarations into this module and hide them from Swift files that import Glibc.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Overwrites `length` bytes at `bytes` with zeros; the compiler may not remove the call.
/// Exists because glibc declares explicit_bzero only under feature macros that Swift's import does not set.
void chost_wipe(void *_Nonnull bytes, size_t length);

/// The text of an errno value: either a constant or `buffer`, NUL-terminated (the GNU strerror_r(3)).
/// Exists because Swift sees only the XSI form, or none, depending on feature macros.
const char *_Nullable chost_error_text(int code, char *_Nonnull buffer, size_t capacity);

/// Starts a detached thread in which all asynchronous signals are blocked, so that handlers run elsewhere. `name` is cut
/// to 15 bytes. Returns 0 or an errno value; `body` receives `argument` once if the result is 0.
/// Exists because the signal mask must be set before the thread exists, and because pthread_setname_np is a GNU
/// extension.
int chost_start_thread(const char *_Nonnull name, void (*_Nonnull body)(void *_Nonnull), void *_Nonnull argument);

/// Opens an event counter (eventfd(2)), non-blocking and close-on-exec; -1 with errno set on failure.
/// Exists because Swift's Glibc module lacks sys/eventfd.h.
int chost_event_open(void);

/// One question to the hosts file and the name servers. Opaque; used by one thread at a time.
struct chost_query;

/// What `chost_query_status` says besides c-ares's own status codes, which are not negative.
enum { CHOST_QUERY_PENDING = -1 };

/// What the Swift side must tell apart of c-ares's status codes.
enum {
    CHOST_QUERY_FOUND = 0,
    CHOST_QUERY_NO_DATA = 1,
    CHOST_QUERY_UNKNOWN_NAME = 4,
    CHOST_QUERY_TIMED_OUT = 12,
    CHOST_QUERY_NO_NAME = 19
};

/// A socket that a question waits for.
struct chost_query_socket {
    int descriptor;
    int wants_read;
    int wants_write;
};

/// Asks for the stream addresses of `host`: the hosts file first, then `servers` ("address:port,…") or those of
/// resolv.conf. Stores the question at `query` and returns 0, or returns a c-ares status and stores nothing. The caller
/// ends it with `chost_query_close`.
/// Exists, with its companions, because c-ares's header cannot be imported (see above) and its result is a chain of
/// structures.
int chost_query_open(const char *_Nonnull host, const char *_Nullable servers,
                     struct chost_query *_Nullable *_Nonnull query);

/// Fills in the sockets to wait for and returns how many there are, at most `capacity`.
int chost_query_sockets(struct chost_query *_Nonnull query, struct chost_query_socket *_Nonnull sockets, int capacity);

/// Milliseconds until the question wants to be processed without a ready socket; -1 if it has no timer.
int64_t chost_query_timeout(struct chost_query *_Nonnull query);

/// Lets the question work on ready sockets; -1 for none. With two times -1 it looks after its timers.
void chost_query_process(struct chost_query *_Nonnull query, int readable, int writable);

/// `CHOST_QUERY_PENDING`, or the c-ares status the question ended with.
int chost_query_status(const struct chost_query *_Nonnull query);

/// Calls `visit` for each address found, best first, with a sockaddr and its length.
void chost_query_visit(const struct chost_query *_Nonnull query,
                       void (*_Nonnull visit)(void *_Nonnull context, const void *_Nonnull address, size_t length),
                       void *_Nonnull context);

/// Ends a question, answered or not, and closes its sockets. NULL is accepted.
void chost_query_close(struct chost_query *_Nullable query);

/// The text of a c-ares status; a constant.
const char *_Nonnull chost_query_text(int status);

/// Starts `path` as the leader of a session and process group of its own, with default signal dispositions and nothing
/// blocked. `descriptors[n]` becomes the child's descriptor n; -1 stands for /dev/null where n is 0, 1 or 2, and for
/// closed elsewhere. All other descriptors are closed. The given descriptors must not be smaller than `count` and should
/// be close-on-exec. Stores the process id at `pid`; returns 0 or an errno value, also for a failed exec.
/// Exists because posix_spawn's attributes are opaque structures that must be initialised and destroyed in pairs.
int chost_spawn(const char *_Nonnull path, char *_Nullable const *_Nonnull arguments,
                char *_Nullable const *_Nonnull environment, const int *_Nonnull descriptors, int count,
                int *_Nonnull pid);

/// How a child ended, as waitid(2) says.
enum { CHOST_CHILD_RUNNING = 0, CHOST_CHILD_EXITED = 1, CHOST_CHILD_SIGNALLED = 2 };

/// Asks whether the child has ended, without waiting. Returns a `CHOST_CHILD_` value and stores the exit code or the
/// signal number at `value`, or returns -1 with errno set. With `keep` an ended child stays a zombie, so that its id
/// cannot belong to anybody else yet.
/// Exists because siginfo_t's members are macros over unions.
int chost_child_state(int pid, int keep, int *_Nonnull value);

/// A close-on-exec descriptor that becomes readable when the child ends (pidfd_open(2)), or -1 with errno set.
/// Exists because Swift's Glibc module lacks sys/pidfd.h.
int chost_child_descriptor(int pid);

/// What `chost_read_hidden` returns besides the number of bytes.
enum { CHOST_HIDDEN_FAILED = -1, CHOST_HIDDEN_END = -2, CHOST_HIDDEN_TIMED_OUT = -3, CHOST_HIDDEN_TOO_LONG = -4 };

/// Writes `prompt` to the terminal and reads one line from it without echo; the line's end is not stored. Waits at most
/// `timeout` milliseconds, for ever if negative. Returns the number of bytes; -1 with errno set; -2 at the end of input;
/// -3 after the timeout; -4 if the line is longer than `capacity`, which is then read away.
///
/// The terminal's settings come back whatever happens: also when a signal arrives, which is then raised again so that
/// the process does what it would have done, and when the process calls exit(3) meanwhile. After a stop and a
/// continue the prompt is shown again. One call at a time; others wait.
/// Exists because signal handlers may do so little that they are best written in C; their state is the only state here.
long chost_read_hidden(int terminal, const char *_Nonnull prompt, char *_Nonnull buffer, size_t capacity,
                       int64_t timeout);

/// The number of columns of a terminal, or 0 if it is none or does not say.
/// Exists because ioctl(2) is variadic.
int chost_terminal_width(int terminal);

/// Keeps what passes through this process's memory in it: no core file, no ptrace(2) and no /proc/PID/mem for others of
/// the same user. Returns 0, or -1 with errno set.
/// Exists because Swift's Glibc module has neither prctl(2) nor a usable type for setrlimit(2).
int chost_close_memory(void);

/// Who holds the other end of a Unix-domain socket (SO_PEERCRED, unix(7)). Returns 0, or -1 with errno set.
/// Exists because struct ucred is a GNU extension.
int chost_peer(int socket, int *_Nonnull pid, unsigned *_Nonnull uid, unsigned *_Nonnull gid);

/// Takes one connection from a listening socket, non-blocking and close-on-exec. Returns its descriptor, or -1 with errno
/// set.
/// Exists because accept4 is a GNU extension.
int chost_accept(int listener);
