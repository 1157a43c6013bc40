/* SPDX-License-Identifier: Apache-2.0 */
#include "value/diff.h"

#include "value/pointer.h"

/* The way from the root to where the comparison stands. */
struct step {
    const struct step *up;
    struct str token;
};

struct differ {
    struct arena *arena;
    struct diff diff;
};

static struct str path_of(struct arena *a, const struct step *at)
{
    struct pointer p = { 0 };
    struct str *tokens;

    for (const struct step *s = at; s; s = s->up)
        p.count++;
    tokens = ARENA_ARRAY(a, p.count, struct str);
    for (size_t i = p.count; at; at = at->up)
        tokens[--i] = at->token;
    p.tokens = tokens;
    return pointer_format(a, &p);
}

static void compare(struct differ *d, const struct step *at, const struct val *before,
                    const struct val *after);

static void compare_maps(struct differ *d, const struct step *at, const struct val *before,
                         const struct val *after)
{
    for (uint32_t i = 0; i < before->count; i++) {
        struct step down = { at, before->fields[i].key };

        compare(d, &down, before->fields[i].value, val_get(after, down.token));
    }
    for (uint32_t i = 0; i < after->count; i++) {
        struct step down = { at, after->fields[i].key };

        if (!val_get(before, down.token))
            compare(d, &down, NULL, after->fields[i].value);
    }
}

static void compare_seqs(struct differ *d, const struct step *at, const struct val *before,
                         const struct val *after)
{
    uint32_t count = before->count > after->count ? before->count : after->count;

    for (uint32_t i = 0; i < count; i++) {
        struct step down = { at, str_printf(d->arena, "%u", i) };

        compare(d, &down, val_item(before, i), val_item(after, i));
    }
}

static void compare(struct differ *d, const struct step *at, const struct val *before,
                    const struct val *after)
{
    if (val_is(before, VAL_MAP) && val_is(after, VAL_MAP)) {
        compare_maps(d, at, before, after);
    } else if (val_is(before, VAL_SEQ) && val_is(after, VAL_SEQ)) {
        compare_seqs(d, at, before, after);
    } else if (!val_eq(before, after)) {
        *VEC_PUSH(d->arena, &d->diff) = (struct diff_entry){ .pointer = path_of(d->arena, at),
                                                             .before = before,
                                                             .after = after };
    }
}

struct diff diff_of(struct arena *a, const struct val *before, const struct val *after)
{
    struct differ d = { .arena = a };

    compare(&d, NULL, before, after);
    return d.diff;
}
