/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/oci_http/oci_http.h - ports/driven/registry.h over the http port it is given.
 */
#ifndef ADAPTERS_OCI_HTTP_OCI_HTTP_H
#define ADAPTERS_OCI_HTTP_OCI_HTTP_H

#include "ports/driven/registry.h"

/* `http` is borrowed and outlives the port. */
struct registry oci_http_port(const struct http *http);

#endif
