/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/files.h - files and folders of the user, for the commands that change them.
 *
 * Paths are the user's and may lead anywhere; relative ones start at the working directory. Thread-safe. Implementation:
 * adapters/fs_posix.
 */
#ifndef PORTS_DRIVEN_FILES_H
#define PORTS_DRIVEN_FILES_H

#include "base/run.h"
#include "core/tree.h"

enum file_access { FILE_SHARED, FILE_PRIVATE }; /* modes 0644 and 0600 */

struct files_ops {
    /* What is there; a symbolic link is TREE_SYMLINK, nothing TREE_ABSENT. ERR_IO: it could not be told. */
    struct err *(*kind)(void *self, struct arena *a, struct str path, enum tree_kind *ret);
    /* Whole content. ERR_NOT_FOUND, ERR_IO, ERR_TOO_LARGE beyond max. */
    struct err *(*read)(void *self, struct arena *a, struct str path, size_t max, struct str *ret);
    /* When a file's content last changed. ERR_NOT_FOUND, ERR_IO. */
    struct err *(*modified)(void *self, struct arena *a, struct str path, struct wall_time *ret);
    /* Writes beside it and renames, so that a reader sees the old file or the new one. ERR_NOT_FOUND, ERR_IO. */
    struct err *(*write)(void *self, struct arena *a, struct str path, struct str content,
                         enum file_access access);
    /* With the folders above it; one that is there is fine. ERR_IO. */
    struct err *(*make_folder)(void *self, struct arena *a, struct str path);
    /* Removes a file or an empty folder. ERR_NOT_FOUND, ERR_IO. */
    struct err *(*remove)(void *self, struct arena *a, struct str path);
    /* The machine's files as a tree; *ret_path is the folder `dir` in it. ERR_NOT_FOUND. */
    struct err *(*open_tree)(void *self, struct arena *a, struct str dir, struct tree *ret_tree,
                             struct str *ret_path);
    /* A .tar.gz in memory as a tree. ERR_INVALID: it is none, or leaves its root; ERR_TOO_LARGE. */
    struct err *(*open_archive)(void *self, struct arena *a, struct str name, struct str bytes,
                                struct tree *ret);
    /* The tree as a reproducible .tar.gz file, replaced if it is there. ERR_IO, ERR_TOO_LARGE: then there is no file. */
    struct err *(*write_archive)(void *self, struct arena *a, struct str path,
                                 const struct tree *tree);
};

struct files {
    const struct files_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
