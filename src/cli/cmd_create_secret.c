/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cluster_command.h"
#include "cli/cmd_create.h"
#include "cli/create.h"
#include "core/url/url.h"
#include "foreign/base64.h"
#include "foreign/digest.h"
#include "value/json.h"

/* A Secret in the making. */
struct making {
    const struct cli *cli;
    const struct invocation *in;
    struct arena *arena;
    struct str name;
    const char *word; /* "git secret" */
    const char *type; /* NULL: none */
    struct map_builder data;
    const struct val *annotations;
    bool without_labels; /* flux leaves them out of this kind */
};

static struct err *begin(struct making *m, const struct cli *cli, const struct invocation *in,
                         const char *word, const char *type)
{
    *m = (struct making){
        .cli = cli, .in = in, .arena = cli->run->arena, .word = word, .type = type
    };
    map_builder_init(&m->data, m->arena);
    return create_name(cli, in, &m->name);
}

static struct err *required(const struct making *m, const char *flag, const char *message)
{
    return flag_text(m->in, flag).len > 0 ? NULL : err_new(m->arena, ERR_INVALID, "%s", message);
}

static struct err *finish(struct making *m)
{
    struct progress progress = cluster_command_progress(m->cli);
    struct arena *a = m->arena;
    struct put_request put = { .human = STR("") };
    const struct val *labels, *data;
    struct commands commands;
    struct queries queries;
    struct err *e;

    if (TRY(&e, create_labels(m->cli, m->in, &labels)))
        return e;
    data = m->data.count > 0 ? map_builder_done(&m->data, NULL) : NULL;
    put.object = val_map_of(
        a, "apiVersion", val_cstring(a, "v1"), "kind", val_cstring(a, "Secret"), "metadata",
        create_metadata(m->cli, m->in, m->name, m->without_labels ? NULL : labels, m->annotations),
        "stringData", data, "type", m->type ? val_cstring(a, m->type) : NULL, NULL);
    if (flag_is_set(m->in, "export")) {
        create_print(m->cli, put.object);
        cli_print(m->cli, "%s", str_is(str_from_cstr(m->word), "tls secret") ? "" : "\n");
        return NULL;
    }
    if (TRY(&e, cluster_command_connect(m->cli, m->in, &commands, &queries)) ||
        TRY(&e, commands.ops->put(commands.self, m->cli->run, &put, &progress)))
        return e;
    cli_note(m->cli, "► %s '%.*s' created in '%.*s' namespace\n", m->word, STR_ARG(m->name),
             STR_ARG(flag_text(m->in, "namespace")));
    return NULL;
}

/* The certificate and its key, both or neither. */
static struct err *take_pair(struct making *m, struct str *ret_certificate)
{
    struct str key;
    struct err *e;

    if (TRY(&e, create_read(m->cli, flag_text(m->in, "tls-crt-file"), "failed to read cert file",
                            ret_certificate)) ||
        TRY(&e,
            create_read(m->cli, flag_text(m->in, "tls-key-file"), "failed to read key file", &key)))
        return e;
    if (ret_certificate->len > 0 && key.len == 0)
        return err_new(m->arena, ERR_INVALID, "found certificate but missing private key");
    if (key.len > 0 && ret_certificate->len == 0)
        return err_new(m->arena, ERR_INVALID, "found private key but missing certificate");
    create_text(&m->data, "tls.crt", *ret_certificate);
    create_text(&m->data, "tls.key", key);
    return NULL;
}

static struct err *take_authority(struct making *m, struct str *ret)
{
    struct err *e = create_read(m->cli, flag_text(m->in, "ca-crt-file"),
                                "unable to read TLS CA file", ret);

    if (!e)
        create_text(&m->data, "ca.crt", *ret);
    return e;
}

static struct err *take_git_credentials(struct making *m)
{
    struct str user = flag_text(m->in, "username"), password = flag_text(m->in, "password"),
               token = flag_text(m->in, "bearer-token"), ca;

    if ((user.len == 0 || password.len == 0) && token.len == 0)
        return err_new(
            m->arena, ERR_INVALID,
            "for Git over HTTP/S the username and password, or a bearer token is required");
    if (user.len > 0 && password.len > 0 && token.len > 0)
        return err_new(m->arena, ERR_INVALID,
                       "user credentials and bearer token cannot be used together");
    if (user.len > 0 && password.len > 0) {
        create_text(&m->data, "username", user);
        create_text(&m->data, "password", password);
    }
    create_text(&m->data, "bearerToken", token);
    return take_authority(m, &ca);
}

