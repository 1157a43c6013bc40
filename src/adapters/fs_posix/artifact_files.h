/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/fs_posix/artifact_files.h - ports/driven/artifact_store.h on a local folder.
 *
 * A file is written beside its place, synced, and renamed over it. A link "latest.tar.gz" next to it points at the newest.
 */
#ifndef ADAPTERS_FS_POSIX_ARTIFACT_FILES_H
#define ADAPTERS_FS_POSIX_ARTIFACT_FILES_H

#include "ports/driven/artifact_store.h"

struct artifact_files;

/* `root`: the folder (Flux' --storage-path). `base_url`: what precedes the path in an artifact's URL, no trailing slash. */
struct artifact_files *artifact_files_new(const char *root, const char *base_url);
void artifact_files_free(struct artifact_files *f);
struct artifact_store artifact_files_port(struct artifact_files *f);

#endif
