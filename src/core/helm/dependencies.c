/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/dependencies.h"

#include "base/buf.h"
#include "core/gotmpl/format.h"
#include "core/gotmpl/value.h"
#include "core/helm/values.h"
#include "core/semver/semver.h"

static bool is_compatible(struct arena *a, struct str constraint, struct str version)
{
    struct semver_constraints *c;
    struct semver v;
    return !semver_parse(version, &v) && !semver_constraints_parse(a, constraint, &c) &&
           semver_satisfies(c, &v);
}

struct err *helm_dependencies_check(struct arena *a, const struct helm_chart *c)
{
    struct buf missing;
    buf_init(&missing, a, 0);
    for (size_t i = 0; i < c->dependencies.count; i++) {
        bool found = false;
        for (size_t j = 0; j < c->charts.count; j++)
            found = found || str_eq(c->charts.items[j]->name, c->dependencies.items[i].name);
        if (!found)
            buf_printf(&missing, "%s%.*s", missing.len > 0 ? ", " : "",
                       STR_ARG(c->dependencies.items[i].name));
    }
    if (missing.len == 0)
        return NULL;
    return err_new(a, ERR_INVALID,
                   "an error occurred while checking for chart dependencies. You may need to run "
                   "'helm dependency build' to fetch missing dependencies: found in Chart.yaml, "
                   "but missing in charts/ directory: %.*s",
                   STR_ARG(buf_str(&missing)));
}

/* A shallow copy of the sub-chart that fits the dependency, under its alias. NULL: there is none. */
static struct helm_chart *aliased(struct arena *a, const struct helm_chart *c,
                                  const struct helm_dependency *d)
{
    for (size_t i = 0; i < c->charts.count; i++) {
        const struct helm_chart *sub = c->charts.items[i];
        if (!str_eq(sub->name, d->name) ||
            !is_compatible(a, d->version, helm_chart_field(sub, "version")))
            continue;
        struct helm_chart *copy = ARENA_NEW(a, struct helm_chart);
        *copy = *sub;
        copy->charts = (struct helm_charts)VEC_INIT;
        copy->dependencies = (struct helm_dependencies)VEC_INIT;
        for (size_t j = 0; j < sub->charts.count; j++) {
            struct helm_chart *below = ARENA_NEW(a, struct helm_chart);
            *below = *sub->charts.items[j];
            below->parent = copy;
            *VEC_PUSH(a, &copy->charts) = below;
        }
        for (size_t j = 0; j < sub->dependencies.count; j++)
            *VEC_PUSH(a, &copy->dependencies) = sub->dependencies.items[j];
        if (d->alias.len > 0) {
            copy->name = d->alias;
            copy->metadata = val_with(a, copy->metadata, STR("name"), val_string(a, d->alias));
        }
        return copy;
    }
    return NULL;
}

static bool is_listed(struct arena *a, const struct helm_chart *c, const struct helm_chart *sub)
{
    for (size_t i = 0; i < c->dependencies.count; i++)
        if (str_eq(sub->name, c->dependencies.items[i].name) &&
            is_compatible(a, c->dependencies.items[i].version, helm_chart_field(sub, "version")))
            return true;
    return false;
}

/* Sub-charts that Chart.yaml does not list first, then the listed ones in its order, under their aliases. */
static void order_charts(struct arena *a, struct helm_chart *c)
{
    struct helm_charts out = VEC_INIT;
    for (size_t i = 0; i < c->charts.count; i++)
        if (!is_listed(a, c, c->charts.items[i]))
            *VEC_PUSH(a, &out) = c->charts.items[i];
    for (size_t i = 0; i < c->dependencies.count; i++) {
        struct helm_dependency *d = &c->dependencies.items[i];
        struct helm_chart *sub = aliased(a, c, d);
        if (sub)
            *VEC_PUSH(a, &out) = sub;
        if (d->alias.len > 0)
            d->name = d->alias;
        d->enabled = true;
    }
    for (size_t i = 0; i < out.count; i++)
        out.items[i]->parent = c;
    c->charts = out;
}

