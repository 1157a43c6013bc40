/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/fleet/scaffold.h - the files of a new fleet repository: clusters/, apps/ and infrastructure/ as examples/fleet has them.
 *
 * Each cluster applies infrastructure/CLUSTER and then apps/CLUSTER; both build on a base. Every folder builds as it is written.
 */
#ifndef CORE_FLEET_SCAFFOLD_H
#define CORE_FLEET_SCAFFOLD_H

#include "base/err.h"
#include "base/vec.h"

struct names {
    const struct str *items;
    size_t count;
};

struct scaffold_options {
    struct str source;   /* name of the GitRepository */
    struct str registry; /* where the images of the apps come from */
    struct names clusters;
    struct names apps; /* each in a namespace of its name */
    /* access, quotas and network-policies have content; any other is a folder with a namespace of its name. */
    struct names infrastructure;
};

struct scaffold_file {
    struct str path; /* relative, with "/" */
    struct str text;
};

struct scaffold {
    struct scaffold_file *items;
    size_t count;
    size_t cap;
};

/* ERR_INVALID: a name that is no DNS label, one given twice, an app and a component of one name, no cluster or no app. */
MUST_CHECK struct err *scaffold_fleet(struct arena *a, const struct scaffold_options *options,
                                      struct scaffold *ret);

#endif
