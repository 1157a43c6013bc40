/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/tracer.h - how an execution takes down its steps. Private to core/gotmpl and to functions that look up keys.
 */
#ifndef CORE_GOTMPL_TRACER_H
#define CORE_GOTMPL_TRACER_H

#include "core/gotmpl/exec.h"
#include "core/gotmpl/trace.h"

struct tracer {
    struct arena *arena;
    struct trace_step *now; /* that is being executed */
    VEC(const struct trace_step *)
    setters; /* of the engine's variables, by their place on the stack */
};

/* A step at a node, below the one that is being executed; until tracer_end. */
struct trace_step *tracer_begin(struct tracer *t, const struct exec *x, const struct node *n);
void tracer_end(struct tracer *t, struct trace_step *step, const struct exec *x);

/* An output that include or tpl makes; its steps follow, until tracer_close. */
struct trace_output *tracer_open(struct tracer *t, struct str name);
void tracer_close(struct tracer *t, struct trace_output *output, struct str text);

void tracer_read(struct tracer *t, const struct go_map *map, struct str key,
                 const struct go_value *value);

/* The same where an execution is traced; `value` NULL: the key was not there. */
static inline void exec_note_read(const struct exec *x, const struct go_map *map, struct str key,
                                  const struct go_value *value)
{
    if (x->engine->tracer)
        tracer_read(x->engine->tracer, map, key, value);
}

/* The variable at a place on the engine's stack was set, or used. */
void tracer_set_variable(struct tracer *t, size_t at);
void tracer_use_variable(struct tracer *t, size_t at, struct str name,
                         const struct go_value *value);

#endif
