/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/apiserver/registry.h - which resources are served now: the built-in ones and those of definitions.
 *
 * Thread-safe. A definition's resources are immutable and counted: whoever looks one up holds it until the arena it
 * gave ends, so a request finishes on the schema it began with while the definition changes.
 */
#ifndef APP_APISERVER_REGISTRY_H
#define APP_APISERVER_REGISTRY_H

#include "core/apiserver/crd.h"
#include "core/apiserver/discovery.h"

struct registry;
struct registry_entry; /* the resources of one definition */

/* Made in `home`; registry_close gives back what it holds. */
struct registry *registry_new(struct arena *home);
void registry_close(struct registry *g);

/*
 * Puts a definition in place of an older one of its name, or takes it out when it is not established. *ret_changed:
 * its resources differ from before, so watches on them must end. ERR_INTERNAL: its schema does not build.
 */
MUST_CHECK struct err *registry_set(struct registry *g, struct arena *a, const struct val *crd,
                                    bool *ret_changed);
/* True: it was there. */
bool registry_remove(struct registry *g, struct str crd_name);

/* NULL: not served. Valid until `a` ends. */
const struct api_resource *registry_find(struct registry *g, struct arena *a, struct str group,
                                         struct str version, struct str plural);
const struct api_resource *registry_find_kind(struct registry *g, struct arena *a, struct str group,
                                              struct str version, struct str kind);
/* The resource that keeps its objects under a store key, in its storage version; NULL: none. */
const struct api_resource *registry_find_stored(struct registry *g, struct arena *a,
                                                struct str store_key);

/* All, built-in ones first. Valid until `a` ends. */
struct served_resources registry_all(struct registry *g, struct arena *a);

#endif
