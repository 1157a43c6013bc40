/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fs_posix/tarball.h - a tree as a reproducible tar.gz, and back.
 */
#ifndef ADAPTERS_FS_POSIX_TARBALL_H
#define ADAPTERS_FS_POSIX_TARBALL_H

#include <unistd.h>

#include "ports/driven/artifact_store.h"

static inline void fd_closep(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

/* Entries sorted, times and owners zero, modes 0600, 0700 and 0750: the same files give the same bytes. */
MUST_CHECK struct err *tarball_write(struct run *r, const struct tree *tree,
                                     const struct artifact_filter *filter, int fd);

/* In memory, in r->arena. Regular files and folders only; ERR_INVALID: a path that leaves the root, a corrupt archive. */
MUST_CHECK struct err *tarball_read(struct run *r, struct str bytes, struct tree *ret);

#endif
