/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/fieldspec.h - "in objects of this kind, the field at this path": how transformers name fields.
 *
 * A path is map keys separated by "/" ("\/" is a slash in a key); lists are walked through, every item takes
 * the rest of the path. "name[]" says that the field is a list, which is then never made. With `create`,
 * missing maps on the way are made when the edit says what the last field shall be.
 */
#ifndef CORE_KUSTOMIZE_FIELDSPEC_H
#define CORE_KUSTOMIZE_FIELDSPEC_H

#include "core/kustomize/resource.h"

struct kust_fieldspec {
    struct kust_gvk gvk;
    struct str path;
    bool create;
};

struct kust_fieldspecs {
    const struct kust_fieldspec *items;
    size_t count;
};

enum kust_make { KUST_MAKE_NOTHING, KUST_MAKE_SCALAR, KUST_MAKE_MAP };

struct kust_edit {
    struct arena *arena;
    enum kust_make make;
    /* *ret is the new value of the field; it is `old` when nothing changes. */
    struct err *(*set)(const struct kust_edit *edit, const struct val *old, const struct val **ret);
    void *context;
};

/*
 * Applies the edit to every field that spec names; the object itself where the kind does not fit or the
 * field is missing. ERR_INVALID: the path goes through a scalar, or what `set` returns.
 */
MUST_CHECK struct err *kust_fieldspec_apply(const struct kust_edit *edit,
                                            const struct kust_fieldspec *spec,
                                            const struct val *object, const struct val **ret);
MUST_CHECK struct err *kust_fieldspecs_apply(const struct kust_edit *edit,
                                             struct kust_fieldspecs specs, const struct val *object,
                                             const struct val **ret);

/*
 * Entries that were set in a field that is null: kustomize keeps them out of sight and shows them once something makes
 * the field a map. The map of those of `null` (empty where there are none; NULL is no field), and `null` with others.
 */
const struct val *kust_null_entries(const struct val *null);
const struct val *kust_null_with(struct arena *a, const struct val *null,
                                 const struct val *entries);

/*
 * `into` with those of `more` that are not there yet (same path, and the kind selects). ERR_INVALID: the
 * same field with another `create`.
 */
MUST_CHECK struct err *kust_fieldspecs_merge(struct arena *a, struct kust_fieldspecs *into,
                                             struct kust_fieldspecs more);

#endif
