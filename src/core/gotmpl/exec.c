/* SPDX-License-Identifier: Apache-2.0 */
/* Walking nodes: text, actions, control structures. */
#include "core/gotmpl/exec.h"

#include "base/limits.h"
#include "core/gotmpl/advice.h"
#include "core/gotmpl/format.h"
#include "core/gotmpl/quote.h"
#include "core/gotmpl/tracer.h"

static struct err *walk(struct exec *x, const struct go_value *dot, const struct node *n);

struct template_place exec_place(const struct definition *d, size_t pos)
{
    struct str before = str_slice(d->text, 0, pos);
    size_t begin = str_rfind_byte(before, '\n');
    struct template_place place = {
        .file = d->parse_name,
        .line = 1,
        .column = (unsigned)(begin == SIZE_MAX ? before.len : before.len - begin - 1),
    };

    for (size_t at = 0; (at = str_find_byte(before, '\n', at)) != SIZE_MAX; at++)
        place.line++;
    return place;
}

/* "template: NAME:LINE:COLUMN: executing "NAME" at <NODE>" */
static struct str place(struct exec *x)
{
    struct template_place at = exec_place(x->definition, x->node->pos);
    struct arena *a = x->engine->arena;
    struct buf context;

    advice_note_calls(x);
    buf_init(&context, a, 0);
    node_put(&context, x->node);
    return str_printf(a, "template: %.*s:%u:%u: executing %.*s at <%.*s>", STR_ARG(at.file),
                      at.line, at.column, STR_ARG(quote_go(a, x->definition->name)),
                      STR_ARG(buf_str(&context)));
}

struct err *exec_fail(struct exec *x, const char *format, ...)
{
    struct str at = x->node ? place(x)
                            : str_printf(x->engine->arena, "template: %.*s",
                                         STR_ARG(x->definition->name));
    struct err *e;
    va_list args;

    va_start(args, format);
    e = err_newv(x->engine->arena, ERR_INVALID, format, args);
    va_end(args);
    return err_new(x->engine->arena, e->code, "%.*s: %.*s", STR_ARG(at), STR_ARG(e->msg));
}

struct err *exec_wrap(struct exec *x, const struct err *cause, const char *name)
{
    return err_wrap(x->engine->arena, cause, "%.*s: error calling %s", STR_ARG(place(x)), name);
}

struct err *exec_charge(struct engine *engine, uint64_t steps)
{
    uint64_t max = engine->options.max_steps ? engine->options.max_steps : LIMIT_TEMPLATE_STEPS;

    engine->steps += steps;
    if (engine->steps > max)
        return err_new(
            engine->arena, ERR_TOO_LARGE,
            "rendering takes more than %llu steps (LIMIT_TEMPLATE_STEPS): look for a range or an include that grows",
            (unsigned long long)max);
    if (arena_used(engine->arena) - engine->used_at_start > LIMIT_TEMPLATE_BYTES)
        return err_new(engine->arena, ERR_TOO_LARGE,
                       "rendering takes more than %llu bytes of memory (LIMIT_TEMPLATE_BYTES)",
                       LIMIT_TEMPLATE_BYTES);
    return NULL;
}

struct err *exec_check_stack(struct exec *x)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t used = here < x->engine->stack ? x->engine->stack - here : here - x->engine->stack;

    if (used <= LIMIT_TEMPLATE_STACK_BYTES)
        return NULL;
    return err_new(x->engine->arena, ERR_TOO_LARGE,
                   "template: %.*s: nested reference name, blocks and parentheses are too deep "
                   "(LIMIT_TEMPLATE_STACK_BYTES)",
                   STR_ARG(x->definition->name));
}

static struct err *charge_here(struct exec *x, uint64_t steps)
{
    struct err *e = exec_charge(x->engine, steps);

    return e ? err_wrap(x->engine->arena, e, "%.*s", STR_ARG(place(x))) : NULL;
}

