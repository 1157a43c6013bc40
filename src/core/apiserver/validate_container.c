/* SPDX-License-Identifier: Apache-2.0 */
/* Containers: names, images, ports, environment, mounts, probes, resources. */
#include "core/apiserver/names.h"
#include "core/apiserver/quantity.h"
#include "core/apiserver/validate.h"

/* Is the text among those of `field` in the first `count` items? */
static bool seen_before(const struct val *list, size_t count, const char *field, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(val_get_str(list->items[i], field), text))
            return true;
    return false;
}

/* ---- ports ---- */

static void check_port_entry(const struct check *c, struct str at, const struct val *ports,
                             size_t index)
{
    const struct val *p = ports->items[index];
    struct str name = val_get_str(p, "name");
    struct name_problems problems = { 0 };

    if (name.len) {
        name_port(c->arena, name, &problems);
        for (size_t i = 0; i < problems.count; i++)
            check_invalid_text(c, at_field(c, at, "name"), name, problems.items[i]);
        if (!problems.count && seen_before(ports, index, "name", name))
            check_duplicate(c, at_field(c, at, "name"), val_get(p, STR("name")));
    }
    if (!val_at_int(p, "containerPort", 0))
        check_required(c, at_field(c, at, "containerPort"), "");
    else
        (void)check_port(c, at_field(c, at, "containerPort"), val_get(p, STR("containerPort")));
    if (val_at_int(p, "hostPort", 0))
        (void)check_port(c, at_field(c, at, "hostPort"), val_get(p, STR("hostPort")));
    if (!val_get_str(p, "protocol").len)
        check_required(c, at_field(c, at, "protocol"), "");
    else
        (void)check_one_of(c, at_field(c, at, "protocol"), val_get(p, STR("protocol")),
                           "SCTP,TCP,UDP");
}

/* ---- environment ---- */

static bool downward_path_known(struct str path)
{
    static const struct str known[] = {
        STR_INIT("metadata.name"),        STR_INIT("metadata.namespace"),
        STR_INIT("metadata.uid"),         STR_INIT("spec.nodeName"),
        STR_INIT("status.hostIP"),        STR_INIT("spec.serviceAccountName"),
        STR_INIT("status.podIP"),         STR_INIT("status.podIPs"),
        STR_INIT("status.hostIPs"),       STR_INIT("metadata.labels"),
        STR_INIT("spec.restartPolicy"),   STR_INIT("spec.schedulerName"),
        STR_INIT("metadata.annotations"), STR_INIT("status.phase"),
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(known[i], path))
            return true;
    return (str_has_prefix(path, STR("metadata.labels['")) ||
            str_has_prefix(path, STR("metadata.annotations['"))) &&
           str_has_suffix(path, STR("']"));
}

static void check_field_ref(const struct check *c, struct str at, const struct val *ref)
{
    struct str path = val_get_str(ref, "fieldPath");

    if (!path.len)
        check_required(c, at_field(c, at, "fieldPath"), "");
    else if (!downward_path_known(path))
        check_invalid_text(c, at_field(c, at, "fieldPath"), path,
                           str_printf(c->arena,
                                      "error converting fieldPath: field label not supported: %.*s",
                                      STR_ARG(path)));
}

static void check_env_source(const struct check *c, struct str at, const struct val *env)
{
    static const char *const sources[] = { "fieldRef", "resourceFieldRef", "configMapKeyRef",
                                           "secretKeyRef", "fileKeyRef" };
    const struct val *from = val_get(env, STR("valueFrom"));
    size_t count = 0;

    if (!from)
        return;
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const struct val *source = val_get(from, str_from_cstr(sources[i]));
        struct str below = at_field(c, at, sources[i]);

        if (!source)
            continue;
        count++;
        if (i == 0)
            check_field_ref(c, below, source);
        else if (i == 2 || i == 3) {
            if (!val_get_str(source, "key").len)
                check_required(c, at_field(c, below, "key"), "");
            else
                (void)check_config_key(c, at_field(c, below, "key"), val_get_str(source, "key"));
        }
    }
    if (!count)
        check_invalid_text(c, at, STR(""),
                           STR("must specify one of: `fieldRef`, `resourceFieldRef`, "
                               "`configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"));
    else if (val_get_str(env, "value").len)
        check_invalid_text(c, at, STR(""), STR("may not be specified when `value` is not empty"));
    else if (count > 1)
        check_invalid_text(c, at, STR(""),
                           STR("may not have more than one field specified at a time"));
}

static void check_env(const struct check *c, struct str field, const struct val *list)
{
    for (size_t i = 0; i < val_count(list); i++) {
        struct str at = at_index(c, field, i);
        struct str name = val_get_str(list->items[i], "name");

        if (!name.len)
            check_required(c, at_field(c, at, "name"), "");
        else
            (void)check_env_name(c, at_field(c, at, "name"), name);
        check_env_source(c, at_field(c, at, "valueFrom"), list->items[i]);
    }
}

