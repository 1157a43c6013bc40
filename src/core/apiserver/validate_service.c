/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/validate.h"

static bool type_is(const struct val *o, const char *type)
{
    return str_eq(val_at_str(o, "spec.type"), str_from_cstr(type));
}

static void check_target(const struct check *c, struct str at, const struct val *target)
{
    if (val_is(target, VAL_STRING))
        (void)check_port_name(c, at, target->text);
    else
        (void)check_port(c, at, target);
}

static void check_service_port(const struct check *c, const struct val *ports, size_t index,
                               bool many)
{
    const struct val *p = ports->items[index];
    struct str at = at_index(c, STR("spec.ports"), index);
    struct str name = val_get_str(p, "name");

    if (many && !name.len) {
        check_required(c, at_field(c, at, "name"), "");
    } else if (name.len) {
        bool good = check_dns_label(c, at_field(c, at, "name"), name);

        for (size_t i = 0; good && i < index; i++)
            if (str_eq(val_get_str(ports->items[i], "name"), name)) {
                check_duplicate(c, at_field(c, at, "name"), val_get(p, STR("name")));
                break;
            }
    }
    (void)check_port(c, at_field(c, at, "port"), val_get(p, STR("port")));
    if (!val_get_str(p, "protocol").len)
        check_required(c, at_field(c, at, "protocol"), "");
    else
        (void)check_one_of(c, at_field(c, at, "protocol"), val_get(p, STR("protocol")),
                           "SCTP,TCP,UDP");
    check_target(c, at_field(c, at, "targetPort"), val_get(p, STR("targetPort")));
    if (val_get_str(p, "appProtocol").len)
        (void)check_qualified_name(c, at_field(c, at, "appProtocol"),
                                   val_get_str(p, "appProtocol"));
}

/* Two entries may not have the same protocol and number. */
static void check_same_ports(const struct check *c, const struct val *ports)
{
    for (size_t i = 1; i < val_count(ports); i++)
        for (size_t j = 0; j < i; j++) {
            const struct val *p = ports->items[i];
            const struct val *q = ports->items[j];

            if (val_at_int(p, "port", 0) != val_at_int(q, "port", 0) ||
                !str_eq(val_get_str(p, "protocol"), val_get_str(q, "protocol")))
                continue;
            check_duplicate(c, at_index(c, STR("spec.ports"), i),
                            val_map_of(c->arena, "protocol", val_get(p, STR("protocol")), "port",
                                       val_get(p, STR("port")), NULL));
            break;
        }
}

static void check_ports(const struct check *c, const struct val *o)
{
    const struct val *ports = val_at(o, "spec.ports");
    bool headless = str_is(val_at_str(o, "spec.clusterIP"), "None");

    if (!val_count(ports) && !headless && !type_is(o, "ExternalName"))
        check_required(c, STR("spec.ports"), "");
    for (size_t i = 0; i < val_count(ports); i++)
        check_service_port(c, ports, i, ports->count > 1);
    check_same_ports(c, ports);
    for (size_t i = 0; i < val_count(ports); i++) {
        const struct val *node = val_get(ports->items[i], STR("nodePort"));

        if (val_at_int(ports->items[i], "nodePort", 0) && !type_is(o, "NodePort") &&
            !type_is(o, "LoadBalancer"))
            check_forbidden(c, at_field(c, at_index(c, STR("spec.ports"), i), "nodePort"),
                            "may not be used when `type` is 'ClusterIP'");
        else if (node && (val_at_int(ports->items[i], "nodePort", 0) < 30000 ||
                          val_at_int(ports->items[i], "nodePort", 0) > 32767))
            check_invalid(c, at_field(c, at_index(c, STR("spec.ports"), i), "nodePort"), node,
                          "provided port is not in the valid range. The range of valid ports is "
                          "30000-32767");
    }
}

static void check_affinity(const struct check *c, const struct val *o)
{
    const struct val *affinity = val_at(o, "spec.sessionAffinity");
    int64_t timeout = val_at_int(o, "spec.sessionAffinityConfig.clientIP.timeoutSeconds", 1);

    if (!val_str(affinity).len)
        check_required(c, STR("spec.sessionAffinity"), "");
    else
        (void)check_one_of(c, STR("spec.sessionAffinity"), affinity, "ClientIP,None");
    if (timeout <= 0 || timeout > 86400)
        check_invalid(c, STR("spec.sessionAffinityConfig.clientIP.timeoutSeconds"),
                      val_at(o, "spec.sessionAffinityConfig.clientIP.timeoutSeconds"),
                      "must be greater than 0 and less than 86400");
}

