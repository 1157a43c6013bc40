/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/host_path.h - paths of this machine as Go's filepath makes them, for the messages and file names that show them.
 */
#ifndef CORE_HELM_HOST_PATH_H
#define CORE_HELM_HOST_PATH_H

#include "base/str.h"

/* filepath.Clean: "a/./b/../c/" is "a/c", "" is ".". */
struct str host_path_clean(struct arena *a, struct str path);

/* filepath.Join of two: cleaned; "" where both are empty. */
struct str host_path_join(struct arena *a, struct str folder, struct str path);

/* filepath.Base: the last part; "." of "". */
struct str host_path_base(struct str path);

#endif
