/* SPDX-License-Identifier: Apache-2.0 */
/*
 * adapters/git_snapshot/git_snapshot.h - ports/driven/git.h where one repository is answered from a snapshot of this machine.
 *
 * For `weir simulate`: whoever fetches the fleet's own URL, at whatever branch or tag, gets the working tree or one revision.
 * Other repositories are refused by name, or left to the git that is wrapped.
 */
#ifndef ADAPTERS_GIT_SNAPSHOT_GIT_SNAPSHOT_H
#define ADAPTERS_GIT_SNAPSHOT_GIT_SNAPSHOT_H

#include "ports/driven/git.h"
#include "ports/driven/process.h"

struct git_snapshot;

/* `inner` and `process` are borrowed. `fetch_others`: what is not the fleet goes to inner. Never NULL. */
struct git_snapshot *git_snapshot_new(const struct git *inner, const struct process *process,
                                      bool fetch_others);
void git_snapshot_free(struct git_snapshot *s);
struct git git_snapshot_port(struct git_snapshot *s);

/*
 * Takes a snapshot of the repository (or plain folder) into `folder`, which must not exist yet, and answers with it from now on.
 * revision "": the working tree, without what Git ignores. The URLs of the repository's remotes count as its own. ERR_INVALID:
 * no such revision; ERR_NOT_FOUND: no git program.
 */
MUST_CHECK struct err *git_snapshot_take(struct git_snapshot *s, struct run *r,
                                         struct str repository, struct str revision,
                                         struct str folder);
/* The URL of the snapshot itself, file://... */
struct str git_snapshot_url(const struct git_snapshot *s);
/* This URL is the fleet's, too. */
void git_snapshot_adopt(struct git_snapshot *s, struct str url);

#endif
