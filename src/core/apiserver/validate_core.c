/* SPDX-License-Identifier: Apache-2.0 */
/* Core kinds other than pods and services. */
#include "core/apiserver/quantity.h"
#include "core/apiserver/validate.h"

static bool is_kind(const struct api_resource *r, const char *kind)
{
    return str_eq(r->gvk.kind, str_from_cstr(kind));
}

/* ---- data ---- */

enum { DATA_BYTES_MAX = 1048576 };

/* Bytes that a base64 text stands for. */
static size_t decoded_size(struct str s)
{
    size_t n = s.len / 4 * 3;

    while (s.len && s.ptr[s.len - 1] == '=') {
        s.len--;
        n--;
    }
    return n;
}

static void check_immutable_data(const struct check *c, const struct val *o, const struct val *live,
                                 const char *const *fields, size_t count)
{
    if (!live || !val_at_bool(live, "immutable", false))
        return;
    if (!val_at_bool(o, "immutable", false))
        check_forbidden(c, STR("immutable"), "field is immutable when `immutable` is set");
    for (size_t i = 0; i < count; i++) {
        const struct val *now = val_get(o, str_from_cstr(fields[i]));
        const struct val *before = val_get(live, str_from_cstr(fields[i]));

        if (now != before && !(now && before && val_eq(now, before)))
            check_forbidden(c, str_from_cstr(fields[i]),
                            "field is immutable when `immutable` is set");
    }
}

static size_t check_keys(const struct check *c, const char *field, const struct val *data,
                         bool binary)
{
    size_t total = 0;

    for (size_t i = 0; i < val_count(data); i++) {
        struct str key = data->fields[i].key;
        struct str value = val_str(data->fields[i].value);

        (void)check_config_key(c, at_key(c, str_from_cstr(field), key), key);
        total += binary ? decoded_size(value) : value.len;
    }
    return total;
}

static void check_config_map(const struct check *c, const struct val *o, const struct val *live)
{
    static const char *const fields[] = { "data", "binaryData" };
    const struct val *data = val_get(o, STR("data"));
    const struct val *binary = val_get(o, STR("binaryData"));
    size_t total;

    check_immutable_data(c, o, live, fields, 2);
    total = check_keys(c, "data", data, false);
    for (size_t i = 0; i < val_count(data); i++)
        if (val_get(binary, data->fields[i].key))
            check_invalid_text(c, at_key(c, STR("data"), data->fields[i].key), data->fields[i].key,
                               STR("duplicate of key present in binaryData"));
    total += check_keys(c, "binaryData", binary, true);
    if (total > DATA_BYTES_MAX)
        check_too_long(c, STR(""), DATA_BYTES_MAX);
}

/* Types that must carry certain keys. */
static const struct {
    struct str type;
    const char *keys; /* all of them; "a|b" one of the two */
} secret_types[] = {
    { STR_INIT("kubernetes.io/dockercfg"), ".dockercfg" },
    { STR_INIT("kubernetes.io/dockerconfigjson"), ".dockerconfigjson" },
    { STR_INIT("kubernetes.io/basic-auth"), "username|password" },
    { STR_INIT("kubernetes.io/ssh-auth"), "ssh-privatekey" },
    { STR_INIT("kubernetes.io/tls"), "tls.crt,tls.key" },
};

static void check_secret_keys(const struct check *c, const struct val *data, const char *keys)
{
    struct str one;

    for (struct str rest = str_from_cstr(keys); str_cut(&rest, ',', &one);) {
        struct str other = one;
        struct str first;

        (void)str_cut(&other, '|', &first);
        if (val_get(data, first) || (other.ptr && val_get(data, other)))
            continue;
        check_required(c, at_key(c, STR("data"), first), "");
        if (other.ptr)
            check_required(c, at_key(c, STR("data"), other), "");
    }
}

