/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_survey.h"

#include "cli/cluster_command.h"
#include "cli/table.h"
#include "value/json.h"
#include "value/yaml.h"

/* The order of flux' table; it leaves ExternalArtifact and ArtifactGenerator out, which have nothing to count. */
static const enum flux_kind_id stats_order[] = {
    FLUX_GIT_REPOSITORY,
    FLUX_OCI_REPOSITORY,
    FLUX_HELM_REPOSITORY,
    FLUX_HELM_CHART,
    FLUX_BUCKET,
    FLUX_KUSTOMIZATION,
    FLUX_HELM_RELEASE,
    FLUX_ALERT,
    FLUX_PROVIDER,
    FLUX_RECEIVER,
    FLUX_IMAGE_UPDATE_AUTOMATION,
    FLUX_IMAGE_POLICY,
    FLUX_IMAGE_REPOSITORY,
};
enum { STATS_COUNT = sizeof stats_order / sizeof stats_order[0] };

/* "-", "512 B", "2.2 KiB". */
static struct str size_text(struct arena *a, int64_t bytes)
{
    static const char units[] = "KMGTPE";
    double n = (double)bytes;
    size_t unit = 0;

    if (bytes == 0)
        return STR("-");
    if (bytes < 1024)
        return str_printf(a, "%lld B", (long long)bytes);
    for (n /= 1024; n >= 1024 && units[unit + 1]; unit++)
        n /= 1024;
    return str_printf(a, "%.1f %ciB", n, units[unit]);
}

static void print_stats(const struct cli *cli, const struct kind_count *counts)
{
    struct arena *a = cli->run->arena;
    struct text_table t;
    struct buf out;

    text_table_init(&t, a);
    text_table_column(&t, "Reconcilers");
    text_table_column(&t, "Running");
    text_table_column(&t, "Failing");
    text_table_column(&t, "Suspended");
    text_table_column(&t, "Storage");
    for (size_t i = 0; i < STATS_COUNT; i++) {
        const struct kind_count *c = &counts[stats_order[i]];
        struct table_row *row = text_table_row(&t);

        row->cells[0] = c->kind->gvk.kind;
        row->cells[1] = str_printf(a, "%lld", (long long)(c->total - c->suspended));
        row->cells[2] = str_printf(a, "%lld", (long long)c->failing);
        row->cells[3] = str_printf(a, "%lld", (long long)c->suspended);
        row->cells[4] = size_text(a, c->bytes);
    }
    buf_init(&out, a, 0);
    text_table_print(&out, &t, true);
    cli->write(cli->self, 1, buf_str(&out));
}

static const struct val *stats_val(struct arena *a, const struct kind_count *counts)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < STATS_COUNT; i++) {
        const struct kind_count *c = &counts[stats_order[i]];

        seq_builder_add(&b,
                        val_map_of(a, "kind", val_string(a, c->kind->gvk.kind), "running",
                                   val_int(a, c->total - c->suspended), "failing",
                                   val_int(a, c->failing), "suspended", val_int(a, c->suspended),
                                   "storageBytes", val_int(a, c->bytes), NULL));
    }
    return seq_builder_done(&b, NULL);
}

struct err *cmd_stats(const struct cli *cli, const struct invocation *in)
{
    struct str ns = flag_is_set(in, "all-namespaces") ? STR("") : flag_text(in, "namespace");
    struct str format = flag_text(in, "output");
    struct kind_count counts[FLUX_KIND_COUNT];
    struct commands commands;
    struct queries queries;
    struct buf out;
    struct err *e;

    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)) ||
        TRY(&e, queries.ops->count(queries.self, cli->run, ns, counts)))
        return e;
    if (str_is(format, "table")) {
        print_stats(cli, counts);
        return NULL;
    }
    buf_init(&out, cli->run->arena, 0);
    if (str_is(format, "json")) {
        json_write(&out, stats_val(cli->run->arena, counts), JSON_INDENT);
        buf_put_byte(&out, '\n');
    } else {
        yaml_write(&out, stats_val(cli->run->arena, counts), YAML_WRITE_DEFAULT);
    }
    cli->write(cli->self, 1, buf_str(&out));
    return NULL;
}

struct err *cmd_check(const struct cli *cli, const struct invocation *in)
{
    static const char *const symbols[] = {
        [FINDING_SECTION] = "►", [FINDING_GOOD] = "✔", [FINDING_NOTE] = "►",
        [FINDING_WARNING] = "⚠️", [FINDING_BAD] = "✗",
    };
    struct commands commands;
    struct queries queries;
    struct findings found;
    struct err *e;

    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)) ||
        TRY(&e, queries.ops->check(queries.self, cli->run, flag_text(in, "namespace"),
                                   flag_is_set(in, "pre"), &found)))
        return e;
    for (size_t i = 0; i < found.count; i++)
        cli_note(cli, "%s %.*s\n", symbols[found.items[i].kind], STR_ARG(found.items[i].text));
    return found.failed ? err_new(cli->run->arena, ERR_INVALID, "check failed") : NULL;
}
