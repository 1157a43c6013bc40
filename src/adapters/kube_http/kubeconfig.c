/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_http/kubeconfig.h"

#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "core/tree.h"
#include "foreign/base64.h"
#include "value/yaml.h"

enum { FILE_BYTES_MAX = 1024 * 1024 };

static struct err *read_file(struct arena *a, struct str path, struct str *ret)
{
    FILE *file = fopen(str_cstr(a, path), "re");
    struct buf content;
    size_t n;

    if (!file)
        return err_new(a, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "could not open \"%.*s\": %s",
                       STR_ARG(path), strerror(errno));
    buf_init(&content, a, FILE_BYTES_MAX);
    while (!feof(file) && !ferror(file)) {
        char *to = buf_reserve(&content, 4096);

        n = to ? fread(to, 1, 4096, file) : 0;
        content.len += n;
        if (n == 0)
            break;
    }
    (void)fclose(file);
    if (content.overflowed)
        return err_new(a, ERR_TOO_LARGE, "\"%.*s\" is larger than %d bytes", STR_ARG(path),
                       FILE_BYTES_MAX);
    *ret = buf_str(&content);
    return NULL;
}

/* {name: ..., KIND: {...}} of a list; NULL when there is none. */
static const struct val *named(const struct val *config, const char *list, const char *kind,
                               struct str name)
{
    const struct val *items = val_get(config, str_from_cstr(list));

    for (size_t i = 0; i < val_count(items); i++)
        if (str_eq(val_get_str(val_item(items, i), "name"), name))
            return val_get(val_item(items, i), str_from_cstr(kind));
    return NULL;
}

/* A kubeconfig being read. */
struct reading {
    struct arena *a;
    struct str name; /* its path, or what holds it; leads messages */
    bool foreign;    /* somebody else wrote it: files of this machine are not for it */
};

/* A file that the kubeconfig names, relative to it. */
static struct err *read_named(const struct reading *r, const char *key, struct str file,
                              struct str *ret)
{
    if (r->foreign)
        return err_new(r->a, ERR_UNSUPPORTED,
                       "%.*s: %s \"%.*s\" is a file: give its content in the kubeconfig itself",
                       STR_ARG(r->name), key, STR_ARG(file));
    if (file.ptr[0] != '/' && str_find_byte(r->name, '/', 0) != SIZE_MAX)
        file = str_printf(r->a, "%.*s/%.*s", STR_ARG(tree_path_dir(r->name)), STR_ARG(file));
    return read_file(r->a, file, ret);
}

/* KEY-data in base64, or the file that KEY names. */
static struct err *read_data(const struct reading *r, const struct val *from, const char *key,
                             struct str *ret)
{
    struct str data = val_get_str(from, str_cstr(r->a, str_printf(r->a, "%s-data", key)));
    struct str file = val_get_str(from, key);

    *ret = STR("");
    if (data.len > 0) {
        if (base64_decode(r->a, data, BASE64_SKIP_LINE_BREAKS, ret))
            return NULL;
        return err_new(r->a, ERR_INVALID, "%.*s: %s-data is not base64", STR_ARG(r->name), key);
    }
    return file.len > 0 ? read_named(r, key, file, ret) : NULL;
}

static struct err *read_cluster(const struct reading *r, const struct val *cluster,
                                struct kubeconfig *ret)
{
    ret->server = str_trim_suffix(val_get_str(cluster, "server"), STR("/"));
    ret->tls_server_name = val_get_str(cluster, "tls-server-name");
    if (!str_has_prefix(ret->server, STR("https://")))
        return err_new(r->a, ERR_INVALID, "%.*s: server \"%.*s\" is not https", STR_ARG(r->name),
                       STR_ARG(ret->server));
    if (val_at_bool(cluster, "insecure-skip-tls-verify", false))
        return err_new(
            r->a, ERR_UNSUPPORTED,
            "%.*s: insecure-skip-tls-verify is refused: give the cluster's certificate-authority",
            STR_ARG(r->name));
    if (val_get_str(cluster, "proxy-url").len > 0)
        return err_new(r->a, ERR_UNSUPPORTED, "%.*s: proxy-url is not built yet", STR_ARG(r->name));
    return read_data(r, cluster, "certificate-authority", &ret->ca_pem);
}

