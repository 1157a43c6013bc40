/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/index_build.h - index.yaml for archives in a folder, as `helm repo index` makes it.
 */
#ifndef CORE_HELM_INDEX_BUILD_H
#define CORE_HELM_INDEX_BUILD_H

#include "base/clock.h"
#include "core/helm/chart.h"
#include "core/helm/repository_index.h"

struct helm_index_build {
    struct arena *arena;
    struct map charts; /* name -> struct helm_index_versions *, in the order they came */
};

void helm_index_build_init(struct helm_index_build *b, struct arena *a);

/* digest: hexadecimal SHA-256 of the archive at `url`. */
void helm_index_build_add(struct helm_index_build *b, const struct helm_chart *c, struct str url,
                          struct str digest, struct wall_time created);

/* Adds what another index has and this one has not. */
void helm_index_build_merge(struct helm_index_build *b, const struct helm_index *other);

/* The file, versions sorted; the builder is spent. */
struct str helm_index_build_format(struct helm_index_build *b, struct wall_time generated,
                                   bool as_json);

/* The URL of `file` in a folder of the repository at `url`: either may be "". */
struct str helm_index_url_join(struct arena *a, struct str url, struct str folder, struct str file);

#endif
