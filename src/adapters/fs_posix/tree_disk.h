/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fs_posix/tree_disk.h - core/tree.h over a folder of the machine.
 *
 * Every path is walked part by part from a descriptor of the root, symbolic links by hand, so nothing outside the root
 * is ever opened, whatever links say and whoever changes them meanwhile. Not thread-safe: one thread a tree.
 */
#ifndef ADAPTERS_FS_POSIX_TREE_DISK_H
#define ADAPTERS_FS_POSIX_TREE_DISK_H

#include "base/arena.h"
#include "core/tree.h"

/*
 * Opens the folder `root`, which ends with the arena. ERR_NOT_FOUND, ERR_INVALID (no folder), ERR_IO. `label`
 * names the root in messages.
 */
MUST_CHECK struct err *tree_disk_open(struct arena *a, struct str root, struct str label,
                                      struct tree *ret);

/* The absolute path of a folder, symbolic links resolved. ERR_NOT_FOUND, ERR_IO. */
MUST_CHECK struct err *tree_disk_real_path(struct arena *a, struct str path, struct str *ret);

#endif
