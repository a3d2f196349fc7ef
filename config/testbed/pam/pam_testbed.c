// A PAM module that does what its arguments say, well behaved or not. For tests and the demo only: it reads passwords
// from a plain file, and it crashes, hangs and forks when it is told to.
//
// The arguments are steps, taken from left to right; the first that decides ends the call, and a call without a
// decision is a success. An underscore in a text stands for a space.
//
//   people=FILE      asks for the password and compares it with the line NAME:PASSWORD of FILE
//   password=TEXT    asks for the password and compares it with TEXT
//   states=FILE      returns CODE if FILE has a line NAME:auth:CODE (or NAME:account:CODE) for this call
//   ask=TEXT         asks TEXT without echo; ask_echo=TEXT with echo; expect=TEXT compares the last answer
//   batch=N          asks N questions without echo in one call
//   info=TEXT        says TEXT; error=TEXT says it as an error; flood=BYTES says that many bytes
//   style=N          sends one message of style N
//   rename=NAME      sets PAM_USER
//   delay=MICROS     asks libpam for a delay after a failure
//   sleep=SECONDS    sleeps
//   linger=SECONDS   leaves a child process behind that sleeps and ignores polite signals
//   close=N          closes the descriptor N
//   crash=HOW        segv, abort or exit
//   log=FILE         appends a line about this call: items, flags, environment; never a password
//   return=CODE      returns CODE: a number, or success, auth_err, user_unknown, perm_denied, maxtries, acct_expired,
//                    new_authtok_reqd, authinfo_unavail, cred_insufficient, authtok_expired, system_err, ignore

#define _GNU_SOURCE 1

#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DECIDED_NOTHING (-1)

extern char **environ;

struct call {
    pam_handle_t *handle;
    const char *facility;
    int flags;
    char *answer;
};

static int code_of(const char *text) {
    static const struct {
        const char *name;
        int code;
    } codes[] = {
        {"success", PAM_SUCCESS},
        {"system_err", PAM_SYSTEM_ERR},
        {"perm_denied", PAM_PERM_DENIED},
        {"auth_err", PAM_AUTH_ERR},
        {"cred_insufficient", PAM_CRED_INSUFFICIENT},
        {"authinfo_unavail", PAM_AUTHINFO_UNAVAIL},
        {"user_unknown", PAM_USER_UNKNOWN},
        {"maxtries", PAM_MAXTRIES},
        {"new_authtok_reqd", PAM_NEW_AUTHTOK_REQD},
        {"acct_expired", PAM_ACCT_EXPIRED},
        {"ignore", PAM_IGNORE},
        {"authtok_expired", PAM_AUTHTOK_EXPIRED},
    };
    for (size_t index = 0; index < sizeof(codes) / sizeof(codes[0]); index++) {
        if (strcmp(codes[index].name, text) == 0) {
            return codes[index].code;
        }
    }
    return atoi(text);
}

static char *spaced(const char *text) {
    char *copy = strdup(text);
    for (char *c = copy; c != NULL && *c != 0; c++) {
        if (*c == '_') {
            *c = ' ';
        }
    }
    return copy;
}

static const char *user_of(const struct call *call) {
    const char *user = NULL;
    return pam_get_user(call->handle, &user, NULL) == PAM_SUCCESS && user != NULL ? user : "";
}

static const char *item_of(const struct call *call, int item) {
    const void *value = NULL;
    return pam_get_item(call->handle, item, &value) == PAM_SUCCESS && value != NULL ? value : "-";
}

// The rest of the line of `path` that begins with `key` and a colon; NULL if there is none. The caller frees it.
static char *look_up(const char *path, const char *key) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return NULL;
    }
    char *line = NULL;
    char *found = NULL;
    size_t room = 0;
    size_t length = strlen(key);
    while (found == NULL && getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = 0;
        if (strncmp(line, key, length) == 0 && line[length] == ':') {
            found = strdup(line + length + 1);
        }
    }
    free(line);
    fclose(file);
    return found;
}

