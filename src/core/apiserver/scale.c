/* SPDX-License-Identifier: Apache-2.0 */
/* The scale subresource: a small view of a workload, and the way back. */
#include "core/apiserver/crd.h"
#include "core/apiserver/patch.h"
#include "core/apiserver/prepare_steps.h"
#include "core/apiserver/selector.h"

/* Where replicas and selector are: built-in kinds share one layout, a CRD says where. */
struct scale_paths {
    struct str spec;
    struct str status;
    struct str selector;
};

static struct str without_dot(struct str path)
{
    return str_trim_prefix(path, STR("."));
}

static struct scale_paths paths_of(const struct api_resource *r)
{
    if (!r->crd)
        return (struct scale_paths){ STR("spec.replicas"), STR("status.replicas"),
                                     STR("spec.selector") };
    return (struct scale_paths){ without_dot(r->crd->scale_spec_path),
                                 without_dot(r->crd->scale_status_path),
                                 without_dot(r->crd->scale_selector_path) };
}

static struct str selector_text(struct arena *a, const struct api_resource *r,
                                const struct val *object, const struct scale_paths *p)
{
    const struct val *v = p->selector.len ? val_at(object, str_cstr(a, p->selector)) : NULL;

    if (!v)
        return STR("");
    if (val_is(v, VAL_STRING))
        return val_str(v);
    if (!r->crd && str_is(r->plural, "replicationcontrollers"))
        v = val_map_of(a, "matchLabels", v, NULL);
    return label_selector_format(a, v);
}

struct err *scale_of(struct arena *a, const struct api_resource *r, const struct val *live,
                     const struct val **ret)
{
    static const char *const kept[] = { "name", "namespace", "uid", "resourceVersion",
                                        "creationTimestamp" };
    struct scale_paths p = paths_of(r);
    struct str selector = selector_text(a, r, live, &p);
    const struct val *meta = &val_empty_map;
    const struct val *status;
    int64_t spec_replicas = val_at_int(live, str_cstr(a, p.spec), 0);

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        const struct val *v = val_get(val_get(live, STR("metadata")), str_from_cstr(kept[i]));

        if (v)
            meta = val_with(a, meta, str_from_cstr(kept[i]), v);
    }
    status = val_map_of(a, "replicas", val_int(a, val_at_int(live, str_cstr(a, p.status), 0)),
                        "selector", selector.len ? val_string(a, selector) : NULL, NULL);
    *ret = val_map_of(a, "kind", val_cstring(a, "Scale"), "apiVersion",
                      val_cstring(a, "autoscaling/v1"), "metadata", meta, "spec",
                      spec_replicas ? val_map_of(a, "replicas", val_int(a, spec_replicas), NULL)
                                    : &val_empty_map,
                      "status", status, NULL);
    return NULL;
}

static struct err *check_scale(struct arena *a, const struct prepare_call *call,
                               const struct val *scale)
{
    struct gvk gvk = { STR("autoscaling"), STR("v1"), STR("Scale") };
    struct field_errors errs = { 0 };
    const struct val *replicas = val_at(scale, "spec.replicas");

    if (val_at_int(scale, "spec.replicas", 0) < 0)
        field_error_add(a, &errs, FIELD_INVALID, STR("spec.replicas"), replicas,
                        STR("must be greater than or equal to 0"));
    return status_invalid(a, &gvk, call->name, &errs);
}

struct err *prepare_scale(struct arena *a, const struct prepare_call *call, const struct val *live,
                          const struct val *scale, struct prepare_result *ret)
{
    struct scale_paths p = paths_of(call->resource);
    struct field_writer writer = prepare_writer(call);
    struct str want = val_at_str(scale, "metadata.resourceVersion");
    struct str uid = val_at_str(scale, "metadata.uid");
    struct prepare_call main = *call;
    const struct val *object;
    struct err *e;

    if (!live)
        return status_not_found(a, call->resource, call->name);
    if (TRY(&e, prepare_name(a, call, scale)))
        return e;
    if (uid.len && !str_eq(uid, val_at_str(live, "metadata.uid")))
        return status_conflict(a, call->resource, call->name,
                               str_printf(a,
                                          "Precondition failed: UID in precondition: %.*s, UID in "
                                          "object meta: %.*s",
                                          STR_ARG(uid), STR_ARG(val_at_str(live, "metadata.uid"))));
    if (TRY(&e, check_scale(a, call, scale)))
        return e;
    if (want.len && !str_eq(want, val_at_str(live, "metadata.resourceVersion")))
        return status_modified(a, call->resource, call->name);
    object = val_with_at(a, live, str_cstr(a, p.spec),
                         val_int(a, val_at_int(scale, "spec.replicas", 0)));
    /* Ownership is that of the scale endpoint, everything else that of the object. */
    if (TRY(&e, managed_fields_update(a, call->resource->type, live, object, &writer, &object)))
        return e;
    main.subresource = STR("");
    return prepare_update_owned(a, &main, live, object, ret);
}

/* An applied Scale owns the replicas of the object, through the scale endpoint. */
static struct err *scale_apply(struct arena *a, const struct prepare_call *call,
                               const struct val *live, const struct val *config,
                               const struct prepare_patch_options *options,
                               struct prepare_result *ret)
{
    struct scale_paths p = paths_of(call->resource);
    const struct val *replicas = val_at(config, "spec.replicas");
    const struct val *on_object = val_map_of(
        a, "apiVersion", val_get(live, STR("apiVersion")), "kind", val_get(live, STR("kind")),
        "metadata", val_map_of(a, "name", val_at(live, "metadata.name"), NULL), NULL);

    if (!str_is(val_get_str(config, "kind"), "Scale"))
        return status_bad_request(a, "invalid object type: %.*s, Kind=%.*s",
                                  STR_ARG(val_get_str(config, "apiVersion")),
                                  STR_ARG(val_get_str(config, "kind")));
    if (replicas)
        on_object = val_with_at(a, on_object, str_cstr(a, p.spec), replicas);
    return prepare_apply(a, call, live, on_object, options, ret);
}

struct err *prepare_scale_patch(struct arena *a, const struct prepare_call *call,
                                const struct val *live, const struct val *patch,
                                const struct prepare_patch_options *options,
                                struct prepare_result *ret)
{
    const struct schema *type = schema_type_named(STR("io.k8s.api.autoscaling.v1.Scale"));
    struct decode_call decode = { .resource = call->resource,
                                  .subresource = call->subresource,
                                  .validation = options->validation,
                                  .warnings = call->warnings };
    const struct val *scale = NULL;
    struct err *e;

    if (!live)
        return status_not_found(a, call->resource, call->name);
    if (options->type == PATCH_APPLY)
        return scale_apply(a, call, live, patch, options, ret);
    if (TRY(&e, scale_of(a, call->resource, live, &scale)) ||
        TRY(&e, patch_apply(a, type, options->type, scale, patch, &scale)))
        return e;
    if (!val_is(scale, VAL_MAP) || TRY(&e, decode_tree(a, &decode, scale, &scale)))
        return status_bad_request(a, "the patched Scale is malformed");
    return prepare_scale(a, call, live, scale, ret);
}
