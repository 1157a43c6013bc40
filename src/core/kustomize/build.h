/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/build.h - one build in progress: what all of its parts share, and where each kustomization is.
 */
#ifndef CORE_KUSTOMIZE_BUILD_H
#define CORE_KUSTOMIZE_BUILD_H

#include "core/kustomize/config.h"
#include "core/kustomize/kustomize.h"
#include "core/kustomize/resmap.h"

/* A folder whose kustomization is being built, and who named it. */
struct kust_dir {
    const struct tree *tree; /* the build's, or one that was fetched */
    struct str path;         /* in the tree, symbolic links resolved */
    struct str origin;       /* path as the kustomizations spelled it, for origin annotations */
    struct str file;         /* its kustomization as messages name it */
    struct str file_name;    /* kustomization.yaml */
    const struct kust_dir *parent;
    struct str named_at;   /* path:line:column in the parent's kustomization; "" at the start */
    struct str repository; /* that the folder is in, and its ref; "" for the start folder's */
    struct str ref;
    struct str url; /* of that repository, as written; "" when the parent is in it too */
    size_t depth;
    bool restricted; /* files must lie in or below the folder */
};

struct kust_errors {
    struct err **items;
    size_t count;
    size_t cap;
};

/* A repository that this build fetched. */
struct kust_clone {
    struct kustomize_remote remote;
    const struct tree *tree;
};

struct kust_clones {
    struct kust_clone *items;
    size_t count;
    size_t cap;
};

/* One build in progress. */
struct kust_build {
    struct arena *arena;
    const struct kustomize_options *options;
    struct merge_schema schema;
    const struct tree *tree; /* of the start folder */
    struct str start;        /* path of the start folder */
    struct kust_clones clones;
    size_t files;       /* read so far */
    size_t floor;       /* bytes that the arena held before */
    size_t input_bytes; /* read so far */
    uint64_t steps;     /* taken so far; kust_spend */
    size_t copies;      /* nodes that replacements made */
    bool track_origins; /* some buildMetadata option of the start kustomization is set */
    bool builtin_used;  /* the built-in schema was needed before another was chosen */
    bool schema_chosen; /* an `openapi` field was seen */
    struct kust_strs warnings;
    struct kust_errors errors; /* found so far; kust_report */
    struct err *fatal;         /* that ends the build, as it was given back */
};

/* How messages name a path of the tree: from the start folder on as the user typed it. */
struct str kust_show(const struct kust_build *b, const struct kust_dir *dir, struct str path);

/* Is there a file (or folder) `path` names from dir? Absent for paths that lead nowhere. */
MUST_CHECK struct err *kust_stat(const struct kust_build *b, const struct kust_dir *dir,
                                 struct str path, enum tree_kind *ret);

struct kust_file {
    struct str content;
    struct str name; /* as messages name it */
};

/*
 * Reads what a field of dir's kustomization names. ERR_NOT_FOUND, ERR_FORBIDDEN (outside of what it may read),
 * ERR_TOO_LARGE, ERR_UNSUPPORTED (remote, and no way to fetch it).
 */
MUST_CHECK struct err *kust_read(struct kust_build *b, const struct kust_dir *dir, struct str path,
                                 struct kust_file *ret);

/* The folder that the build starts in. ERR_NOT_FOUND: there is none. */
MUST_CHECK struct err *kust_start_dir(struct kust_build *b, const struct tree *tree,
                                      struct str path, struct kust_dir *ret);

/* The folder `path` names from dir. ERR_INVALID: a cycle, or too deep. */
MUST_CHECK struct err *kust_enter(struct kust_build *b, const struct kust_dir *dir, struct str path,
                                  struct kust_dir *ret);

/* Objects of a YAML text: lists opened, null documents dropped, names and kinds required. */
MUST_CHECK struct err *kust_objects_read(struct kust_build *b, struct str text, struct str name,
                                         struct kust_resources *ret);

/* The same of a patch, where of a key given twice the first one counts. */
MUST_CHECK struct err *kust_patches_read(struct kust_build *b, struct str text, struct str name,
                                         struct kust_resources *ret);

/* ERR_INVALID unless v has what every object must have: a kind and a name; a list needs no name. */
MUST_CHECK struct err *kust_object_check(struct kust_build *b, const struct val *v,
                                         struct str name);

/*
 * Notes what is wrong with the entry `at` of `field` (NULL: the whole kustomization) and lets the build go on to find
 * more: NULL is returned. An error after which going on is pointless (limits, cancellation, too many errors) is
 * given back with the same words instead. NULL stays NULL. In front of the message come the place, unless it names
 * one in dir's file already, and the kustomizations that led here.
 */
MUST_CHECK struct err *kust_report(struct kust_build *b, const struct kust_dir *dir,
                                   const char *field, const struct val *at, struct err *e);

/* All that was reported as one error; NULL: nothing was. */
MUST_CHECK struct err *kust_reported(const struct kust_build *b);

/* Notes a step of all objects that it changed. `at` is the entry that asked for it; NULL: the kustomization. */
void kust_trace(struct kust_build *b, const struct kust_dir *dir, const struct kust_resmap *m,
                const char *by, const char *field, const struct val *at);

/* A made resource around an object. */
struct kust_resource *kust_resource_new(struct kust_build *b, const struct val *object);

/* The build begins: its arena is held to the build's memory until kust_budget_end. */
size_t kust_budget_begin(struct kust_build *b);
void kust_budget_end(struct kust_build *b, size_t old);

/* Allows for what was read just now. */
void kust_budget_read(struct kust_build *b, size_t bytes);

/* ERR_TOO_LARGE once the build has used more memory than it may. */
MUST_CHECK struct err *kust_check_budget(const struct kust_build *b);

/*
 * Says that so much work comes next, in looks at a field, an object or a list item: every loop that a repository can make as long as the
 * product of two of its lists says so. ERR_TOO_LARGE beyond LIMIT_BUILD_STEPS or the memory that a build may use.
 */
MUST_CHECK struct err *kust_spend(struct kust_build *b, size_t steps);

void kust_warn(struct kust_build *b, struct str warning);

#endif
