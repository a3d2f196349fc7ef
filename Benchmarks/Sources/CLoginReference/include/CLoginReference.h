// The named reference of the login benchmark: the same work in plain C over libldap's blocking calls, one thread for
// each login in flight, every connection kept open.
#pragma once

#include <stdint.h>

typedef struct {
    const char *_Nonnull url;       // ldap:// or ldaps://
    const char *_Nullable ca_file;  // needed for ldaps://
    const char *_Nonnull reader_dn; // service account for the searches
    const char *_Nonnull reader_password;
    const char *_Nonnull people_base;
    const char *_Nonnull groups_base;
    const char *_Nonnull group_dn; // the group that makes a person active
    const char *_Nonnull const *_Nonnull users;
    const char *_Nonnull const *_Nonnull passwords;
    int user_count;
    int threads;
    double seconds;
} creference_job;

typedef struct {
    int64_t logins;   // complete ones: found, bound, member of the group
    int64_t failures; // anything else
    double seconds;   // from the first login to the last
    double median_us; // of one login
} creference_result;

/// Runs the job to its end. Returns 0, or an LDAP result code if a connection could not be set up.
int creference_run(const creference_job *_Nonnull job, creference_result *_Nonnull result);
