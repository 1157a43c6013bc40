/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fs_posix/host_archive.h - archives for commands: the part of ports/driving/session.h and ports/driven/files.h.
 *
 * `self` is not used.
 */
#ifndef ADAPTERS_FS_POSIX_HOST_ARCHIVE_H
#define ADAPTERS_FS_POSIX_HOST_ARCHIVE_H

#include "core/tree.h"

MUST_CHECK struct err *host_archive_open(void *self, struct arena *a, struct str name,
                                         struct str bytes, struct tree *ret);
MUST_CHECK struct err *host_archive_write(void *self, struct arena *a, struct str path,
                                          const struct tree *tree);

#endif
