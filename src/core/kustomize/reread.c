/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/reread.h"

#include "value/yaml.h"

/* The writer quotes what would be read as something else. */
static bool needs_quotes(struct str s)
{
    static const struct str first = STR_INIT("-?:,[]{}#&*!|>'\"%@` ");
    if (s.len == 0 || !yaml_plain_is_string(s, YAML_SIGS) || s.ptr[s.len - 1] == ' ' ||
        s.ptr[s.len - 1] == ':')
        return true;
    if (str_find_byte(first, s.ptr[0], 0) != SIZE_MAX) {
        bool word = s.len > 1 && s.ptr[1] != ' ' &&
                    (s.ptr[0] == '-' || s.ptr[0] == '?' || s.ptr[0] == ':');
        if (!word)
            return true;
    }
    return str_contains(s, STR(": ")) || str_contains(s, STR(" #"));
}

static enum val_style style_of(struct str s)
{
    if (str_find_byte(s, '\n', 0) != SIZE_MAX)
        return VAL_STYLE_LITERAL;
    return needs_quotes(s) ? VAL_STYLE_DOUBLE : VAL_STYLE_PLAIN;
}

static const struct val *reread_scalar(struct arena *a, const struct val *v)
{
    struct val now = *v;
    if (v->kind == VAL_STRING)
        now.style = v->line > 0 ? (uint8_t)style_of(v->text) : v->style;
    else if (v->kind == VAL_NULL)
        now.text = STR("null");
    else if (v->kind == VAL_BOOL || v->kind == VAL_INT || (v->kind == VAL_FLOAT && v->text.len > 0))
        now.text = STR("");
    if (now.style == v->style && now.text.len == v->text.len)
        return v;
    struct val *copy = ARENA_NEW(a, struct val);
    *copy = now;
    return copy;
}

const struct val *kust_reread(struct arena *a, const struct val *v)
{
    struct map_editor map = { .arena = a, .map = v };
    struct seq_editor seq = { .arena = a, .seq = v };
    if (v->kind != VAL_MAP && v->kind != VAL_SEQ)
        return reread_scalar(a, v);
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++) {
        const struct val *now = kust_reread(a, v->fields[i].value);
        if (now != v->fields[i].value)
            map_editor_set(&map, v->fields[i].key, now);
    }
    for (size_t i = 0; v->kind == VAL_SEQ && i < v->count; i++) {
        const struct val *now = kust_reread(a, v->items[i]);
        if (now != v->items[i])
            seq_editor_set(&seq, i, now);
    }
    return v->kind == VAL_MAP ? map_editor_done(&map) : seq_editor_done(&seq);
}
