/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/transform.h"

struct err *kust_transform_replacements(struct kust_build *b, const struct kust_dir *dir,
                                        struct kust_resmap *m, const struct val *list)
{
    (void)m;
    (void)list;
    return err_new(b->arena, ERR_UNSUPPORTED, "%.*s: replacements is not supported yet",
                   STR_ARG(dir->file));
}
