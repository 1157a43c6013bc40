/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cmd_simulate.h"

#include "base/vec.h"
#include "cli/simulation_report.h"

struct clusters {
    struct simulated_cluster *items;
    size_t count;
    size_t cap;
};

/* The folders below clusters/, where no path is given. */
static struct err *find_clusters(const struct cli *cli, struct str repository, struct clusters *ret)
{
    struct arena *a = cli->run->arena;
    struct str path;
    struct tree_list list;
    struct tree tree;
    struct err *e;

    if (TRY(&e, cli->session.ops->open_tree(cli->session.self, a, repository, &tree, &path)))
        return e;
    if (!tree_path_join(a, path, STR("clusters"), &path) ||
        TRY(&e, tree_list(&tree, a, path, &list)))
        return err_new(a, ERR_INVALID,
                       "\"%.*s\" has no folder clusters: --path names the cluster's folder",
                       STR_ARG(repository));
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].kind == TREE_DIR)
            *VEC_PUSH(a, ret) = (struct simulated_cluster){
                .path = str_concat(a, STR("clusters/"), list.items[i].name)
            };
    return NULL;
}

static struct err *choose_clusters(const struct cli *cli, const struct invocation *in,
                                   struct clusters *ret)
{
    struct arena *a = cli->run->arena;
    struct str path = flag_text(in, "path");
    struct err *e;

    if (path.len > 0) {
        *VEC_PUSH(a, ret) = (struct simulated_cluster){
            .path = str_trim_suffix(str_trim_prefix(path, STR("./")), STR("/"))
        };
        return NULL;
    }
    if (TRY(&e, find_clusters(cli, in->arguments[0], ret)))
        return e;
    if (ret->count == 0 || (ret->count > 1 && !flag_is_set(in, "all-clusters")))
        return err_new(a, ERR_INVALID,
                       "clusters/ of \"%.*s\" has %zu folders: --path names one, --all-clusters "
                       "simulates each",
                       STR_ARG(in->arguments[0]), ret->count);
    return NULL;
}

static void print(const struct cli *cli, const struct invocation *in, const struct clusters *c)
{
    struct str format = flag_text(in, "output");
    struct arena *a = cli->run->arena;
    struct buf out;

    buf_init(&out, a, 0);
    if (str_is(format, "json"))
        simulation_json(&out, a, c->items, c->count);
    else if (str_is(format, "junit"))
        simulation_junit(&out, a, c->items, c->count);
    else if (str_is(format, "sarif"))
        simulation_sarif(&out, a, c->items, c->count);
    else
        simulation_text(&out, a, c->items, c->count);
    cli->write(cli->self, 1, buf_str(&out));
}

struct err *cmd_simulate(const struct cli *cli, const struct invocation *in)
{
    struct simulation_settings settings = {
        .revision = flag_text(in, "revision"),
        .base = flag_text(in, "base"),
        .fetch_others = flag_is_set(in, "fetch-others"),
        .timeout_ns = flag_duration(in, "timeout"),
        .log_level = flag_text(in, "log-level"),
    };
    struct clusters clusters = VEC_INIT;
    struct err *e;

    if (in->argument_count != 1)
        return err_new(cli->run->arena, ERR_INVALID,
                       "one repository is simulated: weir simulate FOLDER");
    settings.repository = in->arguments[0];
    if (TRY(&e, choose_clusters(cli, in, &clusters)))
        return e;
    for (size_t i = 0; i < clusters.count; i++) {
        settings.path = clusters.items[i].path;
        if (TRY(&e, cli->simulator.ops->simulate(cli->simulator.self, cli->run, &settings,
                                                 &clusters.items[i].result)))
            return e;
        if (simulation_has_failed(&clusters.items[i].result))
            *in->status = 1;
    }
    print(cli, in, &clusters);
    return NULL;
}
