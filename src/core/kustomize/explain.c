/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/explain.h"

#include "core/kube/obj_ref.h"
#include "value/json.h"

enum { PARTS_MAX = 512, SHOWN_BYTES = 100 };

/* One step of a path: a key of a map, or an item of a list by its name or place. */
struct part {
    struct str key;
    struct str item_name; /* of a list item; "" when it has none */
    size_t index;
    bool is_item;
};

struct explain {
    struct arena *arena;
    const struct kustomize_resource *resource;
    struct str field; /* "" for all */
    struct buf *out;
    struct part parts[PARTS_MAX];
    size_t depth;
    size_t printed;
};

static const struct val *item_called(const struct val *list, struct str name)
{
    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_get_str(list->items[i], "name"), name))
            return list->items[i];
    return NULL;
}

static const struct val *look_up(const struct explain *x, const struct val *v)
{
    for (size_t i = 0; v && i < x->depth; i++) {
        const struct part *p = &x->parts[i];
        if (!p->is_item)
            v = val_get(v, p->key);
        else
            v = p->item_name.len > 0 ? item_called(v, p->item_name) : val_item(v, p->index);
    }
    return v;
}

static struct str path_text(const struct explain *x)
{
    struct buf out;
    buf_init(&out, x->arena, 0);
    for (size_t i = 0; i < x->depth; i++) {
        const struct part *p = &x->parts[i];
        if (p->is_item && p->item_name.len > 0)
            buf_printf(&out, "[name=%.*s]", STR_ARG(p->item_name));
        else if (p->is_item)
            buf_printf(&out, "[%zu]", p->index);
        else if (str_find_byte(p->key, '.', 0) != SIZE_MAX)
            buf_printf(&out, "[\"%.*s\"]", STR_ARG(p->key));
        else
            buf_printf(&out, "%s%.*s", i > 0 ? "." : "", STR_ARG(p->key));
    }
    return buf_str(&out);
}

static struct str shown(struct arena *a, const struct val *v)
{
    if (!v)
        return STR("(absent)");
    struct str text = json_string(a, v, JSON_COMPACT);
    if (text.len > SHOWN_BYTES)
        text = str_printf(a, "%.*s... (%zu bytes)", SHOWN_BYTES, text.ptr, text.len);
    return text;
}

/* The place of the value's own text, unless the step's is the same file and line. */
static void print_change(const struct explain *x, const struct kustomize_step *step,
                         const struct val *v)
{
    struct str own = v && v->file
                         ? str_printf(x->arena, "%s:%u:%u", v->file, v->line, (unsigned)v->column)
                         : STR("");
    buf_printf(x->out, "    %.*s  <- ", STR_ARG(shown(x->arena, v)));
    if (step->by.len == 0)
        buf_put(x->out, own.len > 0 ? own : step->place);
    else if (own.len > 0 && !str_has_prefix(step->place, own))
        buf_printf(x->out, "%.*s (%.*s, %.*s)", STR_ARG(own), STR_ARG(step->by),
                   STR_ARG(step->place));
    else
        buf_printf(x->out, "%.*s, %.*s", STR_ARG(step->by), STR_ARG(step->place));
    buf_put_byte(x->out, '\n');
}

static void print_history(struct explain *x, struct str path)
{
    const struct kustomize_resource *r = x->resource;
    const struct val *before = NULL;
    bool first = true;
    buf_printf(x->out, "%.*s: %.*s\n", STR_ARG(path),
               STR_ARG(shown(x->arena, look_up(x, r->object))));
    x->printed++;
    for (size_t i = 0; i < r->step_count; i++) {
        const struct val *now = look_up(x, r->steps[i].object);
        bool same = first ? now == NULL : now == before || (now && before && val_eq(now, before));
        if (same)
            continue;
        print_change(x, &r->steps[i], now);
        before = now;
        first = false;
    }
}

/* Is `path` the wanted field, or below it? */
static bool is_wanted(const struct explain *x, struct str path)
{
    if (x->field.len == 0 || str_eq(path, x->field))
        return true;
    return str_has_prefix(path, x->field) &&
           (path.ptr[x->field.len] == '.' || path.ptr[x->field.len] == '[');
}

static void walk(struct explain *x, const struct val *v)
{
    if (val_count(v) == 0 || x->depth >= PARTS_MAX) {
        struct str path = path_text(x);
        if (is_wanted(x, path))
            print_history(x, path);
        return;
    }
    for (size_t i = 0; i < v->count; i++) {
        bool is_item = v->kind == VAL_SEQ;
        const struct val *child = is_item ? v->items[i] : v->fields[i].value;
        x->parts[x->depth++] = (struct part){
            .key = is_item ? STR("") : v->fields[i].key,
            .item_name = is_item ? val_get_str(child, "name") : STR(""),
            .index = i,
            .is_item = is_item,
        };
        walk(x, child);
        x->depth--;
    }
}

static bool is_called(struct arena *a, const struct kustomize_resource *r, struct str wanted)
{
    struct obj_ref ref = obj_ref_of(r->object);
    struct str short_form = str_printf(a, "%.*s/%.*s", STR_ARG(ref.kind), STR_ARG(ref.name));
    return str_eq(obj_ref_format(a, &ref), wanted) || str_eq(short_form, wanted) ||
           str_eq(str_printf(a, "%.*s/%.*s/%.*s", STR_ARG(ref.kind), STR_ARG(r->ns),
                             STR_ARG(ref.name)),
                  wanted);
}

static struct err *find(struct arena *a, const struct kustomize_result *result, struct str wanted,
                        const struct kustomize_resource **ret)
{
    struct buf names;
    buf_init(&names, a, 2048);
    *ret = NULL;
    for (size_t i = 0; i < result->count; i++) {
        struct obj_ref ref = obj_ref_of(result->items[i].object);
        buf_printf(&names, "\n  %.*s", STR_ARG(obj_ref_format(a, &ref)));
        if (!is_called(a, &result->items[i], wanted))
            continue;
        if (*ret)
            return err_new(a, ERR_INVALID,
                           "\"%.*s\" is the name of several objects: give "
                           "Kind/namespace/name",
                           STR_ARG(wanted));
        *ret = &result->items[i];
    }
    if (*ret)
        return NULL;
    return err_new(a, ERR_NOT_FOUND, "no object \"%.*s\" in the result; there are:%.*s",
                   STR_ARG(wanted), STR_ARG(buf_str(&names)));
}

struct err *kustomize_explain(struct arena *a, const struct kustomize_result *result,
                              struct str wanted, struct buf *out)
{
    struct explain *x = ARENA_NEW(a, struct explain);
    struct str field = wanted, name;
    struct err *e;
    (void)str_cut(&field, ':', &name);
    *x = (struct explain){ .arena = a, .field = field.ptr ? field : STR(""), .out = out };
    if (TRY(&e, find(a, result, name, &x->resource)))
        return e;
    struct obj_ref ref = obj_ref_of(x->resource->object);
    buf_printf(out, "%.*s\n", STR_ARG(obj_ref_format(a, &ref)));
    walk(x, x->resource->object);
    /* A field that is not in the result may have been in the object earlier. */
    for (size_t i = x->resource->step_count; x->printed == 0 && i-- > 0;)
        if (x->resource->steps[i].object)
            walk(x, x->resource->steps[i].object);
    if (x->printed > 0)
        return NULL;
    return err_new(a, ERR_NOT_FOUND,
                   "%.*s never had a field \"%.*s\"; leave the field out to see all", STR_ARG(name),
                   STR_ARG(x->field));
}
