/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/index_build.h"

#include "base/sort.h"
#include "base/vec.h"
#include "core/helm/host_path.h"
#include "core/helm/lock.h"
#include "core/url/url.h"
#include "value/json.h"
#include "value/yaml.h"

void helm_index_build_init(struct helm_index_build *b, struct arena *a)
{
    b->arena = a;
    map_init(&b->charts, a);
}

static void put(struct helm_index_build *b, struct str name, struct str version,
                const struct val *source)
{
    struct helm_index_versions *all = map_get(&b->charts, name);
    struct helm_index_entry own = { .version = version, .source = source };

    if (semver_parse(version, &own.parsed))
        return;
    if (!all) {
        all = ARENA_NEW(b->arena, struct helm_index_versions);
        map_set(&b->charts, name, all);
    }
    *VEC_PUSH(b->arena, all) = own;
}

void helm_index_build_add(struct helm_index_build *b, const struct helm_chart *c, struct str url,
                          struct str digest, struct wall_time created)
{
    struct arena *a = b->arena;
    const struct val *urls[] = { val_string(a, url) }, *v = helm_metadata_shown(a, c);
    const struct val *annotations = val_get(v, STR("annotations"));

    if (annotations)
        v = val_with(a, v, STR("annotations"), val_sorted(a, annotations));
    v = val_with(a, v, STR("urls"), val_seq(a, urls, 1));
    v = val_with(a, v, STR("created"), val_string(a, helm_time_format(a, created)));
    v = val_with(a, v, STR("digest"), val_string(a, digest));
    put(b, c->name, helm_chart_field(c, "version"), v);
}

/* As a constraint, so that versions which differ in build metadata alone count as one: helm's rule. */
static bool has(const struct helm_index_build *b, struct str name, struct str version)
{
    const struct helm_index_versions *all = map_get(&b->charts, name);
    struct semver_constraints *constraints;

    if (!all || semver_constraints_parse(b->arena, version, &constraints))
        return false;
    for (size_t i = 0; i < all->count; i++)
        if (str_eq(all->items[i].version, version) ||
            semver_satisfies(constraints, &all->items[i].parsed))
            return true;
    return false;
}

void helm_index_build_merge(struct helm_index_build *b, const struct helm_index *other)
{
    for (size_t i = 0; i < other->charts.entry_count; i++) {
        const struct helm_index_versions *all = other->charts.entries[i].value;

        for (size_t k = 0; k < all->count; k++) {
            struct str name = val_get_str(all->items[k].source, "name");

            if (!has(b, name, all->items[k].version))
                put(b, name, all->items[k].version, all->items[k].source);
        }
    }
}

static bool is_before(const void *x, const void *y)
{
    const struct helm_index_entry *a = x, *b = y;

    return semver_compare(&a->parsed, &b->parsed) > 0;
}

static const struct val *entries_val(struct helm_index_build *b)
{
    struct map_builder out;

    map_builder_init(&out, b->arena);
    for (size_t i = 0; i < b->charts.entry_count; i++) {
        struct helm_index_versions *all = b->charts.entries[i].value;
        struct seq_builder list;

        sort_stable(b->arena, all->items, all->count, sizeof *all->items, is_before);
        seq_builder_init(&list, b->arena);
        for (size_t k = 0; k < all->count; k++)
            seq_builder_add(&list, all->items[k].source);
        map_builder_set(&out, b->charts.entries[i].key, seq_builder_done(&list, NULL));
    }
    return map_builder_done(&out, NULL);
}

static bool is_name_before(const void *x, const void *y)
{
    const struct val_field *a = x, *b = y;

    return str_cmp(a->key, b->key) < 0;
}

/* Names sorted, what is below them left in its order, which is that of Go's structs. */
static const struct val *names_sorted(struct arena *a, const struct val *map)
{
    struct val_field *fields = ARENA_ARRAY(a, map->count + 1, struct val_field);
    struct map_builder out;

    for (size_t i = 0; i < map->count; i++)
        fields[i] = map->fields[i];
    sort_stable(a, fields, map->count, sizeof *fields, is_name_before);
    map_builder_init(&out, a);
    for (size_t i = 0; i < map->count; i++)
        map_builder_set(&out, fields[i].key, fields[i].value);
    return map_builder_done(&out, NULL);
}

struct str helm_index_build_format(struct helm_index_build *b, struct wall_time generated,
                                   bool as_json)
{
    struct arena *a = b->arena;
    const struct val *v = val_map_of(a, "apiVersion", val_cstring(a, "v1"), "generated",
                                     val_string(a, helm_time_format(a, generated)), "entries",
                                     names_sorted(a, entries_val(b)), NULL);

    if (!as_json)
        return yaml_string(a, v, YAML_WRITE_DEFAULT);
    return str_trim_suffix(json_string(a, v, JSON_INDENT2 | JSON_ESCAPE_HTML), STR("\n"));
}

struct str helm_index_url_join(struct arena *a, struct str url, struct str folder, struct str file)
{
    struct str path = host_path_join(a, folder, file);
    struct url u;

    if (url.len == 0 || url_parse(a, url, &u))
        return host_path_join(a, url, path);
    u.path = host_path_join(a, u.path, path);
    return url_format(a, &u);
}