static void check_secret(const struct check *c, const struct val *o, const struct val *live)
{
    static const char *const fields[] = { "data" };
    struct str type = val_get_str(o, "type");
    const struct val *data = val_get(o, STR("data"));

    if (live)
        (void)check_immutable(c, STR("type"), val_get(o, STR("type")), val_get(live, STR("type")));
    check_immutable_data(c, o, live, fields, 1);
    if (check_keys(c, "data", data, true) > DATA_BYTES_MAX)
        check_too_long(c, STR("data"), DATA_BYTES_MAX);
    for (size_t i = 0; i < sizeof secret_types / sizeof secret_types[0]; i++)
        if (str_eq(type, secret_types[i].type))
            check_secret_keys(c, data, secret_types[i].keys);
    if (str_is(type, "kubernetes.io/service-account-token") &&
        !val_get(val_at(o, "metadata.annotations"), STR("kubernetes.io/service-account.name")))
        check_required(c, STR("metadata.annotations[kubernetes.io/service-account.name]"), "");
}

/* ---- events ---- */

static void check_event(const struct check *c, const struct val *o)
{
    struct str ns = val_at_str(o, "metadata.namespace");
    struct str about = val_at_str(o, "involvedObject.namespace");
    bool cluster_scoped = !about.len && str_is(ns, "default");

    if (!cluster_scoped && !str_eq(about, ns))
        check_invalid_text(c, STR("involvedObject.namespace"), about,
                           STR("does not match event.namespace"));
}

static void check_namespace_finalizer(const struct check *c, size_t i, struct str name)
{
    struct str field = at_index(c, STR("spec.finalizers"), i);

    if (check_qualified_name(c, field, name) && !str_contains(name, STR("/")) &&
        !str_is(name, "kubernetes") && !str_is(name, "orphan") &&
        !str_is(name, "foregroundDeletion"))
        check_invalid_text(
            c, field, name,
            STR("name is neither a standard finalizer name nor is it fully qualified"));
}

void validate_namespace_update(const struct check *c, struct str subresource, const struct val *ns)
{
    bool deleted = val_at_str(ns, "metadata.deletionTimestamp").len;
    const struct val *phase = val_at(ns, "status.phase");
    const struct val *finalizers = val_at(ns, "spec.finalizers");

    if (str_is(subresource, "finalize"))
        for (size_t i = 0; i < val_count(finalizers); i++)
            check_namespace_finalizer(c, i, val_str(finalizers->items[i]));
    if (!str_is(subresource, "status"))
        return;
    if (!deleted && !str_is(val_str(phase), "Active"))
        check_invalid(c, STR("status.Phase"), phase,
                      "may only be 'Active' if `deletionTimestamp` is empty");
    if (deleted && !str_is(val_str(phase), "Terminating"))
        check_invalid(c, STR("status.Phase"), phase,
                      "may only be 'Terminating' if `deletionTimestamp` is not empty");
}

/* ---- limits and quotas ---- */

static bool is_standard(struct str name)
{
    static const struct str known[] = { STR_INIT("cpu"),
                                        STR_INIT("memory"),
                                        STR_INIT("ephemeral-storage"),
                                        STR_INIT("storage"),
                                        STR_INIT("pods"),
                                        STR_INIT("services"),
                                        STR_INIT("replicationcontrollers"),
                                        STR_INIT("resourcequotas"),
                                        STR_INIT("secrets"),
                                        STR_INIT("configmaps"),
                                        STR_INIT("persistentvolumeclaims"),
                                        STR_INIT("services.nodeports"),
                                        STR_INIT("services.loadbalancers"),
                                        STR_INIT("requests.cpu"),
                                        STR_INIT("requests.memory"),
                                        STR_INIT("requests.storage"),
                                        STR_INIT("requests.ephemeral-storage"),
                                        STR_INIT("limits.cpu"),
                                        STR_INIT("limits.memory"),
                                        STR_INIT("limits.ephemeral-storage") };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(known[i], name))
            return true;
    return str_has_prefix(name, STR("hugepages-")) ||
           str_has_prefix(name, STR("requests.hugepages-"));
}

