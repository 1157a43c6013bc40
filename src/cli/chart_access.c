/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/chart_access.h"

#include "core/helm/host_path.h"

static struct str variable(const struct cli *cli, const char *name)
{
    struct str value = STR("");

    (void)cli->environment(cli->self, str_from_cstr(name), &value);
    return value;
}

/* $HELM_X_HOME, else $XDG_X_HOME/helm, else ~/<folder>/helm; and in it `path`. */
static struct str below_home(const struct cli *cli, const char *own, const char *xdg,
                             const char *folder, const char *path)
{
    struct arena *a = cli->run->arena;
    struct str base = variable(cli, own);

    if (base.len > 0)
        return host_path_join(a, base, str_from_cstr(path));
    base = variable(cli, xdg);
    if (base.len == 0)
        base = host_path_join(a, variable(cli, "HOME"), str_from_cstr(folder));
    return host_path_join(a, base, str_printf(a, "helm/%s", path));
}

static struct str config_path(const struct cli *cli, const char *path)
{
    return below_home(cli, "HELM_CONFIG_HOME", "XDG_CONFIG_HOME", ".config", path);
}

static struct str cache_path(const struct cli *cli, const char *path)
{
    return below_home(cli, "HELM_CACHE_HOME", "XDG_CACHE_HOME", ".cache", path);
}

static struct str chosen(const struct cli *cli, const struct invocation *in, const char *flag,
                         const char *name, struct str otherwise)
{
    struct str value = flag_text(in, flag);

    if (value.len == 0)
        value = variable(cli, name);
    return value.len > 0 ? value : otherwise;
}

static struct str docker_config(const struct cli *cli)
{
    struct arena *a = cli->run->arena;
    struct str folder = variable(cli, "DOCKER_CONFIG");

    if (folder.len == 0)
        folder = host_path_join(a, variable(cli, "HOME"), STR(".docker"));
    return host_path_join(a, folder, STR("config.json"));
}

static void tell(void *self, int stream, struct str text)
{
    const struct cli *cli = self;

    cli->write(cli->self, stream, text);
}

void chart_access_read(const struct cli *cli, const struct invocation *in,
                       struct chart_request *ret)
{
    struct str password = flag_text(in, "password");

    *ret = (struct chart_request){
        .homes = { .registry_config = chosen(cli, in, "registry-config", "HELM_REGISTRY_CONFIG",
                                             config_path(cli, "registry/config.json")),
                   .repositories = chosen(cli, in, "repository-config", "HELM_REPOSITORY_CONFIG",
                                          config_path(cli, "repositories.yaml")),
                   .repository_cache = chosen(cli, in, "repository-cache", "HELM_REPOSITORY_CACHE",
                                              cache_path(cli, "repository")),
                   .content_cache = chosen(cli, in, "content-cache", "HELM_CONTENT_CACHE",
                                           cache_path(cli, "content")),
                   .docker_config = docker_config(cli) },
        .access = { .username = flag_text(in, "username"),
                    .ca_file = flag_text(in, "ca-file"),
                    .cert_file = flag_text(in, "cert-file"),
                    .key_file = flag_text(in, "key-file"),
                    .pass_credentials = flag_is_set(in, "pass-credentials"),
                    .skip_verify = flag_is_set(in, "insecure-skip-tls-verify"),
                    .plain_http = flag_is_set(in, "plain-http") },
        .report = { tell, (void *)(uintptr_t)cli },
        .repository = flag_text(in, "repo"),
        .version = flag_text(in, "version"),
    };
    if (password.len > 0)
        ret->access.password = secret_new(cli->run->arena, password);
}

struct str chart_access_keyring(const struct cli *cli, const struct invocation *in)
{
    struct str given = flag_text(in, "keyring"), home = variable(cli, "GNUPGHOME");
    struct arena *a = cli->run->arena;

    if (given.len > 0)
        return given;
    if (home.len == 0)
        home = host_path_join(a, variable(cli, "HOME"), STR(".gnupg"));
    return host_path_join(a, home, STR("pubring.gpg"));
}
