/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_helm_template.h"

#include "base/vec.h"
#include "cli/chart_input.h"
#include "cli/release_check.h"
#include "core/helm/explain.h"
#include "core/helm/ignore.h"
#include "core/helm/release.h"

/* One run of the command. */
struct job {
    const struct cli *cli;
    const struct invocation *in;
    struct arena *arena;
    struct helm_release release;
    struct helm_files written; /* with --output-dir: what each file holds so far */
};

static void put_manifest(struct buf *out, struct str source, struct str content)
{
    buf_printf(out, "---\n# Source: %.*s\n%.*s\n", STR_ARG(source), STR_ARG(content));
}

static bool is_shown(const struct job *j, const struct helm_manifest *hook)
{
    return !flag_is_set(j->in, "no-hooks") &&
           !(flag_is_set(j->in, "skip-tests") && (hook->events & HOOK_TEST));
}

/* As `helm template` prints: CRDs and objects, spaces around them taken off, then hooks. */
static struct str all_text(struct job *j)
{
    struct buf objects, out;

    buf_init(&objects, j->arena, 0);
    buf_init(&out, j->arena, 0);
    for (size_t i = 0; flag_is_set(j->in, "include-crds") && i < j->release.crds.count; i++)
        put_manifest(&objects, j->release.crds.items[i].name, j->release.crds.items[i].data);
    for (size_t i = 0; i < j->release.objects.count; i++)
        put_manifest(&objects, j->release.objects.items[i].source,
                     j->release.objects.items[i].content);
    buf_put(&out, str_trim(buf_str(&objects)));
    buf_put_byte(&out, '\n');
    for (size_t i = 0; i < j->release.hooks.count; i++)
        if (is_shown(j, &j->release.hooks.items[i]))
            put_manifest(&out, j->release.hooks.items[i].source, j->release.hooks.items[i].content);
    return buf_str(&out);
}

/* The path behind "# Source: chart/" of a document; "" when there is none. */
static struct str source_of(struct str document)
{
    size_t at = str_find(document, STR("# Source: "), 0);
    struct str line, rest, chart;

    if (at == SIZE_MAX)
        return STR("");
    rest = str_skip(document, at + 10);
    (void)str_cut(&rest, '\n', &line);
    return str_cut(&line, '/', &chart) && line.ptr ? line : STR("");
}

static struct err *show_only(const struct job *j, struct str text, const struct str *wanted,
                             size_t count)
{
    struct helm_files documents = VEC_INIT;
    struct buf out;

    helm_split(j->arena, text, &documents);
    buf_init(&out, j->arena, 0);
    for (size_t i = 0; i < count; i++) {
        bool found = false;

        for (size_t k = 0; k < documents.count; k++) {
            struct str source = source_of(documents.items[k].data);

            if (source.len == 0 || path_match(wanted[i], source) != PATH_MATCHES)
                continue;
            found = true;
            buf_printf(&out, "---\n%.*s\n", STR_ARG(documents.items[k].data));
        }
        if (!found)
            return err_new(j->arena, ERR_NOT_FOUND, "could not find template %.*s in chart",
                           STR_ARG(wanted[i]));
    }
    j->cli->write(j->cli->self, 1, buf_str(&out));
    return NULL;
}

/* Appends to what this run wrote to the file before. */
static struct err *write_manifest(struct job *j, struct str folder, struct str source,
                                  struct str content)
{
    const struct session *session = &j->cli->session;
    struct helm_file *file = NULL;
    struct buf text;
    struct err *e;

    for (size_t i = 0; i < j->written.count && !file; i++)
        if (str_eq(j->written.items[i].name, source))
            file = &j->written.items[i];
    if (!file) {
        file = VEC_PUSH(j->arena, &j->written);
        *file = (struct helm_file){ source, STR("") };
    }
    buf_init(&text, j->arena, 0);
    buf_put(&text, file->data);
    put_manifest(&text, source, content);
    file->data = buf_str(&text);
    struct str path = str_printf(j->arena, "%.*s/%.*s", STR_ARG(folder), STR_ARG(source));
    if (TRY(&e, session->ops->make_folder(session->self, j->arena, tree_path_dir(path))) ||
        TRY(&e, session->ops->write_file(session->self, j->arena, path, file->data)))
        return e;
    cli_print(j->cli, "wrote %.*s\n", STR_ARG(path));
    return NULL;
}

