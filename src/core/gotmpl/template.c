/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/template.h"

#include "base/limits.h"
#include "core/gotmpl/exec.h"
#include "core/gotmpl/include.h"
#include "core/gotmpl/parse.h"
#include "core/gotmpl/quote.h"
#include "core/gotmpl/tracer.h"

/* How often a name is being included at this moment. */
struct include_count {
    unsigned now;
};

struct template_set *template_set_new(struct arena *a, const struct template_options *options)
{
    struct template_set *set = ARENA_NEW(a, struct template_set);
    struct engine *engine = ARENA_NEW(a, struct engine);

    engine->arena = a;
    engine->options = *options;
    engine->used_at_start = arena_used(a);
    map_init(&engine->include_counts, a);
    map_init(&engine->parsed, a);
    map_init(&engine->patterns, a);
    set->engine = engine;
    map_init(&set->definitions, a);
    return set;
}

const struct definition *template_set_find(const struct template_set *set, struct str name)
{
    for (; set; set = set->parent) {
        const struct definition *d = map_get(&set->definitions, name);

        if (d)
            return d;
    }
    return NULL;
}

/* A definition of blanks does not replace one that says something. */
static void join(struct template_set *set, struct definition *d)
{
    if (node_is_empty(d->root) && template_set_find(set, d->name))
        return;
    (void)map_set(&set->definitions, d->name, d);
}

struct err *template_set_parse(struct template_set *set, struct str name, struct str text)
{
    struct definitions all = { 0 };
    struct err *e = template_parse(set->engine->arena, name, text, set->engine->options.functions,
                                   &all);

    if (e)
        return e;
    for (size_t i = 0; i < all.count; i++)
        join(set, all.items[i]);
    return NULL;
}

/* Helm leaves "<no value>" out of what it renders, also where a chart wrote these words. */
static struct str without_no_value(struct arena *a, struct str s)
{
    const struct str words = STR("<no value>");
    size_t at = str_find(s, words, 0), from = 0;
    struct buf out;

    if (at == SIZE_MAX)
        return s;
    buf_init(&out, a, 0);
    for (; at != SIZE_MAX; at = str_find(s, words, from)) {
        buf_put(&out, str_slice(s, from, at));
        from = at + words.len;
    }
    buf_put(&out, str_skip(s, from));
    return buf_str(&out);
}

static struct err *execute(const struct template_set *set, const struct definition *d,
                           const struct go_value *context, struct str *ret)
{
    struct tracer *tracer = set->engine->tracer;
    struct trace_output *output = tracer ? tracer_open(tracer, d->name) : NULL;
    struct buf out;
    struct err *e;

    buf_init(&out, set->engine->arena, LIMIT_TEMPLATE_STRING_BYTES);
    e = exec_definition(set->engine, set, d, context, &out);
    if (output)
        tracer_close(tracer, output, buf_str(&out));
    if (e)
        return e;
    *ret = buf_str(&out);
    return NULL;
}

static struct err *execute_named(const struct template_set *set, struct str name,
                                 const struct go_value *context, struct str *ret)
{
    const struct definition *d = template_set_find(set, name);

    if (!d)
        return err_new(set->engine->arena, ERR_INVALID,
                       "template: no template %.*s associated with template \"gotpl\"",
                       STR_ARG(quote_go(set->engine->arena, name)));
    return execute(set, d, context, ret);
}

struct err *template_set_render(struct template_set *set, struct str name,
                                const struct go_value *context, struct str *ret)
{
    struct str text;
    struct err *e;

    set->engine->depth = 0;
    set->engine->stack = (uintptr_t)__builtin_frame_address(0);
    set->engine->variables.count = 0;
    set->engine->running = NULL;
    set->engine->advice = (struct advice){ .is_noted = false };
    set->engine->root = go_is_map(context) ? context->map : NULL;
    if (TRY(&e, execute_named(set, name, context, &text)))
        return e;
    *ret = without_no_value(set->engine->arena, text);
    return NULL;
}

