/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driven/git.h - remote Git repositories, mirrored and read.
 *
 * Calls block until done, r->deadline or cancellation. Thread-safe; calls for one repository wait for each other.
 * Implementation: adapters/git_cli (the git program, locked down; docs/adr).
 */
#ifndef PORTS_DRIVEN_GIT_H
#define PORTS_DRIVEN_GIT_H

#include "base/run.h"
#include "base/secret.h"
#include "core/tree.h"

struct git_auth {
    struct str username; /* https */
    struct secret password;
    struct secret bearer_token;
    struct str ca_pem; /* "": the system's authorities */
    struct str client_cert_pem;
    struct secret client_key_pem;
    struct secret ssh_identity;
    struct str ssh_known_hosts;
};

struct git_remote {
    struct str url;
    const struct git_auth *auth; /* NULL: none */
    struct str mirror; /* name of the local mirror: "namespace/name"; a cache that may vanish */
    bool allow_file;   /* file:// and paths, for the demo and simulate only */
};

struct git_ref {
    struct str name;   /* refs/heads/main, HEAD */
    struct str id;     /* object id, hex */
    struct str peeled; /* of an annotated tag: the commit; "" otherwise */
};

struct git_refs {
    struct git_ref *items;
    size_t count;
};

struct git_commit {
    struct str id;      /* hex */
    struct str subject; /* first line */
    struct str author_name;
    struct str author_email;
    struct wall_time committed;
};

struct git_submodule {
    struct str path;
    struct str url; /* may be relative to the repository's: ../other.git */
    struct str commit;
};

struct git_submodules {
    struct git_submodule *items;
    size_t count;
    size_t cap;
};

struct git_ops {
    /*
     * One ls-remote, no objects. `patterns` limit what the server sends where the protocol can.
     * ERR_UNAUTHORIZED, ERR_NOT_FOUND (no repository), ERR_UNAVAILABLE, ERR_TIMEOUT; ERR_INVALID: the URL.
     */
    struct err *(*ls_remote)(void *self, struct run *r, const struct git_remote *remote,
                             const struct str *patterns, size_t count, struct git_refs *ret);
    /*
     * Brings commit `id` (found under `ref`, "" when only the id is known) into the mirror and reads its header.
     * ERR_NOT_FOUND: the remote does not have it.
     */
    struct err *(*fetch)(void *self, struct run *r, const struct git_remote *remote, struct str ref,
                         struct str id, struct git_commit *ret);
    /* The commit's folder, read from objects; lives in r->arena. Symbolic links are links, submodules empty folders. */
    struct err *(*tree)(void *self, struct run *r, const struct git_remote *remote, struct str id,
                        struct tree *ret);
    /* Those of a commit that fetch brought; `url` as .gitmodules has it. None is no error. */
    struct err *(*submodules)(void *self, struct run *r, const struct git_remote *remote,
                              struct str id, struct git_submodules *ret);
    /* Removes the mirror. */
    struct err *(*forget)(void *self, struct run *r, struct str mirror);
};

struct git {
    const struct git_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
