/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/chart_input.h"

#include "base/limits.h"
#include "cli/chart_access.h"
#include "core/helm/dependencies.h"
#include "core/helm/set.h"
#include "core/helm/values.h"
#include "value/yaml.h"

static struct err *open_packed(void *self, struct arena *a, struct str name, struct str bytes,
                               struct tree *ret)
{
    const struct session *session = self;

    return session->ops->open_archive(session->self, a, name, bytes, ret);
}

/* A packed chart holds one folder, the chart's. */
static struct err *place_in_archive(const struct cli *cli, struct str file, struct chart_place *ret)
{
    const struct session *session = &cli->session;
    struct arena *a = cli->run->arena;
    struct tree_list top;
    struct str bytes;
    struct err *e;

    if (TRY(&e, session->ops->read_file(session->self, a, file, LIMIT_CHART_BYTES, &bytes)) ||
        TRY(&e, session->ops->open_archive(session->self, a, file, bytes, &ret->tree)) ||
        TRY(&e, tree_list(&ret->tree, a, STR(""), &top)))
        return e;
    ret->tree.label = file;
    ret->absolute = file;
    for (size_t i = 0; i < top.count; i++)
        if (top.items[i].kind == TREE_DIR) {
            ret->path = top.items[i].name;
            return NULL;
        }
    return err_new(a, ERR_INVALID, "%.*s: no folder with a chart in it", STR_ARG(file));
}

bool chart_input_is_packed(struct str chart)
{
    return str_has_suffix(chart, STR(".tgz")) || str_has_suffix(chart, STR(".tar.gz")) ||
           str_has_suffix(chart, STR(".chart")); /* of helm's content cache */
}

struct err *chart_input_place(const struct cli *cli, struct str chart, struct chart_place *ret)
{
    const struct session *session = &cli->session;
    struct arena *a = cli->run->arena;
    struct err *e;

    ret->archives = (struct helm_archives){ open_packed, (void *)(uintptr_t)session };
    if (str_contains(chart, STR("://")))
        return err_new(a, ERR_UNSUPPORTED,
                       "\"%.*s\": this command takes charts of this machine alone: fetch it with "
                       "`weir helm pull` first",
                       STR_ARG(chart));
    if (chart_input_is_packed(chart))
        return place_in_archive(cli, chart, ret);
    if (TRY(&e, session->ops->open_tree(session->self, a, chart, &ret->tree, &ret->path)))
        return e->code == ERR_NOT_FOUND
                   ? err_new(a, ERR_NOT_FOUND, "path \"%.*s\" not found", STR_ARG(chart))
                   : e;
    ret->tree.label = str_trim_suffix(chart, STR("/"));
    ret->absolute = str_concat(a, STR("/"), ret->path);
    return NULL;
}

struct err *chart_input_load(const struct cli *cli, struct str chart, struct helm_chart **ret)
{
    struct chart_place place;
    struct err *e;

    if (TRY(&e, chart_input_place(cli, chart, &place)))
        return e;
    return helm_chart_load(cli->run->arena, &place.tree, place.path, &place.archives, ret);
}

static bool is_here(const struct cli *cli, struct str chart)
{
    const struct session *session = &cli->session;
    struct arena *a = cli->run->arena;
    struct tree tree;
    struct str path;
    enum tree_kind kind = TREE_ABSENT;
    struct str folder = tree_path_dir(chart);

    if (!session->ops->open_tree(session->self, a, chart, &tree, &path))
        return true;
    if (folder.len == 0)
        folder = str_has_prefix(chart, STR("/")) ? STR("/") : STR(".");
    return !session->ops->open_tree(session->self, a, folder, &tree, &path) &&
           tree_path_join(a, path, tree_path_base(chart), &path) &&
           !tree_stat(&tree, a, path, &kind) && kind != TREE_ABSENT;
}

static struct err *locate(const struct cli *cli, const struct chart_request *request,
                          struct str chart, struct str *ret)
{
    chart = str_trim(chart);
    *ret = chart;
    if (request->repository.len == 0 && is_here(cli, chart))
        return NULL;
    if (request->repository.len == 0 &&
        (str_has_prefix(chart, STR("/")) || str_has_prefix(chart, STR("."))))
        return err_new(cli->run->arena, ERR_NOT_FOUND, "path \"%.*s\" not found", STR_ARG(chart));
    return cli->charts.ops->locate(cli->charts.self, cli->run, request, chart, ret);
}

struct err *chart_input_fetch(const struct cli *cli, const struct invocation *in, struct str chart,
                              struct helm_chart **ret)
{
    struct chart_dependencies how = { .folder = STR("") };
    struct chart_request request;
    struct err *e;

