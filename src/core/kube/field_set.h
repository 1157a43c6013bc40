/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kube/field_set.h - sets of field paths, the currency of server-side apply.
 *
 * A set is a tree: each node is one step of a path, is a member of the set or not, and may have steps below it. Nodes are
 * sorted; sets never change after they are returned and share what they have in common. All of it lives in arenas
 * that outlive the set. Source of truth: structured-merge-diff v6 fieldpath; the encoding is FieldsV1.
 */
#ifndef CORE_KUBE_FIELD_SET_H
#define CORE_KUBE_FIELD_SET_H

#include "core/kube/schema.h"

/* In the order in which they sort. */
enum path_kind {
    PATH_FIELD, /* .name */
    PATH_KEY,   /* [name="c"]: an element of a list of maps */
    PATH_VALUE, /* [="x"]: an element of a set */
    PATH_INDEX, /* [3]; only in messages */
};

struct path_key {
    struct str name;
    const struct val *value;
};

struct path_element {
    enum path_kind kind;
    struct str name;             /* FIELD */
    const struct path_key *keys; /* KEY: sorted by name */
    size_t key_count;
    const struct val *value; /* VALUE */
    size_t index;            /* INDEX */
};

struct field_set;

struct field_node {
    struct path_element step;
    const struct field_set *below; /* NULL: none */
    bool member;
};

struct field_set {
    const struct field_node *nodes; /* sorted by step */
    size_t count;
};

extern const struct field_set field_set_empty;

struct path_element path_field(struct str name);
int path_element_cmp(const struct path_element *p, const struct path_element *q);
/* ".name", "[name=\"c\"]", "[=\"x\"]", "[3]". */
struct str path_element_format(struct arena *a, const struct path_element *p);

/* No node holds a member. */
bool field_set_is_empty(const struct field_set *s);
bool field_set_eq(const struct field_set *s, const struct field_set *t);

/* The step itself is a member. */
bool field_set_has(const struct field_set *s, const struct path_element *step);
/* What is below a step; the empty set where there is nothing. Never NULL. */
const struct field_set *field_set_below(const struct field_set *s, const struct path_element *step);

const struct field_set *field_set_union(struct arena *a, const struct field_set *s,
                                        const struct field_set *t);
const struct field_set *field_set_intersection(struct arena *a, const struct field_set *s,
                                               const struct field_set *t);
/* s without the members of t; steps below a member stay. */
const struct field_set *field_set_difference(struct arena *a, const struct field_set *s,
                                             const struct field_set *t);
/* s without the members of t and all below them. */
const struct field_set *field_set_difference_deep(struct arena *a, const struct field_set *s,
                                                  const struct field_set *t);
/* Fields of structs that only have steps below them become members too. */
const struct field_set *field_set_with_named(struct arena *a, const struct field_set *s,
                                             const struct schema *type);

/* Set of one path. */
const struct field_set *field_set_of_path(struct arena *a, const struct path_element *steps,
                                          size_t count);
/* Comma-separated dotted paths of fields: "status,metadata.labels". */
const struct field_set *field_set_of_paths(struct arena *a, struct str paths);

/* FieldsV1. Unknown kinds of keys are dropped, as Kubernetes does. ERR_INVALID: a key that does not parse. */
MUST_CHECK struct err *field_set_read(struct arena *a, const struct val *fields_v1,
                                      const struct field_set **ret);
const struct val *field_set_write(struct arena *a, const struct field_set *s);

/* Every member as text, ".spec.replicas"; members of a level before what is below them. */
struct field_set_texts {
    struct str *items;
    size_t count;
    size_t cap;
};
void field_set_list(struct arena *a, const struct field_set *s, struct field_set_texts *ret);

/* ---- building ---- */

/* A set under construction: steps may come in any order. */
struct field_set_builder {
    struct arena *arena;
    struct field_builder_node *nodes;
    size_t count;
    size_t cap;
};

struct field_builder_node {
    struct path_element step;
    struct field_set_builder *below;
    bool member;
};

void field_set_builder_init(struct field_set_builder *b, struct arena *a);
void field_set_insert(struct field_set_builder *b, const struct path_element *step);
/* Builder of what is below a step, made on demand. */
struct field_set_builder *field_set_descend(struct field_set_builder *b,
                                            const struct path_element *step);
const struct field_set *field_set_build(struct field_set_builder *b);

#endif