/* A tag that is true wins over those that are false; none of them leaves it enabled. */
static void apply_tags(struct helm_chart *c, struct go_map *values)
{
    struct go_map *tags = values_table(values, STR("tags"));
    for (size_t i = 0; tags && i < c->dependencies.count; i++) {
        struct helm_dependency *d = &c->dependencies.items[i];
        bool on = false, off = false;
        for (size_t j = 0; j < val_count(d->tags); j++) {
            struct go_value v;
            if (!go_map_find(tags, GO_MAP, val_str(d->tags->items[j]), &v) || v.type != GO_BOOL)
                continue;
            on = on || v.boolean;
            off = off || !v.boolean;
        }
        d->enabled = on || !off;
    }
}

/* The first path that leads to a boolean decides. */
static void apply_conditions(struct arena *a, struct helm_chart *c, struct go_map *values,
                             struct str path)
{
    for (size_t i = 0; i < c->dependencies.count; i++) {
        struct helm_dependency *d = &c->dependencies.items[i];
        struct str list = str_trim(d->condition);
        for (struct str one, rest = list; str_cut(&rest, ',', &one);) {
            struct go_value v;
            if (one.len == 0 || !values_path(values, str_concat(a, path, one), &v) ||
                v.type != GO_BOOL)
                continue;
            d->enabled = v.boolean;
            break;
        }
    }
}

static bool is_disabled(const struct helm_chart *c, struct str name)
{
    for (size_t i = 0; i < c->dependencies.count; i++)
        if (!c->dependencies.items[i].enabled && str_eq(c->dependencies.items[i].name, name))
            return true;
    return false;
}

/* Takes disabled sub-charts out, and their entries out of Chart.yaml as templates see it. */
static void remove_disabled(struct arena *a, struct helm_chart *c)
{
    struct helm_charts charts = VEC_INIT;
    struct helm_dependencies kept = VEC_INIT;
    struct seq_builder entries;
    seq_builder_init(&entries, a);
    for (size_t i = 0; i < c->charts.count; i++)
        if (!is_disabled(c, c->charts.items[i]->name))
            *VEC_PUSH(a, &charts) = c->charts.items[i];
    for (size_t i = 0; i < c->dependencies.count; i++) {
        struct helm_dependency *d = &c->dependencies.items[i];
        if (is_disabled(c, d->name))
            continue;
        *VEC_PUSH(a, &kept) = *d;
        const struct val *entry = val_with(a, d->source, STR("name"), val_string(a, d->name));
        seq_builder_add(&entries, val_with(a, entry, STR("enabled"), &val_true));
    }
    c->charts = charts;
    c->dependencies = kept;
    c->metadata = kept.count > 0 ? val_with(a, c->metadata, STR("dependencies"),
                                            seq_builder_done(&entries, NULL))
                                 : val_without(a, c->metadata, STR("dependencies"));
}

static struct err *enable(struct arena *a, struct helm_chart *c, struct go_map *values,
                          struct str path)
{
    struct go_map *effective;
    struct err *e;
    if (!val_get(c->metadata, STR("dependencies")))
        return NULL;
    order_charts(a, c);
    if (TRY(&e, values_coalesce(a, c, values, VALUES_COALESCE, &effective)))
        return e;
    apply_tags(c, effective);
    apply_conditions(a, c, effective, path);
    remove_disabled(a, c);
    for (size_t i = 0; i < c->charts.count; i++) {
        struct helm_chart *sub = c->charts.items[i];
        struct str below = str_printf(a, "%.*s%.*s.", STR_ARG(path), STR_ARG(sub->name));
        if (TRY(&e, enable(a, sub, effective, below)))
            return e;
    }
    return NULL;
}

/* As %v prints it. */
static struct str printed(struct arena *a, const struct val *v)
{
    struct go_value value = go_from_val(a, v);
    struct buf out;
    buf_init(&out, a, 0);
    return format_value(&out, &value) ? buf_str(&out) : STR("");
}

