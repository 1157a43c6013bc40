/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kube/drift_rules.h"

#include "core/kube/drift.h"
#include "core/kube/obj_ref.h"
#include "core/kustomize/label_selector.h"
#include "foreign/regex.h"
#include "value/json.h"
#include "value/pointer.h"

enum { PATTERNS = 5 };

struct rule {
    struct regex *patterns[PATTERNS]; /* in the order of the names below; NULL: anything */
    struct kust_labels labels;
    struct kust_labels annotations;
    struct pointer *paths;
    size_t path_count;
};

struct drift_rules {
    struct rule *items;
    size_t count;
};

static const char *const pattern_names[PATTERNS] = { "group", "version", "kind", "name",
                                                     "namespace" };

static struct err *parse_target(struct arena *a, const struct val *target, struct rule *ret)
{
    struct err *e;

    for (size_t i = 0; i < PATTERNS; i++) {
        struct str pattern = val_get_str(target, pattern_names[i]);

        if (pattern.len > 0 &&
            TRY(&e,
                regex_compile(a, str_printf(a, "^(?:%.*s)$", STR_ARG(pattern)), &ret->patterns[i])))
            return err_wrap(a, e, "invalid %s regex", pattern_names[i]);
    }
    if (TRY(&e, kust_labels_parse(a, val_get_str(target, "labelSelector"), &ret->labels)))
        return err_wrap(a, e, "invalid label selector");
    if (TRY(&e, kust_labels_parse(a, val_get_str(target, "annotationSelector"), &ret->annotations)))
        return err_wrap(a, e, "invalid annotation selector");
    return NULL;
}

static struct err *parse_paths(struct arena *a, const struct val *paths, struct rule *ret)
{
    struct err *e;

    ret->path_count = val_count(paths);
    ret->paths = ARENA_ARRAY(a, ret->path_count, struct pointer);
    for (size_t i = 0; i < ret->path_count; i++)
        if (TRY(&e, pointer_parse(a, val_str(val_item(paths, i)), &ret->paths[i])))
            return e;
    return NULL;
}

struct err *drift_rules_parse(struct arena *a, const struct val *rules,
                              const struct drift_rules **ret)
{
    struct drift_rules *r = ARENA_NEW(a, struct drift_rules);
    struct err *e;

    *ret = NULL;
    r->count = val_count(rules);
    r->items = ARENA_ARRAY(a, r->count, struct rule);
    for (size_t i = 0; i < r->count; i++) {
        const struct val *rule = val_item(rules, i);

        if (TRY(&e, parse_target(a, val_get(rule, STR("target")), &r->items[i])) ||
            TRY(&e, parse_paths(a, val_get(rule, STR("paths")), &r->items[i])))
            return err_wrap(a, e, "failed to create ignore rule selector: spec.ignore[%zu]", i);
    }
    if (r->count > 0)
        *ret = r;
    return NULL;
}

static bool concerns(struct arena *a, const struct rule *rule, const struct val *object)
{
    struct obj_ref ref = obj_ref_of(object);
    struct str texts[PATTERNS] = { ref.group, ref.version, ref.kind, ref.name, ref.ns };

    for (size_t i = 0; i < PATTERNS; i++)
        if (rule->patterns[i] && !regex_is_match(rule->patterns[i], texts[i]))
            return false;
    return kust_labels_match(a, &rule->labels, val_at(object, "metadata.labels")) &&
           kust_labels_match(a, &rule->annotations, val_at(object, "metadata.annotations"));
}

/* An absent field is as good as removed. */
static const struct val *without(struct arena *a, const struct val *object, const struct pointer *p)
{
    const struct val *fewer;

    if (p->count == 0)
        return &val_empty_map;
    return pointer_get(object, p) && !pointer_remove(a, object, p, &fewer) ? fewer : object;
}

