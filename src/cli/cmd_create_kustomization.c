/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cluster_command.h"
#include "cli/cmd_create.h"
#include "cli/create.h"
#include "core/tree.h"

/* --source: [Kind/]name[.namespace]; the kind in letters of either case. */
static struct err *source_ref(struct arena *a, struct str text, const struct val **ret)
{
    static const char *const kinds[] = { "OCIRepository", "GitRepository", "Bucket" };
    size_t slash = str_find_byte(text, '/', 0), dot;
    struct str kind = slash == SIZE_MAX ? STR("") : str_slice(text, 0, slash),
               name = slash == SIZE_MAX ? text : str_skip(text, slash + 1);
    struct map_builder b;

    if (text.len == 0)
        return err_new(a, ERR_INVALID, "source is required");
    if (name.len == 0)
        return err_new(a, ERR_INVALID, "no name given for source of kind '%.*s'", STR_ARG(kind));
    if (kind.len == 0)
        kind = STR("GitRepository");
    map_builder_init(&b, a);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (str_eq_nocase(kind, str_from_cstr(kinds[i])))
            create_text(&b, "kind", str_from_cstr(kinds[i]));
    if (b.count == 0)
        return err_new(a, ERR_INVALID,
                       "source kind '%.*s' is not supported, must be one of: OCIRepository, "
                       "GitRepository, Bucket",
                       STR_ARG(kind));
    dot = str_rfind_byte(name, '.');
    create_text(&b, "name", str_slice(name, 0, dot));
    if (dot != SIZE_MAX)
        create_text(&b, "namespace", str_skip(name, dot + 1));
    *ret = map_builder_done(&b, NULL);
    return NULL;
}

/* "./" and the path without "." and ".."; it cannot climb out. */
static struct str clean_path(struct arena *a, struct str text)
{
    struct str rest = str_trim(text), part, clean = STR("");

    while (rest.len > 0 && str_cut(&rest, '/', &part)) {
        size_t slash = str_rfind_byte(clean, '/');

        if (part.len == 0 || str_is(part, "."))
            continue;
        if (str_is(part, ".."))
            clean = slash == SIZE_MAX ? STR("") : str_slice(clean, 0, slash);
        else
            clean = clean.len == 0 ? part
                                   : str_printf(a, "%.*s/%.*s", STR_ARG(clean), STR_ARG(part));
    }
    return str_concat(a, STR("./"), clean);
}

static struct err *health_check(struct arena *a, struct str text, const struct val **ret)
{
    static const char *const kinds[] = { "Deployment", "DaemonSet", "StatefulSet", "HelmRelease" };
    struct str name = text, kind, ns;
    struct map_builder b;
    bool known = false;

    (void)str_cut(&name, '/', &kind);
    if (kind.len == text.len || str_find_byte(name, '/', 0) != SIZE_MAX)
        return err_new(a, ERR_INVALID,
                       "invalid health check '%.*s' must be in the format 'kind/name.namespace'",
                       STR_ARG(text));
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        known = known || str_eq(kind, str_from_cstr(kinds[i]));
    if (!known)
        return err_new(a, ERR_INVALID,
                       "invalid health check kind '%.*s' can be HelmRelease, Deployment, DaemonSet "
                       "or StatefulSet",
                       STR_ARG(kind));
    ns = name;
    (void)str_cut(&ns, '.', &name);
    if (ns.len == 0 || str_find_byte(ns, '.', 0) != SIZE_MAX)
        return err_new(a, ERR_INVALID,
                       "invalid health check '%.*s' must be in the format 'kind/name.namespace'",
                       STR_ARG(text));
    map_builder_init(&b, a);
    if (str_is(kind, "HelmRelease"))
        create_text(&b, "apiVersion", STR("helm.toolkit.fluxcd.io/v2"));
    create_text(&b, "kind", kind);
    create_text(&b, "name", name);
    create_text(&b, "namespace", ns);
    *ret = map_builder_done(&b, NULL);
    return NULL;
}

static struct err *add_health(const struct cli *cli, const struct invocation *in,
                              struct map_builder *b)
{
    struct arena *a = cli->run->arena;
    size_t count;
    const struct str *checks = create_list(cli, in, "health-check", &count);
    bool wait = flag_is_set(in, "wait");
    struct seq_builder list;
    const struct val *check;
    struct err *e;

