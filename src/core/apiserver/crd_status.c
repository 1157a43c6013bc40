/* SPDX-License-Identifier: Apache-2.0 */
/* Defaults of a definition, and the part of Kubernetes' naming and establishing controllers. */
#include "core/apiserver/crd.h"
#include "core/kube/managed_fields.h"

#define DEFINITION \
    STR("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition")

const struct val *crd_defaults(struct arena *a, const struct val *crd)
{
    struct str kind = val_at_str(crd, "spec.names.kind");
    struct str singular = val_at_str(crd, "spec.names.singular");

    if (!singular.len && kind.len)
        crd = val_with_at(a, crd, "spec.names.singular", val_string(a, str_lower(a, kind)));
    if (!val_at_str(crd, "spec.names.listKind").len && kind.len)
        crd = val_with_at(a, crd, "spec.names.listKind",
                          val_string(a, str_concat(a, kind, STR("List"))));
    if (!val_at_str(crd, "spec.conversion.strategy").len)
        crd = val_with_at(a, crd, "spec.conversion.strategy", val_cstring(a, "None"));
    return crd;
}

/* ---- names ---- */

/* Is the name in use by another definition of the group whose names are accepted? */
static bool name_taken(const struct val *const *others, size_t count, const struct val *crd,
                       struct str name, bool kinds)
{
    for (size_t i = 0; i < count; i++) {
        const struct val *o = others[i];
        const struct val *names = val_at(o, "status.acceptedNames");
        const struct val *shorts = val_get(names, STR("shortNames"));

        if (str_eq(val_at_str(o, "metadata.name"), val_at_str(crd, "metadata.name")) ||
            !str_eq(val_at_str(o, "spec.group"), val_at_str(crd, "spec.group")))
            continue;
        if (kinds) {
            if (str_eq(val_get_str(names, "kind"), name) ||
                str_eq(val_get_str(names, "listKind"), name))
                return true;
            continue;
        }
        if (str_eq(val_get_str(names, "plural"), name) ||
            str_eq(val_get_str(names, "singular"), name))
            return true;
        for (size_t j = 0; j < val_count(shorts); j++)
            if (str_eq(val_str(shorts->items[j]), name))
                return true;
    }
    return false;
}

struct conflict {
    struct str reason; /* "" none */
    struct str message;
};

static struct str in_use(struct arena *a, struct str name)
{
    return str_printf(a, "\"%.*s\" is already in use", STR_ARG(name));
}

/* Accepted names: each one wanted that is free; others stay as they were. The last conflict found names the reason. */
static const struct val *accept_names(struct arena *a, const struct val *crd,
                                      const struct val *const *others, size_t count,
                                      struct conflict *ret)
{
    static const struct {
        const char *field;
        const char *reason;
        bool kinds;
    } single[] = {
        { "plural", "PluralConflict", false },
        { "singular", "SingularConflict", false },
        { "kind", "KindConflict", true },
        { "listKind", "ListKindConflict", true },
    };
    const struct val *wanted = val_at(crd, "spec.names");
    const struct val *accepted = val_at(crd, "status.acceptedNames");
    const struct val *shorts = val_get(wanted, STR("shortNames"));
    const struct val *categories = val_get(wanted, STR("categories"));
    bool shorts_free = true;

    for (size_t i = 0; i < 4; i++) {
        struct str name = val_get_str(wanted, single[i].field);

        if (!name_taken(others, count, crd, name, single[i].kinds))
            accepted = val_with(a, accepted, str_from_cstr(single[i].field), val_string(a, name));
        else
            *ret = (struct conflict){ str_from_cstr(single[i].reason), in_use(a, name) };
    }
    for (size_t i = 0; i < val_count(shorts) && shorts_free; i++)
        if (name_taken(others, count, crd, val_str(shorts->items[i]), false)) {
            shorts_free = false;
            *ret = (struct conflict){ STR("ShortNamesConflict"),
                                      in_use(a, val_str(shorts->items[i])) };
        }
    if (shorts_free)
        accepted = val_count(shorts) ? val_with(a, accepted, STR("shortNames"), shorts)
                                     : val_without(a, accepted, STR("shortNames"));
    return val_count(categories) ? val_with(a, accepted, STR("categories"), categories)
                                 : val_without(a, accepted, STR("categories"));
}

