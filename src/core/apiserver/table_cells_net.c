/* SPDX-License-Identifier: Apache-2.0 */
/* Cells of services, ingresses, endpoints, autoscalers, events and nodes. */
#include "base/buf.h"
#include "core/apiserver/table_columns.h"
#include "value/json.h"

static const struct val *text(const struct cell_call *c, struct str s)
{
    return val_string(c->arena, s);
}

static void join(struct buf *out, struct str part)
{
    if (out->len)
        buf_put_byte(out, ',');
    buf_put(out, part);
}

/* IPs or host names of a load balancer, each once. */
static void load_balancer(const struct cell_call *c, struct buf *out)
{
    const struct val *list = val_at(c->object, "status.loadBalancer.ingress");

    for (size_t i = 0; i < val_count(list); i++) {
        struct str ip = val_get_str(list->items[i], "ip");

        join(out, ip.len ? ip : val_get_str(list->items[i], "hostname"));
    }
}

const struct val *cell_cluster_ip(const struct cell_call *c)
{
    struct str ip = val_str(val_item(val_at(c->object, "spec.clusterIPs"), 0));

    if (!ip.len)
        ip = val_at_str(c->object, "spec.clusterIP");
    return text(c, ip.len ? ip : STR("<none>"));
}

const struct val *cell_service_external(const struct cell_call *c)
{
    struct str type = val_at_str(c->object, "spec.type");
    const struct val *external = val_at(c->object, "spec.externalIPs");
    struct buf out;

    if (str_is(type, "ExternalName"))
        return text(c, val_at_str(c->object, "spec.externalName"));
    buf_init(&out, c->arena, 0);
    if (str_is(type, "LoadBalancer"))
        load_balancer(c, &out);
    for (size_t i = 0; i < val_count(external); i++)
        join(&out, val_str(external->items[i]));
    if (out.len)
        return text(c, buf_str(&out));
    return val_cstring(c->arena, str_is(type, "LoadBalancer") ? "<pending>" : "<none>");
}

const struct val *cell_service_ports(const struct cell_call *c)
{
    const struct val *ports = val_at(c->object, "spec.ports");
    struct buf out;

    buf_init(&out, c->arena, 0);
    for (size_t i = 0; i < val_count(ports); i++) {
        const struct val *p = ports->items[i];
        long long node = val_at_int(p, "nodePort", 0);

        buf_printf(&out, "%s%lld", i ? "," : "", (long long)val_at_int(p, "port", 0));
        if (node)
            buf_printf(&out, ":%lld", node);
        buf_printf(&out, "/%.*s", STR_ARG(val_get_str(p, "protocol")));
    }
    return text(c, out.len ? buf_str(&out) : STR("<none>"));
}

const struct val *cell_ingress_hosts(const struct cell_call *c)
{
    const struct val *rules = val_at(c->object, "spec.rules");
    struct buf out;
    size_t shown = 0;
    bool more = false;

    buf_init(&out, c->arena, 0);
    for (size_t i = 0; i < val_count(rules); i++) {
        struct str host = val_get_str(rules->items[i], "host");

        more = more || shown == 3;
        if (!more && host.len) {
            join(&out, host);
            shown++;
        }
    }
    if (!shown)
        return val_cstring(c->arena, "*");
    if (more)
        buf_printf(&out, " + %u more...", rules->count - 3);
    return text(c, buf_str(&out));
}

const struct val *cell_ingress_address(const struct cell_call *c)
{
    struct buf out;

    buf_init(&out, c->arena, 0);
    load_balancer(c, &out);
    if (out.len > 16) {
        buf_truncate(&out, 13);
        buf_lit(&out, "...");
    }
    return text(c, buf_str(&out));
}

const struct val *cell_ingress_ports(const struct cell_call *c)
{
    return val_cstring(c->arena, val_count(val_at(c->object, "spec.tls")) ? "80, 443" : "80");
}

/* ---- endpoints ---- */

