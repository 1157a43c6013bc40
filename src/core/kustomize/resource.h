/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/resource.h - one object on its way through a build, with what must be remembered of it.
 *
 * kustomize keeps names before renaming, prefixes, and generator options in annotations of the object
 * and removes them at the end. Here they are fields. The object itself is an immutable tree; kust_resource_set
 * replaces it and brings the identity up to date. Lives in the build's arena.
 */
#ifndef CORE_KUSTOMIZE_RESOURCE_H
#define CORE_KUSTOMIZE_RESOURCE_H

#include "base/vec.h"
#include "core/kustomize/kustomize.h"
#include "core/kustomize/merge_schema.h"

struct kust_id {
    struct str group;
    struct str version;
    struct str kind;
    struct str name;
    struct str ns;
    bool cluster; /* certainly cluster-scoped; not known for ids of the past */
};

/* Group, version and kind to choose by; empty parts match everything. */
struct kust_gvk {
    struct str group;
    struct str version;
    struct str kind;
};

enum kust_behavior { KUST_UNSPECIFIED, KUST_CREATE, KUST_REPLACE, KUST_MERGE };

/* Where an object came from, for `buildMetadata: [originAnnotations]`. Empty parts are left out. */
struct kust_origin {
    struct str repository;
    struct str ref;
    struct str path;
    struct str configured_in;
    struct str by_api_version;
    struct str by_kind;
    struct str by_name;
    struct str by_namespace;
};

struct kust_origins {
    struct kust_origin *items;
    size_t count;
    size_t cap;
};

struct kust_ids {
    struct kust_id *items;
    size_t count;
    size_t cap;
};

struct kust_strs {
    struct str *items;
    size_t count;
    size_t cap;
};

struct kust_steps {
    struct kustomize_step *items;
    size_t count;
    size_t cap;
};

struct kust_resource {
    const struct val *object; /* NULL: a patch deleted it */
    struct kust_id id;        /* current */
    struct kust_ids
        past; /* ids before each renaming, oldest first; group and version are current */
    struct kust_strs prefixes;
    struct kust_strs suffixes;
    struct kust_strs vars; /* names of vars that read this object */
    enum kust_behavior behavior;
    bool needs_hash;
    bool generated;         /* by a generator */
    bool allow_name_change; /* of a patch */
    bool allow_kind_change;
    bool has_origin;
    bool shares_labels;    /* shared_label.h */
    bool untagged_name;    /* a patch set name and kind anew: see kust_is_untagged */
    bool untagged_ns;      /* and the namespace */
    bool untagged_version; /* and apiVersion */
    struct kust_origin origin;
    struct kust_origins transformations;
    struct kust_steps steps; /* with options.trace */
};

/* Text of a scalar as written; "" for maps, sequences and NULL. */
struct str kust_text(struct arena *a, const struct val *v);

/* Null, empty map or empty sequence, or missing. */
bool kust_is_empty(const struct val *v);

/* What a plain scalar of this text means to kyaml: renaming something to 12 gives a number, as in kustomize. */
const struct val *kust_plain_scalar(struct arena *a, struct str text);

/* Old scalar replaced by `text`: a string where the old one was quoted, else what the plain text means. */
const struct val *kust_rewrite_scalar(struct arena *a, const struct val *old, struct str text);

/*
 * A plain scalar that a transformer wrote. kustomize gives such nodes no type, so that another text in it may be
 * read as a number, while one that was read stays text.
 */
bool kust_is_untagged(const struct val *v);

/*
 * Text where the object had a number, a boolean or a null and still says so. No reader takes it, so the build fails
 * unless the field goes before the end.
 */
const struct val *kust_mistyped(struct arena *a, enum val_kind kind, struct str text);
bool kust_is_mistyped(const struct val *v);
/* The kind that the field says it has. */
enum val_kind kust_said_kind(const struct val *v);

/* The string was written with quotes or as a block, or was made and needs that. */
bool kust_is_quoted(const struct val *v);

void kust_resource_set(struct arena *a, const struct merge_schema *s, struct kust_resource *r,
                       const struct val *object);

/* Sets metadata.name or .namespace ("" removes it) and the identity with it. */
void kust_resource_rename(struct arena *a, struct kust_resource *r, struct str name);
void kust_resource_set_namespace(struct arena *a, struct kust_resource *r, struct str ns);

/* Remembers the current id among the past ones. */
void kust_resource_remember(struct arena *a, struct kust_resource *r);

/* First id it ever had. */
struct kust_id kust_resource_origin_id(const struct kust_resource *r);

/* The past id at `index` with today's group and version, as kustomize reconstructs it. */
struct kust_id kust_resource_past(const struct kust_resource *r, size_t index);

/* "default" for none, "_non_namespaceable_" for cluster-scoped kinds. */
struct str kust_id_effective_ns(const struct kust_id *id);
bool kust_id_eq(const struct kust_id *a, const struct kust_id *b);
bool kust_id_selected(const struct kust_id *id, const struct kust_gvk *by);

/* Kind/ns/name, for messages. */
struct str kust_id_format(struct arena *a, const struct kust_id *id);

/* apps/v1 -> apps, v1, at the first slash, never failing. */
void kust_split_api_version(struct str api_version, struct str *ret_group, struct str *ret_version);

#endif
