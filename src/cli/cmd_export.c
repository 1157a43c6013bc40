/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_export.h"

#include "cli/cluster_command.h"
#include "cli/create.h"

/* The spec as Flux' types write it: durations in Go's form, what is false or empty left out where its field may be. */
static const struct val *clean_spec(struct arena *a, const struct val *spec)
{
    static const char *const durations[] = { "interval", "timeout", "retryInterval" },
                             *const flags[] = { "suspend", "wait", "force", "recurseSubmodules" };
    int64_t ns;

    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        struct str key = str_from_cstr(durations[i]);

        if (duration_parse(val_str(val_get(spec, key)), &ns))
            spec = val_with(a, spec, key, val_string(a, duration_format(a, ns)));
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (!val_at_bool(spec, flags[i], true))
            spec = val_without(a, spec, str_from_cstr(flags[i]));
    return spec;
}

static const struct val *clean(struct arena *a, const struct val *object)
{
    const struct val *metadata = val_get(object, STR("metadata")),
                     *labels = val_get(metadata, STR("labels")),
                     *annotations = val_get(metadata, STR("annotations"));
    const struct val *kept = val_map_of(
        a, "annotations", val_count(annotations) ? annotations : NULL, "labels",
        val_count(labels) ? labels : NULL, "name", val_get(metadata, STR("name")), "namespace",
        val_get(metadata, STR("namespace")), NULL);
    const struct val *spec = val_get(object, STR("spec"));

    return val_map_of(a, "apiVersion", val_get(object, STR("apiVersion")), "kind",
                      val_get(object, STR("kind")), "metadata", kept, "spec",
                      spec ? clean_spec(a, spec) : NULL, "data", val_get(object, STR("data")),
                      "type", val_get(object, STR("type")), NULL);
}

static struct err *print_secret(const struct cli *cli, const struct queries *queries,
                                const struct val *object)
{
    struct objects_query q = { .gvk = { STR(""), STR("v1"), STR("Secret") },
                               .ns = val_at_str(object, "metadata.namespace"),
                               .name = val_at_str(object, "spec.secretRef.name") };
    struct objects found;
    struct err *e;

    if (q.name.len == 0)
        return NULL;
    if (TRY(&e, queries->ops->objects(queries->self, cli->run, &q, &found)))
        return e;
    if (found.count == 0)
        return err_new(cli->run->arena, ERR_NOT_FOUND,
                       "failed to retrieve secret %.*s, error: secrets \"%.*s\" not found",
                       STR_ARG(q.name), STR_ARG(q.name));
    create_print(cli, clean(cli->run->arena, found.items[0]));
    return NULL;
}

struct err *cmd_export(const struct cli *cli, const struct invocation *in)
{
    const struct flux_kind *kind = in->command->kind;
    bool all = flag_is_set(in, "all");
    struct objects_query q = { .gvk = kind->gvk, .ns = flag_text(in, "namespace") };
    struct commands commands;
    struct queries queries;
    struct objects found;
    struct err *e;

    if (!all && in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "name is required: or --all for every one");
    if (!all)
        q.name = in->arguments[0];
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)) ||
        TRY(&e, queries.ops->objects(queries.self, cli->run, &q, &found)))
        return e;
    if (found.count == 0 && all)
        return err_new(cli->run->arena, ERR_NOT_FOUND, "no objects found in %.*s namespace",
                       STR_ARG(q.ns));
    if (found.count == 0)
        return err_new(cli->run->arena, ERR_NOT_FOUND,
                       "%.*s object '%.*s' not found in %.*s namespace", STR_ARG(kind->gvk.kind),
                       STR_ARG(q.name), STR_ARG(q.ns));
    for (size_t i = 0; i < found.count; i++) {
        create_print(cli, clean(cli->run->arena, found.items[i]));
        if (flag_is_set(in, "with-credentials") &&
            TRY(&e, print_secret(cli, &queries, found.items[i])))
            return e;
    }
    return NULL;
}

/* One line of standard input, "y" or "yes" means yes. */
static struct err *confirm(const struct cli *cli, const char *human)
{
    struct str answer = STR("");
    size_t at = 0;
    struct err *e;

    cli_note(cli, "Are you sure you want to delete this %s? [y/N] ", human);
    if (TRY(&e, cli->session.ops->read_on(cli->session.self, cli->run->arena, STR("-"), &at, false,
                                          &answer)))
        return e;
    answer = str_trim(answer);
    if (str_eq_nocase(answer, STR("y")) || str_eq_nocase(answer, STR("yes")))
        return NULL;
    return err_new(cli->run->arena, ERR_CANCELLED, "aborting: --silent deletes without asking");
}

struct err *cmd_delete(const struct cli *cli, const struct invocation *in)
{
    const struct flux_kind *kind = in->command->kind;
    struct progress progress = cluster_command_progress(cli);
    struct obj_ref ref = { kind->gvk.group, kind->gvk.version, kind->gvk.kind,
                           flag_text(in, "namespace"), STR("") };
    struct commands commands;
    struct queries queries;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(cli->run->arena, ERR_INVALID, "%s name is required", kind->human);
    ref.name = in->arguments[0];
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    if (!flag_is_set(in, "silent") && TRY(&e, confirm(cli, kind->human)))
        return e;
    return commands.ops->remove(commands.self, cli->run, &ref, &progress);
}
