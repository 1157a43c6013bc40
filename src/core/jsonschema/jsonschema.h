/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/jsonschema/jsonschema.h - JSON Schema, drafts 4, 6, 7, 2019-09 and 2020-12, as Helm validates values with it.
 *
 * The draft is that of $schema, 2020-12 without one; keywords of later drafts are ignored, siblings of $ref too up to draft 7.
 * References stay within the document (pointers, $id, $anchor); remote ones are refused. `format` is asserted up to
 * draft 7. Patterns are Go's. Bounded: LIMIT_SCHEMA_STEPS, LIMIT_TREE_DEPTH. Source of truth: the drafts;
 * santhosh-tekuri/jsonschema v6, which Helm 4.3 uses.
 */
#ifndef CORE_JSONSCHEMA_JSONSCHEMA_H
#define CORE_JSONSCHEMA_JSONSCHEMA_H

#include "base/err.h"
#include "value/val.h"

/*
 * NULL: the instance is valid. ERR_INVALID: everything that does not fit, one a line, as "- at '/image/tag': got number,
 * want string", causes below what they explain; also a schema that is none ("schema ...").
 * ERR_FORBIDDEN: a remote reference. ERR_TOO_LARGE: a limit.
 */
MUST_CHECK struct err *jsonschema_validate(struct arena *a, const struct val *schema,
                                           const struct val *instance);

#endif
