/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/memory.h"

#include "base/buf.h"
#include "core/kustomize/origin.h"

#define DOMAIN "internal.config.kubernetes.io/"

static const char *const behaviors[] = { "unspecified", "create", "replace", "merge" };

struct texts {
    struct arena *arena;
    struct map_builder map;
};

static void put(struct texts *t, const char *key, struct str value)
{
    if (value.len > 0)
        map_builder_set(&t->map, str_from_cstr(key), val_string(t->arena, value));
}

static void put_past(struct texts *t, const struct kust_resource *r)
{
    struct kust_strs names = VEC_INIT, spaces = VEC_INIT, kinds = VEC_INIT;
    for (size_t i = 0; i < r->past.count; i++) {
        *VEC_PUSH(t->arena, &names) = r->past.items[i].name;
        *VEC_PUSH(t->arena, &spaces) = r->past.items[i].ns;
        *VEC_PUSH(t->arena, &kinds) = r->past.items[i].kind;
    }
    put(t, DOMAIN "previousNames", str_join(t->arena, names.items, names.count, STR(",")));
    put(t, DOMAIN "previousNamespaces", str_join(t->arena, spaces.items, spaces.count, STR(",")));
    put(t, DOMAIN "previousKinds", str_join(t->arena, kinds.items, kinds.count, STR(",")));
}

const struct val *kust_memory_show(struct arena *a, const struct kust_resource *r)
{
    struct kust_resource copy = *r;
    struct texts t = { .arena = a };
    kust_origin_annotate(a, &copy, true, true);
    map_builder_from(&t.map, a, val_at(copy.object, "metadata.annotations"));
    put_past(&t, r);
    put(&t, DOMAIN "prefixes", str_join(a, r->prefixes.items, r->prefixes.count, STR(",")));
    put(&t, DOMAIN "suffixes", str_join(a, r->suffixes.items, r->suffixes.count, STR(",")));
    if (r->generated)
        put(&t, DOMAIN "generatorBehavior", str_from_cstr(behaviors[r->behavior]));
    if (r->needs_hash)
        put(&t, DOMAIN "needsHashSuffix", STR("enabled"));
    if (t.map.count == 0)
        return r->object;
    return val_with_at(a, r->object, "metadata.annotations",
                       map_builder_done(&t.map, val_at(r->object, "metadata.annotations")));
}

void kust_memory_forget(struct kust_resource *r)
{
    r->past.count = r->prefixes.count = r->suffixes.count = r->transformations.count = 0;
    r->needs_hash = r->has_origin = false;
    r->behavior = KUST_UNSPECIFIED;
}

/* Sets the annotation aside; false when it was not there. */
static bool take(struct map_builder *map, const char *key)
{
    return map_builder_remove(map, str_from_cstr(key));
}

const struct val *kust_memory_hide(struct arena *a, struct kust_resource *r,
                                   const struct val *object)
{
    static const char *const keys[] = {
        DOMAIN "previousNames",   DOMAIN "previousNamespaces", DOMAIN "previousKinds",
        DOMAIN "prefixes",        DOMAIN "suffixes",           DOMAIN "generatorBehavior",
        DOMAIN "needsHashSuffix",
    };
    const struct val *annotations = val_at(object, "metadata.annotations");
    struct map_builder map;
    map_builder_from(&map, a, val_is(annotations, VAL_MAP) ? annotations : NULL);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        (void)take(&map, keys[i]);
    if (!take(&map, "config.kubernetes.io/origin"))
        r->has_origin = false;
    if (!take(&map, "alpha.config.kubernetes.io/transformations"))
        r->transformations.count = 0;
    if (!val_is(val_get(object, STR("metadata")), VAL_MAP))
        return object;
    return val_with_at(a, object, "metadata.annotations", map_builder_done(&map, annotations));
}
