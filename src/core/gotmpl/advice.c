/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/advice.h"

#include "core/gotmpl/quote.h"
#include "core/gotmpl/value_path.h"

enum { NAMES_SHOWN = 12, CALLS_SHOWN = 40 };

/* "FILE:LINE:COLUMN" of what an execution is at. */
static void put_place(struct buf *out, const struct exec *x)
{
    struct template_place at = exec_place(x->definition, x->node ? x->node->pos : 0);

    buf_printf(out, "%.*s:%u:%u", STR_ARG(at.file), at.line, at.column);
}

static bool is_action(const struct exec *caller)
{
    return caller->node && caller->node->kind == NODE_TEMPLATE;
}

void advice_note_calls(struct exec *x)
{
    struct advice *advice = &x->engine->advice;
    struct arena *a = x->engine->arena;
    unsigned shown = 0;
    struct buf out;

    if (advice->is_noted)
        return;
    advice->is_noted = true;
    buf_init(&out, a, 0);
    for (const struct exec *callee = x; callee->caller; callee = callee->caller) {
        advice->has_silent_call = advice->has_silent_call || is_action(callee->caller);
        if (shown++ >= CALLS_SHOWN)
            continue;
        if (out.len > 0)
            buf_put_byte(&out, '\n');
        buf_printf(&out, "in %.*s, called with %s at ",
                   STR_ARG(quote_go(a, callee->definition->name)),
                   is_action(callee->caller)                   ? "template"
                   : str_is(callee->definition->name, "gotpl") ? "tpl"
                                                               : "include");
        put_place(&out, callee->caller);
    }
    if (shown > CALLS_SHOWN)
        buf_printf(&out, "\nand %u more calls", shown - CALLS_SHOWN);
    advice->calls = buf_str(&out);
}

static void put_names(struct buf *out, struct go_map *m)
{
    size_t count = go_map_count(m);

    for (size_t i = 0; i < count && i < NAMES_SHOWN; i++)
        buf_printf(out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(go_map_sorted(m)[i].key));
    if (count > NAMES_SHOWN)
        buf_printf(out, " and %zu more", count - NAMES_SHOWN);
}

/* `name` is nil in the map; `written` is what stands in the template up to the map. */
static void note_in_map(struct exec *x, struct go_map *map, struct str name, struct str written)
{
    struct arena *a = x->engine->arena;
    struct str at = written, guess;
    struct value_path path = VEC_INIT;
    struct go_value ignored;
    struct buf out;

    if (x->engine->root && value_path_find(a, x->engine->root, map, &path)) {
        buf_init(&out, a, 0);
        value_path_put(&out, &path);
        at = buf_str(&out);
    }
    buf_init(&out, a, 0);
    buf_lit(&out, "nil at ");
    buf_put(&out, at);
    value_path_put_key(&out, name);
    if (go_map_find(map, GO_MAP, name, &ignored)) {
        buf_lit(&out, ": it is there, and null");
    } else if ((guess = value_path_guess(a, map, at, name)).len > 0) {
        buf_printf(&out, ": did you mean %.*s?", STR_ARG(guess));
    } else if (go_map_count(map) > 0) {
        buf_lit(&out, ": ");
        buf_put(&out, at.len > 0 ? at : STR("the map"));
        buf_lit(&out, " has ");
        put_names(&out, map);
    } else {
        buf_lit(&out, ": nothing is set there");
    }
    x->engine->advice.nil = buf_str(&out);
}

static bool object_field_find(const struct go_value *v, struct str name, struct go_value *ret)
{
    const struct go_class *class = v->object->class;

    for (size_t i = 0; class->fields[i]; i++)
        if (str_eq(name, str_from_cstr(class->fields[i]))) {
            *ret = v->object->fields[i];
            return true;
        }
    return false;
}

/* The names that the template wrote, "$x.a.b" or ".a.b", as far as `count`. */
static struct str written_names(struct exec *x, const struct node *n, uint32_t count)
{
    struct buf out;

    buf_init(&out, x->engine->arena, 0);
    for (uint32_t i = 0; i < count; i++) {
        if (i > 0 || n->kind == NODE_FIELD)
            buf_put_byte(&out, '.');
        buf_put(&out, n->names[i]);
    }
    return buf_str(&out);
}

void advice_note_nil(struct exec *x, const struct go_value *dot, const struct node *n)
{
    struct go_value v = *dot, next;
    uint32_t i = 0;

    if (x->engine->advice.nil.len > 0 || (n->kind != NODE_FIELD && n->kind != NODE_VARIABLE))
        return;
    if (n->kind == NODE_VARIABLE && !exec_variable(x, n->names[i++], &v))
        return;
    for (; i < n->count; i++) {
        if (go_is_map(&v)) {
            if (!go_map_find(v.map, (enum go_type)v.type, n->names[i], &next) || go_is_nil(&next)) {
                note_in_map(x, v.map, n->names[i], written_names(x, n, i));
                return;
            }
        } else if ((v.type != GO_STRUCT && v.type != GO_POINTER) ||
                   !object_field_find(&v, n->names[i], &next)) {
            return;
        }
        v = next;
    }
}

void advice_note_operands(struct exec *x, const struct go_value *dot, const struct call_site *site)
{
    for (size_t i = 1; i < site->count; i++)
        advice_note_nil(x, dot, site->operands[i]);
}