static void declare(struct exec *x, struct str name, struct go_value value)
{
    *VEC_PUSH(x->engine->arena, &x->engine->variables) = (struct variable){ name, value };
    if (x->engine->tracer)
        tracer_set_variable(x->engine->tracer, x->engine->variables.count - 1);
}

static struct variable *find_variable(struct exec *x, struct str name)
{
    for (size_t i = x->engine->variables.count; i > x->variable_base; i--)
        if (str_eq(x->engine->variables.items[i - 1].name, name))
            return &x->engine->variables.items[i - 1];
    return NULL;
}

static struct err *assign(struct exec *x, struct str name, struct go_value value)
{
    struct variable *v = find_variable(x, name);

    if (!v)
        return exec_fail(x, "undefined variable: %.*s", STR_ARG(name));
    v->value = value;
    if (x->engine->tracer)
        tracer_set_variable(x->engine->tracer, (size_t)(v - x->engine->variables.items));
    return NULL;
}

static struct err *too_deep(struct exec *x)
{
    return exec_fail(x, "value is nested deeper than %d levels, or inside itself",
                     LIMIT_TREE_DEPTH);
}

static struct err *print(struct exec *x, const struct go_value *v)
{
    struct go_value plain = *v;

    if (v->type == GO_STRING) {
        buf_put(x->out, v->text);
        return NULL;
    }
    if ((v->type == GO_STRUCT || v->type == GO_POINTER) && v->object->class->text &&
        !(v->boxed && v->object->class->text_needs_pointer)) {
        buf_put(x->out, v->object->class->text(x->engine->arena, v->object));
        return NULL;
    }
    if (v->type == GO_POINTER) /* what it points to */
        plain.type = GO_STRUCT;
    return format_value(x->out, &plain) ? NULL : too_deep(x);
}

static struct err *walk_list(struct exec *x, const struct go_value *dot, const struct node *list)
{
    struct err *e;

    for (uint32_t i = 0; list && i < list->count; i++) {
        if (TRY(&e, walk(x, dot, list->children[i])))
            return e;
        if (x->flow != FLOW_ON)
            break;
    }
    return NULL;
}

static struct err *walk_if_or_with(struct exec *x, const struct go_value *dot, const struct node *n)
{
    size_t mark = x->engine->variables.count;
    struct go_value v;
    struct err *e;

    if (TRY(&e, exec_check_stack(x)) || TRY(&e, eval_pipeline(x, dot, n->pipe, &v)))
        return e;
    if (go_truth(&v))
        e = walk_list(x, n->kind == NODE_WITH ? &v : dot, n->list);
    else
        e = walk_list(x, dot, n->else_list);
    x->engine->variables.count = mark;
    return e;
}

/* One turn of a range: its variables are set, then its list is walked. */
static struct err *one_turn(struct exec *x, const struct node *n, struct go_value index,
                            struct go_value item)
{
    size_t mark = x->engine->variables.count;
    const struct node *pipe = n->pipe;
    struct variable *top = x->engine->variables.items + mark;
    struct err *e = NULL;

    if (pipe->variable_count > 0 && pipe->is_assign) {
        struct node *const *names = pipe->variables;

        e = assign(x, names[0]->names[0], pipe->variable_count > 1 ? index : item);
        if (!e && pipe->variable_count > 1)
            e = assign(x, names[1]->names[0], item);
    } else if (pipe->variable_count > 0) {
        top[-1].value = item;
        if (pipe->variable_count > 1)
            top[-2].value = index;
    }
    if (e || TRY(&e, charge_here(x, 1)) || TRY(&e, walk_list(x, &item, n->list)))
        return e;
    x->engine->variables.count = mark;
    if (x->flow == FLOW_CONTINUE)
        x->flow = FLOW_ON;
    return NULL;
}

static struct err *range_list(struct exec *x, const struct node *n, const struct go_value *list)
{
    size_t count = list->type == GO_BYTES ? list->text.len : list->list->count;
    struct err *e;

    for (size_t i = 0; i < count && x->flow != FLOW_BREAK; i++)
        if (TRY(&e, one_turn(x, n, go_int((int64_t)i), go_item(list, i))))
            return e;
    return NULL;
}

