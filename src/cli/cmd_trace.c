/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_trace.h"

#include "cli/cluster_command.h"
#include "core/kube/conditions.h"

/* One "Label:   value" line, as flux lays them out. */
static void put(struct buf *out, const char *label, struct str value)
{
    buf_printf(out, "%-16s %.*s\n", label, STR_ARG(value));
}

static void put_given(struct buf *out, const char *label, struct str value)
{
    if (value.len > 0)
        put(out, label, value);
}

/* "2026-01-31 09:30:00 +0000 UTC", as Go prints a time. */
static struct str go_time(struct arena *a, struct str rfc3339)
{
    struct wall_time t;
    struct civil_time c;

    if (!wall_time_parse(rfc3339, &t))
        return rfc3339;
    c = civil_from_wall(t);
    return str_printf(a, "%04lld-%02d-%02d %02d:%02d:%02d +0000 UTC", (long long)c.year, c.month,
                      c.day, c.hour, c.minute, c.second);
}

static void put_status(struct buf *out, const struct val *object, bool tells_failure)
{
    const struct val *ready = condition_get(object, STR("Ready"));
    struct str at = go_time(out->arena, val_get_str(ready, "lastTransitionTime"));
    bool failed = tells_failure && str_is(val_get_str(ready, "status"), "False");

    if (!ready) {
        put(out, "Status:", STR("Unknown"));
        return;
    }
    put(out, "Status:",
        str_printf(out->arena, "Last %s at %.*s", failed ? "reconciliation failed" : "reconciled",
                   STR_ARG(at)));
    put(out, "Message:", val_get_str(ready, "message"));
}

static void put_source(struct buf *out, const struct val *source)
{
    const struct val *ref = val_at(source, "spec.ref");
    struct str kind = val_get_str(source, "kind"), tag = val_get_str(ref, "tag");

    if (tag.len == 0)
        tag = val_get_str(ref, "semver");
    put(out, str_cstr(out->arena, str_concat(out->arena, kind, STR(":"))),
        val_at_str(source, "metadata.name"));
    put(out, "Namespace:", val_at_str(source, "metadata.namespace"));
    put(out, "URL:", val_at_str(source, "spec.url"));
    if (tag.len > 0)
        put(out, "Tag:", tag);
    else
        put_given(out, "Branch:", val_get_str(ref, "branch"));
    put_given(out, "Revision:", val_at_str(source, "status.artifact.revision"));
    put_status(out, source, true);
}

static void put_trace(struct buf *out, const struct trace *t)
{
    buf_printf(out, "\n%-16s %.*s/%.*s\n", "Object:", STR_ARG(t->ref.kind), STR_ARG(t->ref.name));
    put_given(out, "Namespace:", t->ref.ns);
    put(out, "Status:", STR("Managed by Flux"));
    buf_lit(out, "---\n");
    put(out, "Kustomization:", val_at_str(t->owner, "metadata.name"));
    put(out, "Namespace:", val_at_str(t->owner, "metadata.namespace"));
    put_given(out, "Target:", val_at_str(t->owner, "spec.targetNamespace"));
    put(out, "Path:", val_at_str(t->owner, "spec.path"));
    put(out, "Revision:", val_at_str(t->owner, "status.lastAppliedRevision"));
    put_status(out, t->owner, false);
    buf_lit(out, "---\n");
    put_source(out, t->source);
}

static struct err *print(const struct cli *cli, const struct traces *traces)
{
    struct err **problems = ARENA_ARRAY(cli->run->arena, traces->count, struct err *);
    size_t problem_count = 0;

    for (size_t i = 0; i < traces->count; i++) {
        const struct trace *t = &traces->items[i];
        struct buf out;

        buf_init(&out, cli->run->arena, 0);
        if (t->problem)
            problems[problem_count++] = err_wrap(
                cli->run->arena, t->problem, "failed to trace %.*s/%.*s in namespace %.*s",
                STR_ARG(t->ref.kind), STR_ARG(t->ref.name), STR_ARG(t->ref.ns));
        else
            put_trace(&out, t);
        if (i + 1 < traces->count)
            buf_lit(&out, "---\n");
        cli->write(cli->self, 1, buf_str(&out));
    }
    return err_join(cli->run->arena, problems, problem_count);
}

struct err *cmd_trace(const struct cli *cli, const struct invocation *in)
{
    struct trace_query q = { .ns = flag_text(in, "namespace"),
                             .words = in->arguments,
                             .word_count = in->argument_count,
                             .kind = flag_text(in, "kind"),
                             .api_version = flag_text(in, "api-version") };
    struct commands commands;
    struct queries queries;
    struct traces traces;
    struct err *e;

    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)) ||
        TRY(&e, queries.ops->trace(queries.self, cli->run, &q, &traces)))
        return e;
    return print(cli, &traces);
}
