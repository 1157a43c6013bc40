/* SPDX-License-Identifier: Apache-2.0 */
#include "core/oci/manifest.h"

#include "base/limits.h"
#include "base/vec.h"
#include "core/oci/reference.h"
#include "value/json.h"

static struct err *add(struct arena *a, const struct val *v, struct str name,
                       struct oci_manifest *into)
{
    struct str digest = val_get_str(v, "digest");
    const struct val *annotations = val_get(v, STR("annotations"));
    int64_t size = 0;

    if (into->items.count >= LIMIT_OCI_DESCRIPTORS)
        return err_new(a, ERR_TOO_LARGE, "manifest %.*s has more than %u descriptors",
                       STR_ARG(name), LIMIT_OCI_DESCRIPTORS);
    if (!oci_is_digest(digest))
        return err_new(a, ERR_INVALID, "manifest %.*s: a descriptor has no valid digest: \"%.*s\"",
                       STR_ARG(name), STR_ARG(digest));
    if (!val_to_int64(val_get(v, STR("size")), &size) || size < 0)
        return err_new(a, ERR_INVALID, "manifest %.*s: descriptor %.*s has no size", STR_ARG(name),
                       STR_ARG(digest));
    *VEC_PUSH(a, &into->items) =
        (struct oci_descriptor){ .media_type = val_get_str(v, "mediaType"),
                                 .digest = digest,
                                 .size = (uint64_t)size,
                                 .annotations = val_is(annotations, VAL_MAP) ? annotations : NULL };
    return NULL;
}

static struct err *add_all(struct arena *a, const struct val *list, struct str name,
                           struct oci_manifest *into)
{
    struct err *e;

    for (size_t i = 0; val_is(list, VAL_SEQ) && i < list->count; i++)
        if (TRY(&e, add(a, list->items[i], name, into)))
            return e;
    return NULL;
}

struct err *oci_manifest_read(struct arena *a, struct str text, struct str media_type,
                              struct str name, struct oci_manifest *ret)
{
    bool is_index = str_is(media_type, OCI_MEDIA_INDEX) || str_is(media_type, DOCKER_MEDIA_LIST);
    bool is_manifest = str_is(media_type, OCI_MEDIA_MANIFEST) ||
                       str_is(media_type, DOCKER_MEDIA_MANIFEST);
    struct oci_manifest m = { .is_index = is_index };
    const struct val *v;
    struct err *e;

    if (TRY(&e, json_read(a, text, name, JSON_READ_LAST_KEY_WINS, &v)))
        return err_wrap(a, e, "manifest");
    if (v->kind != VAL_MAP)
        return err_new(a, ERR_INVALID, "manifest %.*s is no object, but %s", STR_ARG(name),
                       val_kind_name(v));
    if (is_index && TRY(&e, add_all(a, val_get(v, STR("manifests")), name, &m)))
        return e;
    if (is_manifest) {
        const struct val *config = val_get(v, STR("config"));

        m.has_config = val_is(config, VAL_MAP);
        if ((m.has_config && TRY(&e, add(a, config, name, &m))) ||
            TRY(&e, add_all(a, val_get(v, STR("layers")), name, &m)))
            return e;
    }
    if (val_is(val_get(v, STR("annotations")), VAL_MAP))
        m.annotations = val_get(v, STR("annotations"));
    *ret = m;
    return NULL;
}