static void check_addresses(const struct check *c, const struct val *o, const struct val *live)
{
    const struct val *external = val_at(o, "spec.externalIPs");
    struct str address = val_at_str(o, "spec.clusterIP");
    bool named = type_is(o, "ExternalName");

    for (size_t i = 0; i < val_count(external); i++)
        (void)check_ip(c, at_index(c, STR("spec.externalIPs"), i), val_str(external->items[i]));
    if (named && address.len)
        check_forbidden(c, STR("spec.clusterIPs"), "may not be set when `type` is 'ExternalName'");
    if (!named && address.len && !str_is(address, "None") && !is_ip(address))
        check_invalid(c, STR("spec.clusterIPs[0]"), val_at(o, "spec.clusterIP"),
                      "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
    if (!live && !named && is_ip(address) && !str_has_prefix(address, STR("10.96.")))
        check_invalid(c, STR("spec.clusterIPs"), val_at(o, "spec.clusterIPs"),
                      str_cstr(c->arena, str_printf(c->arena,
                                                    "failed to allocate IP %.*s: the provided "
                                                    "network does not match the current range",
                                                    STR_ARG(address))));
    if (live && !named && !type_is(live, "ExternalName") &&
        val_at_str(live, "spec.clusterIP").len &&
        !str_eq(address, val_at_str(live, "spec.clusterIP")))
        check_invalid(c, STR("spec.clusterIPs[0]"), val_at(o, "spec.clusterIP"),
                      "may not change once set");
}

/* Fields of load balancers and of nodes. */
static void check_balancer(const struct check *c, const struct val *o)
{
    const struct val *health = val_at(o, "spec.healthCheckNodePort");
    const struct val *distribution = val_at(o, "spec.trafficDistribution");
    bool local = type_is(o, "LoadBalancer") &&
                 str_is(val_at_str(o, "spec.externalTrafficPolicy"), "Local");

    if (val_at(o, "spec.loadBalancerClass") && !type_is(o, "LoadBalancer"))
        check_forbidden(c, STR("spec.loadBalancerClass"),
                        "may only be used when `type` is 'LoadBalancer'");
    if (val_at_int(o, "spec.healthCheckNodePort", 0) && !local)
        check_invalid(c, STR("spec.healthCheckNodePort"), health,
                      "may only be set when `type` is 'LoadBalancer' and "
                      "`externalTrafficPolicy` is 'Local'");
    if (val_str(distribution).len)
        (void)check_one_of(c, STR("spec.trafficDistribution"), distribution,
                           "PreferClose,PreferSameZone,PreferSameNode");
    if (str_is(val_at_str(o, "spec.ipFamilyPolicy"), "RequireDualStack") &&
        !str_is(val_at_str(o, "spec.clusterIP"), "None"))
        check_invalid(c, STR("spec.ipFamilyPolicy"), val_at(o, "spec.ipFamilyPolicy"),
                      "this cluster is not configured for dual-stack services");
}

static void check_policies(const struct check *c, const struct val *o)
{
    const struct val *external = val_at(o, "spec.externalTrafficPolicy");
    const struct val *internal = val_at(o, "spec.internalTrafficPolicy");

    if (val_str(external).len) {
        if (type_is(o, "ExternalName") ||
            (type_is(o, "ClusterIP") && !val_count(val_at(o, "spec.externalIPs"))))
            check_invalid(c, STR("spec.externalTrafficPolicy"), external,
                          "may only be set for externally-accessible services");
        else
            (void)check_one_of(c, STR("spec.externalTrafficPolicy"), external, "Cluster,Local");
    }
    if (val_str(internal).len)
        (void)check_one_of(c, STR("spec.internalTrafficPolicy"), internal, "Cluster,Local");
}

void validate_service(const struct check *c, const struct val *service, const struct val *live)
{
    struct str external = str_trim_suffix(val_at_str(service, "spec.externalName"), STR("."));

    if (type_is(service, "ExternalName")) {
        if (!external.len)
            check_required(c, STR("spec.externalName"), "");
        else
            (void)check_dns_subdomain(c, STR("spec.externalName"), external);
    }
    check_ports(c, service);
    (void)check_labels(c, STR("spec.selector"), val_at(service, "spec.selector"));
    check_affinity(c, service);
    check_addresses(c, service, live);
    if (!val_at_str(service, "spec.type").len)
        check_required(c, STR("spec.type"), "");
    else
        (void)check_one_of(c, STR("spec.type"), val_at(service, "spec.type"),
                           "ClusterIP,ExternalName,LoadBalancer,NodePort");
    check_policies(c, service);
    check_balancer(c, service);
}

void validate_service_status(const struct check *c, const struct val *service)
{
    const struct val *ingress = val_at(service, "status.loadBalancer.ingress");
    struct str field = STR("status.loadBalancer.ingress");

    if (val_count(ingress) && !type_is(service, "LoadBalancer"))
        check_forbidden(c, field, "may only be used when `spec.type` is 'LoadBalancer'");
    for (size_t i = 0; i < val_count(ingress); i++) {
        struct str ip = val_get_str(ingress->items[i], "ip");
        struct str name = val_get_str(ingress->items[i], "hostname");

        if (ip.len)
            (void)check_ip(c, at_field(c, at_index(c, field, i), "ip"), ip);
        if (name.len && is_ip(name))
            check_invalid_text(c, at_field(c, at_index(c, field, i), "hostname"), name,
                               STR("must be a DNS name, not an IP address"));
        else if (name.len)
            (void)check_dns_subdomain(c, at_field(c, at_index(c, field, i), "hostname"), name);
    }
}
