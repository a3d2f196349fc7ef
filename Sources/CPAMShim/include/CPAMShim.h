#pragma once

// What Swift cannot say about libpam: a structure that carries a callback and its context, item getters and setters
// whose type depends on the item, and the wiping of answers that `free` alone would leave in memory.

#include <security/pam_appl.h>
#include <stddef.h>

/// The conversation as libpam calls it (pam_conv(3)); `context` is what `cpam_start` was given.
typedef int (*cpam_converse_fn)(int count, const struct pam_message *_Nullable *_Nullable messages,
                                struct pam_response *_Nullable *_Nullable responses, void *_Nullable context);

/// What libpam calls instead of sleeping after a failure (pam_fail_delay(3)).
///
/// Called on success too, and with a delay of 0; `context` is the conversation's.
typedef void (*cpam_delay_fn)(int status, unsigned int microseconds, void *_Nullable context);

/// Begins a transaction: `pam_start`, or `pam_start_confdir` where `confdir` is given.
///
/// All strings are copied by libpam; `context` must live until `pam_end` has returned. On any return value but
/// PAM_SUCCESS there is nothing to end and `*handle` is not to be used.
int cpam_start(const char *_Nonnull service, const char *_Nonnull user, const char *_Nullable confdir,
               cpam_converse_fn _Nonnull converse, void *_Nonnull context, pam_handle_t *_Nullable *_Nonnull handle);

/// Sets PAM_FAIL_DELAY, whose item is a function pointer passed as `const void *`.
int cpam_take_over_delay(pam_handle_t *_Nonnull handle, cpam_delay_fn _Nonnull callback);

/// The current PAM_USER, owned by the handle and good until the next call on it; NULL if there is none.
const char *_Nullable cpam_user(const pam_handle_t *_Nonnull handle);

/// Wipes and frees `count` answers and their array, all of them from malloc(3).
///
/// For the path on which libpam does not take the answers over.
void cpam_drop_responses(struct pam_response *_Nullable responses, int count);

/// Empties the environment.
///
/// Exists because clearenv(3) leaves `environ` at NULL, over which a module that walks it would fall.
void cpam_empty_environment(void);
