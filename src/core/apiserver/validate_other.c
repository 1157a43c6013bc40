/* SPDX-License-Identifier: Apache-2.0 */
/* Kinds of smaller groups. */
#include "core/apiserver/int_or_percent.h"
#include "core/apiserver/validate.h"

static bool is_kind(const struct api_resource *r, const char *kind)
{
    return str_eq(r->gvk.kind, str_from_cstr(kind));
}

/* ---- leases, slices, budgets ---- */

static void check_lease(const struct check *c, const struct val *spec)
{
    const struct val *duration = val_get(spec, STR("leaseDurationSeconds"));

    if (duration && val_at_int(spec, "leaseDurationSeconds", 0) <= 0)
        check_invalid(c, STR("spec.leaseDurationSeconds"), duration, "must be greater than 0");
    (void)check_non_negative(c, STR("spec.leaseTransitions"),
                             val_get(spec, STR("leaseTransitions")));
}

static void check_slice_ports(const struct check *c, const struct val *ports)
{
    for (size_t i = 0; i < val_count(ports); i++) {
        struct str name = val_get_str(ports->items[i], "name");
        struct str at = at_index(c, STR("ports"), i);

        if (name.len)
            (void)check_dns_label(c, at_field(c, at, "name"), name);
        for (size_t j = 0; j < i; j++)
            if (str_eq(val_get_str(ports->items[j], "name"), name)) {
                check_duplicate(c, at_field(c, at, "name"), val_string(c->arena, name));
                break;
            }
        (void)check_one_of(c, at_field(c, at, "protocol"),
                           val_get(ports->items[i], STR("protocol")), "SCTP,TCP,UDP");
    }
}

static void check_slice_endpoints(const struct check *c, struct str type, const struct val *list)
{
    for (size_t i = 0; i < val_count(list); i++) {
        struct str at = at_field(c, at_index(c, STR("endpoints"), i), "addresses");
        const struct val *addresses = val_get(list->items[i], STR("addresses"));

        if (!val_count(addresses))
            check_required(c, at, "must contain at least 1 address");
        for (size_t j = 0; j < val_count(addresses); j++) {
            struct str address = val_str(addresses->items[j]);

            if (str_is(type, "FQDN"))
                (void)check_dns_subdomain(c, at_index(c, at, j), address);
            else
                (void)check_ip(c, at_index(c, at, j), address);
        }
    }
}

static void check_endpoint_slice(const struct check *c, const struct val *o, const struct val *live)
{
    const struct val *type = val_get(o, STR("addressType"));

    if (!val_str(type).len)
        check_required(c, STR("addressType"), "");
    else
        (void)check_one_of(c, STR("addressType"), type, "FQDN,IPv4,IPv6");
    check_slice_ports(c, val_get(o, STR("ports")));
    check_slice_endpoints(c, val_str(type), val_get(o, STR("endpoints")));
    if (live)
        (void)check_immutable(c, STR("addressType"), type, val_get(live, STR("addressType")));
}

static void check_budget(const struct check *c, const struct val *spec)
{
    const struct val *min = val_get(spec, STR("minAvailable"));
    const struct val *max = val_get(spec, STR("maxUnavailable"));

    if (min && max)
        check_invalid(c, STR("spec"), spec, "minAvailable and maxUnavailable cannot be both set");
    check_int_or_percent(c, STR("spec.minAvailable"), min);
    check_percent_max(c, STR("spec.minAvailable"), min);
    check_int_or_percent(c, STR("spec.maxUnavailable"), max);
    check_percent_max(c, STR("spec.maxUnavailable"), max);
    (void)check_label_selector(c, STR("spec.selector"), val_get(spec, STR("selector")));
}

