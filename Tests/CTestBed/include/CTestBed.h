#ifndef CTESTBED_H
#define CTESTBED_H

#include <stdbool.h>

// What the test bed needs of sockets and processes and Swift can only say with pointers: here in terms of integers and
// strings. Failures are -1 with errno set.

// A string parameter is read during the call only and ends with NUL, which is all that Swift's own bridging promises:
// calls need no `unsafe`.
#define CTB_SAFE __attribute__((swift_attr("safe")))

/// Opens a TCP listener on 127.0.0.1.
///
/// @param port The port, or 0 for a free one.
/// @return The descriptor (close-on-exec), owned by the caller.
int ctb_listen(int port);

/// Opens a listener on a free port of 127.0.0.1 whose queue is as short as the kernel allows.
///
/// @return The descriptor (close-on-exec), owned by the caller.
int ctb_listen_short(void);

/// Connects to a port of 127.0.0.1.
///
/// @param limit After this many milliseconds it gives up.
/// @return The connection (close-on-exec), owned by the caller.
int ctb_connect(int port, int limit);

/// The port that a listener got.
int ctb_port(int listener);

/// Waits for a connection.
///
/// @param listener A descriptor of `ctb_listen`.
/// @param stop A descriptor whose readability or end means "give up".
/// @return The connection (close-on-exec), owned by the caller, or -1.
int ctb_accept(int listener, int stop);

/// Receives one byte.
///
/// @param stop As in `ctb_accept`.
/// @return The byte, or -1 when the peer has closed, the connection failed or `stop` fired.
int ctb_receive(int connection, int stop);

/// Makes an empty list of bytes.
///
/// @return The list, for `ctb_buffer_add` and, at last, `ctb_buffer_send`.
long long ctb_buffer(void);

/// Adds a byte to a list.
void ctb_buffer_add(long long buffer, unsigned char byte);

/// Sends a list of bytes and frees it; never raises SIGPIPE.
///
/// Ends early when the peer has closed, the connection failed or `stop` fired.
///
/// @param stop As in `ctb_accept`.
/// @param again Whether to begin again at the end.
void ctb_buffer_send(long long buffer, int connection, int stop, bool again);

/// Makes a datagram socket on a free port of 127.0.0.1.
///
/// @return The socket (close-on-exec), owned by the caller, or -1.
int ctb_datagram_socket(void);

/// Waits for a moment for a question for a name, and answers 127.0.0.1 whatever the name.
void ctb_answer_name(int descriptor);

/// Makes a pipe whose ends are close-on-exec.
///
/// @return The read end in the upper, the write end in the lower 32 bits.
long long ctb_pipe(void);

/// Creates or empties a file.
///
/// @param mode Its permission bits, whatever the umask says.
/// @return The descriptor for writing (close-on-exec), owned by the caller, or -1.
int ctb_create(const char *_Nonnull path, int mode) CTB_SAFE;

/// Gives a file another name, in the place of the one that has it.
///
/// @return 0, or -1.
int ctb_rename(const char *_Nonnull from, const char *_Nonnull to) CTB_SAFE;

/// Starts a program with nothing inherited but the three standard descriptors: other descriptors are closed, no signal is
/// blocked or ignored.
///
/// @param path The program.
/// @param arguments Its argument list, the name included; each ends with the byte 0x1f.
/// @param environment Its environment, `NAME=value`; each ends with the byte 0x1f.
/// @param folder Its working directory, or an empty string for this process's own.
/// @param input The file it reads.
/// @param output The file its standard output is appended to.
/// @param errors The file its standard error is appended to.
/// @return The process id; the caller reaps it with `ctb_reap`.
int ctb_spawn(const char *_Nonnull path, const char *_Nonnull arguments, const char *_Nonnull environment,
              const char *_Nonnull folder, const char *_Nonnull input, const char *_Nonnull output,
              const char *_Nonnull errors) CTB_SAFE;

/// Blocks until a child has ended, and leaves it to be reaped.
void ctb_await(int pid);

/// Reaps a child that has ended.
///
/// @return Its exit status, or 128 + n when signal n ended it.
int ctb_reap(int pid);

#endif