/* ---- conditions ---- */

static const struct val *condition_of(const struct val *crd, struct str type)
{
    const struct val *list = val_at(crd, "status.conditions");

    for (size_t i = 0; i < val_count(list); i++)
        if (str_eq(val_get_str(list->items[i], "type"), type))
            return list->items[i];
    return NULL;
}

struct condition {
    struct str type;
    struct str status;
    struct str reason;
    struct str message;
};

static const struct val *with_condition(struct arena *a, const struct val *crd,
                                        const struct condition *c, struct wall_time now)
{
    const struct val *old = condition_of(crd, c->type);
    const struct val *list = val_at(crd, "status.conditions");
    const struct val *since = val_string(a, wall_time_format(a, now));
    const struct val *made;
    size_t at = 0;

    if (old && str_eq(val_get_str(old, "status"), c->status))
        since = val_get(old, STR("lastTransitionTime"));
    made = val_map_of(a, "lastTransitionTime", since, "message", val_string(a, c->message),
                      "reason", val_string(a, c->reason), "status", val_string(a, c->status),
                      "type", val_string(a, c->type), NULL);
    list = list ? list : &val_empty_seq;
    while (at < list->count && list->items[at] != old)
        at++;
    list = at < list->count ? val_seq_replace(a, list, at, made) : val_seq_append(a, list, made);
    return val_with_at(a, crd, "status.conditions", list);
}

static const struct val *stored_versions(struct arena *a, const struct val *crd)
{
    const struct val *versions = val_at(crd, "spec.versions");
    const struct val *stored = val_at(crd, "status.storedVersions");

    if (!val_is(stored, VAL_SEQ))
        stored = &val_empty_seq;
    for (size_t i = 0; i < val_count(versions); i++) {
        const struct val *name = val_get(versions->items[i], STR("name"));
        bool known = false;

        if (!val_at_bool(versions->items[i], "storage", false))
            continue;
        for (size_t j = 0; j < stored->count && !known; j++)
            known = val_eq(stored->items[j], name);
        if (!known)
            stored = val_seq_append(a, stored, name);
    }
    return val_with_at(a, crd, "status.storedVersions", stored);
}

/* The server is a manager of the status like any other writer. */
static const struct val *owned(struct arena *a, const struct val *before, const struct val *after,
                               struct wall_time now)
{
    struct field_writer writer = { .manager = STR("kube-apiserver"),
                                   .subresource = STR("status"),
                                   .api_version = STR("apiextensions.k8s.io/v1"),
                                   .now = now,
                                   .reset_fields = STR("spec,metadata") };
    const struct val *with;
    struct err *e;

    if (val_eq(before, after) || TRY(&e, managed_fields_update(a, schema_type_named(DEFINITION),
                                                               before, after, &writer, &with)))
        return after;
    return with;
}

const struct val *crd_with_status(struct arena *a, const struct val *crd,
                                  const struct val *const *others, size_t count,
                                  struct wall_time now)
{
    struct conflict conflict = { STR(""), STR("") };
    const struct val *accepted = accept_names(a, crd, others, count, &conflict);
    const struct val *after;
    struct condition names = { STR("NamesAccepted"), STR("True"), STR("NoConflicts"),
                               STR("no conflicts found") };
    struct condition established = { STR("Established"), STR("True"), STR("InitialNamesAccepted"),
                                     STR("the initial names have been accepted") };

    if (conflict.reason.len) {
        names = (struct condition){ names.type, STR("False"), conflict.reason, conflict.message };
        established = (struct condition){ established.type, STR("False"), STR("NotAccepted"),
                                          STR("not all names are accepted") };
    }
    after = val_with_at(a, crd, "status.acceptedNames", accepted);
    after = with_condition(a, after, &names, now);
    /* Once established, always established. */
    if (!crd_is_established(after))
        after = with_condition(a, after, &established, now);
    return owned(a, crd, stored_versions(a, after), now);
}

bool crd_is_established(const struct val *crd)
{
    return str_is(val_get_str(condition_of(crd, STR("Established")), "status"), "True");
}
