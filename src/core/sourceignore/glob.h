/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/sourceignore/glob.h - gitignore's wildcards: "*", "?", "[...]" within a path part, "**" across parts.
 */
#ifndef CORE_SOURCEIGNORE_GLOB_H
#define CORE_SOURCEIGNORE_GLOB_H

#include "base/str.h"

/* The whole path matches. Time is bounded by the product of the lengths, whatever the pattern. */
bool glob_match(struct str glob, struct str path);

#endif