/* At most three, then how many more. */
static const struct val *shortened(const struct cell_call *c, struct buf *out, size_t count)
{
    if (!count)
        return val_cstring(c->arena, "<none>");
    if (count > 3)
        buf_printf(out, " + %zu more...", count - 3);
    return text(c, buf_str(out));
}

const struct val *cell_endpoints(const struct cell_call *c)
{
    const struct val *subsets = val_get(c->object, STR("subsets"));
    struct buf out;
    size_t count = 0;

    buf_init(&out, c->arena, 0);
    for (size_t s = 0; s < val_count(subsets); s++) {
        const struct val *ports = val_get(subsets->items[s], STR("ports"));
        const struct val *addresses = val_get(subsets->items[s], STR("addresses"));

        for (size_t p = 0; p < val_count(ports); p++)
            for (size_t i = 0; i < val_count(addresses); i++)
                if (count++ < 3)
                    join(&out, str_printf(c->arena, "%.*s:%lld",
                                          STR_ARG(val_get_str(addresses->items[i], "ip")),
                                          (long long)val_at_int(ports->items[p], "port", 0)));
    }
    return shortened(c, &out, count);
}

const struct val *cell_slice_ports(const struct cell_call *c)
{
    const struct val *ports = val_get(c->object, STR("ports"));
    struct buf out;

    buf_init(&out, c->arena, 0);
    for (size_t i = 0; i < val_count(ports); i++) {
        const struct val *port = val_get(ports->items[i], STR("port"));
        struct str name = val_get_str(ports->items[i], "name");

        if (i < 3)
            join(&out, port       ? json_string(c->arena, port, JSON_COMPACT)
                       : name.len ? name
                                  : STR("*"));
    }
    if (!val_count(ports))
        return val_cstring(c->arena, "<unset>");
    return shortened(c, &out, ports->count);
}

const struct val *cell_slice_endpoints(const struct cell_call *c)
{
    const struct val *list = val_get(c->object, STR("endpoints"));
    struct buf out;
    size_t count = 0;

    buf_init(&out, c->arena, 0);
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *addresses = val_get(list->items[i], STR("addresses"));

        for (size_t j = 0; j < val_count(addresses); j++)
            if (count++ < 3)
                join(&out, val_str(addresses->items[j]));
    }
    if (!count)
        return val_cstring(c->arena, "<unset>");
    return shortened(c, &out, count);
}

/* ---- autoscalers ---- */

static struct str target_text(struct arena *a, const struct val *target)
{
    const struct val *utilization = val_get(target, STR("averageUtilization"));
    const struct val *value = val_get(target, STR("value"));

    if (utilization)
        return str_printf(a, "%.*s%%", STR_ARG(json_string(a, utilization, JSON_COMPACT)));
    if (value)
        return val_str(value);
    return val_get_str(target, "averageValue");
}

