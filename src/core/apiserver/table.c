/* SPDX-License-Identifier: Apache-2.0 */
#include "core/apiserver/table.h"

#include "core/apiserver/crd.h"
#include "core/apiserver/jsonpath.h"
#include "core/apiserver/table_columns.h"
#include "value/json.h"

struct err *include_object_parse(struct arena *a, struct str text, enum include_object *ret)
{
    if (!text.len || str_is(text, "Metadata")) {
        *ret = INCLUDE_METADATA;
    } else if (str_is(text, "None")) {
        *ret = INCLUDE_NONE;
    } else if (str_is(text, "Object")) {
        *ret = INCLUDE_OBJECT;
    } else {
        return status_bad_request(a, "unrecognized includeObject value: %.*s", STR_ARG(text));
    }
    return NULL;
}

/* ---- metadata alone ---- */

static struct str meta_version(struct arena *a, struct str version)
{
    return str_printf(a, "meta.k8s.io/%.*s", STR_ARG(version));
}

const struct val *partial_metadata_of(struct arena *a, const struct val *object, struct str version)
{
    const struct val *meta = val_get(object, STR("metadata"));
    const struct val *annotations = val_get(meta, STR("annotations"));
    struct str counter = STR("deprecated.daemonset.template.generation");

    /* Printed with the whole object only: Kubernetes keeps it in a field that metadata does not show. */
    if (val_get(annotations, counter)) {
        annotations = val_without(a, annotations, counter);
        meta = annotations->count ? val_with(a, meta, STR("annotations"), annotations)
                                  : val_without(a, meta, STR("annotations"));
    }
    return val_map_of(a, "kind", val_cstring(a, "PartialObjectMetadata"), "apiVersion",
                      val_string(a, meta_version(a, version)), "metadata",
                      meta ? meta : &val_empty_map, NULL);
}

const struct val *partial_metadata_list(struct arena *a, const struct val *const *objects,
                                        size_t count, const struct val *list_meta,
                                        struct str version)
{
    struct seq_builder b;

    seq_builder_init(&b, a);
    for (size_t i = 0; i < count; i++)
        seq_builder_add(&b, partial_metadata_of(a, objects[i], version));
    return val_map_of(a, "kind", val_cstring(a, "PartialObjectMetadataList"), "apiVersion",
                      val_string(a, meta_version(a, version)), "metadata",
                      list_meta ? list_meta : &val_empty_map, "items", seq_builder_done(&b, NULL),
                      NULL);
}

/* ---- columns ---- */

static const struct val *column(struct arena *a, struct str name, struct str type,
                                struct str format, int priority)
{
    return val_map_of(a, "name", val_string(a, name), "type", val_string(a, type), "format",
                      val_string(a, format), "description", &val_empty_string, "priority",
                      val_int(a, priority), NULL);
}

static bool is_event(const struct api_resource *r)
{
    return !r->crd && str_is(r->gvk.kind, "Event");
}

static const struct val *columns_of(struct arena *a, const struct api_resource *r)
{
    const struct table_kind *kind = table_kind_of(r);
    struct seq_builder b;

    seq_builder_init(&b, a);
    if (!is_event(r))
        seq_builder_add(&b, column(a, STR("Name"), STR("string"), STR("name"), 0));
    for (size_t i = 0; r->crd && i < r->crd->column_count; i++) {
        const struct crd_column *c = &r->crd->columns[i];

        seq_builder_add(&b, val_with(a, column(a, c->name, c->type, c->format, c->priority),
                                     STR("description"), val_string(a, c->description)));
    }
    for (size_t i = 0; !r->crd && i < kind->count; i++)
        seq_builder_add(&b, column(a, kind->columns[i].name, kind->columns[i].type,
                                   str_is(kind->columns[i].name, "Name") ? STR("name") : STR(""),
                                   kind->columns[i].priority));
    return seq_builder_done(&b, NULL);
}

/* ---- cells of custom resources ---- */

