/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/kube_http/kubeconfig.h - where a cluster is and who we are there, from a kubeconfig.
 */
#ifndef ADAPTERS_KUBE_HTTP_KUBECONFIG_H
#define ADAPTERS_KUBE_HTTP_KUBECONFIG_H

#include "adapters/kube_http/exec_plugin.h"

struct kubeconfig {
    struct str server; /* https://host:port[/prefix], no trailing slash */
    struct str ca_pem; /* "": the system's authorities */
    struct str client_cert_pem;
    struct secret client_key_pem;
    struct secret token;
    struct str token_file;          /* that `token` is from, and that may change; "": none */
    struct secret basic;            /* name:password */
    struct str proxy_url;           /* "": none */
    bool insecure;                  /* the certificate is not checked */
    struct str tls_server_name;     /* that the certificate is for; "": the server's host */
    const struct exec_plugin *exec; /* that gives the credentials; NULL: none */
};

/* What a kubeconfig may ask of this machine. */
struct kubeconfig_trust {
    bool exec;         /* run a program (users[].user.exec) */
    bool insecure_tls; /* of somebody else's: not check the server's certificate */
};

/*
 * Reads the files of `paths`, separated by ":" as in $KUBECONFIG, as one: the first that has a name counts, files that are
 * not there are passed over. Of them the context named, or the current one. ERR_NOT_FOUND: no such file, context or
 * cluster; ERR_INVALID: not a kubeconfig; ERR_UNSUPPORTED: auth-provider plugins, and exec where it is not trusted.
 */
MUST_CHECK struct err *kubeconfig_read(struct arena *a, struct kubeconfig_trust trust,
                                       struct str paths, struct str context,
                                       struct kubeconfig *ret);

/*
 * The same from text that somebody else wrote, by its current context. ERR_UNSUPPORTED also where it names files: ours
 * are not for them. `name` leads messages.
 */
MUST_CHECK struct err *kubeconfig_from_secret(struct arena *a, struct kubeconfig_trust trust,
                                              struct str text, struct str name,
                                              struct kubeconfig *ret);

/* What a Pod is given: ca.crt and token in `folder`. `server` is borrowed. */
MUST_CHECK struct err *kubeconfig_in_cluster(struct arena *a, struct str server, struct str folder,
                                             struct kubeconfig *ret);

MUST_CHECK struct err *kubeconfig_read_token(struct arena *a, struct str path, struct secret *ret);

#endif
