/* SPDX-License-Identifier: Apache-2.0 */
#include "core/helm/oci_push.h"

#include "base/buf.h"
#include "foreign/digest.h"
#include "value/json.h"

#define OCI_KEY(name) "org.opencontainers.image." name

static struct helm_oci_blob blob_of(struct arena *a, const char *media_type, struct str bytes)
{
    struct str hex = digest_hex(a, DIGEST_SHA256, bytes);

    return (struct helm_oci_blob){ .descriptor = { .media_type = str_from_cstr(media_type),
                                                   .digest = str_concat(a, STR("sha256:"), hex),
                                                   .size = bytes.len },
                                   .bytes = bytes };
}

static const struct val *descriptor_value(struct arena *a, const struct oci_descriptor *d)
{
    return val_map_of(a, "mediaType", val_string(a, d->media_type), "digest",
                      val_string(a, d->digest), "size", val_int(a, (int64_t)d->size), NULL);
}

static void annotate(struct map_builder *b, const char *key, struct str value)
{
    if (str_trim(value).len > 0)
        (void)map_builder_set(b, str_from_cstr(key), val_string(b->arena, value));
}

/* "Ann (ann@example.com), Bob" */
static struct str authors(struct arena *a, const struct val *maintainers)
{
    struct buf out;

    buf_init(&out, a, 0);
    for (size_t i = 0; i < val_count(maintainers); i++) {
        const struct val *one = val_item(maintainers, i);
        struct str email = val_get_str(one, "email");

        buf_put(&out, val_get_str(one, "name"));
        if (email.len > 0)
            buf_printf(&out, " (%.*s)", STR_ARG(email));
        if (i + 1 < val_count(maintainers))
            buf_lit(&out, ", ");
    }
    return buf_str(&out);
}

/* What the chart says of itself; its own annotations beside it, but for name and version. */
static const struct val *annotations(struct arena *a, const struct helm_chart *c,
                                     struct wall_time created)
{
    const struct val *own = val_get(c->metadata, STR("annotations"));
    struct map_builder b;

    map_builder_init(&b, a);
    annotate(&b, OCI_KEY("description"), helm_chart_field(c, "description"));
    annotate(&b, OCI_KEY("title"), helm_chart_field(c, "name"));
    annotate(&b, OCI_KEY("version"), helm_chart_field(c, "version"));
    annotate(&b, OCI_KEY("url"), helm_chart_field(c, "home"));
    annotate(&b, OCI_KEY("created"), wall_time_format(a, created));
    annotate(&b, OCI_KEY("source"), val_str(val_item(val_get(c->metadata, STR("sources")), 0)));
    annotate(&b, OCI_KEY("authors"), authors(a, val_get(c->metadata, STR("maintainers"))));
    for (uint32_t i = 0; val_is(own, VAL_MAP) && i < own->count; i++)
        if (!str_is(own->fields[i].key, OCI_KEY("version")) &&
            !str_is(own->fields[i].key, OCI_KEY("title")))
            (void)map_builder_set(&b, own->fields[i].key, own->fields[i].value);
    return val_sorted(a, map_builder_done(&b, NULL));
}

void helm_oci_image_make(struct arena *a, const struct helm_chart *chart, struct str archive,
                         struct str provenance, struct wall_time created,
                         struct helm_oci_image *ret)
{
    struct str config = json_string(a, helm_metadata_shown(a, chart), JSON_ESCAPE_HTML);
    const struct val *layers[2];
    size_t first = 1, second = 2;

    *ret = (struct helm_oci_image){ .blob_count = provenance.ptr ? 3 : 2 };
    ret->blobs[0] = blob_of(a, HELM_MEDIA_CONFIG, config);
    ret->blobs[1] = blob_of(a, HELM_MEDIA_CHART, archive);
    if (provenance.ptr) {
        ret->blobs[2] = blob_of(a, HELM_MEDIA_PROVENANCE, provenance);
        if (str_cmp(ret->blobs[2].descriptor.digest, ret->blobs[1].descriptor.digest) < 0) {
            first = 2;
            second = 1;
        }
    }
    layers[0] = descriptor_value(a, &ret->blobs[first].descriptor);
    layers[1] = provenance.ptr ? descriptor_value(a, &ret->blobs[second].descriptor) : NULL;
    const struct val *manifest = val_map_of(a, "schemaVersion", val_int(a, 2), "config",
                                            descriptor_value(a, &ret->blobs[0].descriptor),
                                            "layers", val_seq(a, layers, ret->blob_count - 1),
                                            "annotations", annotations(a, chart, created), NULL);
    ret->manifest = json_string(a, manifest, JSON_ESCAPE_HTML);
    ret->digest = str_concat(a, STR("sha256:"), digest_hex(a, DIGEST_SHA256, ret->manifest));
}

struct err *helm_oci_push_reference(struct arena *a, const struct helm_chart *chart,
                                    struct str remote, struct helm_oci_reference *ret)
{
    struct str place = str_trim_prefix(remote, STR("oci://"));

    if (!helm_is_oci(remote))
        return err_new(a, ERR_INVALID,
                       "\"%.*s\": charts are pushed to registries alone: oci://REGISTRY/REPOSITORY",
                       STR_ARG(remote));
    while (str_has_suffix(place, STR("/")))
        place = str_trim_suffix(place, STR("/"));
    return helm_oci_reference_parse(a,
                                    str_printf(a, "%.*s/%.*s:%.*s", STR_ARG(place),
                                               STR_ARG(helm_chart_field(chart, "name")),
                                               STR_ARG(helm_chart_field(chart, "version"))),
                                    ret);
}