static void check_autoscaler(const struct check *c, const struct val *spec)
{
    int64_t min = val_at_int(spec, "minReplicas", 1);
    int64_t max = val_at_int(spec, "maxReplicas", 0);

    if (min < 1)
        check_invalid(c, STR("spec.minReplicas"), val_get(spec, STR("minReplicas")),
                      "must be greater than or equal to 1");
    if (max < 1)
        check_invalid(c, STR("spec.maxReplicas"), val_int(c->arena, max), "must be greater than 0");
    if (max < min)
        check_invalid(c, STR("spec.maxReplicas"), val_int(c->arena, max),
                      "must be greater than or equal to `minReplicas`");
    if (!val_at_str(spec, "scaleTargetRef.kind").len)
        check_required(c, STR("spec.scaleTargetRef.kind"), "");
    if (!val_at_str(spec, "scaleTargetRef.name").len)
        check_required(c, STR("spec.scaleTargetRef.name"), "");
    if (!val_at_str(spec, "scaleTargetRef.apiVersion").len)
        check_invalid_text(c, STR("spec.scaleTargetRef.apiVersion"), STR(""),
                           STR("apiVersion must specify API group"));
}

/* ---- networking ---- */

static void check_backend(const struct check *c, struct str at, const struct val *backend)
{
    const struct val *service = val_get(backend, STR("service"));
    const struct val *resource = val_get(backend, STR("resource"));
    struct str name = val_get_str(service, "name");
    const struct val *port = val_get(service, STR("port"));

    if (service && resource) {
        check_invalid_text(c, at, STR(""), STR("cannot set both resource and service backends"));
    } else if (!service && !resource) {
        check_required(c, at_field(c, at, ""), "resource or service backend is required");
    } else if (service) {
        struct str below = at_field(c, at, "service");

        if (!name.len)
            check_required(c, at_field(c, below, "name"), "");
        else
            (void)check_dns1035_label(c, at_field(c, below, "name"), name);
        if (val_get_str(port, "name").len && val_at_int(port, "number", 0))
            check_invalid_text(c, at, STR(""), STR("cannot set both port name & port number"));
        else if (val_get_str(port, "name").len)
            (void)check_port_name(c, at_field(c, at_field(c, below, "port"), "name"),
                                  val_get_str(port, "name"));
        else if (!val_at_int(port, "number", 0))
            check_required(c, at, "port name or number is required");
        else
            (void)check_port(c, at_field(c, at_field(c, below, "port"), "number"),
                             val_get(port, STR("number")));
    }
}

static void check_path_text(const struct check *c, struct str at, struct str text)
{
    static const char *const within[] = { "//", "/./", "/../", "%2f", "%2F" };
    static const char *const behind[] = { "/..", "/." };

    for (size_t i = 0; i < sizeof within / sizeof within[0]; i++)
        if (str_contains(text, str_from_cstr(within[i])))
            check_invalid_text(c, at, text,
                               str_printf(c->arena, "must not contain '%s'", within[i]));
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++)
        if (str_has_suffix(text, str_from_cstr(behind[i])))
            check_invalid_text(c, at, text,
                               str_printf(c->arena, "cannot end with '%s'", behind[i]));
}

static void check_path(const struct check *c, struct str at, const struct val *path)
{
    struct str type = val_get_str(path, "pathType");
    struct str text = val_get_str(path, "path");

    if (!type.len)
        check_required(c, at_field(c, at, "pathType"), "pathType must be specified");
    else if (!str_is(type, "Exact") && !str_is(type, "Prefix") &&
             !str_is(type, "ImplementationSpecific"))
        check_not_supported(c, at_field(c, at, "pathType"), val_get(path, STR("pathType")),
                            "Exact,ImplementationSpecific,Prefix");
    if ((str_is(type, "Exact") || str_is(type, "Prefix")) && !str_has_prefix(text, STR("/")))
        check_invalid_text(c, at_field(c, at, "path"), text, STR("must be an absolute path"));
    else if (str_is(type, "Exact") || str_is(type, "Prefix"))
        check_path_text(c, at_field(c, at, "path"), text);
    check_backend(c, at_field(c, at, "backend"), val_get(path, STR("backend")));
}

static void check_tls(const struct check *c, const struct val *tls)
{
    for (size_t i = 0; i < val_count(tls); i++) {
        struct str at = at_field(c, at_index(c, STR("spec.tls"), i), "hosts");
        const struct val *hosts = val_get(tls->items[i], STR("hosts"));

        for (size_t j = 0; j < val_count(hosts); j++)
            (void)check_dns_subdomain(c, at_index(c, at, j),
                                      str_trim_prefix(val_str(hosts->items[j]), STR("*.")));
    }
}

