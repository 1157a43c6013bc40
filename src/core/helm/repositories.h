/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/repositories.h - Helm's repositories.yaml: the chart repositories a user has given names.
 */
#ifndef CORE_HELM_REPOSITORIES_H
#define CORE_HELM_REPOSITORIES_H

#include "base/err.h"
#include "base/secret.h"
#include "value/val.h"

struct helm_repository {
    struct str name;
    struct str url;
    struct str username;
    struct secret password;
    struct str ca_file; /* paths */
    struct str cert_file;
    struct str key_file;
    bool skip_verify;
    bool pass_credentials; /* also to charts at other hosts */
};

struct helm_repositories {
    struct helm_repository *items;
    size_t count;
    size_t cap;
    struct str api_version; /* as written; "": none */
    struct str generated;
};

/* ERR_INVALID: no YAML, a field of a wrong type; ERR_TOO_LARGE: LIMIT_REPOSITORIES. An empty text has none. */
MUST_CHECK struct err *helm_repositories_read(struct arena *a, struct str text, struct str name,
                                              struct helm_repositories *ret);

/* NULL: there is none of that name. */
const struct helm_repository *helm_repository_find(const struct helm_repositories *all,
                                                   struct str name);

/* As helm writes the file. It holds passwords: mode 0600. */
struct str helm_repositories_format(struct arena *a, const struct helm_repositories *all);

/* The two URLs mean one repository: a slash at the end, "." and ".." make no difference. */
bool helm_url_is_same(struct arena *a, struct str x, struct str y);

/*
 * A URL of an index seen from the repository's: an absolute one as it is; a relative one below the repository's path, with the
 * query of the repository. ERR_INVALID: failed to parse ... as URL.
 */
MUST_CHECK struct err *helm_url_resolve(struct arena *a, struct str repository, struct str url,
                                        struct str *ret);

#endif