const struct val *drift_rules_strip(struct arena *a, const struct drift_rules *rules,
                                    const struct val *target, const struct val *object)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct rule *rule = &rules->items[i];

        for (size_t k = 0; concerns(a, rule, target) && k < rule->path_count; k++)
            object = without(a, object, &rule->paths[k]);
    }
    return object;
}

bool drift_rules_differ(struct arena *a, const struct drift_rules *rules, const struct val *live,
                        const struct val *dry_run)
{
    if (!rules || !live || !dry_run)
        return drift_between(a, live, dry_run);
    return drift_between(a, drift_rules_strip(a, rules, dry_run, live),
                         drift_rules_strip(a, rules, dry_run, dry_run));
}

/* "k:{...}" of the list's item that this step of the pointer names, from any manager's set; "" where none fits. */
static struct str item_key(struct arena *a, const struct val *fields, const struct val *item)
{
    for (size_t i = 0; i < val_count(fields); i++) {
        struct str key = fields->fields[i].key;
        const struct val *want = NULL;
        bool same = true;

        if (!str_has_prefix(key, STR("k:")) ||
            json_read(a, str_skip(key, 2), STR("fieldsV1"), 0, &want))
            continue;
        for (size_t k = 0; k < val_count(want); k++) {
            const struct val *has = val_get(item, want->fields[k].key);

            same = same && has && val_eq(has, want->fields[k].value);
        }
        if (same)
            return key;
    }
    return STR("");
}

/* The set of one manager names the field. */
static bool set_has(struct arena *a, const struct val *fields, const struct val *live,
                    const struct pointer *p)
{
    for (size_t i = 0; i < p->count && fields; i++) {
        const struct pointer parent = { .tokens = p->tokens, .count = i };
        const struct val *in = pointer_get(live, &parent);
        struct str key = str_concat(a, STR("f:"), p->tokens[i]);

        if (val_is(in, VAL_SEQ)) {
            const struct pointer here = { .tokens = p->tokens, .count = i + 1 };

            key = item_key(a, fields, pointer_get(live, &here));
        }
        fields = val_get(fields, key);
    }
    return fields != NULL;
}

static bool is_applied_by_another(struct arena *a, const struct val *live, const struct pointer *p,
                                  struct str manager)
{
    const struct val *entries = val_at(live, "metadata.managedFields");

    for (size_t i = 0; i < val_count(entries); i++) {
        const struct val *entry = val_item(entries, i);

        if (str_is(val_get_str(entry, "operation"), "Apply") &&
            val_get_str(entry, "subresource").len == 0 &&
            !str_eq(val_get_str(entry, "manager"), manager) &&
            set_has(a, val_get(entry, STR("fieldsV1")), live, p))
            return true;
    }
    return false;
}

static bool same(const struct val *x, const struct val *y)
{
    return x && y ? val_eq(x, y) : x == y;
}

/* A field that the manifest does not have stays out of it. */
static const struct val *adopt(struct arena *a, const struct val *desired, const struct pointer *p,
                               const struct val *value)
{
    const struct val *changed;

    if (!value || p->count == 0)
        return p->count == 0 ? desired : without(a, desired, p);
    return pointer_get(desired, p) && !pointer_set(a, desired, p, value, &changed) ? changed
                                                                                   : desired;
}

const struct val *drift_rules_resolve(struct arena *a, const struct drift_rules *rules,
                                      const struct val *live, const struct val *dry_run,
                                      const struct val *desired, struct str manager)
{
    for (size_t i = 0; rules && live && i < rules->count; i++) {
        const struct rule *rule = &rules->items[i];

        for (size_t k = 0; concerns(a, rule, dry_run) && k < rule->path_count; k++) {
            const struct pointer *p = &rule->paths[k];
            const struct val *value = pointer_get(live, p);

            if (same(value, pointer_get(dry_run, p)))
                continue;
            desired = p->count > 0 && is_applied_by_another(a, live, p, manager)
                          ? without(a, desired, p)
                          : adopt(a, desired, p, value);
        }
    }
    return desired;
}