struct err *cmd_create_secret_git(const struct cli *cli, const struct invocation *in)
{
    struct str text = flag_text(in, "url");
    struct making m;
    struct url url;
    struct err *e;

    if (TRY(&e, begin(&m, cli, in, "git secret", NULL)) ||
        TRY(&e, required(&m, "url", "url is required")))
        return e;
    if (TRY(&e, url_parse(m.arena, text, &url)))
        return err_wrap(m.arena, e, "git URL parse failed: parse \"%.*s\"", STR_ARG(text));
    if (str_is(url.scheme, "ssh"))
        return err_new(m.arena, ERR_UNSUPPORTED,
                       "a Secret for Git over SSH is not built yet in weir: make one with the keys "
                       "identity, identity.pub and known_hosts by kubectl");
    if (!str_is(url.scheme, "http") && !str_is(url.scheme, "https"))
        return err_new(m.arena, ERR_INVALID,
                       "git URL scheme '%.*s' not supported, can be: ssh, http and https",
                       STR_ARG(url.scheme));
    e = take_git_credentials(&m);
    return e ? e : finish(&m);
}

struct err *cmd_create_secret_helm(const struct cli *cli, const struct invocation *in)
{
    struct str certificate, authority, user = flag_text(in, "username"),
                                       password = flag_text(in, "password");
    struct making m;
    struct err *e;

    if (TRY(&e, begin(&m, cli, in, "helm secret", NULL)) || TRY(&e, take_pair(&m, &certificate)) ||
        TRY(&e, take_authority(&m, &authority)))
        return e;
    if (certificate.len > 0) {
        m.type = "kubernetes.io/tls";
    } else if (user.len > 0 || password.len > 0) {
        if (user.len == 0 || password.len == 0)
            return err_new(m.arena, ERR_INVALID, "%s is required",
                           user.len == 0 ? "username" : "password");
        create_text(&m.data, "username", user);
        create_text(&m.data, "password", password);
        m.type = "kubernetes.io/basic-auth";
    } else if (authority.len > 0) {
        m.type = "Opaque";
    }
    return finish(&m);
}

struct err *cmd_create_secret_tls(const struct cli *cli, const struct invocation *in)
{
    struct str certificate, authority;
    struct making m;
    struct err *e;

    if (TRY(&e, begin(&m, cli, in, "tls secret", "Opaque")) ||
        TRY(&e, take_authority(&m, &authority)) || TRY(&e, take_pair(&m, &certificate)))
        return e;
    if (certificate.len == 0 && authority.len == 0)
        return err_new(m.arena, ERR_INVALID, "no CA certificate or client certificate pair found");
    if (certificate.len > 0)
        m.type = "kubernetes.io/tls";
    return finish(&m);
}

struct err *cmd_create_secret_proxy(const struct cli *cli, const struct invocation *in)
{
    struct making m;
    struct url url;
    struct err *e;

    if (TRY(&e, begin(&m, cli, in, "proxy secret", "Opaque")) ||
        TRY(&e, required(&m, "address", "address is required")))
        return e;
    if (TRY(&e, url_parse(m.arena, flag_text(in, "address"), &url)))
        return err_wrap(m.arena, e, "invalid proxy address");
    create_text(&m.data, "address", flag_text(in, "address"));
    create_text(&m.data, "username", flag_text(in, "username"));
    create_text(&m.data, "password", flag_text(in, "password"));
    return finish(&m);
}

/* What docker would have in its configuration. */
static struct str docker_config(struct arena *a, struct str server, struct str user,
                                struct str password)
{
    struct str both = str_printf(a, "%.*s:%.*s", STR_ARG(user), STR_ARG(password));
    const struct val *entry = val_map_of(a, "username", val_string(a, user), "password",
                                         val_string(a, password), "auth",
                                         val_string(a, base64_encode(a, both)), NULL);
    const struct val *auths = val_with(a, NULL, server, entry);

    return json_string(a, val_map_of(a, "auths", auths, NULL), JSON_INDENT2 | JSON_ESCAPE_HTML);
}

