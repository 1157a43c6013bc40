/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/managed_entries.h - metadata.managedFields as a list that can be worked on, and back.
 */
#ifndef CORE_KUBE_MANAGED_ENTRIES_H
#define CORE_KUBE_MANAGED_ENTRIES_H

#include "core/kube/field_set.h"

struct manager {
    struct str name;
    bool applied; /* operation Apply; else Update */
    struct str api_version;
    struct str subresource;
    struct str time; /* RFC 3339; "" not said */
    const struct field_set *set;
};

struct managers {
    struct manager *items; /* no two with the same identity */
    size_t count;
    size_t cap;
};

/* Same manager, operation and subresource; of Update also the same version. */
bool manager_is(const struct manager *m, const struct manager *n);
/* As Go sorts the identities that structured-merge-diff uses as keys. */
int manager_cmp(const struct manager *m, const struct manager *n);
/* `"kubectl" with subresource "status" using v1`, as in messages. */
struct str manager_format(struct arena *a, const struct manager *m);

/* NULL: there is none. */
struct manager *managers_find(const struct managers *list, const struct manager *like);
/* Replaces the one with the same identity, or appends. */
void managers_put(struct arena *a, struct managers *list, const struct manager *m);
void managers_remove(struct managers *list, size_t index);

/* ERR_INVALID: an entry that Kubernetes refuses (operation, apiVersion, fieldsType, fieldsV1). */
MUST_CHECK struct err *managers_read(struct arena *a, const struct val *managed_fields,
                                     struct managers *ret);
/* The object with these as its metadata.managedFields, sorted; without them when there are none. */
const struct val *managers_write(struct arena *a, const struct val *object,
                                 const struct managers *list);

/* managedFields given as [] or [{}]: the client asks to forget all managers. */
bool managed_fields_is_reset(const struct val *managed_fields);

#endif
