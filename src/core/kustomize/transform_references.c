/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/transform.h"

/*
 * A reference is a name in one object (the referrer) that meant another one before it was renamed. Candidates
 * are those that ever had the name; of them the kind, the namespace and then the prefixes and suffixes decide.
 * Two indexes keep it linear: past name -> objects, and first namespace -> objects.
 */
struct names {
    struct kust_build *build;
    struct kust_resmap *map;
    struct map by_past_name;       /* -> struct kust_resources */
    struct map by_first_namespace; /* -> struct kust_resources */
};

struct referrer {
    const struct names *names;
    struct kust_resource *resource;
    struct kust_strs account_namespaces; /* that a RoleBinding's subjects name */
    const struct kust_gvk *target;       /* kind that the field refers to */
    bool is_role_ref;
};

static void index_add(struct arena *a, struct map *index, struct str key, struct kust_resource *r)
{
    struct kust_resources *bucket = map_get(index, key);
    if (!bucket) {
        bucket = ARENA_NEW(a, struct kust_resources);
        map_set(index, key, bucket);
    }
    if (bucket->count == 0 || bucket->items[bucket->count - 1] != r)
        *VEC_PUSH(a, bucket) = r;
}

static void index_names(struct names *n)
{
    struct arena *a = n->build->arena;
    map_init(&n->by_past_name, a);
    map_init(&n->by_first_namespace, a);
    for (size_t i = 0; i < n->map->all.count; i++) {
        struct kust_resource *r = n->map->all.items[i];
        for (size_t j = 0; j < r->past.count; j++)
            index_add(a, &n->by_past_name, r->past.items[j].name, r);
        struct kust_id first = kust_resource_origin_id(r);
        index_add(a, &n->by_first_namespace, kust_id_effective_ns(&first), r);
    }
}

static bool same_namespace(const struct kust_id *x, const struct kust_id *y)
{
    return str_eq(kust_id_effective_ns(x), kust_id_effective_ns(y));
}

/* Could the referrer mean anything in r's namespace? */
static bool in_reach(const struct referrer *f, const struct kust_resource *r)
{
    const struct kust_id *id = &f->resource->id;
    if (id->cluster || r->id.cluster || same_namespace(id, &r->id))
        return true;
    for (size_t i = 0; i < f->account_namespaces.count; i++)
        if (str_eq(f->account_namespaces.items[i], r->id.ns))
            return true;
    return false;
}

/* Role bindings alone may name objects of another namespace, and only service accounts. */
static bool may_cross(const struct referrer *f, const struct kust_resource *r)
{
    const struct kust_id *id = &f->resource->id;
    return id->cluster || r->id.cluster || str_is(r->id.kind, "ServiceAccount") ||
           same_namespace(id, &r->id);
}

static bool was_of_kind(const struct kust_resource *r, const struct kust_gvk *kind)
{
    for (size_t i = 0; i < r->past.count; i++) {
        struct kust_id past = kust_resource_past(r, i);
        if (kust_id_selected(&past, kind))
            return true;
    }
    return false;
}

static bool same_end(const struct kust_strs *x, const struct kust_strs *y)
{
    size_t shorter = x->count < y->count ? x->count : y->count;
    if (shorter == 0)
        return x->count == y->count;
    for (size_t i = 1; i <= shorter; i++)
        if (!str_eq(x->items[x->count - i], y->items[y->count - i]))
            return false;
    return true;
}

static bool same_affixes(const struct kust_resource *x, const struct kust_resource *y, bool lenient)
{
    bool any_prefix = lenient && (x->prefixes.count == 0 || y->prefixes.count == 0);
    bool any_suffix = lenient && (x->suffixes.count == 0 || y->suffixes.count == 0);
    return (any_prefix || same_end(&x->prefixes, &y->prefixes)) &&
           (any_suffix || same_end(&x->suffixes, &y->suffixes));
}

/* apiGroup and kind of the referrer's roleRef; false when they are not given. */
static bool role_ref(const struct referrer *f, struct kust_gvk *ret)
{
    const struct val *ref = val_get(f->resource->object, STR("roleRef"));
    const struct val *group = val_get(ref, STR("apiGroup"));
    const struct val *kind = val_get(ref, STR("kind"));
    if (!group || !kind)
        return false;
    *ret = (struct kust_gvk){ kust_text(f->names->build->arena, group), STR(""),
                              kust_text(f->names->build->arena, kind) };
    return true;
}

