/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/build/remote_bases.h - remote resources of a kustomization, fetched through the git and http ports.
 *
 * A repository costs one ls-remote and, unless its mirror has the commit, one shallow fetch. Submodules are fetched
 * too, recursively, unless the URL says ?submodules=false. ?timeout= bounds each repository.
 */
#ifndef APP_BUILD_REMOTE_BASES_H
#define APP_BUILD_REMOTE_BASES_H

#include "core/kustomize/kustomize.h"
#include "ports/driven/clock.h"
#include "ports/driven/git.h"
#include "ports/driven/http.h"

struct remote_bases {
    struct git git;
    struct http http;
    struct clock clock;
    struct run *run;    /* its deadline and cancellation hold for all that is fetched */
    struct str mirrors; /* prefix of mirror names: what may share them */
    bool allow_file;    /* file:// repositories */
};

/* The callbacks of a build; `self` is borrowed and outlives it. */
struct kustomize_fetch remote_bases_fetch(struct remote_bases *self);

#endif
