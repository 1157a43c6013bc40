/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/kustomize/structured_text.h - replacements inside a string that holds JSON or YAML.
 *
 * JSON is printed as the peer prints it: sorted, indented when it was. YAML keeps its layout in the peer, comments
 * included; here only text that is laid out as we print it is accepted, everything else is refused by name.
 */
#ifndef CORE_KUSTOMIZE_STRUCTURED_TEXT_H
#define CORE_KUSTOMIZE_STRUCTURED_TEXT_H

#include "core/kustomize/field_edit.h"

/*
 * Looks for a string on the way of `path` that holds a document in which the rest of the path exists (or may be
 * made). *ret_found false: there is none, nothing was changed.
 */
MUST_CHECK struct err *kust_structured_edit(struct kust_field_edit *edit,
                                            const struct kust_strs *path, const struct val *object,
                                            bool *ret_found, const struct val **ret);

#endif