static void check_ingress(const struct check *c, const struct val *spec)
{
    const struct val *rules = val_get(spec, STR("rules"));
    const struct val *fallback = val_get(spec, STR("defaultBackend"));

    if (!val_count(rules) && !fallback)
        check_invalid(c, STR("spec"), rules ? rules : &val_null,
                      "either `defaultBackend` or `rules` must be specified");
    check_tls(c, val_get(spec, STR("tls")));
    if (fallback)
        check_backend(c, STR("spec.defaultBackend"), fallback);
    if (val_get_str(spec, "ingressClassName").len)
        (void)check_dns_subdomain(c, STR("spec.ingressClassName"),
                                  val_get_str(spec, "ingressClassName"));
    for (size_t i = 0; rules && i < val_count(rules); i++) {
        struct str at = at_index(c, STR("spec.rules"), i);
        struct str host = val_get_str(rules->items[i], "host");
        const struct val *paths = val_at(rules->items[i], "http.paths");

        if (host.len && is_ip(host))
            check_invalid_text(c, at_field(c, at, "host"), host,
                               STR("must be a DNS name, not an IP address"));
        else if (host.len)
            (void)check_dns_subdomain(c, at_field(c, at, "host"), str_trim_prefix(host, STR("*.")));
        if (val_get(rules->items[i], STR("http")) && !val_count(paths))
            check_required(c, at_field(c, at, "http.paths"), "");
        for (size_t j = 0; j < val_count(paths); j++)
            check_path(c, at_index(c, at_field(c, at, "http.paths"), j), paths->items[j]);
    }
}

static void check_policy_port(const struct check *c, struct str at, const struct val *port)
{
    const struct val *number = val_get(port, STR("port"));
    const struct val *end = val_get(port, STR("endPort"));

    if (val_get_str(port, "protocol").len)
        (void)check_one_of(c, at_field(c, at, "protocol"), val_get(port, STR("protocol")),
                           "TCP,UDP,SCTP");
    if (val_is(number, VAL_INT))
        (void)check_port(c, at_field(c, at, "port"), number);
    else if (val_is(number, VAL_STRING))
        (void)check_port_name(c, at_field(c, at, "port"), val_str(number));
    if (end && val_is(number, VAL_INT) && end->integer < number->integer)
        check_invalid(c, at_field(c, at, "endPort"), number,
                      "must be greater than or equal to `port`");
}

/* `peers` is "from" or "to". */
static void check_policy_rules(const struct check *c, struct str at, const struct val *rules,
                               const char *peers)
{
    for (size_t i = 0; i < val_count(rules); i++) {
        struct str place = at_index(c, at, i);
        const struct val *ports = val_get(rules->items[i], STR("ports"));
        const struct val *list = val_get(rules->items[i], str_from_cstr(peers));

        for (size_t j = 0; j < val_count(ports); j++)
            check_policy_port(c, at_index(c, at_field(c, place, "ports"), j), ports->items[j]);
        for (size_t j = 0; j < val_count(list); j++) {
            struct str cidr = val_at_str(list->items[j], "ipBlock.cidr");
            struct str where = at_index(c, at_field(c, place, peers), j);

            if (val_get(list->items[j], STR("ipBlock")) && !is_cidr(cidr))
                check_invalid_text(
                    c, at_field(c, where, "ipBlock.cidr"), cidr,
                    STR("must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"));
        }
    }
}

static void check_network_policy(const struct check *c, const struct val *spec)
{
    const struct val *types = val_get(spec, STR("policyTypes"));

    check_policy_rules(c, STR("spec.ingress"), val_get(spec, STR("ingress")), "from");
    check_policy_rules(c, STR("spec.egress"), val_get(spec, STR("egress")), "to");
    (void)check_label_selector(c, STR("spec.podSelector"), val_get(spec, STR("podSelector")));
    if (val_count(types) > 2)
        check_invalid(c, STR("spec.policyTypes"), types,
                      "may not specify more than two policyTypes");
    for (size_t i = 0; i < val_count(types); i++)
        (void)check_one_of(c, at_index(c, STR("spec.policyTypes"), i), types->items[i],
                           "Ingress,Egress");
}

