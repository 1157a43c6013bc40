/* SPDX-License-Identifier: Apache-2.0 */
/* main/clusters.h - the port ports/driven/clusters.h: clients by target, from adapters kube_http and kube_inproc. */
#ifndef MAIN_CLUSTERS_H
#define MAIN_CLUSTERS_H

#include "adapters/kube_http/kube_http.h"
#include "ports/driven/clock.h"
#include "ports/driven/clusters.h"
#include "ports/driving/api_server.h"

struct clusters_pool;

/* `own`: the cluster we run on, asked as `user`; `remote`: what clients of other clusters may. All are copied. */
struct clusters_pool *clusters_pool_new(struct api_server own, const struct api_user *user,
                                        const struct clock *clock,
                                        const struct kube_http_options *remote);
struct clusters clusters_pool_port(struct clusters_pool *p);
/* When no run uses a client any more. NULL is fine. */
void clusters_pool_free(struct clusters_pool *p);

#endif
