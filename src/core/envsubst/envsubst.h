/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/envsubst/envsubst.h - variables in text, as `flux envsubst` and post-build substitution expand them.
 *
 *     ${v}  ${#v}  ${v^} ${v^^} ${v,} ${v,,}  ${v:n} ${v:n:len}  ${v#p} ${v##p} ${v%p} ${v%%p}
 *     ${v/p/r} ${v//p/r} ${v/#p/r} ${v/%p/r}  ${v:-d} ${v:=d} ${v=d} ${v:+d} ${v:?d}
 * "$$" is "$"; "$v" is left alone. The five with a default take it when the variable is empty or unset, all alike. Lengths and offsets
 * count bytes. Source of truth: fluxcd/pkg envsubst 1.7 (flux 2.9.5), its corners included.
 */
#ifndef CORE_ENVSUBST_ENVSUBST_H
#define CORE_ENVSUBST_ENVSUBST_H

#include "base/buf.h"
#include "base/err.h"

struct envsubst_vars {
    /* False: the variable is not set; *ret is then "". */
    bool (*find)(void *self, struct str name, struct str *ret);
    void *self;
    bool strict; /* an unset variable without a default is an error */
};

/* Appends the text with its variables expanded. ERR_INVALID: bad syntax, or an unset variable, which is named. */
MUST_CHECK struct err *envsubst_expand(struct arena *a, struct str text,
                                       const struct envsubst_vars *vars, struct buf *out);

/* A name that variables may have: [_[:alpha:]][_[:alpha:][:digit:]]*. */
bool envsubst_name_is_valid(struct str name);

#endif
