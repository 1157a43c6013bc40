/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/git_access.h"

#include "base/buf.h"
#include "core/git/ssh_key.h"
#include "core/git/url.h"
#include "foreign/base64.h"
#include "foreign/digest.h"

/* Decoded entry of a Secret's data; "" when it is missing or no base64. */
static struct str entry_of(struct arena *a, const struct val *secret, const char *key)
{
    struct str bytes = STR("");

    (void)base64_decode(a, val_str(val_get(val_get(secret, STR("data")), str_from_cstr(key))),
                        BASE64_STRICT, &bytes);
    return bytes;
}

static bool has_entry(const struct val *secret, const char *key)
{
    return val_get(val_get(secret, STR("data")), str_from_cstr(key)) != NULL;
}

static struct secret secret_entry(struct arena *a, const struct val *secret, const char *key)
{
    struct str bytes = entry_of(a, secret, key);

    return bytes.len > 0 ? secret_new(a, bytes) : (struct secret){ NULL };
}

/* One reading in progress. */
struct access {
    const struct reconcile_ports *ports;
    struct run *run;
    const struct val *object;
    struct git_auth *auth;
    struct buf identity; /* what two objects must have in common to share a mirror */
    const char *reason;
};

static struct err *read_secret(const struct reconcile_ports *ports, struct run *run, struct str ns,
                               struct str name, const struct val **ret)
{
    struct obj_ref ref = { .version = STR("v1"), .kind = STR("Secret"), .ns = ns, .name = name };
    struct err *e;

    if (TRY(&e, cluster_get_one(&ports->cluster, run, &ref, ret)))
        return err_wrap(run->arena, e, "failed to get secret '%.*s/%.*s'", STR_ARG(ns),
                        STR_ARG(name));
    if (*ret)
        return NULL;
    return err_new(run->arena, ERR_NOT_FOUND,
                   "failed to get secret '%.*s/%.*s': secrets \"%.*s\" not found", STR_ARG(ns),
                   STR_ARG(name), STR_ARG(name));
}

/* source-controller's words for what a transport cannot do without. */
static struct err *missing(struct arena *a, struct str scheme, const char *what)
{
    return err_new(a, ERR_UNAUTHORIZED,
                   "failed to configure authentication options: invalid '%.*s' auth option: %s",
                   STR_ARG(scheme), what);
}

static struct err *ssh_auth(struct arena *a, const struct val *secret, const struct val *object,
                            struct git_auth *auth)
{
    struct str identity = entry_of(a, secret, "identity");

    auth->ssh_known_hosts = entry_of(a, secret, "known_hosts");
    if (identity.len == 0)
        return missing(a, STR("ssh"), "'identity' is required");
    if (auth->ssh_known_hosts.len == 0)
        return missing(a, STR("ssh"), "'known_hosts' is required");
    auth->ssh_identity = secret_new(a, identity);
    auth->ssh_passphrase = secret_entry(a, secret, "password");
    switch (ssh_key_state(a, identity)) {
    case SSH_KEY_PLAIN:
        auth->ssh_passphrase = (struct secret){ NULL };
        return NULL;
    case SSH_KEY_ENCRYPTED:
        if (secret_is_set(auth->ssh_passphrase))
            return NULL;
        return err_new(
            a, ERR_UNAUTHORIZED,
            "SSH identity key is encrypted but no 'password' field was provided in the secret '%.*s/%.*s'",
            STR_ARG(val_at_str(object, "metadata.namespace")),
            STR_ARG(val_at_str(object, "spec.secretRef.name")));
    case SSH_KEY_NONE:
        break;
    }
    return missing(a, STR("ssh"), "'identity' holds no private key (PEM)");
}

static struct err *http_auth(struct arena *a, const struct git_url *url, const struct val *secret,
                             struct git_auth *auth)
{
    auth->ca_pem = entry_of(a, secret, "ca.crt");
    if (auth->ca_pem.len == 0)
        auth->ca_pem = entry_of(a, secret, "caFile");
    auth->client_cert_pem = entry_of(a, secret, "tls.crt");
    auth->client_key_pem = secret_entry(a, secret, "tls.key");
    if (has_entry(secret, "bearerToken")) {
        auth->bearer_token = secret_entry(a, secret, "bearerToken");
    } else {
        auth->username = entry_of(a, secret, "username");
        auth->password = secret_entry(a, secret, "password");
    }
    if (auth->username.len == 0 && !secret_is_set(auth->bearer_token))
        auth->username = url->user;
    if (auth->username.len == 0 && secret_is_set(auth->password))
        return missing(a, url->scheme, "'password' requires 'username' to be set");
    if ((auth->client_cert_pem.len > 0) != secret_is_set(auth->client_key_pem))
        return missing(a, url->scheme, "'tls.crt' and 'tls.key' are of use together only");
    return NULL;
}

/* What a proxy's user and password may hold but a URL may not. */
static void put_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];

        if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
            c == '_' || c == '.' || c == '~')
            buf_put_byte(out, (char)c);
        else
            buf_printf(out, "%%%02X", c);
    }
}

static struct err *proxy_scheme(struct arena *a, struct str address, struct str *ret)
{
    size_t end = str_find(address, STR("://"), 0);
    struct str scheme = end == SIZE_MAX ? STR("") : str_slice(address, 0, end);

    *ret = str_is(scheme, "socks5") ? STR("socks5h") : scheme; /* names are resolved by the proxy */
    for (size_t i = 0; i < address.len; i++)
        if ((unsigned char)address.ptr[i] <= ' ' || address.ptr[i] == '@')
            return err_new(a, ERR_INVALID,
                           "proxy address has a space, a control character or credentials in it");
    if (str_is(scheme, "http") || str_is(scheme, "https") || str_is(scheme, "socks5"))
        return NULL;
    return err_new(
        a, ERR_INVALID,
        "proxy URL must use one of the supported schemes (http, https, socks5), got '%.*s'",
        STR_ARG(scheme));
}