/* Over the fields as they are now: the list may change the map. */
static struct err *range_map(struct exec *x, const struct node *n, const struct go_value *map)
{
    const struct go_field *sorted = go_map_sorted(map->map);
    size_t count = map->map->count;
    struct go_field *fields = ARENA_ARRAY(x->engine->arena, count, struct go_field);
    bool plain = map->type == GO_TEXTS || map->type == GO_FILES;
    struct err *e;

    memcpy(fields, sorted, count * sizeof *fields);
    for (size_t i = 0; i < count && x->flow != FLOW_BREAK; i++)
        if (TRY(&e, one_turn(x, n, go_string(fields[i].key),
                             plain ? fields[i].value : go_boxed(fields[i].value))))
            return e;
    return NULL;
}

static struct err *range_integer(struct exec *x, const struct node *n, const struct go_value *v)
{
    struct err *e;

    if (n->pipe->variable_count > 1) {
        struct buf text;

        buf_init(&text, x->engine->arena, 0);
        (void)format_value(&text, v);
        return exec_fail(x, "can't use %.*s to iterate over more than one variable",
                         STR_ARG(buf_str(&text)));
    }
    for (int64_t i = 0; i < v->integer && x->flow != FLOW_BREAK; i++)
        if (TRY(&e, one_turn(x, n, go_invalid(), go_number_of((enum go_type)v->type, i))))
            return e;
    return NULL;
}

static struct err *range_over(struct exec *x, const struct node *n, const struct go_value *v,
                              bool *ret_empty)
{
    struct buf text;

    *ret_empty = true;
    if (v->type <= GO_NIL)
        return NULL;
    if (go_is_integer(v)) {
        *ret_empty = v->integer <= 0;
        return range_integer(x, n, v);
    }
    if (go_is_list(v) || go_is_map(v)) {
        *ret_empty = go_length(v) == 0;
        if (*ret_empty)
            return NULL;
        return go_is_list(v) ? range_list(x, n, v) : range_map(x, n, v);
    }
    struct go_value plain = *v;
    if (v->type == GO_POINTER && !v->object->class->text) /* what it points to */
        plain.type = GO_STRUCT;
    buf_init(&text, x->engine->arena, 0);
    if (!format_value(&text, &plain))
        return too_deep(x);
    return exec_fail(x, "range can't iterate over %.*s", STR_ARG(buf_str(&text)));
}

static struct err *walk_range(struct exec *x, const struct go_value *dot, const struct node *n)
{
    size_t mark = x->engine->variables.count;
    struct go_value v;
    bool empty = true;
    struct err *e;

    if (TRY(&e, eval_pipeline(x, dot, n->pipe, &v)) || TRY(&e, range_over(x, n, &v, &empty)))
        return e;
    x->flow = FLOW_ON;
    if (empty)
        e = walk_list(x, dot, n->else_list);
    x->engine->variables.count = mark;
    return e;
}

static struct err *walk_template(struct exec *x, const struct go_value *dot, const struct node *n)
{
    const struct definition *d = template_set_find(x->set, n->source);
    struct go_value argument = go_invalid();
    struct err *e;

    if (!d)
        return exec_fail(x, "template %.*s not defined",
                         STR_ARG(quote_go(x->engine->arena, n->source)));
    if (x->engine->depth >= LIMIT_TEMPLATE_DEPTH)
        return exec_fail(x, "exceeded maximum template depth (%u)", LIMIT_TEMPLATE_DEPTH);
    if (n->argument && TRY(&e, eval_pipeline(x, dot, n->argument, &argument)))
        return e;
    x->node = n; /* for who asks how the definition was called */
    return exec_definition(x->engine, x->set, d, &argument, x->out);
}

static struct err *walk_action(struct exec *x, const struct go_value *dot, const struct node *n)
{
    struct go_value v;
    struct err *e;

    if (TRY(&e, eval_pipeline(x, dot, n->pipe, &v)) || n->pipe->variable_count > 0)
        return e;
    x->node = n;
    return print(x, &v);
}

