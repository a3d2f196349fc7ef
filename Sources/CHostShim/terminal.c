#define _GNU_SOURCE
#include "CHostShim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

// The signals whose default action would leave the terminal without echo, and the one after which it may be on again.
static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT};
enum { SIGNALS = sizeof signals / sizeof *signals };

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t exit_handler = PTHREAD_ONCE_INIT;
static atomic_int signal_pipe = -1;     // Where the handler writes the signal's number.
static atomic_int hidden_terminal = -1; // The terminal whose echo is off now.
static struct termios shown;            // Its settings before; valid while `hidden_terminal` is set.

static void note_signal(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    (void)!write(atomic_load(&signal_pipe), &byte, 1);
    errno = saved;
}

// Whether the terminal is another job's now, whose settings are none of this process's business.
static int is_in_background(int terminal) {
    pid_t foreground = tcgetpgrp(terminal);
    return foreground >= 0 && foreground != getpgrp();
}

static void show(void) {
    int terminal = atomic_exchange(&hidden_terminal, -1);
    if (terminal < 0 || is_in_background(terminal)) return;
    while (tcsetattr(terminal, TCSAFLUSH, &shown) != 0 && errno == EINTR && !is_in_background(terminal)) continue;
}

static void show_at_exit(void) { atexit(show); }

static int hide(int terminal) {
    pthread_once(&exit_handler, show_at_exit);
    if (tcgetattr(terminal, &shown) != 0) return -1;
    struct termios hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hidden.c_lflag |= ICANON | ECHONL;
    atomic_store(&hidden_terminal, terminal);
    if (tcsetattr(terminal, TCSAFLUSH, &hidden) == 0) return 0;
    atomic_store(&hidden_terminal, -1);
    return -1;
}

static void take_signals(struct sigaction *before) {
    struct sigaction action = {.sa_handler = note_signal};
    sigfillset(&action.sa_mask);
    for (int i = 0; i < SIGNALS; i++) {
        sigaction(signals[i], NULL, &before[i]);
        // What the process ignores it goes on ignoring.
        if (before[i].sa_handler != SIG_IGN) sigaction(signals[i], &action, NULL);
    }
}

static void return_signals(const struct sigaction *before) {
    for (int i = 0; i < SIGNALS; i++) {
        if (before[i].sa_handler != SIG_IGN) sigaction(signals[i], &before[i], NULL);
    }
}

// The next signal that the handler has noted, or 0.
static int noted(int pipe) {
    unsigned char byte;
    return read(pipe, &byte, 1) == 1 ? byte : 0;
}

static int is_pause(int number) {
    return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU || number == SIGCONT;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Reads up to the end of one line. Returns as chost_read_hidden; a signal that ended it is stored at `*number`.
static long read_line(int terminal, int pipe, char *buffer, size_t capacity, int64_t end, int *number) {
    size_t length = 0;
    int is_too_long = 0;
    while (1) {
        struct pollfd set[] = {{.fd = terminal, .events = POLLIN}, {.fd = pipe, .events = POLLIN}};
        int64_t left = end < 0 ? -1 : end - now();
        if (end >= 0 && left <= 0) return CHOST_HIDDEN_TIMED_OUT;
        int count = poll(set, 2, left > 1000000 ? 1000000 : (int)left);
        if (count < 0 && errno != EINTR) return CHOST_HIDDEN_FAILED;
        if (count <= 0) continue;
        if (set[1].revents != 0 && (*number = noted(pipe)) != 0) return CHOST_HIDDEN_FAILED;
        if (set[0].revents == 0) continue;
        char character;
        ssize_t got = read(terminal, &character, 1);
        if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (got < 0) return CHOST_HIDDEN_FAILED;
        if (got == 0) return length > 0 ? (long)length : CHOST_HIDDEN_END;
        if (character == '\n') return is_too_long ? CHOST_HIDDEN_TOO_LONG : (long)length;
        if (length < capacity) {
            buffer[length++] = character;
        } else {
            is_too_long = 1;
        }
        explicit_bzero(&character, 1);
    }
}

// One attempt: prompts, reads, and puts everything back. A signal that came is stored at `*number`.
static long attempt(int terminal, const char *prompt, char *buffer, size_t capacity, int64_t end, const int *pipe,
                    int *number) {
    struct sigaction before[SIGNALS];
    *number = 0;
    while (noted(pipe[0]) != 0) continue;
    atomic_store(&signal_pipe, pipe[1]);
    take_signals(before);
    long result = CHOST_HIDDEN_FAILED;
    if (hide(terminal) == 0) {
        if (write(terminal, prompt, strlen(prompt)) >= 0) {
            result = read_line(terminal, pipe[0], buffer, capacity, end, number);
        }
        int saved = errno;
        show();
        errno = saved;
    }
    int saved = errno;
    return_signals(before);
    // Also one that came when everything was read, or because a job in the background may not set the terminal.
    if (*number == 0) *number = noted(pipe[0]);
    errno = saved;
    return result;
}

// Lets this thread have the signals, which the threads of this library leave to others. Raised for this thread they have
// taken effect on return, before the next attempt catches them again; and a thread that blocks SIGTTIN and SIGTTOU would
// read and set the terminal of another job (termios(3)).
static void unblock_signals(sigset_t *before) {
    sigset_t mine;
    sigemptyset(&mine);
    for (int i = 0; i < SIGNALS; i++) sigaddset(&mine, signals[i]);
    pthread_sigmask(SIG_UNBLOCK, &mine, before);
}

long chost_read_hidden(int terminal, const char *prompt, char *buffer, size_t capacity, int64_t timeout) {
    int pipe[2];
    if (pipe2(pipe, O_CLOEXEC | O_NONBLOCK) != 0) return CHOST_HIDDEN_FAILED;
    pthread_mutex_lock(&one_at_a_time);
    sigset_t mask;
    unblock_signals(&mask);
    int64_t end = timeout < 0 ? -1 : now() + timeout;
    long result;
    int number;
    do {
        result = attempt(terminal, prompt, buffer, capacity, end, pipe, &number);
        if (number == 0) break;
        // Everything is as before, so the signal can do what it does: end the process here, or stop it for a while.
        if (result < 0) explicit_bzero(buffer, capacity);
        raise(number);
        errno = EINTR;
    } while (result == CHOST_HIDDEN_FAILED && is_pause(number));
    int saved = errno;
    atomic_store(&signal_pipe, -1);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    pthread_mutex_unlock(&one_at_a_time);
    close(pipe[0]);
    close(pipe[1]);
    errno = saved;
    return result;
}

int chost_terminal_width(int terminal) {
    struct winsize size;
    return ioctl(terminal, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
