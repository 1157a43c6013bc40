/* SPDX-License-Identifier: Apache-2.0 */
/* Charts in OCI registries: which manifest, which layer, with whose credentials. */
#include <assert.h>

#include "app/charts/work.h"
#include "base/limits.h"
#include "value/json.h"

/* A repository of a registry that was opened for one chart. */
struct opened {
    struct registry_remote remote;
    struct registry_pass pass;
};

static struct err *find_in_config(const struct work *w, struct str path, struct str registry,
                                  struct oci_credentials *ret)
{
    const struct files *files = &w->tools->files;
    const struct val *config;
    struct str text;
    struct err *e;

    *ret = (struct oci_credentials){ .username = STR("") };
    if (path.len == 0)
        return NULL;
    e = files->ops->read(files->self, w->arena, path, LIMIT_CONFIG_FILE_BYTES, &text);
    if (e)
        return e->code == ERR_NOT_FOUND ? NULL : e;
    if (TRY(&e, docker_config_read(w->arena, text, path, &config)) ||
        TRY(&e, docker_config_find(w->arena, config, registry, ret)))
        return e;
    return ret->helper.len > 0 ? credential_program_get(w, ret->helper, registry, ret) : NULL;
}

/* Those of the command line, else those of helm's own file, else docker's. */
static struct err *find_credentials(const struct work *w, struct str registry,
                                    struct oci_credentials *ret)
{
    const struct chart_access *access = &w->request->access;
    struct err *e;

    *ret = (struct oci_credentials){ .username = access->username, .password = access->password };
    if (access->username.len > 0 && secret_is_set(access->password))
        return NULL;
    if (TRY(&e, find_in_config(w, w->request->homes.registry_config, registry, ret)))
        return e;
    return oci_has_credentials(ret)
               ? NULL
               : find_in_config(w, w->request->homes.docker_config, registry, ret);
}

static struct err *open_repository(const struct work *w, const struct oci_reference *reference,
                                   struct opened *ret)
{
    struct fetch_access access = fetch_access_of_request(w, STR(""));
    struct err *e;

    *ret = (struct opened){ .remote = { .repository = *reference } };
    ret->remote.plain_http = w->request->access.plain_http;
    ret->remote.pass = &ret->pass;
    if (TRY(&e, find_credentials(w, reference->registry, &ret->remote.credentials)))
        return e;
    return fetch_tls(w, &access, &ret->remote.tls);
}

static struct err *read_manifest(const struct work *w, const struct opened *o, struct str reference,
                                 struct registry_document *ret, struct oci_manifest *ret_manifest)
{
    const struct registry *registry = &w->tools->registry;
    struct err *e;

    if (TRY(&e, registry->ops->manifest(registry->self, w->run, &o->remote, reference, ret)))
        return err_wrap(w->arena, e, "failed to perform \"FetchReference\" on source");
    return oci_manifest_read(w->arena, ret->bytes, ret->media_type, ret->digest, ret_manifest);
}

/* The parts that a manifest, or the manifests of an index, lead to. Docker's own formats are none of a chart's. */
static struct err *find_parts(const struct work *w, const struct opened *o, struct str reference,
                              bool provenance, struct helm_oci_parts *ret, struct str *ret_digest)
{
    struct registry_document document;
    struct oci_manifest manifest;
    size_t seen = 1;
    struct err *e;

    if (TRY(&e, read_manifest(w, o, reference, &document, &manifest)))
        return e;
    *ret_digest = document.digest;
    if (str_is(document.media_type, OCI_MEDIA_MANIFEST))
        helm_oci_parts_take(&manifest, ret);
    else if (!str_is(document.media_type, OCI_MEDIA_INDEX))
        seen = 0;
    for (size_t i = 0; seen > 0 && manifest.is_index && i < manifest.items.count; i++) {
        const struct oci_descriptor *d = &manifest.items.items[i];
        struct oci_manifest *inner = ARENA_NEW(w->arena, struct oci_manifest);

        if (!str_is(d->media_type, OCI_MEDIA_MANIFEST))
            continue;
        if (seen++ > LIMIT_OCI_INDEX_MANIFESTS)
            return err_new(w->arena, ERR_TOO_LARGE, "%.*s: more than %u manifests in one index",
                           STR_ARG(document.digest), LIMIT_OCI_INDEX_MANIFESTS);
        if (TRY(&e, read_manifest(w, o, d->digest, &document, inner)))
            return e;
        helm_oci_parts_take(inner, ret);
    }
    return helm_oci_parts_check(w->arena, ret, seen, provenance);
}

