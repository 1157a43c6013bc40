/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/function.h - what a template may call: builtin functions, sprig's, Helm's, and methods of values.
 *
 * A function is a row of a table: its Go signature as letters, from which arguments are checked as reflect would check
 * them, and the text of its reference page. docs/reference/templates.md is generated from these rows, and each example is
 * run by a test.
 *
 * Letters of `params` and `result`:
 *   a interface {}    v reflect.Value (builtins: takes all, keeps what is boxed)
 *   s string          i int       n int64      u uint32     U uint64    f float64    b bool
 *   m map[string]interface {}     l []interface {}          S []string  I []int      L [][]interface {}
 *   M map[string]string           t time.Time  d time.Duration          B []uint8    c sprig.certificate
 *   V *semver.Version F engine.files           K common.Values          w time.Weekday   o time.Month  x any object
 * A '*' after the last letter makes it variadic.
 */
#ifndef CORE_GOTMPL_FUNCTION_H
#define CORE_GOTMPL_FUNCTION_H

#include "core/gotmpl/value.h"

struct exec;

/* One call: arguments are checked and converted already. */
struct call {
    struct exec *exec;   /* for functions that render; see core/gotmpl/exec.h */
    struct arena *arena; /* results live here */
    const struct go_value *args;
    size_t count;
    const char *name; /* of the function, for messages */
};

struct function {
    const char *name;
    const char *params;
    char result;
    /* The error is Go's text without "error calling NAME: ", which the caller adds. */
    struct err *(*run)(struct call *c, struct go_value *ret);
    const char *category; /* of the reference page; NULL: a method */
    const char *example;  /* a template; NULL: a method */
    const char *output;   /* what the example prints; NULL: it varies, only success is checked */
};

/* Table lookup by name; NULL: no such function. Tables are sorted by name, in byte order. */
const struct function *function_search(const struct function *table, size_t count, struct str name);

/* text/template's own: and, or, not, eq, index, printf ... */
extern const struct function gotmpl_builtins[];
extern const size_t gotmpl_builtin_count;

/* Methods of types that are no objects: time.Time, engine.files, common.Values ...; NULL: none. */
const struct function *method_find(const struct go_value *receiver, struct str name);

#endif
