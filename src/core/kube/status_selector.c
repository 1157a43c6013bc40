/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/status_selector.h"

struct err *status_selector_parse(struct arena *a, struct str text, struct status_selector *ret)
{
    size_t at = str_find(text, STR("!="), 0);
    bool negated = at != SIZE_MAX;

    if (!negated)
        at = str_find_byte(text, '=', 0);
    if (text.len > 0 && at == SIZE_MAX)
        return err_new(
            a, ERR_INVALID,
            "expected status selector in type=status or type!=status format, but found: %.*s",
            STR_ARG(text));
    *ret = (struct status_selector){ .negated = negated };
    if (text.len > 0) {
        ret->type = str_slice(text, 0, at);
        ret->status = str_skip(text, at + (negated ? 2 : 1));
    }
    return NULL;
}

static bool has_status(const struct status_selector *s, const struct val *object)
{
    const struct val *conditions = val_at(object, "status.conditions"), *found = NULL;

    for (size_t i = 0; i < val_count(conditions); i++)
        if (str_eq_nocase(val_get_str(val_item(conditions, i), "type"), s->type))
            found = val_item(conditions, i);
    return found && str_eq_nocase(val_get_str(found, "status"), s->status);
}

bool status_selector_matches(const struct status_selector *s, const struct val *object)
{
    return s->type.ptr == NULL || has_status(s, object) != s->negated;
}
