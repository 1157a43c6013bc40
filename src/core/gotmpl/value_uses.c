/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/value_uses.h"

#include "base/limits.h"
#include "core/gotmpl/exec.h"

enum { USES_MAX = 100000, STEPS_MAX = 2000000, WEIGHT_MAX = 200, STACK_BYTES = 1 << 20 };

enum known_kind {
    OTHER, /* nothing is known */
    CONTEXT,
    VALUES, /* .Values or what is at a path below it */
    DICT,   /* made with dict, from constant keys */
};

/* What is known of a value. */
struct known {
    enum known_kind kind;
    const struct str *path; /* VALUES; DICT: the keys */
    const struct known *of; /* DICT: their values */
    size_t count;
    size_t weight; /* DICT: all that is in it */
};

struct bound {
    struct str name;
    struct known value;
};

struct walk {
    struct arena *arena;
    const struct template_set *set;
    const struct definition *definition;
    struct value_uses *uses;
    struct map visited; /* definition and what its dot is known to be */
    VEC(struct bound) variables;
    size_t variable_base;
    uintptr_t stack; /* where it stood when the walk began */
    unsigned steps;
    bool is_guess;
};

static const struct known other = { .kind = OTHER };

static void walk_list(struct walk *w, const struct known *dot, const struct node *list);
static struct known of_pipe(struct walk *w, const struct known *dot, const struct node *pipe);
static void walk_definition(struct walk *w, struct str name, const struct known *dot);

static void add_use(struct walk *w, const struct known *v, const struct node *n, bool is_whole)
{
    if (w->uses->count >= USES_MAX)
        return;
    *VEC_PUSH(w->arena, w->uses) = (struct value_use){
        .path = v->path,
        .count = v->count,
        .is_whole = is_whole || w->uses->count + 1 >= USES_MAX,
        .is_guess = w->is_guess,
        .place = exec_place(w->definition, n->pos),
    };
    if (w->uses->count >= USES_MAX)
        w->uses->items[w->uses->count - 1].count = 0;
}

/* The value goes where it is not followed. */
static void consume(struct walk *w, const struct known *v, const struct node *n)
{
    static const struct known all = { .kind = VALUES };

    if (v->kind == VALUES)
        add_use(w, v, n, true);
    else if (v->kind == CONTEXT)
        add_use(w, &all, n, true);
    for (size_t i = 0; v->kind == DICT && i < v->count; i++)
        consume(w, &v->of[i], n);
}

static struct known field(struct walk *w, const struct known *v, struct str name)
{
    if (v->kind == CONTEXT)
        return str_is(name, "Values") ? (struct known){ .kind = VALUES } : other;
    if (v->kind == VALUES) {
        struct str *path = ARENA_ARRAY(w->arena, v->count + 1, struct str);

        if (v->count > 0)
            memcpy(path, v->path, v->count * sizeof *path);
        path[v->count] = name;
        return (struct known){ .kind = VALUES, .path = path, .count = v->count + 1 };
    }
    for (size_t i = 0; v->kind == DICT && i < v->count; i++)
        if (str_eq(v->path[i], name))
            return v->of[i];
    return other;
}

/* Names in turn; every step into the values is a use. */
static struct known fields(struct walk *w, struct known v, const struct str *names, size_t count,
                           const struct node *n)
{
    for (size_t i = 0; i < count && v.kind != OTHER; i++)
        v = field(w, &v, names[i]);
    if (v.kind == VALUES && v.count > 0 && count > 0)
        add_use(w, &v, n, false);
    return v;
}

static struct known *variable(struct walk *w, struct str name)
{
    for (size_t i = w->variables.count; i > w->variable_base; i--)
        if (str_eq(w->variables.items[i - 1].name, name))
            return &w->variables.items[i - 1].value;
    return NULL;
}

static struct known of_operand(struct walk *w, const struct known *dot, const struct node *n);

static bool constant(const struct node *n, struct str *ret)
{
    if (n->kind != NODE_STRING)
        return false;
    *ret = n->text;
    return true;
}

/* The operands of a call with what comes down the pipeline behind them. */
struct arguments {
    const struct node **nodes; /* NULL: the pipeline's value */
    struct known *values;
    size_t count;
};

static void read_arguments(struct walk *w, const struct known *dot, const struct node *command,
                           const struct known *final, struct arguments *ret)
{
    ret->count = command->count - 1;
    ret->nodes = ARENA_ARRAY(w->arena, ret->count + 1, const struct node *);
    ret->values = ARENA_ARRAY(w->arena, ret->count + 1, struct known);
    for (size_t i = 0; i < ret->count; i++) {
        ret->nodes[i] = command->children[i + 1];
        ret->values[i] = of_operand(w, dot, ret->nodes[i]);
    }
    if (final)
        ret->values[ret->count++] = *final;
}

