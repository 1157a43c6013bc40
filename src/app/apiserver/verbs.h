/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/verbs.h - private to app/apiserver: what each verb does with a call, and what they share.
 *
 * A verb returns an error with a Status (core/apiserver/status.h) or fills the answer.
 */
#ifndef APP_APISERVER_VERBS_H
#define APP_APISERVER_VERBS_H

#include "app/apiserver/storage.h"

/* verb_read.c */
MUST_CHECK struct err *verb_get(struct call *c, struct answer *ret);
/* verb_list.c */
MUST_CHECK struct err *verb_list(struct call *c, struct answer *ret);
/* verb_write.c */
MUST_CHECK struct err *verb_create(struct call *c, struct answer *ret);
MUST_CHECK struct err *verb_update(struct call *c, struct answer *ret);
MUST_CHECK struct err *verb_patch(struct call *c, struct answer *ret);
/* verb_delete.c */
MUST_CHECK struct err *verb_delete(struct call *c, struct answer *ret);
MUST_CHECK struct err *verb_delete_collection(struct call *c, struct answer *ret);
/* virtual.c: kinds that answer and are not kept */
MUST_CHECK struct err *verb_create_virtual(struct call *c, struct answer *ret);
/* tokens.c */
MUST_CHECK struct err *verb_create_token(struct call *c, struct answer *ret);
/* verb_delete.c: pods/eviction */
MUST_CHECK struct err *verb_create_eviction(struct call *c, struct answer *ret);
/* documents.c: everything that is no resource */
MUST_CHECK struct err *serve_document(struct call *c, struct answer *ret);

/* ---- what writes share (write_options.c) ---- */

enum write_kind { WRITE_CREATE, WRITE_UPDATE, WRITE_PATCH, WRITE_APPLY };

struct write_options {
    enum field_validation validation;
    struct str manager;
};
/* The query's fieldManager, dryRun, fieldValidation and force, checked in kube's words. Sets c->dry_run. */
MUST_CHECK struct err *write_options_parse(struct call *c, enum write_kind kind,
                                           struct write_options *ret);

/* One attempt's input for core; `reader` must outlive it. */
struct prepare_call write_prepare_call(struct call *c, const struct write_options *options,
                                       const struct storage_reader *reader);

/*
 * Commits what core decided on an object that was at `live_revision` (0: absent). *ret_object is the answer, with its
 * resourceVersion. Store conflicts come back as ERR_CONFLICT or ERR_ALREADY_EXISTS, to be tried again or refused.
 */
MUST_CHECK struct err *write_commit(struct call *c, const struct prepare_result *result,
                                    int64_t live_revision, const struct val **ret_object);

/* Attempts on one object before the conflict is the client's. */
enum { WRITE_ATTEMPTS = 6 };

/* Errors of the store that mean: read again, decide again. */
bool write_is_race(const struct err *e);

/* After a definition was written: settle names and status, serve or withdraw it. Errors are logged. */
void crd_settle(struct apiserver *s, struct run *r, struct str name);

#endif
