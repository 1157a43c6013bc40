/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/render_process/worker_tree.h - core/tree.h over the parent: a tree that is asked for a folder at a time.
 *
 * The first look into a folder brings its list and its small files, so that most of what a build does needs no further question.
 * Private to the worker.
 */
#ifndef ADAPTERS_RENDER_PROCESS_WORKER_TREE_H
#define ADAPTERS_RENDER_PROCESS_WORKER_TREE_H

#include "adapters/render_process/frame.h"
#include "core/tree.h"

struct line {
    int fd;         /* to the parent */
    struct run run; /* of the build in progress; its arena keeps what was asked for */
};

/* Asks and waits for the answer's body. The parent's error is returned as it was; ERR_GONE: there is no parent any more. */
MUST_CHECK struct err *line_ask(struct line *l, struct buf *question, struct unpack *ret);

/* The parent's tree `id`; everything is in the arena. */
struct tree worker_tree(struct arena *a, struct line *l, uint32_t id, struct str label);

#endif
