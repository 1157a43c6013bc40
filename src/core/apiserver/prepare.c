/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/prepare.h"

#include "core/apiserver/admission.h"
#include "core/apiserver/crd.h"
#include "core/apiserver/defaults.h"
#include "core/apiserver/prepare_steps.h"
#include "core/apiserver/strategy.h"
#include "core/apiserver/validate.h"
#include "core/kube/schema_zero.h"

/* ---- steps that verbs share ---- */

struct err *prepare_namespace(struct arena *a, const struct prepare_call *call,
                              const struct val *object, const struct val **ret)
{
    struct str have = val_at_str(object, "metadata.namespace");
    struct str want = call->resource->namespaced ? call->ns : STR("");

    *ret = object;
    if (str_eq(have, want))
        return NULL;
    if (have.len && want.len)
        return status_bad_request(a, "the namespace of the provided object does not match the "
                                     "namespace sent on the request");
    *ret = want.len ? val_with_at(a, object, "metadata.namespace", val_string(a, want))
                    : val_without_at(a, object, "metadata.namespace");
    return NULL;
}

struct err *prepare_name(struct arena *a, const struct prepare_call *call, const struct val *object)
{
    struct str name = val_at_str(object, "metadata.name");

    if (!name.len)
        return status_bad_request(
            a,
            "the name of the object (%.*s based on URL) was undeterminable: name must be provided",
            STR_ARG(call->name));
    if (!str_eq(name, call->name))
        return status_bad_request(
            a, "the name of the object (%.*s) does not match the name on the URL (%.*s)",
            STR_ARG(name), STR_ARG(call->name));
    return NULL;
}

const struct val *prepare_defaults(struct arena *a, const struct prepare_call *call,
                                   const struct val *object)
{
    if (call->resource->crd)
        return crd_default(a, call->resource->crd, object);
    return defaults_apply(a, call->resource, object);
}

struct field_writer prepare_writer(const struct prepare_call *call)
{
    struct field_writer w = call->writer;

    w.subresource = call->subresource;
    w.untimed = str_is(call->subresource, "scale");
    w.reset_fields = strategy_reset_fields(call->resource, call->subresource);
    return w;
}

static struct err *own_fields(struct arena *a, const struct prepare_call *call,
                              const struct val *live, const struct val **object)
{
    struct field_writer w = prepare_writer(call);

    return managed_fields_update(a, call->resource->type, live, *object, &w, object);
}

static bool seq_has(const struct val *const *items, size_t count, const struct val *v)
{
    for (size_t i = 0; i < count; i++)
        if (val_eq(items[i], v))
            return true;
    return false;
}

const struct val *prepare_owner_references(struct arena *a, const struct prepare_call *call,
                                           const struct val *object, bool patched)
{
    const struct val *owners = val_at(object, "metadata.ownerReferences");
    struct str twice = STR("");
    struct seq_builder kept;

    seq_builder_init(&kept, a);
    for (size_t i = 0; i < val_count(owners); i++) {
        struct str uid = val_get_str(owners->items[i], "uid");

        if (!seq_has(kept.items, kept.count, owners->items[i]))
            seq_builder_add(&kept, owners->items[i]);
        else
            twice = twice.len ? str_printf(a, "%.*s, %.*s", STR_ARG(twice), STR_ARG(uid)) : uid;
    }
    if (!twice.len)
        return object;
    if (call->warnings)
        *VEC_PUSH(a, call->warnings) = str_printf(
            a,
            ".metadata.ownerReferences contains duplicate entries%s; API server dedups owner "
            "references in 1.20+, and may reject such requests as early as 1.24; please fix your "
            "requests; duplicate UID(s) observed: %.*s",
            patched ? " after mutating admission happens" : "", STR_ARG(twice));
    return val_with_at(a, object, "metadata.ownerReferences", seq_builder_done(&kept, owners));
}

static struct str random_suffix(struct arena *a, uint64_t seed)
{
    static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
    char *out = arena_alloc(a, 5);

    for (size_t i = 0; i < 5; i++) {
        out[i] = letters[seed % (sizeof letters - 1)];
        seed /= sizeof letters - 1;
    }
    return str_of(out, 5);
}

static const struct val *generate_name(struct arena *a, const struct prepare_call *call,
                                       const struct val *object)
{
    struct str base = val_at_str(object, "metadata.generateName");

    if (!base.len || val_at_str(object, "metadata.name").len)
        return object;
    base = str_slice(base, 0, 58);
    return val_with_at(a, object, "metadata.name",
                       val_string(a, str_concat(a, base, random_suffix(a, call->random))));
}