static void check_env_from(const struct check *c, struct str field, const struct val *list)
{
    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *e = list->items[i];
        bool config = val_get(e, STR("configMapRef")) != NULL;
        bool secret = val_get(e, STR("secretRef")) != NULL;

        if (!config && !secret)
            check_invalid_text(c, field, STR(""),
                               STR("must specify one of: `configMapRef` or `secretRef`"));
        else if (config && secret)
            check_invalid_text(c, field, STR(""),
                               STR("may not have more than one field specified at a time"));
    }
}

/* ---- mounts ---- */

static bool volume_known(const struct val *spec, struct str name)
{
    const struct val *volumes = val_get(spec, STR("volumes"));

    return seen_before(volumes, val_count(volumes), "name", name);
}

static void check_mounts(const struct check *c, struct str field, const struct val *list,
                         const struct val *spec)
{
    for (size_t i = 0; i < val_count(list); i++) {
        struct str at = at_index(c, field, i);
        struct str name = val_get_str(list->items[i], "name");
        struct str path = val_get_str(list->items[i], "mountPath");

        if (!name.len)
            check_required(c, at_field(c, at, "name"), "");
        if (!volume_known(spec, name))
            field_error_add(c->arena, c->errs, FIELD_NOT_FOUND, at_field(c, at, "name"),
                            val_string(c->arena, name), STR(""));
        if (!path.len)
            check_required(c, at_field(c, at, "mountPath"), "");
        else if (seen_before(list, i, "mountPath", path))
            check_invalid_text(c, at_field(c, at, "mountPath"), path, STR("must be unique"));
    }
}

/* ---- probes ---- */

static void check_port_or_name(const struct check *c, struct str at, const struct val *port)
{
    if (val_is(port, VAL_STRING))
        (void)check_port_name(c, at, port->text);
    else
        (void)check_port(c, at, port);
}

static void check_handler(const struct check *c, struct str at, const struct val *handler,
                          const char *kind)
{
    if (!strcmp(kind, "httpGet")) {
        if (!val_get_str(handler, "path").len)
            check_required(c, at_field(c, at, "path"), "");
        check_port_or_name(c, at_field(c, at, "port"), val_get(handler, STR("port")));
        (void)check_one_of(c, at_field(c, at, "scheme"), val_get(handler, STR("scheme")),
                           "HTTP,HTTPS");
    } else if (!strcmp(kind, "tcpSocket")) {
        check_port_or_name(c, at_field(c, at, "port"), val_get(handler, STR("port")));
    } else if (!strcmp(kind, "grpc")) {
        (void)check_port(c, at_field(c, at, "port"), val_get(handler, STR("port")));
    } else if (!val_count(val_get(handler, STR("command")))) {
        check_required(c, at_field(c, at, "command"), "");
    }
}

static void check_handlers(const struct check *c, struct str at, const struct val *probe)
{
    static const char *const kinds[] = { "exec", "httpGet", "tcpSocket", "grpc" };
    size_t count = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct val *handler = val_get(probe, str_from_cstr(kinds[i]));

        if (!handler)
            continue;
        if (count++)
            check_forbidden(c, at_field(c, at, kinds[i]),
                            "may not specify more than 1 handler type");
        else
            check_handler(c, at_field(c, at, kinds[i]), handler, kinds[i]);
    }
    if (!count)
        check_required(c, at, "must specify a handler type");
}

static void check_probe(const struct check *c, struct str at, const struct val *probe, bool once)
{
    static const char *const numbers[] = { "initialDelaySeconds", "timeoutSeconds", "periodSeconds",
                                           "successThreshold", "failureThreshold" };

    if (!probe)
        return;
    check_handlers(c, at, probe);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        (void)check_non_negative(c, at_field(c, at, numbers[i]),
                                 val_get(probe, str_from_cstr(numbers[i])));
    if (once && val_at_int(probe, "successThreshold", 1) != 1)
        check_invalid(c, at_field(c, at, "successThreshold"),
                      val_get(probe, STR("successThreshold")), "must be 1");
}

/* ---- resources ---- */

static bool is_standard_resource(struct str name)
{
    return str_is(name, "cpu") || str_is(name, "memory") || str_is(name, "ephemeral-storage") ||
           str_is(name, "storage") || str_has_prefix(name, STR("hugepages-"));
}

static void check_resource_name(const struct check *c, struct str at, struct str name)
{
    (void)check_qualified_name(c, at, name);
    if (str_find_byte(name, '/', 0) != SIZE_MAX || is_standard_resource(name))
        return;
    check_invalid_text(c, at, name, STR("must be a standard resource type or fully qualified"));
    check_invalid_text(c, at, name, STR("must be a standard resource for containers"));
}

