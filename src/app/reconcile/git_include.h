/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/git_include.h - spec.include of a GitRepository: artifacts of others, put into this one's folder.
 *
 * The included GitRepositories are what the engine has observed; a change of one brings a run of those that include it.
 * Reasons and messages are source-controller's 1.9; cycles, which would never come to rest here, are refused.
 */
#ifndef APP_RECONCILE_GIT_INCLUDE_H
#define APP_RECONCILE_GIT_INCLUDE_H

#include "app/reconcile/gate.h"
#include "app/reconcile/ports.h"
#include "core/tree_memory.h"

struct git_includes {
    const struct val *const *objects; /* one for each entry of spec.include; NULL: there is none */
    struct str cycle;                 /* "a -> b -> a"; "": none */
};

/* Name of spec.include[i]'s GitRepository, in the namespace of `object`. */
struct str git_include_name(const struct val *object, size_t i);

/* Looks all of them up; what it returns is the reader's, in the arena only the list. */
struct git_includes git_includes_find(struct arena *a, const struct val *object,
                                      const struct gate_reader *reader);

/* An include has another artifact than the one that `object` was built with, or none. */
bool git_includes_changed(const struct val *object, const struct git_includes *in);

/*
 * The artifacts as status.includedArtifacts shows them; NULL in *ret when nothing is included. ERR_NOT_FOUND: one is not
 * there or has no artifact, ERR_INVALID: a cycle; *ret_reason says which.
 */
MUST_CHECK struct err *git_includes_artifacts(struct arena *a, const struct val *object,
                                              const struct git_includes *in, const struct val **ret,
                                              const char **ret_reason);

/* Puts fromPath of each artifact at toPath over `tree`. */
MUST_CHECK struct err *git_includes_apply(const struct reconcile_ports *ports, struct run *run,
                                          const struct val *object, const struct val *artifacts,
                                          struct tree *tree);

#endif
