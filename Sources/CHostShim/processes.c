#define _GNU_SOURCE
#include "CHostShim.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

static int add_descriptors(posix_spawn_file_actions_t *actions, const int *descriptors, int count) {
    int code = 0;
    for (int n = 0; n < count && code == 0; n++) {
        if (descriptors[n] >= 0) {
            code = posix_spawn_file_actions_adddup2(actions, descriptors[n], n);
        } else if (n <= 2) {
            code = posix_spawn_file_actions_addopen(actions, n, "/dev/null", O_RDWR, 0);
        } else {
            code = posix_spawn_file_actions_addclose(actions, n);
        }
    }
    return code != 0 ? code : posix_spawn_file_actions_addclosefrom_np(actions, count);
}

static int set_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int code = posix_spawnattr_setsigmask(attributes, &none);
    if (code == 0) code = posix_spawnattr_setsigdefault(attributes, &all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID;
    return code != 0 ? code : posix_spawnattr_setflags(attributes, flags);
}

int chost_spawn(const char *path, char *const *arguments, char *const *environment, const int *descriptors, int count,
                int *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawnattr_init(&attributes);
    if (code == 0) {
        code = add_descriptors(&actions, descriptors, count);
        if (code == 0) code = set_attributes(&attributes);
        if (code == 0) code = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int chost_child_state(int pid, int keep, int *value) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | (keep ? WNOWAIT : 0)) != 0) return -1;
    if (info.si_pid == 0) return CHOST_CHILD_RUNNING;
    *value = info.si_status;
    return info.si_code == CLD_EXITED ? CHOST_CHILD_EXITED : CHOST_CHILD_SIGNALLED;
}

int chost_child_descriptor(int pid) { return pidfd_open(pid, 0); }

int chost_close_memory(void) {
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0) return -1;
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int chost_peer(int socket, int *pid, unsigned *uid, unsigned *gid) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -1;
    *pid = peer.pid;
    *uid = peer.uid;
    *gid = peer.gid;
    return 0;
}

int chost_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }
