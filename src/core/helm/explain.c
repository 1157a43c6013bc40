/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/explain.h"

#include "base/limits.h"
#include "core/helm/explain_reads.h"
#include "value/json.h"

enum { FIELDS_MAX = 1000 };

/* What is explained: one document of a template's output. */
struct subject {
    struct arena *arena;
    const struct helm_release *release;
    const struct value_origins *origins;
    struct str text; /* rendered by the traced run */
    const struct trace_output *trace;
    struct helm_manifest manifest; /* of that run */
    struct buf *out;
    unsigned left; /* fields that may still be shown */
};

struct reference {
    struct str kind, ns, name, field;
};

/* The object part of a reference. */
static bool read_object(struct str text, struct reference *ret)
{
    struct str rest = text, first, second;

    if (!str_cut(&rest, '/', &ret->kind) || !rest.ptr || !str_cut(&rest, '/', &first))
        return false;
    ret->ns = STR("");
    ret->name = first;
    if (str_cut(&rest, '/', &second)) {
        ret->ns = first;
        ret->name = second;
    }
    return ret->kind.len > 0 && ret->name.len > 0 && rest.len == 0;
}

static bool is_meant(const struct reference *r, const struct helm_manifest *m)
{
    const struct val *metadata = val_get(m->value, STR("metadata"));
    struct str ns = val_get_str(metadata, "namespace");

    return str_eq_nocase(m->kind, r->kind) && str_eq(val_get_str(metadata, "name"), r->name) &&
           (r->ns.len == 0 || ns.len == 0 || str_eq(ns, r->ns));
}

static const struct helm_manifest *find(const struct helm_manifests *all, const struct reference *r)
{
    for (size_t i = 0; i < all->count; i++)
        if (is_meant(r, &all->items[i]))
            return &all->items[i];
    return NULL;
}

/* A name may have colons too (system:reader), so the longest one that is there counts. */
static const struct helm_manifest *find_object(const struct helm_release *r, struct str text,
                                               struct reference *ret)
{
    for (size_t end = text.len;; end = str_rfind_byte(str_slice(text, 0, end), ':')) {
        const struct helm_manifest *m = NULL;

        if (end == SIZE_MAX)
            return NULL;
        if (read_object(str_slice(text, 0, end), ret)) {
            m = find(&r->objects, ret);
            m = m ? m : find(&r->hooks, ret);
        }
        ret->field = end < text.len ? str_skip(text, end + 1) : STR("");
        if (m)
            return m;
    }
}

/* The same object in what the traced run made. */
static struct err *trace_object(struct subject *s, const struct helm_manifest *m,
                                const struct reference *ref)
{
    struct helm_files documents = VEC_INIT;
    struct err *e;

    if (TRY(&e, helm_release_trace(s->release, m->source, &s->text, &s->trace)))
        return e;
    helm_split(s->arena, s->text, &documents);
    for (size_t i = 0; i < documents.count; i++)
        if (!helm_manifest_read(s->arena, m->source, documents.items[i].data, &s->manifest) &&
            is_meant(ref, &s->manifest))
            return NULL;
    return err_new(
        s->arena, ERR_NOT_FOUND,
        "%.*s: %.*s is not there when the template is rendered a second time: it depends on "
        "what is random or on the time",
        STR_ARG(m->source), STR_ARG(ref->name));
}

/* Where the field's value is in the rendered text; its key where the value has no place of its own. */
static size_t offset_of(const struct subject *s, unsigned line, unsigned column)
{
    struct str content = s->manifest.content;
    size_t at = 0;

    for (unsigned i = 1; i < line && at != SIZE_MAX; i++) {
        at = str_find_byte(content, '\n', at);
        at = at == SIZE_MAX ? at : at + 1;
    }
    if (at == SIZE_MAX || line == 0)
        return SIZE_MAX;
    at += (size_t)(content.ptr - s->text.ptr) + (column > 0 ? column - 1 : 0);
    return at < s->text.len ? at : SIZE_MAX;
}

static void explain_value(struct subject *s, const struct explained_field *f, unsigned line,
                          unsigned column)
{
    size_t from = offset_of(s, line, column), to;
    struct trace_origins origins = VEC_INIT;

    explained_field_put(s->out, f);
    buf_printf(s->out, ": %.*s\n", STR_ARG(json_string(s->arena, f->value, JSON_COMPACT)));
    if (from == SIZE_MAX)
        return;
    to = str_find_byte(s->text, '\n', from);
    to = to == SIZE_MAX ? s->text.len : to;
    trace_origins(s->arena, s->trace, trace_offset(s->trace, from),
                  trace_offset(s->trace, to > from ? to : from + 1), &origins);
    struct explain_context context = { s->arena, helm_release_context(s->release), s->origins, f,
                                       s->out };
    explain_origins(&context, &origins);
}

static void explain_fields(struct subject *s, struct explained_field *f, unsigned line,
                           unsigned column)
{
    const struct val *v = f->value;

    line = v->line > 0 ? v->line : line;
    column = v->line > 0 ? v->column : column;
    if (s->left == 0)
        return;
    if ((v->kind != VAL_MAP && v->kind != VAL_SEQ) || v->count == 0 ||
        f->count >= LIMIT_TREE_DEPTH) {
        s->left--;
        explain_value(s, f, line, column);
        return;
    }
    for (uint32_t i = 0; i < v->count; i++) {
        bool is_map = v->kind == VAL_MAP;

        f->parts[f->count++] = is_map ? (struct value_part){ .key = v->fields[i].key }
                                      : (struct value_part){ .index = i };
        f->value = is_map ? v->fields[i].value : v->items[i];
        explain_fields(s, f, is_map ? v->fields[i].line : line,
                       is_map ? v->fields[i].column : column);
        f->count--;
    }
    f->value = v;
}

struct err *helm_explain(struct arena *a, const struct helm_release *r,
                         const struct value_origins *origins, struct str reference, struct buf *out)
{
    struct subject s = {
        .arena = a, .release = r, .origins = origins, .out = out, .left = FIELDS_MAX
    };
    struct explained_field f = { .parts = ARENA_ARRAY(a, LIMIT_TREE_DEPTH + 2, struct value_part) };
    const struct helm_manifest *m;
    struct reference ref;
    unsigned line = 1, column = 1;
    struct err *e;

    if (!str_contains(reference, STR("/")))
        return err_new(
            a, ERR_INVALID,
            "\"%.*s\" names no object: Kind/namespace/name or Kind/name, and a field after "
            "a colon",
            STR_ARG(reference));
    m = find_object(r, reference, &ref);
    if (!m)
        return err_new(a, ERR_NOT_FOUND,
                       "%.*s: the release has no such object (objects of crds/ are in no template)",
                       STR_ARG(reference));
    if (TRY(&e, trace_object(&s, m, &ref)))
        return e;
    f.value = s.manifest.value;
    if (TRY(&e, explained_field_find(a, ref.field, &f, &line, &column)))
        return err_wrap(a, e, "%.*s", STR_ARG(reference));
    explain_fields(&s, &f, line, column);
    if (s.left == 0)
        buf_printf(out, "... more than %d fields: name one\n", FIELDS_MAX);
    return NULL;
}
