/* SPDX-License-Identifier: Apache-2.0 */
/* core/kube/tables/schema_table.h - the generated table of built-in types; read it through core/kube/schema.h. */
#ifndef CORE_KUBE_TABLES_SCHEMA_TABLE_H
#define CORE_KUBE_TABLES_SCHEMA_TABLE_H

#include "core/kube/schema.h"
#include "value/val.h"

struct schema_name {
    struct str name;
    const struct schema *type;
};

extern const struct schema kube_schema_types[];
extern const struct schema_name kube_schema_names[]; /* sorted by name */
extern const size_t kube_schema_name_count;
extern const struct schema_resource kube_schema_resources[]; /* sorted by group, version, kind */
extern const size_t kube_schema_resource_count;

#endif
