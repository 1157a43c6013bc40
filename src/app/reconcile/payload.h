/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app/reconcile/payload.h - what is sent to the server of an object that was built.
 *
 * kustomize-controller turns objects of built-in kinds into Go's types and back before it applies them, so that managedFields of
 * a cluster that it looked after names fields which no manifest does ("strategy", "resources", a port's "protocol"), quantities
 * have their one text, unknown fields are gone, and stringData is data. Sending the same keeps the sets of fields the same, and
 * a takeover writes nothing. Source of truth: fluxcd/pkg ssa 0.76, normalize.
 */
#ifndef APP_RECONCILE_PAYLOAD_H
#define APP_RECONCILE_PAYLOAD_H

#include "value/val.h"

/* In the arena, sharing with `object`. An object that does not fit its type is sent as it is: the server says why. */
const struct val *payload_of(struct arena *a, const struct val *object);

#endif