static void consume_all(struct walk *w, const struct arguments *args, const struct node *n)
{
    for (size_t i = 0; i < args->count; i++)
        consume(w, &args->values[i], n);
}

static bool constant_at(const struct arguments *args, size_t i, struct str *ret)
{
    return i < args->count && args->nodes[i] && constant(args->nodes[i], ret);
}

/* Keys [from, to) of the arguments into a value, as index, get and dig go. */
static struct known go_into(struct walk *w, const struct arguments *args, size_t of, size_t from,
                            size_t to, const struct node *n)
{
    struct known v = args->values[of];

    for (size_t i = from; i < to; i++) {
        struct str key;

        if (!constant_at(args, i, &key)) {
            consume(w, &v, n);
            return other;
        }
        v = fields(w, v, &key, 1, n);
    }
    return v;
}

static struct known of_dict(struct walk *w, const struct arguments *args, const struct node *n)
{
    struct str *keys = ARENA_ARRAY(w->arena, args->count / 2 + 1, struct str);
    struct known *values = ARENA_ARRAY(w->arena, args->count / 2 + 1, struct known);
    size_t count = 0, weight = 1;

    for (size_t i = 0; i + 1 < args->count; i += 2) {
        weight += args->values[i + 1].weight + 1;
        if (!constant_at(args, i, &keys[count]) || weight > WEIGHT_MAX) {
            consume_all(w, args, n);
            return other;
        }
        values[count++] = args->values[i + 1];
    }
    return (struct known){ DICT, keys, values, count, weight };
}

/* hasKey asks for one key without reading it. */
static struct known of_has_key(struct walk *w, const struct arguments *args, const struct node *n)
{
    bool before = w->is_guess;
    struct str key;

    if (!constant_at(args, 1, &key)) {
        consume_all(w, args, n);
        return other;
    }
    w->is_guess = true;
    (void)fields(w, args->values[0], &key, 1, n);
    w->is_guess = before;
    return other;
}

static struct known of_call(struct walk *w, const struct known *dot, const struct node *command,
                            const struct known *final)
{
    struct str name = command->children[0]->source, callee;
    struct arguments args;

    read_arguments(w, dot, command, final, &args);
    if (args.count == 2 && (str_is(name, "include") || str_is(name, "tpl")) &&
        constant_at(&args, 0, &callee)) {
        if (str_is(name, "include"))
            walk_definition(w, callee, &args.values[1]);
        else
            consume(w, &args.values[1], command);
        return other;
    }
    /* A context behind a computed name: what it may be used for are the guesses. */
    if (args.count == 2 && (str_is(name, "include") || str_is(name, "tpl"))) {
        consume(w, &args.values[0], command);
        if (args.values[1].kind != CONTEXT)
            consume(w, &args.values[1], command);
        return other;
    }
    if (args.count >= 2 && str_is(name, "index"))
        return go_into(w, &args, 0, 1, args.count, command);
    if (args.count == 2 && str_is(name, "get"))
        return go_into(w, &args, 0, 1, 2, command);
    if (args.count >= 3 && str_is(name, "dig"))
        return go_into(w, &args, args.count - 1, 0, args.count - 2, command);
    if (args.count == 2 && str_is(name, "hasKey"))
        return of_has_key(w, &args, command);
    if (str_is(name, "dict"))
        return of_dict(w, &args, command);
    if (args.count == 2 && (str_is(name, "required") || str_is(name, "default"))) {
        consume(w, &args.values[0], command);
        return args.values[1];
    }
    consume_all(w, &args, command);
    return other;
}

static struct known of_operand(struct walk *w, const struct known *dot, const struct node *n)
{
    const struct known *v;
    struct known inner;

    switch ((int)n->kind) {
    case NODE_DOT:
        return *dot;
    case NODE_FIELD:
        return fields(w, *dot, n->names, n->count, n);
    case NODE_VARIABLE:
        v = variable(w, n->names[0]);
        return v ? fields(w, *v, n->names + 1, n->count - 1, n) : other;
    case NODE_CHAIN:
        inner = of_operand(w, dot, n->operand);
        return fields(w, inner, n->names, n->count, n);
    case NODE_PIPE:
        return of_pipe(w, dot, n);
    case NODE_IDENTIFIER:
    default:
        return other;
    }
}

static struct known of_pipe(struct walk *w, const struct known *dot, const struct node *pipe)
{
    struct known v = other;

