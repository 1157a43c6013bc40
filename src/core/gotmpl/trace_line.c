/* SPDX-License-Identifier: Apache-2.0 */
/* From a place in an output to the steps that wrote it, through what include and tpl made. */
#include "base/limits.h"
#include "core/gotmpl/trace.h"

enum { DEPTH_MAX = 32 };

size_t trace_offset(const struct trace_output *output, size_t at)
{
    const struct str words = STR("<no value>");

    for (size_t found = 0;
         (found = str_find(output->text, words, found)) != SIZE_MAX && found <= at;
         found += words.len)
        at += words.len;
    return at;
}

static struct str line_at(struct str text, size_t at, size_t *ret_from)
{
    size_t before = str_rfind_byte(str_slice(text, 0, at), '\n');
    size_t end = str_find_byte(text, '\n', at);

    *ret_from = before == SIZE_MAX ? 0 : before + 1;
    return str_slice(text, *ret_from, end == SIZE_MAX ? text.len : end);
}

/* A line of the included text that is what was written, spaces aside; else one that is in it. SIZE_MAX: none. */
static size_t find_line(struct str included, struct str written)
{
    size_t part = SIZE_MAX, from = 0;
    struct str line;

    written = str_trim(written);
    for (struct str rest = included; str_cut(&rest, '\n', &line); from += line.len + 1) {
        struct str bare = str_trim(line);

        if (bare.len == 0)
            continue;
        if (str_eq(bare, written))
            return from;
        if (part == SIZE_MAX && (str_contains(written, bare) || str_contains(bare, written)))
            part = from;
    }
    return part;
}

static void add_origins(struct arena *a, const struct trace_origin *within, size_t from, size_t to,
                        struct trace_origins *ret);

/* Into what the step included; false: it included nothing that is seen there. */
static bool add_included(struct arena *a, const struct trace_origin *of, struct str written,
                         struct trace_origins *ret)
{
    size_t before = ret->count;

    for (const struct trace_output *o = of->step->includes; o; o = o->next) {
        struct trace_origin inner = { .output = o, .step = o->steps, .via = of };
        size_t at = find_line(o->text, written), from;
        struct str line;

        if (at == SIZE_MAX)
            continue;
        line = line_at(o->text, at, &from);
        for (const struct trace_origin *up = of; up; up = up->via)
            inner.depth++;
        if (inner.depth < DEPTH_MAX)
            add_origins(a, &inner, from, from + line.len, ret);
        if (ret->count > before)
            return true;
    }
    return false;
}

static void add_origins(struct arena *a, const struct trace_origin *within, size_t from, size_t to,
                        struct trace_origins *ret)
{
    const struct trace_step *step = within->step;
    bool is_leaf = true;

    for (const struct trace_step *below = step->first; below; below = below->next) {
        struct trace_origin inner = *within;

        if (below->from >= to || below->to <= from)
            continue;
        is_leaf = false;
        inner.step = below;
        add_origins(a, &inner, from, to, ret);
    }
    if (!is_leaf || !step->definition)
        return;
    struct trace_origin *kept = ARENA_NEW(a, struct trace_origin);
    size_t begin = from > step->from ? from : step->from;

    *kept = *within;
    kept->at = begin;
    if (!step->is_text &&
        add_included(a, kept, str_slice(within->output->text, begin, to < step->to ? to : step->to),
                     ret))
        return;
    *VEC_PUSH(a, ret) = *kept;
}

void trace_origins(struct arena *a, const struct trace_output *output, size_t from, size_t to,
                   struct trace_origins *ret)
{
    const struct trace_origin whole = { .output = output, .step = output->steps };

    add_origins(a, &whole, from, to, ret);
}