static struct err *walk_node(struct exec *x, const struct go_value *dot, const struct node *n)
{
    x->node = n;
    x->engine->steps++;
    switch ((int)n->kind) {
    case NODE_TEXT:
        buf_put(x->out, n->text);
        return NULL;
    case NODE_ACTION:
        return walk_action(x, dot, n);
    case NODE_IF:
    case NODE_WITH:
        return walk_if_or_with(x, dot, n);
    case NODE_RANGE:
        return walk_range(x, dot, n);
    case NODE_TEMPLATE:
        return walk_template(x, dot, n);
    case NODE_BREAK:
        x->flow = FLOW_BREAK;
        return NULL;
    case NODE_CONTINUE:
        x->flow = FLOW_CONTINUE;
        return NULL;
    case NODE_LIST:
        return walk_list(x, dot, n);
    default:
        return exec_fail(x, "unknown node");
    }
}

static struct err *walk(struct exec *x, const struct go_value *dot, const struct node *n)
{
    struct tracer *tracer = x->engine->tracer;
    struct trace_step *step;
    struct err *e;

    if (!tracer)
        return walk_node(x, dot, n);
    step = tracer_begin(tracer, x, n);
    e = walk_node(x, dot, n);
    tracer_end(tracer, step, x);
    return e;
}

struct err *exec_definition(struct engine *engine, const struct template_set *set,
                            const struct definition *d, const struct go_value *dot, struct buf *out)
{
    struct exec x = { .engine = engine,
                      .set = set,
                      .definition = d,
                      .node = d->root,
                      .out = out,
                      .variable_base = engine->variables.count,
                      .caller = engine->running };
    struct err *e;

    if (TRY(&e, exec_check_stack(&x)) || TRY(&e, charge_here(&x, 1)))
        return e;
    engine->depth++;
    engine->running = &x;
    declare(&x, STR("$"), *dot);
    e = walk_list(&x, dot, d->root);
    engine->variables.count = x.variable_base;
    engine->running = x.caller;
    engine->depth--;
    if (!e && out->overflowed)
        return err_new(
            engine->arena, ERR_TOO_LARGE,
            "template: %.*s: output is larger than %llu bytes (LIMIT_TEMPLATE_STRING_BYTES)",
            STR_ARG(d->name), LIMIT_TEMPLATE_STRING_BYTES);
    return e;
}

struct err *eval_pipeline(struct exec *x, const struct go_value *dot, const struct node *pipe,
                          struct go_value *ret)
{
    struct go_value value = { .type = GO_MISSING };
    struct err *e;

    if (TRY(&e, exec_check_stack(x)))
        return e;
    x->node = pipe;
    for (uint32_t i = 0; i < pipe->count; i++) {
        struct go_value next;

        if (TRY(&e, eval_command(x, dot, pipe->children[i], &value, &next))) {
            if (i > 0 && value.type == GO_INVALID && pipe->children[i - 1]->count == 1)
                advice_note_nil(x, dot, pipe->children[i - 1]->children[0]);
            return e;
        }
        value = go_unboxed(next);
    }
    for (uint32_t i = 0; i < pipe->variable_count; i++) {
        struct str name = pipe->variables[i]->names[0];

        if (!pipe->is_assign)
            declare(x, name, value);
        else if (TRY(&e, assign(x, name, value)))
            return e;
    }
    *ret = value;
    return NULL;
}

bool exec_variable(struct exec *x, struct str name, struct go_value *ret)
{
    const struct variable *v = find_variable(x, name);

    if (v)
        *ret = v->value;
    return v != NULL;
}

struct err *eval_variable(struct exec *x, struct str name, struct go_value *ret)
{
    const struct variable *v = find_variable(x, name);

    if (!v)
        return exec_fail(x, "undefined variable: %.*s", STR_ARG(name));
    *ret = v->value;
    if (x->engine->tracer)
        tracer_use_variable(x->engine->tracer, (size_t)(v - x->engine->variables.items), name, ret);
    return NULL;
}