    for (uint32_t i = 0; i < pipe->count; i++) {
        const struct node *command = pipe->children[i];

        if (command->children[0]->kind == NODE_IDENTIFIER) {
            v = of_call(w, dot, command, i > 0 ? &v : NULL);
            continue;
        }
        consume(w, &v, command);
        v = of_operand(w, dot, command->children[0]);
        for (uint32_t k = 1; k < command->count; k++) { /* a method's arguments */
            struct known argument = of_operand(w, dot, command->children[k]);

            consume(w, &argument, command);
        }
    }
    for (uint32_t i = 0; i < pipe->variable_count; i++) {
        struct str name = pipe->variables[i]->names[0];
        struct known *old = pipe->is_assign ? variable(w, name) : NULL;

        if (!old) {
            *VEC_PUSH(w->arena, &w->variables) = (struct bound){ name, v };
            continue;
        }
        /* Which of the two it is later depends on the way that was taken. */
        consume(w, old, pipe);
        consume(w, &v, pipe);
        *old = other;
    }
    return v;
}

static void walk_branch(struct walk *w, const struct known *dot, const struct node *n)
{
    size_t mark = w->variables.count;
    struct known v = of_pipe(w, dot, n->pipe);

    if (n->kind == NODE_RANGE) {
        consume(w, &v, n);
        for (size_t i = mark; i < w->variables.count; i++)
            w->variables.items[i].value = other;
        v = other;
    }
    walk_list(w, n->kind == NODE_IF ? dot : &v, n->list);
    walk_list(w, dot, n->else_list);
    w->variables.count = mark;
}

static void walk_node(struct walk *w, const struct known *dot, const struct node *n)
{
    struct known v = other;

    w->steps++;
    switch ((int)n->kind) {
    case NODE_ACTION:
        v = of_pipe(w, dot, n->pipe);
        if (n->pipe->variable_count == 0)
            consume(w, &v, n);
        break;
    case NODE_IF:
    case NODE_WITH:
    case NODE_RANGE:
        walk_branch(w, dot, n);
        break;
    case NODE_TEMPLATE:
        if (n->argument)
            v = of_pipe(w, dot, n->argument);
        walk_definition(w, n->source, &v);
        break;
    case NODE_LIST:
        walk_list(w, dot, n);
        break;
    default:
        break;
    }
}

static void walk_list(struct walk *w, const struct known *dot, const struct node *list)
{
    for (uint32_t i = 0; list && i < list->count; i++)
        walk_node(w, dot, list->children[i]);
}

static void put_known(struct buf *out, const struct known *v)
{
    buf_put_byte(out, (char)('0' + (int)v->kind));
    for (size_t i = 0; i < v->count; i++) {
        buf_printf(out, "%zu:%.*s", v->path[i].len, STR_ARG(v->path[i]));
        if (v->kind == DICT)
            put_known(out, &v->of[i]);
    }
    buf_put_byte(out, ';');
}

/* Too much to follow: then everything may be used. */
static bool gives_up(struct walk *w)
{
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    uintptr_t used = here < w->stack ? w->stack - here : here - w->stack;

    if (used < STACK_BYTES && w->steps < STEPS_MAX && w->uses->count < USES_MAX)
        return false;
    if (w->uses->count < USES_MAX)
        *VEC_PUSH(w->arena, w->uses) = (struct value_use){ .is_whole = true, .is_guess = true };
    return true;
}

/* A definition with a dot, once. */
static void walk_definition(struct walk *w, struct str name, const struct known *dot)
{
    const struct definition *d = template_set_find(w->set, name), *before = w->definition;
    size_t base = w->variable_base, count = w->variables.count;
    struct buf key;

    if (!d)
        return;
    buf_init(&key, w->arena, 0);
    put_known(&key, dot);
    buf_put(&key, name);
    if (map_get(&w->visited, buf_str(&key)) || gives_up(w))
        return;
    (void)map_set(&w->visited, buf_str(&key), w);
    w->definition = d;
    w->variable_base = count;
    *VEC_PUSH(w->arena, &w->variables) = (struct bound){ STR("$"), *dot };
    walk_list(w, dot, d->root);
    w->variables.count = count;
    w->variable_base = base;
    w->definition = before;
}

void template_set_value_uses(const struct template_set *set, const struct str *names, size_t count,
                             struct value_uses *ret)
{
    static const struct known context = { .kind = CONTEXT };
    struct walk w = { .arena = set->engine->arena,
                      .set = set,
                      .uses = ret,
                      .stack = (uintptr_t)__builtin_frame_address(0) };

    *ret = (struct value_uses)VEC_INIT;
    map_init(&w.visited, w.arena);
    for (size_t k = 0; k < count; k++)
        walk_definition(&w, names[k], &context);
    w.is_guess = true;
    for (size_t k = 0; k < set->definitions.entry_count; k++)
        if (set->definitions.entries[k].value)
            walk_definition(&w, set->definitions.entries[k].key, &context);
}
