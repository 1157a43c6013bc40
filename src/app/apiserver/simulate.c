/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/simulate.h"

#include "base/vec.h"
#include "value/json.h"
#include "value/merge_patch.h"

#define AGENT "kube-controller-manager"

static const struct api_resource *resource_of(struct simulation *m, const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);

    return registry_find_kind(m->s->registry, m->a, ref.group, ref.version, ref.kind);
}

static struct str path_of(struct simulation *m, const struct val *object, const char *subresource)
{
    return internal_path(m->a, resource_of(m, object), val_at_str(object, "metadata.namespace"),
                         val_at_str(object, "metadata.name"), subresource);
}

bool simulate_is_ending(const struct val *object)
{
    return val_at(object, "metadata.deletionTimestamp") != NULL;
}

static bool is_controlled_by(const struct val *object, struct str uid)
{
    const struct val *refs = val_at(object, "metadata.ownerReferences");

    for (size_t i = 0; i < val_count(refs); i++)
        if (val_at_bool(val_item(refs, i), "controller", false) &&
            str_eq(val_get_str(val_item(refs, i), "uid"), uid))
            return true;
    return false;
}

bool simulate_owned(struct simulation *m, struct str group, struct str plural,
                    struct simulated_objects *ret)
{
    const struct api_resource *res = registry_find(m->s->registry, m->a, group, STR("v1"), plural);
    struct storage_objects all = { 0 };

    if (storage_list(m->s, m->r, res, val_at_str(m->object, "metadata.namespace"), &all))
        return false;
    ret->items = all.items;
    ret->count = 0;
    for (size_t i = 0; i < all.count; i++)
        if (is_controlled_by(all.items[i], val_at_str(m->object, "metadata.uid")))
            ret->items[ret->count++] = all.items[i];
    return true;
}

const struct val *simulate_owner(struct simulation *m)
{
    const struct val *ref = val_map_of(m->a, "apiVersion", val_get(m->object, STR("apiVersion")),
                                       "kind", val_get(m->object, STR("kind")), "name",
                                       val_at(m->object, "metadata.name"), "uid",
                                       val_at(m->object, "metadata.uid"), "controller", &val_true,
                                       "blockOwnerDeletion", &val_true, NULL);

    return val_seq(m->a, &ref, 1);
}

bool simulate_create(struct simulation *m, const struct val *object)
{
    struct internal_request q = {
        .method = "POST",
        .path = internal_path(m->a, resource_of(m, object),
                              val_at_str(object, "metadata.namespace"), STR(""), NULL),
        .body = object,
        .agent = AGENT,
    };
    int status = internal_serve(m->s, m->r, &q, NULL);

    /* In a namespace that ends nothing can be made, and nothing needs to be. */
    return status < 300 || status == 409 || status == 403 || status == 404;
}

bool simulate_delete(struct simulation *m, const struct val *object)
{
    struct internal_request q = { .method = "DELETE",
                                  .path = path_of(m, object, NULL),
                                  .query = STR("propagationPolicy=Background"),
                                  .agent = AGENT };
    int status = internal_serve(m->s, m->r, &q, NULL);

    return status < 300 || status == 404;
}

bool simulate_patch(struct simulation *m, const struct val *object, const char *subresource,
                    const struct val *patch)
{
    struct internal_request q = { .method = "PATCH",
                                  .content_type = "application/merge-patch+json",
                                  .body = patch,
                                  .agent = AGENT };
    int status;

    if (val_eq(merge_patch_apply(m->a, object, patch), object))
        return true;
    q.path = path_of(m, object, subresource);
    status = internal_serve(m->s, m->r, &q, NULL);
    return status < 300 || status == 404;
}

static const struct val *merged(struct simulation *m, const struct val *map, const struct val *more)
{
    struct map_builder b;

    map_builder_from(&b, m->a, map);
    for (size_t i = 0; i < val_count(more); i++)
        map_builder_set_field(&b, &more->fields[i]);
    return map_builder_done(&b, NULL);
}

const struct val *simulate_pod_of(struct simulation *m, struct str name, struct str generate,
                                  const struct val *labels)
{
    const struct val *template = val_at(m->object, "spec.template");
    struct map_builder meta;

    map_builder_init(&meta, m->a);
    if (name.len)
        map_builder_set(&meta, STR("name"), val_string(m->a, name));
    else
        map_builder_set(&meta, STR("generateName"), val_string(m->a, generate));
    map_builder_set(&meta, STR("namespace"), val_at(m->object, "metadata.namespace"));
    map_builder_set(&meta, STR("labels"), merged(m, val_at(template, "metadata.labels"), labels));
    if (val_at(template, "metadata.annotations"))
        map_builder_set(&meta, STR("annotations"), val_at(template, "metadata.annotations"));
    map_builder_set(&meta, STR("ownerReferences"), simulate_owner(m));
    return val_map_of(m->a, "apiVersion", val_cstring(m->a, "v1"), "kind", val_cstring(m->a, "Pod"),
                      "metadata", map_builder_done(&meta, NULL), "spec",
                      val_get(template, STR("spec")), NULL);
}

struct str simulate_template_hash(struct simulation *m)
{
    /* The letters that kube uses: no vowels, so that no words come out. */
    static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
    uint64_t h = val_hash(val_at(m->object, "spec.template"));
    char *out = arena_alloc(m->a, 10);

    for (int i = 0; i < 10; i++) {
        out[i] = letters[h % (sizeof letters - 1)];
        h /= sizeof letters - 1;
    }
    return str_of(out, 10);
}

const struct val *simulate_condition(struct simulation *m, const struct val *old, const char *type,
                                     bool is, const char *reason, struct str message)
{
    struct str now = wall_time_format(m->a, clock_wall(&m->s->clock));
    const struct val *since = val_string(m->a, now);
    const char *status = is ? "True" : "False";
    struct map_builder b;

    for (size_t i = 0; i < val_count(old); i++) {
        const struct val *c = val_item(old, i);

        if (str_eq(val_get_str(c, "type"), str_from_cstr(type)) &&
            str_eq(val_get_str(c, "status"), str_from_cstr(status)) &&
            val_get(c, STR("lastTransitionTime")))
            since = val_get(c, STR("lastTransitionTime"));
    }
    map_builder_init(&b, m->a);
    map_builder_set(&b, STR("type"), val_cstring(m->a, type));
    map_builder_set(&b, STR("status"), val_cstring(m->a, status));
    map_builder_set(&b, STR("lastTransitionTime"), since);
    if (reason)
        map_builder_set(&b, STR("reason"), val_cstring(m->a, reason));
    if (message.len)
        map_builder_set(&b, STR("message"), val_string(m->a, message));
    return map_builder_done(&b, NULL);
}

bool simulate_pod_is_ready(const struct val *pod)
{
    const struct val *conditions = val_at(pod, "status.conditions");

    for (size_t i = 0; i < val_count(conditions); i++)
        if (str_is(val_get_str(val_item(conditions, i), "type"), "Ready"))
            return str_is(val_get_str(val_item(conditions, i), "status"), "True") &&
                   !simulate_is_ending(pod);
    return false;
}
