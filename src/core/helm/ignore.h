/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/ignore.h - .helmignore: which files of a folder are no part of a chart.
 *
 * Not gitignore: patterns are Go's filepath.Match, one without a slash matches base names, `!` turns a rule round and
 * ends the search where it does not match. Source of truth: Helm 4.3 pkg/ignore.
 */
#ifndef CORE_HELM_IGNORE_H
#define CORE_HELM_IGNORE_H

#include "base/err.h"

struct helm_ignore;

/* `text` of .helmignore, "" for none; Helm's default rule is added. ERR_INVALID: a pattern, with its line. */
MUST_CHECK struct err *helm_ignore_parse(struct arena *a, struct str text, struct str name,
                                         struct helm_ignore **ret);

/* path: from the chart's folder. */
bool helm_ignore_matches(const struct helm_ignore *rules, struct str path, bool is_folder);

enum path_match { PATH_DIFFERS, PATH_MATCHES, PATH_PATTERN_BAD };

/* Go's filepath.Match: `*` and `?` do not match "/", `[a-z]`, `[^a]`, `\` quotes. */
enum path_match path_match(struct str pattern, struct str path);

#endif
