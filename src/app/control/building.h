/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/control/building.h - private to the queries: builds of Kustomizations from files of this machine.
 */
#ifndef APP_CONTROL_BUILDING_H
#define APP_CONTROL_BUILDING_H

#include "app/control/queries.h"

#define KUSTOMIZE_GROUP "kustomize.toolkit.fluxcd.io"

enum { BUILDING_DEPTH_MAX = 32 };

struct building {
    struct control_queries *queries;
    struct run *run;
    const struct build_query *query;
    unsigned depth; /* of Kustomizations in each other */
};

bool building_is_kustomization(const struct val *object);

/*
 * The Kustomization as it is to be built: from the file, with the cluster's status, or the cluster's. `fallback`: what to take where the
 * cluster has none; NULL: that is ERR_NOT_FOUND.
 */
MUST_CHECK struct err *building_resolve(const struct building *b, struct str ns, struct str name,
                                        const struct val *given, bool required,
                                        const struct val **ret);

/* The objects of one Kustomization from the folder `dir`. */
MUST_CHECK struct err *building_run(const struct building *b, const struct val *kustomization,
                                    struct str dir, struct built *ret);

/* The folder of a nested Kustomization, by the query's sources; ERR_NOT_FOUND names the one that is missing. */
MUST_CHECK struct err *building_folder(const struct building *b, const struct val *kustomization,
                                       struct str *ret);

#endif
