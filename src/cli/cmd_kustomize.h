/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/cmd_kustomize.h - `weir kustomize build [flags] DIR`: prints what kustomize 5.8 prints.
 *
 * Flags: --load-restrictor=LoadRestrictionsRootOnly|LoadRestrictionsNone, --reorder=legacy|none (legacy is the
 * default, as in the peer's command); a value may also be
 * the next argument. DIR is "." when left out.
 */
#ifndef CLI_CMD_KUSTOMIZE_H
#define CLI_CMD_KUSTOMIZE_H

#include "base/buf.h"
#include "core/tree.h"

struct cmd_kustomize {
    /*
     * Opens the machine's files as a tree: *ret_path is the folder `dir` in it. Supplied by main, since the command
     * knows no adapter.
     */
    struct err *(*open_tree)(void *self, struct arena *a, struct str dir, struct tree *ret_tree,
                             struct str *ret_path);
    void *self;
    struct buf *out;      /* standard output */
    struct buf *progress; /* standard error: warnings, the error */
};

/* argv is what follows "kustomize". Exit status: 0, 1 failure, 2 usage. */
int cmd_kustomize_run(struct arena *a, const struct cmd_kustomize *command, size_t argc,
                      const struct str *argv);

#endif