static struct err *proxy_auth(struct arena *a, const struct val *secret, struct str shown,
                              struct git_auth *auth)
{
    struct str address = str_trim(entry_of(a, secret, "address")), scheme;
    struct str user = entry_of(a, secret, "username"), password = entry_of(a, secret, "password");
    struct buf url;
    struct err *e;

    if (!has_entry(secret, "address"))
        return err_new(a, ERR_INVALID, "secret '%.*s': key 'address' not found", STR_ARG(shown));
    if (address.len == 0)
        return err_new(a, ERR_INVALID, "secret '%.*s': proxy address is empty", STR_ARG(shown));
    if (TRY(&e, proxy_scheme(a, address, &scheme)))
        return err_wrap(a, e, "secret '%.*s'", STR_ARG(shown));
    buf_init(&url, a, 0);
    buf_printf(&url, "%.*s://", STR_ARG(scheme));
    if (user.len > 0) {
        put_escaped(&url, user);
        buf_put_byte(&url, ':');
        put_escaped(&url, password);
        buf_put_byte(&url, '@');
    }
    buf_put(&url, str_skip(address, str_find(address, STR("://"), 0) + 3));
    auth->proxy_url = secret_new(a, buf_str(&url));
    buf_wipe(&url);
    return NULL;
}

static struct err *add_proxy(struct access *x)
{
    struct arena *a = x->run->arena;
    struct str name = val_at_str(x->object, "spec.proxySecretRef.name"),
               ns = val_at_str(x->object, "metadata.namespace");
    const struct val *secret = NULL;
    struct err *e;

    if (name.len == 0)
        return NULL;
    e = read_secret(x->ports, x->run, ns, name, &secret);
    if (!e)
        e = proxy_auth(a, secret, str_printf(a, "%.*s/%.*s", STR_ARG(ns), STR_ARG(name)), x->auth);
    if (e)
        return err_wrap(a, e, "failed to configure proxy options");
    buf_printf(&x->identity, "\nproxy %.*s", STR_ARG(val_at_str(secret, "metadata.uid")));
    return NULL;
}

/* As source-controller: what a GitHub App needs is not taken for a password. */
static struct err *refuse_app(struct arena *a, const struct val *object, const struct val *secret)
{
    if (entry_of(a, secret, "githubAppID").len == 0)
        return NULL;
    return err_new(a, ERR_FORBIDDEN,
                   "secretRef '%.*s/%.*s' has github app data but provider is not set to github",
                   STR_ARG(val_at_str(object, "metadata.namespace")),
                   STR_ARG(val_at_str(object, "spec.secretRef.name")));
}

static struct err *add_credentials(struct access *x, const struct git_url *url)
{
    struct arena *a = x->run->arena;
    struct str name = val_at_str(x->object, "spec.secretRef.name");
    const struct val *secret = NULL;
    struct err *e;

    if (name.len > 0 &&
        TRY(&e, read_secret(x->ports, x->run, val_at_str(x->object, "metadata.namespace"), name,
                            &secret)))
        return e;
    if (TRY(&e, refuse_app(a, x->object, secret))) {
        x->reason = "InvalidProviderConfiguration";
        return e;
    }
    if (secret)
        buf_printf(&x->identity, "\nsecret %.*s", STR_ARG(val_at_str(secret, "metadata.uid")));
    return str_is(url->scheme, "ssh") ? ssh_auth(a, secret, x->object, x->auth)
                                      : http_auth(a, url, secret, x->auth);
}

static struct err *refuse_provider(struct arena *a, const struct val *object)
{
    struct str provider = val_at_str(object, "spec.provider");

    if (provider.len > 0 && !str_is(provider, "generic"))
        return err_new(a, ERR_UNSUPPORTED,
                       "spec.provider '%.*s' is not built yet: use generic with a Secret",
                       STR_ARG(provider));
    if (val_at(object, "spec.serviceAccountName"))
        return err_new(a, ERR_UNSUPPORTED,
                       "spec.serviceAccountName is not built yet: it is for cloud providers alone");
    return NULL;
}

static struct err *read_access(struct access *x, const struct git_remote *remote)
{
    struct git_url url;
    struct err *e;

    x->reason = "URLInvalid";
    if (TRY(&e, git_url_parse(x->run->arena, remote->url, remote->allow_file, &url)))
        return e;
    x->reason = "InvalidProviderConfiguration";
    if (TRY(&e, refuse_provider(x->run->arena, x->object)))
        return e;
    x->reason = "AuthenticationFailed";
    if (TRY(&e, add_proxy(x)))
        return e;
    return add_credentials(x, &url);
}

struct err *git_access_remote(const struct reconcile_ports *ports, struct run *run,
                              const struct val *object, struct git_remote *ret,
                              const char **ret_reason)
{
    struct arena *a = run->arena;
    struct access x = {
        .ports = ports, .run = run, .object = object, .auth = ARENA_NEW(a, struct git_auth)
    };
    struct git_remote remote = { .url = val_at_str(object, "spec.url"),
                                 .auth = x.auth,
                                 .allow_file = ports->options.allow_file_urls };
    struct err *e;

    buf_init(&x.identity, a, 0);
    buf_put(&x.identity, remote.url);
    if (TRY(&e, read_access(&x, &remote))) {
        *ret_reason = x.reason;
        return e;
    }
    remote.mirror = str_printf(
        a, "repositories/%.*s",
        STR_ARG(str_slice(digest_hex(a, DIGEST_SHA256, buf_str(&x.identity)), 0, 32)));
    *ret = remote;
    return NULL;
}
