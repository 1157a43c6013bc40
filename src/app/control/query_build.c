/* SPDX-License-Identifier: Apache-2.0 */
/* What a Kustomization, and with it those it holds, would apply. */
#include "app/control/building.h"
#include "app/control/query.h"

static struct err *build_one(struct building *b, const struct val *kustomization, struct str dir,
                             struct found *objects);

static struct err *build_nested(struct building *b, const struct val *parent,
                                const struct val *child, struct found *objects)
{
    struct obj_ref up = obj_ref_of(parent), ref = obj_ref_of(child);
    const struct val *kustomization;
    struct str dir;
    struct err *e;

    if (str_eq(up.name, ref.name) && str_eq(up.ns, ref.ns))
        return NULL;
    if (b->depth >= BUILDING_DEPTH_MAX)
        return err_new(b->run->arena, ERR_INVALID,
                       "%.*s: more than %d Kustomizations in each other",
                       STR_ARG(obj_ref_format(b->run->arena, &ref)), BUILDING_DEPTH_MAX);
    /* The cluster's stands for it where there is one, as in flux. */
    if (TRY(&e, building_resolve(b, ref.ns, ref.name, NULL, false, &kustomization)))
        return e;
    if (!kustomization)
        kustomization = child;
    if (TRY(&e, building_folder(b, kustomization, &dir)))
        return e;
    b->depth++;
    e = build_one(b, kustomization, dir, objects);
    b->depth--;
    return e;
}

static struct err *build_one(struct building *b, const struct val *kustomization, struct str dir,
                             struct found *objects)
{
    struct built built;
    struct err *e;

    if (TRY(&e, building_run(b, kustomization, dir, &built)))
        return e;
    for (size_t i = 0; i < built.count; i++)
        *VEC_PUSH(b->run->arena, objects) = built.objects[i];
    for (size_t i = 0; b->query->recursive && i < built.count; i++)
        if (building_is_kustomization(built.objects[i]) &&
            TRY(&e, build_nested(b, kustomization, built.objects[i], objects)))
            return e;
    return NULL;
}

struct err *query_build(void *self, struct run *r, const struct build_query *query,
                        struct built *ret)
{
    struct building b = { .queries = self, .run = r, .query = query };
    const struct val *kustomization;
    struct found objects = VEC_INIT;
    struct err *e;

    if (TRY(&e, building_resolve(&b, query->ns, query->name, query->kustomization,
                                 !query->ignore_missing, &kustomization)) ||
        TRY(&e, build_one(&b, kustomization, query->path, &objects)))
        return e;
    *ret = (struct built){ .objects = objects.items, .count = objects.count };
    return NULL;
}
