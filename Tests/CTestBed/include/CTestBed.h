#ifndef CTESTBED_H
#define CTESTBED_H

// What the test bed's small servers need of the socket interface and Swift can only say with pointers: here in terms
// of plain integers. Failures are -1 with errno set.

/// Opens a TCP listener on 127.0.0.1.
///
/// @param port The port, or 0 for a free one.
/// @return The descriptor (close-on-exec), owned by the caller.
int ctb_listen(int port);

/// The port that a listener got.
int ctb_port(int listener);

/// Waits for a connection.
///
/// @param listener A descriptor of `ctb_listen`.
/// @param stop A descriptor whose readability or end means "give up".
/// @return The connection (close-on-exec), owned by the caller, or -1.
int ctb_accept(int listener, int stop);

/// Waits until a connection can be read or the server is told to stop.
///
/// @return 1 when it can be read (or has ended), 0 when `stop` fired.
int ctb_wait_readable(int connection, int stop);

/// Makes a pipe whose ends are close-on-exec.
///
/// @return The read end in the upper, the write end in the lower 32 bits.
long long ctb_pipe(void);

/// Blocks SIGPIPE for the calling thread only, so that a write to a connection that the peer has closed is an error.
void ctb_block_sigpipe(void);

#endif