static struct err *write_files(struct job *j, struct str folder)
{
    const struct helm_release *r = &j->release;
    struct str release_folder = folder;
    struct err *e;

    if (flag_is_set(j->in, "release-name"))
        release_folder = str_printf(j->arena, "%.*s/%.*s", STR_ARG(folder),
                                    STR_ARG(j->in->arguments[0]));
    for (size_t i = 0; flag_is_set(j->in, "include-crds") && i < r->crds.count; i++)
        if (TRY(&e, write_manifest(j, folder, r->crds.items[i].name, r->crds.items[i].data)))
            return e;
    for (size_t i = 0; i < r->objects.count; i++)
        if (TRY(&e, write_manifest(j, release_folder, r->objects.items[i].source,
                                   r->objects.items[i].content)))
            return e;
    for (size_t i = 0; i < r->hooks.count; i++)
        if (is_shown(j, &r->hooks.items[i]) &&
            TRY(&e, write_manifest(j, release_folder, r->hooks.items[i].source,
                                   r->hooks.items[i].content)))
            return e;
    return NULL;
}

/* Which lines and values made a field; `chart` is the one that was rendered. */
static struct err *explain(struct job *j, const struct helm_chart *chart)
{
    struct value_layers layers = VEC_INIT;
    struct buf out;
    struct err *e;

    buf_init(&out, j->arena, 0);
    if (TRY(&e, chart_input_layers(j->cli, j->in, &layers)) ||
        TRY(&e, helm_explain(j->arena, &j->release,
                             value_origins_new(j->arena, chart, layers.items, layers.count),
                             flag_text(j->in, "explain"), &out)))
        return e;
    j->cli->write(j->cli->self, 1, buf_str(&out));
    return NULL;
}

struct api_versions {
    struct str *items;
    size_t count;
    size_t cap;
};

static void read_api_versions(const struct job *j, struct api_versions *ret)
{
    size_t count;
    const struct str *texts = flag_texts(j->in, "api-versions", &count);

    for (size_t i = 0; i < count; i++)
        for (struct str one, rest = texts[i]; str_cut(&rest, ',', &one);)
            *VEC_PUSH(j->arena, ret) = one;
}

struct err *cmd_helm_template(const struct cli *cli, const struct invocation *in)
{
    struct job j = { .cli = cli, .in = in, .arena = cli->run->arena };
    struct host host = cli->session.ops->host(cli->session.self);
    struct api_versions versions = VEC_INIT;
    size_t shown_count;
    const struct str *shown = flag_texts(in, "show-only", &shown_count);
    struct str folder = flag_text(in, "output-dir"), text;
    struct release_check check = { .cli = cli };
    struct helm_chart *chart;
    struct go_map *values;
    bool against_cluster;
    struct err *e;

    if (in->argument_count == 0)
        return err_new(j.arena, ERR_INVALID, "name the chart: a folder or a .tgz file");
    read_api_versions(&j, &versions);
    struct helm_release_options options = {
        .name = in->argument_count == 2 ? in->arguments[0] : STR("release-name"),
        .ns = flag_text(in, "namespace"),
        .revision = 1,
        .is_upgrade = flag_is_set(in, "is-upgrade"),
        .kube_version = flag_text(in, "kube-version"),
        .api_versions = versions.items,
        .api_version_count = versions.count,
        .skip_schema = flag_is_set(in, "skip-schema-validation"),
        .host = &host,
    };
    if (TRY(&e, release_check_is_wanted(cli, in, &against_cluster)) ||
        (against_cluster && TRY(&e, release_check_open(&check, in, &options, &host))) ||
        TRY(&e, chart_input_fetch(cli, in, in->arguments[in->argument_count - 1], &chart)) ||
        TRY(&e, chart_input_values(cli, in, &values)) ||
        TRY(&e, helm_release_render(j.arena, chart, values, &options, &j.release)) ||
        (against_cluster && TRY(&e, release_check_run(&check, &options, &j.release))))
        return e;
    if (flag_text(in, "explain").len > 0)
        return explain(&j, chart);
    if (folder.len > 0)
        return write_files(&j, folder);
    text = all_text(&j);
    if (shown_count > 0)
        return show_only(&j, text, shown, shown_count);
    cli->write(cli->self, 1, text);
    return NULL;
}
