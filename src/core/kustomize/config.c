/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kustomize/config.h"

#include "base/limits.h"
#include "core/kustomize/order.h"

const struct kust_config kust_config_empty;

static int compare_part(struct str a, struct str b, const char *none)
{
    return str_cmp(a.len > 0 ? a : str_from_cstr(none), b.len > 0 ? b : str_from_cstr(none));
}

int kust_gvk_order(const struct kust_gvk *a, const struct kust_gvk *b)
{
    int rank_a = kust_order_rank(&kust_order_default, a->kind);
    int rank_b = kust_order_rank(&kust_order_default, b->kind);
    if (rank_a != rank_b)
        return rank_a < rank_b ? -1 : 1;
    int order = compare_part(a->group, b->group, "~G");
    if (order == 0)
        order = compare_part(a->version, b->version, "~V");
    return order != 0 ? order : compare_part(a->kind, b->kind, "~K");
}

static struct err *merge_specs(struct arena *a, struct kust_fieldspecs *into,
                               struct kust_fieldspecs more)
{
    if (more.count == 0 || into->items == more.items)
        return NULL;
    struct err *e;
    if (TRY(&e, kust_fieldspecs_merge(a, into, more)))
        return e;
    struct kust_fieldspec *items = ARENA_ARRAY(a, into->count, struct kust_fieldspec);
    for (size_t i = 0; i < into->count; i++) {
        size_t at = i;
        for (; at > 0 && kust_gvk_order(&items[at - 1].gvk, &into->items[i].gvk) > 0; at--)
            items[at] = items[at - 1];
        items[at] = into->items[i];
    }
    into->items = items;
    return NULL;
}

static bool gvk_eq(const struct kust_gvk *a, const struct kust_gvk *b)
{
    return str_eq(a->group, b->group) && str_eq(a->version, b->version) && str_eq(a->kind, b->kind);
}

static struct err *merge_references(struct arena *a, struct kust_config *into,
                                    const struct kust_config *more)
{
    size_t max = into->name_reference_count + more->name_reference_count;
    struct kust_name_reference *items = ARENA_ARRAY(a, max, struct kust_name_reference);
    size_t count = 0;
    for (; count < into->name_reference_count; count++)
        items[count] = into->name_references[count];
    for (size_t i = 0; i < more->name_reference_count; i++) {
        const struct kust_name_reference *x = &more->name_references[i];
        size_t at = 0;
        while (at < count && !gvk_eq(&items[at].target, &x->target))
            at++;
        if (at < count) {
            struct err *e;
            if (TRY(&e, merge_specs(a, &items[at].fields, x->fields)))
                return e;
            continue;
        }
        for (at = count++; at > 0 && kust_gvk_order(&items[at - 1].target, &x->target) > 0; at--)
            items[at] = items[at - 1];
        items[at] = *x;
    }
    into->name_references = items;
    into->name_reference_count = count;
    return NULL;
}

/* Field specs of all lists. */
static size_t entry_count(const struct kust_config *c)
{
    size_t count = c->name_prefix.count + c->name_suffix.count + c->namespace.count +
                   c->common_labels.count + c->labels.count + c->template_labels.count +
                   c->claim_labels.count + c->common_annotations.count + c->images.count +
                   c->replicas.count + c->var_reference.count + c->name_reference_count;
    for (size_t i = 0; i < c->name_reference_count; i++)
        count += c->name_references[i].fields.count;
    return count;
}

size_t kust_config_merge_steps(const struct kust_config *into, const struct kust_config *more)
{
    return into == more ? 1 : 1 + entry_count(into) * entry_count(more) / 4;
}

