/* SPDX-License-Identifier: Apache-2.0 */
/* LimitRanger: defaults and bounds that a namespace sets for its pods. */
#include "core/apiserver/admission.h"
#include "core/apiserver/quantity.h"
#include "core/apiserver/tree_edit.h"

struct limits {
    const struct val *const *ranges;
    size_t count;
};

static const struct val *fill(struct arena *a, const struct val *to, const struct val *from)
{
    for (size_t i = 0; i < val_count(from); i++)
        if (!val_get(to, from->fields[i].key))
            to = val_with(a, to, from->fields[i].key, from->fields[i].value);
    return to;
}

static const struct val *container_defaults(struct arena *a, const struct val *container,
                                            const void *ctx)
{
    const struct val *item = ctx;
    const struct val *limits = val_at(container, "resources.limits");
    const struct val *requests = val_at(container, "resources.requests");

    limits = fill(a, limits, val_get(item, STR("default")));
    requests = fill(a, requests, val_get(item, STR("defaultRequest")));
    if (val_count(limits))
        container = val_with_at(a, container, "resources.limits", limits);
    return val_count(requests) ? val_with_at(a, container, "resources.requests", requests)
                               : container;
}

static const struct val *apply_defaults(struct arena *a, const struct limits *l,
                                        const struct val *pod)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct val *items = val_at(l->ranges[i], "spec.limits");

        for (size_t j = 0; j < val_count(items); j++) {
            const struct val *item = items->items[j];

            if (!str_is(val_get_str(item, "type"), "Container"))
                continue;
            pod = tree_edit(a, pod, STR("spec.containers[]"), container_defaults, item);
            pod = tree_edit(a, pod, STR("spec.initContainers[]"), container_defaults, item);
        }
    }
    return pod;
}

/* ---- bounds ---- */

struct bound_check {
    struct arena *arena;
    const char *kind; /* Container, Pod */
    struct str texts[64];
    size_t count;
};

static void add_text(struct bound_check *b, struct str text)
{
    if (b->count < sizeof b->texts / sizeof b->texts[0])
        b->texts[b->count++] = text;
}

static void check_min(struct bound_check *b, struct str name, const struct val *min,
                      const struct val *request)
{
    struct quantity want;
    struct quantity have;

    if (!quantity_of(b->arena, min, &want))
        return;
    if (!quantity_of(b->arena, request, &have))
        add_text(b,
                 str_printf(b->arena, "minimum %.*s usage per %s is %.*s.  No request is specified",
                            STR_ARG(name), b->kind, STR_ARG(val_str(min))));
    else if (quantity_cmp(&have, &want) < 0)
        add_text(b, str_printf(b->arena, "minimum %.*s usage per %s is %.*s, but request is %.*s",
                               STR_ARG(name), b->kind, STR_ARG(val_str(min)),
                               STR_ARG(val_str(request))));
}

static void check_max(struct bound_check *b, struct str name, const struct val *max,
                      const struct val *limit)
{
    struct quantity want;
    struct quantity have;

    if (!quantity_of(b->arena, max, &want))
        return;
    if (!quantity_of(b->arena, limit, &have))
        add_text(b,
                 str_printf(b->arena, "maximum %.*s usage per %s is %.*s.  No limit is specified",
                            STR_ARG(name), b->kind, STR_ARG(val_str(max))));
    else if (quantity_cmp(&have, &want) > 0)
        add_text(b, str_printf(b->arena, "maximum %.*s usage per %s is %.*s, but limit is %.*s",
                               STR_ARG(name), b->kind, STR_ARG(val_str(max)),
                               STR_ARG(val_str(limit))));
}

static void check_container(struct bound_check *b, const struct val *item,
                            const struct val *container)
{
    const struct val *min = val_get(item, STR("min"));
    const struct val *max = val_get(item, STR("max"));

    for (size_t i = 0; i < val_count(min); i++)
        check_min(b, min->fields[i].key, min->fields[i].value,
                  val_get(val_at(container, "resources.requests"), min->fields[i].key));
    for (size_t i = 0; i < val_count(max); i++)
        check_max(b, max->fields[i].key, max->fields[i].value,
                  val_get(val_at(container, "resources.limits"), max->fields[i].key));
}

static void check_range(struct bound_check *b, const struct val *range, const struct val *pod)
{
    static const char *const lists[] = { "spec.containers", "spec.initContainers" };
    const struct val *items = val_at(range, "spec.limits");

    for (size_t i = 0; i < val_count(items); i++) {
        if (!str_is(val_get_str(items->items[i], "type"), "Container"))
            continue;
        for (size_t l = 0; l < 2; l++)
            for (size_t j = 0; j < val_count(val_at(pod, lists[l])); j++)
                check_container(b, items->items[i], val_item(val_at(pod, lists[l]), j));
    }
}

struct err *limits_admit(struct arena *a, const struct prepare_call *call, const struct val *object,
                         const struct val **ret)
{
    struct limits l = { 0 };
    struct bound_check *b = ARENA_NEW(a, struct bound_check);
    struct err *e;
    struct str why;

    *ret = object;
    if (!call->reader)
        return NULL;
    if (TRY(&e, call->reader->list(call->reader->self, a, STR("/limitranges"), call->ns, &l.ranges,
                                   &l.count)))
        return e;
    *ret = apply_defaults(a, &l, object);
    b->arena = a;
    b->kind = "Container";
    for (size_t i = 0; i < l.count; i++)
        check_range(b, l.ranges[i], *ret);
    if (!b->count)
        return NULL;
    why = str_join(a, b->texts, b->count, STR(", "));
    if (b->count > 1)
        why = str_printf(a, "[%.*s]", STR_ARG(why));
    return status_forbidden(a, call->resource, val_at_str(object, "metadata.name"), why);
}
