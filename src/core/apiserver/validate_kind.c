/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules a kind has. */
#include "core/apiserver/crd.h"
#include "core/apiserver/validate.h"

/* Kinds whose update repeats the whole check of their metadata. */
static bool repeats_metadata(const struct api_resource *r)
{
    static const struct str kinds[] = {
        STR_INIT("ConfigMap"),   STR_INIT("Secret"),
        STR_INIT("Service"),     STR_INIT("ServiceAccount"),
        STR_INIT("Pod"),         STR_INIT("LimitRange"),
        STR_INIT("Role"),        STR_INIT("RoleBinding"),
        STR_INIT("ClusterRole"), STR_INIT("ClusterRoleBinding"),
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !r->crd; i++)
        if (str_eq(r->gvk.kind, kinds[i]))
            return true;
    return false;
}

static bool is_workload(const struct api_resource *r)
{
    return str_is(r->gvk.group, "apps") || str_is(r->gvk.group, "batch");
}

static void check_custom_type(const struct check *c, const struct api_resource *r,
                              const struct val *object)
{
    struct str version = api_version_format(c->arena, r->gvk.group, r->gvk.version);
    const struct val *kind = val_get(object, STR("kind"));

    if (!str_eq(val_str(kind), r->gvk.kind))
        check_invalid(c, STR("kind"), kind,
                      str_cstr(c->arena, str_concat(c->arena, STR("must be "), r->gvk.kind)));
    if (!str_eq(val_get_str(object, "apiVersion"), version))
        check_invalid(c, STR("apiVersion"), val_get(object, STR("apiVersion")),
                      str_cstr(c->arena, str_concat(c->arena, STR("must be "), version)));
}

void validate_kind(const struct check *c, const struct prepare_call *call, const struct val *object,
                   const struct val *live)
{
    const struct api_resource *r = call->resource;
    bool core = !r->gvk.group.len;

    if (live && !call->subresource.len && repeats_metadata(r))
        validate_metadata(c, r, object);
    if (live && !call->subresource.len && repeats_metadata(r))
        validate_finalizer_names(c, r, object);
    if (r->crd) {
        check_custom_type(c, r, object);
        crd_validate_object(c->arena, r->crd, object, live, c->errs);
    } else if (call->subresource.len && !str_is(call->subresource, "scale")) {
        if (core && str_is(r->gvk.kind, "Service"))
            validate_service_status(c, object);
        else if (core && str_is(r->gvk.kind, "Namespace"))
            validate_namespace_update(c, call->subresource, object);
        else if (is_workload(r))
            validate_workload_status(c, r, object, live);
    } else if (core && str_is(r->gvk.kind, "Pod")) {
        validate_pod(c, object, live);
    } else if (core && str_is(r->gvk.kind, "Service")) {
        validate_service(c, object, live);
    } else if (core) {
        validate_core(c, r, object, live);
    } else if (is_workload(r)) {
        validate_workload(c, r, object, live);
    } else if (str_is(r->gvk.group, "rbac.authorization.k8s.io")) {
        validate_rbac(c, r, object, live);
    } else if (str_is(r->gvk.kind, "CustomResourceDefinition")) {
        crd_validate(c->arena, object, live, c->errs);
    } else {
        validate_other(c, r, object, live);
    }
}
