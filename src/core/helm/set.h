/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/helm/set.h - --set, --set-string, --set-json, --set-file and --set-literal: "a.b[0]=x,c={1,2}".
 *
 * Source of truth: Helm 4.3 pkg/strvals. Numbers are int64, the words true, false and null are meant.
 */
#ifndef CORE_HELM_SET_H
#define CORE_HELM_SET_H

#include "core/gotmpl/value.h"

enum set_kind {
    SET_TYPED,   /* --set */
    SET_STRING,  /* --set-string */
    SET_JSON,    /* --set-json: key=JSON, or one JSON object that is merged */
    SET_FILE,    /* --set-file: the value names a file */
    SET_LITERAL, /* --set-literal: all behind the = is the value */
};

struct set_options {
    enum set_kind kind;
    /* SET_FILE: content of a file. */
    struct err *(*read_file)(void *self, struct arena *a, struct str path, struct str *ret);
    void *self;
};

/*
 * Applies one text to values, in place. ERR_INVALID with the flag's name and Helm's reason; what stood before the mistake
 * may have been applied.
 */
MUST_CHECK struct err *set_values(struct arena *a, struct go_map **values, struct str text,
                                  const struct set_options *options);

#endif