static void check_amounts(const struct check *c, struct str field, const struct val *amounts)
{
    for (size_t i = 0; i < val_count(amounts); i++) {
        struct str at = at_key(c, field, amounts->fields[i].key);
        struct quantity q;

        check_resource_name(c, at, amounts->fields[i].key);
        if (quantity_of(c->arena, amounts->fields[i].value, &q) && q.nano < 0)
            check_invalid(c, at, amounts->fields[i].value, "must be greater than or equal to 0");
    }
}

void validate_resources(const struct check *c, struct str field, const struct val *resources)
{
    const struct val *limits = val_get(resources, STR("limits"));
    const struct val *requests = val_get(resources, STR("requests"));

    check_amounts(c, at_field(c, field, "limits"), limits);
    check_amounts(c, at_field(c, field, "requests"), requests);
    for (size_t i = 0; i < val_count(requests); i++) {
        struct str name = requests->fields[i].key;
        const struct val *limit = val_get(limits, name);
        struct quantity want;
        struct quantity max;

        if (!limit || !quantity_of(c->arena, requests->fields[i].value, &want) ||
            !quantity_of(c->arena, limit, &max) || quantity_cmp(&want, &max) <= 0)
            continue;
        check_invalid(c, at_field(c, field, "requests"), requests->fields[i].value,
                      str_cstr(c->arena, str_printf(c->arena,
                                                    "must be less than or equal to %.*s limit of "
                                                    "%.*s",
                                                    STR_ARG(name), STR_ARG(val_str(limit)))));
    }
}

/* ---- one container ---- */

static void check_image(const struct check *c, struct str at, const struct val *container)
{
    struct str image = val_get_str(container, "image");

    if (!image.len)
        check_required(c, at, "");
    else if (str_trim(image).len != image.len)
        check_invalid_text(c, at, image, STR("must not have leading or trailing whitespace"));
}

static void check_container(const struct check *c, struct str at, const struct val *container,
                            const struct val *spec)
{
    const struct val *ports = val_get(container, STR("ports"));
    struct str name = val_get_str(container, "name");

    if (!name.len)
        check_required(c, at_field(c, at, "name"), "");
    else
        (void)check_dns_label(c, at_field(c, at, "name"), name);
    check_image(c, at_field(c, at, "image"), container);
    (void)check_one_of(c, at_field(c, at, "terminationMessagePolicy"),
                       val_get(container, STR("terminationMessagePolicy")),
                       "FallbackToLogsOnError,File");
    for (size_t i = 0; i < val_count(ports); i++)
        check_port_entry(c, at_index(c, at_field(c, at, "ports"), i), ports, i);
    check_env(c, at_field(c, at, "env"), val_get(container, STR("env")));
    check_env_from(c, at_field(c, at, "envFrom"), val_get(container, STR("envFrom")));
    check_mounts(c, at_field(c, at, "volumeMounts"), val_get(container, STR("volumeMounts")), spec);
    (void)check_one_of(c, at_field(c, at, "imagePullPolicy"),
                       val_get(container, STR("imagePullPolicy")), "Always,IfNotPresent,Never");
    validate_resources(c, at_field(c, at, "resources"), val_get(container, STR("resources")));
}

static void check_list(const struct check *c, struct str field, const struct val *list,
                       const struct val *spec, bool init)
{
    const struct val *others = val_get(spec, STR("containers"));

    for (size_t i = 0; i < val_count(list); i++) {
        const struct val *container = list->items[i];
        struct str at = at_index(c, field, i);
        struct str name = val_get_str(container, "name");

        check_container(c, at, container, spec);
        if (name.len && (seen_before(list, i, "name", name) ||
                         (init && seen_before(others, val_count(others), "name", name))))
            check_duplicate(c, at_field(c, at, "name"), val_get(container, STR("name")));
        check_probe(c, at_field(c, at, "livenessProbe"), val_get(container, STR("livenessProbe")),
                    true);
        check_probe(c, at_field(c, at, "readinessProbe"), val_get(container, STR("readinessProbe")),
                    false);
        check_probe(c, at_field(c, at, "startupProbe"), val_get(container, STR("startupProbe")),
                    true);
    }
}

void validate_container_list(const struct check *c, struct str field, const struct val *spec)
{
    const struct val *containers = val_get(spec, STR("containers"));

    if (!val_count(containers))
        check_required(c, at_field(c, field, "containers"), "");
    check_list(c, at_field(c, field, "containers"), containers, spec, false);
    check_list(c, at_field(c, field, "initContainers"), val_get(spec, STR("initContainers")), spec,
               true);
}
