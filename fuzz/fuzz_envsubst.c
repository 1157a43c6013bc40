/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Substitution. Lines "NAME=VALUE" up to an empty line are the variables, the rest is the text.
 *
 * True for every input: the same output twice, text without "$" stays as it is, what strict mode allows is what the other mode gives, and
 * an object that is one YAML text is expanded or refused.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "core/envsubst/manifest.h"
#include "value/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool find(void *self, struct str name, struct str *ret)
{
    const struct substitution *s = self;
    const struct str *value = map_get(&s->values, name);

    *ret = value ? *value : STR("");
    return value != NULL;
}

static struct str take_variables(struct substitution *s, struct str text)
{
    for (struct str line; str_cut(&text, '\n', &line) && line.len > 0;) {
        size_t equals = str_find_byte(line, '=', 0);

        if (equals != SIZE_MAX)
            substitution_set(s, str_slice(line, 0, equals), str_skip(line, equals + 1), false);
    }
    return text.len ? text : STR("");
}

/* False: refused. */
static bool expand(struct arena *a, struct substitution *s, bool strict, struct str text,
                   struct str *ret)
{
    struct envsubst_vars vars = { .find = find, .self = s, .strict = strict };
    struct buf out;
    struct err *e;

    buf_init(&out, a, 0);
    e = envsubst_expand(a, text, &vars, &out);
    *ret = e ? err_line(a, e) : out.len ? buf_str(&out) : STR("");
    return e == NULL;
}

static void check_object(struct arena *a, const struct substitution *s, struct str text)
{
    const struct val *object, *expanded = NULL;

    if (yaml_read(a, text, STR("text"), YAML_KYAML, &object) || !val_is(object, VAL_MAP))
        return;
    if (!substitution_apply(s, a, object, &expanded))
        assert(expanded != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_AUTO struct arena *a = arena_new(512 * MIB);
    struct substitution s;
    struct str text, loose, again, strict;
    bool good;

    substitution_init(&s, a);
    text = take_variables(&s, str_dup(a, str_of((const char *)data, size)));
    good = expand(a, &s, false, text, &loose);
    assert(good == expand(a, &s, false, text, &again) && str_eq(loose, again));
    if (expand(a, &s, true, text, &strict))
        assert(good && str_eq(loose, strict));
    /* At a NUL the peer's scanner believes that the text is over, and so does ours. */
    if (str_find_byte(text, '$', 0) == SIZE_MAX && str_find_byte(text, '\0', 0) == SIZE_MAX)
        assert(good && str_eq(loose, text));
    if (!substitution_check(&s))
        check_object(a, &s, text);
    return 0;
}
