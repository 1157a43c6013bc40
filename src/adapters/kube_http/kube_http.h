/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/kube_http/kube_http.h - a real API server over HTTPS, behind the same port as the embedded one.
 *
 * It is a transport: requests and answers of ports/driving/api_server.h, sent with libcurl. What a cluster call means is
 * said once, in adapters/kube_inproc, which main puts on top (docs/adr). Thread-safe; connections are
 * kept and reused; each watch has a thread of its own.
 */
#ifndef ADAPTERS_KUBE_HTTP_KUBE_HTTP_H
#define ADAPTERS_KUBE_HTTP_KUBE_HTTP_H

#include "ports/driving/api_server.h"

struct kube_http;

/* Reads the kubeconfig, or several of them (errors as kubeconfig_read) and loads libcurl. Makes no call. */
MUST_CHECK struct err *kube_http_new(struct arena *a, struct str kubeconfig, struct str context,
                                     struct kube_http **ret);
/* The same from inside the cluster: ca.crt and token of the Pod's service account in `folder`. */
MUST_CHECK struct err *kube_http_in_cluster(struct arena *a, struct str server, struct str folder,
                                            struct kube_http **ret);
/*
 * The same from the text of a kubeconfig that a Secret holds, by its current context. `name` leads messages. Nothing of
 * this machine is used for it: ERR_UNSUPPORTED where it names files or programs.
 */
MUST_CHECK struct err *kube_http_from_secret(struct arena *a, struct str text, struct str name,
                                             struct kube_http **ret);
struct api_server kube_http_port(struct kube_http *k);
void kube_http_free(struct kube_http *k); /* every watch is closed; NULL is fine */

#endif
