/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/read_log.h - which folders of the machine a build looked into, so that --watch knows what to watch.
 */
#ifndef CLI_READ_LOG_H
#define CLI_READ_LOG_H

#include "core/tree.h"

struct read_log;

struct read_log *read_log_new(struct arena *a);

/* A tree like `inner`, whose root is the machine's, that notes the folder of every path asked for. inner is copied. */
struct tree read_log_tree(struct read_log *log, struct arena *a, const struct tree *inner);

/* Absolute paths, each once; they live in the log's arena. */
const struct str *read_log_folders(const struct read_log *log, size_t *ret_count);

#endif
