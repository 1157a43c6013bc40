/* SPDX-License-Identifier: Apache-2.0 */
/* What differs between two values of one type, as three sets of fields. */
#include "core/kube/field_path.h"
#include "core/kube/typed_value.h"

/* The three sets at one place of the tree. */
struct place {
    struct field_set_builder *removed;
    struct field_set_builder *modified;
    struct field_set_builder *added;
};

/* A place below, made only when something is put there. */
struct spot {
    const struct place *parent; /* NULL: the root, which nobody owns */
    const struct path_element *step;
};

static void compare(struct arena *a, const struct schema *type, const struct val *lhs,
                    const struct val *rhs, const struct place *at, const struct spot *self);

static void mark(const struct spot *self, const struct val *lhs, const struct val *rhs)
{
    if (!self->parent)
        return;
    field_set_insert(!lhs   ? self->parent->added
                     : !rhs ? self->parent->removed
                            : self->parent->modified,
                     self->step);
}

/* The child's comparison gets builders of its own, hung in afterwards unless they are empty. */
static void compare_child(struct arena *a, const struct schema *type, const struct val *lhs,
                          const struct val *rhs, const struct place *parent,
                          const struct path_element *step)
{
    struct field_set_builder sets[3];
    struct place at = { &sets[0], &sets[1], &sets[2] };
    struct spot self = { parent, step };

    for (int i = 0; i < 3; i++)
        field_set_builder_init(&sets[i], a);
    compare(a, type, lhs, rhs, &at, &self);
    if (sets[0].count)
        *field_set_descend(parent->removed, step) = sets[0];
    if (sets[1].count)
        *field_set_descend(parent->modified, step) = sets[1];
    if (sets[2].count)
        *field_set_descend(parent->added, step) = sets[2];
}

static bool same_items(struct arena *a, const struct schema *type, const struct val *list,
                       const struct path_element *step, const struct val **ret, size_t *ret_count)
{
    *ret_count = 0;
    for (size_t i = 0; i < val_count(list); i++) {
        struct path_element other;

        if (!typed_element(a, type, list->items[i], &other) && path_element_cmp(&other, step) == 0)
            ret[(*ret_count)++] = list->items[i];
    }
    return *ret_count > 0;
}

static bool items_eq(const struct val **l, size_t l_count, const struct val **r, size_t r_count)
{
    if (l_count != r_count)
        return false;
    for (size_t i = 0; i < l_count; i++)
        if (!val_eq(l[i], r[i]))
            return false;
    return true;
}

/* All elements with one identity, on both sides; more than one of them counts as atomic. */
static void compare_elements(struct arena *a, const struct schema *type, const struct val *lhs,
                             const struct val *rhs, const struct place *at,
                             const struct path_element *step)
{
    const struct val **l = ARENA_ARRAY(a, val_count(lhs) + 1, const struct val *);
    const struct val **r = ARENA_ARRAY(a, val_count(rhs) + 1, const struct val *);
    size_t l_count;
    size_t r_count;

    (void)same_items(a, type, lhs, step, l, &l_count);
    (void)same_items(a, type, rhs, step, r, &r_count);
    if (l_count <= 1 && r_count <= 1) {
        compare_child(a, typed_elem(type), l_count ? l[0] : NULL, r_count ? r[0] : NULL, at, step);
    } else if (l_count >= 2 && r_count >= 2) {
        if (!items_eq(l, l_count, r, r_count))
            field_set_insert(at->modified, step);
    } else if (l_count >= 2) {
        if (r_count)
            compare_child(a, typed_elem(type), NULL, r[0], at, step);
        field_set_insert(at->removed, step);
    } else {
        if (l_count)
            compare_child(a, typed_elem(type), l[0], NULL, at, step);
        field_set_insert(at->added, step);
    }
}

static void compare_lists(struct arena *a, const struct schema *type, const struct val *lhs,
                          const struct val *rhs, const struct place *at)
{
    struct field_set_builder all;
    const struct val *sides[2] = { lhs, rhs };

    field_set_builder_init(&all, a);
    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < val_count(sides[s]); i++) {
            struct path_element step;

            if (!typed_element(a, type, sides[s]->items[i], &step))
                field_set_insert(&all, &step);
        }
    for (size_t i = 0; i < all.count; i++)
        compare_elements(a, type, lhs, rhs, at, &all.nodes[i].step);
}

static void compare_maps(struct arena *a, const struct schema *type, const struct val *lhs,
                         const struct val *rhs, const struct place *at)
{
    const struct val *sides[2] = { lhs, rhs };

    for (int s = 0; s < 2; s++)
        for (size_t i = 0; i < val_count(sides[s]); i++) {
            struct str key = sides[s]->fields[i].key;
            const struct schema *child = typed_field(type, key);
            struct path_element step = path_field(key);

            if (s == 1 && val_get(lhs, key))
                continue;
            compare_child(a, child ? child : &typed_any, val_get(lhs, key), val_get(rhs, key), at,
                          &step);
        }
}

/* One reading of the values, as scalar, list or map; true when it ended in a leaf. */
static bool compare_as(struct arena *a, const struct schema *type, enum typed_atom atom,
                       const struct val *const sides[2], const struct place *at,
                       const struct spot *self)
{
    enum val_kind kind = atom == ATOM_LIST ? VAL_SEQ : VAL_MAP;
    const struct val *l = val_is(sides[0], kind) ? sides[0] : NULL;
    const struct val *r = val_is(sides[1], kind) ? sides[1] : NULL;

    if (atom == ATOM_SCALAR || typed_is_atomic(type, atom) || (!val_count(l) && !val_count(r))) {
        if (!sides[0] || !sides[1] || !val_eq(sides[0], sides[1]))
            mark(self, sides[0], sides[1]);
        return true;
    }
    if (atom == ATOM_LIST)
        compare_lists(a, type, l, r, at);
    else
        compare_maps(a, type, l, r, at);
    return false;
}

static void compare(struct arena *a, const struct schema *type, const struct val *lhs,
                    const struct val *rhs, const struct place *at, const struct spot *self)
{
    enum typed_atom l = typed_atom_of(type, lhs);
    enum typed_atom r = typed_atom_of(type, rhs);
    const struct val *const sides[2] = { lhs, rhs };
    bool leaf;

    if (lhs && rhs && l != r)
        (void)compare_as(a, type, l, sides, at, self);
    leaf = compare_as(a, type, rhs ? r : l, sides, at, self);
    if (!leaf && (!lhs || !rhs))
        mark(self, lhs, rhs);
}

struct typed_comparison typed_compare(struct arena *a, const struct schema *type,
                                      const struct val *lhs, const struct val *rhs)
{
    struct field_set_builder sets[3];
    struct place at = { &sets[0], &sets[1], &sets[2] };
    struct spot root = { NULL, NULL };

    for (int i = 0; i < 3; i++)
        field_set_builder_init(&sets[i], a);
    compare(a, type, lhs, rhs, &at, &root);
    return (struct typed_comparison){
        .removed = field_set_build(&sets[0]),
        .modified = field_set_build(&sets[1]),
        .added = field_set_build(&sets[2]),
    };
}
