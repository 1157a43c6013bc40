/* SPDX-License-Identifier: Apache-2.0 */
/* main/session.h - what a command works with: a cluster over HTTPS, and this machine's files. */
#ifndef MAIN_SESSION_H
#define MAIN_SESSION_H

#include "adapters/kube_http/kube_http.h"
#include "adapters/kube_inproc/kube_inproc.h"
#include "app/control/commands.h"
#include "app/control/queries.h"
#include "ports/driving/session.h"

/* A cluster reached over HTTPS: the transport, and the cluster port on top of it. */
struct remote {
    struct kube_http *http;
    struct kube_inproc *client;
    struct control_commands commands;
    struct control_queries queries;
};

/* kubeconfig "": $KUBECONFIG, then the service account of the Pod we are in, then ~/.kube/config. Close with remote_close. No call is made yet. */
MUST_CHECK struct err *remote_open(struct arena *a, struct str kubeconfig, struct str context,
                                   struct remote *ret);
void remote_close(void *remote);

extern const struct session_ops session_operations;

#endif
