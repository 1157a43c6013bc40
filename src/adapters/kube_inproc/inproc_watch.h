/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/kube_inproc/inproc_watch.h - private to the adapter: a watch of the server as one of the cluster port.
 */
#ifndef ADAPTERS_KUBE_INPROC_INPROC_WATCH_H
#define ADAPTERS_KUBE_INPROC_INPROC_WATCH_H

#include "adapters/kube_inproc/inproc_state.h"

struct err *inproc_watch(void *self, struct run *r, const struct cluster_selector *sel,
                         struct str resource_version, const struct cluster_watcher *watcher,
                         struct cluster_watch **ret);
void inproc_watch_close(void *self, struct cluster_watch *watch);

#endif
