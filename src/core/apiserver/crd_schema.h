/* SPDX-License-Identifier: Apache-2.0 */
/* core/apiserver/crd_schema.h - is an OpenAPI v3 schema structural? */
#ifndef CORE_APISERVER_CRD_SCHEMA_H
#define CORE_APISERVER_CRD_SCHEMA_H

#include "core/apiserver/checks.h"

/* `field` is where the schema stands in the definition. Rules in CEL are not looked at. */
void crd_schema_validate(const struct check *c, struct str field, const struct val *schema);

#endif
