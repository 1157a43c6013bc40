/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/reread.h"

#include "base/buf.h"
#include "core/gotmpl/number.h"
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

/* As Go's YAML writer prints it: 1e+06. */
static struct str float_as_yaml(struct arena *a, double x)
{
    struct buf out;
    buf_init(&out, a, 0);
    number_put_float(&out, x, 'g', -1);
    return buf_str(&out);
}

static const struct val *reread_scalar(struct arena *a, const struct val *v, bool json)
{
    struct val now = *v;
    uint64_t large; /* JSON keeps an integer of 64 bits without a sign */
    if (v->kind == VAL_STRING && json)
        now.style = VAL_STYLE_DOUBLE;
    else if (v->kind == VAL_STRING)
        now.style = v->line > 0 ? (uint8_t)style_of(v->text) : v->style;
    else if (v->kind == VAL_NULL)
        now.text = STR("null");
    else if (v->kind == VAL_FLOAT && json && str_to_uint64(v->text, &large))
        return v;
    else if (v->kind == VAL_BOOL || v->kind == VAL_INT || json)
        now.text = STR("");
    else if (v->kind == VAL_FLOAT)
        now.text = float_as_yaml(a, v->real);
    if (now.style == v->style && str_eq(now.text, v->text))
        return v;
    struct val *copy = ARENA_NEW(a, struct val);
    *copy = now;
    return copy;
}

static const struct val *reread(struct arena *a, const struct val *v, bool json)
{
    struct map_editor map = { .arena = a, .map = v };
    struct seq_editor seq = { .arena = a, .seq = v };
    if (v->kind != VAL_MAP && v->kind != VAL_SEQ)
        return reread_scalar(a, v, json);
    for (size_t i = 0; v->kind == VAL_MAP && i < v->count; i++) {
        const struct val *now = reread(a, v->fields[i].value, json);
        if (now != v->fields[i].value)
            map_editor_set(&map, v->fields[i].key, now);
    }
    for (size_t i = 0; v->kind == VAL_SEQ && i < v->count; i++) {
        const struct val *now = reread(a, v->items[i], json);
        if (now != v->items[i])
            seq_editor_set(&seq, i, now);
    }
    return v->kind == VAL_MAP ? map_editor_done(&map) : seq_editor_done(&seq);
}

const struct val *kust_reread(struct arena *a, const struct val *v)
{
    return reread(a, v, false);
}

const struct val *kust_reread_json(struct arena *a, const struct val *v)
{
    return reread(a, v, true);
}