static struct err *fetch_part(const struct work *w, const struct opened *o,
                              const struct oci_descriptor *d, size_t max, struct str *ret)
{
    const struct registry *registry = &w->tools->registry;
    struct err *e;

    if (TRY(&e, registry->ops->blob(registry->self, w->run, &o->remote, d, max, ret)))
        return err_wrap(w->arena, e, "failed to perform \"Fetch\" on source");
    return NULL;
}

static void tell_moved(const struct work *w, const char *how, struct str reference,
                       struct str digest)
{
    work_tell(w, w->oci_stream, "%s: %.*s\nDigest: %.*s\n", how, STR_ARG(reference),
              STR_ARG(digest));
    if (str_find_byte(reference, '_', 0) == SIZE_MAX)
        return;
    work_tell(w, w->oci_stream,
              "%.*s contains an underscore.\n\n"
              "OCI artifact references (e.g. tags) do not support the plus sign (+). To support\n"
              "storing semantic versions, Helm adopts the convention of changing plus (+) to\n"
              "an underscore (_) in chart version tags when pushing to a registry and back to\n"
              "a plus (+) when pulling from a registry.\n",
              STR_ARG(reference));
}

struct err *registry_chart(const struct work *w, struct str reference, bool provenance,
                           struct str *ret)
{
    struct helm_oci_parts parts = { .config = NULL };
    struct helm_oci_reference r;
    struct str config, digest, shown, name;
    const struct val *metadata;
    struct opened o;
    struct err *e;

    if (TRY(&e, helm_oci_reference_parse(w->arena, reference, &r)))
        return e;
    name = r.oci.reference.len > 0 ? r.oci.reference : r.digest;
    if (name.len == 0)
        return err_new(w->arena, ERR_INVALID,
                       "failed to perform \"FetchReference\" on source: invalid reference");
    shown = r.oci.reference.len > 0
                ? oci_reference_format(w->arena, &r.oci)
                : str_printf(w->arena, "%.*s@%.*s", STR_ARG(oci_reference_format(w->arena, &r.oci)),
                             STR_ARG(r.digest));
    if (r.oci.reference.len == 0 && !oci_is_digest(r.digest))
        return err_new(w->arena, ERR_INVALID, "invalid reference: invalid digest \"%.*s\"",
                       STR_ARG(r.digest));
    if (TRY(&e, open_repository(w, &r.oci, &o)) ||
        TRY(&e, find_parts(w, &o, name, provenance, &parts, &digest)))
        return e;
    const struct oci_descriptor *part = provenance ? parts.provenance : parts.chart;
    assert(parts.config && part); /* they were checked */
    if (parts.is_old)
        work_tell(w, w->oci_stream, "Warning: chart media type %s is deprecated\n",
                  HELM_MEDIA_CHART_OLD);
    if (TRY(&e, fetch_part(w, &o, parts.config, LIMIT_OCI_DOCUMENT_BYTES, &config)) ||
        TRY(&e, json_read(w->arena, config, parts.config->digest, JSON_READ_LAST_KEY_WINS,
                          &metadata)) ||
        TRY(&e, fetch_part(w, &o, part, LIMIT_CHART_BYTES, ret)))
        return e;
    tell_moved(w, "Pulled", shown, digest);
    return NULL;
}

struct err *registry_versions(const struct work *w, struct str reference, struct helm_versions *ret)
{
    const struct registry *registry = &w->tools->registry;
    struct registry_tags tags;
    struct helm_oci_reference r;
    struct opened o;
    struct err *e;

