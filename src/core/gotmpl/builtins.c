/* SPDX-License-Identifier: Apache-2.0 */
/* text/template's own functions. */
#include "base/limits.h"
#include "core/gotmpl/compare.h"
#include "core/gotmpl/escape.h"
#include "core/gotmpl/format.h"
#include "core/gotmpl/function.h"
#include "core/gotmpl/tracer.h"

static struct err *fail(struct call *c, const char *text)
{
    return err_new(c->arena, ERR_INVALID, "%s", text);
}

/* The name of a type, of what a pointer points to. */
static const char *pointed_name(const struct go_value *v)
{
    return go_type_name(v) + (v->type == GO_POINTER && go_type_name(v)[0] == '*');
}

/* A number as an index into something of `cap`. */
static struct err *index_of(struct call *c, const struct go_value *v, size_t cap, size_t *ret)
{
    if (v->type <= GO_NIL)
        return fail(c, "cannot index slice/array with nil");
    if (!go_is_integer(v))
        return err_new(c->arena, ERR_INVALID, "cannot index slice/array with type %s",
                       go_type_name(v));
    if (v->integer < 0 || (uint64_t)v->integer > cap)
        return err_new(c->arena, ERR_INVALID, "index out of range: %lld", (long long)v->integer);
    *ret = (size_t)v->integer;
    return NULL;
}

static struct err *index_map(struct call *c, const struct go_value *map, const struct go_value *key,
                             struct go_value *ret)
{
    if (key->type <= GO_NIL)
        return fail(c, "value is nil; should be of type string");
    if (key->type != GO_STRING)
        return err_new(c->arena, ERR_INVALID, "value has type %s; should be string",
                       go_type_name(key));
    bool found = go_map_find(map->map, (enum go_type)map->type, key->text, ret);

    exec_note_read(c->exec, map->map, key->text, found ? ret : NULL);
    if (!found)
        *ret = map->type == GO_TEXTS   ? go_string(STR(""))
               : map->type == GO_FILES ? go_bytes((struct str){ NULL, 0 })
                                       : go_nil();
    return NULL;
}

static struct err *run_index(struct call *c, struct go_value *ret)
{
    struct go_value item = go_unboxed(c->args[0]);
    struct err *e;

    if (item.type <= GO_NIL)
        return fail(c, "index of untyped nil");
    for (size_t i = 1; i < c->count; i++) {
        size_t at = 0;

        if (item.type <= GO_NIL)
            return fail(c, "index of nil pointer");
        if (go_is_map(&item)) {
            struct go_value next;

            if (TRY(&e, index_map(c, &item, &c->args[i], &next)))
                return e;
            item = next;
        } else if (go_is_list(&item) || item.type == GO_STRING) {
            if (TRY(&e, index_of(c, &c->args[i], go_length(&item), &at)))
                return e;
            if (at >= go_length(&item))
                return item.type == GO_STRING ? fail(c, "reflect: string index out of range")
                                              : fail(c, "reflect: slice index out of range");
            item = go_item(&item, at);
        } else {
            return err_new(c->arena, ERR_INVALID, "can't index item of type %s",
                           pointed_name(&item));
        }
    }
    *ret = item;
    return NULL;
}

static struct err *cut(struct call *c, const struct go_value *item, size_t from, size_t to,
                       struct go_value *ret)
{
    if (from > to)
        return err_new(c->arena, ERR_INVALID, "invalid slice index: %zu > %zu", from, to);
    *ret = *item;
    ret->boxed = false;
    if (item->type == GO_STRING || item->type == GO_BYTES)
        ret->text = str_slice(item->text, from, to);
    else
        *ret = go_list_over(c->arena, (enum go_type)item->type, item->list->items + from,
                            to - from);
    return NULL;
}

static struct err *run_slice(struct call *c, struct go_value *ret)
{
    struct go_value item = go_unboxed(c->args[0]);
    size_t at[3] = { 0, go_length(&item), 0 };
    struct err *e;

    if (item.type <= GO_NIL)
        return fail(c, "slice of untyped nil");
    if (c->count > 4)
        return err_new(c->arena, ERR_INVALID, "too many slice indexes: %zu", c->count - 1);
    if (item.type == GO_STRING && c->count == 4)
        return fail(c, "cannot 3-index slice a string");
    if (item.type != GO_STRING && !go_is_list(&item))
        return err_new(c->arena, ERR_INVALID, "can't slice item of type %s", pointed_name(&item));
    for (size_t i = 1; i < c->count; i++)
        if (TRY(&e, index_of(c, &c->args[i], go_length(&item), &at[i - 1])))
            return e;
    if (c->count == 4 && at[1] > at[2])
        return err_new(c->arena, ERR_INVALID, "invalid slice index: %zu > %zu", at[1], at[2]);
    return cut(c, &item, at[0], at[1], ret);
}

static struct err *run_len(struct call *c, struct go_value *ret)
{
    const struct go_value *v = &c->args[0];

    if (v->type == GO_NIL)
        return fail(c, "len of nil pointer");
    if (v->type <= GO_INVALID) /* reflect panics: it asks for the type of nothing */
        return fail(c, "reflect: call of reflect.Value.Type on zero Value");
    if (!go_is_list(v) && !go_is_map(v) && v->type != GO_STRING)
        return err_new(c->arena, ERR_INVALID, "len of type %s", pointed_name(v));
    *ret = go_int((int64_t)go_length(v));
    return NULL;
}

