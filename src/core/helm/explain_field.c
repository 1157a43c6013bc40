/* SPDX-License-Identifier: Apache-2.0 */
/* Fields by their names. */
#include "base/limits.h"
#include "core/gotmpl/quote.h"
#include "core/helm/explain_reads.h"

void explained_field_put(struct buf *out, const struct explained_field *f)
{
    for (size_t i = 0; i < f->count; i++) {
        struct str key = f->parts[i].key;
        bool quoted = false;

        if (!key.ptr) {
            buf_printf(out, "[%zu]", f->parts[i].index);
            continue;
        }
        for (size_t j = 0; j < key.len; j++)
            quoted = quoted || strchr(".[]/\": ", key.ptr[j]);
        if (i > 0)
            buf_put_byte(out, '.');
        if (quoted || key.len == 0)
            quote_put(out, key, '"', false);
        else
            buf_put(out, key);
    }
}

/* "[3]" or a key, in quotes or up to the next dot or bracket. false: neither. */
static bool next_part(struct arena *a, struct str *rest, struct value_part *ret)
{
    struct str text = str_has_prefix(*rest, STR(".")) ? str_skip(*rest, 1) : *rest;
    size_t end = 0;
    int64_t index;

    *ret = (struct value_part){ .index = 0 };
    if (str_has_prefix(text, STR("["))) {
        end = str_find_byte(text, ']', 0);
        if (end == SIZE_MAX || !str_to_int64(str_slice(text, 1, end), &index) || index < 0)
            return false;
        ret->index = (size_t)index;
        *rest = str_skip(text, end + 1);
        return true;
    }
    if (str_has_prefix(text, STR("\""))) {
        end = str_find_byte(text, '"', 1);
        if (end == SIZE_MAX || !quote_undo(a, str_slice(text, 0, end + 1), &ret->key))
            return false;
        *rest = str_skip(text, end + 1);
        return true;
    }
    while (end < text.len && text.ptr[end] != '.' && text.ptr[end] != '[')
        end++;
    ret->key = str_slice(text, 0, end);
    *rest = str_skip(text, end);
    return end > 0;
}

static const struct val *step_down(const struct val *v, const struct value_part *part,
                                   unsigned *line, unsigned *column)
{
    if (!part->key.ptr)
        return val_is(v, VAL_SEQ) ? val_item(v, part->index) : NULL;
    for (uint32_t i = 0; val_is(v, VAL_MAP) && i < v->count; i++)
        if (str_eq(v->fields[i].key, part->key)) {
            *line = v->fields[i].line;
            *column = v->fields[i].column;
            return v->fields[i].value;
        }
    return NULL;
}

struct err *explained_field_find(struct arena *a, struct str text, struct explained_field *f,
                                 unsigned *line, unsigned *column)
{
    struct str rest = text;

    while (rest.len > 0) {
        struct value_part *part = &f->parts[f->count];
        const struct val *below;

        if (f->count >= LIMIT_TREE_DEPTH || !next_part(a, &rest, part))
            return err_new(a, ERR_INVALID,
                           "\"%.*s\" is no field: names with dots between them, [0] for "
                           "the first item of a list, quotes around a name with dots",
                           STR_ARG(text));
        below = step_down(f->value, part, line, column);
        f->count++;
        if (!below) {
            struct buf path;

            buf_init(&path, a, 0);
            explained_field_put(&path, f);
            return err_new(a, ERR_NOT_FOUND, "the object has no %.*s", STR_ARG(buf_str(&path)));
        }
        f->value = below;
    }
    return NULL;
}