static void keep_same_affixes(struct kust_resources *list, const struct kust_resource *r,
                              bool lenient)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (same_affixes(list->items[i], r, lenient))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static bool had_name(const struct kust_resource *r, struct str name)
{
    for (size_t i = 0; i < r->past.count; i++)
        if (str_eq(r->past.items[i].name, name))
            return true;
    return false;
}

/* Which objects of namespace `ns` can be meant: by the namespace they had first, else by today's. */
struct in_namespace {
    bool given;
    bool by_first;
    bool must_agree; /* several candidates must also be in one namespace */
    struct str ns;
};

static bool is_in(const struct in_namespace *in, const struct kust_resource *r)
{
    if (!in->given)
        return true;
    struct kust_id id = in->by_first ? kust_resource_origin_id(r) : r->id;
    return str_eq(kust_id_effective_ns(&id), in->ns);
}

static struct kust_resources candidates(const struct referrer *f, struct str name,
                                        const struct in_namespace *in)
{
    struct arena *a = f->names->build->arena;
    const struct kust_resources *bucket = map_get(&f->names->by_past_name, name);
    struct kust_resources found = VEC_INIT;
    struct kust_gvk role;
    bool has_role = f->is_role_ref && bucket && role_ref(f, &role);
    for (size_t i = 0; bucket && i < bucket->count; i++) {
        struct kust_resource *r = bucket->items[i];
        bool fits = in_reach(f, r) && is_in(in, r) && had_name(r, name) &&
                    was_of_kind(r, f->target) && (!has_role || was_of_kind(r, &role)) &&
                    may_cross(f, r);
        if (fits)
            *VEC_PUSH(a, &found) = r;
    }
    return found;
}

/* *ret is NULL when the name means none of ours. ERR_INVALID: it could mean several. */
static struct err *choose(const struct referrer *f, struct str name, const struct in_namespace *in,
                          struct kust_resource **ret)
{
    const struct kust_resources *bucket = map_get(&f->names->by_past_name, name);
    struct arena *a = f->names->build->arena;
    struct err *e;
    *ret = NULL;
    if (TRY(&e, kust_spend(f->names->build, bucket ? 1 + bucket->count : 1)))
        return e;
    struct kust_resources list = candidates(f, name, in);
    if (list.count > 1)
        keep_same_affixes(&list, f->resource, true);
    if (list.count > 1)
        keep_same_affixes(&list, f->resource, false);
    for (size_t i = 1; i < list.count; i++) {
        const struct kust_id *x = &list.items[0]->id, *y = &list.items[i]->id;
        if (!str_eq(x->name, y->name) || (in->must_agree && !str_eq(x->ns, y->ns)))
            return err_new(
                a, ERR_INVALID, "\"%.*s\" could be %.*s or %.*s: found multiple possible referrals",
                STR_ARG(name), STR_ARG(kust_id_format(a, x)), STR_ARG(kust_id_format(a, y)));
    }
    *ret = list.count > 0 ? list.items[0] : NULL;
    return NULL;
}

static struct err *update_scalar(const struct referrer *f, const struct val *old,
                                 const struct val **ret)
{
    struct arena *a = f->names->build->arena;
    static const struct in_namespace anywhere = { .given = false };
    struct str name = kust_text(a, old);
    struct kust_resource *r;
    struct err *e;
    *ret = old;
    if (TRY(&e, choose(f, name, &anywhere, &r)))
        return e;
    if (r && !str_eq(r->id.name, name))
        *ret = kust_rewrite_scalar(a, old, r->id.name);
    return NULL;
}

/* Is anything in the referrer's reach that was in namespace ns at first? */
static bool is_first_namespace(const struct referrer *f, struct str ns)
{
    const struct kust_resources *bucket = map_get(&f->names->by_first_namespace, ns);
    for (size_t i = 0; bucket && i < bucket->count; i++)
        if (in_reach(f, bucket->items[i]))
            return true;
    return false;
}

/* A map with a name and perhaps a namespace, such as a subject: both are updated. */
static struct err *update_map(const struct referrer *f, const struct val *old,
                              const struct val **ret)
{
    struct arena *a = f->names->build->arena;
    const struct val *name = val_get(old, STR("name")), *ns = val_get(old, STR("namespace"));
    struct in_namespace in = { .given = ns != NULL, .must_agree = true };
    struct kust_resource *r;
    struct err *e;
    *ret = old;
    if (!name)
        return err_new(a, ERR_INVALID, "%s:%u:%u: a reference without a name",
                       old->file ? old->file : "", old->line, old->column);
    if (ns) {
        in.ns = kust_text(a, ns);
        in.by_first = !str_is(in.ns, "_non_namespaceable_") && is_first_namespace(f, in.ns);
    }
    if (TRY(&e, choose(f, kust_text(a, name), &in, &r)))
        return e;
    if (!r || (str_eq(r->id.name, kust_text(a, name)) && r->id.ns.len == 0))
        return NULL;
    *ret = val_with(a, old, STR("name"), kust_rewrite_scalar(a, name, r->id.name));
    if (r->id.ns.len > 0)
        *ret = val_with(a, *ret, STR("namespace"), kust_rewrite_scalar(a, ns, r->id.ns));
    return NULL;
}