static bool is_integer_resource(struct str name)
{
    static const struct str known[] = { STR_INIT("pods"),
                                        STR_INIT("services"),
                                        STR_INIT("replicationcontrollers"),
                                        STR_INIT("resourcequotas"),
                                        STR_INIT("secrets"),
                                        STR_INIT("configmaps"),
                                        STR_INIT("persistentvolumeclaims"),
                                        STR_INIT("services.nodeports"),
                                        STR_INIT("services.loadbalancers") };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(known[i], name))
            return true;
    return str_has_prefix(name, STR("count/"));
}

static void check_quota(const struct check *c, const struct val *hard)
{
    for (size_t i = 0; i < val_count(hard); i++) {
        struct str name = hard->fields[i].key;
        struct str at = at_key(c, STR("spec.hard"), name);
        struct quantity q;

        (void)check_qualified_name(c, at, name);
        if (str_find_byte(name, '/', 0) == SIZE_MAX && !is_standard(name)) {
            check_invalid_text(c, at, name,
                               STR("must be a standard resource type or fully qualified"));
            check_invalid_text(c, at, name, STR("must be a standard resource for quota"));
        }
        if (!quantity_of(c->arena, hard->fields[i].value, &q))
            continue;
        if (q.nano < 0)
            check_invalid(c, at, hard->fields[i].value, "must be greater than or equal to 0");
        if (is_integer_resource(name) && q.nano % 1000000000 != 0)
            check_invalid(c, at, hard->fields[i].value, "must be an integer");
    }
}

struct limit_rule {
    const char *low;
    const char *high;
    const char *field;
    const char *shown; /* the value that the message gives, not always the field's */
    const char *words;
};

/* "min value 2 is greater than max value 1" and so on: each pair in its order. */
static const struct limit_rule limit_rules[] = {
    { "min", "max", "min", "min", "min value %.*s is greater than max value %.*s" },
    { "min", "defaultRequest", "defaultRequest", "defaultRequest",
      "min value %.*s is greater than default request value %.*s" },
    { "defaultRequest", "max", "defaultRequest", "defaultRequest",
      "default request value %.*s is greater than max value %.*s" },
    { "defaultRequest", "default", "defaultRequest", "defaultRequest",
      "default request value %.*s is greater than default limit value %.*s" },
    { "min", "default", "default", "min", "min value %.*s is greater than default value %.*s" },
    { "default", "max", "default", "max", "default value %.*s is greater than max value %.*s" },
};

static void check_limit_pair(const struct check *c, struct str field, const struct val *item,
                             const struct limit_rule *rule)
{
    const struct val *low = val_get(item, str_from_cstr(rule->low));

    for (size_t i = 0; i < val_count(low); i++) {
        struct str name = low->fields[i].key;
        const struct val *high = val_get(val_get(item, str_from_cstr(rule->high)), name);
        struct quantity x;
        struct quantity y;
        struct str words;

        if (!high || !quantity_of(c->arena, low->fields[i].value, &x) ||
            !quantity_of(c->arena, high, &y) || quantity_cmp(&x, &y) <= 0)
            continue;
        words = str_from_cstr(rule->words);
        words = str_printf(c->arena, "%.*s%.*s%.*s%.*s",
                           STR_ARG(str_slice(words, 0, str_find(words, STR("%.*s"), 0))),
                           STR_ARG(val_str(low->fields[i].value)),
                           STR_ARG(str_trim_suffix(
                               str_skip(words, str_find(words, STR("%.*s"), 0) + 4), STR("%.*s"))),
                           STR_ARG(val_str(high)));
        check_invalid_text(c, at_key(c, at_field(c, field, rule->field), name),
                           str_eq(str_from_cstr(rule->shown), str_from_cstr(rule->low))
                               ? val_str(low->fields[i].value)
                               : val_str(high),
                           words);
    }
}

