/* SPDX-License-Identifier: Apache-2.0 */
#include "adapters/kube_http/kubeconfig.h"

#include <errno.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/vec.h"
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
    struct kubeconfig_trust trust;
    const struct val *config;
};

/* Several are one: of each name the first counts. */
struct readings {
    struct reading *items;
    size_t count;
    size_t cap;
};

/* Relative to the kubeconfig; "" stays. */
static struct str named_path(const struct reading *r, struct str file)
{
    if (file.len > 0 && file.ptr[0] != '/' && str_find_byte(r->name, '/', 0) != SIZE_MAX)
        return str_printf(r->a, "%.*s/%.*s", STR_ARG(tree_path_dir(r->name)), STR_ARG(file));
    return file;
}

/* A file that the kubeconfig names. */
static struct err *read_named(const struct reading *r, const char *key, struct str file,
                              struct str *ret)
{
    if (r->foreign)
        return err_new(r->a, ERR_UNSUPPORTED,
                       "%.*s: %s \"%.*s\" is a file: give its content in the kubeconfig itself",
                       STR_ARG(r->name), key, STR_ARG(file));
    return read_file(r->a, named_path(r, file), ret);
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
    ret->insecure = val_at_bool(cluster, "insecure-skip-tls-verify", false);
    if (ret->insecure && r->foreign && !r->trust.insecure_tls)
        return err_new(
            r->a, ERR_UNSUPPORTED,
            "%.*s: insecure-skip-tls-verify is refused: give the cluster's certificate-authority",
            STR_ARG(r->name));
    ret->proxy_url = val_get_str(cluster, "proxy-url");
    return read_data(r, cluster, "certificate-authority", &ret->ca_pem);
}

/* The cluster as a plugin is told of it. */
static const struct val *cluster_info(const struct reading *r, const struct val *cluster,
                                      const struct kubeconfig *config)
{
    const struct val *extensions = val_get(cluster, STR("extensions"));
    struct arena *a = r->a;
    const struct val *own = NULL;

    for (size_t i = 0; i < val_count(extensions); i++)
        if (str_is(val_get_str(val_item(extensions, i), "name"),
                   "client.authentication.k8s.io/exec"))
            own = val_get(val_item(extensions, i), STR("extension"));
    return val_map_of(a, "server", val_get(cluster, STR("server")), "tls-server-name",
                      val_get(cluster, STR("tls-server-name")), "insecure-skip-tls-verify",
                      config->insecure ? &val_true : NULL, "certificate-authority-data",
                      config->ca_pem.len ? val_string(a, base64_encode(a, config->ca_pem)) : NULL,
                      "proxy-url", val_get(cluster, STR("proxy-url")), "config", own, NULL);
}

static struct err *read_plugin(const struct reading *r, const struct val *user,
                               const struct val *cluster, struct kubeconfig *ret)
{
    const struct val *exec = val_get(user, STR("exec"));

    if (val_get(user, STR("auth-provider")))
        return err_new(
            r->a, ERR_UNSUPPORTED,
            "%.*s: a user with \"auth-provider\" is refused, as Kubernetes' own clients refuse it "
            "since 1.26: use exec, a token or a client certificate",
            STR_ARG(r->name));
    if (!exec)
        return NULL;
    if (!r->trust.exec)
        return err_new(r->a, ERR_UNSUPPORTED,
                       "%.*s: a user with \"exec\" would run a program here, which is refused: use "
                       "a token or a client certificate",
                       STR_ARG(r->name));
    return exec_plugin_parse(r->a, exec, r->name, r->foreign ? STR("") : tree_path_dir(r->name),
                             cluster_info(r, cluster, ret), &ret->exec);
}

static struct err *read_user(const struct reading *r, const struct val *user,
                             struct kubeconfig *ret)
{
    struct str key, token = val_get_str(user, "token"), name = val_get_str(user, "username");
    struct str token_file = val_get_str(user, "tokenFile");
    struct err *e;

    if (TRY(&e, read_data(r, user, "client-certificate", &ret->client_cert_pem)) ||
        TRY(&e, read_data(r, user, "client-key", &key)))
        return e;
    if (key.len > 0)
        ret->client_key_pem = secret_new(r->a, key);
    if (name.len > 0)
        ret->basic = secret_new(r->a, str_printf(r->a, "%.*s:%.*s", STR_ARG(name),
                                                 STR_ARG(val_get_str(user, "password"))));
    if (token_file.len > 0 && TRY(&e, read_named(r, "tokenFile", token_file, &token)))
        return e;
    ret->token_file = named_path(r, token_file);
    if (token.len > 0)
        ret->token = secret_new(r->a, str_trim(token));
    return NULL;
}

