/* SPDX-License-Identifier: Apache-2.0 */
/* core/apiserver/prepare_steps.h - steps shared by the verbs; private to core/apiserver/prepare_*.c. */
#ifndef CORE_APISERVER_PREPARE_STEPS_H
#define CORE_APISERVER_PREPARE_STEPS_H

#include "core/apiserver/prepare.h"

/* The namespace of the path into the object. ERR 400: another one is there. */
MUST_CHECK struct err *prepare_namespace(struct arena *a, const struct prepare_call *call,
                                         const struct val *object, const struct val **ret);
/* ERR 400: the object's name is not that of the path. */
MUST_CHECK struct err *prepare_name(struct arena *a, const struct prepare_call *call,
                                    const struct val *object);
const struct val *prepare_defaults(struct arena *a, const struct prepare_call *call,
                                   const struct val *object);
/* Identity for managed fields, with the subresource and what the endpoint resets. */
struct field_writer prepare_writer(const struct prepare_call *call);
/* The object without repeated owner references; a warning says which. */
const struct val *prepare_owner_references(struct arena *a, const struct prepare_call *call,
                                           const struct val *object, bool patched);

/* What follows once managed fields are right. */
MUST_CHECK struct err *prepare_create_owned(struct arena *a, const struct prepare_call *call,
                                            const struct val *object, struct prepare_result *ret);
MUST_CHECK struct err *prepare_update_owned(struct arena *a, const struct prepare_call *call,
                                            const struct val *live, const struct val *object,
                                            struct prepare_result *ret);

/* Server-side apply; `config` as sent. */
MUST_CHECK struct err *prepare_apply(struct arena *a, const struct prepare_call *call,
                                     const struct val *live, const struct val *config,
                                     const struct prepare_patch_options *options,
                                     struct prepare_result *ret);
/* A patch of the Scale. */
MUST_CHECK struct err *prepare_scale_patch(struct arena *a, const struct prepare_call *call,
                                           const struct val *live, const struct val *patch,
                                           const struct prepare_patch_options *options,
                                           struct prepare_result *ret);

#endif