static const struct val *metric_source(const struct val *metric)
{
    static const char *const names[] = { "resource", "containerResource", "pods", "object",
                                         "external" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (val_get(metric, str_from_cstr(names[i])))
            return val_get(metric, str_from_cstr(names[i]));
    return NULL;
}

const struct val *cell_hpa_targets(const struct cell_call *c)
{
    const struct val *metrics = val_at(c->object, "spec.metrics");
    const struct val *current = val_at(c->object, "status.currentMetrics");
    struct buf out;

    buf_init(&out, c->arena, 0);
    for (size_t i = 0; i < val_count(metrics) && i < 2; i++) {
        const struct val *source = metric_source(metrics->items[i]);
        const struct val *now = val_get(metric_source(val_item(current, i)), STR("current"));
        struct str name = val_get_str(source, "name");

        if (i)
            buf_lit(&out, ", ");
        if (name.len)
            buf_printf(&out, "%.*s: ", STR_ARG(name));
        buf_printf(&out, "%.*s/%.*s", STR_ARG(now ? target_text(c->arena, now) : STR("<unknown>")),
                   STR_ARG(target_text(c->arena, val_get(source, STR("target")))));
    }
    if (val_count(metrics) > 2)
        buf_printf(&out, " + %u more...", metrics->count - 2);
    return text(c, out.len ? buf_str(&out) : STR("<none>"));
}

const struct val *cell_hpa_min(const struct cell_call *c)
{
    const struct val *min = val_at(c->object, "spec.minReplicas");

    return text(c, min ? json_string(c->arena, min, JSON_COMPACT) : STR("<unset>"));
}

/* ---- events ---- */

static struct str since(const struct cell_call *c, struct str moment)
{
    struct wall_time t;

    if (!wall_time_parse(moment, &t))
        return STR("<unknown>");
    return age_format(c->arena, c->now.ns - t.ns);
}

const struct val *cell_event_first(const struct cell_call *c)
{
    struct str first = val_get_str(c->object, "firstTimestamp");

    return text(c, since(c, first.len ? first : val_get_str(c->object, "eventTime")));
}

const struct val *cell_event_last(const struct cell_call *c)
{
    struct str series = val_at_str(c->object, "series.lastObservedTime");
    struct str last = val_get_str(c->object, "lastTimestamp");

    if (series.len)
        return text(c, since(c, series));
    return last.len ? text(c, since(c, last)) : cell_event_first(c);
}

const struct val *cell_event_object(const struct cell_call *c)
{
    struct str kind = str_lower(c->arena, val_at_str(c->object, "involvedObject.kind"));
    struct str name = val_at_str(c->object, "involvedObject.name");

    return text(c,
                name.len ? str_printf(c->arena, "%.*s/%.*s", STR_ARG(kind), STR_ARG(name)) : kind);
}

const struct val *cell_event_source(const struct cell_call *c)
{
    struct str component = val_at_str(c->object, "source.component");
    struct str host = val_at_str(c->object, "source.host");

    if (!component.len)
        component = val_get_str(c->object, "reportingComponent");
    if (!host.len)
        host = val_get_str(c->object, "reportingInstance");
    return text(c, host.len ? str_printf(c->arena, "%.*s, %.*s", STR_ARG(component), STR_ARG(host))
                            : component);
}

const struct val *cell_event_count(const struct cell_call *c)
{
    int64_t count = val_at_int(c->object, "series.count", val_at_int(c->object, "count", 0));

    return val_int(c->arena, count ? count : 1);
}

/* ---- nodes ---- */

const struct val *cell_node_status(const struct cell_call *c)
{
    const struct val *list = val_at(c->object, "status.conditions");
    struct str status = STR("Unknown");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_is(val_get_str(list->items[i], "type"), "Ready"))
            status = str_is(val_get_str(list->items[i], "status"), "True") ? STR("Ready")
                                                                           : STR("NotReady");
    if (val_at_bool(c->object, "spec.unschedulable", false))
        status = str_concat(c->arena, status, STR(",SchedulingDisabled"));
    return text(c, status);
}

const struct val *cell_node_roles(const struct cell_call *c)
{
    const struct str prefix = STR("node-role.kubernetes.io/");
    const struct val *labels = val_at(c->object, "metadata.labels");
    struct buf out;

    buf_init(&out, c->arena, 0);
    labels = val_sorted(c->arena, labels ? labels : &val_empty_map);
    for (size_t i = 0; i < val_count(labels); i++)
        if (str_has_prefix(labels->fields[i].key, prefix))
            join(&out, str_trim_prefix(labels->fields[i].key, prefix));
    return text(c, out.len ? buf_str(&out) : STR("<none>"));
}

const struct val *cell_node_address(const struct cell_call *c)
{
    const struct val *list = val_at(c->object, "status.addresses");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_get_str(list->items[i], "type"), c->arg))
            return text(c, val_get_str(list->items[i], "address"));
    return val_cstring(c->arena, "<none>");
}
