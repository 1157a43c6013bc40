/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/simulation_report.h"

#include "value/json.h"

static const char *state_name(enum simulated_state state)
{
    switch (state) {
    case SIMULATED_READY:
        return "ready";
    case SIMULATED_FAILED:
        return "failed";
    case SIMULATED_UNRESOLVED:
        return "unresolved";
    case SIMULATED_WAITING:
        break;
    }
    return "waiting";
}

bool simulation_has_failed(const struct simulation *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->subjects[i].state != SIMULATED_READY)
            return true;
    return !s->complete;
}

static void put_refs(struct buf *out, struct arena *a, const struct obj_refs *refs,
                     const char *before, const char *after)
{
    for (size_t i = 0; i < refs->count; i++)
        buf_printf(out, "%s%.*s%s\n", before, STR_ARG(obj_ref_format(a, &refs->items[i])), after);
}

/* Its first line behind the state and the reason, the others below it. */
static void put_problem(struct buf *out, const struct simulated_subject *s)
{
    struct str rest = str_trim(s->message), line = STR("");

    (void)str_cut(&rest, '\n', &line);
    buf_printf(out, "    %s: %.*s: %.*s\n", state_name(s->state), STR_ARG(s->reason),
               STR_ARG(line));
    while (str_cut(&rest, '\n', &line))
        buf_printf(out, "      %.*s\n", STR_ARG(line));
}

static void put_subject(struct buf *out, struct arena *a, const struct simulated_subject *s)
{
    bool ready = s->state == SIMULATED_READY, source = s->source.len == 0;

    buf_printf(out, "%s %.*s  %.*s", ready ? "✔" : "✗", STR_ARG(obj_ref_format(a, &s->ref)),
               STR_ARG(s->path));
    if (!source)
        buf_printf(out, "  %zu object%s", s->objects.count, s->objects.count == 1 ? "" : "s");
    buf_put_byte(out, '\n');
    if (!ready)
        put_problem(out, s);
    put_refs(out, a, &s->objects, "    ", "");
    put_refs(out, a, &s->deleted, "    ", " deleted");
}

static void put_assumed(struct buf *out, struct arena *a, const struct obj_ref *ref)
{
    if (ref->name.len > 0)
        buf_printf(out, "◎ %.*s is not in the fleet: taken for this repository\n",
                   STR_ARG(obj_ref_format(a, ref)));
    else
        buf_printf(out, "◎ %.*s.%.*s has no definition in the fleet: any content was accepted\n",
                   STR_ARG(ref->kind), STR_ARG(ref->group));
}

static void put_summary(struct buf *out, const struct simulation *s)
{
    size_t kustomizations = 0, objects = 0, failed = 0, deleted = 0;

    for (size_t i = 0; i < s->count; i++) {
        kustomizations += s->subjects[i].source.len > 0;
        objects += s->subjects[i].objects.count;
        deleted += s->subjects[i].deleted.count;
        failed += s->subjects[i].state != SIMULATED_READY;
    }
    buf_printf(out, "%s %zu Kustomizations, %zu objects, %zu deleted, %zu not ready\n",
               failed || !s->complete ? "✗" : "✔", kustomizations, objects, deleted, failed);
}

void simulation_text(struct buf *out, struct arena *a, const struct simulated_cluster *clusters,
                     size_t count)
{
    for (size_t c = 0; c < count; c++) {
        const struct simulation *s = &clusters[c].result;

        buf_printf(out, "► %.*s\n", STR_ARG(clusters[c].path));
        for (size_t i = 0; i < s->count; i++)
            put_subject(out, a, &s->subjects[i]);
        put_refs(out, a, &s->not_simulated, "◎ ",
                 " is not simulated: weir does not reconcile its kind yet");
        for (size_t i = 0; i < s->assumed.count; i++)
            put_assumed(out, a, &s->assumed.items[i]);
        if (!s->complete)
            buf_lit(out, "✗ it did not come to rest in time (--timeout)\n");
        put_summary(out, s);
    }
}

/* ---- JSON ---- */

static const struct val *refs_val(struct arena *a, const struct obj_refs *refs)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < refs->count; i++) {
        const struct obj_ref *ref = &refs->items[i];

        seq_builder_add(&b,
                        val_map_of(a, "group", val_string(a, ref->group), "kind",
                                   val_string(a, ref->kind), "namespace", val_string(a, ref->ns),
                                   "name", val_string(a, ref->name), NULL));
    }
    return seq_builder_done(&b, NULL);
}

static const struct val *subject_val(struct arena *a, const struct simulated_subject *s)
{
    return val_map_of(a, "kind", val_string(a, s->ref.kind), "namespace", val_string(a, s->ref.ns),
                      "name", val_string(a, s->ref.name), s->source.len ? "path" : "url",
                      val_string(a, s->path), "source",
                      s->source.len ? val_string(a, s->source) : NULL, "state",
                      val_cstring(a, state_name(s->state)), "reason", val_string(a, s->reason),
                      "message", val_string(a, s->message), "objects", refs_val(a, &s->objects),
                      "deleted", refs_val(a, &s->deleted), NULL);
}

