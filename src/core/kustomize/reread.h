/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/reread.h - an object as after being printed and read again.
 *
 * kustomize applies JSON patches to JSON text and reads the result back, by which every scalar loses how it was
 * written: 08 is 8, quotes stay only where they are needed, nulls are written out. Later patches depend on it.
 */
#ifndef CORE_KUSTOMIZE_REREAD_H
#define CORE_KUSTOMIZE_REREAD_H

#include "value/val.h"

/* The same pointer when nothing changes. Places are kept. */
const struct val *kust_reread(struct arena *a, const struct val *v);

/* The same where it is printed as JSON in between, as items of a "FooList" are. */
const struct val *kust_reread_json(struct arena *a, const struct val *v);

#endif
