/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/field_set.h"

#include "base/vec.h"
#include "core/kube/field_path.h"

const struct field_set field_set_empty = { 0 };

/* ---- building ---- */

void field_set_builder_init(struct field_set_builder *b, struct arena *a)
{
    *b = (struct field_set_builder){ .arena = a };
}

/* Position of the step, or where it would stand; the last place is tried first because steps mostly come sorted. */
static size_t builder_find(const struct field_set_builder *b, const struct path_element *step,
                           bool *ret_found)
{
    size_t low = 0;
    size_t high = b->count;

    *ret_found = false;
    if (high && path_element_cmp(step, &b->nodes[high - 1].step) > 0)
        return high;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = path_element_cmp(step, &b->nodes[mid].step);

        if (order == 0) {
            *ret_found = true;
            return mid;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return low;
}

static struct field_builder_node *builder_node(struct field_set_builder *b,
                                               const struct path_element *step)
{
    bool found;
    size_t at = builder_find(b, step, &found);

    if (!found) {
        b->nodes = vec_grow(b->arena, b->nodes, b->count, &b->cap, sizeof *b->nodes);
        memmove(&b->nodes[at + 1], &b->nodes[at], (b->count - at) * sizeof *b->nodes);
        b->nodes[at] = (struct field_builder_node){ .step = *step };
        b->count++;
    }
    return &b->nodes[at];
}

void field_set_insert(struct field_set_builder *b, const struct path_element *step)
{
    builder_node(b, step)->member = true;
}

struct field_set_builder *field_set_descend(struct field_set_builder *b,
                                            const struct path_element *step)
{
    struct field_builder_node *node = builder_node(b, step);

    if (!node->below) {
        node->below = ARENA_NEW(b->arena, struct field_set_builder);
        field_set_builder_init(node->below, b->arena);
    }
    return node->below;
}

const struct field_set *field_set_build(struct field_set_builder *b)
{
    struct field_set *set = ARENA_NEW(b->arena, struct field_set);
    struct field_node *nodes = ARENA_ARRAY(b->arena, b->count, struct field_node);

    for (size_t i = 0; i < b->count; i++) {
        struct field_builder_node *from = &b->nodes[i];
        const struct field_set *below = from->below ? field_set_build(from->below) : NULL;

        if (below && !below->count)
            below = NULL;
        if (!below && !from->member)
            continue;
        nodes[set->count++] = (struct field_node){ from->step, below, from->member };
    }
    set->nodes = nodes;
    return set;
}

const struct field_set *field_set_of_path(struct arena *a, const struct path_element *steps,
                                          size_t count)
{
    struct field_set_builder root;
    struct field_set_builder *b = &root;

    field_set_builder_init(&root, a);
    for (size_t i = 0; i + 1 < count; i++)
        b = field_set_descend(b, &steps[i]);
    if (count)
        field_set_insert(b, &steps[count - 1]);
    return field_set_build(&root);
}

const struct field_set *field_set_of_paths(struct arena *a, struct str paths)
{
    struct field_set_builder root;
    struct str path;

    field_set_builder_init(&root, a);
    for (struct str rest = paths; paths.len && str_cut(&rest, ',', &path);) {
        struct field_set_builder *b = &root;
        struct str part;

        for (struct str tail = path; str_cut(&tail, '.', &part);) {
            struct path_element step = path_field(part);

            if (tail.ptr)
                b = field_set_descend(b, &step);
            else
                field_set_insert(b, &step);
        }
    }
    return field_set_build(&root);
}

/* ---- reading ---- */

bool field_set_is_empty(const struct field_set *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->nodes[i].member || (s->nodes[i].below && !field_set_is_empty(s->nodes[i].below)))
            return false;
    return true;
}

