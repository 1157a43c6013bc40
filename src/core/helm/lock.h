/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/lock.h - Chart.lock: which versions stand for the dependencies of a chart.
 *
 * The digest tells whether Chart.yaml changed since; it is that of helm, byte for byte, so both can use one file.
 * Source of truth: Helm 4.3 internal/resolver.
 */
#ifndef CORE_HELM_LOCK_H
#define CORE_HELM_LOCK_H

#include "base/clock.h"
#include "core/helm/chart.h"

struct helm_lock {
    struct helm_dependencies dependencies;
    bool has_dependencies; /* the list is there, though maybe empty */
    struct str digest;
};

/* Chart.lock or requirements.lock as a chart has it. ERR_INVALID: a field of a wrong type. */
MUST_CHECK struct err *helm_lock_read(struct arena *a, const struct val *v, struct str name,
                                      struct helm_lock *ret);

/* "sha256:..." over what is demanded (has_demands: there is a list) and what was chosen. */
struct str helm_lock_digest(struct arena *a, const struct helm_dependencies *demanded,
                            bool has_demands, const struct helm_lock *lock);

/* The digest that Helm 2 wrote, over the demands alone. */
struct str helm_lock_digest_v2(struct arena *a, const struct helm_dependencies *demanded,
                               bool has_demands);

/* A time as Go writes it into helm's files: RFC 3339 in UTC, fractions without zeros at the end. */
struct str helm_time_format(struct arena *a, struct wall_time t);

/* The file as helm writes it; `generated` is when. */
struct str helm_lock_format(struct arena *a, const struct helm_lock *lock,
                            struct wall_time generated);

#endif