/* ---- webhooks ---- */

static void check_hook_name(const struct check *c, struct str at, struct str name)
{
    size_t dots = 0;

    if (!name.len) {
        check_required(c, at, "");
        return;
    }
    if (!check_dns_subdomain(c, at, name))
        return;
    for (size_t i = 0; i < name.len; i++)
        dots += name.ptr[i] == '.';
    if (dots < 2)
        check_invalid_text(c, at, name,
                           STR("should be a domain with at least three segments separated by "
                               "dots"));
}

static void check_hook_client(const struct check *c, struct str at, const struct val *client)
{
    const struct val *url = val_get(client, STR("url"));
    const struct val *service = val_get(client, STR("service"));
    struct str scheme = val_str(url);

    if ((url != NULL) == (service != NULL))
        check_required(c, at, "exactly one of url or service is required");
    else if (url && !str_has_prefix(scheme, STR("https://")))
        check_invalid_text(c, at_field(c, at, "url"),
                           str_slice(scheme, 0, str_find(scheme, STR(":"), 0)),
                           STR("'https' is the only allowed URL scheme; desired format: "
                               "https://host[/path]"));
    else if (service) {
        if (!val_get_str(service, "name").len)
            check_required(c, at_field(c, at_field(c, at, "service"), "name"), "");
        if (!val_get_str(service, "namespace").len)
            check_required(c, at_field(c, at_field(c, at, "service"), "namespace"), "");
    }
}

static void check_hook(const struct check *c, struct str at, const struct val *hook)
{
    int64_t timeout = val_at_int(hook, "timeoutSeconds", 10);

    check_hook_name(c, at_field(c, at, "name"), val_get_str(hook, "name"));
    (void)check_one_of(c, at_field(c, at, "failurePolicy"), val_get(hook, STR("failurePolicy")),
                       "Fail,Ignore");
    (void)check_one_of(c, at_field(c, at, "matchPolicy"), val_get(hook, STR("matchPolicy")),
                       "Equivalent,Exact");
    if (!val_get_str(hook, "sideEffects").len)
        check_required(c, at_field(c, at, "sideEffects"), "must specify one of None, NoneOnDryRun");
    else
        (void)check_one_of(c, at_field(c, at, "sideEffects"), val_get(hook, STR("sideEffects")),
                           "None,NoneOnDryRun");
    if (timeout < 1 || timeout > 30)
        check_invalid(c, at_field(c, at, "timeoutSeconds"), val_get(hook, STR("timeoutSeconds")),
                      "the timeout value must be between 1 and 30 seconds");
    check_hook_client(c, at_field(c, at, "clientConfig"), val_get(hook, STR("clientConfig")));
}

void validate_other(const struct check *c, const struct api_resource *r, const struct val *object,
                    const struct val *live)
{
    const struct val *spec = val_get(object, STR("spec"));
    const struct val *hooks = val_get(object, STR("webhooks"));

    if (is_kind(r, "Lease"))
        check_lease(c, spec);
    else if (is_kind(r, "EndpointSlice"))
        check_endpoint_slice(c, object, live);
    else if (is_kind(r, "PodDisruptionBudget"))
        check_budget(c, spec);
    else if (is_kind(r, "HorizontalPodAutoscaler"))
        check_autoscaler(c, spec);
    else if (is_kind(r, "Ingress"))
        check_ingress(c, spec);
    else if (is_kind(r, "NetworkPolicy"))
        check_network_policy(c, spec);
    else if (is_kind(r, "IngressClass") && !val_get_str(spec, "controller").len)
        check_required(c, STR("spec.controller"), "");
    else if (is_kind(r, "StorageClass") && !val_get_str(object, "provisioner").len)
        check_required(c, STR("provisioner"), "");
    else if (is_kind(r, "RuntimeClass"))
        (void)check_dns_label(c, STR("handler"), val_get_str(object, "handler"));
    for (size_t i = 0; i < val_count(hooks); i++)
        check_hook(c, at_index(c, STR("webhooks"), i), hooks->items[i]);
}
