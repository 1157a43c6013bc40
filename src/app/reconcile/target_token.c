/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reconcile/target_token.h"

#include "base/buf.h"
#include "base/vec.h"

/* Whose token, and for whom it is. */
struct token_source {
    const struct reconcile_ports *ports;
    struct str ns;   /* of the Flux object */
    struct str name; /* of the service account; "": our own */
    VEC(struct str) audiences;
};

static struct err *no_account(struct arena *a, const struct token_source *s, const struct err *why)
{
    struct err *e = why ? err_wrap(a, why, "failed to get service account '%.*s/%.*s'",
                                   STR_ARG(s->ns), STR_ARG(s->name))
                        : err_new(a, ERR_NOT_FOUND,
                                  "failed to get service account '%.*s/%.*s': serviceaccounts "
                                  "\"%.*s\" not found",
                                  STR_ARG(s->ns), STR_ARG(s->name), STR_ARG(s->name));

    return err_wrap(a, e, "failed to get access token for cluster");
}

/* It is asked for at each run: a token outlives its account for a while. */
static struct err *find_account(const struct token_source *s, struct run *run)
{
    struct obj_ref ref = {
        .version = STR("v1"), .kind = STR("ServiceAccount"), .ns = s->ns, .name = s->name
    };
    const struct val *found = NULL;
    struct err *e = cluster_get_one(&s->ports->cluster, run, &ref, &found);

    return e || !found ? no_account(run->arena, s, e) : NULL;
}

/* Who we are, as the server sees us: a service account, or nobody that a TokenRequest can be made for. */
static struct err *own_account(const struct token_source *s, struct run *run,
                               struct cluster_account *ret)
{
    struct arena *a = run->arena;
    const struct val *review = val_map_of(a, "apiVersion",
                                          val_cstring(a, "authentication.k8s.io/v1"), "kind",
                                          val_cstring(a, "SelfSubjectReview"), NULL),
                     *answer = NULL;
    struct str user, ns;
    struct err *e;

    if (TRY(&e, cluster_create(&s->ports->cluster, run, review, STR("weir"), &answer)))
        return e;
    user = val_at_str(answer, "status.userInfo.username");
    if (!str_has_prefix(user, STR("system:serviceaccount:")))
        return err_new(a, ERR_INVALID,
                       "weir runs as \"%.*s\", which is no service account: name one in the "
                       "ConfigMap's serviceAccountName",
                       STR_ARG(user));
    user = str_skip(user, sizeof "system:serviceaccount:" - 1);
    (void)str_cut(&user, ':', &ns);
    ret->ns = ns;
    ret->name = user;
    return NULL;
}

static struct err *get_token(void *self, struct run *run, struct secret *ret,
                             struct wall_time *ret_expires)
{
    const struct token_source *s = self;
    struct cluster_account account = { .ns = s->ns,
                                       .name = s->name,
                                       .audiences = s->audiences.items,
                                       .audience_count = s->audiences.count };
    const char *whose = "service";
    struct err *e = NULL;

    if (s->name.len == 0) {
        whose = "controller service";
        e = own_account(s, run, &account);
    }
    if (!e && TRY(&e, cluster_token(&s->ports->cluster, run, &account, ret, ret_expires)))
        e = err_wrap(run->arena, e, "failed to create kubernetes token for %s account '%.*s/%.*s'",
                     whose, STR_ARG(account.ns), STR_ARG(account.name));
    return e ? err_wrap(run->arena, e, "failed to get access token for cluster") : NULL;
}

struct err *target_address_parse(struct arena *a, struct str text, struct str *ret)
{
    struct str rest = text, host;
    size_t colon;

