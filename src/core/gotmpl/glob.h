/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/gotmpl/glob.h - the patterns of .Files.Glob: github.com/gobwas/glob with '/' as separator.
 *
 * "*" and "?" stay within a path part, "**" crosses parts; "[a-c]", "[!x]" and "{a,b}" as usual. Work is bounded by
 * GLOB_STEPS_MAX for one text: beyond it nothing matches.
 */
#ifndef CORE_GOTMPL_GLOB_H
#define CORE_GOTMPL_GLOB_H

#include "base/str.h"

enum { GLOB_STEPS_MAX = 100000 };

/* False: the pattern has an open bracket or brace; Helm then takes "**". */
bool file_glob_is_valid(struct str pattern);
bool file_glob_match(struct str pattern, struct str text);

#endif
