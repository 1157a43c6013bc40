/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/git_access.h"

#include "foreign/base64.h"

/* Decoded entry of a Secret's data; "" when it is missing or no base64. */
static struct str secret_entry(struct arena *a, const struct val *secret, const char *key)
{
    struct str bytes = STR("");

    (void)base64_decode(a, val_str(val_get(val_get(secret, STR("data")), str_from_cstr(key))),
                        BASE64_STRICT, &bytes);
    return bytes;
}

static struct err *read_auth(const struct reconcile_ports *ports, struct run *run,
                             const struct obj_ref *ref, struct git_auth *auth)
{
    struct str password, token;
    const struct val *secret = NULL;
    struct err *e;

    if (TRY(&e, cluster_get_one(&ports->cluster, run, ref, &secret)))
        return err_wrap(run->arena, e, "failed to get secret '%.*s/%.*s'", STR_ARG(ref->ns),
                        STR_ARG(ref->name));
    if (!secret)
        return err_new(run->arena, ERR_NOT_FOUND,
                       "failed to get secret '%.*s/%.*s': secrets \"%.*s\" not found",
                       STR_ARG(ref->ns), STR_ARG(ref->name), STR_ARG(ref->name));
    auth->username = secret_entry(run->arena, secret, "username");
    password = secret_entry(run->arena, secret, "password");
    token = secret_entry(run->arena, secret, "bearerToken");
    if (password.len > 0)
        auth->password = secret_new(run->arena, password);
    if (token.len > 0)
        auth->bearer_token = secret_new(run->arena, token);
    auth->ca_pem = secret_entry(run->arena, secret, "ca.crt");
    if (auth->ca_pem.len == 0)
        auth->ca_pem = secret_entry(run->arena, secret, "caFile");
    if (secret_entry(run->arena, secret, "identity").len > 0)
        auth->ssh_identity = secret_new(run->arena, secret_entry(run->arena, secret, "identity"));
    return NULL;
}

struct err *git_access_remote(const struct reconcile_ports *ports, struct run *run,
                              const struct val *object, struct git_remote *ret)
{
    struct str ns = val_at_str(object, "metadata.namespace"),
               secret = val_at_str(object, "spec.secretRef.name");
    struct obj_ref ref = { .version = STR("v1"), .kind = STR("Secret"), .ns = ns, .name = secret };
    struct git_auth *auth = ARENA_NEW(run->arena, struct git_auth);
    struct err *e;

    *ret = (struct git_remote){
        .url = val_at_str(object, "spec.url"),
        .mirror = str_printf(run->arena, "%.*s/%.*s", STR_ARG(ns),
                             STR_ARG(val_at_str(object, "metadata.name"))),
        .allow_file = ports->options.allow_file_urls,
    };
    if (secret.len == 0)
        return NULL;
    if (TRY(&e, read_auth(ports, run, &ref, auth)))
        return e;
    ret->auth = auth;
    return NULL;
}

struct err *git_access_checkout(struct arena *a, const struct val *object, struct git_checkout *ret)
{
    const struct val *ref = val_at(object, "spec.ref");
    struct str branch = val_get_str(ref, "branch"), tag = val_get_str(ref, "tag"),
               name = val_get_str(ref, "name");

    *ret = (struct git_checkout){ .commit = val_get_str(ref, "commit") };
    if (ret->commit.len > 0) {
        if (branch.len > 0)
            ret->ref = str_printf(a, "refs/heads/%.*s", STR_ARG(branch));
        return NULL;
    }
    if (name.len > 0) {
        ret->ref = name;
        ret->absolute = true;
        return NULL;
    }
    if (val_get_str(ref, "semver").len > 0)
        return err_new(a, ERR_UNSUPPORTED,
                       "spec.ref.semver is not built yet: use branch, tag, name or commit");
    if (tag.len > 0)
        ret->ref = str_printf(a, "refs/tags/%.*s", STR_ARG(tag));
    else
        ret->ref = str_printf(a, "refs/heads/%.*s", STR_ARG(branch.len ? branch : STR("master")));
    return NULL;
}

struct str git_revision(struct arena *a, const struct git_checkout *c, struct str id)
{
    const char *algorithm = id.len == 64 ? "sha256" : "sha1";
    struct str shown = c->ref, skipped;

    if (shown.len == 0)
        return str_printf(a, "%s:%.*s", algorithm, STR_ARG(id));
    /* Behind refs/heads/ or refs/tags/, as source-controller splits it. */
    if (!c->absolute)
        (void)(str_cut(&shown, '/', &skipped) && str_cut(&shown, '/', &skipped));
    return str_printf(a, "%.*s@%s:%.*s", STR_ARG(shown), algorithm, STR_ARG(id));
}

struct str git_shown_url(struct arena *a, struct str url)
{
    size_t scheme = str_find(url, STR("://"), 0), slash, at;
    struct str rest, authority;

    if (scheme == SIZE_MAX)
        return url;
    rest = str_skip(url, scheme + 3);
    slash = str_find_byte(rest, '/', 0);
    authority = str_slice(rest, 0, slash);
    at = str_rfind_byte(authority, '@');
    if (at == SIZE_MAX)
        return url;
    return str_printf(a, "%.*s***@%.*s", STR_ARG(str_slice(url, 0, scheme + 3)),
                      STR_ARG(str_skip(rest, at + 1)));
}
