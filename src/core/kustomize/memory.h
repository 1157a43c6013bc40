/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/memory.h - what a build remembers of an object, as the annotations kustomize keeps it in.
 *
 * Here these are fields of the resource (resource.h). A JSON patch that takes the annotations as a whole sees
 * kustomize's, so for such a patch they are written out.
 */
#ifndef CORE_KUSTOMIZE_MEMORY_H
#define CORE_KUSTOMIZE_MEMORY_H

#include "core/kustomize/resource.h"

/* r's object with the annotations. */
const struct val *kust_memory_show(struct arena *a, const struct kust_resource *r);

/*
 * The object that a patch made of the shown one, without them. The peer restores what it remembers except for
 * origins, and with that makes annotations an object again.
 */
const struct val *kust_memory_hide(struct arena *a, struct kust_resource *r,
                                   const struct val *object);

/* All of it, as when something other than a map takes the place of the annotations. */
void kust_memory_forget(struct kust_resource *r);

#endif
