/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/get_table.h"

#include "cli/listing.h"

enum value {
    VALUE_NONE,
    VALUE_TEXT, /* at a path */
    VALUE_ID,   /* at a path, long hexadecimal ids cut */
    VALUE_RELEASE,
    VALUE_SOURCE,
    VALUE_SUSPENDED,
};

/* Between the name and READY, MESSAGE. */
struct column {
    const char *header;
    enum value value;
    const char *path;
};

enum { COLUMNS_MAX = 3 };

#define SUSPENDED { "Suspended", VALUE_SUSPENDED, "spec.suspend" }
#define ARTIFACT { { "Revision", VALUE_ID, "status.artifact.revision" }, SUSPENDED }

static const struct column layouts[FLUX_KIND_COUNT][COLUMNS_MAX] = {
    [FLUX_OCI_REPOSITORY] = ARTIFACT,
    [FLUX_BUCKET] = ARTIFACT,
    [FLUX_GIT_REPOSITORY] = ARTIFACT,
    [FLUX_HELM_REPOSITORY] = ARTIFACT,
    [FLUX_HELM_CHART] = { { "Revision", VALUE_TEXT, "status.artifact.revision" }, SUSPENDED },
    [FLUX_EXTERNAL_ARTIFACT] = { { "Revision", VALUE_ID, "status.artifact.revision" },
                                 { "Source", VALUE_SOURCE, "spec.sourceRef" } },
    [FLUX_IMAGE_REPOSITORY] = { { "Last scan", VALUE_TEXT, "status.lastScanResult.scanTime" },
                                SUSPENDED },
    [FLUX_IMAGE_POLICY] = { { "Image", VALUE_TEXT, "status.latestRef.name" },
                            { "Tag", VALUE_TEXT, "status.latestRef.tag" } },
    [FLUX_IMAGE_UPDATE_AUTOMATION] = { { "Last run", VALUE_TEXT, "status.lastAutomationRunTime" },
                                       SUSPENDED },
    [FLUX_HELM_RELEASE] = { { "Revision", VALUE_RELEASE, "" }, SUSPENDED },
    [FLUX_KUSTOMIZATION] = { { "Revision", VALUE_ID, "status.lastAppliedRevision" }, SUSPENDED },
    [FLUX_RECEIVER] = { SUSPENDED },
    [FLUX_PROVIDER] = { { NULL, VALUE_NONE, NULL } },
    [FLUX_ALERT] = { SUSPENDED },
    [FLUX_ARTIFACT_GENERATOR] = { SUSPENDED },
};

static const struct column *layout_of(const struct get_table *g)
{
    return layouts[g->kind - flux_kinds];
}

/* "Kind/namespace/name" of a reference; the object's own namespace where it names none. */
static struct str source_text(struct arena *a, const struct val *object, const struct val *ref)
{
    struct str ns = val_get_str(ref, "namespace");

    if (!ref)
        return STR("");
    if (ns.len == 0)
        ns = val_at_str(object, "metadata.namespace");
    return str_printf(a, "%.*s/%.*s/%.*s", STR_ARG(val_get_str(ref, "kind")), STR_ARG(ns),
                      STR_ARG(val_get_str(ref, "name")));
}

static const struct val *source_ref(const struct get_table *g, const struct val *object)
{
    const struct val *chart = val_at(object, "spec.chartRef");

    if (g->kind != &flux_kinds[FLUX_HELM_RELEASE])
        return val_at(object, "spec.sourceRef");
    return chart ? chart : val_at(object, "spec.chart.spec.sourceRef");
}

static struct str value_of(struct arena *a, const struct val *object, const struct column *c)
{
    const struct val *release;

    switch (c->value) {
    case VALUE_NONE:
        break;
    case VALUE_TEXT:
        return val_at_str(object, c->path);
    case VALUE_ID:
        return listing_short(a, val_at_str(object, c->path));
    case VALUE_RELEASE:
        release = val_item(val_at(object, "status.history"), 0);
        return release ? val_get_str(release, "chartVersion")
                       : val_at_str(object, "status.lastAttemptedRevision");
    case VALUE_SOURCE:
        return source_text(a, object, val_at(object, c->path));
    case VALUE_SUSPENDED:
        return val_at_bool(object, c->path, false) ? STR("True") : STR("False");
    }
    return STR("");
}

/* Kinds whose objects are data have no condition: they are ready as soon as they are there. */
static void status_of(const struct get_table *g, const struct val *object, struct str *ret_status,
                      struct str *ret_message)
{
    *ret_status = STR("True");
    if (g->kind == &flux_kinds[FLUX_ALERT])
        *ret_message = STR("Alert is Ready");
    else if (g->kind == &flux_kinds[FLUX_PROVIDER])
        *ret_message = STR("Provider is Ready");
    else if (g->kind == &flux_kinds[FLUX_HELM_REPOSITORY] &&
             str_is(val_at_str(object, "spec.type"), "oci"))
        *ret_message = STR("Helm repository is Ready");
    else
        listing_status(object, ret_status, ret_message);
}

void get_table_columns(const struct get_table *g, struct text_table *t)
{
    const struct column *layout = layout_of(g);

    if (g->all_namespaces)
        text_table_column(t, "Namespace");
    text_table_column(t, "Name");
    if (g->with_source)
        text_table_column(t, "Source");
    for (size_t i = 0; i < COLUMNS_MAX && layout[i].header; i++)
        text_table_column(t, layout[i].header);
    text_table_column(t, "Ready");
    text_table_column(t, "Message");
    if (g->with_age)
        text_table_column(t, "Age");
}

void get_table_row(const struct get_table *g, struct text_table *t, const struct val *object,
                   bool gone)
{
    const struct column *layout = layout_of(g);
    struct arena *a = t->arena;
    struct table_row *row = text_table_row(t);
    struct str name = val_at_str(object, "metadata.name"), status, message;
    size_t c = 0;

    status_of(g, object, &status, &message);
    if (g->all_namespaces)
        row->cells[c++] = val_at_str(object, "metadata.namespace");
    if (g->with_kind)
        name = str_printf(a, "%.*s/%.*s", STR_ARG(str_lower(a, g->kind->gvk.kind)), STR_ARG(name));
    row->cells[c++] = name;
    if (g->with_source)
        row->cells[c++] = source_text(a, object, source_ref(g, object));
    for (size_t i = 0; i < COLUMNS_MAX && layout[i].header; i++)
        row->cells[c++] = value_of(a, object, &layout[i]);
    row->cells[c++] = status;
    row->cells[c++] = gone ? STR("deleted") : listing_short(a, message);
    if (g->with_age)
        row->cells[c++] = listing_age(a, g->now, val_at_str(object, "metadata.creationTimestamp"));
}
