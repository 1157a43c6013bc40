/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_cli/mirror.h - private: the bare repositories on disk, who may touch one now, and how large they get.
 *
 * A mirror is held by one caller at a time; others wait until their deadline. What killed commands leave behind (locks,
 * half packs) is removed by the next holder, small packs are put together, and a mirror beyond its budget starts anew.
 */
#ifndef ADAPTERS_GIT_CLI_MIRROR_H
#define ADAPTERS_GIT_CLI_MIRROR_H

#include <pthread.h>

#include "adapters/git_cli/command.h"

/* What is known of a mirror while somebody holds it or waits for it. */
struct mirror {
    struct mirror *next;
    struct str name;
    const char *dir;
    pthread_mutex_t held;
    unsigned users;      /* under the registry's lock */
    struct arena *arena; /* owns name and dir */
    struct arena
        *listing;        /* owns the last answer of the remote, NULL: none; under held, as below */
    struct str question; /* what was asked */
    struct str answer;
    const struct err *failure; /* NULL: answered */
    struct mono_time asked;
};

struct mirrors {
    struct git_cli_options options;
    char root[512];
    pthread_mutex_t lock;
    struct mirror *first; /* under lock, as below */
    struct mono_time swept;
};

void mirrors_init(struct mirrors *m, const struct git_cli_options *options);
void mirrors_done(struct mirrors *m);

/* Waits until the mirror is free. ERR_TIMEOUT: not before r->deadline. */
MUST_CHECK struct err *mirror_hold(struct mirrors *m, struct run *r, struct str name,
                                   struct mirror **ret);
void mirror_release(struct mirrors *m, struct mirror *held);

/* It exists, is clean and within its budget: to be called before a fetch. */
MUST_CHECK struct err *mirror_prepare(struct mirrors *m, struct run *r, struct mirror *held);
/* Removes it from disk. ERR_IO. */
MUST_CHECK struct err *mirror_remove(struct run *r, struct mirror *held);

struct mono_time mirrors_now(void);

#endif
