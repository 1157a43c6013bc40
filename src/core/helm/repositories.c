/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/repositories.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "core/gotmpl/quote.h"
#include "core/helm/host_path.h"
#include "core/url/url.h"
#include "value/yaml.h"

static struct err *text_field(struct arena *a, const struct val *v, const char *name,
                              struct str file, struct str *ret)
{
    const struct val *own = val_get(v, str_from_cstr(name));

    *ret = val_str(own);
    if (!own || own->kind == VAL_STRING || own->kind == VAL_NULL)
        return NULL;
    return err_new(a, ERR_INVALID, "%.*s:%u:%u: field \"%s\" must be a string, not %s",
                   STR_ARG(file), own->line, own->column, name, val_kind_name(own));
}

static struct err *read_entry(struct arena *a, const struct val *v, struct str file,
                              struct helm_repository *ret)
{
    struct str password;
    struct err *e;

    if (v->kind != VAL_MAP)
        return err_new(a, ERR_INVALID, "%.*s:%u:%u: a repository must be an object, not %s",
                       STR_ARG(file), v->line, v->column, val_kind_name(v));
    if (TRY(&e, text_field(a, v, "name", file, &ret->name)) ||
        TRY(&e, text_field(a, v, "url", file, &ret->url)) ||
        TRY(&e, text_field(a, v, "username", file, &ret->username)) ||
        TRY(&e, text_field(a, v, "password", file, &password)) ||
        TRY(&e, text_field(a, v, "caFile", file, &ret->ca_file)) ||
        TRY(&e, text_field(a, v, "certFile", file, &ret->cert_file)) ||
        TRY(&e, text_field(a, v, "keyFile", file, &ret->key_file)))
        return e;
    if (password.len > 0)
        ret->password = secret_new(a, password);
    ret->skip_verify = val_at_bool(v, "insecure_skip_tls_verify", false);
    ret->pass_credentials = val_at_bool(v, "pass_credentials_all", false);
    return NULL;
}

struct err *helm_repositories_read(struct arena *a, struct str text, struct str name,
                                   struct helm_repositories *ret)
{
    struct helm_repositories all = { .items = NULL };
    const struct val *v;
    struct err *e;

    if (TRY(&e, yaml_read(a, text, name, YAML_SIGS_LOOSE, &v)))
        return e;
    if (v->kind != VAL_MAP && v->kind != VAL_NULL)
        return err_new(a, ERR_INVALID, "%.*s: an object is expected, not %s", STR_ARG(name),
                       val_kind_name(v));
    const struct val *list = val_get(v, STR("repositories"));
    if (val_count(list) > LIMIT_REPOSITORIES)
        return err_new(a, ERR_TOO_LARGE, "%.*s: more than %u repositories", STR_ARG(name),
                       LIMIT_REPOSITORIES);
    for (size_t i = 0; val_is(list, VAL_SEQ) && i < list->count; i++) {
        struct helm_repository *own = VEC_PUSH(a, &all);

        if (TRY(&e, read_entry(a, list->items[i], name, own)))
            return e;
    }
    all.api_version = val_get_str(v, "apiVersion");
    all.generated = val_get_str(v, "generated");
    *ret = all;
    return NULL;
}

const struct helm_repository *helm_repository_find(const struct helm_repositories *all,
                                                   struct str name)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_eq(all->items[i].name, name))
            return &all->items[i];
    return NULL;
}

struct str helm_repositories_format(struct arena *a, const struct helm_repositories *all)
{
    struct seq_builder list;

    seq_builder_init(&list, a);
    for (size_t i = 0; i < all->count; i++) {
        const struct helm_repository *r = &all->items[i];

        seq_builder_add(&list,
                        val_map_of(a, "name", val_string(a, r->name), "url", val_string(a, r->url),
                                   "username", val_string(a, r->username), "password",
                                   val_string(a, secret_reveal(r->password)), "certFile",
                                   val_string(a, r->cert_file), "keyFile",
                                   val_string(a, r->key_file), "caFile", val_string(a, r->ca_file),
                                   "insecure_skip_tls_verify", val_bool(r->skip_verify),
                                   "pass_credentials_all", val_bool(r->pass_credentials), NULL));
    }
    struct str generated = all->generated.len > 0 ? all->generated : STR("0001-01-01T00:00:00Z");
    return yaml_string(a,
                       val_map_of(a, "apiVersion", val_string(a, all->api_version), "generated",
                                  val_string(a, generated), "repositories",
                                  seq_builder_done(&list, NULL), NULL),
                       YAML_WRITE_DEFAULT);
}

static struct str normal(struct arena *a, struct url *u)
{
    u->path = host_path_clean(a, u->path.len > 0 ? u->path : STR("/"));
    return url_format(a, u);
}

bool helm_url_is_same(struct arena *a, struct str x, struct str y)
{
    struct url u, v;

    if (url_parse(a, x, &u))
        return str_eq(host_path_clean(a, x), host_path_clean(a, y));
    return !url_parse(a, y, &v) && str_eq(normal(a, &u), normal(a, &v));
}

static struct err *bad_url(struct arena *a, struct str url, const struct err *e)
{
    return err_new(a, ERR_INVALID, "failed to parse %.*s as URL: parse %.*s: %.*s", STR_ARG(url),
                   STR_ARG(quote_go(a, url)), STR_ARG(e->msg));
}

struct err *helm_url_resolve(struct arena *a, struct str repository, struct str url,
                             struct str *ret)
{
    struct url base, own, out;
    struct err *e;

    if (TRY(&e, url_parse(a, url, &own)))
        return bad_url(a, url, e);
    if (own.scheme.len > 0) {
        *ret = url;
        return NULL;
    }
    if (TRY(&e, url_parse(a, repository, &base)))
        return bad_url(a, repository, e);
    base.path = str_concat(a, str_trim_suffix(base.path, STR("/")), STR("/"));
    base.raw_path = str_concat(a, str_trim_suffix(base.raw_path, STR("/")), STR("/"));
    out = url_resolve(a, &base, &own);
    out.query = base.query;
    *ret = url_format(a, &out);
    return NULL;
}
