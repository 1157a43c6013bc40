/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Laying one value over another. The order of a merged list: elements of the applied list in their order, and what is only in the
 * live list stays where it stood between those both have.
 */
#include "core/kube/field_path.h"
#include "core/kube/typed_value.h"

/* One side of a list merge, with the identity of each element. */
struct side {
    const struct val *list; /* NULL: absent */
    struct path_element *steps;
    const struct val **values; /* NULL for an element that is there more than once */
    size_t count;
};

static size_t side_find(const struct side *s, const struct path_element *step)
{
    for (size_t i = 0; i < s->count; i++)
        if (path_element_cmp(&s->steps[i], step) == 0)
            return i;
    return SIZE_MAX;
}

static struct side side_of(struct arena *a, const struct schema *type, const struct val *list)
{
    size_t count = val_is(list, VAL_SEQ) ? list->count : 0;
    struct side s = {
        .list = list,
        .steps = ARENA_ARRAY(a, count, struct path_element),
        .values = ARENA_ARRAY(a, count, const struct val *),
    };

    for (size_t i = 0; i < count; i++) {
        size_t known;

        if (typed_element(a, type, list->items[i], &s.steps[s.count]))
            continue;
        known = side_find(&s, &s.steps[s.count]);
        s.values[s.count] = list->items[i];
        s.count++;
        /* An element that is there twice is not merged with, only replaced. */
        if (known != SIZE_MAX)
            s.values[known] = s.values[s.count - 1] = NULL;
    }
    return s;
}

struct list_merge {
    struct arena *arena;
    const struct schema *elem;
    struct side lhs;
    struct side rhs;
    size_t *shared; /* positions in rhs of elements that both sides have */
    size_t shared_count;
    size_t next;  /* into shared */
    bool *merged; /* of rhs */
    struct seq_builder out;
};

static void emit(struct list_merge *m, const struct val *lhs, const struct val *rhs)
{
    const struct val *v = lhs || rhs ? typed_merge(m->arena, m->elem, lhs, rhs) : NULL;

    if (v)
        seq_builder_add(&m->out, v);
}

static void take_rhs(struct list_merge *m, size_t r)
{
    size_t l = side_find(&m->lhs, &m->rhs.steps[r]);

    m->merged[r] = true;
    emit(m, l == SIZE_MAX ? NULL : m->lhs.values[l], m->rhs.values[r]);
    if (m->next < m->shared_count && m->shared[m->next] == r)
        m->next++;
}

/* True when the element of lhs was dealt with and the walk goes on there. */
static bool step_lhs(struct list_merge *m, size_t l, size_t r)
{
    size_t in_rhs = side_find(&m->rhs, &m->lhs.steps[l]);

    if (in_rhs == SIZE_MAX) {
        emit(m, m->lhs.list->items[l], NULL);
        return true;
    }
    if (r < m->rhs.count && m->next < m->shared_count && m->shared[m->next] != in_rhs)
        return true; /* shared, but its turn comes with rhs */
    return false;
}

static void merge_walk(struct list_merge *m)
{
    size_t l = 0;
    size_t r = 0;

    while (l < m->lhs.count || r < m->rhs.count) {
        if (l < m->lhs.count && r < m->rhs.count &&
            path_element_cmp(&m->lhs.steps[l], &m->rhs.steps[r]) == 0) {
            take_rhs(m, r++);
            l++;
            continue;
        }
        if (l < m->lhs.count) {
            size_t in_rhs = side_find(&m->rhs, &m->lhs.steps[l]);

            if (step_lhs(m, l, r)) {
                l++;
                continue;
            }
            if (m->merged[in_rhs])
                l++;
        }
        if (r < m->rhs.count)
            take_rhs(m, r++);
    }
}

static const struct val *merge_lists(struct arena *a, const struct schema *type,
                                     const struct val *lhs, const struct val *rhs)
{
    struct list_merge m = {
        .arena = a,
        .elem = typed_elem(type),
        .lhs = side_of(a, type, lhs),
        .rhs = side_of(a, type, rhs),
    };

    m.shared = ARENA_ARRAY(a, m.rhs.count, size_t);
    m.merged = ARENA_ARRAY(a, m.rhs.count, bool);
    seq_builder_init(&m.out, a);
    for (size_t i = 0; i < m.rhs.count; i++)
        if (side_find(&m.lhs, &m.rhs.steps[i]) != SIZE_MAX)
            m.shared[m.shared_count++] = i;
    merge_walk(&m);
    return m.out.count ? seq_builder_done(&m.out, NULL) : NULL;
}

static const struct val *merge_maps(struct arena *a, const struct schema *type,
                                    const struct val *lhs, const struct val *rhs)
{
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; lhs && i < val_count(lhs); i++) {
        const struct val_field *f = &lhs->fields[i];
        const struct schema *child = typed_field(type, f->key);
        const struct val *v = typed_merge(a, child ? child : &typed_any, f->value,
                                          val_get(rhs, f->key));

        if (v)
            map_builder_set(&b, f->key, v);
    }
    for (size_t i = 0; rhs && i < val_count(rhs); i++) {
        const struct val_field *f = &rhs->fields[i];
        const struct schema *child = typed_field(type, f->key);
        const struct val *v;

        if (val_get(lhs, f->key))
            continue;
        v = typed_merge(a, child ? child : &typed_any, NULL, f->value);
        if (v)
            map_builder_set(&b, f->key, v);
    }
    return b.count ? map_builder_done(&b, NULL) : NULL;
}

const struct val *typed_merge(struct arena *a, const struct schema *type, const struct val *lhs,
                              const struct val *rhs)
{
    enum typed_atom atom = typed_atom_of(type, rhs ? rhs : lhs);
    enum val_kind kind = atom == ATOM_LIST ? VAL_SEQ : VAL_MAP;
    const struct val *l = val_is(lhs, kind) ? lhs : NULL;
    const struct val *r = val_is(rhs, kind) ? rhs : NULL;

    /* Two empty ones count as a leaf, so that empty and null stay apart. */
    if (atom == ATOM_SCALAR || typed_is_atomic(type, atom) || (!val_count(l) && !val_count(r)))
        return rhs ? rhs : lhs;
    return atom == ATOM_LIST ? merge_lists(a, type, l, r) : merge_maps(a, type, l, r);
}