static struct err *run_not(struct call *c, struct go_value *ret)
{
    *ret = go_bool(!go_truth(&c->args[0]));
    return NULL;
}

static struct err *finish(struct call *c, struct buf *out, bool fine, struct go_value *ret)
{
    if (!fine)
        return err_new(c->arena, ERR_TOO_LARGE,
                       "value is nested deeper than %d levels, or inside itself", LIMIT_TREE_DEPTH);
    if (out->overflowed)
        return err_new(c->arena, ERR_TOO_LARGE,
                       "text is larger than %llu bytes (LIMIT_TEMPLATE_STRING_BYTES)",
                       LIMIT_TEMPLATE_STRING_BYTES);
    *ret = go_string(buf_str(out));
    return NULL;
}

static void start(struct call *c, struct buf *out)
{
    buf_init(out, c->arena, LIMIT_TEMPLATE_STRING_BYTES);
}

static struct err *run_printf(struct call *c, struct go_value *ret)
{
    struct buf out;

    start(c, &out);
    return finish(c, &out, format_printf(&out, c->args[0].text, c->args + 1, c->count - 1), ret);
}

static struct err *run_print(struct call *c, struct go_value *ret)
{
    struct buf out;

    start(c, &out);
    return finish(c, &out, format_print(&out, c->args, c->count), ret);
}

static struct err *run_println(struct call *c, struct go_value *ret)
{
    struct buf out;

    start(c, &out);
    return finish(c, &out, format_println(&out, c->args, c->count), ret);
}

/* The arguments as Sprint prints them, where nothing is "<no value>", and then escaped. */
static struct err *escaped(struct call *c, void (*put)(struct buf *, struct str),
                           struct go_value *ret)
{
    struct go_value text, *args = ARENA_ARRAY(c->arena, c->count, struct go_value);
    struct call printing = *c;
    struct buf out;
    struct err *e;

    for (size_t i = 0; i < c->count; i++) {
        args[i] = c->args[i].type <= GO_NIL ? go_string(STR("<no value>")) : c->args[i];
        if (args[i].type == GO_POINTER && !args[i].object->class->text) /* what it points to */
            args[i].type = GO_STRUCT;
    }
    printing.args = args;
    if (TRY(&e, run_print(&printing, &text)))
        return e;
    start(c, &out);
    put(&out, text.text);
    return finish(c, &out, true, ret);
}

static struct err *run_html(struct call *c, struct go_value *ret)
{
    return escaped(c, escape_html, ret);
}

static struct err *run_js(struct call *c, struct go_value *ret)
{
    return escaped(c, escape_js, ret);
}

static struct err *run_urlquery(struct call *c, struct go_value *ret)
{
    return escaped(c, escape_query, ret);
}

#define LOGIC "Logic and flow"
#define TEXT "Strings"
#define LIST "Lists"
#define COMPARE "Comparison"

/* `and`, `or` and `call` have no function: the evaluator does them, since they do not take all of their arguments. */
const struct function gotmpl_builtins[] = {
    { "and", "vv*", 'v', NULL, LOGIC, "{{ and true 0 \"x\" }}", "0" },
    { "call", "vv*", 'v', NULL, LOGIC, NULL, NULL },
    { "eq", "vv*", 'b', compare_eq, COMPARE, "{{ eq 1 2 1 }}", "true" },
    { "ge", "vv", 'b', compare_ge, COMPARE, "{{ ge 2 1 }}", "true" },
    { "gt", "vv", 'b', compare_gt, COMPARE, "{{ gt \"b\" \"a\" }}", "true" },
    { "html", "a*", 's', run_html, TEXT, "{{ html \"<a>\" }}", "&lt;a&gt;" },
    { "index", "vv*", 'v', run_index, LIST, "{{ index (list \"a\" \"b\") 1 }}", "b" },
    { "js", "a*", 's', run_js, TEXT, "{{ js \"it's\" }}", "it\\'s" },
    { "le", "vv", 'b', compare_le, COMPARE, "{{ le 2 2 }}", "true" },
    { "len", "v", 'i', run_len, LIST, "{{ len \"abc\" }}", "3" },
    { "lt", "vv", 'b', compare_lt, COMPARE, "{{ lt 1.5 2.5 }}", "true" },
    { "ne", "vv", 'b', compare_ne, COMPARE, "{{ ne \"a\" \"b\" }}", "true" },
    { "not", "v", 'b', run_not, LOGIC, "{{ not \"\" }}", "true" },
    { "or", "vv*", 'v', NULL, LOGIC, "{{ or \"\" 0 \"x\" }}", "x" },
    { "print", "a*", 's', run_print, TEXT, "{{ print 1 2 \"a\" }}", "1 2a" },
    { "printf", "sa*", 's', run_printf, TEXT, "{{ printf \"%03d|%q\" 7 \"x\" }}", "007|\"x\"" },
    { "println", "a*", 's', run_println, TEXT, "{{ println \"a\" 1 }}", "a 1\n" },
    { "slice", "vv*", 'v', run_slice, LIST, NULL, NULL },
    { "urlquery", "a*", 's', run_urlquery, TEXT, "{{ urlquery \"a b&c\" }}", "a+b%26c" },
};
const size_t gotmpl_builtin_count = sizeof gotmpl_builtins / sizeof *gotmpl_builtins;
