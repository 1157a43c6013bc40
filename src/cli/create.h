/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/create.h - what the `weir create` commands share: names, labels, printing, applying. Words and YAML are the flux CLI's.
 */
#ifndef CLI_CREATE_H
#define CLI_CREATE_H

#include "cli/command.h"

/* Of the table: what every `create` has, in the order of flux' help. */
#define CREATE_FLAGS                                                                        \
    { "export", 0, FLAG_SWITCH, NULL, NULL, "print YAML in place of applying it" },         \
        { "interval", 0, FLAG_DURATION, "1m0s", NULL, "time between two reconciliations" }, \
        { "label", 0, FLAG_TEXTS, NULL, NULL, "labels: key=value, comma-separated" }

/* The name, checked. ERR_INVALID. */
MUST_CHECK struct err *create_name(const struct cli *cli, const struct invocation *in,
                                   struct str *ret);

/* --label as a map, NULL where none is given. ERR_INVALID names the one that is wrong. */
MUST_CHECK struct err *create_labels(const struct cli *cli, const struct invocation *in,
                                     const struct val **ret);

/* All values of a flag that may be given again and take commas. */
const struct str *create_list(const struct cli *cli, const struct invocation *in, const char *flag,
                              size_t *ret_count);

/* A map of what is set: each is left out where it is "", false or NULL. */
void create_text(struct map_builder *b, const char *key, struct str text);
void create_flag(struct map_builder *b, const char *key, bool value);
void create_value(struct map_builder *b, const char *key, const struct val *value);
void create_name_ref(struct map_builder *b, const char *key, struct str name); /* {name: ...} */

/* metadata with the invocation's namespace. labels and annotations may be NULL. */
const struct val *create_metadata(const struct cli *cli, const struct invocation *in,
                                  struct str name, const struct val *labels,
                                  const struct val *annotations);

/* "---" and the object, keys sorted. */
void create_print(const struct cli *cli, const struct val *object);

/* A whole file, as flux names its absence: "unable to read TLS CA file". "" for the path "". */
MUST_CHECK struct err *create_read(const struct cli *cli, struct str path, const char *failure,
                                   struct str *ret);

#endif
