/* SPDX-License-Identifier: Apache-2.0 */
/* core/url/http_status.h - the standard's words for HTTP status codes (RFC 9110 and IANA's registry). */
#ifndef CORE_URL_HTTP_STATUS_H
#define CORE_URL_HTTP_STATUS_H

/* "Not Found"; "" for a code that has no words. */
const char *http_status_text(int status);

#endif