    seq_builder_init(&list, a);
    for (size_t i = 0; !wait && i < count; i++) {
        if (TRY(&e, health_check(a, checks[i], &check)))
            return e;
        seq_builder_add(&list, check);
    }
    if (list.count > 0)
        create_value(b, "healthChecks", seq_builder_done(&list, NULL));
    if (wait || list.count > 0)
        create_text(b, "timeout", duration_format(a, flag_duration(in, "health-check-timeout")));
    create_flag(b, "wait", wait);
    return NULL;
}

/* --depends-on: name or namespace/name. */
static void add_dependencies(const struct cli *cli, const struct invocation *in,
                             struct map_builder *b)
{
    struct arena *a = cli->run->arena;
    size_t count;
    const struct str *names = create_list(cli, in, "depends-on", &count);
    struct seq_builder list;

    seq_builder_init(&list, a);
    for (size_t i = 0; i < count; i++) {
        size_t slash = str_find_byte(names[i], '/', 0);
        struct map_builder item;

        map_builder_init(&item, a);
        create_text(&item, "name", slash == SIZE_MAX ? names[i] : str_skip(names[i], slash + 1));
        if (slash != SIZE_MAX)
            create_text(&item, "namespace", str_slice(names[i], 0, slash));
        seq_builder_add(&list, map_builder_done(&item, NULL));
    }
    if (count > 0)
        create_value(b, "dependsOn", seq_builder_done(&list, NULL));
}

static void add_decryption(struct arena *a, const struct invocation *in, struct map_builder *b)
{
    struct str provider = flag_text(in, "decryption-provider");
    struct map_builder decryption;

    if (provider.len == 0)
        return;
    map_builder_init(&decryption, a);
    create_text(&decryption, "provider", provider);
    create_name_ref(&decryption, "secretRef", flag_text(in, "decryption-secret"));
    create_value(b, "decryption", map_builder_done(&decryption, NULL));
}

static struct err *build_spec(const struct cli *cli, const struct invocation *in,
                              const struct val **ret)
{
    struct arena *a = cli->run->arena;
    struct str remote = flag_text(in, "kubeconfig-secret-ref");
    int64_t retry = flag_duration(in, "retry-interval");
    struct map_builder b, kubeconfig;
    const struct val *source;
    struct err *e;

    map_builder_init(&b, a);
    if (TRY(&e, source_ref(a, flag_text(in, "source"), &source)) ||
        TRY(&e, add_health(cli, in, &b)))
        return e;
    create_text(&b, "interval", duration_format(a, flag_duration(in, "interval")));
    create_text(&b, "path", clean_path(a, flag_text(in, "path")));
    create_value(&b, "prune", val_bool(flag_is_set(in, "prune")));
    create_value(&b, "sourceRef", source);
    create_text(&b, "targetNamespace", flag_text(in, "target-namespace"));
    create_text(&b, "serviceAccountName", flag_text(in, "service-account"));
    add_dependencies(cli, in, &b);
    add_decryption(a, in, &b);
    if (remote.len > 0) {
        map_builder_init(&kubeconfig, a);
        create_name_ref(&kubeconfig, "secretRef", remote);
        create_value(&b, "kubeConfig", map_builder_done(&kubeconfig, NULL));
    }
    if (retry > 0)
        create_text(&b, "retryInterval", duration_format(a, retry));
    *ret = map_builder_done(&b, NULL);
    return NULL;
}

struct err *cmd_create_kustomization(const struct cli *cli, const struct invocation *in)
{
    struct progress progress = cluster_command_progress(cli);
    struct arena *a = cli->run->arena;
    struct put_request put = { .human = STR("Kustomization") };
    const struct val *labels, *spec;
    struct commands commands;
    struct queries queries;
    struct str name;
    struct err *e;

    if (TRY(&e, create_name(cli, in, &name)) || TRY(&e, build_spec(cli, in, &spec)) ||
        TRY(&e, create_labels(cli, in, &labels)))
        return e;
    put.object = val_map_of(a, "apiVersion", val_cstring(a, "kustomize.toolkit.fluxcd.io/v1"),
                            "kind", val_cstring(a, "Kustomization"), "metadata",
                            create_metadata(cli, in, name, labels, NULL), "spec", spec, NULL);
    if (flag_is_set(in, "export")) {
        create_print(cli, put.object);
        return NULL;
    }
    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    cli_note(cli, "✚ generating Kustomization\n► applying Kustomization\n");
    return commands.ops->put(commands.self, cli->run, &put, &progress);
}
