/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/values.h - how values meet: files over defaults, parents over sub-charts, globals down.
 *
 * Maps are Go's, shared and changed in place exactly where Helm changes them, because charts observe that. Source of truth:
 * Helm 4.3 pkg/chart/common/util.
 */
#ifndef CORE_HELM_VALUES_H
#define CORE_HELM_VALUES_H

#include "core/helm/chart.h"

/* A new map with a's entries and b's over them, maps merged by key. a and b stay as they are. */
struct go_map *values_merge(struct arena *arena, struct go_map *a, struct go_map *b);

/* Maps and lists copied at every level. */
struct go_map *values_copy(struct arena *a, struct go_map *m);

enum values_mode {
    VALUES_COALESCE, /* null removes a default */
    VALUES_MERGE,    /* null stays */
};

/*
 * The chart's values with `given` over them, sub-charts' included; `given` (NULL: none) is copied first. ERR_INVALID: a
 * sub-chart's values are no map.
 */
MUST_CHECK struct err *values_coalesce(struct arena *a, const struct helm_chart *c,
                                       struct go_map *given, enum values_mode mode,
                                       struct go_map **ret);

/* src below dst, in place; both modes as above. Returns dst. */
struct go_map *values_coalesce_tables(struct arena *a, struct go_map *dst, struct go_map *src,
                                      enum values_mode mode);

/* The map at a dotted path; NULL: there is none. */
struct go_map *values_table(struct go_map *m, struct str path);

/* What is at a dotted path, unless it is a map; false: nothing. */
bool values_path(struct go_map *m, struct str path, struct go_value *ret);

/* The map in a value; NULL: it is none. */
struct go_map *values_map_of(const struct go_value *v);

#endif
