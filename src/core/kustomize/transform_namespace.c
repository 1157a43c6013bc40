/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/transform.h"

struct err *kust_transform_one(struct kust_build *b, const struct kust_edit *edit,
                               struct kust_fieldspecs specs, struct kust_resource *r)
{
    const struct val *object;
    struct err *e;
    if (TRY(&e, kust_spend(b, 1 + specs.count)))
        return e;
    if (TRY(&e, kust_fieldspecs_apply(edit, specs, r->object, &object)))
        return err_wrap(b->arena, e, "%.*s", STR_ARG(kust_id_format(b->arena, &r->id)));
    if (object != r->object)
        kust_resource_set(b->arena, &b->schema, r, object);
    return NULL;
}

static struct err *set_namespace(const struct kust_edit *edit, const struct val *old,
                                 const struct val **ret)
{
    const struct kust_namespace *args = edit->context;
    *ret = old;
    if (old->kind == VAL_MAP || old->kind == VAL_SEQ)
        return err_new(edit->arena, ERR_INVALID,
                       "%s:%u:%u: namespace field specs must name scalars, not a %s",
                       old->file ? old->file : "", old->line, old->column, val_kind_name(old));
    bool keeps = args->unset_only && kust_text(edit->arena, old).len > 0;
    if (!keeps)
        *ret = val_string(edit->arena, args->ns);
    return NULL;
}

static bool is_role_binding(struct str kind)
{
    return str_is(kind, "RoleBinding") || str_is(kind, "ClusterRoleBinding");
}

static bool takes_namespace(const struct kust_namespace *args, const struct val *subject)
{
    if (args->subjects == KUST_SUBJECTS_ALL)
        return str_is(val_get_str(subject, "kind"), "ServiceAccount");
    return str_is(val_get_str(subject, "name"), "default");
}

static struct err *set_subjects(const struct kust_edit *edit, struct kust_resource *r)
{
    const struct kust_namespace *args = edit->context;
    const struct val *subjects = val_get(r->object, STR("subjects"));
    if (args->subjects == KUST_SUBJECTS_NONE || !val_is(subjects, VAL_SEQ))
        return NULL;
    const struct val *list = subjects;
    for (size_t i = 0; i < subjects->count; i++) {
        const struct val *s = subjects->items[i];
        if (!takes_namespace(args, s))
            continue;
        const struct val *old = val_get(s, STR("namespace"));
        struct err *e;
        if (TRY(&e, set_namespace(edit, old ? old : &val_null, &old)))
            return e;
        s = val_with(edit->arena, s, STR("namespace"), old);
        list = val_seq_replace(edit->arena, list, i, s);
    }
    if (list != subjects)
        r->object = val_with(edit->arena, r->object, STR("subjects"), list);
    return NULL;
}

/* metadata is set by hand (cluster-scoped kinds have none); metadata/name is meant for v1 objects only. */
static bool applies(const struct kust_fieldspec *spec, const struct kust_resource *r)
{
    if (str_is(spec->path, "metadata/namespace"))
        return false;
    bool is_v1 = r->id.group.len == 0 && str_is(r->id.version, "v1");
    if (str_is(spec->path, "metadata/name") && !is_v1)
        return false;
    return !(is_role_binding(r->id.kind) && is_role_binding(spec->gvk.kind) &&
             str_is(spec->path, "subjects/namespace"));
}

static struct err *set_one(struct kust_build *b, const struct kust_edit *edit,
                           struct kust_resource *r)
{
    static const struct kust_fieldspec metadata = { .path = STR_INIT("metadata/namespace"),
                                                    .create = true };
    const struct kust_namespace *args = edit->context;
    struct err *e;
    if (!r->id.cluster &&
        TRY(&e, kust_transform_one(b, edit, (struct kust_fieldspecs){ &metadata, 1 }, r)))
        return e;
    if (is_role_binding(r->id.kind) && TRY(&e, set_subjects(edit, r)))
        return e;
    if (TRY(&e, kust_spend(b, args->specs.count)))
        return e;
    for (size_t i = 0; i < args->specs.count; i++) {
        const struct kust_fieldspec *spec = &args->specs.items[i];
        if (applies(spec, r) &&
            TRY(&e, kust_transform_one(b, edit, (struct kust_fieldspecs){ spec, 1 }, r)))
            return e;
    }
    /* What is set here is said to be text. */
    r->untagged_ns = r->untagged_ns && r->id.cluster;
    r->untagged_name = r->untagged_name && !str_is(r->id.kind, "Namespace");
    return NULL;
}

struct err *kust_transform_namespace(struct kust_build *b, struct kust_resmap *m,
                                     const struct kust_namespace *args)
{
    if (args->ns.len == 0)
        return NULL;
    struct kust_namespace copy = *args;
    struct kust_edit edit = { b->arena, KUST_MAKE_SCALAR, set_namespace, &copy };
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        struct err *e;
        if (kust_is_empty(r->object))
            continue;
        kust_resource_remember(b->arena, r);
        kust_resmap_note(m, r);
        if (TRY(&e, set_one(b, &edit, r)))
            return e;
        kust_resmap_note(m, r);
    }
    return kust_resmap_check_unique(m, "namespace transformation produces an id conflict");
}