/* What a client may not say about a new object. */
static const struct val *wipe_system_fields(struct arena *a, const struct val *object)
{
    static const char *const fields[] = {
        "metadata.deletionTimestamp", "metadata.deletionGracePeriodSeconds",
        "metadata.selfLink",          "metadata.uid",
        "metadata.creationTimestamp",
    };

    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (val_at(object, fields[i]))
            object = val_without_at(a, object, fields[i]);
    return object;
}

static void report_warnings(struct arena *a, const struct prepare_call *call,
                            const struct val *object)
{
    struct field_errors none = { 0 };
    struct check c = { a, &none };

    if (call->warnings)
        warnings_of(&c, call, object);
}

static struct err *validate_new(struct arena *a, const struct prepare_call *call,
                                const struct val *object)
{
    bool event = str_is(call->resource->gvk.kind, "Event") && !call->resource->crd;
    struct field_errors errs = { 0 };
    struct check c = { a, &errs };

    /* An event's own rules come first, those of all objects count only when it fits. */
    if (event)
        validate_kind(&c, call, object, NULL);
    if (!errs.count)
        validate_metadata(&c, call->resource, object);
    if (event)
        return status_invalid(a, &call->resource->gvk, val_at_str(object, "metadata.name"), &errs);
    validate_finalizer_names(&c, call->resource, object);
    validate_kind(&c, call, object, NULL);
    return status_invalid(a, &call->resource->gvk, val_at_str(object, "metadata.name"), &errs);
}

/* ---- create ---- */

/* Managed fields are set; all the rest of a create. */
struct err *prepare_create_owned(struct arena *a, const struct prepare_call *call,
                                 const struct val *object, struct prepare_result *ret)
{
    struct str version = val_at_str(object, "metadata.resourceVersion");
    struct err *e;

    object = wipe_system_fields(a, object);
    if (TRY(&e, admission_admit(a, call, NULL, object, &object)))
        return e;
    object = generate_name(a, call, object);
    if (!call->resource->crd && !call->resource->gvk.group.len &&
        str_is(call->resource->plural, "namespaces"))
        object = prepare_defaults(a, call, object);
    if (TRY(&e, strategy_create(a, call, object, &object)) ||
        TRY(&e, validate_new(a, call, object)))
        return e;
    if (version.len && !str_is(version, "0") && !call->name.len)
        return status_untyped(a, "resourceVersion should not be set on objects to be created");
    report_warnings(a, call, object);
    object = schema_stored(a, call->resource->type, object);
    *ret = (struct prepare_result){ PREPARE_CREATE,
                                    val_without_at(a, object, "metadata.resourceVersion") };
    return NULL;
}

struct err *prepare_create(struct arena *a, const struct prepare_call *call,
                           const struct val *object, struct prepare_result *ret)
{
    struct err *e;

    if (TRY(&e, prepare_namespace(a, call, object, &object)))
        return e;
    object = prepare_defaults(a, call, object);
    object = prepare_owner_references(a, call, object, false);
    object = val_without_at(a, object, "metadata.deletionTimestamp");
    if (TRY(&e, own_fields(a, call, NULL, &object)))
        return e;
    return prepare_create_owned(a, call, object, ret);
}

/* ---- update ---- */

/* Nothing but times of managers changed: then they did not change either. */
static const struct val *revert_times(struct arena *a, const struct val *live,
                                      const struct val *object)
{
    const struct val *before = val_at(live, "metadata.managedFields");
    const struct val *after = val_at(object, "metadata.managedFields");
    const struct val *reverted;

    if (!before || !after || before->count != after->count)
        return object;
    for (size_t i = 0; i < after->count; i++)
        if (!val_eq(val_without(a, before->items[i], STR("time")),
                    val_without(a, after->items[i], STR("time"))))
            return object;
    reverted = val_with_at(a, object, "metadata.managedFields", before);
    return val_eq(reverted, live) ? reverted : object;
}

