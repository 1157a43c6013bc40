/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/exec.h - the evaluator: one template being executed. For functions that render themselves (include, tpl)
 * and for core/gotmpl.
 *
 * A tree walk, as text/template's state: the pipeline's value is passed down, variables live on a stack, `node` is the
 * place that an error names. Every evaluated node is a step; a function charges what it costs beyond that.
 */
#ifndef CORE_GOTMPL_EXEC_H
#define CORE_GOTMPL_EXEC_H

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "core/gotmpl/node.h"
#include "core/gotmpl/template.h"

struct variable {
    struct str name; /* with its dollar */
    struct go_value value;
};

/* What an error means to who wrote the chart, taken down where it happened (core/gotmpl/advice.h). */
struct advice {
    struct str nil;       /* "nil at .Values.a: did you mean .Values.b?"; "": nothing was nil */
    struct str calls;     /* a line each, the innermost first; "": none */
    bool has_silent_call; /* one of them is a template action, which Go's errors leave out */
    bool is_noted;
};

struct tracer;

/* What all executions of a set and of what `tpl` parses share. */
struct engine {
    struct arena *arena;
    struct template_options options;
    uint64_t steps;
    size_t used_at_start; /* of the arena */
    unsigned depth;       /* templates within templates */
    uintptr_t stack;      /* where the stack stood when the rendering began */
    VEC(struct variable) variables;
    struct map include_counts; /* name to struct include_count */
    struct map parsed;         /* text given to tpl to struct definitions */
    struct map patterns;       /* regular expression to struct regex */
    struct go_map *root;       /* of the context that is rendered; NULL: it is no map */
    struct exec *running;      /* the innermost execution */
    struct advice advice;
    struct tracer *tracer; /* NULL: steps are not taken down (core/gotmpl/tracer.h) */
};

struct template_set {
    struct engine *engine;
    const struct template_set *parent; /* looked into second; NULL: none */
    struct map definitions;            /* name to struct definition */
};

enum flow { FLOW_ON, FLOW_BREAK, FLOW_CONTINUE };

struct exec {
    struct engine *engine;
    const struct template_set *set; /* where names are looked up */
    const struct definition *definition;
    const struct node *node; /* for errors */
    struct buf *out;
    size_t variable_base;
    enum flow flow;
    struct exec *caller; /* that includes it; NULL: the template that is rendered */
};

struct template_place exec_place(const struct definition *d, size_t pos);

/* Executes a definition with `dot`; the output is appended. */
MUST_CHECK struct err *exec_definition(struct engine *engine, const struct template_set *set,
                                       const struct definition *d, const struct go_value *dot,
                                       struct buf *out);

/* The definition of a name, or NULL. */
const struct definition *template_set_find(const struct template_set *set, struct str name);

/* Counts work; ERR_TOO_LARGE over LIMIT_TEMPLATE_STEPS or LIMIT_TEMPLATE_BYTES. */
MUST_CHECK struct err *exec_charge(struct engine *engine, uint64_t steps);

/* ERR_TOO_LARGE over LIMIT_TEMPLATE_STACK_BYTES: for what calls itself once for each level of a template. */
MUST_CHECK struct err *exec_check_stack(struct exec *x);

/* An error of the template at x->node: "template: NAME:L:C: executing "NAME" at <...>: " and the text. */
struct err *exec_fail(struct exec *x, const char *format, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
/* The same around what a function said. */
struct err *exec_wrap(struct exec *x, const struct err *cause, const char *name)
    __attribute__((returns_nonnull));

/* Value of a pipeline; variables that it declares stay. */
MUST_CHECK struct err *eval_pipeline(struct exec *x, const struct go_value *dot,
                                     const struct node *pipe, struct go_value *ret);

/* One command of a pipeline; `final` is GO_MISSING or the value so far. */
MUST_CHECK struct err *eval_command(struct exec *x, const struct go_value *dot,
                                    const struct node *command, const struct go_value *final,
                                    struct go_value *ret);
/* A variable in scope; false: there is none. */
bool exec_variable(struct exec *x, struct str name, struct go_value *ret);
MUST_CHECK struct err *eval_variable(struct exec *x, struct str name, struct go_value *ret);

/* An operand as an argument of the type that the letter names (core/gotmpl/function.h). */
MUST_CHECK struct err *eval_argument(struct exec *x, const struct go_value *dot, char letter,
                                     const struct node *n, struct go_value *ret);

/* A call's arguments as they stand: operands[1..) of a command, or none; `final` is GO_MISSING or the pipeline's value. */
struct call_site {
    const struct node *node; /* for errors */
    struct node *const *operands;
    size_t count;
    const struct go_value *final;
};

/* Calls a function or, with a receiver, a method. */
MUST_CHECK struct err *eval_call(struct exec *x, const struct go_value *dot,
                                 const struct function *f, const struct go_value *receiver,
                                 const struct call_site *site, struct go_value *ret);

/* One field, key or method of a value. */
MUST_CHECK struct err *eval_field(struct exec *x, const struct go_value *dot, struct str name,
                                  const struct go_value *receiver, const struct call_site *site,
                                  struct go_value *ret);

/* Whether the value may stand where the letter's type is wanted, and what stands there then. */
MUST_CHECK struct err *eval_convert(struct exec *x, const struct go_value *value, char letter,
                                    struct go_value *ret);
const char *letter_type_name(char letter);

#endif
