/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/get_table.h - the columns that the flux CLI shows of each kind, and rows of them.
 */
#ifndef CLI_GET_TABLE_H
#define CLI_GET_TABLE_H

#include "base/clock.h"
#include "cli/table.h"
#include "core/api/flux_kinds.h"

struct get_table {
    const struct flux_kind *kind;
    struct wall_time now;
    bool all_namespaces; /* a column of them */
    bool with_kind;      /* names are kind/name */
    bool with_source;    /* of a Kustomization or HelmRelease: its source */
    bool with_age;
};

void get_table_columns(const struct get_table *g, struct text_table *t);
/* gone: the message says that it was deleted. */
void get_table_row(const struct get_table *g, struct text_table *t, const struct val *object,
                   bool gone);

#endif