static struct err *update(const struct kust_edit *edit, const struct val *old,
                          const struct val **ret)
{
    const struct referrer *f = edit->context;
    *ret = old;
    if (old->kind == VAL_NULL)
        return NULL;
    if (old->kind == VAL_MAP)
        return update_map(f, old, ret);
    if (old->kind != VAL_SEQ)
        return update_scalar(f, old, ret);
    struct seq_editor list = { .arena = edit->arena, .seq = old };
    for (size_t i = 0; i < old->count; i++) {
        const struct val *item = old->items[i], *now = item;
        struct err *e = NULL;
        if (item->kind == VAL_MAP)
            e = update_map(f, item, &now);
        else if (item->kind != VAL_SEQ && item->kind != VAL_NULL)
            e = update_scalar(f, item, &now);
        if (e)
            return e;
        if (now != item)
            seq_editor_set(&list, i, now);
    }
    *ret = seq_editor_done(&list);
    return NULL;
}

static struct err *find_account_namespaces(struct referrer *f)
{
    struct arena *a = f->names->build->arena;
    const struct val *subjects = val_get(f->resource->object, STR("subjects"));
    if (!str_is(f->resource->id.kind, "RoleBinding") || !val_is(subjects, VAL_SEQ))
        return NULL;
    for (size_t i = 0; i < subjects->count; i++) {
        const struct val *ns = val_get(subjects->items[i], STR("namespace"));
        if (!ns || !str_is(val_get_str(subjects->items[i], "kind"), "ServiceAccount"))
            continue;
        if (ns->kind != VAL_STRING)
            return err_new(a, ERR_INVALID, "%.*s: a subject's namespace must be a string, not %s",
                           STR_ARG(kust_id_format(a, &f->resource->id)), val_kind_name(ns));
        *VEC_PUSH(a, &f->account_namespaces) = kust_text(a, ns);
    }
    return NULL;
}

static struct err *follow(struct referrer *f, const struct kust_config *config)
{
    struct kust_edit edit = { f->names->build->arena, KUST_MAKE_NOTHING, update, f };
    struct kust_id first = kust_resource_origin_id(f->resource);
    struct str api_version = kust_text(edit.arena, val_get(f->resource->object, STR("apiVersion")));
    for (size_t i = 0; i < config->name_reference_count; i++) {
        const struct kust_name_reference *rule = &config->name_references[i];
        struct err *spent;
        if (TRY(&spent, kust_spend(f->names->build, 1 + rule->fields.count / 4)))
            return spent;
        f->target = &rule->target;
        for (size_t j = 0; j < rule->fields.count; j++) {
            const struct kust_fieldspec *spec = &rule->fields.items[j];
            if (!kust_id_selected(&first, &spec->gvk))
                continue;
            if (str_has_prefix(api_version, STR("/")))
                return err_new(edit.arena, ERR_INVALID, "%.*s: apiVersion \"%.*s\" has no group",
                               STR_ARG(kust_id_format(edit.arena, &f->resource->id)),
                               STR_ARG(api_version));
            f->is_role_ref = str_has_suffix(spec->path, STR("roleRef/name"));
            struct kust_fieldspec anywhere = { .path = spec->path };
            struct kust_fieldspecs one = { &anywhere, 1 };
            struct err *e;
            if (TRY(&e, kust_transform_one(f->names->build, &edit, one, f->resource)))
                return e;
        }
    }
    return NULL;
}

struct err *kust_transform_references(struct kust_build *b, struct kust_resmap *m,
                                      const struct kust_config *config)
{
    struct names names = { .build = b, .map = m };
    index_names(&names);
    for (size_t i = 0; i < m->all.count; i++) {
        struct referrer f = { .names = &names, .resource = m->all.items[i] };
        struct err *e;
        if (TRY(&e, find_account_namespaces(&f)) || TRY(&e, follow(&f, config)))
            return e;
    }
    return NULL;
}
