/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/decode.h"
#include "core/apiserver/decode_typed.h"
#include "core/apiserver/patch.h"
#include "core/apiserver/prepare_steps.h"
#include "core/kube/go_format.h"
#include "value/json.h"

static struct decode_call decoding(const struct prepare_call *call,
                                   const struct prepare_patch_options *options)
{
    return (struct decode_call){
        .resource = call->resource,
        .subresource = call->subresource,
        .media = MEDIA_JSON,
        .validation = options->validation,
        .warnings = call->warnings,
    };
}

/* ---- apply ---- */

static struct err *apply_conflict(struct arena *a, const struct apply_result *r)
{
    struct err_status *s = ARENA_NEW(a, struct err_status);
    struct err_cause *causes = ARENA_ARRAY(a, r->conflict_count, struct err_cause);
    struct err *e;
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < r->conflict_count; i++) {
        const struct apply_conflict *c = &r->conflicts[i];

        causes[i] = (struct err_cause){
            .reason = STR("FieldManagerConflict"),
            .message = str_printf(a, "conflict with %.*s", STR_ARG(c->manager)),
            .field = c->field,
        };
        if (r->conflict_count == 1)
            buf_printf(&out, "conflict with %.*s: %.*s", STR_ARG(c->manager), STR_ARG(c->field));
        else if (!i || !str_eq(c->manager, r->conflicts[i - 1].manager))
            buf_printf(&out, "%sconflicts with %.*s:\n- %.*s", i ? "\n" : "", STR_ARG(c->manager),
                       STR_ARG(c->field));
        else
            buf_printf(&out, "\n- %.*s", STR_ARG(c->field));
    }
    e = err_new(a, ERR_CONFLICT, "Apply failed with %zu conflict%s: %.*s", r->conflict_count,
                r->conflict_count == 1 ? "" : "s", STR_ARG(buf_str(&out)));
    *s = (struct err_status){ .http_code = 409,
                              .reason = STR("Conflict"),
                              .retry_after_s = -1,
                              .causes = causes,
                              .cause_count = r->conflict_count };
    e->status = s;
    return e;
}

static struct err *check_config(struct arena *a, const struct prepare_call *call,
                                const struct val *config)
{
    const struct gvk *gvk = &call->resource->gvk;
    struct str group = STR("");
    struct str version = STR("");
    struct str kind = val_get_str(config, "kind");

    (void)api_version_parse(val_get_str(config, "apiVersion"), &group, &version);
    if (!str_eq(group, gvk->group) || !str_eq(version, gvk->version) || !str_eq(kind, gvk->kind))
        return status_bad_request(a, "invalid object type: %.*s/%.*s, Kind=%.*s", STR_ARG(group),
                                  STR_ARG(version), STR_ARG(kind));
    if (val_is(val_at(config, "metadata.managedFields"), VAL_SEQ))
        return status_bad_request(a, "metadata.managedFields must be nil");
    return NULL;
}

/* Field validation speaks for itself; what does not fit a type comes in these words. */
static struct str not_converted(struct arena *a, const struct prepare_call *call,
                                const struct val *config, const struct val *object,
                                const struct err *why)
{
    const struct gvk *gvk = &call->resource->gvk;
    struct str problem = restore_problem(a, call->resource->type, object);
    struct str kind = str_printf(a, "%.*s/%.*s, Kind=%.*s", STR_ARG(gvk->group),
                                 STR_ARG(gvk->version), STR_ARG(gvk->kind));

    if (!problem.len || call->resource->crd)
        return err_line(a, why);
    return str_printf(a,
                      "failed to convert new object (%.*s/%.*s; %.*s) to proper version: unable to "
                      "convert unstructured object to %.*s: %.*s",
                      STR_ARG(val_at_str(config, "metadata.namespace")),
                      STR_ARG(val_at_str(config, "metadata.name")), STR_ARG(kind), STR_ARG(kind),
                      STR_ARG(problem));
}

static struct err *apply_decoded(struct arena *a, const struct prepare_call *call,
                                 const struct prepare_patch_options *options,
                                 const struct val *config, const struct val *object,
                                 const struct val **ret)
{
    struct decode_call decode = decoding(call, options);
    const struct val *managed = val_at(object, "metadata.managedFields");
    struct err *e;

    if (TRY(&e, decode_tree(a, &decode, object, &object)))
        return status_untyped(a, "%.*s", STR_ARG(not_converted(a, call, config, object, e)));
    object = prepare_defaults(a, call, object);
    if (managed)
        object = val_with_at(a, object, "metadata.managedFields", managed);
    *ret = object;
    return NULL;
}

struct err *prepare_apply(struct arena *a, const struct prepare_call *call, const struct val *live,
                          const struct val *config, const struct prepare_patch_options *options,
                          struct prepare_result *ret)
{
    struct field_writer writer = prepare_writer(call);
    struct apply_result r = { 0 };
    struct prepare_call whole = *call;
    const struct val *object;
    struct err *e;

