/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Addresses and ports of Services. What is taken is what the other Services hold, so there is no allocator to keep in step. Ranges
 * are kube-apiserver's defaults: 10.0.0.0/24 beyond its first address, node ports 30000 to 32767.
 */
#include "core/apiserver/checks.h"
#include "core/apiserver/strategy.h"
#include "core/apiserver/tree_edit.h"

enum { NODE_PORT_FIRST = 30000, NODE_PORT_LAST = 32767, ADDRESSES = 65536 };

struct allocation {
    struct arena *arena;
    const struct val *const *services;
    size_t count;
    uint64_t random;
    struct str self; /* "namespace/name": holds nothing against itself */
};

static bool is_self(const struct allocation *x, const struct val *service)
{
    struct str id = str_printf(x->arena, "%.*s/%.*s",
                               STR_ARG(val_at_str(service, "metadata.namespace")),
                               STR_ARG(val_at_str(service, "metadata.name")));

    return str_eq(id, x->self);
}

static bool address_taken(const struct allocation *x, struct str address)
{
    for (size_t i = 0; i < x->count; i++)
        if (!is_self(x, x->services[i]) &&
            str_eq(val_at_str(x->services[i], "spec.clusterIP"), address))
            return true;
    return false;
}

static struct str free_address(struct allocation *x)
{
    for (uint32_t tries = 0; tries < ADDRESSES; tries++) {
        uint32_t n = (uint32_t)((x->random + tries) % (ADDRESSES - 20)) + 10;
        struct str address = str_printf(x->arena, "10.96.%u.%u", n >> 8 & 255, n & 255);

        if (!address_taken(x, address))
            return address;
    }
    return STR("");
}

static bool ports_hold(const struct val *service, int64_t port)
{
    const struct val *ports = val_at(service, "spec.ports");

    for (size_t i = 0; i < val_count(ports); i++)
        if (val_at_int(ports->items[i], "nodePort", 0) == port)
            return true;
    return val_at_int(service, "spec.healthCheckNodePort", 0) == port;
}

static bool port_taken(const struct allocation *x, int64_t port)
{
    for (size_t i = 0; i < x->count; i++)
        if (!is_self(x, x->services[i]) && ports_hold(x->services[i], port))
            return true;
    return false;
}

static int64_t free_port(struct allocation *x, const struct val *service)
{
    int64_t count = NODE_PORT_LAST - NODE_PORT_FIRST + 1;

    for (int64_t tries = 0; tries < count; tries++) {
        int64_t port = NODE_PORT_FIRST +
                       (int64_t)(x->random % (uint64_t)count + (uint64_t)tries) % count;

        if (!port_taken(x, port) && !ports_hold(service, port))
            return port;
    }
    return 0;
}

/* ---- by type ---- */

static bool type_is(const struct val *o, const char *type)
{
    return str_eq(val_at_str(o, "spec.type"), str_from_cstr(type));
}

static bool is_headless(const struct val *o)
{
    return str_is(val_at_str(o, "spec.clusterIP"), "None");
}

static const struct val *one(struct arena *a, const struct val *v)
{
    return val_seq(a, &v, 1);
}

static const struct val *drop(struct arena *a, const struct val *o, const char *path)
{
    return val_at(o, path) ? val_without_at(a, o, path) : o;
}

static const struct val *drop_node_port(struct arena *a, const struct val *port, const void *ctx)
{
    (void)ctx;
    return val_get(port, STR("nodePort")) ? val_without(a, port, STR("nodePort")) : port;
}

static const struct val *set_families(struct arena *a, const struct val *o)
{
    const struct val *v4 = val_cstring(a, "IPv4");
    bool dual = is_headless(o) && !val_count(val_at(o, "spec.selector"));

    if (!val_at_str(o, "spec.ipFamilyPolicy").len)
        o = val_with_at(a, o, "spec.ipFamilyPolicy",
                        val_cstring(a, dual ? "RequireDualStack" : "SingleStack"));
    if (val_count(val_at(o, "spec.ipFamilies")))
        return o;
    if (!dual)
        return val_with_at(a, o, "spec.ipFamilies", one(a, v4));
    return val_with_at(a, o, "spec.ipFamilies",
                       val_seq(a, (const struct val *const[]){ v4, val_cstring(a, "IPv6") }, 2));
}

static const struct val *set_address(struct allocation *x, const struct val *o)
{
    struct arena *a = x->arena;
    const struct val *address = val_at(o, "spec.clusterIP");

    if (!val_str(address).len && val_count(val_at(o, "spec.clusterIPs")))
        address = val_item(val_at(o, "spec.clusterIPs"), 0);
    if (!val_str(address).len)
        address = val_string(a, free_address(x));
    o = val_with_at(a, o, "spec.clusterIP", address);
    if (!val_count(val_at(o, "spec.clusterIPs")))
        o = val_with_at(a, o, "spec.clusterIPs", one(a, address));
    return o;
}

