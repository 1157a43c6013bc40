/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/serve.h - private to app/apiserver: the way every request goes before its verb.
 */
#ifndef APP_APISERVER_SERVE_H
#define APP_APISERVER_SERVE_H

#include "app/apiserver/state.h"

void call_init(struct call *c, struct apiserver *s, struct run *r, const struct api_request *req);

/*
 * Impersonation, authorization, whether the path and the method are served, what the client accepts. Some refusals are
 * plain text: then ret->status is 404.
 */
MUST_CHECK struct err *call_enter(struct call *c, struct answer *ret);

/* Cannot fail: errors are answers. */
void serve_request(struct apiserver *s, struct run *r, const struct api_request *req,
                   struct api_response *ret);

#endif