/* Pairs of texts, exports by their path; what is neither text nor map is gone. */
static const struct val *pairs_of(struct arena *a, const struct val *list)
{
    struct seq_builder out;
    seq_builder_init(&out, a);
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *v = list->items[i];
        struct str child = val_str(v), parent = STR(".");
        if (v->kind == VAL_STRING) {
            child = str_concat(a, STR("exports."), child);
        } else if (v->kind == VAL_MAP) {
            child = printed(a, val_get(v, STR("child")));
            parent = printed(a, val_get(v, STR("parent")));
        } else {
            continue;
        }
        seq_builder_add(&out, val_map_of(a, "child", val_string(a, child), "parent",
                                         val_string(a, parent), NULL));
    }
    return seq_builder_done(&out, NULL);
}

/* import-values as Helm leaves them, in Chart.yaml as templates see it too. */
static void read_imports(struct arena *a, struct helm_chart *c)
{
    const struct val *entries = val_get(c->metadata, STR("dependencies"));
    for (size_t i = 0; i < c->dependencies.count; i++) {
        struct helm_dependency *d = &c->dependencies.items[i];
        d->import_values = pairs_of(a, d->import_values);
        entries = val_seq_replace(
            a, entries, i,
            val_with(a, val_item(entries, i), STR("import-values"), d->import_values));
    }
    c->metadata = val_with(a, c->metadata, STR("dependencies"), entries);
}

/* The table under a dotted path: {a: {b: m}}. "." is m itself. */
static struct go_map *wrapped(struct arena *a, struct str path, struct go_map *m)
{
    if (str_is(path, "."))
        return m;
    for (;;) {
        size_t dot = str_rfind_byte(path, '.');
        struct go_value outer = go_map_new(a, GO_MAP);
        go_map_set(outer.map, dot == SIZE_MAX ? path : str_skip(path, dot + 1),
                   (struct go_value){ .type = GO_MAP, .map = m });
        m = outer.map;
        if (dot == SIZE_MAX)
            return m;
        path = str_slice(path, 0, dot);
    }
}

static void import_one(struct arena *a, const struct helm_dependency *d, const struct val *import,
                       struct go_map *values, struct go_map *into)
{
    struct str child = val_get_str(import, "child"), parent = val_get_str(import, "parent");
    struct str path = str_printf(a, "%.*s.%.*s", STR_ARG(d->name), STR_ARG(child));
    struct go_map *table = values_table(values, path);
    if (table)
        (void)values_coalesce_tables(a, into, wrapped(a, parent, table), VALUES_MERGE);
}

/* From the leaves up, so that what a sub-chart imported can be imported from it. */
static struct err *import_values(struct arena *a, struct helm_chart *c)
{
    struct go_map *values, *imported = go_map_new(a, GO_MAP).map;
    struct err *e;
    for (size_t i = 0; i < c->charts.count; i++)
        if (TRY(&e, import_values(a, c->charts.items[i])))
            return e;
    if (!val_get(c->metadata, STR("dependencies")))
        return NULL;
    if (TRY(&e, values_coalesce(a, c, NULL, VALUES_MERGE, &values)))
        return e;
    read_imports(a, c);
    for (size_t i = 0; i < c->dependencies.count; i++) {
        const struct helm_dependency *d = &c->dependencies.items[i];
        for (size_t j = 0; j < val_count(d->import_values); j++)
            import_one(a, d, d->import_values->items[j], values, imported);
    }
    c->values = values_coalesce_tables(a, values_copy(a, values), imported, VALUES_MERGE);
    return NULL;
}

struct err *helm_dependencies_process(struct arena *a, struct helm_chart *c, struct go_map *values)
{
    struct err *e;
    if (TRY(&e, enable(a, c, values, STR(""))) || TRY(&e, import_values(a, c)))
        return err_wrap(a, e, "chart dependencies processing failed");
    return NULL;
}
