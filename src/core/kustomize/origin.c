/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/origin.h"

#include "value/yaml.h"

struct str kust_origin_join(struct arena *a, struct str base, struct str path)
{
    struct kust_strs out = VEC_INIT;
    const struct str both[2] = { base, path };
    for (size_t i = 0; i < 2; i++) {
        for (struct str part, rest = both[i]; str_cut(&rest, '/', &part);) {
            bool up = str_is(part, "..");
            if (part.len == 0 || str_is(part, "."))
                continue;
            if (up && out.count > 0 && !str_is(out.items[out.count - 1], ".."))
                out.count--;
            else
                *VEC_PUSH(a, &out) = part;
        }
    }
    return str_join(a, out.items, out.count, STR("/"));
}

void kust_origin_file(const struct kust_build *b, const struct kust_dir *dir, struct str path,
                      const struct kust_resources *list)
{
    struct kustomize_remote remote;
    struct kust_origin origin = { .repository = dir->repository, .ref = dir->ref };
    if (kustomize_remote_parse(b->arena, path, &remote))
        origin = (struct kust_origin){ .repository = remote.repository,
                                       .ref = remote.ref,
                                       .path = remote.path };
    else
        origin.path = kust_origin_join(b->arena, dir->origin, path);
    for (size_t i = 0; i < list->count; i++) {
        list->items[i]->has_origin = true;
        list->items[i]->origin = origin;
    }
}

struct kust_origin kust_origin_builtin(const struct kust_build *b, const struct kust_dir *dir,
                                       struct str kind)
{
    return (struct kust_origin){
        .repository = dir->repository,
        .ref = dir->ref,
        .configured_in = kust_origin_join(b->arena, dir->origin, dir->file_name),
        .by_api_version = STR("builtin"),
        .by_kind = kind,
    };
}

struct kust_origin kust_origin_plugin(const struct kust_resource *config)
{
    struct str api_version = val_get_str(config->object, "apiVersion");
    return (struct kust_origin){
        .repository = config->origin.repository,
        .ref = config->origin.ref,
        .configured_in = config->origin.path,
        .by_api_version = api_version,
        .by_kind = config->id.kind,
        .by_name = config->id.name,
        .by_namespace = config->id.ns,
    };
}

void kust_origin_transformed(const struct kust_build *b, const struct kust_resmap *m,
                             const struct kust_origin *by)
{
    for (size_t i = 0; b->track_origins && i < m->all.count; i++) {
        struct kust_resource *r = m->all.items[i];
        if (r->has_origin) {
            *VEC_PUSH(b->arena, &r->transformations) = *by;
        } else {
            r->has_origin = true;
            r->origin = *by;
        }
    }
}

static const struct val *text(struct arena *a, struct str s)
{
    return s.len > 0 ? val_string(a, s) : NULL;
}

static const struct val *value_of(struct arena *a, const struct kust_origin *o)
{
    const struct val *by = val_map_of(a, "apiVersion", text(a, o->by_api_version), "kind",
                                      text(a, o->by_kind), "name", text(a, o->by_name), "namespace",
                                      text(a, o->by_namespace), (char *)NULL);
    return val_map_of(a, "path", text(a, o->path), "repo", text(a, o->repository), "ref",
                      text(a, o->ref), "configuredIn", text(a, o->configured_in), "configuredBy",
                      by->count > 0 ? by : NULL, (char *)NULL);
}

static void annotate(struct arena *a, struct kust_resource *r, struct str key,
                     const struct val *value)
{
    const struct val *old = val_at(r->object, "metadata.annotations");
    const struct val *map = val_with(a, val_is(old, VAL_MAP) ? old : &val_empty_map, key,
                                     val_string(a, yaml_string(a, value, YAML_KEEP_ORDER)));
    r->object = val_with_at(a, r->object, "metadata.annotations", map);
}

void kust_origin_annotate(struct arena *a, struct kust_resource *r, bool origins,
                          bool transformations)
{
    if (origins && r->has_origin)
        annotate(a, r, STR("config.kubernetes.io/origin"), value_of(a, &r->origin));
    if (!transformations || r->transformations.count == 0)
        return;
    struct seq_builder b;
    seq_builder_init(&b, a);
    for (size_t i = 0; i < r->transformations.count; i++)
        seq_builder_add(&b, value_of(a, &r->transformations.items[i]));
    annotate(a, r, STR("alpha.config.kubernetes.io/transformations"), seq_builder_done(&b, NULL));
}
