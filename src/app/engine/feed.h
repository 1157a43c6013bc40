/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/engine/feed.h - one kind, listed and watched, as messages to the engine.
 *
 * Flux kinds are watched whole; of all others only hash, version and health of each object travel: managed kinds by owner
 * label, ConfigMaps and Secrets that Kustomizations read by Flux' watch label, and a dependency of another kind alone.
 */
#ifndef APP_ENGINE_FEED_H
#define APP_ENGINE_FEED_H

#include "app/engine/inbox.h"
#include "app/reconcile/ports.h"

#define FEED_OWNER_LABEL "kustomize.toolkit.fluxcd.io/name"

enum feed_state { FEED_OPENING, FEED_OPEN, FEED_FAILED, FEED_CLOSED };

enum feed_role {
    FEED_FLUX,
    FEED_MANAGED,
    FEED_CONFIG,
    FEED_DEPENDENCY /* one object */
};

/* Of a FEED_DEPENDENCY: its one object, as last seen. */
struct feed_sight {
    bool exists;
    enum kstatus_code health;
    struct str why; /* owned by the engine's heap; what is wrong with it, or with watching it */
};

struct feed {
    const struct reconcile_ports *ports;
    struct inbox *inbox;
    struct str api_version; /* owned by the engine's heap */
    struct gvk gvk;         /* likewise */
    enum feed_role role;
    struct str label_selector; /* likewise owned, as the two below; "": all */
    struct str ns;             /* DEPENDENCY */
    struct str name;
    struct feed_sight sight;
    int64_t config_version; /* CONFIG: the highest that was seen */
    bool wanted;            /* during a sweep */
    enum feed_state state;  /* engine thread only, as all below */
    bool opening;           /* a job is at it: `watch` is the worker's until it is reported done */
    bool listed;            /* at least once */
    struct mono_time retry_at;
    struct mono_time opened;
    unsigned failures;
    bool list_again; /* the history is gone, or opening from `version` has failed too often */
    int64_t
        version; /* of the last event; 0: none. The watch's thread while it is open, else a worker's */
    struct cluster_watch *watch; /* open, or ended and to be closed */
};

/*
 * On a worker: opens the watch where the one before ended, and posts RESUMED; or lists, posts LISTED and opens it from
 * there. A failure is posted as WATCH_ENDED. `feed->watch` is set before the job is reported done, and read by the engine
 * after.
 */
void feed_open(struct feed *f, struct run *run);

#endif
