/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm_values.h"

#include "cli/chart_input.h"
#include "core/helm/dependencies.h"
#include "core/helm/values.h"
#include "value/yaml.h"

static struct err *put_sources(const struct cli *cli, const struct invocation *in,
                               const struct helm_chart *chart, struct go_map *effective)
{
    struct arena *a = cli->run->arena;
    struct value_layers layers = VEC_INIT;
    struct buf out;
    struct err *e;

    buf_init(&out, a, 0);
    if (TRY(&e, chart_input_layers(cli, in, &layers)) ||
        TRY(&e, helm_value_sources(a, chart, effective, layers.items, layers.count, &out)))
        return e;
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}

struct err *cmd_helm_values(const struct cli *cli, const struct invocation *in)
{
    struct arena *a = cli->run->arena;
    struct go_map *given, *effective;
    struct helm_chart *chart;
    const struct val *tree;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(a, ERR_INVALID, "name the chart: a folder or a .tgz file");
    if (TRY(&e, chart_input_fetch(cli, in, in->arguments[0], &chart)) ||
        TRY(&e, chart_input_values(cli, in, &given)) ||
        TRY(&e, helm_dependencies_process(a, chart, given)) ||
        TRY(&e, values_coalesce(a, chart, given, VALUES_COALESCE, &effective)))
        return e;
    if (flag_is_set(in, "sources"))
        return put_sources(cli, in, chart, effective);
    struct go_value v = { .type = GO_MAP, .map = effective };
    if (TRY(&e, go_to_val(a, &v, &tree)))
        return e;
    cli->write(cli->self, 1, yaml_string(a, tree, YAML_WRITE_DEFAULT));
    return NULL;
}
