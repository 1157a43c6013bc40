/* SPDX-License-Identifier: Apache-2.0 */
/* core/apiserver/crd_format.h - `format` of strings in CRD schemas. */
#ifndef CORE_APISERVER_CRD_FORMAT_H
#define CORE_APISERVER_CRD_FORMAT_H

#include "base/str.h"

/* Kubernetes warns of a definition that names another. */
bool crd_format_known(struct arena *a, struct str format);

/* Formats that Kubernetes does not know fit everything. */
bool crd_format_fits(struct arena *a, struct str format, struct str text);

#endif
