/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/kube_inproc/kube_inproc.h - the cluster port over the embedded API server, in this process.
 *
 * Each call is one request to the driving port (ports/driving/api_server.h), without a socket; sets are served one
 * after the other, since nothing is waited for. Errors are the server's Status, as over the wire.
 * Thread-safe. Watchers are called on the server's hub thread (the first events on the opener's).
 */
#ifndef ADAPTERS_KUBE_INPROC_KUBE_INPROC_H
#define ADAPTERS_KUBE_INPROC_KUBE_INPROC_H

#include "ports/driven/cluster.h"
#include "ports/driven/discovery.h"
#include "ports/driving/api_server.h"

struct kube_inproc;

/* Asks as `user` with its groups (copied): system:masters may do all. */
struct kube_inproc *kube_inproc_new(struct api_server server, const struct api_user *user);
/* The same, impersonating the user `as` (copied); "": nobody. */
struct kube_inproc *kube_inproc_new_as(struct api_server server, const struct api_user *user,
                                       struct str as);
struct cluster kube_inproc_port(struct kube_inproc *k);
struct discovery kube_inproc_discovery(struct kube_inproc *k);
/* Every watch is closed. NULL is fine. */
void kube_inproc_free(struct kube_inproc *k);

#endif
