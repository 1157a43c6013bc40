/* SPDX-License-Identifier: Apache-2.0 */
#include "app/charts/release_cluster.h"

#include "base/vec.h"

#define FIELD_MANAGER "helm"

/* One validation. */
struct validation {
    const struct release_cluster_tools *tools;
    struct run *run;
    const struct release_identity *release;
    struct {
        struct err **items;
        size_t count, cap;
    } errors;
};

static struct err *capabilities(void *self, struct run *r, struct release_capabilities *ret)
{
    const struct release_cluster_tools *tools = self;
    struct served_kinds served;
    struct err *e;

    if (TRY(&e, cluster_version(&tools->cluster, r, &ret->version)) ||
        TRY(&e, tools->discovery.ops->served(tools->discovery.self, r, &served)))
        return e;
    ret->api_versions = served.items;
    ret->api_version_count = served.count;
    return NULL;
}

/* Templates see an object's integers as int64, as a Go client decodes them, not as what a text of values has. */
static const struct val *with_integers(struct arena *a, const struct val *v)
{
    if (v->kind == VAL_INT)
        return val_int(a, v->integer);
    if (v->kind == VAL_SEQ) {
        const struct val **items = ARENA_ARRAY(a, v->count, const struct val *);

        for (uint32_t i = 0; i < v->count; i++)
            items[i] = with_integers(a, v->items[i]);
        return val_seq(a, items, v->count);
    }
    if (v->kind == VAL_MAP) {
        struct map_builder map;

        map_builder_init(&map, a);
        for (uint32_t i = 0; i < v->count; i++)
            (void)map_builder_set(&map, v->fields[i].key, with_integers(a, v->fields[i].value));
        return map_builder_done(&map, v);
    }
    return v;
}

static struct err *list_of(const struct release_cluster_tools *tools, struct run *r,
                           const struct obj_ref *ref, const struct val **ret)
{
    struct cluster_selector all = { .gvk = obj_ref_gvk(ref), .ns = ref->ns };
    struct arena *a = r->arena;
    struct cluster_list list;
    struct err *e;

    if (TRY(&e, cluster_list_all(&tools->cluster, r, &all, &list)))
        return e;
    *ret = val_map_of(a, "apiVersion",
                      val_string(a, api_version_format(a, ref->group, ref->version)), "kind",
                      val_string(a, str_concat(a, ref->kind, STR("List"))), "metadata",
                      val_map_of(a, "resourceVersion", val_string(a, list.resource_version), NULL),
                      "items", val_seq(a, list.items, list.count), NULL);
    return NULL;
}

static struct err *lookup(void *self, struct run *r, const struct obj_ref *ref,
                          const struct val **ret)
{
    const struct release_cluster_tools *tools = self;
    struct gvk gvk = obj_ref_gvk(ref);
    struct obj_ref wanted = *ref;
    bool namespaced;
    struct err *e;

    if (TRY(&e, cluster_scope(&tools->cluster, r, &gvk, &namespaced)))
        return e;
    if (!namespaced)
        wanted.ns = STR("");
    e = ref->name.len == 0 ? list_of(tools, r, &wanted, ret)
                           : cluster_get_one(&tools->cluster, r, &wanted, ret);
    if (e)
        return e;
    *ret = *ret ? with_integers(r->arena, *ret) : &val_empty_map;
    return NULL;
}

static void add_error(struct validation *v, struct err *e)
{
    *VEC_PUSH(v->run->arena, &v->errors) = e;
}

/* Helm's words, for an object that somebody else made. */
static struct err *check_owner(const struct validation *v, const struct obj_ref *ref,
                               const struct val *live)
{
    const struct val *metadata = val_get(live, STR("metadata"));
    const struct val *annotations = val_get(metadata, STR("annotations"));
    struct arena *a = v->run->arena;

    if (str_is(val_get_str(val_get(metadata, STR("labels")), "app.kubernetes.io/managed-by"),
               "Helm") &&
        str_eq(val_get_str(annotations, "meta.helm.sh/release-name"), v->release->name) &&
        str_eq(val_get_str(annotations, "meta.helm.sh/release-namespace"), v->release->ns))
        return NULL;
    return err_new(a, ERR_ALREADY_EXISTS,
                   "%.*s exists and cannot be imported into the current release: its label "
                   "app.kubernetes.io/managed-by must be \"Helm\", its annotations "
                   "meta.helm.sh/release-name and release-namespace \"%.*s\" and \"%.*s\"",
                   STR_ARG(obj_ref_format(a, ref)), STR_ARG(v->release->name),
                   STR_ARG(v->release->ns));
}

/* The object with its namespace as the server wants it; false: its kind is not served, which is an error of its own. */
static bool place(struct validation *v, const struct val *object, struct obj_ref *ret_ref,
                  const struct val **ret)
{
    struct arena *a = v->run->arena;
    struct gvk gvk;
    bool namespaced;
    struct err *e;

    *ret_ref = obj_ref_of(object);
    *ret = object;
    gvk = obj_ref_gvk(ret_ref);
    if (TRY(&e, cluster_scope(&v->tools->cluster, v->run, &gvk, &namespaced))) {
        add_error(v, err_wrap(a, e, "%.*s", STR_ARG(obj_ref_format(a, ret_ref))));
        return false;
    }
    if (namespaced && ret_ref->ns.len == 0) {
        ret_ref->ns = v->release->ns;
        *ret = val_with_at(a, object, "metadata.namespace", val_string(a, ret_ref->ns));
    }
    return true;
}

/* A namespace that is not there yet may come with the release; what is in it cannot be tried then. */
static bool lacks_namespace(const struct err *e)
{
    return e->code == ERR_NOT_FOUND && e->status && str_is(e->status->kind, "namespaces");
}

static void validate_one(struct validation *v, const struct val *object)
{
    struct arena *a = v->run->arena;
    struct cluster_apply request = { .field_manager = STR(FIELD_MANAGER), .dry_run = true };
    struct cluster_result answer = { .err = NULL };
    const struct val *live = NULL;
    struct obj_ref ref;
    struct err *e = NULL;

    if (!place(v, object, &ref, &request.object))
        return;
    if (!v->release->is_upgrade) {
        e = cluster_get_one(&v->tools->cluster, v->run, &ref, &live);
        if (!e && live)
            e = check_owner(v, &ref, live);
    }
    if (e) {
        add_error(v, e);
        return;
    }
    e = cluster_apply_set(&v->tools->cluster, v->run, &request, 1, &answer);
    e = e ? e : answer.err;
    if (e && !lacks_namespace(e))
        add_error(v, err_wrap(a, e, "%.*s", STR_ARG(obj_ref_format(a, &ref))));
}

static struct err *validate(void *self, struct run *r, const struct release_identity *release,
                            const struct val *const *objects, size_t count)
{
    struct validation v = { .tools = self, .run = r, .release = release };

    for (size_t i = 0; i < count; i++)
        validate_one(&v, objects[i]);
    return err_join(r->arena, v.errors.items, v.errors.count);
}

struct release_cluster release_cluster_port(struct release_cluster_tools *tools)
{
    static const struct release_cluster_ops ops = { .capabilities = capabilities,
                                                    .lookup = lookup,
                                                    .validate = validate };

    return (struct release_cluster){ &ops, tools };
}
