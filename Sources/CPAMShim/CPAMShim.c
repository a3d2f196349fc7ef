// explicit_bzero(3) and environ(7) are no part of C11 or POSIX.
#define _GNU_SOURCE 1

#include "CPAMShim.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int cpam_start(const char *service, const char *user, const char *confdir, cpam_converse_fn converse, void *context,
               pam_handle_t **handle) {
    // libpam copies the structure.
    struct pam_conv conversation = {.conv = converse, .appdata_ptr = context};
    if (confdir != NULL) {
        return pam_start_confdir(service, user, &conversation, confdir, handle);
    }
    return pam_start(service, user, &conversation, handle);
}

int cpam_take_over_delay(pam_handle_t *handle, cpam_delay_fn callback) {
    // pam_set_item(3) takes every item as `const void *`, functions included.
    union {
        cpam_delay_fn function;
        const void *item;
    } value = {.function = callback};
    return pam_set_item(handle, PAM_FAIL_DELAY, value.item);
}

const char *cpam_user(const pam_handle_t *handle) {
    const void *item = NULL;
    if (pam_get_item(handle, PAM_USER, &item) != PAM_SUCCESS) {
        return NULL;
    }
    return item;
}

void cpam_drop_responses(struct pam_response *responses, int count) {
    if (responses == NULL) {
        return;
    }
    for (int index = 0; index < count; index++) {
        char *text = responses[index].resp;
        if (text != NULL) {
            explicit_bzero(text, strlen(text));
            free(text);
        }
    }
    free(responses);
}

void cpam_empty_environment(void) {
    static char *none[] = {NULL};
    environ = none;
}
