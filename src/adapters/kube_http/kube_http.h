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

#include "base/secret.h"
#include "ports/driven/metrics.h"
#include "ports/driven/process.h"
#include "ports/driving/api_server.h"

struct kube_http;

/* Zeroed: no program is run, and every certificate is checked. */
struct kube_http_options {
    struct process process; /* runs credential plugins (exec in a kubeconfig); ops NULL: refused */
    bool insecure_tls;      /* a Secret's kubeconfig may say insecure-skip-tls-verify */
    struct metrics metrics; /* rest_client_*; ops NULL: nothing is counted */
};

/* Reads the kubeconfig, or several of them (errors as kubeconfig_read) and loads libcurl. Makes no call. */
MUST_CHECK struct err *kube_http_new(struct arena *a, const struct kube_http_options *options,
                                     struct str kubeconfig, struct str context,
                                     struct kube_http **ret);
/* The same from inside the cluster: ca.crt and token of the Pod's service account in `folder`. */
MUST_CHECK struct err *kube_http_in_cluster(struct arena *a,
                                            const struct kube_http_options *options,
                                            struct str server, struct str folder,
                                            struct kube_http **ret);
/*
 * The same from the text of a kubeconfig that a Secret holds, by its current context. `name` leads messages. Nothing of
 * this machine is used for it: ERR_UNSUPPORTED where it names files, or programs that the options do not allow.
 */
MUST_CHECK struct err *kube_http_from_secret(struct arena *a,
                                             const struct kube_http_options *options,
                                             struct str text, struct str name,
                                             struct kube_http **ret);
/* A server at https://host:port, whose certificate `ca_pem` signed ("": the system's authorities); who we are is told by kube_http_set_token. */
MUST_CHECK struct err *kube_http_at(struct arena *a, const struct kube_http_options *options,
                                    struct str server, struct str ca_pem, struct kube_http **ret);
void kube_http_set_token(struct kube_http *k, struct secret token); /* from here on; copied */
/* From here on requests are counted there. Before threads use it. */
void kube_http_measure(struct kube_http *k, const struct metrics *metrics);
struct api_server kube_http_port(struct kube_http *k);
void kube_http_free(struct kube_http *k); /* every watch is closed; NULL is fine */

#endif