static const struct val *cluster_val(struct arena *a, const struct simulated_cluster *c)
{
    struct seq_builder subjects;

    seq_builder_init(&subjects, a);
    for (size_t i = 0; i < c->result.count; i++)
        seq_builder_add(&subjects, subject_val(a, &c->result.subjects[i]));
    return val_map_of(
        a, "path", val_string(a, c->path), "complete", c->result.complete ? &val_true : &val_false,
        "subjects", seq_builder_done(&subjects, NULL), "notSimulated",
        refs_val(a, &c->result.not_simulated), "assumed", refs_val(a, &c->result.assumed), NULL);
}

void simulation_json(struct buf *out, struct arena *a, const struct simulated_cluster *clusters,
                     size_t count)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < count; i++)
        seq_builder_add(&b, cluster_val(a, &clusters[i]));
    json_write(out, val_map_of(a, "clusters", seq_builder_done(&b, NULL), NULL), 0);
    buf_put_byte(out, '\n');
}

/* ---- JUnit ---- */

static void put_xml(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];

        if (c == '<')
            buf_lit(out, "&lt;");
        else if (c == '>')
            buf_lit(out, "&gt;");
        else if (c == '&')
            buf_lit(out, "&amp;");
        else if (c == '"')
            buf_lit(out, "&quot;");
        else if (c >= ' ' || c == '\n' || c == '\t')
            buf_put_byte(out, (char)c);
    }
}

static void put_case(struct buf *out, struct arena *a, const struct simulated_cluster *c,
                     const struct simulated_subject *s)
{
    buf_lit(out, "    <testcase classname=\"");
    put_xml(out, c->path);
    buf_lit(out, "\" name=\"");
    put_xml(out, obj_ref_format(a, &s->ref));
    if (s->state == SIMULATED_READY) {
        buf_lit(out, "\"/>\n");
        return;
    }
    buf_lit(out, "\">\n      <failure type=\"");
    put_xml(out, s->reason);
    buf_lit(out, "\">");
    put_xml(out, s->message);
    buf_lit(out, "</failure>\n    </testcase>\n");
}

void simulation_junit(struct buf *out, struct arena *a, const struct simulated_cluster *clusters,
                      size_t count)
{
    buf_lit(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (size_t c = 0; c < count; c++) {
        const struct simulation *s = &clusters[c].result;
        size_t failed = 0;

        for (size_t i = 0; i < s->count; i++)
            failed += s->subjects[i].state != SIMULATED_READY;
        buf_lit(out, "  <testsuite name=\"");
        put_xml(out, clusters[c].path);
        buf_printf(out, "\" tests=\"%zu\" failures=\"%zu\">\n", s->count, failed);
        for (size_t i = 0; i < s->count; i++)
            put_case(out, a, &clusters[c], &s->subjects[i]);
        buf_lit(out, "  </testsuite>\n");
    }
    buf_lit(out, "</testsuites>\n");
}

/* ---- SARIF ---- */

/* file:line:column at the head of a message, or the folder of the Kustomization. */
static const struct val *location(struct arena *a, const struct simulated_subject *s)
{
    struct str rest = s->message, file, line, column;
    int64_t row = 0, at = 0;
    const struct val *where, *region = NULL;

    if (str_cut(&rest, ':', &file) && str_cut(&rest, ':', &line) && str_to_int64(line, &row) &&
        row > 0) {
        if (str_cut(&rest, ':', &column) && str_to_int64(column, &at) && at > 0)
            region = val_map_of(a, "startLine", val_int(a, row), "startColumn", val_int(a, at),
                                NULL);
        else
            region = val_map_of(a, "startLine", val_int(a, row), NULL);
    } else {
        file = s->path;
    }
    file = str_trim_prefix(file, STR("./"));
    where = val_map_of(a, "artifactLocation", val_map_of(a, "uri", val_string(a, file), NULL),
                       "region", region, NULL);
    return val_map_of(a, "physicalLocation", where, NULL);
}

static const struct val *one(struct arena *a, const struct val *item)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    seq_builder_add(&b, item);
    return seq_builder_done(&b, NULL);
}

static const struct val *finding(struct arena *a, const struct simulated_subject *s)
{
    struct str text = str_printf(a, "%.*s: %.*s", STR_ARG(obj_ref_format(a, &s->ref)),
                                 STR_ARG(s->message));

    return val_map_of(a, "ruleId", val_string(a, s->reason.len ? s->reason : STR("NotReady")),
                      "level", val_cstring(a, "error"), "message",
                      val_map_of(a, "text", val_string(a, text), NULL), "locations",
                      one(a, location(a, s)), NULL);
}

void simulation_sarif(struct buf *out, struct arena *a, const struct simulated_cluster *clusters,
                      size_t count)
{
    const struct val *driver = val_map_of(a, "name", val_cstring(a, "weir"), NULL), *run;
    struct seq_builder results;

    seq_builder_init(&results, a);
    for (size_t c = 0; c < count; c++)
        for (size_t i = 0; i < clusters[c].result.count; i++)
            if (clusters[c].result.subjects[i].state != SIMULATED_READY)
                seq_builder_add(&results, finding(a, &clusters[c].result.subjects[i]));
    run = val_map_of(a, "tool", val_map_of(a, "driver", driver, NULL), "results",
                     seq_builder_done(&results, NULL), NULL);
    json_write(out,
               val_map_of(a, "$schema",
                          val_cstring(a, "https://json.schemastore.org/sarif-2.1.0.json"),
                          "version", val_cstring(a, "2.1.0"), "runs", one(a, run), NULL),
               0);
    buf_put_byte(out, '\n');
}
