/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/package.h"

#include "core/helm/dependencies.h"
#include "core/semver/semver.h"
#include "core/tree_memory.h"
#include "value/yaml.h"

/* Dependencies of a v1 chart are in requirements.yaml alone. */
static struct str chart_file(struct arena *a, const struct helm_chart *c)
{
    const struct val *shown = helm_metadata_shown(a, c);

    if (str_is(helm_chart_field(c, "apiVersion"), "v1"))
        shown = val_without(a, shown, STR("dependencies"));
    return yaml_string(a, shown, YAML_WRITE_DEFAULT);
}

/* Sub-charts are folders, also those that came packed; charts/ holds nothing else but signatures. */
static void put_chart(struct arena *a, const struct helm_chart *c, struct str folder,
                      struct tree_memory *into)
{
    for (size_t i = 0; i < c->raw.count; i++) {
        const struct helm_file *f = &c->raw.items[i];
        bool is_chart_file = str_is(f->name, "Chart.yaml");

        if (str_has_prefix(f->name, STR("charts/")) && !str_has_suffix(f->name, STR(".prov")))
            continue;
        tree_memory_put(into, str_printf(a, "%.*s/%.*s", STR_ARG(folder), STR_ARG(f->name)),
                        is_chart_file ? chart_file(a, c) : f->data, false);
    }
    for (size_t i = 0; i < c->charts.count; i++) /* as deep as the loader went */
        put_chart(
            a, c->charts.items[i],
            str_printf(a, "%.*s/charts/%.*s", STR_ARG(folder), STR_ARG(c->charts.items[i]->name)),
            into);
}

struct err *helm_package(struct arena *a, const struct helm_chart *c,
                         const struct helm_package_options *options, struct tree *ret_tree,
                         struct str *ret_file)
{
    struct tree_memory *files = tree_memory_new(a);
    struct helm_chart packed = *c;
    struct semver parsed;
    struct err *e;

    if (options->version.len > 0)
        packed.metadata = val_with(a, packed.metadata, STR("version"),
                                   val_string(a, options->version));
    if (options->app_version.len > 0)
        packed.metadata = val_with(a, packed.metadata, STR("appVersion"),
                                   val_string(a, options->app_version));
    struct str version = helm_chart_field(&packed, "version");
    const char *wrong = semver_parse(version, &parsed);

    if (wrong)
        return err_new(a, ERR_INVALID, "version \"%.*s\": %s", STR_ARG(version), wrong);
    if (!options->keeps_missing && TRY(&e, helm_dependencies_check(a, c)))
        return e;
    put_chart(a, &packed, c->name, files);
    *ret_tree = tree_memory_port(files, c->name);
    *ret_file = str_printf(a, "%.*s-%.*s.tgz", STR_ARG(c->name), STR_ARG(version));
    return NULL;
}