static const struct field_node *node_of(const struct field_set *s, const struct path_element *step)
{
    size_t low = 0;
    size_t high = s->count;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = path_element_cmp(step, &s->nodes[mid].step);

        if (order == 0)
            return &s->nodes[mid];
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

bool field_set_has(const struct field_set *s, const struct path_element *step)
{
    const struct field_node *n = node_of(s, step);

    return n && n->member;
}

const struct field_set *field_set_below(const struct field_set *s, const struct path_element *step)
{
    const struct field_node *n = node_of(s, step);

    return n && n->below ? n->below : &field_set_empty;
}

bool field_set_eq(const struct field_set *s, const struct field_set *t)
{
    if (s->count != t->count)
        return false;
    for (size_t i = 0; i < s->count; i++) {
        const struct field_node *m = &s->nodes[i];
        const struct field_node *n = &t->nodes[i];

        if (m->member != n->member || path_element_cmp(&m->step, &n->step) != 0 ||
            !field_set_eq(m->below ? m->below : &field_set_empty,
                          n->below ? n->below : &field_set_empty))
            return false;
    }
    return true;
}

/* ---- algebra ---- */

/* A node of the result; nothing when it is neither a member nor has anything below. */
static void node_add(struct field_set *out, struct field_node *nodes, const struct field_node *like,
                     bool member, const struct field_set *below)
{
    if (below && !below->count)
        below = NULL;
    if (member || below)
        nodes[out->count++] = (struct field_node){ like->step, below, member };
}

/* What an operation makes of a node; m or n is NULL where the step is on one side alone. */
typedef void node_fn(struct arena *a, const struct field_node *m, const struct field_node *n,
                     bool *ret_member, const struct field_set **ret_below);

/* Walks both sorted lists side by side. */
static const struct field_set *combine(struct arena *a, const struct field_set *s,
                                       const struct field_set *t, node_fn *fn)
{
    struct field_set *out = ARENA_NEW(a, struct field_set);
    struct field_node *nodes = ARENA_ARRAY(a, s->count + t->count, struct field_node);
    size_t i = 0;
    size_t j = 0;

    out->nodes = nodes;
    while (i < s->count || j < t->count) {
        int order = i == s->count   ? 1
                    : j == t->count ? -1
                                    : path_element_cmp(&s->nodes[i].step, &t->nodes[j].step);
        const struct field_node *m = order <= 0 ? &s->nodes[i++] : NULL;
        const struct field_node *n = order >= 0 ? &t->nodes[j++] : NULL;
        const struct field_set *below = NULL;
        bool member = false;

        fn(a, m, n, &member, &below);
        node_add(out, nodes, m ? m : n, member, below);
    }
    return out;
}

static void union_node(struct arena *a, const struct field_node *m, const struct field_node *n,
                       bool *ret_member, const struct field_set **ret_below)
{
    const struct field_set *p = m ? m->below : NULL;
    const struct field_set *q = n ? n->below : NULL;

    *ret_member = (m && m->member) || (n && n->member);
    *ret_below = p && q ? field_set_union(a, p, q) : p ? p : q;
}

static void intersection_node(struct arena *a, const struct field_node *m,
                              const struct field_node *n, bool *ret_member,
                              const struct field_set **ret_below)
{
    if (!m || !n)
        return;
    *ret_member = m->member && n->member;
    if (m->below && n->below)
        *ret_below = field_set_intersection(a, m->below, n->below);
}

static void difference_node(struct arena *a, const struct field_node *m, const struct field_node *n,
                            bool *ret_member, const struct field_set **ret_below)
{
    if (!m)
        return;
    *ret_member = m->member && !(n && n->member);
    *ret_below = m->below;
    if (m->below && n && n->below)
        *ret_below = field_set_difference(a, m->below, n->below);
}

static void difference_deep_node(struct arena *a, const struct field_node *m,
                                 const struct field_node *n, bool *ret_member,
                                 const struct field_set **ret_below)
{
    if (!m || (n && n->member))
        return;
    *ret_member = m->member;
    *ret_below = m->below;
    if (m->below && n && n->below)
        *ret_below = field_set_difference_deep(a, m->below, n->below);
}

const struct field_set *field_set_union(struct arena *a, const struct field_set *s,
                                        const struct field_set *t)
{
    return s->count == 0 ? t : t->count == 0 ? s : combine(a, s, t, union_node);
}

const struct field_set *field_set_intersection(struct arena *a, const struct field_set *s,
                                               const struct field_set *t)
{
    return s->count && t->count ? combine(a, s, t, intersection_node) : &field_set_empty;
}

const struct field_set *field_set_difference(struct arena *a, const struct field_set *s,
                                             const struct field_set *t)
{
    return t->count ? combine(a, s, t, difference_node) : s;
}

const struct field_set *field_set_difference_deep(struct arena *a, const struct field_set *s,
                                                  const struct field_set *t)
{
    return t->count ? combine(a, s, t, difference_deep_node) : s;
}

const struct field_set *field_set_with_named(struct arena *a, const struct field_set *s,
                                             const struct schema *type)
{
    struct field_set *out = ARENA_NEW(a, struct field_set);
    struct field_node *nodes = ARENA_ARRAY(a, s->count, struct field_node);

    for (size_t i = 0; i < s->count; i++) {
        const struct field_node *n = &s->nodes[i];
        const struct schema_field *field = n->step.kind == PATH_FIELD
                                               ? schema_field(type, n->step.name)
                                               : NULL;
        const struct schema *child = NULL;

        nodes[i] = *n;
        if (!n->below)
            continue;
        nodes[i].member = n->member || field;
        if (n->step.kind == PATH_FIELD)
            child = schema_child(type, n->step.name);
        else if (n->step.kind == PATH_KEY && type && type->kind == SCHEMA_LIST)
            child = type->elem;
        nodes[i].below = field_set_with_named(a, n->below, child);
    }
    out->nodes = nodes;
    out->count = s->count;
    return out;
}

/* ---- text ---- */

static void list_below(struct arena *a, const struct field_set *s, struct str prefix,
                       struct field_set_texts *ret)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->nodes[i].member)
            *VEC_PUSH(a, ret) = str_concat(a, prefix, path_element_format(a, &s->nodes[i].step));
    for (size_t i = 0; i < s->count; i++)
        if (s->nodes[i].below)
            list_below(a, s->nodes[i].below,
                       str_concat(a, prefix, path_element_format(a, &s->nodes[i].step)), ret);
}

void field_set_list(struct arena *a, const struct field_set *s, struct field_set_texts *ret)
{
    list_below(a, s, STR(""), ret);
}
