/* SPDX-License-Identifier: Apache-2.0 */
/* adapters/oci_http/push.h - the writing operations of ports/driven/registry.h. Private to oci_http. */
#ifndef ADAPTERS_OCI_HTTP_PUSH_H
#define ADAPTERS_OCI_HTTP_PUSH_H

#include "ports/driven/registry.h"

MUST_CHECK struct err *oci_push_blob(void *self, struct run *r,
                                     const struct registry_remote *remote,
                                     const struct oci_descriptor *descriptor, struct str bytes);
MUST_CHECK struct err *oci_push_manifest(void *self, struct run *r,
                                         const struct registry_remote *remote, struct str reference,
                                         struct str bytes);

#endif
