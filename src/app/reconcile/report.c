/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/report.h"

#include "base/limits.h"
#include "value/merge_patch.h"

#define FINALIZER STR("finalizers.fluxcd.io")
#define REQUESTED_AT STR("reconcile.fluxcd.io/requestedAt")

void report_begin(struct report *r, const struct reconcile_ports *ports, struct run *run,
                  const struct val *object, struct str controller, struct str status_manager)
{
    const struct val *status = val_get(object, STR("status"));

    *r = (struct report){
        .ports = ports,
        .run = run,
        .object = object,
        .status = status ? status : &val_empty_map,
        .controller = controller,
        .status_manager = status_manager,
        .now = clock_wall(&ports->clock),
    };
}

void report_set(struct report *r, const char *path, const struct val *value)
{
    r->status = value ? val_with_at(r->run->arena, r->status, path, value)
                      : val_without_at(r->run->arena, r->status, path);
}

static int64_t generation_of(const struct report *r)
{
    return val_at_int(r->object, "metadata.generation", 0);
}

void report_condition(struct report *r, const char *type, const char *status, const char *reason,
                      struct str message)
{
    struct condition c = {
        .type = str_from_cstr(type),
        .status = str_from_cstr(status),
        .reason = str_from_cstr(reason),
        .message = message,
        .observed_generation = generation_of(r),
    };
    const struct val *list = val_get(r->status, STR("conditions"));

    report_set(r, "conditions", conditions_set(r->run->arena, list, &c, r->now));
}

void report_no_condition(struct report *r, const char *type)
{
    const struct val *list = val_get(r->status, STR("conditions"));

    if (list)
        report_set(r, "conditions", conditions_remove(r->run->arena, list, str_from_cstr(type)));
}

static void handle_request(struct report *r)
{
    const struct val *token = val_get(val_at(r->object, "metadata.annotations"), REQUESTED_AT);

    if (val_is(token, VAL_STRING))
        report_set(r, "lastHandledReconcileAt", token);
}

static void observe_generation(struct report *r)
{
    report_set(r, "observedGeneration", val_int(r->run->arena, generation_of(r)));
}

void report_ready(struct report *r, const char *reason, struct str message)
{
    report_no_condition(r, "Reconciling");
    report_no_condition(r, "Stalled");
    report_condition(r, "Ready", "True", reason, message);
    observe_generation(r);
    handle_request(r);
}

void report_failed(struct report *r, const char *reason, struct str message, struct str progress)
{
    const struct val *before = condition_get(r->object, STR("Reconciling"));

    if (progress.len == 0 && before)
        progress = val_get_str(before, "message");
    report_no_condition(r, "Stalled");
    report_condition(r, "Ready", "False", reason, message);
    if (progress.len > 0)
        report_condition(r, "Reconciling", "True", "ProgressingWithRetry", progress);
    handle_request(r);
}

void report_observed(struct report *r)
{
    if (condition_is(r->object, "Ready", "True"))
        observe_generation(r);
    handle_request(r);
}

void report_stalled(struct report *r, const char *reason, struct str message)
{
    report_no_condition(r, "Reconciling");
    report_condition(r, "Ready", "False", reason, message);
    report_condition(r, "Stalled", "True", reason, message);
    observe_generation(r);
    handle_request(r);
}

void report_progressing(struct report *r, struct str ready_message, struct str message)
{
    report_no_condition(r, "Stalled");
    report_condition(r, "Ready", "Unknown", "Progressing", ready_message);
    report_condition(r, "Reconciling", "True", "Progressing", message);
}

struct err *report_write(struct report *r)
{
    const struct val *before = val_get(r->object, STR("status"));
    struct cluster_patch patch = {
        .ref = obj_ref_of(r->object),
        .type = CLUSTER_PATCH_MERGE,
        .field_manager = r->status_manager,
        .subresource = STR("status"),
    };
    const struct val *delta, *after;
    struct err *e;

    delta = merge_patch_create(r->run->arena, before ? before : &val_empty_map, r->status);
    if (val_count(delta) == 0)
        return NULL;
    patch.patch = val_map_of(r->run->arena, "status", delta, NULL);
    if (TRY(&e, cluster_patch_one(&r->ports->cluster, r->run, &patch, &after)))
        return e;
    r->object = after; /* what a later write of this run is compared with */
    return NULL;
}

bool has_finalizer(const struct val *object)
{
    const struct val *list = val_at(object, "metadata.finalizers");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_str(val_item(list, i)), FINALIZER))
            return true;
    return false;
}

