/* SPDX-License-Identifier: Apache-2.0 */
/* Calling functions and methods: counting, converting and giving arguments. */
#include "base/limits.h"
#include "core/gotmpl/advice.h"

/* Parameters of a function, read from its letters. */
struct parameters {
    const char *letters;
    size_t fixed; /* without the variadic one; the receiver counts */
    bool variadic;
};

static struct parameters parameters_of(const struct function *f)
{
    size_t len = strlen(f->params);

    if (len > 0 && f->params[len - 1] == '*')
        return (struct parameters){ f->params, len - 2, true };
    return (struct parameters){ f->params, len, false };
}

static char letter_at(const struct parameters *p, size_t i)
{
    return p->letters[i < p->fixed ? i : p->fixed];
}

static struct err *check_count(struct exec *x, const char *name, const struct parameters *p,
                               size_t receivers, const struct call_site *site)
{
    size_t given = site->count > 0 ? site->count - 1 : 0;
    size_t in = given + (site->final->type != GO_MISSING);
    size_t fixed = p->fixed - receivers;

    if (p->variadic && in < fixed)
        return exec_fail(x, "wrong number of args for %s: want at least %zu got %zu", name, fixed,
                         given);
    if (!p->variadic && in != fixed)
        return exec_fail(x, "wrong number of args for %s: want %zu got %zu", name, fixed, in);
    return NULL;
}

/* `and` and `or` stop at the argument that decides. */
static struct err *eval_logic(struct exec *x, const struct go_value *dot, bool is_or,
                              const struct call_site *site, struct go_value *ret)
{
    struct err *e;

    *ret = go_invalid();
    for (size_t i = 1; i < site->count; i++) {
        if (TRY(&e, eval_argument(x, dot, 'v', site->operands[i], ret)))
            return e;
        if (go_truth(ret) == is_or)
            return NULL;
    }
    if (site->final->type != GO_MISSING)
        *ret = *site->final;
    return NULL;
}

/* There are no functions among values, so `call` always fails; how depends on what it was given. */
static struct err *fail_call(struct exec *x, const struct call_site *site,
                             const struct go_value *callee)
{
    struct buf text;
    struct err *e;

    buf_init(&text, x->engine->arena, 0);
    if (site->count > 1)
        node_put(&text, site->operands[1]);
    else
        buf_put(&text, go_kind(callee) == KIND_STRING
                           ? callee->text
                           : str_printf(x->engine->arena, "<%s Value>", go_type_name(callee)));
    x->node = site->node;
    if (callee->type <= GO_NIL)
        e = err_new(x->engine->arena, ERR_INVALID, "call of nil");
    else
        e = err_new(x->engine->arena, ERR_INVALID, "non-function %.*s of type %s",
                    STR_ARG(buf_str(&text)), go_type_name(callee));
    return exec_wrap(x, e, "call");
}

static struct err *run(struct exec *x, const struct function *f, const struct call_site *site,
                       struct call *c, struct go_value *ret)
{
    const struct node *before = x->node;
    struct err *e;

    x->node = site->node; /* for who asks what included it */
    if (TRY(&e, f->run(c, ret)) || TRY(&e, exec_charge(x->engine, 1)))
        return exec_wrap(x, e, f->name);
    x->node = before;
    ret->boxed = f->result == 'a';
    if (f->result == 'a' && ret->type <= GO_NIL)
        *ret = go_nil();
    return NULL;
}

static struct err *eval_arguments(struct exec *x, const struct go_value *dot,
                                  const struct parameters *p, size_t receivers,
                                  const struct call_site *site, struct go_value *args)
{
    size_t given = site->count > 0 ? site->count - 1 : 0;
    struct err *e;

    for (size_t i = 0; i < given; i++)
        if (TRY(&e, eval_argument(x, dot, letter_at(p, receivers + i), site->operands[i + 1],
                                  &args[receivers + i])))
            return e;
    if (site->final->type == GO_MISSING)
        return NULL;
    return eval_convert(x, site->final, letter_at(p, receivers + given), &args[receivers + given]);
}

struct err *eval_call(struct exec *x, const struct go_value *dot, const struct function *f,
                      const struct go_value *receiver, const struct call_site *site,
                      struct go_value *ret)
{
    const struct parameters p = parameters_of(f);
    size_t receivers = receiver ? 1 : 0;
    size_t count = receivers + (site->count > 0 ? site->count - 1 : 0) +
                   (site->final->type != GO_MISSING);
    struct go_value room[6] = { 0 }, *args = room;
    struct call call = { x, x->engine->arena, NULL, count, f->name };
    struct err *e;

    if (TRY(&e, check_count(x, f->name, &p, receivers, site)))
        return e;
    if (f->run == NULL && f->name[0] != 'c')
        return eval_logic(x, dot, f->name[0] == 'o', site, ret);
    if (count > sizeof room / sizeof *room)
        args = ARENA_ARRAY(x->engine->arena, count, struct go_value);
    if (receiver) {
        args[0] = *receiver;
        args[0].boxed = false;
    }
    if (TRY(&e, eval_arguments(x, dot, &p, receivers, site, args))) {
        advice_note_operands(x, dot, site);
        return e;
    }
    if (f->run == NULL)
        return fail_call(x, site, &args[0]);
    call.args = args;
    e = run(x, f, site, &call, ret);
    if (e)
        advice_note_operands(x, dot, site);
    return e;
}
