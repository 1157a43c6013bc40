/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/oci/docker_config.h - credentials of registries in a Docker configuration file (config.json), which Helm's
 * registry/config.json and Secrets of type kubernetes.io/dockerconfigjson are too.
 *
 * Source of truth: docker/cli's configfile and oras-go 2.6.
 */
#ifndef CORE_OCI_DOCKER_CONFIG_H
#define CORE_OCI_DOCKER_CONFIG_H

#include "base/err.h"
#include "base/secret.h"
#include "value/val.h"

/* All unset and empty: there are none. */
struct oci_credentials {
    struct str username;
    struct secret password;
    struct secret refresh_token; /* identitytoken: buys tokens at the token server */
    struct secret access_token;  /* registrytoken: goes to the registry as it is */
    struct str helper; /* a program has them, and is to be asked: docker-credential-<helper> */
};

bool oci_has_credentials(const struct oci_credentials *c);

/* An empty text is an empty file. ERR_INVALID: no JSON object; `name` is the file. */
MUST_CHECK struct err *docker_config_read(struct arena *a, struct str text, struct str name,
                                          const struct val **ret);

/* The key of a registry (host[:port]) in a file. */
struct str docker_config_address(struct str registry);

/* Those for a registry (host[:port]); a helper of the file comes first. ERR_INVALID: an entry that cannot be read. */
MUST_CHECK struct err *docker_config_find(struct arena *a, const struct val *config,
                                          struct str registry, struct oci_credentials *ret);

/* The file with these credentials. ERR_INVALID: a name with a colon, which the format cannot hold. */
MUST_CHECK struct err *docker_config_with(struct arena *a, const struct val *config,
                                          struct str registry, const struct oci_credentials *c,
                                          const struct val **ret);

/* The file without those of a registry; *ret is NULL where there were none. */
void docker_config_without(struct arena *a, const struct val *config, struct str registry,
                           const struct val **ret);

/* As docker and helm write it: JSON with tabs, keys sorted, no newline at the end. */
struct str docker_config_format(struct arena *a, const struct val *config);

#endif
