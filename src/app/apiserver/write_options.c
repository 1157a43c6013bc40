/* SPDX-License-Identifier: Apache-2.0 */
/* What every write takes from its query, and the one place where a decision becomes a commit. */
#include "app/apiserver/verbs.h"

enum { MANAGER_BYTES_MAX = 128 };

static const char *options_kind(enum write_kind kind)
{
    switch (kind) {
    case WRITE_CREATE:
        return "CreateOptions";
    case WRITE_UPDATE:
        return "UpdateOptions";
    case WRITE_PATCH:
    case WRITE_APPLY:
        return "PatchOptions";
    }
    return "";
}

/* First part of the user agent, as far as it may be a name. */
static struct str manager_of_agent(struct str agent)
{
    struct str name = str_slice(agent, 0, str_find_byte(agent, '/', 0));
    size_t n = 0;

    while (n < name.len && n < MANAGER_BYTES_MAX && name.ptr[n] >= ' ' && name.ptr[n] != 0x7f)
        n++;
    return n ? str_slice(name, 0, n) : STR("unknown");
}

static void check_manager(struct call *c, struct str manager, struct field_errors *errs)
{
    if (manager.len > MANAGER_BYTES_MAX)
        field_error_add(c->a, errs, FIELD_TOO_LONG, STR("fieldManager"), val_string(c->a, manager),
                        STR("128"));
    for (size_t i = 0; i < manager.len; i++) {
        unsigned char byte = (unsigned char)manager.ptr[i];

        if (byte < ' ' || byte == 0x7f)
            field_error_add(
                c->a, errs, FIELD_INVALID, STR("fieldManager"), val_string(c->a, manager),
                str_printf(c->a, "invalid character U+%04X (at position %zu)", byte, i));
    }
}

static void check_dry_run(struct call *c, struct field_errors *errs)
{
    struct seq_builder values;
    bool bad = false;

    seq_builder_init(&values, c->a);
    for (size_t i = 0; i < c->query.count; i++) {
        const struct query_item *item = &c->query.items[i];

        if (!str_is(item->key, "dryRun") || !item->value.len)
            continue;
        seq_builder_add(&values, val_string(c->a, item->value));
        if (str_is(item->value, "All"))
            c->dry_run = true;
        else
            bad = true;
    }
    if (bad)
        field_error_add(c->a, errs, FIELD_NOT_SUPPORTED, STR("dryRun"),
                        seq_builder_done(&values, NULL), STR("supported values: \"All\""));
}

struct err *write_options_parse(struct call *c, enum write_kind kind, struct write_options *ret)
{
    struct str manager = query_get(&c->query, "fieldManager");
    struct str validation = query_get(&c->query, "fieldValidation");
    struct gvk gvk = { STR("meta.k8s.io"), STR("v1"), str_from_cstr(options_kind(kind)) };
    struct field_errors errs = { 0 };
    struct err *e;

    if (kind == WRITE_APPLY && !manager.len)
        field_error_add(c->a, &errs, FIELD_REQUIRED, STR("fieldManager"), NULL,
                        STR("is required for apply patch"));
    if (kind == WRITE_PATCH && query_has(&c->query, "force"))
        field_error_add(c->a, &errs, FIELD_FORBIDDEN, STR("force"), NULL,
                        STR("may not be specified for non-apply patch"));
    check_manager(c, manager, &errs);
    check_dry_run(c, &errs);
    if (!str_is(validation, "") && !str_is(validation, "Ignore") && !str_is(validation, "Warn") &&
        !str_is(validation, "Strict"))
        field_error_add(c->a, &errs, FIELD_NOT_SUPPORTED, STR("fieldValidation"),
                        val_string(c->a, validation),
                        STR("supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""));
    if (TRY(&e, status_invalid(c->a, &gvk, STR(""), &errs)))
        return e;
    ret->manager = manager.len ? manager : manager_of_agent(c->req->user_agent);
    return field_validation_parse(c->a, validation, gvk.kind, &ret->validation);
}

struct prepare_call write_prepare_call(struct call *c, const struct write_options *options,
                                       const struct storage_reader *reader)
{
    const struct api_resource *res = c->resource;
    struct prepare_call p = {
        .resource = res,
        .subresource = c->route.subresource,
        .ns = res->namespaced ? c->route.ns : STR(""),
        .name = c->route.name,
        .writer = { .manager = options->manager,
                    .api_version = api_version_format(c->a, res->gvk.group, res->gvk.version),
                    .now = clock_wall(&c->s->clock) },
        .uid = storage_uid(c->s, c->a),
        .reader = &reader->port,
        .warnings = &c->warnings,
    };

    random_fill(&c->s->random, &p.random, sizeof p.random);
    return p;
}

bool write_is_race(const struct err *e)
{
    return e && !e->status &&
           (e->code == ERR_CONFLICT || e->code == ERR_ALREADY_EXISTS || e->code == ERR_NOT_FOUND);
}

struct err *write_commit(struct call *c, const struct prepare_result *result, int64_t live_revision,
                         const struct val **ret_object)
{
    struct storage_write w = {
        .resource = c->resource,
        .ns = val_at_str(result->object, "metadata.namespace"),
        .name = val_at_str(result->object, "metadata.name"),
        .object = result->object,
        .remove = result->action == PREPARE_REMOVE,
        .expected = live_revision,
        .dry_run = c->dry_run,
    };
    int64_t revision = live_revision;
    struct err *e;

    if (result->action != PREPARE_NOTHING && TRY(&e, storage_commit(c->s, c->r, &w, &revision)))
        /* Clients know this limit by the words of the store that kube stands on. */
        return e->code == ERR_TOO_LARGE ? status_untyped(c->a, "etcdserver: request is too large")
                                        : e;
    if (revision == 0) /* a dry run of a create has no version yet */
        *ret_object = val_without_at(c->a, result->object, "metadata.resourceVersion");
    else
        *ret_object = storage_with_revision(c->a, result->object, revision);
    return NULL;
}
