/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cluster_command.h"
#include "cli/cmd_create.h"
#include "cli/create.h"
#include "core/apiserver/names.h"

#define RBAC "rbac.authorization.k8s.io"

/* What a tenant has in one namespace. */
struct share {
    const struct val *ns;
    const struct val *account;
    const struct val *binding;
};

static const struct val *object_of(struct arena *a, const char *api_version, const char *kind,
                                   const struct val *metadata)
{
    return val_map_of(a, "apiVersion", val_cstring(a, api_version), "kind", val_cstring(a, kind),
                      "metadata", metadata, NULL);
}

static const struct val *metadata_of(struct arena *a, struct str name, struct str ns,
                                     const struct val *labels)
{
    struct map_builder b;

    map_builder_init(&b, a);
    create_value(&b, "labels", labels);
    create_text(&b, "name", name);
    create_text(&b, "namespace", ns);
    return map_builder_done(&b, NULL);
}

static const struct val *binding_of(struct arena *a, struct str tenant, struct str ns,
                                    struct str account, struct str role, const struct val *labels)
{
    const struct val *subjects[] = {
        val_map_of(a, "apiGroup", val_cstring(a, RBAC), "kind", val_cstring(a, "User"), "name",
                   val_string(a, str_printf(a, "gotk:%.*s:reconciler", STR_ARG(ns))), NULL),
        val_map_of(a, "kind", val_cstring(a, "ServiceAccount"), "name", val_string(a, account),
                   "namespace", val_string(a, ns), NULL),
    };
    const struct val *binding = object_of(
        a, RBAC "/v1", "RoleBinding",
        metadata_of(a, str_printf(a, "%.*s-reconciler", STR_ARG(tenant)), ns, labels));

    binding = val_with(a, binding, STR("roleRef"),
                       val_map_of(a, "apiGroup", val_cstring(a, RBAC), "kind",
                                  val_cstring(a, "ClusterRole"), "name", val_string(a, role),
                                  NULL));
    return val_with(a, binding, STR("subjects"), val_seq(a, subjects, 2));
}

static struct err *check_qualified(struct arena *a, const char *what, struct str name)
{
    struct name_problems problems = { 0 };

    name_label_key(a, name, &problems);
    if (problems.count == 0)
        return NULL;
    return err_new(a, ERR_INVALID, "invalid %s '%.*s': [%.*s]", what, STR_ARG(name),
                   STR_ARG(problems.items[0]));
}

static struct err *share_of(const struct cli *cli, const struct invocation *in, struct str tenant,
                            struct str ns, struct share *ret)
{
    struct arena *a = cli->run->arena;
    struct str account = flag_text(in, "with-service-account");
    const struct val *labels;
    struct err *e;

    if (account.len == 0)
        account = tenant;
    if (TRY(&e, check_qualified(a, "namespace", ns)) || TRY(&e, create_labels(cli, in, &labels)) ||
        TRY(&e, check_qualified(a, "service-account name", account)))
        return e;
    labels = val_with(a, labels, STR("toolkit.fluxcd.io/tenant"), val_string(a, tenant));
    ret->ns = object_of(a, "v1", "Namespace", metadata_of(a, ns, STR(""), labels));
    ret->account = object_of(a, "v1", "ServiceAccount", metadata_of(a, account, ns, labels));
    ret->binding = binding_of(a, tenant, ns, account, flag_text(in, "cluster-role"), labels);
    return NULL;
}

static struct err *apply_one(const struct cli *cli, const struct commands *commands,
                             const char *what, const struct val *object)
{
    struct progress progress = cluster_command_progress(cli);
    struct put_request put = { .object = object };

    cli_note(cli, "► applying %s %.*s\n", what, STR_ARG(val_at_str(object, "metadata.name")));
    return commands->ops->put(commands->self, cli->run, &put, &progress);
}

static struct err *apply(const struct cli *cli, const struct invocation *in,
                         const struct share *shares, size_t count)
{
    struct commands commands;
    struct queries queries;
    struct err *e;

    if (TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    for (size_t i = 0; i < count; i++)
        if ((!flag_is_set(in, "skip-namespace") &&
             TRY(&e, apply_one(cli, &commands, "namespace", shares[i].ns))) ||
            TRY(&e, apply_one(cli, &commands, "service account", shares[i].account)) ||
            TRY(&e, apply_one(cli, &commands, "role binding", shares[i].binding)))
            return e;
    cli_note(cli, "✔ tenant setup completed\n");
    return NULL;
}

struct err *cmd_create_tenant(const struct cli *cli, const struct invocation *in)
{
    struct arena *a = cli->run->arena;
    size_t count;
    const struct str *namespaces = create_list(cli, in, "with-namespace", &count);
    struct share *shares = ARENA_ARRAY(a, count, struct share);
    struct str tenant;
    struct err *e;

    if (TRY(&e, create_name(cli, in, &tenant)))
        return e;
    if (flag_text(in, "cluster-role").len == 0)
        return err_new(a, ERR_INVALID, "cluster-role is required");
    if (count == 0)
        return err_new(a, ERR_INVALID, "with-namespace is required");
    for (size_t i = 0; i < count; i++)
        if (TRY(&e, share_of(cli, in, tenant, namespaces[i], &shares[i])))
            return e;
    if (!flag_is_set(in, "export"))
        return apply(cli, in, shares, count);
    for (size_t i = 0; i < count; i++) {
        if (!flag_is_set(in, "skip-namespace"))
            create_print(cli, shares[i].ns);
        create_print(cli, shares[i].account);
        create_print(cli, shares[i].binding);
    }
    return NULL;
}