static void check_limit_range(const struct check *c, const struct val *limits)
{
    for (size_t i = 0; i < val_count(limits); i++)
        for (size_t r = 0; r < sizeof limit_rules / sizeof limit_rules[0]; r++)
            check_limit_pair(c, at_index(c, STR("spec.limits"), i), limits->items[i],
                             &limit_rules[r]);
}

/* ---- volumes ---- */

static void check_claim(const struct check *c, const struct val *o, const struct val *live)
{
    const struct val *spec = val_get(o, STR("spec"));
    const struct val *modes = val_get(spec, STR("accessModes"));
    static const char *const free[] = { "resources", "volumeAttributesClassName" };
    struct quantity storage;
    bool bound;

    if (!val_count(modes))
        check_required(c, STR("spec.accessModes"), "at least 1 access mode is required");
    for (size_t i = 0; i < val_count(modes); i++)
        (void)check_one_of(c, STR("spec.accessModes"), modes->items[i],
                           "ReadOnlyMany,ReadWriteMany,ReadWriteOnce,ReadWriteOncePod");
    if (!val_at(spec, "resources.requests.storage"))
        check_required(c, STR("spec.resources[storage]"), "");
    else if (quantity_of(c->arena, val_at(spec, "resources.requests.storage"), &storage) &&
             storage.nano <= 0)
        check_invalid(c, STR("spec.resources[storage]"), val_at(spec, "resources.requests.storage"),
                      "must be greater than zero");
    if (!live)
        return;
    bound = str_is(val_at_str(live, "status.phase"), "Bound");
    live = val_get(live, STR("spec"));
    for (size_t i = 0; bound && i < 2; i++) {
        spec = val_without_at(c->arena, spec, free[i]);
        live = val_without_at(c->arena, live, free[i]);
    }
    if (!val_get_str(live, "volumeName").len)
        live = val_get(spec, STR("volumeName"))
                   ? val_with(c->arena, live, STR("volumeName"), val_get(spec, STR("volumeName")))
                   : live;
    if (!val_eq(spec, live))
        check_forbidden(c, STR("spec"),
                        "spec is immutable after creation except resources.requests and "
                        "volumeAttributesClassName for bound claims");
}

static void check_replication_controller(const struct check *c, const struct val *spec)
{
    const struct val *selector = val_get(spec, STR("selector"));
    const struct val *template = val_get(spec, STR("template"));
    const struct val *labels = val_at(template, "metadata.labels");

    (void)check_non_negative(c, STR("spec.minReadySeconds"), val_get(spec, STR("minReadySeconds")));
    if (!val_count(selector))
        check_required(c, STR("spec.selector"), "");
    (void)check_non_negative(c, STR("spec.replicas"), val_get(spec, STR("replicas")));
    if (!val_is(template, VAL_MAP)) {
        check_required(c, STR("spec.template"), "");
        return;
    }
    for (size_t i = 0; i < val_count(selector); i++)
        if (!val_eq(val_get(labels, selector->fields[i].key), selector->fields[i].value)) {
            check_invalid(c, STR("spec.template.metadata.labels"), labels ? labels : &val_null,
                          "`selector` does not match template `labels`");
            break;
        }
    validate_pod_template(c, STR("spec.template"), template);
}

void validate_core(const struct check *c, const struct api_resource *r, const struct val *object,
                   const struct val *live)
{
    if (is_kind(r, "ConfigMap"))
        check_config_map(c, object, live);
    else if (is_kind(r, "Secret"))
        check_secret(c, object, live);
    else if (is_kind(r, "Event"))
        check_event(c, object);
    else if (is_kind(r, "ResourceQuota"))
        check_quota(c, val_at(object, "spec.hard"));
    else if (is_kind(r, "LimitRange"))
        check_limit_range(c, val_at(object, "spec.limits"));
    else if (is_kind(r, "PersistentVolumeClaim"))
        check_claim(c, object, live);
    else if (is_kind(r, "ReplicationController"))
        check_replication_controller(c, val_get(object, STR("spec")));
    else if (is_kind(r, "PodTemplate"))
        validate_pod_template(c, STR("template"), val_get(object, STR("template")));
}