static int check_password(struct call *call, const char *expected) {
    const char *given = NULL;
    int result = pam_get_authtok(call->handle, PAM_AUTHTOK, &given, NULL);
    if (result != PAM_SUCCESS) {
        return result;
    }
    return given != NULL && strcmp(given, expected) == 0 ? DECIDED_NOTHING : PAM_AUTH_ERR;
}

static int step_people(struct call *call, const char *path) {
    char *expected = look_up(path, user_of(call));
    // The password is asked for either way, so that a stranger looks like anybody else.
    int result = check_password(call, expected != NULL ? expected : "");
    if (expected == NULL && result != PAM_CONV_ERR) {
        result = PAM_USER_UNKNOWN;
    }
    free(expected);
    return result;
}

static int step_states(struct call *call, const char *path) {
    char *key = NULL;
    if (asprintf(&key, "%s:%s", user_of(call), call->facility) < 0) {
        return PAM_BUF_ERR;
    }
    char *state = look_up(path, key);
    int result = state != NULL ? code_of(state) : DECIDED_NOTHING;
    free(state);
    free(key);
    return result;
}

static int step_ask(struct call *call, int style, const char *text) {
    char *question = spaced(text);
    free(call->answer);
    call->answer = NULL;
    int result = pam_prompt(call->handle, style, &call->answer, "%s", question);
    free(question);
    return result == PAM_SUCCESS ? DECIDED_NOTHING : result;
}

static int step_say(struct call *call, int style, const char *text) {
    char *words = spaced(text);
    int result = pam_prompt(call->handle, style, NULL, "%s", words);
    free(words);
    return result == PAM_SUCCESS ? DECIDED_NOTHING : result;
}

// pam_prompt(3) formats into a buffer of its own, so a flood and odd messages talk to the conversation directly.
static int converse(struct call *call, int count, int style, const char *text) {
    const struct pam_conv *conversation = (const void *)item_of(call, PAM_CONV);
    struct pam_message message = {.msg_style = style, .msg = text};
    const struct pam_message **messages = calloc((size_t)count, sizeof(*messages));
    struct pam_response *responses = NULL;
    for (int index = 0; index < count; index++) {
        messages[index] = &message;
    }
    int result = conversation->conv(count, messages, &responses, conversation->appdata_ptr);
    for (int index = 0; responses != NULL && index < count; index++) {
        free(responses[index].resp);
    }
    free(responses);
    free(messages);
    return result == PAM_SUCCESS ? DECIDED_NOTHING : result;
}

static int step_flood(struct call *call, size_t bytes) {
    char *text = malloc(bytes + 1);
    memset(text, 'x', bytes);
    text[bytes] = 0;
    int result = converse(call, 1, PAM_TEXT_INFO, text);
    free(text);
    return result;
}

static int step_expect(const struct call *call, const char *text) {
    return call->answer != NULL && strcmp(call->answer, text) == 0 ? DECIDED_NOTHING : PAM_AUTH_ERR;
}

static int step_crash(const char *how) {
    if (strcmp(how, "exit") == 0) {
        _exit(0);
    }
    // Nobody wants a backtrace or a core file of this.
    signal(strcmp(how, "segv") == 0 ? SIGSEGV : SIGABRT, SIG_DFL);
    raise(strcmp(how, "segv") == 0 ? SIGSEGV : SIGABRT);
    _exit(1);
}

static int step_linger(unsigned int seconds) {
    if (fork() == 0) {
        signal(SIGTERM, SIG_IGN);
        signal(SIGHUP, SIG_IGN);
        sleep(seconds);
        _exit(0);
    }
    return DECIDED_NOTHING;
}

