/* SPDX-License-Identifier: Apache-2.0 */
#include "core/gotmpl/tracer.h"

struct str trace_action(const struct trace_step *step)
{
    const struct definition *d = step->definition;
    size_t from = step->pos, to;

    if (step->is_text || !d)
        return STR("");
    to = str_find(d->text, STR("}}"), step->pos);
    while (from >= 2 && !(d->text.ptr[from - 1] == '{' && d->text.ptr[from - 2] == '{'))
        from--;
    return from < 2 || to == SIZE_MAX ? STR("") : str_slice(d->text, from - 2, to + 2);
}

struct template_place trace_place(const struct trace_step *step, size_t at)
{
    size_t into = step->is_text && at > step->from ? at - step->from : 0;

    if (!step->definition)
        return (struct template_place){ .file = STR("") };
    return exec_place(step->definition, step->pos + into);
}

static struct trace_step *add(struct tracer *t, struct trace_step *parent)
{
    struct trace_step *step = ARENA_NEW(t->arena, struct trace_step);

    step->parent = parent;
    if (!parent)
        return step;
    if (parent->last)
        parent->last->next = step;
    else
        parent->first = step;
    parent->last = step;
    return step;
}

struct trace_step *tracer_begin(struct tracer *t, const struct exec *x, const struct node *n)
{
    struct trace_step *step = add(t, t->now);

    step->definition = x->definition;
    step->pos = n->pos;
    step->is_text = n->kind == NODE_TEXT;
    step->from = x->out->len;
    t->now = step;
    return step;
}

void tracer_end(struct tracer *t, struct trace_step *step, const struct exec *x)
{
    step->to = x->out->len;
    t->now = (struct trace_step *)(uintptr_t)step->parent;
}

struct trace_output *tracer_open(struct tracer *t, struct str name)
{
    struct trace_output *output = ARENA_NEW(t->arena, struct trace_output);
    struct trace_step *step = add(t, NULL);

    output->name = name;
    output->steps = step;
    if (t->now) {
        output->next = t->now->includes;
        t->now->includes = output;
    }
    step->parent = t->now;
    t->now = step;
    return output;
}

void tracer_close(struct tracer *t, struct trace_output *output, struct str text)
{
    output->text = text;
    output->steps->to = text.len;
    t->now = (struct trace_step *)(uintptr_t)output->steps->parent;
    output->steps->parent = NULL;
}

static struct trace_read *add_read(struct tracer *t)
{
    struct trace_read *read = ARENA_NEW(t->arena, struct trace_read);

    read->next = t->now->reads;
    t->now->reads = read;
    return read;
}

void tracer_read(struct tracer *t, const struct go_map *map, struct str key,
                 const struct go_value *value)
{
    struct trace_read *read;

    if (!t->now)
        return;
    read = add_read(t);
    read->map = map;
    read->key = key;
    read->value = value ? *value : (struct go_value){ .type = GO_MISSING };
}

void tracer_set_variable(struct tracer *t, size_t at)
{
    while (t->setters.count <= at)
        *VEC_PUSH(t->arena, &t->setters) = NULL;
    t->setters.items[at] = t->now;
}

void tracer_use_variable(struct tracer *t, size_t at, struct str name, const struct go_value *value)
{
    struct trace_read *read;

    if (!t->now || str_is(name, "$"))
        return;
    read = add_read(t);
    read->key = name;
    read->value = *value;
    read->set = at < t->setters.count ? t->setters.items[at] : NULL;
}
