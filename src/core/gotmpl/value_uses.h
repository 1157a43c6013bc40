/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/value_uses.h - which values templates look at, told from their trees alone.
 *
 * Follows the context and its values through fields, variables, with, dict, index, get, dig, include and template. What it cannot
 * follow (a key that is computed, a value given to a function) counts as a use of all that is below. So a value without any use is
 * not looked at; whether one that is used is ever read, only a rendering says.
 */
#ifndef CORE_GOTMPL_VALUE_USES_H
#define CORE_GOTMPL_VALUE_USES_H

#include "base/vec.h"
#include "core/gotmpl/template.h"

struct value_use {
    const struct str *path; /* below .Values; none: .Values itself */
    size_t count;
    bool is_whole; /* all that is below may be looked at too */
    bool
        is_guess; /* asked whether it is there (hasKey), or in a definition that no template is known to call so */
    struct template_place place;
};

struct value_uses {
    struct value_use *items;
    size_t count;
    size_t cap;
};

/*
 * Uses of `.Values` where a context is the dot of the templates named; then, as guesses, of every definition of the set with such a
 * dot. At most 100,000; more say nothing, so the last one is then a whole use of everything. Paths live in the set's arena.
 */
void template_set_value_uses(const struct template_set *set, const struct str *names, size_t count,
                             struct value_uses *ret);

#endif