struct err *template_set_trace(struct template_set *set, struct str name,
                               const struct go_value *context, struct str *ret_text,
                               const struct trace_output **ret)
{
    /* What a rendering makes is the one output of a step of our own. */
    struct trace_step around = { .parent = NULL };
    struct tracer tracer = { .arena = set->engine->arena, .now = &around };
    struct err *e;

    set->engine->tracer = &tracer;
    e = template_set_render(set, name, context, ret_text);
    set->engine->tracer = NULL;
    *ret = around.includes;
    return e;
}

struct str template_set_advice(const struct template_set *set, const struct err *as_helm)
{
    const struct advice *advice = &set->engine->advice;
    bool tells_calls = advice->calls.len > 0 &&
                       (advice->has_silent_call ||
                        str_has_prefix(as_helm->msg, STR("execution error at")));
    struct buf out;

    buf_init(&out, set->engine->arena, 0);
    buf_put(&out, advice->nil);
    if (advice->nil.len > 0 && tells_calls)
        buf_put_byte(&out, '\n');
    if (tells_calls)
        buf_put(&out, advice->calls);
    return buf_str(&out);
}

struct err *template_include(struct call *c, struct go_value *ret)
{
    struct engine *engine = c->exec->engine;
    struct go_value dot = go_unboxed(c->args[1]); /* Execute takes what the interface holds */
    struct str name = c->args[0].text, text = STR("");
    struct include_count *count = map_get(&engine->include_counts, name);
    struct err *e;

    if (!count) {
        count = ARENA_NEW(engine->arena, struct include_count);
        (void)map_set(&engine->include_counts, name, count);
    }
    if (count->now > LIMIT_TEMPLATE_DEPTH || engine->depth >= LIMIT_TEMPLATE_DEPTH)
        return err_new(
            engine->arena, ERR_TOO_LARGE,
            "rendering template has a nested reference name: %.*s: unable to execute template",
            STR_ARG(name));
    count->now++;
    e = execute_named(c->exec->set, name, &dot, &text);
    count->now--;
    *ret = go_string(text);
    return e;
}

/* What a text given to tpl parses to; the same text is parsed once. */
static struct err *parse_tpl(struct engine *engine, struct str text, const struct definitions **ret)
{
    struct definitions *all = map_get(&engine->parsed, text);
    struct err *e;

    if (!all) {
        all = ARENA_NEW(engine->arena, struct definitions);
        e = template_parse(engine->arena, STR("gotpl"), text, engine->options.functions, all);
        if (e)
            return err_wrap(engine->arena, e, "cannot parse template %.*s",
                            STR_ARG(quote_go(engine->arena, text)));
        (void)map_set(&engine->parsed, text, all);
    }
    *ret = all;
    return NULL;
}

/*
 * Helm clones the whole set for each tpl; here what the text defines lies over the set. The text's own definition is the
 * last one, and is executed even when it is blank.
 */
struct err *template_tpl(struct call *c, struct go_value *ret)
{
    struct engine *engine = c->exec->engine;
    struct template_set over = { .engine = engine, .parent = c->exec->set };
    const struct template_set *set = c->exec->set;
    struct go_value dot = go_unboxed(c->args[1]);
    const struct definitions *all = NULL;
    struct str text = STR("");
    struct err *e;

    if (engine->depth >= LIMIT_TEMPLATE_DEPTH)
        return err_new(engine->arena, ERR_TOO_LARGE, "tpl is nested deeper than %u templates",
                       LIMIT_TEMPLATE_DEPTH);
    if (TRY(&e, parse_tpl(engine, c->args[0].text, &all)))
        return e;
    if (all->count > 1) {
        struct template_set *named = ARENA_NEW(engine->arena, struct template_set);

        *named = over;
        map_init(&named->definitions, engine->arena);
        for (size_t i = 0; i < all->count; i++)
            join(named, all->items[i]);
        set = named;
    }
    if (TRY(&e, execute(set, all->items[all->count - 1], &dot, &text)))
        return err_wrap(engine->arena, e, "error during tpl function execution for %.*s",
                        STR_ARG(quote_go(engine->arena, c->args[0].text)));
    *ret = go_string(without_no_value(engine->arena, text));
    return NULL;
}
