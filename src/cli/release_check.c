/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/release_check.h"

struct err *release_check_is_wanted(const struct cli *cli, const struct invocation *in, bool *ret)
{
    struct str dry_run = flag_text(in, "dry-run");
    struct arena *a = cli->run->arena;

    if (flag_text(in, "post-renderer").len > 0)
        return err_new(
            a, ERR_UNSUPPORTED,
            "--post-renderer: post-renderers are plugins in helm 4, and weir runs none: pipe "
            "the output through the program");
    if (flag_is_set(in, "validate") && dry_run.len > 0)
        return err_new(a, ERR_INVALID, "--validate is --dry-run=server: give one of the two");
    *ret = flag_is_set(in, "validate") || str_is(dry_run, "server");
    return NULL;
}

static struct err *find(void *self, struct arena *a, const struct obj_ref *ref,
                        const struct val **ret)
{
    const struct release_check *c = self;

    (void)a; /* the run's, as every result */
    return c->cluster.ops->lookup(c->cluster.self, c->cli->run, ref, ret);
}

struct err *release_check_open(struct release_check *c, const struct invocation *in,
                               struct helm_release_options *options, struct host *host)
{
    const struct session *session = &c->cli->session;
    struct connect_options connect = { .kubeconfig = flag_text(in, "kubeconfig"),
                                       .context = flag_text(in, "kube-context"),
                                       .timeout_ns = flag_duration(in, "timeout") };
    struct release_capabilities have;
    struct err *e;

    if (TRY(&e, session->ops->connect_release(session->self, c->cli->run, &connect, &c->cluster)) ||
        TRY(&e, c->cluster.ops->capabilities(c->cluster.self, c->cli->run, &have)))
        return err_wrap(c->cli->run->arena, e, "Kubernetes cluster unreachable");
    if (options->api_version_count > 0 || options->kube_version.len > 0)
        cli_note(c->cli,
                 "--api-versions and --kube-version are ignored: the cluster says what it has\n");
    options->kube_version = have.version;
    options->api_versions = have.api_versions;
    options->api_version_count = have.api_version_count;
    options->api_versions_complete = true;
    host->lookup = find;
    host->self = c;
    return NULL;
}

struct err *release_check_run(struct release_check *c, const struct helm_release_options *options,
                              const struct helm_release *release)
{
    struct arena *a = c->cli->run->arena;
    const struct val **objects = ARENA_ARRAY(a, release->objects.count + 1, const struct val *);
    struct release_identity identity = { options->name, options->ns, options->is_upgrade };
    size_t count = 0;

    for (size_t i = 0; i < release->objects.count; i++)
        if (val_is(release->objects.items[i].value, VAL_MAP))
            objects[count++] = release->objects.items[i].value;
    return c->cluster.ops->validate(c->cluster.self, c->cli->run, &identity, objects, count);
}
