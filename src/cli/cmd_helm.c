/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm.h"

#include "base/limits.h"
#include "core/gotmpl/context.h"
#include "core/gotmpl/template.h"
#include "core/sprig/functions.h"
#include "value/yaml.h"

static struct go_value release(struct arena *a)
{
    struct go_value map = go_map_new(a, GO_MAP);

    context_set(&map, "Name", go_string(STR("rel")));
    context_set(&map, "Namespace", go_string(STR("apps")));
    context_set(&map, "IsUpgrade", go_bool(false));
    context_set(&map, "IsInstall", go_bool(true));
    context_set(&map, "Revision", go_int(1));
    context_set(&map, "Service", go_string(STR("Helm")));
    return map;
}

static struct go_value capabilities(struct arena *a)
{
    struct kube_version_info kube = { STR("v1.20.0"), STR("v1.20.0"), STR("1"), STR("20") };
    struct helm_version_info helm = { STR("v3.22"), STR(""), STR(""), STR(""), STR("v1.20") };

    return context_capabilities(a, &kube, context_known_versions, context_known_version_count,
                                &helm);
}

static struct go_value template_info(struct arena *a)
{
    struct go_value map = go_map_new(a, GO_VALUES3);

    context_set(&map, "Name", go_string(STR(HELM_EVAL_FILE)));
    context_set(&map, "BasePath", go_string(STR("t/templates")));
    return map;
}

static struct go_value root_context(struct arena *a, struct go_value values)
{
    const struct val *chart = val_map_of(
        a, "name", val_cstring(a, "t"), "version", val_cstring(a, "1.2.3"), "appVersion",
        val_cstring(a, "4.5.6"), "apiVersion", val_cstring(a, "v2"), NULL);
    struct go_value root = go_map_new(a, GO_VALUES3);

    context_set(&root, "Values", values);
    context_set(&root, "Release", release(a));
    context_set(&root, "Chart", context_chart_struct(a, chart, true));
    context_set(&root, "Capabilities", capabilities(a));
    context_set(&root, "Files", context_files(a, NULL, 0));
    context_set(&root, "Template", template_info(a));
    context_set(&root, "Subcharts", go_map_new(a, GO_MAP));
    return root;
}

static struct err *read_values(const struct cli *cli, const struct invocation *in,
                               struct go_value *ret)
{
    struct arena *a = cli->run->arena;
    struct str file = flag_text(in, "values"), text;
    const struct val *values = NULL;
    struct err *e;

    if (file.len > 0 && (TRY(&e, cli->session.ops->read_file(cli->session.self, a, file,
                                                             LIMIT_DOCUMENT_BYTES, &text)) ||
                         TRY(&e, yaml_read(a, text, file, YAML_SIGS_LOOSE, &values))))
        return e;
    if (values && values->kind != VAL_MAP && values->kind != VAL_NULL)
        return err_new(a, ERR_INVALID, "%.*s:%u: values are a map, not %s", STR_ARG(file),
                       values->line, val_kind_name(values));
    *ret = context_values(a, GO_VALUES3, values);
    return NULL;
}

struct err *helm_eval_context(const struct cli *cli, const struct invocation *in,
                              struct go_value *ret)
{
    struct err *e;

    if (TRY(&e, read_values(cli, in, ret)))
        return e;
    if (str_is(flag_text(in, "context"), "root"))
        *ret = root_context(cli->run->arena, *ret);
    return NULL;
}

struct err *cmd_helm_eval(const struct cli *cli, const struct invocation *in)
{
    struct arena *a = cli->run->arena;
    struct host host = cli->session.ops->host(cli->session.self);
    struct template_options options = { .host = &host, .functions = sprig_find };
    struct template_set *set = template_set_new(a, &options);
    struct str text, out = STR("");
    struct go_value context;
    struct err *e;

    if (in->argument_count == 0)
        return cmd_helm_prompt(cli, in);
    if (TRY(&e, cli->session.ops->read_file(cli->session.self, a, in->arguments[0],
                                            LIMIT_TEMPLATE_TEXT_BYTES, &text)) ||
        TRY(&e, helm_eval_context(cli, in, &context)))
        return e;
    e = template_set_parse(set, STR(HELM_EVAL_FILE), text);
    if (!e)
        e = template_set_render(set, STR(HELM_EVAL_FILE), &context, &out);
    if (e)
        return template_error_as_helm(a, STR(HELM_EVAL_FILE), e);
    cli->write(cli->self, 1, out);
    return NULL;
}
