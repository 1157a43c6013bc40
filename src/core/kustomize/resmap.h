/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/resmap.h - the objects of a kustomization in load order, with an index by every id they had.
 *
 * The index maps kind, name and effective namespace to resources. Entries are only added: a lookup checks each
 * candidate against the ids it has now, so a stale entry costs a comparison and renaming needs no removal.
 * After changing an id call kust_resmap_note.
 */
#ifndef CORE_KUSTOMIZE_RESMAP_H
#define CORE_KUSTOMIZE_RESMAP_H

#include "base/map.h"
#include "core/kustomize/resource.h"

struct kust_resources {
    struct kust_resource **items;
    size_t count;
    size_t cap;
};

struct kust_resmap {
    struct arena *arena;
    struct kust_resources all;
    struct map index; /* key -> struct kust_resources */
};

void kust_resmap_init(struct kust_resmap *m, struct arena *a);

/* ERR_ALREADY_EXISTS when an object with the same current id is there; names both. */
MUST_CHECK struct err *kust_resmap_append(struct kust_resmap *m, struct kust_resource *r);
MUST_CHECK struct err *kust_resmap_append_all(struct kust_resmap *m,
                                              const struct kust_resources *list);

/* Adds what a generator made: new, or merged with or in place of the one of that id (its behavior says). */
MUST_CHECK struct err *kust_resmap_absorb(struct kust_resmap *m, const struct merge_schema *s,
                                          struct kust_resource *r);

/* r got a new id. */
void kust_resmap_note(struct kust_resmap *m, struct kust_resource *r);

/* Resources whose current id (any_id: or a past one) equals id. */
struct kust_resources kust_resmap_find(const struct kust_resmap *m, const struct kust_id *id,
                                       bool any_id);

/* The one resource with that id, now or in the past. ERR_NOT_FOUND, ERR_INVALID when there are several. */
MUST_CHECK struct err *kust_resmap_get(const struct kust_resmap *m, const struct kust_id *id,
                                       struct kust_resource **ret);

/* Drops resources whose object a patch deleted or emptied. */
void kust_resmap_drop_empty(struct kust_resmap *m);

/* ERR_ALREADY_EXISTS when two resources have one current id. */
MUST_CHECK struct err *kust_resmap_check_unique(const struct kust_resmap *m, const char *what);

#endif