static struct err *check_version(struct arena *a, const struct prepare_call *call,
                                 const struct val *live, const struct val *object)
{
    const struct api_resource *r = call->resource;
    struct str have = val_at_str(live, "metadata.resourceVersion");
    struct str want = val_at_str(object, "metadata.resourceVersion");
    bool unconditional = !r->crd && (r->traits & API_UNCONDITIONAL_UPDATE);
    struct gvk named = { r->gvk.group, r->gvk.version, r->plural };
    struct field_errors errs = { 0 };

    if (str_eq(have, want) || (!want.len && unconditional))
        return NULL;
    if (want.len && !str_is(want, "0"))
        return status_modified(a, r, call->name);
    field_error_add(a, &errs, FIELD_INVALID, STR("metadata.resourceVersion"), val_int(a, 0),
                    STR("must be specified for an update"));
    return status_invalid(a, &named, call->name, &errs);
}

static struct err *validate_changed(struct arena *a, const struct prepare_call *call,
                                    const struct val *live, const struct val *object)
{
    struct gvk named = call->resource->gvk;
    struct field_errors errs = { 0 };
    struct check c = { a, &errs };

    validate_metadata(&c, call->resource, object);
    validate_metadata_update(&c, object, live);
    /* Kinds check their metadata once more; clients see both. */
    validate_metadata_update(&c, object, live);
    validate_finalizer_names(&c, call->resource, object);
    validate_kind(&c, call, object, live);
    if (call->resource->crd) {
        named.kind = val_get_str(object, "kind");
        (void)api_version_parse(val_get_str(object, "apiVersion"), &named.group, &named.version);
    }
    return status_invalid(a, &named, call->name, &errs);
}

/* An object that only its finalizers held. */
static bool is_released(const struct prepare_call *call, const struct val *object)
{
    const struct api_resource *r = call->resource;

    if (!val_at(object, "metadata.deletionTimestamp") ||
        val_count(val_at(object, "metadata.finalizers")))
        return false;
    if (!r->gvk.group.len && str_is(r->plural, "namespaces"))
        return !val_count(val_at(object, "spec.finalizers"));
    return val_at_int(object, "metadata.deletionGracePeriodSeconds", 0) == 0;
}

struct err *prepare_update_owned(struct arena *a, const struct prepare_call *call,
                                 const struct val *live, const struct val *object,
                                 struct prepare_result *ret)
{
    const struct val *before = val_without_at(a, live, "metadata.resourceVersion");
    struct err *e;

    if (TRY(&e, check_version(a, call, live, object)))
        return e;
    object = val_without_at(a, object, "metadata.resourceVersion");
    object = revert_times(a, before, object);
    if (TRY(&e, admission_admit(a, call, live, object, &object)))
        return e;
    if (TRY(&e, strategy_update(a, call, before, object, &object)))
        return e;
    object = revert_times(a, before, object);
    if (TRY(&e, validate_changed(a, call, before, object)))
        return e;
    report_warnings(a, call, object);
    object = schema_stored(a, call->resource->type, object);
    ret->object = object;
    if (is_released(call, object))
        ret->action = PREPARE_REMOVE;
    else
        ret->action = val_eq(before, object) ? PREPARE_NOTHING : PREPARE_UPDATE;
    return NULL;
}

static struct err *check_uid(struct arena *a, const struct prepare_call *call,
                             const struct val *live, const struct val *object)
{
    struct str want = val_at_str(object, "metadata.uid");
    struct str have = val_at_str(live, "metadata.uid");

    if (!want.len || str_eq(want, have))
        return NULL;
    return status_conflict(a, call->resource, call->name,
                           str_printf(a,
                                      "Precondition failed: UID in precondition: %.*s, UID in "
                                      "object meta: %.*s",
                                      STR_ARG(want), STR_ARG(have)));
}

struct err *prepare_update(struct arena *a, const struct prepare_call *call, const struct val *live,
                           const struct val *object, struct prepare_result *ret)
{
    struct err *e;

    if (TRY(&e, prepare_name(a, call, object)) ||
        TRY(&e, prepare_namespace(a, call, object, &object)))
        return e;
    if (!live) {
        if (call->subresource.len || call->resource->crd ||
            !(call->resource->traits & API_CREATE_ON_UPDATE))
            return status_not_found(a, call->resource, call->name);
        return prepare_create(a, call, object, ret);
    }
    object = prepare_defaults(a, call, object);
    object = prepare_owner_references(a, call, object, false);
    if (TRY(&e, check_uid(a, call, live, object)) || TRY(&e, own_fields(a, call, live, &object)))
        return e;
    return prepare_update_owned(a, call, live, object, ret);
}