static int step_log(const struct call *call, const char *path) {
    FILE *file = fopen(path, "ae");
    if (file == NULL) {
        return PAM_SYSTEM_ERR;
    }
    int variables = 0;
    while (environ[variables] != NULL) {
        variables++;
    }
    const char *password = item_of(call, PAM_AUTHTOK);
    int repeated = call->answer != NULL && strcmp(call->answer, password) == 0;
    fprintf(file, "%s pid=%d user=%s rhost=%s tty=%s ruser=%s flags=%x environment=%d answer_is_password=%d\n",
            call->facility, (int)getpid(), item_of(call, PAM_USER), item_of(call, PAM_RHOST), item_of(call, PAM_TTY),
            item_of(call, PAM_RUSER), (unsigned)call->flags, variables, repeated);
    fclose(file);
    return DECIDED_NOTHING;
}

static const char *value_of(const char *argument, const char *name) {
    size_t length = strlen(name);
    return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1 : NULL;
}

static int misbehave(struct call *call, const char *argument) {
    const char *value;
    if ((value = value_of(argument, "flood"))) return step_flood(call, (size_t)atol(value));
    if ((value = value_of(argument, "batch"))) return converse(call, atoi(value), PAM_PROMPT_ECHO_OFF, "Again: ");
    if ((value = value_of(argument, "style"))) return converse(call, 1, atoi(value), "");
    if ((value = value_of(argument, "crash"))) return step_crash(value);
    if ((value = value_of(argument, "linger"))) return step_linger((unsigned)atoi(value));
    if ((value = value_of(argument, "sleep"))) return sleep((unsigned)atoi(value)), DECIDED_NOTHING;
    if ((value = value_of(argument, "close"))) return close(atoi(value)), DECIDED_NOTHING;
    return PAM_SERVICE_ERR;
}

static int step(struct call *call, const char *argument) {
    const char *value;
    if ((value = value_of(argument, "people"))) return step_people(call, value);
    if ((value = value_of(argument, "password"))) return check_password(call, value);
    if ((value = value_of(argument, "states"))) return step_states(call, value);
    if ((value = value_of(argument, "ask"))) return step_ask(call, PAM_PROMPT_ECHO_OFF, value);
    if ((value = value_of(argument, "ask_echo"))) return step_ask(call, PAM_PROMPT_ECHO_ON, value);
    if ((value = value_of(argument, "expect"))) return step_expect(call, value);
    if ((value = value_of(argument, "info"))) return step_say(call, PAM_TEXT_INFO, value);
    if ((value = value_of(argument, "error"))) return step_say(call, PAM_ERROR_MSG, value);
    if ((value = value_of(argument, "rename"))) return pam_set_item(call->handle, PAM_USER, value), DECIDED_NOTHING;
    if ((value = value_of(argument, "delay"))) return pam_fail_delay(call->handle, atoi(value)), DECIDED_NOTHING;
    if ((value = value_of(argument, "log"))) return step_log(call, value);
    if ((value = value_of(argument, "return"))) return code_of(value);
    return misbehave(call, argument);
}

static int run(pam_handle_t *handle, const char *facility, int flags, int count, const char **arguments) {
    struct call call = {.handle = handle, .facility = facility, .flags = flags};
    int result = DECIDED_NOTHING;
    for (int index = 0; index < count && result == DECIDED_NOTHING; index++) {
        result = step(&call, arguments[index]);
    }
    free(call.answer);
    return result == DECIDED_NOTHING ? PAM_SUCCESS : result;
}

int pam_sm_authenticate(pam_handle_t *handle, int flags, int count, const char **arguments) {
    return run(handle, "auth", flags, count, arguments);
}

int pam_sm_acct_mgmt(pam_handle_t *handle, int flags, int count, const char **arguments) {
    return run(handle, "account", flags, count, arguments);
}

int pam_sm_setcred(pam_handle_t *handle, int flags, int count, const char **arguments) {
    (void)handle, (void)flags, (void)count, (void)arguments;
    return PAM_SUCCESS;
}
