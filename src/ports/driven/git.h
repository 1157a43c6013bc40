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

/* Secrets reach the git program without a file on disk and in no argument list. */
struct git_auth {
    struct str username; /* https */
    struct secret password;
    struct secret bearer_token;
    struct str ca_pem; /* beside the system's authorities; "": those alone */
    struct str client_cert_pem;
    struct secret client_key_pem; /* with client_cert_pem */
    struct secret ssh_identity;   /* private key in PEM */
    struct secret ssh_passphrase; /* of an encrypted identity */
    struct str ssh_known_hosts;   /* no other host key is trusted */
    struct secret proxy_url;      /* http, https or socks5, with user and password; not for ssh */
};

struct git_remote {
    struct str url;
    const struct git_auth *auth; /* NULL: none */
    struct str
        mirror; /* name of the local mirror, "a/b": the same for the same URL and credential; a cache that may vanish */
    bool allow_file; /* file:// and paths, for the demo and simulate only */
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

/* A commit to bring. */
struct git_target {
    struct str ref; /* refs/heads/main; "": only the id is known */
    struct str id;
    bool
        within; /* the id must be in the history of ref, which is fetched whole where id is not its tip */
};

struct git_commit {
    struct str id;      /* hex */
    struct str subject; /* first line */
    struct str author_name;
    struct str author_email;
    struct wall_time committed;
};

/* Files whose path begins with one of the prefixes, as text; none: every file. */
struct git_selection {
    const struct str *prefixes;
    size_t count;
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
     * One ls-remote, no objects. `patterns` limit what the server sends where the protocol can; none: every reference.
     * Callers that wait for the same question get one answer. ERR_UNAUTHORIZED, ERR_FORBIDDEN (a host key, a redirect),
     * ERR_NOT_FOUND (no repository), ERR_UNAVAILABLE, ERR_TIMEOUT; ERR_INVALID: the URL; ERR_UNSUPPORTED: a proxy for ssh.
     */
    struct err *(*ls_remote)(void *self, struct run *r, const struct git_remote *remote,
                             const struct str *patterns, size_t count, struct git_refs *ret);
    /*
     * Brings the target into the mirror and reads its header; as ls_remote fails, and ERR_NOT_FOUND: the remote does
     * not have it, or not in that ref; ERR_TOO_LARGE: the pack is beyond LIMIT_GIT_PACK_BYTES; ERR_INVALID: objects that
     * Git's own check refuses.
     */
    struct err *(*fetch)(void *self, struct run *r, const struct git_remote *remote,
                         const struct git_target *target, struct git_commit *ret);
    /*
     * The folder of a commit that fetch brought, read from objects; lives in r->arena. Symbolic links and submodules are
     * left out, as Flux leaves them out of artifacts. `only` NULL: every file.
     */
    struct err *(*tree)(void *self, struct run *r, const struct git_remote *remote, struct str id,
                        const struct git_selection *only, struct tree *ret);
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
