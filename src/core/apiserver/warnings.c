/* SPDX-License-Identifier: Apache-2.0 */
/* What Kubernetes accepts but warns about. */
#include "core/apiserver/defaults.h"
#include "core/apiserver/validate.h"

static void warn(const struct check *c, const struct prepare_call *call, struct str text)
{
    *VEC_PUSH(c->arena, call->warnings) = text;
}

static void env_warnings(const struct check *c, const struct prepare_call *call, struct str at,
                         const struct val *env)
{
    for (size_t i = 1; i < val_count(env); i++)
        for (size_t j = 0; j < i; j++) {
            struct str name = val_get_str(env->items[i], "name");

            if (!str_eq(val_get_str(env->items[j], "name"), name))
                continue;
            warn(c, call,
                 str_printf(c->arena,
                            "%.*s[%zu]: hides previous definition of \"%.*s\", which may be "
                            "dropped when using apply",
                            STR_ARG(at), i, STR_ARG(name)));
            break;
        }
}

static bool same_port(const struct val *p, const struct val *q)
{
    static const struct str fields[] = { STR_INIT("containerPort"), STR_INIT("hostPort"),
                                         STR_INIT("hostIP"), STR_INIT("protocol") };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        const struct val *x = val_get(p, fields[i]);
        const struct val *y = val_get(q, fields[i]);

        if ((x != NULL) != (y != NULL) || (x && !val_eq(x, y)))
            return false;
    }
    return true;
}

static void port_warnings(const struct check *c, const struct prepare_call *call, struct str at,
                          const struct val *ports)
{
    for (size_t i = 1; i < val_count(ports); i++)
        for (size_t j = 0; j < i; j++) {
            if (!same_port(ports->items[i], ports->items[j]))
                continue;
            warn(c, call,
                 str_printf(c->arena, "%.*s[%zu]: duplicate port definition with %.*s[%zu]",
                            STR_ARG(at), i, STR_ARG(at), j));
            break;
        }
}

static void pod_warnings(const struct check *c, const struct prepare_call *call, struct str at,
                         const struct val *spec)
{
    static const char *const lists[] = { "initContainers", "containers" };

    for (size_t l = 0; l < 2; l++) {
        const struct val *list = val_get(spec, str_from_cstr(lists[l]));

        for (size_t i = 0; i < val_count(list); i++) {
            struct str place = at_index(c, at_field(c, at, lists[l]), i);

            port_warnings(c, call, at_field(c, place, "ports"),
                          val_get(list->items[i], STR("ports")));
            env_warnings(c, call, at_field(c, place, "env"), val_get(list->items[i], STR("env")));
        }
    }
}

void warnings_of(const struct check *c, const struct prepare_call *call, const struct val *object)
{
    const struct gvk *gvk = &call->resource->gvk;
    struct str path = pod_spec_path(gvk->group, gvk->kind);

    if (call->resource->crd || call->subresource.len || !path.len)
        return;
    pod_warnings(c, call, path, val_at(object, str_cstr(c->arena, path)));
}
