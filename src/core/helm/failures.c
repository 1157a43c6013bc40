/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/failures.h"

#include "base/buf.h"

enum { LINES_BEFORE = 2, LINES_AFTER = 1, EXCERPTS_MAX = 20 };

/* The line that a message "TEMPLATE:LINE:COLUMN: ..." names, in the document; 0: none. */
static unsigned fault_line(struct arena *a, const struct helm_failure *f)
{
    struct str text = err_line(a, f->as_helm), name = str_concat(a, f->template, STR(":"));
    int64_t line = 0;

    for (size_t at = 0; (at = str_find(text, name, at)) != SIZE_MAX; at++) {
        struct str rest = str_skip(text, at + name.len), digits;

        if (str_cut(&rest, ':', &digits) && str_to_int64(digits, &line) && line > 0)
            return (unsigned)line;
    }
    return 0;
}

/* The template line that wrote the line's first word; else the template alone. */
static struct str origin_of(struct arena *a, const struct trace_output *trace, struct str file,
                            size_t at)
{
    struct trace_origins origins = VEC_INIT;
    struct template_place place;

    if (trace && at < trace->text.len)
        trace_origins(a, trace, at, at + 1, &origins);
    if (origins.count == 0)
        return file;
    place = trace_place(origins.items[0].step, origins.items[0].at);
    return str_printf(a, "%.*s:%u", STR_ARG(place.file), place.line);
}

static void put_excerpt(struct arena *a, struct buf *out, const struct helm_failure *f,
                        size_t begin, const struct trace_output *trace)
{
    unsigned fault = fault_line(a, f), number = 0;
    size_t at = begin;
    struct str line;

    for (struct str rest = f->document; str_cut(&rest, '\n', &line); at += line.len + 1) {
        size_t word = 0;

        number++;
        if (number + LINES_BEFORE < fault || number > fault + LINES_AFTER ||
            (number > fault && str_trim(line).len == 0))
            continue;
        while (word < line.len && line.ptr[word] == ' ')
            word++;
        struct str from = origin_of(a, trace, f->template,
                                    trace ? trace_offset(trace, at + word) : at);
        buf_printf(out, "%s%c %4u | ", out->len > 0 ? "\n" : "", number == fault ? '>' : ' ',
                   number);
        buf_put(out, line);
        buf_printf(out, "    <- %.*s", STR_ARG(from));
    }
}

static void advise_document(struct arena *a, const struct helm_release *r, struct helm_failure *f)
{
    const struct trace_output *trace = NULL;
    struct str text;
    size_t begin = 0;
    struct buf out;

    if (fault_line(a, f) == 0)
        return;
    for (size_t i = 0; i < r->rendered.count; i++)
        if (str_eq(r->rendered.items[i].name, f->template))
            begin = (size_t)(f->document.ptr - r->rendered.items[i].data.ptr);
    if (helm_release_trace(r, f->template, &text, &trace))
        trace = NULL;
    buf_init(&out, a, 0);
    put_excerpt(a, &out, f, begin, trace);
    f->advice = buf_str(&out);
}

static struct err *with_advice(struct arena *a, const struct helm_failure *f)
{
    struct buf out;
    struct str line;

    buf_init(&out, a, 0);
    buf_put(&out, err_line(a, f->as_helm));
    for (struct str rest = f->advice; f->advice.len > 0 && str_cut(&rest, '\n', &line);)
        buf_printf(&out, "\n  %.*s", STR_ARG(line));
    return err_new(a, f->as_helm->code, "%.*s", STR_ARG(buf_str(&out)));
}

struct err *helm_failures_join(struct arena *a, struct helm_release *r)
{
    struct err **errors = ARENA_ARRAY(a, r->failures.count + 1, struct err *);

    for (size_t i = 0; i < r->failures.count; i++) {
        struct helm_failure *f = &r->failures.items[i];

        if (f->document.ptr && i < EXCERPTS_MAX)
            advise_document(a, r, f);
        errors[i] = with_advice(a, f);
    }
    return err_join(a, errors, r->failures.count);
}
