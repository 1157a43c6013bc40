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
    if (TRY(&e, helm_dependencies_check(a, c)))
        return e;
    for (size_t i = 0; i < c->raw.count; i++) {
        const struct helm_file *f = &c->raw.items[i];
        bool is_chart_file = str_is(f->name, "Chart.yaml");

        tree_memory_put(files, str_printf(a, "%.*s/%.*s", STR_ARG(c->name), STR_ARG(f->name)),
                        is_chart_file ? chart_file(a, &packed) : f->data, false);
    }
    *ret_tree = tree_memory_port(files, c->name);
    *ret_file = str_printf(a, "%.*s-%.*s.tgz", STR_ARG(c->name), STR_ARG(version));
    return NULL;
}