static struct err *refuse_program(const struct reading *r, const char *field)
{
    if (r->foreign)
        return err_new(r->a, ERR_UNSUPPORTED,
                       "%.*s: a user with \"%s\" would run a program here, which is refused: use "
                       "a token or a client certificate",
                       STR_ARG(r->name), field);
    return err_new(r->a, ERR_UNSUPPORTED,
                   "%.*s: users with \"%s\" are not built yet: use a token or a client certificate",
                   STR_ARG(r->name), field);
}

static struct err *read_user(const struct reading *r, const struct val *user,
                             struct kubeconfig *ret)
{
    static const char *const plugins[] = { "exec", "auth-provider", "username" };
    struct str key, token = val_get_str(user, "token"), token_file = val_get_str(user, "tokenFile");
    struct err *e;

    for (size_t i = 0; i < sizeof plugins / sizeof plugins[0]; i++)
        if (val_get(user, str_from_cstr(plugins[i])))
            return refuse_program(r, plugins[i]);
    if (TRY(&e, read_data(r, user, "client-certificate", &ret->client_cert_pem)) ||
        TRY(&e, read_data(r, user, "client-key", &key)))
        return e;
    if (key.len > 0)
        ret->client_key_pem = secret_new(r->a, key);
    if (token_file.len > 0 && TRY(&e, read_named(r, "tokenFile", token_file, &token)))
        return e;
    if (token.len > 0)
        ret->token = secret_new(r->a, str_trim(token));
    return NULL;
}

static struct err *read_text(const struct reading *r, struct str text, struct str context,
                             struct kubeconfig *ret)
{
    const struct val *config, *selected, *cluster;
    struct err *e;

    *ret = (struct kubeconfig){ .server = STR("") };
    if (TRY(&e, yaml_read(r->a, text, r->name, YAML_SIGS, &config)))
        /* What is wrong may quote what is secret. */
        return r->foreign ? err_new(r->a, ERR_INVALID, "%.*s: the kubeconfig is not valid YAML",
                                    STR_ARG(r->name))
                          : e;
    if (context.len == 0)
        context = val_get_str(config, "current-context");
    selected = named(config, "contexts", "context", context);
    if (!selected)
        return err_new(r->a, ERR_NOT_FOUND, "%.*s: there is no context \"%.*s\"", STR_ARG(r->name),
                       STR_ARG(context));
    cluster = named(config, "clusters", "cluster", val_get_str(selected, "cluster"));
    if (!cluster)
        return err_new(r->a, ERR_NOT_FOUND, "%.*s: there is no cluster \"%.*s\"", STR_ARG(r->name),
                       STR_ARG(val_get_str(selected, "cluster")));
    if (TRY(&e, read_cluster(r, cluster, ret)))
        return e;
    return read_user(r, named(config, "users", "user", val_get_str(selected, "user")), ret);
}

struct err *kubeconfig_read(struct arena *a, struct str path, struct str context,
                            struct kubeconfig *ret)
{
    struct reading r = { .a = a, .name = path };
    struct str text;
    struct err *e;

    return TRY(&e, read_file(a, path, &text)) ? e : read_text(&r, text, context, ret);
}

struct err *kubeconfig_from_secret(struct arena *a, struct str text, struct str name,
                                   struct kubeconfig *ret)
{
    struct reading r = { .a = a, .name = name, .foreign = true };
    struct str kept = str_dup(a, text); /* what is read borrows from it */

    return read_text(&r, kept, STR(""), ret);
}
