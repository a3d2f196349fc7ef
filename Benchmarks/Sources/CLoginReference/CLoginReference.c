#define _GNU_SOURCE
#include "CLoginReference.h"

#include <ldap.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
    const creference_job *job;
    int index;
    LDAP *service;
    LDAP *user;
    int64_t logins;
    int64_t failures;
    double *samples;
    int sample_count;
    double end;
} worker;

enum { SAMPLE_LIMIT = 200000 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int bind_simple(LDAP *ld, const char *dn, const char *password) {
    struct berval cred = {.bv_len = strlen(password), .bv_val = (char *)password};
    return ldap_sasl_bind_s(ld, dn, LDAP_SASL_SIMPLE, &cred, NULL, NULL, NULL);
}

static int open_connection(const creference_job *job, LDAP **out) {
    int version = LDAP_VERSION3, demand = LDAP_OPT_X_TLS_DEMAND, client = 0;
    int rc = ldap_initialize(out, job->url);
    if (rc != LDAP_SUCCESS) return rc;
    ldap_set_option(*out, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(*out, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    if (job->ca_file) {
        ldap_set_option(*out, LDAP_OPT_X_TLS_CACERTFILE, job->ca_file);
        ldap_set_option(*out, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
        ldap_set_option(*out, LDAP_OPT_X_TLS_NEWCTX, &client);
    }
    return bind_simple(*out, job->reader_dn, job->reader_password);
}

// One login: find the entry by name, bind as it, ask which groups it is a member of. The requests are those of the other
// side, byte for byte but for the message ids: what they ask of the server is most of the work.
static int one_login(worker *w, int user) {
    const creference_job *job = w->job;
    char filter[1024];
    char *attributes[] = {
        "uid",      "entryUUID",      "cn",           "mail",       "pwdAccountLockedTime", "pwdAccountTmpLockoutEnd",
        "pwdReset", "pwdChangedTime", "pwdStartTime", "pwdEndTime", "pwdPolicySubentry",    "pwdGraceUseTime",
        NULL};
    char *names[] = {"cn", NULL};
    struct timeval limit = {.tv_sec = 5};
    LDAPMessage *found = NULL, *groups = NULL;
    int ok = 0;

    snprintf(filter, sizeof filter, "(&(objectClass=inetOrgPerson)(uid=%s))", job->users[user]);
    int rc = ldap_search_ext_s(w->service, job->people_base, LDAP_SCOPE_SUBTREE, filter, attributes, 0, NULL, NULL,
                               &limit, 2, &found);
    if (rc == LDAP_SUCCESS && ldap_count_entries(w->service, found) == 1) {
        char *dn = ldap_get_dn(w->service, ldap_first_entry(w->service, found));
        LDAPControl *policy = NULL;
        ldap_control_create(LDAP_CONTROL_PASSWORDPOLICYREQUEST, 0, NULL, 0, &policy);
        LDAPControl *controls[] = {policy, NULL};
        struct berval cred = {.bv_len = strlen(job->passwords[user]), .bv_val = (char *)job->passwords[user]};
        rc = ldap_sasl_bind_s(w->user, dn, LDAP_SASL_SIMPLE, &cred, controls, NULL, NULL);
        ldap_control_free(policy);
        if (rc == LDAP_SUCCESS) {
            LDAPControl *page = NULL;
            snprintf(filter, sizeof filter,
                     "(&(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))(|(member=%s)(uniqueMember=%s)))",
                     dn, dn);
            ldap_create_page_control(w->service, 500, NULL, 0, &page);
            LDAPControl *pages[] = {page, NULL};
            rc = ldap_search_ext_s(w->service, job->groups_base, LDAP_SCOPE_SUBTREE, filter, names, 0, pages, NULL,
                                   &limit, 0, &groups);
            ldap_control_free(page);
            for (LDAPMessage *e = rc == LDAP_SUCCESS ? ldap_first_entry(w->service, groups) : NULL; e && !ok;
                 e = ldap_next_entry(w->service, e)) {
                char *group = ldap_get_dn(w->service, e);
                ok = strcasecmp(group, job->group_dn) == 0;
                ldap_memfree(group);
            }
        }
        ldap_memfree(dn);
    }
    ldap_msgfree(found);
    ldap_msgfree(groups);
    return ok;
}

static void *work(void *argument) {
    worker *w = argument;
    int user = w->index;
    double t = now();
    while (t < w->end) {
        int ok = one_login(w, user++ % w->job->user_count);
        double after = now();
        if (w->sample_count < SAMPLE_LIMIT) w->samples[w->sample_count++] = after - t;
        t = after;
        ok ? w->logins++ : w->failures++;
    }
    return NULL;
}

static int ascending(const void *a, const void *b) {
    double d = *(const double *)a - *(const double *)b;
    return (d > 0) - (d < 0);
}

int creference_run(const creference_job *job, creference_result *result) {
    worker *workers = calloc((size_t)job->threads, sizeof *workers);
    pthread_t *threads = calloc((size_t)job->threads, sizeof *threads);
    double *all = NULL;
    int rc = 0, opened = 0;
    size_t total = 0;

    memset(result, 0, sizeof *result);
    for (; opened < job->threads && rc == 0; opened++) {
        worker *w = &workers[opened];
        w->job = job;
        w->index = opened * 7;
        w->samples = malloc(SAMPLE_LIMIT * sizeof *w->samples);
        rc = open_connection(job, &w->service);
        if (rc == 0) rc = open_connection(job, &w->user);
    }
    if (rc == 0) {
        double start = now();
        for (int i = 0; i < job->threads; i++) {
            workers[i].end = start + job->seconds;
            pthread_create(&threads[i], NULL, work, &workers[i]);
        }
        for (int i = 0; i < job->threads; i++) pthread_join(threads[i], NULL);
        result->seconds = now() - start;
    }
    for (int i = 0; i < opened; i++) {
        result->logins += workers[i].logins;
        result->failures += workers[i].failures;
        total += (size_t)workers[i].sample_count;
    }
    if (total > 0) {
        all = malloc(total * sizeof *all);
        size_t at = 0;
        for (int i = 0; i < opened; i++) {
            memcpy(all + at, workers[i].samples, (size_t)workers[i].sample_count * sizeof *all);
            at += (size_t)workers[i].sample_count;
        }
        qsort(all, total, sizeof *all, ascending);
        result->median_us = all[total / 2] * 1e6;
    }
    for (int i = 0; i < opened; i++) {
        if (workers[i].service) ldap_unbind_ext_s(workers[i].service, NULL, NULL);
        if (workers[i].user) ldap_unbind_ext_s(workers[i].user, NULL, NULL);
        free(workers[i].samples);
    }
    free(all);
    free(threads);
    free(workers);
    return rc;
}