    if (text.len == 0)
        return err_new(a, ERR_INVALID, "cluster address is required to create a REST config");
    if (str_has_prefix(text, STR("https://")))
        rest = str_skip(text, sizeof "https://" - 1);
    else if (str_has_prefix(text, STR("http")) && str_contains(text, STR("://")))
        return err_new(a, ERR_INVALID,
                       "failed to parse cluster address %.*s: the Kubernetes API server address "
                       "'%.*s' must use https scheme",
                       STR_ARG(text), STR_ARG(text));
    host = str_slice(rest, 0, str_find_byte(rest, '/', 0));
    if (host.len == 0 || str_contains(host, STR("@")) || str_contains(host, STR(" ")) ||
        str_contains(host, STR("?")) || str_contains(host, STR("#")))
        return err_new(a, ERR_INVALID,
                       "failed to parse cluster address %.*s: it is no https://host:port",
                       STR_ARG(text));
    colon = str_rfind_byte(host, ':');
    if (colon == SIZE_MAX || str_find_byte(host, ']', colon) != SIZE_MAX)
        host = str_concat(a, host, STR(":443"));
    *ret = str_concat(a, STR("https://"), str_lower(a, host));
    return NULL;
}

static struct err *check_provider(struct arena *a, struct str provider)
{
    static const char *const clouds[] = { "aws", "azure", "gcp" };

    if (str_is(provider, "generic"))
        return NULL;
    for (size_t i = 0; i < sizeof clouds / sizeof clouds[0]; i++)
        if (str_eq(provider, str_from_cstr(clouds[i])))
            return err_new(a, ERR_UNSUPPORTED,
                           "provider '%s' of spec.kubeConfig.configMapRef is not built yet in "
                           "weir: use generic",
                           clouds[i]);
    return err_new(a, ERR_INVALID, "provider '%.*s' not implemented", STR_ARG(provider));
}

/* One a line; without any the address is the audience. */
static void take_audiences(struct token_source *s, struct arena *a, const struct val *data)
{
    struct str lines = val_get_str(data, "audiences");

    for (struct str line; str_cut(&lines, '\n', &line);)
        if (str_trim(line).len > 0)
            *VEC_PUSH(a, &s->audiences) = str_trim(line);
    if (s->audiences.count == 0)
        *VEC_PUSH(a, &s->audiences) = val_get_str(data, "address");
}

static struct str source_key(struct arena *a, const struct token_source *s)
{
    struct buf key;

    buf_init(&key, a, 0);
    buf_printf(&key, "%.*s/%.*s", STR_ARG(s->name.len ? s->ns : STR("")), STR_ARG(s->name));
    for (size_t i = 0; i < s->audiences.count; i++)
        buf_printf(&key, "\n%.*s", STR_ARG(s->audiences.items[i]));
    return buf_str(&key);
}

static struct err *read_map(const struct reconcile_ports *ports, struct run *run,
                            const struct val *object, const struct val **ret)
{
    struct obj_ref ref = { .version = STR("v1"),
                           .kind = STR("ConfigMap"),
                           .ns = val_at_str(object, "metadata.namespace"),
                           .name = val_at_str(object, "spec.kubeConfig.configMapRef.name") };
    const struct val *map = NULL;
    struct err *e = cluster_get_one(&ports->cluster, run, &ref, &map);

    if (!e && !map)
        e = err_new(run->arena, ERR_NOT_FOUND, "configmaps \"%.*s\" not found", STR_ARG(ref.name));
    if (e)
        return err_wrap(run->arena, e, "failed to get configmap %.*s/%.*s", STR_ARG(ref.ns),
                        STR_ARG(ref.name));
    *ret = val_get(map, STR("data"));
    return NULL;
}

struct err *target_from_config_map(const struct reconcile_ports *ports, struct run *run,
                                   const struct val *object, struct cluster_target *ret)
{
    struct token_source *s = ARENA_NEW(run->arena, struct token_source);
    const struct val *data;
    struct err *e;

    if (TRY(&e, read_map(ports, run, object, &data)) ||
        TRY(&e, check_provider(run->arena, val_get_str(data, "provider"))) ||
        TRY(&e, target_address_parse(run->arena, val_get_str(data, "address"), &ret->address)))
        return e;
    s->ports = ports;
    s->ns = val_at_str(object, "metadata.namespace");
    s->name = val_get_str(data, "serviceAccountName");
    if (s->name.len == 0)
        s->name = ports->options.default_kubeconfig_service_account;
    if (s->name.len > 0 && TRY(&e, find_account(s, run)))
        return e;
    take_audiences(s, run->arena, data);
    ret->ca_pem = val_get_str(data, "ca.crt");
    ret->tokens =
        (struct cluster_tokens){ .get = get_token, .self = s, .key = source_key(run->arena, s) };
    return NULL;
}