    writer.force = options->force;
    /* Scale owns fields in its own name but writes the object as a whole. */
    if (str_is(call->subresource, "scale"))
        whole.subresource = STR("");
    if (!live && call->subresource.len)
        return status_not_found(a, call->resource, call->name);
    if (TRY(&e, check_config(a, call, config)))
        return e;
    if (TRY(&e, managed_fields_apply(a, call->resource->type, live, config, &writer, &r)))
        return status_untyped(a, "%.*s", STR_ARG(err_line(a, e)));
    if (!r.object)
        return apply_conflict(a, &r);
    if (TRY(&e, apply_decoded(a, &whole, options, config, r.object, &object)))
        return e;
    if (!live && val_at_str(object, "metadata.uid").len)
        return status_conflict(a, call->resource, call->name,
                               str_printf(a,
                                          "uid mismatch: the provided object specified uid %.*s, "
                                          "and no existing object was found",
                                          STR_ARG(val_at_str(object, "metadata.uid"))));
    if (TRY(&e, prepare_namespace(a, call, object, &object)) ||
        TRY(&e, prepare_name(a, call, object)))
        return e;
    object = prepare_owner_references(a, call, object, true);
    return live ? prepare_update_owned(a, &whole, live, object, ret)
                : prepare_create_owned(a, call, object, ret);
}

/* ---- the other patches ---- */

static struct err *does_not_fit(struct arena *a, struct str shown, struct str why)
{
    struct gvk none = { STR(""), STR(""), STR("") };
    struct field_errors errs = { 0 };

    field_error_add(a, &errs, FIELD_INVALID, STR("patch"), val_string(a, shown), why);
    return status_invalid(a, &none, STR(""), &errs);
}

/* A strategic merge goes through an untyped tree, the others through JSON text: other words. */
static struct err *patched_decode(struct arena *a, const struct prepare_call *call,
                                  const struct val *patch, const struct val *patched,
                                  const struct prepare_patch_options *options,
                                  const struct val **ret)
{
    const struct gvk *gvk = &call->resource->gvk;
    struct decode_call decode = decoding(call, options);
    bool strategic = options->type == PATCH_STRATEGIC;
    struct str want = api_version_format(a, gvk->group, gvk->version);
    struct str version = val_get_str(patched, "apiVersion");
    struct str kind = val_get_str(patched, "kind");
    struct str shown;
    struct str why;
    struct err *e;

    if (strategic || !version.len)
        patched = val_with(a, patched, STR("apiVersion"), val_string(a, want));
    if (strategic || !kind.len)
        patched = val_with(a, patched, STR("kind"), val_string(a, gvk->kind));
    shown = strategic ? go_format(a, patch) : json_string(a, patched, JSON_COMPACT);
    if (!call->resource->crd && !strategic &&
        ((version.len && !str_eq(version, want)) || (kind.len && !str_eq(kind, gvk->kind))))
        return does_not_fit(a, shown,
                            str_printf(a,
                                       "no kind \"%.*s\" is registered for version \"%.*s\" in "
                                       "scheme \"pkg/runtime/scheme.go:111\"",
                                       STR_ARG(val_get_str(patched, "kind")),
                                       STR_ARG(val_get_str(patched, "apiVersion"))));
    why = strategic ? restore_problem(a, call->resource->type, patched) : STR("");
    if (why.len)
        return does_not_fit(a, shown, why);
    if (TRY(&e, decode_tree(a, &decode, patched, ret)))
        return does_not_fit(a, shown, err_line(a, e));
    return NULL;
}

struct err *prepare_patch(struct arena *a, const struct prepare_call *call, const struct val *live,
                          const struct val *patch, const struct prepare_patch_options *options,
                          struct prepare_result *ret)
{
    struct field_writer writer = prepare_writer(call);
    const struct val *patched;
    const struct val *object = NULL;
    struct err *e;

    if (str_is(call->subresource, "scale"))
        return prepare_scale_patch(a, call, live, patch, options, ret);
    if (options->type == PATCH_APPLY)
        return prepare_apply(a, call, live, patch, options, ret);
    if (!live)
        return status_not_found(a, call->resource, call->name);
    if (TRY(&e, patch_apply(a, call->resource->type, options->type, live, patch, &patched)))
        return e;
    if (!val_is(patched, VAL_MAP))
        return does_not_fit(a, json_string(a, patched, JSON_COMPACT),
                            STR("the result is no object"));
    if (TRY(&e, patched_decode(a, call, patch, patched, options, &object)))
        return e;
    object = prepare_defaults(a, call, object);
    if (TRY(&e, managed_fields_update(a, call->resource->type, live, object, &writer, &object)) ||
        TRY(&e, prepare_namespace(a, call, object, &object)) ||
        TRY(&e, prepare_name(a, call, object)))
        return e;
    object = prepare_owner_references(a, call, object, true);
    return prepare_update_owned(a, call, live, object, ret);
}
