/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/http_curl/http_curl.h - ports/driven/http.h over libcurl, one handle a call.
 */
#ifndef ADAPTERS_HTTP_CURL_HTTP_CURL_H
#define ADAPTERS_HTTP_CURL_HTTP_CURL_H

#include "ports/driven/clock.h"
#include "ports/driven/http.h"

/* The clock is borrowed and outlives the port. */
struct http http_curl_port(const struct clock *clock);

#endif
