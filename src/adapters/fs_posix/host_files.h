/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fs_posix/host_files.h - the user's own files, for commands: the file part of ports/driving/session.h.
 *
 * `self` is not used. Paths are the user's, so they may lead anywhere.
 */
#ifndef ADAPTERS_FS_POSIX_HOST_FILES_H
#define ADAPTERS_FS_POSIX_HOST_FILES_H

#include "ports/driven/files.h"

MUST_CHECK struct err *host_file_read(void *self, struct arena *a, struct str path, size_t max,
                                      struct str *ret);
/* As session's read_on. */
MUST_CHECK struct err *host_file_read_on(void *self, struct arena *a, struct str path, size_t *at,
                                         bool wait, struct str *ret);
MUST_CHECK struct err *host_file_write(void *self, struct arena *a, struct str path,
                                       struct str content);

/* With the folders above it; one that is there is fine. */
MUST_CHECK struct err *host_folder_make(void *self, struct arena *a, struct str path);

/* The whole machine as a tree, so that a kustomization may name a base beside its own folder; *ret_path is `dir`. */
MUST_CHECK struct err *host_tree_open(void *self, struct arena *a, struct str dir,
                                      struct tree *ret_tree, struct str *ret_path);

/* Blocks until an entry of one of the folders changed, and until 50 ms of silence behind that. */
MUST_CHECK struct err *host_wait_for_change(void *self, struct arena *a, const struct str *folders,
                                            size_t count);

/* ports/driven/files.h over the functions of this header and of host_archive.h. */
struct files host_files_port(void);

/* Removes a folder of ours and all in it; links are not followed. */
void host_folder_remove(const char *path);

#endif
