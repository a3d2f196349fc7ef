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

// The signals whose default action would leave the terminal without echo.
static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGTSTP, SIGTTIN, SIGTTOU};
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

static void show(void) {
    int terminal = atomic_exchange(&hidden_terminal, -1);
    if (terminal >= 0) tcsetattr(terminal, TCSAFLUSH, &shown);
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

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_BOOTTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Reads up to the end of one line. Returns as chost_read_hidden, or the positive number of a signal in `*number`.
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
        unsigned char byte;
        if (set[1].revents != 0 && read(pipe, &byte, 1) == 1) {
            *number = byte;
            return 0;
        }
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

// One attempt: prompts, reads, and puts everything back. A signal that ended it is stored at `*number`.
static long attempt(int terminal, const char *prompt, char *buffer, size_t capacity, int64_t end, const int *pipe,
                    int *number) {
    struct sigaction before[SIGNALS];
    *number = 0;
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
    errno = saved;
    return result;
}

// Raises a signal as it came. To this thread where possible, since only then it has taken effect on return.
static void raise_again(int number) {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    if (sigismember(&blocked, number)) {
        kill(getpid(), number);
    } else {
        raise(number);
    }
}

long chost_read_hidden(int terminal, const char *prompt, char *buffer, size_t capacity, int64_t timeout) {
    int pipe[2];
    if (pipe2(pipe, O_CLOEXEC | O_NONBLOCK) != 0) return CHOST_HIDDEN_FAILED;
    pthread_mutex_lock(&one_at_a_time);
    int64_t end = timeout < 0 ? -1 : now() + timeout;
    long result;
    while (1) {
        int number;
        result = attempt(terminal, prompt, buffer, capacity, end, pipe, &number);
        if (number == 0) break;
        // Everything is as before, so the signal can do what it does: mostly end the process here.
        explicit_bzero(buffer, capacity);
        raise_again(number);
        if (number == SIGTSTP || number == SIGTTIN || number == SIGTTOU) continue;
        result = CHOST_HIDDEN_FAILED;
        errno = EINTR;
        break;
    }
    int saved = errno;
    atomic_store(&signal_pipe, -1);
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