    if (TRY(&e, helm_oci_reference_parse(w->arena, reference, &r)) ||
        TRY(&e, open_repository(w, &r.oci, &o)) ||
        TRY(&e, registry->ops->tags(registry->self, w->run, &o.remote, &tags)))
        return e;
    helm_oci_versions(w->arena, tags.items, tags.count, ret);
    return NULL;
}

/* repository@digest; a version that is given too must be a tag of it, if it is a tag at all. */
static struct err *place_by_digest(const struct work *w, const struct helm_oci_reference *r,
                                   struct str version, struct url *url, struct str *ret_digest)
{
    const struct registry *registry = &w->tools->registry;
    struct helm_oci_reference tagged;
    struct str found;
    struct opened o;
    struct err *e;

    if (version.len == 0)
        return NULL;
    url->path = str_printf(w->arena, "%.*s@%.*s", STR_ARG(r->oci.repository), STR_ARG(r->digest));
    struct str text = str_printf(w->arena, "%.*s/%.*s:%.*s", STR_ARG(r->oci.registry),
                                 STR_ARG(r->oci.repository), STR_ARG(version));
    if (helm_oci_reference_parse(w->arena, text, &tagged))
        return NULL;
    if (TRY(&e, open_repository(w, &tagged.oci, &o)))
        return e;
    if (registry->ops->resolve(registry->self, w->run, &o.remote, tagged.oci.reference, &found))
        return NULL; /* what has a digest needs no tag */
    if (!str_eq(found, r->digest))
        return err_new(w->arena, ERR_INVALID, "chart reference digest mismatch: %.*s is not %.*s",
                       STR_ARG(found), STR_ARG(r->digest));
    *ret_digest = found;
    return NULL;
}

struct err *registry_place(const struct work *w, struct str reference, struct str version,
                           struct url *url, struct str *ret_digest)
{
    struct arena *a = w->arena;
    struct helm_versions versions;
    struct helm_oci_reference r;
    struct semver parsed;
    struct str tag;
    struct err *e;

    *ret_digest = STR("");
    if (TRY(&e, helm_oci_reference_parse(a, str_concat(a, url->host, url->path), &r)))
        return e;
    if (version.len == 0)
        version = r.oci.reference;
    else if (r.oci.reference.len > 0 && !str_eq(r.oci.reference, version))
        return err_new(a, ERR_INVALID, "chart reference and version mismatch: %.*s is not %.*s",
                       STR_ARG(version), STR_ARG(r.oci.reference));
    if (r.digest.len > 0)
        return place_by_digest(w, &r, version, url, ret_digest);
    tag = version;
    if (semver_parse(version, &parsed)) {
        if (TRY(&e, registry_versions(w, reference, &versions)))
            return e;
        if (versions.count == 0)
            return err_new(a, ERR_NOT_FOUND,
                           "unable to locate any tags in provided repository: %.*s",
                           STR_ARG(reference));
        if (TRY(&e, helm_oci_choose(a, &versions, version, &tag)))
            return e;
    }
    url->path = str_printf(a, "%.*s:%.*s", STR_ARG(r.oci.repository), STR_ARG(tag));
    return NULL;
}

struct err *registry_push(const struct work *w, const struct helm_oci_reference *reference,
                          const struct helm_oci_image *image)
{
    const struct registry *registry = &w->tools->registry;
    struct opened o;
    struct err *e;

    if (TRY(&e, open_repository(w, &reference->oci, &o)))
        return e;
    for (size_t i = 0; i < image->blob_count; i++)
        if (TRY(&e, registry->ops->push_blob(registry->self, w->run, &o.remote,
                                             &image->blobs[i].descriptor, image->blobs[i].bytes)))
            return e;
    if (TRY(&e, registry->ops->push_manifest(registry->self, w->run, &o.remote,
                                             reference->oci.reference, image->manifest)))
        return e;
    tell_moved(w, "Pushed", oci_reference_format(w->arena, &reference->oci), image->digest);
    return NULL;
}
