/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/engine/inbox.h - how other threads talk to the engine thread: a queue of messages, each owning its arena.
 */
#ifndef APP_ENGINE_INBOX_H
#define APP_ENGINE_INBOX_H

#include <pthread.h>

#include "base/clock.h"
#include "core/kube/kstatus.h"
#include "ports/driven/cluster.h"

struct feed;
struct engine_job;

/* What is kept of a managed object's event. */
struct sighting {
    struct obj_ref ref;
    uint64_t hash;            /* drift_hash */
    int64_t resource_version; /* 0: not a number */
    enum kstatus_code health;
    struct str health_message;
    struct str owner_name; /* from the owner labels */
    struct str owner_ns;
};

enum message_kind {
    MESSAGE_OBJECT, /* a Flux object was added or changed */
    MESSAGE_OBJECT_GONE,
    MESSAGE_SIGHTING, /* a managed object was added or changed */
    MESSAGE_SIGHTING_GONE,
    MESSAGE_LISTED,  /* everything of a feed's kind, at once */
    MESSAGE_RESUMED, /* the feed's watch goes on where it ended */
    MESSAGE_WATCH_ENDED,
    MESSAGE_JOB_DONE,
    MESSAGE_STOP,
};

struct message {
    struct message *next;
    enum message_kind kind;
    struct arena *arena; /* owns this message and all below; the receiver frees it or keeps it */
    struct feed *feed;
    const struct val *object; /* OBJECT, OBJECT_GONE */
    struct sighting sighting;
    const struct val *const *objects; /* LISTED, of a Flux kind */
    const struct sighting *sightings; /* LISTED, of a managed kind */
    size_t count;
    struct err *err; /* WATCH_ENDED */
    struct engine_job *job;
};

struct inbox {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct message *first; /* under lock, as all below */
    struct message *last;
};

void inbox_init(struct inbox *b);
void inbox_done(struct inbox *b); /* frees what was not taken */

/* A message in an arena of its own. */
struct message *message_new(enum message_kind kind, struct feed *feed);

void inbox_post(struct inbox *b, struct message *m);

/* All messages, oldest first; waits for one until the deadline. NULL: none came. */
struct message *inbox_take(struct inbox *b, struct mono_time deadline);

#endif
