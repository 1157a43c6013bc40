/* SPDX-License-Identifier: Apache-2.0 */
/* core/oci/ip_literal.h - which hosts are addresses that credentials should not be sent to. Private to core/oci. */
#ifndef CORE_OCI_IP_LITERAL_H
#define CORE_OCI_IP_LITERAL_H

#include "base/str.h"

/* An IPv4 or IPv6 address, without brackets, that is loopback, link-local, private or unspecified. A name is not. */
bool ip_literal_is_internal(struct str host);

#endif
