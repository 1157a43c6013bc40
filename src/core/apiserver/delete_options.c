/* SPDX-License-Identifier: Apache-2.0 */
/* The body of a DELETE. */
#include "core/apiserver/decode.h"
#include "core/apiserver/decode_typed.h"
#include "value/json.h"
#include "value/yaml.h"

#define DELETE_OPTIONS STR("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions")

static struct err *read_options(struct arena *a, enum media_type media, struct str body,
                                const struct val **ret)
{
    if (media == MEDIA_YAML)
        return yaml_read(a, body, STR("yaml"), YAML_SIGS, ret);
    if (media == MEDIA_PROTOBUF)
        return protobuf_read(a, body, ret);
    return json_read(a, body, STR("json"), JSON_READ_LAST_KEY_WINS, ret);
}

static void options_from(const struct val *v, struct delete_options *ret)
{
    const struct val *dry_run = val_get(v, STR("dryRun"));
    const struct val *orphan = val_get(v, STR("orphanDependents"));
    const struct val *grace = val_get(v, STR("gracePeriodSeconds"));

    if (grace)
        (void)val_to_int64(grace, &ret->grace_period_s);
    ret->propagation = val_get_str(v, "propagationPolicy");
    ret->uid = val_at_str(v, "preconditions.uid");
    ret->resource_version = val_at_str(v, "preconditions.resourceVersion");
    ret->ignore_store_read_error = val_at_bool(
        v, "ignoreStoreReadErrorWithClusterBreakingPotential", false);
    ret->orphan_dependents = !orphan ? -1 : orphan->boolean;
    if (val_count(dry_run))
        ret->dry_run_value = val_str(val_item(dry_run, 0));
    ret->dry_run = str_is(ret->dry_run_value, "All");
}

struct err *decode_delete_options(struct arena *a, enum media_type media, struct str body,
                                  struct delete_options *ret)
{
    const struct val *tree = NULL;
    struct err *e;

    *ret = (struct delete_options){ .grace_period_s = -1, .orphan_dependents = -1 };
    if (!str_trim(body).len)
        return NULL;
    if (media == MEDIA_OTHER)
        return status_unsupported_media_type(
            a, false,
            STR("application/json, application/yaml, application/vnd.kubernetes.protobuf"));
    if (TRY(&e, read_options(a, media, body, &tree)))
        return e->status
                   ? e
                   : status_bad_request(a, "couldn't get version/kind; json parse error: %.*s",
                                        STR_ARG(without_position(err_line(a, e))));
    if (TRY(&e, typed_decode(a, schema_type_named(DELETE_OPTIONS), tree, STR(""), NULL, &tree)))
        return status_bad_request(
            a, "DeleteOptions in version \"v1\" cannot be handled as a DeleteOptions: %.*s",
            STR_ARG(err_line(a, e)));
    if (val_get(tree, STR("kind")) && !str_is(val_get_str(tree, "kind"), "DeleteOptions"))
        return status_bad_request(a,
                                  "no kind \"%.*s\" is registered for version "
                                  "\"meta.k8s.io/v1\" in scheme \"pkg/runtime/scheme.go:111\"",
                                  STR_ARG(val_get_str(tree, "kind")));
    options_from(tree, ret);
    return NULL;
}

struct err *delete_options_check(struct arena *a, const struct delete_options *o)
{
    struct gvk gvk = { STR("meta.k8s.io"), STR("v1"), STR("DeleteOptions") };
    struct field_errors errs = { 0 };

    if (o->propagation.len && !str_is(o->propagation, "Foreground") &&
        !str_is(o->propagation, "Background") && !str_is(o->propagation, "Orphan"))
        field_error_add(
            a, &errs, FIELD_NOT_SUPPORTED, STR("propagationPolicy"), val_string(a, o->propagation),
            STR("supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
    else if (o->propagation.len && o->orphan_dependents >= 0)
        field_error_add(a, &errs, FIELD_INVALID, STR("propagationPolicy"),
                        val_string(a, o->propagation),
                        STR("orphanDependents and deletionPropagation cannot be both set"));
    if (o->dry_run_value.len && !str_is(o->dry_run_value, "All"))
        field_error_add(a, &errs, FIELD_NOT_SUPPORTED, STR("dryRun"),
                        val_string(a, o->dry_run_value), STR("supported values: \"All\""));
    return status_invalid(a, &gvk, STR(""), &errs);
}