static bool is_registry_text(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] <= ' ')
            return false;
    return true;
}

struct err *cmd_create_secret_oci(const struct cli *cli, const struct invocation *in)
{
    struct str url = flag_text(in, "url");
    struct making m;
    struct err *e;

    if (TRY(&e, begin(&m, cli, in, "oci secret", "kubernetes.io/dockerconfigjson")) ||
        TRY(&e, required(&m, "url", "--url is required")) ||
        TRY(&e, required(&m, "username", "--username is required")) ||
        TRY(&e, required(&m, "password", "--password is required")))
        return e;
    if (!is_registry_text(url))
        return err_new(m.arena, ERR_INVALID, "error parsing url: 'could not parse reference: %.*s'",
                       STR_ARG(url));
    m.without_labels = true;
    create_text(&m.data, ".dockerconfigjson",
                docker_config(m.arena, url, flag_text(in, "username"), flag_text(in, "password")));
    return finish(&m);
}

struct err *cmd_create_secret_githubapp(const struct cli *cli, const struct invocation *in)
{
    struct str owner = flag_text(in, "app-installation-owner"),
               id = flag_text(in, "app-installation-id"), key;
    struct making m;
    struct err *e;

    if (TRY(&e, begin(&m, cli, in, "githubapp secret", "Opaque")) ||
        TRY(&e, required(&m, "app-private-key",
                         "unable to read private key file: --app-private-key is missing")) ||
        TRY(&e, create_read(cli, flag_text(in, "app-private-key"),
                            "unable to read private key file", &key)) ||
        TRY(&e, required(&m, "app-id", "githubAppID is required")))
        return e;
    if ((owner.len > 0) == (id.len > 0))
        return err_new(m.arena, ERR_INVALID,
                       "exactly one of githubAppInstallationOwner or githubAppInstallationID must "
                       "be provided");
    m.without_labels = true;
    create_text(&m.data, "githubAppID", flag_text(in, "app-id"));
    create_text(&m.data, "githubAppInstallationOwner", owner);
    create_text(&m.data, "githubAppInstallationID", id);
    create_text(&m.data, "githubAppPrivateKey", key);
    create_text(&m.data, "githubAppBaseURL", flag_text(in, "app-base-url"));
    return finish(&m);
}

static struct str random_token(const struct cli *cli)
{
    struct host host = cli->session.ops->host(cli->session.self);
    unsigned char bytes[32];
    struct buf out;

    host.random(host.self, bytes, sizeof bytes);
    buf_init(&out, cli->run->arena, 0);
    for (size_t i = 0; i < sizeof bytes; i++)
        buf_printf(&out, "%02x", bytes[i]);
    return buf_str(&out);
}

struct err *cmd_create_secret_receiver(const struct cli *cli, const struct invocation *in)
{
    struct str token = flag_text(in, "token"), audience = flag_text(in, "audience-claim"), seed,
               url;
    bool gcr = str_is(flag_text(in, "type"), "gcr");
    struct making m;
    struct err *e;

    if (TRY(&e, begin(&m, cli, in, "receiver secret", NULL)) ||
        TRY(&e, required(&m, "type", "--type is required")) ||
        TRY(&e, required(&m, "hostname", "--hostname is required")) ||
        (gcr &&
         TRY(&e, required(&m, "email-claim", "--email-claim is required for gcr receiver type"))))
        return e;
    if (token.len == 0)
        token = random_token(cli);
    /* The path that notification-controller will serve. */
    seed = str_printf(m.arena, "%.*s%.*s%.*s", STR_ARG(token), STR_ARG(m.name),
                      STR_ARG(flag_text(in, "namespace")));
    url = str_printf(m.arena, "https://%.*s/hook/%.*s", STR_ARG(flag_text(in, "hostname")),
                     STR_ARG(digest_hex(m.arena, DIGEST_SHA256, seed)));
    m.annotations = val_map_of(m.arena, "notification.toolkit.fluxcd.io/webhook",
                               val_string(m.arena, url), NULL);
    create_text(&m.data, "token", token);
    if (gcr) {
        create_text(&m.data, "email", flag_text(in, "email-claim"));
        create_text(&m.data, "audience", audience.len > 0 ? audience : url);
    }
    return finish(&m);
}