struct err *kust_config_merge(struct arena *a, const struct kust_config **into,
                              const struct kust_config *more)
{
    if (*into == more)
        return NULL;
    if (*into == &kust_config_empty && more == &kust_config_default) {
        *into = more; /* has nothing twice */
        return NULL;
    }
    if (entry_count(*into) > LIMIT_KUSTOMIZE_CONFIG_ENTRIES ||
        entry_count(more) > LIMIT_KUSTOMIZE_CONFIG_ENTRIES)
        return err_new(a, ERR_TOO_LARGE, "the configurations have more than %u field specs",
                       LIMIT_KUSTOMIZE_CONFIG_ENTRIES);
    struct kust_config *c = ARENA_NEW(a, struct kust_config);
    *c = **into;
    struct {
        struct kust_fieldspecs *into;
        const struct kust_fieldspecs *more;
    } lists[] = {
        { &c->name_prefix, &more->name_prefix },
        { &c->name_suffix, &more->name_suffix },
        { &c->namespace, &more->namespace },
        { &c->common_labels, &more->common_labels },
        { &c->labels, &more->labels },
        { &c->template_labels, &more->template_labels },
        { &c->claim_labels, &more->claim_labels },
        { &c->common_annotations, &more->common_annotations },
        { &c->images, &more->images },
        { &c->replicas, &more->replicas },
        { &c->var_reference, &more->var_reference },
    };
    struct err *e;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (TRY(&e, merge_specs(a, lists[i].into, *lists[i].more)))
            return e;
    if (more->name_references != c->name_references && TRY(&e, merge_references(a, c, more)))
        return e;
    *into = c;
    return NULL;
}

static struct err *wrong(struct arena *a, const struct val *at, const char *what)
{
    return err_new(a, ERR_INVALID, "%s:%u:%u: %s", at && at->file ? at->file : "configuration",
                   at ? at->line : 0, at ? at->column : 0, what);
}

struct err *kust_fieldspecs_read(struct arena *a, const struct val *list,
                                 struct kust_fieldspecs *ret)
{
    if (!list || list->kind == VAL_NULL)
        return NULL;
    if (list->kind != VAL_SEQ)
        return wrong(a, list, "field specs must be an array");
    struct kust_fieldspec *items = ARENA_ARRAY(a, list->count, struct kust_fieldspec);
    for (size_t i = 0; i < list->count; i++) {
        const struct val *v = list->items[i];
        if (v->kind != VAL_MAP)
            return wrong(a, v, "a field spec must be an object");
        items[i] = (struct kust_fieldspec){
            .gvk = { val_get_str(v, "group"), val_get_str(v, "version"), val_get_str(v, "kind") },
            .path = val_get_str(v, "path"),
            .create = val_at_bool(v, "create", false),
        };
    }
    *ret = (struct kust_fieldspecs){ items, list->count };
    return NULL;
}

static struct err *read_references(struct arena *a, const struct val *list, struct kust_config *ret)
{
    if (!list || list->kind == VAL_NULL)
        return NULL;
    if (list->kind != VAL_SEQ)
        return wrong(a, list, "nameReference must be an array");
    struct kust_name_reference *items = ARENA_ARRAY(a, list->count, struct kust_name_reference);
    for (size_t i = 0; i < list->count; i++) {
        const struct val *v = list->items[i];
        items[i].target = (struct kust_gvk){ val_get_str(v, "group"), val_get_str(v, "version"),
                                             val_get_str(v, "kind") };
        struct err *e;
        if (TRY(&e, kust_fieldspecs_read(a, val_get(v, STR("fieldSpecs")), &items[i].fields)))
            return e;
    }
    ret->name_references = items;
    ret->name_reference_count = list->count;
    return NULL;
}

struct err *kust_config_read(struct arena *a, const struct val *document, struct kust_config *ret)
{
    *ret = (struct kust_config){ 0 };
    if (document->kind == VAL_NULL)
        return NULL;
    if (document->kind != VAL_MAP)
        return wrong(a, document, "a configuration must be an object");
    struct {
        const char *name;
        struct kust_fieldspecs *specs;
    } lists[] = {
        { "namePrefix", &ret->name_prefix },
        { "nameSuffix", &ret->name_suffix },
        { "namespace", &ret->namespace },
        { "commonLabels", &ret->common_labels },
        { "labels", &ret->labels },
        { "templateLabels", &ret->template_labels },
        { "volumeClaimTemplateLabels", &ret->claim_labels },
        { "commonAnnotations", &ret->common_annotations },
        { "images", &ret->images },
        { "replicas", &ret->replicas },
        { "varReference", &ret->var_reference },
    };
    struct err *e;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        const struct val *list = val_get(document, str_from_cstr(lists[i].name));
        if (TRY(&e, kust_fieldspecs_read(a, list, lists[i].specs)))
            return err_wrap(a, e, "%s", lists[i].name);
    }
    return read_references(a, val_get(document, STR("nameReference")), ret);
}
