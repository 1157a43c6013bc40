/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/repository_index.h - index.yaml of a chart repository: which charts in which versions it has, and where.
 *
 * Source of truth: Helm 4.3 pkg/repo/v1/index.go. One deviation: of versions that differ in their build metadata alone, which
 * have no order, those of a long list stand as in the file, where helm's sort moves them.
 */
#ifndef CORE_HELM_REPOSITORY_INDEX_H
#define CORE_HELM_REPOSITORY_INDEX_H

#include "base/map.h"
#include "core/semver/semver.h"
#include "value/val.h"

struct helm_index_entry {
    struct str version;
    struct semver parsed;
    struct str digest;        /* hexadecimal, maybe with "sha256:" in front; "": none */
    const struct val *urls;   /* a sequence; NULL: none */
    const struct val *source; /* the entry as written */
};

struct helm_index_versions {
    struct helm_index_entry *items; /* the highest version first */
    size_t count;
    size_t cap;
};

/* An entry that was left out, and why. */
struct helm_index_fault {
    struct str chart;
    struct str version;
    struct str reason;
};

struct helm_index {
    struct map charts; /* name -> struct helm_index_versions */
    const struct val *source;
    struct helm_index_fault *faults;
    size_t fault_count;
    size_t fault_cap;
};

/*
 * YAML, read as strictly as helm does: unknown fields and double keys are refused; or JSON, where they are not.
 * `name` begins messages. ERR_INVALID; ERR_TOO_LARGE: LIMIT_INDEX_BYTES.
 */
MUST_CHECK struct err *helm_index_read(struct arena *a, struct str text, struct str name,
                                       struct helm_index *ret);

/*
 * The version asked for as it is written, else the highest one that satisfies the text as a constraint; "": the highest that
 * is no pre-release. *ret_is_fallback: the text was a version, and another one was taken for it (NULL: not asked).
 * ERR_NOT_FOUND, ERR_INVALID in helm's words.
 */
MUST_CHECK struct err *helm_index_get(struct arena *a, const struct helm_index *index,
                                      struct str chart, struct str version,
                                      const struct helm_index_entry **ret, bool *ret_is_fallback);

/* NULL: no chart of that name. */
const struct helm_index_versions *helm_index_versions(const struct helm_index *index,
                                                      struct str chart);

/* The address of the entry's archive, as written. NULL: it has none. */
const struct val *helm_index_url(const struct helm_index_entry *entry);

#endif
