/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/variables.h"

#include "foreign/base64.h"

static void take_data(struct substitution *s, const struct val *object, bool is_secret)
{
    const struct val *data = val_get(object, STR("data"));

    for (size_t i = 0; i < val_count(data); i++) {
        struct str value = val_str(data->fields[i].value);

        if (!is_secret || base64_decode(s->arena, value, BASE64_STRICT, &value))
            substitution_set(s, data->fields[i].key, value, is_secret);
    }
}

static struct err *take_reference(const struct cluster *cluster, struct run *run,
                                  const struct val *reference, struct str ns,
                                  struct substitution *s)
{
    struct str kind = val_get_str(reference, "kind"), name = val_get_str(reference, "name");
    struct obj_ref ref = { .version = STR("v1"), .kind = kind, .ns = ns, .name = name };
    const struct val *object = NULL;
    struct err *e = cluster_get_one(cluster, run, &ref, &object);

    if (!e && !object && !val_at_bool(reference, "optional", false))
        e = err_new(run->arena, ERR_NOT_FOUND, "%s \"%.*s\" not found",
                    str_is(kind, "Secret") ? "secrets" : "configmaps", STR_ARG(name));
    if (e)
        return err_wrap(run->arena, e, "substitute from '%.*s/%.*s' error", STR_ARG(kind),
                        STR_ARG(name));
    take_data(s, object, str_is(kind, "Secret"));
    return NULL;
}

struct err *variables_load(const struct cluster *cluster, struct run *run,
                           const struct val *kustomization, struct substitution *ret)
{
    const struct val *post = val_at(kustomization, "spec.postBuild");
    const struct val *from = val_get(post, STR("substituteFrom")),
                     *own = val_get(post, STR("substitute"));
    struct str ns = val_at_str(kustomization, "metadata.namespace");
    struct err *e;

    substitution_init(ret, run->arena);
    ret->always = str_is(val_get_str(post, "substituteStrategy"), "Always");
    for (size_t i = 0; cluster && i < val_count(from); i++)
        if (TRY(&e, take_reference(cluster, run, val_item(from, i), ns, ret)))
            return e;
    for (size_t i = 0; i < val_count(own); i++)
        substitution_set(ret, own->fields[i].key, val_str(own->fields[i].value), false);
    return substitution_check(ret);
}
