/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/jsonschema/report.h - the tree of what does not fit, and how Helm's library words it. Private to core/jsonschema.
 */
#ifndef CORE_JSONSCHEMA_REPORT_H
#define CORE_JSONSCHEMA_REPORT_H

#include "base/buf.h"
#include "core/jsonschema/state.h"

/* 'x', quotes and what cannot be printed escaped as Go does. */
struct str report_quoted(struct arena *a, struct str s);
struct str report_list(struct arena *a, const struct str *names, size_t count); /* 'a', 'b' */
struct str report_value(struct arena *a, const struct val *v); /* of a scalar: 'x', 1, <nil> */
struct str report_count(struct arena *a, uint64_t n);          /* 12,345 */
/* 12,345.6; from a million and below 0.0001 as 1.5×10⁰⁶. */
struct str report_number(struct arena *a, double x);

/* A problem with causes; always false. */
bool schema_problem_of(struct state *s, const struct place *at, const struct problems *causes,
                       struct str text);
bool report_reference(struct state *s, const struct place *at, const struct problems *causes);
/* What one schema found, as one problem of s->problems; nothing where there is none. */
void report_group(struct state *s, const struct place *at, const struct problems *found);

/* One line a problem, causes below it, deeper: "- at '/a': got number, want string". */
struct str report_text(struct arena *a, const struct problems *problems);

#endif
