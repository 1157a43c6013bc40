/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/tokens.h - private to app/apiserver: bearer tokens of service accounts.
 *
 * A token is 32 random bytes; the store keeps its digest with the account's name and uid and the time it ends, under a
 * key that no resource has. It dies with its account, as the account's uid does.
 */
#ifndef APP_APISERVER_TOKENS_H
#define APP_APISERVER_TOKENS_H

#include "app/apiserver/state.h"

#define TOKEN_AUDIENCE STR("https://kubernetes.default.svc.cluster.local")

/* False: no such token, it expired, or its account is gone. */
bool token_user(struct apiserver *s, struct run *r, struct str token, struct api_user *ret);

/* Drops what has expired; called now and then by the keeper. */
void tokens_sweep(struct apiserver *s, struct run *r);

#endif
