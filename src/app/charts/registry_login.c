/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials of registries in helm's own file. */
#include "app/charts/work.h"
#include "base/limits.h"
#include "core/gotmpl/quote.h"

static struct err *load(const struct work *w, const struct val **ret)
{
    const struct files *files = &w->tools->files;
    struct str path = w->request->homes.registry_config, text = STR("");
    struct err *e = files->ops->read(files->self, w->arena, path, LIMIT_CONFIG_FILE_BYTES, &text);

    if (e && e->code != ERR_NOT_FOUND)
        return e;
    return docker_config_read(w->arena, e ? STR("") : text, path, ret);
}

static struct err *save(const struct work *w, const struct val *config)
{
    const struct files *files = &w->tools->files;
    struct str path = w->request->homes.registry_config, folder = tree_path_dir(path);
    struct err *e;

    if (folder.len > 0 && TRY(&e, files->ops->make_folder(files->self, w->arena, folder)))
        return e;
    return files->ops->write(files->self, w->arena, path, docker_config_format(w->arena, config),
                             FILE_PRIVATE);
}

static struct err *check_host(const struct work *w, struct str host)
{
    struct str rest = host, registry;
    struct oci_reference any;

    (void)str_cut(&rest, '/', &registry);
    if (rest.ptr)
        work_tell(
            w, 2,
            "level=WARN msg=\"registry login currently only supports registry hostname, not a "
            "repository path\" host=%.*s suggested=%.*s\n",
            STR_ARG(work_log_value(w->arena, host)), STR_ARG(work_log_value(w->arena, registry)));
    if (!rest.ptr && !oci_reference_parse(w->arena, str_concat(w->arena, host, STR("/x")), &any))
        return NULL;
    return err_new(w->arena, ERR_INVALID, "invalid reference: invalid registry %.*s",
                   STR_ARG(quote_go(w->arena, host)));
}

/* The program that keeps the credentials of a host; "": the file does. An entry that cannot be read is replaced. */
static struct str helper_of(const struct work *w, const struct val *config, struct str host)
{
    struct oci_credentials known;

    return docker_config_find(w->arena, config, host, &known) ? STR("") : known.helper;
}

static struct err *keep(const struct work *w, const struct val *config, struct str host,
                        const struct oci_credentials *c)
{
    struct str helper = helper_of(w, config, host);
    struct err *e;

    if (helper.len > 0)
        return credential_program_store(w, helper, host, c);
    if (TRY(&e, docker_config_with(w->arena, config, host, c, &config)))
        return e;
    return save(w, config);
}

/* First as OAuth2's password grant, which some token servers want for a log-in, then as the plain way. */
static struct err *try_credentials(const struct work *w, struct registry_remote *remote)
{
    const struct registry *registry = &w->tools->registry;

    remote->prefer_oauth2 = true;
    if (!registry->ops->ping(registry->self, w->run, remote))
        return NULL;
    remote->prefer_oauth2 = false;
    return registry->ops->ping(registry->self, w->run, remote);
}

struct err *registry_login(const struct work *w, struct str host)
{
    const struct chart_access *own = &w->request->access;
    struct fetch_access access = fetch_access_of_request(w, STR(""));
    struct registry_remote remote = {
        .repository = { .registry = host, .repository = STR(""), .reference = STR("") },
        .credentials = { .username = own->username, .password = own->password },
        .plain_http = own->plain_http
    };
    const struct val *config;
    struct err *e;

    if (TRY(&e, check_host(w, host)) || TRY(&e, load(w, &config)) ||
        TRY(&e, fetch_tls(w, &access, &remote.tls)))
        return e;
    if (TRY(&e, try_credentials(w, &remote)))
        return err_wrap(w->arena, e, "authenticating to %.*s", STR_ARG(quote_go(w->arena, host)));
    if (TRY(&e, keep(w, config, host, &remote.credentials)))
        return e;
    work_tell(w, 1, "Login Succeeded\n");
    return NULL;
}

struct err *registry_logout(const struct work *w, struct str host)
{
    const struct val *config, *without;
    struct str helper;
    struct err *e;

    if (TRY(&e, load(w, &config)))
        return e;
    helper = helper_of(w, config, host);
    if (helper.len > 0 && TRY(&e, credential_program_erase(w, helper, host)))
        return e;
    docker_config_without(w->arena, config, host, &without);
    if (without && TRY(&e, save(w, without)))
        return e;
    work_tell(w, 1, "Removing login credentials for %.*s\n", STR_ARG(host));
    return NULL;
}