struct err *report_finalizer(struct report *r, bool present)
{
    struct arena *a = r->run->arena;
    const struct val *list = val_at(r->object, "metadata.finalizers"), *ignored;
    struct cluster_patch patch = {
        .ref = obj_ref_of(r->object),
        .type = CLUSTER_PATCH_MERGE,
        .field_manager = r->status_manager,
    };
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < val_count(list); i++)
        if (!str_eq(val_str(val_item(list, i)), FINALIZER))
            seq_builder_add(&b, val_item(list, i));
    if (present)
        seq_builder_add(&b, val_string(a, FINALIZER));
    patch.patch = val_map_of(
        a, "metadata",
        val_map_of(a, "finalizers", seq_builder_done(&b, NULL), "resourceVersion",
                   val_string(a, val_at_str(r->object, "metadata.resourceVersion")), NULL),
        NULL);
    return cluster_patch_one(&r->ports->cluster, r->run, &patch, &ignored);
}

/* "web.17a3f0c2b1d4e5f6": the object's name and the moment, as client-go names events. */
static struct str event_name(struct report *r, const struct obj_ref *ref)
{
    return str_printf(r->run->arena, "%.*s.%llx", STR_ARG(ref->name),
                      (unsigned long long)r->now.ns);
}

static const struct val *involved_object(struct report *r, const struct obj_ref *ref)
{
    struct arena *a = r->run->arena;
    const struct val *metadata = val_get(r->object, STR("metadata"));

    return val_map_of(
        a, "apiVersion", val_get(r->object, STR("apiVersion")), "kind", val_string(a, ref->kind),
        "name", val_string(a, ref->name), "namespace", val_string(a, ref->ns), "resourceVersion",
        val_get(metadata, STR("resourceVersion")), "uid", val_get(metadata, STR("uid")), NULL);
}

/* Cut at a rune's border. */
static struct str shorten(struct str message)
{
    if (message.len <= LIMIT_EVENT_MESSAGE_BYTES)
        return message;
    message.len = LIMIT_EVENT_MESSAGE_BYTES;
    while (message.len > 0 && ((unsigned char)message.ptr[message.len] & 0xC0) == 0x80)
        message.len--;
    return message;
}

static const struct val *annotate(struct arena *a, const struct val *annotations,
                                  const struct obj_ref *ref, const char *key, struct str value)
{
    if (value.len == 0)
        return annotations;
    return val_with(a, annotations, str_printf(a, "%.*s/%s", STR_ARG(ref->group), key),
                    val_string(a, value));
}

static const struct val *event_metadata(struct report *r, const struct obj_ref *ref,
                                        enum event_severity severity, struct str revision)
{
    struct arena *a = r->run->arena;
    const struct val *annotations = annotate(a, NULL, ref, "revision", revision);

    annotations = annotate(a, annotations, ref, "digest", r->digest);
    if (severity == EVENT_DONE)
        annotations = annotate(a, annotations, ref, "commit_status", STR("update"));
    return val_map_of(a, "name", val_string(a, event_name(r, ref)), "namespace",
                      val_string(a, ref->ns), "annotations", annotations, NULL);
}

void report_event(struct report *r, enum event_severity severity, const char *reason,
                  struct str message, struct str revision)
{
    struct arena *a = r->run->arena;
    struct obj_ref ref = obj_ref_of(r->object);
    const struct val *when, *event, *ignored;
    struct err *e;

    r->now = clock_wall(&r->ports->clock);
    when = val_string(a, wall_time_format(a, r->now));
    event = val_map_of(
        a, "apiVersion", val_cstring(a, "v1"), "kind", val_cstring(a, "Event"), "metadata",
        event_metadata(r, &ref, severity, revision), "involvedObject", involved_object(r, &ref),
        "reason", val_cstring(a, reason), "message", val_string(a, shorten(message)), "type",
        val_cstring(a, severity == EVENT_ERROR ? "Warning" : "Normal"), "source",
        val_map_of(a, "component", val_string(a, r->controller), NULL), "reportingComponent",
        val_string(a, r->controller), "reportingInstance", val_cstring(a, ""), "firstTimestamp",
        when, "lastTimestamp", when, "count", val_int(a, 1), NULL);
    e = cluster_create(&r->ports->cluster, r->run, event, r->controller, &ignored);
    if (e) {
        struct log_fields fields = {
            .kind = ref.kind, .ns = ref.ns, .name = ref.name, .error = err_line(a, e)
        };

        log_write(&r->ports->log, LOG_ERROR, STR("could not record an event"), &fields);
    }
}
