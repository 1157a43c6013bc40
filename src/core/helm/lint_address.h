/* SPDX-License-Identifier: Apache-2.0 */
/* core/helm/lint_address.h - addresses that Chart.yaml may name. Private to core/helm. */
#ifndef CORE_HELM_LINT_ADDRESS_H
#define CORE_HELM_LINT_ADDRESS_H

#include "base/str.h"

bool lint_is_email(struct str s);

/* An absolute URI with a scheme, as net/url's ParseRequestURI takes it. */
bool lint_is_request_url(struct str s);

/* A host with what may stand around it; the scheme may be missing. */
bool lint_is_url(struct str s);

#endif
