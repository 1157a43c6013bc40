/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/list_options.h - private to app/apiserver: the query of LIST, WATCH and DELETE on collections.
 * Source of truth: apimachinery pkg/apis/meta/internalversion (1.35).
 */
#ifndef APP_APISERVER_LIST_OPTIONS_H
#define APP_APISERVER_LIST_OPTIONS_H

#include "app/apiserver/state.h"
#include "core/apiserver/selector.h"

struct list_options {
    struct selector labels;
    struct selector fields;
    size_t limit; /* 0: none */
    struct str token;
    bool has_version;
    int64_t version;
    bool exact;
    /* watches */
    bool watch;
    bool bookmarks;
    bool initial_events; /* asked for, or implied by no version */
    int64_t timeout_s;   /* 0: not given */
};

/* 400 for what does not parse, 422 for what may not be together, 504 for a version of the future. */
MUST_CHECK struct err *list_options_parse(struct call *c, struct list_options *ret);

bool list_options_match(struct arena *a, const struct api_resource *res,
                        const struct list_options *o, const struct val *object);
/* Some objects may not match. */
bool list_options_selects(const struct list_options *o);

#endif