static struct err *parse(struct reading *r, struct str text)
{
    struct err *e;

    if (!TRY(&e, yaml_read(r->a, text, r->name, YAML_SIGS, &r->config)))
        return NULL;
    /* What is wrong may quote what is secret. */
    return r->foreign ? err_new(r->a, ERR_INVALID, "%.*s: the kubeconfig is not valid YAML",
                                STR_ARG(r->name))
                      : e;
}

/* The entry of that name in the first kubeconfig that has one; *ret_in tells which. */
static const struct val *find(const struct readings *all, const char *list, const char *kind,
                              struct str name, const struct reading **ret_in)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct val *v = named(all->items[i].config, list, kind, name);

        *ret_in = &all->items[i];
        if (v)
            return v;
    }
    *ret_in = &all->items[0];
    return NULL;
}

static struct err *choose(const struct readings *all, struct str context, struct kubeconfig *ret)
{
    const struct reading *in;
    const struct val *selected, *cluster, *user;
    struct str name;
    struct err *e;

    *ret = (struct kubeconfig){ .server = STR("") };
    for (size_t i = 0; i < all->count && context.len == 0; i++)
        context = val_get_str(all->items[i].config, "current-context");
    selected = find(all, "contexts", "context", context, &in);
    if (!selected)
        return err_new(in->a, ERR_NOT_FOUND, "%.*s: there is no context \"%.*s\"",
                       STR_ARG(in->name), STR_ARG(context));
    name = val_get_str(selected, "cluster");
    cluster = find(all, "clusters", "cluster", name, &in);
    if (!cluster)
        return err_new(in->a, ERR_NOT_FOUND, "%.*s: there is no cluster \"%.*s\"",
                       STR_ARG(in->name), STR_ARG(name));
    if (TRY(&e, read_cluster(in, cluster, ret)))
        return e;
    user = find(all, "users", "user", val_get_str(selected, "user"), &in);
    return TRY(&e, read_plugin(in, user, cluster, ret)) ? e : read_user(in, user, ret);
}

struct err *kubeconfig_read(struct arena *a, struct kubeconfig_trust trust, struct str paths,
                            struct str context, struct kubeconfig *ret)
{
    struct readings all = VEC_INIT;
    struct err *e, *missing = NULL;
    struct str text;

    for (struct str path; str_cut(&paths, ':', &path);) {
        struct reading r = { .a = a, .name = path, .trust = trust };

        if (path.len == 0)
            continue;
        if (TRY(&e, read_file(a, path, &text)) && e->code == ERR_NOT_FOUND) {
            missing = e;
            continue;
        }
        if (e || TRY(&e, parse(&r, text)))
            return e;
        *VEC_PUSH(a, &all) = r;
    }
    if (all.count == 0)
        return missing ? missing : err_new(a, ERR_NOT_FOUND, "no kubeconfig is named");
    return choose(&all, context, ret);
}

struct err *kubeconfig_from_secret(struct arena *a, struct kubeconfig_trust trust, struct str text,
                                   struct str name, struct kubeconfig *ret)
{
    struct reading r = { .a = a, .name = name, .foreign = true, .trust = trust };
    struct readings all = { .items = &r, .count = 1, .cap = 1 };
    struct err *e;

    text = str_dup(a, text); /* what is read borrows from it */
    return TRY(&e, parse(&r, text)) ? e : choose(&all, STR(""), ret);
}

struct err *kubeconfig_in_cluster(struct arena *a, struct str server, struct str folder,
                                  struct kubeconfig *ret)
{
    struct err *e;
    struct str token;

    *ret = (struct kubeconfig){ .server = server,
                                .token_file = str_concat(a, folder, STR("/token")) };
    if (TRY(&e, read_file(a, str_concat(a, folder, STR("/ca.crt")), &ret->ca_pem)) ||
        TRY(&e, read_file(a, ret->token_file, &token)))
        return e;
    ret->token = secret_new(a, str_trim(token));
    return NULL;
}

struct err *kubeconfig_read_token(struct arena *a, struct str path, struct secret *ret)
{
    struct str token;
    struct err *e;

    if (TRY(&e, read_file(a, path, &token)))
        return e;
    *ret = secret_new(a, str_trim(token));
    return NULL;
}
