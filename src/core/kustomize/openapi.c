/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/openapi.h"

#include "base/limits.h"
#include "value/yaml.h"

struct err *kust_openapi_use(struct kust_build *b, const struct kust_dir *dir,
                             const struct val *spec)
{
    const struct val *openapi = val_get(spec, STR("openapi")), *document;
    const struct val *path = val_get(openapi, STR("path"));
    const struct val *version = val_get(openapi, STR("version"));
    struct merge_schema builtin = merge_schema_builtin();
    struct kust_file file;
    struct err *e;
    if (!path && !version)
        return NULL;
    if (path && TRY(&e, kust_read(b, dir, val_str(path), &file)))
        return err_wrap(b->arena, e, "%.*s:%u:%u: openapi", STR_ARG(dir->file), path->line,
                        (unsigned)path->column);
    if (b->schema_chosen)
        return NULL;
    if (path && version)
        return err_new(b->arena, ERR_INVALID,
                       "%.*s:%u:%u: openapi: give a version or a path, not both",
                       STR_ARG(dir->file), openapi->line, openapi->column);
    b->schema_chosen = path != NULL || val_str(version).len > 0;
    if (!path && val_str(version).len > 0 && !str_is(val_str(version), "v1.21.2"))
        return err_new(b->arena, ERR_INVALID,
                       "%.*s:%u:%u: openapi: version \"%.*s\" is not built in (v1.21.2 is)",
                       STR_ARG(dir->file), version->line, version->column,
                       STR_ARG(val_str(version)));
    if (!path)
        return NULL;
    if (TRY(&e, yaml_read(b->arena, file.content, file.name, YAML_SIGS, &document)) ||
        TRY(&e, merge_schema_from_openapi(b->arena, document, b->builtin_used ? &builtin : NULL,
                                          &b->schema)))
        return err_wrap(b->arena, e, "%.*s: openapi", STR_ARG(dir->file));
    return NULL;
}
