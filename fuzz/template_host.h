/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz/template_host.h - a template rendered over a fixed context, for fuzzers: quick, and the same each time.
 */
#ifndef FUZZ_TEMPLATE_HOST_H
#define FUZZ_TEMPLATE_HOST_H

#include <assert.h>

#include "base/arena.h"
#include "core/gotmpl/context.h"
#include "core/gotmpl/template.h"
#include "core/sprig/functions.h"
#include "value/json.h"

/* Keys are random, and these take too long. */
static inline const struct function *quick_functions(struct str name)
{
    if (str_has_prefix(name, STR("gen")) || str_is(name, "bcrypt") || str_is(name, "htpasswd") ||
        str_is(name, "derivePassword"))
        return NULL;
    return sprig_find(name);
}

/* What the template gives, or its error. */
static inline struct str template_render(struct arena *a, struct str text)
{
    static const char values[] =
        "{\"s\":\"text\",\"n\":3,\"f\":1.5,\"t\":true,\"z\":null,\"l\":[\"b\",1,null],"
        "\"m\":{\"a\":{\"b\":[1]},\"c\":\"d\"}}";
    struct template_options options = { .functions = quick_functions, .max_steps = 20000 };
    struct template_set *set = template_set_new(a, &options);
    const struct val *v = NULL;
    struct go_value root = go_map_new(a, GO_VALUES);
    struct context_file file = { STR("config/a.txt"), STR("alpha\nbeta\n") };
    struct str out = STR("");
    struct err *e = json_read(a, str_of(values, sizeof values - 1), STR("values"),
                              JSON_READ_DEFAULT, &v);

    assert(e == NULL);
    context_set(&root, "Values", context_values(a, GO_VALUES, v));
    context_set(&root, "Chart", context_chart_map(a, NULL, true));
    context_set(&root, "Files", context_files(a, &file, 1));
    e = template_set_parse(set, STR("t"), text);
    if (!e)
        e = template_set_render(set, STR("t"), &root, &out);
    if (e)
        out = template_error_as_helm(a, STR("t"), e)->msg;
    return out;
}

#endif
