/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/generate.h"
#include "core/kustomize/transform.h"

struct affix {
    struct str prefix;
    struct str suffix;
};

static struct err *set_name(const struct kust_edit *edit, const struct val *old,
                            const struct val **ret)
{
    const struct affix *x = edit->context;
    if (old->kind == VAL_MAP || old->kind == VAL_SEQ)
        return err_new(edit->arena, ERR_INVALID, "%s:%u:%u: a name must be a string, not a %s",
                       old->file ? old->file : "", old->line, old->column, val_kind_name(old));
    struct str text = kust_text(edit->arena, old);
    *ret = kust_rewrite_scalar(edit->arena, old,
                               str_printf(edit->arena, "%.*s%.*s%.*s", STR_ARG(x->prefix),
                                          STR_ARG(text), STR_ARG(x->suffix)));
    return NULL;
}

/* Their names are not for the taking: a CRD's follows from its content, the others are names of places. */
static bool keeps_name(const struct kust_id *id)
{
    return str_is(id->kind, "CustomResourceDefinition") || str_is(id->kind, "Namespace") ||
           (str_is(id->kind, "APIService") && str_is(id->group, "apiregistration.k8s.io"));
}

static struct err *affix_one(struct kust_build *b, const struct kust_edit *edit,
                             struct kust_fieldspecs specs, struct kust_resource *r)
{
    const struct affix *x = edit->context;
    struct kust_id first = kust_resource_origin_id(r);
    struct err *spent;
    if (keeps_name(&first))
        return NULL;
    if (TRY(&spent, kust_spend(b, specs.count)))
        return spent;
    for (size_t i = 0; i < specs.count; i++) {
        const struct kust_fieldspec *spec = &specs.items[i];
        if (!kust_id_selected(&first, &spec->gvk))
            continue;
        if (str_is(spec->path, "metadata/name")) {
            if (x->prefix.len > 0)
                *VEC_PUSH(b->arena, &r->prefixes) = x->prefix;
            if (x->suffix.len > 0)
                *VEC_PUSH(b->arena, &r->suffixes) = x->suffix;
            if (x->prefix.len + x->suffix.len > 0)
                kust_resource_remember(b->arena, r);
        }
        struct err *e;
        if (TRY(&e, kust_transform_one(b, edit, (struct kust_fieldspecs){ spec, 1 }, r)))
            return e;
    }
    return NULL;
}

static struct err *affix_all(struct kust_build *b, struct kust_resmap *m, struct affix *x,
                             struct kust_fieldspecs specs)
{
    struct kust_edit edit = { b->arena, KUST_MAKE_SCALAR, set_name, x };
    for (size_t i = 0; i < m->all.count; i++) {
        struct err *e;
        if (TRY(&e, affix_one(b, &edit, specs, m->all.items[i])))
            return e;
        kust_resmap_note(m, m->all.items[i]);
    }
    return NULL;
}

struct err *kust_transform_prefix(struct kust_build *b, struct kust_resmap *m, struct str prefix,
                                  struct kust_fieldspecs specs)
{
    struct affix x = { prefix, STR("") };
    return affix_all(b, m, &x, specs);
}

struct err *kust_transform_suffix(struct kust_build *b, struct kust_resmap *m, struct str suffix,
                                  struct kust_fieldspecs specs)
{
    struct affix x = { STR(""), suffix };
    return affix_all(b, m, &x, specs);
}

struct err *kust_transform_hash(struct kust_build *b, struct kust_resmap *m)
{
    for (size_t i = 0; i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        struct str hash;
        struct err *e;
        if (!r->needs_hash)
            continue;
        if (r->id.name.len == 0 && r->past.count > 0)
            return err_new(b->arena, ERR_INVALID, "%.*s: missing metadata.name in object",
                           STR_ARG(r->id.kind));
        if (TRY(&e, kust_content_hash(b->arena, r, &hash)))
            return e;
        kust_resource_remember(b->arena, r);
        kust_resource_rename(b->arena, r,
                             str_printf(b->arena, "%.*s-%.*s", STR_ARG(r->id.name), STR_ARG(hash)));
        kust_resmap_note(m, r);
    }
    return NULL;
}
