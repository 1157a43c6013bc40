/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/kustomize.h - `kustomize build` as a function: a folder in, objects out.
 *
 * Reads through core/tree.h only, so the same tree, path and options always give the same objects. All that
 * comes back lives in the arena. Linear in the objects. Source of truth: kustomize 5.8.2 (api 0.21); output is
 * meant to be byte-identical. A field that is not built is refused by name.
 */
#ifndef CORE_KUSTOMIZE_KUSTOMIZE_H
#define CORE_KUSTOMIZE_KUSTOMIZE_H

#include "base/buf.h"
#include "core/kustomize/remote.h"
#include "core/tree.h"
#include "value/val.h"

/* How remote resources are brought; results live in the arena. */
struct kustomize_fetch {
    /* The whole repository at its ref, as a tree. */
    struct err *(*repository)(void *self, struct arena *a, const struct kustomize_remote *remote,
                              const struct tree **ret);
    /* A file over http or https. */
    struct err *(*file)(void *self, struct arena *a, struct str url, struct str *ret_content);
    void *self;
};

struct kustomize_options {
    bool
        load_anywhere; /* files may lie outside the kustomization that names them (never outside the tree) */
    bool
        for_flux; /* managedByLabel gives the name of the kustomize in Flux, which has no version */
    bool legacy_order; /* --reorder=legacy; a kustomization's sortOptions win */
    bool machine_root; /* the tree's root is the machine's: absolute paths may be used */
    struct str label;  /* how messages name the start folder; "": its path */
    /* Used for the start folder instead of its own file, which need not exist. NULL: read the file. */
    const struct val *kustomization;
    struct str
        kustomization_name; /* of the above, in messages and origins; "kustomization.yaml" when empty */
    bool trace;             /* note the steps of every object, for kustomize_explain */
    struct kustomize_fetch fetch; /* zero: remote resources are refused by name */
};

/* An object as one step of the build left it. Unchanged parts share their nodes, and nodes know their place. */
struct kustomize_step {
    const struct val *object; /* NULL: the step removed it */
    struct str by;            /* "PatchTransformer"; "" for the file or entry that it comes from */
    struct str place;         /* path:line:column of the entry that asked for the step; may be "" */
};

struct kustomize_resource {
    const struct val *object;
    struct str file; /* that it was read from, as messages name it; "" for generated ones */
    struct str ns;   /* "default" when it has none, "" for cluster-scoped kinds */
    const struct kustomize_step *steps; /* with options.trace; the first is its origin */
    size_t step_count;
};

struct kustomize_result {
    struct kustomize_resource *items;
    size_t count;
    const struct str *warnings; /* deprecated fields and the like, each once */
    size_t warning_count;
};

/* Names a folder's kustomization may have. */
#define KUSTOMIZE_FILE_NAMES 3
extern const struct str kustomize_file_names[KUSTOMIZE_FILE_NAMES];

/*
 * Builds the folder `path` of the tree. All that is wrong is told at once (err_join), each with path:line:column and the
 * kustomizations that led there; the code is that of the first. ERR_NOT_FOUND: no kustomization, or a file that one names; ERR_INVALID: what
 * is wrong in one, with path:line:column; ERR_FORBIDDEN: a path that leaves where it may read; ERR_UNSUPPORTED: a
 * field or plugin that is not built; ERR_TOO_LARGE: a limit of base/limits.h.
 */
MUST_CHECK struct err *kustomize_build(struct arena *a, const struct kustomize_options *options,
                                       const struct tree *tree, struct str path,
                                       struct kustomize_result *ret);

/* "apps_v1_deployment_web.yaml", with the namespace in front where the result spans several: as `kustomize build -o`. */
struct str kustomize_file_name(struct arena *a, const struct kustomize_result *result,
                               size_t index);

/* Objects separated by "---" lines, as kustomize prints them. */
void kustomize_print(struct buf *out, const struct kustomize_result *result);

#endif
