/* SPDX-License-Identifier: Apache-2.0 */
/* core/apiserver/tables/resource_table.h - what kube-apiserver serves; read it through core/apiserver/resource.h. */
#ifndef CORE_APISERVER_TABLES_RESOURCE_TABLE_H
#define CORE_APISERVER_TABLES_RESOURCE_TABLE_H

#include "core/apiserver/resource.h"

extern const struct api_resource kube_resources[]; /* sorted by group, version, plural */
extern const size_t kube_resource_count;

#endif
