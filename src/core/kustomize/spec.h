/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/spec.h - a kustomization file, checked and brought to its modern form.
 *
 * Fields and their types are a table (spec_fields.c). Reading is as strict as the peer: an unknown field or a
 * value of another type is an error; keys may differ in case; null is "not given". Legacy fields become their
 * successors (bases -> resources, imageTags -> images, env -> envs).
 */
#ifndef CORE_KUSTOMIZE_SPEC_H
#define CORE_KUSTOMIZE_SPEC_H

#include "core/kustomize/build.h"

struct kust_spec {
    const struct val *value; /* map with canonical keys, nulls left out */
    bool is_component;
};

enum spec_type {
    SPEC_STRING,
    SPEC_BOOL,
    SPEC_INT,
    SPEC_STRINGS,
    SPEC_STRING_MAP,
    SPEC_MAP, /* any map */
    SPEC_OBJECT,
    SPEC_OBJECTS,
};

struct spec_field {
    struct str name;
    enum spec_type type;
    const struct spec_field *fields; /* of OBJECT and OBJECTS, closed by an empty name */
};

/* Fields of one replacement, also in a file of its own. */
extern const struct spec_field kust_replacement_fields[];
extern const struct spec_field kust_plugin_fields[]; /* of every builtin plugin */

/* Top-level fields of a kustomization, closed by an empty name. */
extern const struct spec_field kust_spec_fields[];

/* Checks a value against the fields and gives it with canonical keys and without nulls. */
MUST_CHECK struct err *kust_spec_check(struct arena *a, const struct val *v,
                                       const struct spec_field *fields, struct str name,
                                       const struct val **ret);

/* The value with keys that differ in case only spelled as the fields are. Checks nothing. */
const struct val *kust_spec_loosen(struct arena *a, const struct val *v,
                                   const struct spec_field *fields);

/* Finds and reads the kustomization of dir; sets dir->file and file_name. */
MUST_CHECK struct err *kust_spec_load(struct kust_build *b, struct kust_dir *dir,
                                      struct kust_spec *ret);

/* The file name a folder's kustomization has, "" when it has none. ERR_INVALID: more than one. */
MUST_CHECK struct err *kust_spec_find(struct arena *a, const struct tree *tree, struct str path,
                                      struct str *ret);

/* The spec of a value that was made or read elsewhere. `name` begins the messages. */
MUST_CHECK struct err *kust_spec_of(struct kust_build *b, const struct val *v, struct str name,
                                    struct kust_spec *ret);

#endif
