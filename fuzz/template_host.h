/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz/template_host.h - a template rendered over a fixed context, for fuzzers: quick, and the same each time.
 */
#ifndef FUZZ_TEMPLATE_HOST_H
#define FUZZ_TEMPLATE_HOST_H

#include <assert.h>

#include "base/arena.h"
#include "core/gotmpl/context.h"
#include "core/gotmpl/trace.h"
#include "core/gotmpl/value_uses.h"
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

static inline struct go_value fixed_context(struct arena *a)
{
    static const char values[] =
        "{\"s\":\"text\",\"n\":3,\"f\":1.5,\"t\":true,\"z\":null,\"l\":[\"b\",1,null],"
        "\"m\":{\"a\":{\"b\":[1]},\"c\":\"d\"}}";
    const struct val *v = NULL;
    struct go_value root = go_map_new(a, GO_VALUES);
    struct context_file file = { STR("config/a.txt"), STR("alpha\nbeta\n") };
    struct err *e = json_read(a, str_of(values, sizeof values - 1), STR("values"),
                              JSON_READ_DEFAULT, &v);

    assert(e == NULL);
    context_set(&root, "Values", context_values(a, GO_VALUES, v));
    context_set(&root, "Chart", context_chart_map(a, NULL, true));
    context_set(&root, "Files", context_files(a, &file, 1));
    return root;
}

static inline struct template_set *fixed_set(struct arena *a)
{
    struct template_options options = { .functions = quick_functions, .max_steps = 20000 };

    return template_set_new(a, &options);
}

/* What the template gives, or its error. */
static inline struct str template_render(struct arena *a, struct str text)
{
    struct template_set *set = fixed_set(a);
    struct go_value root = fixed_context(a);
    struct str out = STR("");
    struct err *e = template_set_parse(set, STR("t"), text);

    if (!e)
        e = template_set_render(set, STR("t"), &root, &out);
    if (e) {
        out = template_error_as_helm(a, STR("t"), e)->msg;
        (void)template_set_advice(set, e);
    }
    return out;
}

static inline void check_steps(const struct trace_output *o, const struct trace_step *step)
{
    assert(step->from <= step->to && step->to <= o->text.len);
    for (const struct trace_output *inner = step->includes; inner; inner = inner->next)
        check_steps(inner, inner->steps);
    for (const struct trace_step *below = step->first; below; below = below->next) {
        assert(below->from >= step->from && below->to <= step->to);
        check_steps(o, below);
    }
}

/* Traced, explained and looked through for values. */
static inline void template_look(struct arena *a, struct str text, struct str rendered)
{
    struct template_set *set = fixed_set(a);
    struct go_value root = fixed_context(a);
    const struct trace_output *trace = NULL;
    struct trace_origins origins = VEC_INIT;
    struct value_uses uses;
    struct str name = STR("t"), out;

    if (template_set_parse(set, name, text))
        return;
    template_set_value_uses(set, &name, 1, &uses);
    if (template_set_trace(set, name, &root, &out, &trace))
        return;
    assert(str_eq(out, rendered));
    check_steps(trace, trace->steps);
    trace_origins(a, trace, 0, trace->text.len < 100 ? trace->text.len : 100, &origins);
    for (size_t i = 0; i < origins.count; i++)
        (void)trace_place(origins.items[i].step, origins.items[i].at);
}

#endif
