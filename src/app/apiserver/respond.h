/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/respond.h - private to app/apiserver: answers in the form the client accepts.
 */
#ifndef APP_APISERVER_RESPOND_H
#define APP_APISERVER_RESPOND_H

#include "app/apiserver/state.h"

/* Object, list, Table, PartialObjectMetadata, document or text as JSON, YAML or plain text. */
MUST_CHECK struct err *respond_answer(struct call *c, const struct answer *answer,
                                      struct api_response *ret);

/* The Status of an error. */
void respond_error(struct call *c, const struct err *e, struct api_response *ret);

/* One object as the client accepts it: itself, a Table of one row, or its metadata. */
MUST_CHECK struct err *respond_object(struct call *c, const struct val *object, bool first,
                                      const struct val **ret);

#endif
