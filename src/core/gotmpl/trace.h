/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/trace.h - what wrote each byte of a rendering, and from which values: the steps of its execution.
 *
 * Taken down by template_set_trace() alone; other renderings pay one test a node. A step is a text, an action or the head of an
 * if, with, range or template call; what stands in their lists are steps below it. What include and tpl made while a step was
 * evaluated are outputs of their own, for the step may have changed them (nindent) before it wrote. Steps, texts and reads live
 * in the set's arena.
 */
#ifndef CORE_GOTMPL_TRACE_H
#define CORE_GOTMPL_TRACE_H

#include "base/vec.h"
#include "core/gotmpl/template.h"

struct definition;
struct trace_output;
struct trace_step;

/* A key that was looked up, or a variable that was used. */
struct trace_read {
    const struct trace_read *next; /* that was read before */
    const struct go_map *map;      /* NULL: a variable */
    struct str key;                /* of the map; the variable's name */
    struct go_value value;         /* what was there; GO_MISSING: nothing */
    const struct trace_step
        *set; /* of a variable: the step that set it; NULL: none that was traced */
};

struct trace_step {
    const struct trace_step *parent; /* NULL: an output's own */
    struct trace_step *first, *last; /* below it, in order */
    struct trace_step *next;
    const struct trace_read *reads;      /* the latest first */
    const struct trace_output *includes; /* the latest first */
    const struct definition *definition; /* that it stands in */
    uint32_t pos;                        /* in the definition's text */
    bool is_text;
    size_t from, to; /* what it wrote of its output */
};

struct trace_output {
    const struct trace_output *next; /* made before, by the same step */
    struct str name;                 /* of the definition */
    struct str text;                 /* as it was written, "<no value>" included */
    struct trace_step *steps;        /* one, over all */
};

/* Renders as template_set_render, and gives the steps; their output still has "<no value>" in it. */
MUST_CHECK struct err *template_set_trace(struct template_set *set, struct str name,
                                          const struct go_value *context, struct str *ret_text,
                                          const struct trace_output **ret);

/* The place in the output's text of a byte of what was rendered, which has no "<no value>". */
size_t trace_offset(const struct trace_output *output, size_t at);

/* Where the byte at `at` of the output, which the step wrote, stands in a template. "gotpl" is what tpl was given. */
struct template_place trace_place(const struct trace_step *step, size_t at);

/* The action as it is written, "{{ .Values.name }}"; "" for a text. */
struct str trace_action(const struct trace_step *step);

/* A step that wrote something, and how it came there. */
struct trace_origin {
    const struct trace_step *step;
    const struct trace_output *output; /* that it wrote to */
    size_t at;                         /* the first byte of it that was asked for */
    const struct trace_origin *via; /* the step whose include or tpl made that output; NULL: none */
    unsigned depth;                 /* private */
};

struct trace_origins {
    struct trace_origin *items;
    size_t count;
    size_t cap;
};

/*
 * The innermost steps that wrote bytes [from, to) of an output, in order. What a function changed (nindent) is found again in what
 * was included by the words of its line.
 */
void trace_origins(struct arena *a, const struct trace_output *output, size_t from, size_t to,
                   struct trace_origins *ret);

#endif
