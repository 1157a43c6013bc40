/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/kube_http/exec_plugin.h - credentials from a program that a kubeconfig names: users[].user.exec.
 *
 * Source of truth: client.authentication.k8s.io v1 and v1beta1 (ExecCredential). The program gets our environment with what
 * the kubeconfig adds, no terminal and no input; what it prints is bounded and has a deadline.
 */
#ifndef ADAPTERS_KUBE_HTTP_EXEC_PLUGIN_H
#define ADAPTERS_KUBE_HTTP_EXEC_PLUGIN_H

#include "base/secret.h"
#include "ports/driven/process.h"
#include "value/val.h"

struct exec_plugin {
    struct str command; /* absolute, or without a slash and then found in PATH */
    struct str api_version;
    struct str install_hint; /* "": none */
    const char *const *argv; /* NULL-terminated */
    const struct val *env;   /* [{name, value}] of the kubeconfig */
    struct str info;         /* KUBERNETES_EXEC_INFO */
};

/*
 * Of `exec`, in the kubeconfig `name`, whose folder relative commands start from ("": none). `cluster`: as spec.cluster is told to a program that asks for it (provideClusterInfo).
 * ERR_INVALID: another version than the two, no command, a program that insists on a terminal.
 */
MUST_CHECK struct err *exec_plugin_parse(struct arena *a, const struct val *exec, struct str name,
                                         struct str folder, const struct val *cluster,
                                         const struct exec_plugin **ret);

struct exec_credential {
    struct secret token; /* unset: none */
    struct str cert_pem; /* "": none; with key_pem */
    struct secret key_pem;
    struct wall_time expires; /* 0: it does not say */
};

/*
 * Runs the program; *ret lives in r->arena. ERR_UNAUTHORIZED: it failed or printed no credential of its version; the
 * message has the end of what it said on standard error, never of its output.
 */
MUST_CHECK struct err *exec_plugin_run(const struct exec_plugin *plugin,
                                       const struct process *process, struct run *r,
                                       struct exec_credential *ret);

#endif
