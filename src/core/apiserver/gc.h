/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/gc.h - the garbage collector's decisions, one object at a time.
 *
 * The app keeps the graph (uid to dependents) and asks here; each answer is one write. Source of truth: kubernetes
 * pkg/controller/garbagecollector (1.35).
 */
#ifndef CORE_APISERVER_GC_H
#define CORE_APISERVER_GC_H

#include "base/vec.h"
#include "value/val.h"

enum gc_owner_state {
    GC_OWNER_SOLID,    /* exists with the uid */
    GC_OWNER_DELETING, /* exists and waits for its dependents (foregroundDeletion) */
    GC_OWNER_ABSENT,   /* no object with that uid */
};

enum gc_action {
    GC_KEEP,
    GC_DELETE_BACKGROUND,
    GC_DELETE_FOREGROUND,
    GC_DELETE_ORPHAN,
    GC_DROP_REFERENCES, /* some owners are gone, others hold it: drop the dangling references */
};

struct gc_verdict {
    enum gc_action action;
    const struct val *object; /* DROP_REFERENCES: the object without them */
};

/* `states` has one entry for each item of metadata.ownerReferences. */
struct gc_verdict gc_dependent_plan(struct arena *a, const struct val *object,
                                    const enum gc_owner_state *states,
                                    bool has_blocking_dependents);

/*
 * An object that is being deleted with "orphan" or "foregroundDeletion" among its finalizers.
 * gc_without_owner: a dependent with the reference to `uid` removed (orphaning).
 * gc_without_finalizer: the object without that finalizer, when its dependents are done.
 */
const struct val *gc_without_owner(struct arena *a, const struct val *dependent, struct str uid);
const struct val *gc_without_finalizer(struct arena *a, const struct val *object,
                                       struct str finalizer);
bool gc_has_finalizer(const struct val *object, struct str finalizer);
bool gc_blocks_owner(const struct val *dependent,
                     struct str owner_uid); /* blockOwnerDeletion: true */

#endif