static const struct val *set_node_ports(struct allocation *x, const struct val *o)
{
    struct arena *a = x->arena;
    const struct val *ports = val_at(o, "spec.ports");
    bool wanted = type_is(o, "NodePort") ||
                  (type_is(o, "LoadBalancer") &&
                   val_at_bool(o, "spec.allocateLoadBalancerNodePorts", true));

    for (size_t i = 0; wanted && i < val_count(ports); i++) {
        const struct val *port = val_item(val_at(o, "spec.ports"), i);

        if (val_at_int(port, "nodePort", 0))
            continue;
        port = val_with(a, port, STR("nodePort"), val_int(a, free_port(x, o)));
        o = val_with_at(a, o, "spec.ports", val_seq_replace(a, val_at(o, "spec.ports"), i, port));
    }
    if (type_is(o, "LoadBalancer") &&
        str_is(val_at_str(o, "spec.externalTrafficPolicy"), "Local") &&
        !val_at_int(o, "spec.healthCheckNodePort", 0))
        o = val_with_at(a, o, "spec.healthCheckNodePort", val_int(a, free_port(x, o)));
    return o;
}

/* ---- update ---- */

static const struct val *keep_if_unset(struct arena *a, const struct val *o, const struct val *live,
                                       const char *path)
{
    if (val_at(o, path) || !val_at(live, path))
        return o;
    return val_with_at(a, o, path, val_at(live, path));
}

static const struct val *port_like(const struct val *live, const struct val *port, size_t index)
{
    const struct val *ports = val_at(live, "spec.ports");

    (void)index;
    for (size_t i = 0; i < val_count(ports); i++)
        if (val_at_int(ports->items[i], "port", 0) == val_at_int(port, "port", 0) &&
            str_eq(val_get_str(ports->items[i], "protocol"), val_get_str(port, "protocol")))
            return ports->items[i];
    return NULL;
}

static const struct val *keep_node_ports(struct arena *a, const struct val *o,
                                         const struct val *live)
{
    for (size_t i = 0; i < val_count(val_at(o, "spec.ports")); i++) {
        const struct val *port = val_item(val_at(o, "spec.ports"), i);
        const struct val *before = port_like(live, port, i);

        if (val_get(port, STR("nodePort")) || !val_at_int(before, "nodePort", 0))
            continue;
        port = val_with(a, port, STR("nodePort"), val_get(before, STR("nodePort")));
        o = val_with_at(a, o, "spec.ports", val_seq_replace(a, val_at(o, "spec.ports"), i, port));
    }
    return o;
}

/* What a client that read before the server filled in may leave out. */
static const struct val *patch_allocated(struct arena *a, const struct val *o,
                                         const struct val *live)
{
    bool had_ports = type_is(live, "NodePort") || type_is(live, "LoadBalancer");
    bool has_ports = type_is(o, "NodePort") || type_is(o, "LoadBalancer");

    if (!type_is(live, "ExternalName") && !type_is(o, "ExternalName")) {
        o = keep_if_unset(a, o, live, "spec.clusterIP");
        if (str_eq(val_at_str(o, "spec.clusterIP"), val_at_str(live, "spec.clusterIP"))) {
            o = keep_if_unset(a, o, live, "spec.clusterIPs");
            o = keep_if_unset(a, o, live, "spec.ipFamilies");
            o = keep_if_unset(a, o, live, "spec.ipFamilyPolicy");
        }
    }
    if (had_ports && has_ports)
        o = keep_node_ports(a, o, live);
    if (str_is(val_at_str(o, "spec.externalTrafficPolicy"), "Local"))
        o = keep_if_unset(a, o, live, "spec.healthCheckNodePort");
    return o;
}

/* Fields that belong to the old type and were not asked for again. */
static const struct val *drop_of_type(struct arena *a, const struct val *o, const struct val *live)
{
    bool had_ports = type_is(live, "NodePort") || type_is(live, "LoadBalancer");
    bool has_ports = type_is(o, "NodePort") || type_is(o, "LoadBalancer");

    if (type_is(o, "ExternalName") && !type_is(live, "ExternalName")) {
        static const char *const fields[] = { "spec.clusterIP", "spec.clusterIPs",
                                              "spec.ipFamilies", "spec.ipFamilyPolicy",
                                              "spec.internalTrafficPolicy" };

        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
            o = drop(a, o, fields[i]);
    }
    if (had_ports && !has_ports) {
        o = tree_edit(a, o, STR("spec.ports[]"), drop_node_port, NULL);
        o = drop(a, o, "spec.externalTrafficPolicy");
        o = drop(a, o, "spec.healthCheckNodePort");
    }
    if (type_is(live, "LoadBalancer") && !type_is(o, "LoadBalancer"))
        o = drop(a, o, "spec.allocateLoadBalancerNodePorts");
    return o;
}

struct err *service_allocate(struct arena *a, const struct prepare_call *call,
                             const struct val *live, const struct val *object,
                             const struct val **ret)
{
    struct allocation x = {
        .arena = a,
        .random = call->random,
        .self = str_printf(a, "%.*s/%.*s", STR_ARG(call->ns),
                           STR_ARG(val_at_str(object, "metadata.name"))),
    };
    const struct object_reader *r = call->reader;
    struct err *e;

    if (r && TRY(&e, r->list(r->self, a, STR("/services"), STR(""), &x.services, &x.count)))
        return e;
    if (live)
        object = drop_of_type(a, patch_allocated(a, object, live), live);
    if (!type_is(object, "ExternalName")) {
        object = set_address(&x, object);
        object = set_families(a, object);
        object = set_node_ports(&x, object);
    }
    *ret = object;
    return NULL;
}
