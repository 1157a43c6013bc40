/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cluster_command.h"
#include "cli/cmd_create.h"
#include "cli/create.h"
#include "core/url/url.h"

static struct err *check_url(const struct cli *cli, const struct invocation *in, struct url *ret)
{
    struct arena *a = cli->run->arena;
    struct str text = flag_text(in, "url");
    struct err *e;

    if (text.len == 0)
        return err_new(a, ERR_INVALID, "url is required");
    if (TRY(&e, url_parse(a, text, ret)))
        return err_wrap(a, e, "git URL parse failed: parse \"%.*s\"", STR_ARG(text));
    if (!str_is(ret->scheme, "ssh") && !str_is(ret->scheme, "http") &&
        !str_is(ret->scheme, "https"))
        return err_new(a, ERR_INVALID,
                       "git URL scheme '%.*s' not supported, can be: ssh, http and https",
                       STR_ARG(ret->scheme));
    return NULL;
}

/* spec.ref: of several flags the more exact one counts, as in flux. */
static const struct val *reference(struct arena *a, const struct invocation *in)
{
    static const struct {
        const char *flag, *field;
    } refs[] = { { "commit", "commit" },
                 { "ref-name", "name" },
                 { "tag-semver", "semver" },
                 { "tag", "tag" },
                 { "branch", "branch" } };
    struct map_builder b;

    map_builder_init(&b, a);
    for (size_t i = 0; i < sizeof refs / sizeof refs[0]; i++) {
        struct str text = flag_text(in, refs[i].flag);

        if (text.len == 0)
            continue;
        create_text(&b, refs[i].field, text);
        if (i == 0)
            create_text(&b, "branch", flag_text(in, "branch"));
        return map_builder_done(&b, NULL);
    }
    return NULL;
}

static struct err *build_spec(const struct cli *cli, const struct invocation *in,
                              struct map_builder *b)
{
    struct arena *a = cli->run->arena;
    const struct val *ref = reference(a, in);
    size_t ignore_count, sparse_count;
    const struct str *ignored = create_list(cli, in, "ignore-paths", &ignore_count),
                     *sparse = create_list(cli, in, "sparse-checkout-paths", &sparse_count);
    int64_t timeout = flag_duration(in, "fetch-timeout");
    struct seq_builder paths;

    if (!ref)
        return err_new(
            a, ERR_INVALID,
            "a Git ref is required, use one of the following: --branch, --tag, --commit, "
            "--ref-name or --tag-semver");
    map_builder_init(b, a);
    create_text(b, "url", flag_text(in, "url"));
    create_text(b, "interval", duration_format(a, flag_duration(in, "interval")));
    create_value(b, "ref", ref);
    create_flag(b, "recurseSubmodules", flag_is_set(in, "recurse-submodules"));
    create_text(b, "ignore", str_join(a, ignored, ignore_count, STR("\n")));
    if (timeout > 0)
        create_text(b, "timeout", duration_format(a, timeout));
    create_name_ref(b, "secretRef", flag_text(in, "secret-ref"));
    create_name_ref(b, "proxySecretRef", flag_text(in, "proxy-secret-ref"));
    create_text(b, "provider", flag_text(in, "provider"));
    seq_builder_init(&paths, a);
    for (size_t i = 0; i < sparse_count; i++)
        seq_builder_add(&paths, val_string(a, sparse[i]));
    if (sparse_count > 0)
        create_value(b, "sparseCheckout", seq_builder_done(&paths, NULL));
    return NULL;
}

/* The Secret that the flags ask for, named as the source; NULL: they ask for none. */
static struct err *credentials(const struct cli *cli, const struct invocation *in,
                               const struct url *url, struct str name, const struct val **ret)
{
    struct arena *a = cli->run->arena;
    struct str user = flag_text(in, "username"), password = flag_text(in, "password"), ca;
    struct map_builder b;
    struct err *e;

    *ret = NULL;
    if (flag_text(in, "secret-ref").len > 0)
        return NULL;
    if (str_is(url->scheme, "ssh"))
        return err_new(
            a, ERR_UNSUPPORTED,
            "SSH keys and known hosts are not made here, that is not built yet in weir: "
            "make a Secret with identity and known_hosts, and name it with --secret-ref");
    if (TRY(&e, create_read(cli, flag_text(in, "ca-file"), "unable to read TLS CA file", &ca)))
        return e;
    map_builder_init(&b, a);
    if (user.len > 0 && password.len > 0) {
        create_text(&b, "username", user);
        create_text(&b, "password", password);
    }
    create_text(&b, "ca.crt", ca);
    if (b.count > 0)
        *ret = val_map_of(a, "apiVersion", val_cstring(a, "v1"), "kind", val_cstring(a, "Secret"),
                          "metadata", create_metadata(cli, in, name, NULL, NULL), "stringData",
                          map_builder_done(&b, NULL), NULL);
    return NULL;
}

static struct err *apply(const struct cli *cli, const struct invocation *in, const struct url *url,
                         struct map_builder *spec, const struct val *metadata)
{
    struct progress progress = cluster_command_progress(cli);
    struct arena *a = cli->run->arena;
    struct put_request put = { .human = STR("GitRepository source") };
    const struct val *secret;
    struct commands commands;
    struct queries queries;
    struct err *e;

    if (TRY(&e, credentials(cli, in, url, val_get_str(metadata, "name"), &secret)) ||
        TRY(&e, cluster_command_connect(cli, in, &commands, &queries)))
        return e;
    cli_note(cli, "✚ generating GitRepository source\n");
    if (str_is(url->scheme, "http") && flag_text(in, "secret-ref").len == 0)
        cli_note(cli, "⚠️ insecure configuration: credentials configured for an HTTP URL\n");
    if (secret) {
        struct put_request with = { .object = secret };

        cli_note(cli, "► applying secret with repository credentials\n");
        if (TRY(&e, commands.ops->put(commands.self, cli->run, &with, &progress)))
            return e;
        cli_note(cli, "✔ authentication configured\n");
        create_name_ref(spec, "secretRef", val_get_str(metadata, "name"));
    }
    put.object = val_map_of(a, "apiVersion", val_cstring(a, "source.toolkit.fluxcd.io/v1"), "kind",
                            val_cstring(a, "GitRepository"), "metadata", metadata, "spec",
                            map_builder_done(spec, NULL), NULL);
    cli_note(cli, "► applying GitRepository source\n");
    return commands.ops->put(commands.self, cli->run, &put, &progress);
}

struct err *cmd_create_source_git(const struct cli *cli, const struct invocation *in)
{
    struct arena *a = cli->run->arena;
    const struct val *labels, *metadata;
    struct map_builder spec;
    struct str name;
    struct url url;
    struct err *e;

    if (TRY(&e, create_name(cli, in, &name)) || TRY(&e, check_url(cli, in, &url)) ||
        TRY(&e, build_spec(cli, in, &spec)))
        return e;
    if (flag_text(in, "ca-file").len > 0 && str_is(url.scheme, "ssh"))
        return err_new(a, ERR_INVALID, "specifying a CA file is not supported for Git over SSH");
    if (TRY(&e, create_labels(cli, in, &labels)))
        return e;
    metadata = create_metadata(cli, in, name, labels, NULL);
    if (!flag_is_set(in, "export"))
        return apply(cli, in, &url, &spec, metadata);
    create_print(cli, val_map_of(a, "apiVersion", val_cstring(a, "source.toolkit.fluxcd.io/v1"),
                                 "kind", val_cstring(a, "GitRepository"), "metadata", metadata,
                                 "spec", map_builder_done(&spec, NULL), NULL));
    return NULL;
}