static const struct val *custom_scalar(struct arena *a, const struct crd_column *c,
                                       const struct val *v, struct wall_time now)
{
    struct wall_time t;
    int64_t n;

    if (str_is(c->type, "integer"))
        return val_to_int64(v, &n) ? val_int(a, n) : &val_null;
    if (str_is(c->type, "number"))
        return v->kind == VAL_INT || v->kind == VAL_FLOAT ? v : &val_null;
    if (str_is(c->type, "boolean"))
        return v->kind == VAL_BOOL ? v : &val_null;
    if (str_is(c->type, "date"))
        return wall_time_parse(val_str(v), &t) ? val_string(a, age_format(a, now.ns - t.ns))
                                               : val_cstring(a, "<invalid>");
    if (v->kind == VAL_STRING)
        return v;
    return val_string(a, json_string(a, v, JSON_SORTED));
}

static const struct val *custom_cell(struct arena *a, const struct crd_column *c,
                                     const struct val *object, struct wall_time now)
{
    struct jsonpath_matches found = { 0 };

    if (!jsonpath_find(a, object, c->json_path, &found) || !found.count)
        return &val_null;
    /* Only the first is shown. */
    return custom_scalar(a, c, found.items[0], now);
}

/* ---- rows ---- */

static const struct val *cells_of(struct arena *a, const struct api_resource *r,
                                  const struct val *object, struct wall_time now)
{
    const struct table_kind *kind = table_kind_of(r);
    struct seq_builder b;

    seq_builder_init(&b, a);
    if (!is_event(r))
        seq_builder_add(&b, val_string(a, val_at_str(object, "metadata.name")));
    for (size_t i = 0; r->crd && i < r->crd->column_count; i++)
        seq_builder_add(&b, custom_cell(a, &r->crd->columns[i], object, now));
    for (size_t i = 0; !r->crd && i < kind->count; i++) {
        struct cell_call call = { a, object, now, kind->columns[i].arg };

        seq_builder_add(&b, kind->columns[i].cell(&call));
    }
    return seq_builder_done(&b, NULL);
}

/* Finished pods are marked so that clients can hide them. */
static const struct val *conditions_of(struct arena *a, const struct api_resource *r,
                                       const struct val *object)
{
    struct str phase = val_at_str(object, "status.phase");
    const struct val *condition;

    if (r->crd || !str_is(r->gvk.kind, "Pod") ||
        (!str_is(phase, "Succeeded") && !str_is(phase, "Failed")))
        return NULL;
    condition = val_map_of(a, "type", val_cstring(a, "Completed"), "status", val_cstring(a, "True"),
                           "reason", val_string(a, phase), "message",
                           val_cstring(a, str_is(phase, "Failed") ? "The pod failed."
                                                                  : "The pod has completed "
                                                                    "successfully."),
                           NULL);
    return val_seq(a, &condition, 1);
}

static const struct val *object_of(struct arena *a, const struct val *object,
                                   const struct table_options *options)
{
    switch (options->include) {
    case INCLUDE_NONE:
        return &val_null;
    case INCLUDE_OBJECT:
        return object;
    case INCLUDE_METADATA:
        break;
    }
    return partial_metadata_of(a, object, options->version);
}

const struct val *table_of(struct arena *a, const struct api_resource *r,
                           const struct val *const *objects, size_t count,
                           const struct val *list_meta, const struct table_options *options)
{
    struct seq_builder rows;

    seq_builder_init(&rows, a);
    for (size_t i = 0; i < count; i++)
        seq_builder_add(&rows, val_map_of(a, "cells", cells_of(a, r, objects[i], options->now),
                                          "conditions", conditions_of(a, r, objects[i]), "object",
                                          object_of(a, objects[i], options), NULL));
    if (list_meta && !val_get_str(list_meta, "continue").len)
        list_meta = val_without(a, list_meta, STR("continue"));
    return val_map_of(a, "kind", val_cstring(a, "Table"), "apiVersion",
                      val_string(a, meta_version(a, options->version)), "metadata",
                      list_meta ? list_meta : &val_empty_map, "columnDefinitions",
                      options->no_headers ? &val_null : columns_of(a, r), "rows",
                      seq_builder_done(&rows, NULL), NULL);
}
