/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/template.h - a set of parsed templates that see each other, and their rendering: Go's text/template as
 * Helm's engine drives it.
 *
 *     struct template_set *set;
 *     struct template_options options = { .host = host, .functions = sprig_find };
 *     set = template_set_new(a, &options);
 *     template_set_parse(set, "app/templates/_helpers.tpl", text) ...   in Helm's order, see below
 *     template_set_render(set, "app/templates/svc.yaml", &context, &output);
 *
 * A set, its trees and everything rendered live in the arena given to template_set_new, one unit of work on one thread.
 * Texts given to parse are borrowed.
 *
 * Helm's order of parsing: deeper paths (more slashes) first, within a depth descending by name, so that a template of
 * the parent chart redefines one of a sub-chart. A later non-empty definition replaces an earlier one.
 *
 * Context values of charts are built with core/gotmpl/context.h.
 *
 * Limits (base/limits.h): LIMIT_TEMPLATE_STEPS, _DEPTH, _BYTES, _STACK_BYTES. Going over is ERR_TOO_LARGE and names the place.
 * Rendering recurses: its thread has at least LIMIT_TEMPLATE_STACK_BYTES and 1 MiB of stack, as the main thread has.
 */
#ifndef CORE_GOTMPL_TEMPLATE_H
#define CORE_GOTMPL_TEMPLATE_H

#include "core/gotmpl/function.h"
#include "core/host.h"

struct template_set;

/* A place in a template's text, as messages have it: lines from 1, columns from 0. */
struct template_place {
    struct str file;
    unsigned line;
    unsigned column;
};

struct template_options {
    const struct host *host; /* NULL: no time, no random bytes, lookup finds nothing */
    /* Functions beside text/template's own, which they may hide; core/sprig/functions.h has sprig_find. */
    const struct function *(*functions)(struct str name);
    bool strict;        /* a missing map key is an error (missingkey=error); else it is nil */
    bool lint;          /* `required` and `fail` give "" */
    uint64_t max_steps; /* of the set; 0: LIMIT_TEMPLATE_STEPS */
};

struct template_set *template_set_new(struct arena *a, const struct template_options *options);

/*
 * Parses a text under a name; its definitions join the set. ERR_INVALID, in Go's words:
 * "template: NAME:LINE: unexpected ...".
 */
MUST_CHECK struct err *template_set_parse(struct template_set *set, struct str name,
                                          struct str text);

/*
 * Renders a template; "<no value>" is left out, as Helm does. ERR_INVALID in Go's words, outermost first:
 * `template: a/templates/x.yaml:3:5: executing "a/templates/x.yaml" at <include "y" .>: error calling include: ...`.
 * ERR_TOO_LARGE: a limit. The output lives in the set's arena.
 */
MUST_CHECK struct err *template_set_render(struct template_set *set, struct str name,
                                           const struct go_value *context, struct str *ret);

/*
 * What Helm's words do not say of the error that template_set_render gave last (`as_helm`: the same, through
 * template_error_as_helm): the path that was nil with the nearest name, and the calls that led there where the error leaves some
 * out. Lines without indentation; "": nothing to add.
 */
struct str template_set_advice(const struct template_set *set, const struct err *as_helm);

/*
 * The error of a parse or a rendering as `helm` shows it to people: "parse error at (FILE:LINE): ...",
 * "execution error at (FILE:LINE:COL): message of fail or required", or the chain of places, one a line.
 */
struct err *template_error_as_helm(struct arena *a, struct str file, const struct err *e);

#endif
