/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/target.h"

#include "app/reconcile/target_token.h"
#include "foreign/base64.h"

static struct str account_of(const struct reconcile_ports *ports, const struct val *object)
{
    struct str own = val_at_str(object, "spec.serviceAccountName");

    return own.len > 0 ? own : ports->options.default_service_account;
}

bool target_is_remote(const struct val *object)
{
    return val_is(val_at(object, "spec.kubeConfig"), VAL_MAP);
}

/* The key that is named, or else "value", or else "value.yaml". */
static const struct val *find_key(const struct val *data, struct str key)
{
    const struct val *v = val_get(data, key.len > 0 ? key : STR("value"));

    return v || key.len > 0 ? v : val_get(data, STR("value.yaml"));
}

static struct err *read_kubeconfig(const struct reconcile_ports *ports, struct run *run,
                                   const struct val *object, struct cluster_target *ret)
{
    const struct val *from = val_at(object, "spec.kubeConfig.secretRef"), *secret = NULL, *text;
    struct str key = val_get_str(from, "key");
    struct obj_ref ref = { .version = STR("v1"),
                           .kind = STR("Secret"),
                           .ns = val_at_str(object, "metadata.namespace"),
                           .name = val_get_str(from, "name") };
    struct str shown = str_printf(run->arena, "%.*s/%.*s", STR_ARG(ref.ns), STR_ARG(ref.name));
    struct str plain;
    struct err *e;

    e = cluster_get_one(&ports->cluster, run, &ref, &secret);
    if (!e && !secret)
        e = err_new(run->arena, ERR_NOT_FOUND, "secrets \"%.*s\" not found", STR_ARG(ref.name));
    if (e)
        return err_wrap(run->arena, e, "unable to read KubeConfig secret '%.*s' error",
                        STR_ARG(shown));
    text = find_key(val_get(secret, STR("data")), key);
    if (!text)
        return err_new(run->arena, ERR_INVALID,
                       "KubeConfig secret '%.*s' does not contain a '%.*s' key with a kubeconfig",
                       STR_ARG(shown), STR_ARG(key.len > 0 ? key : STR("value")));
    if (!base64_decode(run->arena, val_str(text), BASE64_STRICT, &plain))
        return err_new(run->arena, ERR_INVALID, "KubeConfig secret '%.*s': not base64",
                       STR_ARG(shown));
    ret->kubeconfig = secret_new(run->arena, plain);
    ret->kubeconfig_name = str_printf(run->arena, "Secret/%.*s", STR_ARG(shown));
    return NULL;
}

struct err *target_open(const struct reconcile_ports *ports, struct run *run,
                        const struct val *object, struct cluster *ret)
{
    struct cluster_target target = { .user = STR("") };
    struct str account = account_of(ports, object);
    struct err *e;

    *ret = ports->cluster;
    if (account.len > 0)
        target.user = str_printf(run->arena, "system:serviceaccount:%.*s:%.*s",
                                 STR_ARG(val_at_str(object, "metadata.namespace")),
                                 STR_ARG(account));
    if (val_at(object, "spec.kubeConfig.configMapRef"))
        e = target_from_config_map(ports, run, object, &target);
    else
        e = target_is_remote(object) ? read_kubeconfig(ports, run, object, &target) : NULL;
    if (e || (target.user.len == 0 && !target_is_remote(object)))
        return e;
    return clusters_open(&ports->clusters, run, &target, ret);
}

bool target_has_account(const struct reconcile_ports *ports, struct run *run,
                        const struct val *object)
{
    struct obj_ref ref = { .version = STR("v1"),
                           .kind = STR("ServiceAccount"),
                           .ns = val_at_str(object, "metadata.namespace"),
                           .name = account_of(ports, object) };
    const struct val *found = NULL;

    if (ref.name.len == 0)
        return true;
    return cluster_get_one(&ports->cluster, run, &ref, &found) == NULL && found;
}