    chart_access_read(cli, in, &request);
    if (request.version.len == 0 && flag_is_set(in, "devel"))
        request.version = STR(">0.0.0-0");
    request.version = str_trim(request.version);
    if (TRY(&e, locate(cli, &request, chart, &how.folder)) ||
        TRY(&e, chart_input_load(cli, how.folder, ret)))
        return e;
    if (!flag_is_set(in, "dependency-update") || !helm_dependencies_check(cli->run->arena, *ret))
        return NULL;
    if (TRY(&e, cli->charts.ops->dependency_update(cli->charts.self, cli->run, &request, &how)))
        return e;
    return chart_input_load(cli, how.folder, ret);
}

static struct err *read_set_file(void *self, struct arena *a, struct str path, struct str *ret)
{
    const struct session *session = self;

    return session->ops->read_file(session->self, a, path, LIMIT_CHART_FILE_BYTES, ret);
}

/* The flags that set values, in the order in which they are applied. */
static const struct {
    const char *flag;
    enum set_kind kind;
} set_flags[] = { { "set-json", SET_JSON },
                  { "set", SET_TYPED },
                  { "set-string", SET_STRING },
                  { "set-file", SET_FILE },
                  { "set-literal", SET_LITERAL } };
enum { SET_FLAG_COUNT = sizeof set_flags / sizeof *set_flags };

struct err *chart_input_values(const struct cli *cli, const struct invocation *in,
                               struct go_map **ret)
{
    const struct session *session = &cli->session;
    struct arena *a = cli->run->arena;
    size_t count;
    const struct str *texts = flag_texts(in, "values", &count);
    struct err *e;

    *ret = go_map_new(a, GO_MAP).map;
    for (size_t i = 0; i < count; i++) {
        struct str text;
        struct go_map *file;

        if (TRY(&e, session->ops->read_file(session->self, a, texts[i], LIMIT_CHART_FILE_BYTES,
                                            &text)) ||
            TRY(&e, helm_values_read(a, text, texts[i], &file)))
            return e;
        *ret = values_merge(a, *ret, file);
    }
    for (size_t i = 0; i < SET_FLAG_COUNT; i++) {
        struct set_options options = { set_flags[i].kind, read_set_file,
                                       (void *)(uintptr_t)session };

        texts = flag_texts(in, set_flags[i].flag, &count);
        for (size_t j = 0; j < count; j++)
            if (TRY(&e, set_values(a, ret, texts[j], &options)))
                return e;
    }
    return NULL;
}

/* What a flag sets by itself. */
static struct err *add_flag(const struct session *session, struct arena *a, size_t which,
                            struct str text, struct value_layers *into)
{
    struct set_options options = { set_flags[which].kind, read_set_file,
                                   (void *)(uintptr_t)session };
    struct go_value alone = go_map_new(a, GO_MAP);
    struct err *e;

    /* A flag may lean on what stands before it; what it cannot do alone it is not asked for. */
    struct value_layer *layer = VEC_PUSH(a, into);
    layer->tree = NULL;
    layer->label = str_printf(a, "--%s %.*s", set_flags[which].flag, STR_ARG(text));
    if (TRY(&e, set_values(a, &alone.map, text, &options)))
        return e->code == ERR_INVALID ? NULL : e;
    return go_to_val(a, &alone, &layer->tree);
}

struct err *chart_input_layers(const struct cli *cli, const struct invocation *in,
                               struct value_layers *ret)
{
    const struct session *session = &cli->session;
    struct arena *a = cli->run->arena;
    size_t count;
    const struct str *texts = flag_texts(in, "values", &count);
    struct err *e;

    for (size_t i = 0; i < count; i++) {
        struct yaml_docs docs;
        struct str text;

        if (TRY(&e, session->ops->read_file(session->self, a, texts[i], LIMIT_CHART_FILE_BYTES,
                                            &text)) ||
            TRY(&e, yaml_read_all(a, text, texts[i], YAML_SIGS_LOOSE, &docs)))
            return e;
        for (size_t j = 0; j < docs.count; j++)
            *VEC_PUSH(a, ret) = (struct value_layer){ texts[i], docs.items[j] };
    }
    for (size_t i = 0; i < SET_FLAG_COUNT; i++) {
        texts = flag_texts(in, set_flags[i].flag, &count);
        for (size_t j = 0; j < count; j++)
            if (TRY(&e, add_flag(session, a, i, texts[j], ret)))
                return e;
    }
    return NULL;
}
