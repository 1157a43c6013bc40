/* SPDX-License-Identifier: Apache-2.0 */
#include "app/apiserver/bootstrap.h"

#include "app/apiserver/storage.h"
#include "core/apiserver/rbac.h"
#include "value/json.h"

/* Each stands on its own; the order is that of creation. Roles and bindings come from core (rbac_bootstrap). */
static const char *const first_objects[] = {
    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"default\"}}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"kube-system\"}}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"kube-public\"}}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"kube-node-lease\"}}",
    "{\"apiVersion\":\"scheduling.k8s.io/v1\",\"kind\":\"PriorityClass\",\"metadata\":{\"name\":"
    "\"system-cluster-critical\"},\"value\":2000000000,\"description\":"
    "\"Used for system critical pods that must run in the cluster, but can be moved to another "
    "node if necessary.\"}",
    "{\"apiVersion\":\"scheduling.k8s.io/v1\",\"kind\":\"PriorityClass\",\"metadata\":{\"name\":"
    "\"system-node-critical\"},\"value\":2000001000,\"description\":"
    "\"Used for system critical pods that must not be moved from their current node.\"}",
    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"kubernetes\","
    "\"namespace\":\"default\",\"labels\":{\"component\":\"apiserver\",\"provider\":"
    "\"kubernetes\"}},\"spec\":{\"clusterIP\":\"10.96.0.1\",\"ports\":[{\"name\":\"https\","
    "\"port\":443,\"protocol\":\"TCP\",\"targetPort\":6443}]}}",
};

struct bootstrap {
    struct apiserver *s;
    struct run *r;
    struct storage_reader reader;
    VEC(struct store_write) writes;
};

static struct err *exists(struct bootstrap *b, const struct store_key *key, bool *ret)
{
    struct store_row row = { 0 };

    return b->s->store.ops->get(b->s->store.self, b->r, key, ret, &row);
}

/*
 * What core makes of it, as a write. Namespaces are looked up by core while they are still in this commit, so
 * objects in them are made by a second call (see bootstrap_objects).
 */
static struct err *add(struct bootstrap *b, const struct val *object)
{
    struct arena *a = b->r->arena;
    struct obj_ref ref = obj_ref_of(object);
    const struct api_resource *res = registry_find_kind(b->s->registry, a, ref.group, ref.version,
                                                        ref.kind);
    struct warning_list ignored = { 0 };
    struct prepare_result result = { 0 };
    struct prepare_call call = { .resource = res,
                                 .ns = ref.ns,
                                 .uid = storage_uid(b->s, a),
                                 .reader = &b->reader.port,
                                 .warnings = &ignored };
    struct store_write w = { .expected_revision = 0 };
    bool found = false;
    struct err *e;

    if (!res)
        return err_new(a, ERR_INTERNAL, "%.*s: no such kind", STR_ARG(obj_ref_format(a, &ref)));
    w.key = (struct store_key){ api_resource_store_key(a, res), ref.ns, ref.name };
    if (TRY(&e, exists(b, &w.key, &found)) || found)
        return e;
    call.writer.manager = STR("kube-apiserver");
    call.writer.api_version = val_get_str(object, "apiVersion");
    call.writer.now = clock_wall(&b->s->clock);
    random_fill(&b->s->random, &call.random, sizeof call.random);
    if (TRY(&e, prepare_create(a, &call, object, &result)))
        return err_wrap(a, e, "%.*s", STR_ARG(obj_ref_format(a, &ref)));
    object = val_without_at(a, result.object, "metadata.resourceVersion");
    object = api_resource_convert(a, object, res->storage_group, res->storage_version);
    w.value = json_string(a, object, JSON_COMPACT);
    *VEC_PUSH(a, &b->writes) = w;
    return NULL;
}

static struct err *commit(struct bootstrap *b, size_t *ret_created)
{
    struct err *e = NULL;

    if (b->writes.count)
        e = b->s->store.ops->commit(b->s->store.self, b->r, b->writes.items, b->writes.count,
                                    false);
    *ret_created += b->writes.count;
    b->writes.count = 0;
    return e;
}

struct err *bootstrap_objects(struct apiserver *s, struct run *r, size_t *ret_created)
{
    struct bootstrap b = { .s = s, .r = r };
    size_t count = sizeof first_objects / sizeof first_objects[0];
    const struct val *const *roles;
    size_t role_count;
    struct err *e;

    *ret_created = 0;
    storage_reader_init(&b.reader, s, r);
    for (size_t i = 0; i < count; i++) {
        const struct val *object = NULL;

        if (TRY(&e,
                json_read(r->arena, str_from_cstr(first_objects[i]), STR("built in"), 0, &object)))
            return e;
        /* What stands in a namespace needs it committed. */
        if (val_at(object, "metadata.namespace") && TRY(&e, commit(&b, ret_created)))
            return e;
        if (TRY(&e, add(&b, object)))
            return e;
    }
    roles = rbac_bootstrap(r->arena, &role_count);
    for (size_t i = 0; i < role_count; i++)
        if (TRY(&e, add(&b, roles[i])))
            return e;
    return commit(&b, ret_created);
}
