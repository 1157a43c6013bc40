/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/git_access.h - how a GitRepository's server is reached: URL, credentials and proxy from its Secrets.
 *
 * Keys of the Secrets are source-controller's 1.9: username, password, bearerToken, ca.crt (or caFile), tls.crt, tls.key;
 * identity, known_hosts and password for ssh; address, username and password of a proxy.
 */
#ifndef APP_RECONCILE_GIT_ACCESS_H
#define APP_RECONCILE_GIT_ACCESS_H

#include "app/reconcile/ports.h"

/*
 * The remote of the object, its mirror named after URL and Secrets, so that those with both in common share one. On
 * failure *ret_reason is a reason of source-controller. ERR_INVALID from the URL: only a change of the object can help;
 * all else may change with the Secrets. Messages name a Secret, never its content.
 */
MUST_CHECK struct err *git_access_remote(const struct reconcile_ports *ports, struct run *run,
                                         const struct val *object, struct git_remote *ret,
                                         const char **ret_reason);

#endif
