/* SPDX-License-Identifier: Apache-2.0 */
/* app/charts/work.h - one call of the charts port and what its steps share. Private to app/charts. */
#ifndef APP_CHARTS_WORK_H
#define APP_CHARTS_WORK_H

#include "app/charts/charts.h"
#include "core/helm/oci_push.h"
#include "core/helm/repositories.h"
#include "core/helm/repository_index.h"
#include "core/url/url.h"

struct work {
    const struct chart_tools *tools;
    struct run *run;
    struct arena *arena; /* the run's */
    const struct chart_request *request;
    int oci_stream; /* where "Pulled: ..." is told */
};

void work_tell(const struct work *w, int stream, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A value in a line of helm's log: quoted where it has to be. */
struct str work_log_value(struct arena *a, struct str value);

/* ---- credential_program.c: docker-credential-<name> of the user's configuration ---- */

/* None: *ret is empty. ERR_NOT_FOUND: no such program; ERR_UNAUTHORIZED: it says no. */
MUST_CHECK struct err *credential_program_get(const struct work *w, struct str name,
                                              struct str registry, struct oci_credentials *ret);
MUST_CHECK struct err *credential_program_store(const struct work *w, struct str name,
                                                struct str registry,
                                                const struct oci_credentials *c);
MUST_CHECK struct err *credential_program_erase(const struct work *w, struct str name,
                                                struct str registry);

/* ---- verify.c ---- */

struct signed_chart {
    struct str file_name; /* that the provenance names */
    struct str archive;
    struct str provenance; /* the .prov file */
};

/* Tells who signed it. ERR_FORBIDDEN: nobody in the keyring; ERR_INVALID: for another archive; ERR_NOT_FOUND: no keyring, no gpgv. */
MUST_CHECK struct err *chart_verify(const struct work *w, const struct signed_chart *chart,
                                    struct str keyring);
/* The same of an archive with its .prov file beside it. */
MUST_CHECK struct err *chart_verify_file(const struct work *w, struct str file, struct str keyring);

/* ---- push.c ---- */

MUST_CHECK struct err *chart_push(const struct work *w, struct str file, struct str remote);

/* ---- fetch.c ---- */

/* How one server is spoken to. */
struct fetch_access {
    struct str origin; /* URL of the repository: credentials go to its scheme and host alone */
    struct str username;
    struct secret password;
    struct str ca_file;
    struct str cert_file;
    struct str key_file;
    bool pass_credentials;
    bool skip_verify;
};

struct fetch_access fetch_access_of_request(const struct work *w, struct str origin);
struct fetch_access fetch_access_of_repository(const struct helm_repository *r);

/* PEM files read. ERR_INVALID: can't create TLS config for client: ... */
MUST_CHECK struct err *fetch_tls(const struct work *w, const struct fetch_access *access,
                                 struct http_tls *ret);

/* A document over http or https. ERR_NOT_FOUND, ERR_UNAUTHORIZED, ...: failed to fetch URL : 404 Not Found. */
MUST_CHECK struct err *fetch_document(const struct work *w, const struct fetch_access *access,
                                      struct str url, size_t max, struct str *ret);

/* ---- registries.c ---- */

/* The archive, or with `provenance` the .prov file, of a chart: host/path:tag or host/path@digest. */
MUST_CHECK struct err *registry_chart(const struct work *w, struct str reference, bool provenance,
                                      struct str *ret);
/* Its versions, the highest first. */
MUST_CHECK struct err *registry_push(const struct work *w,
                                     const struct helm_oci_reference *reference,
                                     const struct helm_oci_image *image);
MUST_CHECK struct err *registry_versions(const struct work *w, struct str reference,
                                         struct helm_versions *ret);
/* The tag or digest that a reference and a wanted version mean, put into the URL. *ret_digest: of the manifest, or "". */
MUST_CHECK struct err *registry_place(const struct work *w, struct str reference,
                                      struct str version, struct url *url, struct str *ret_digest);

/* ---- repositories.c ---- */

/* repositories.yaml; none where there is no file. */
MUST_CHECK struct err *repositories_load(const struct work *w, struct helm_repositories *ret);
/* Removes the cached index of a repository. */
MUST_CHECK struct err *index_forget(const struct work *w, struct str name);
/* The index that a repository had when it was asked last. ERR_NOT_FOUND. */
MUST_CHECK struct err *index_load(const struct work *w, struct str name, struct helm_index *ret);
/* Fetches it, and puts it into the cache under the repository's name; "": not. */
MUST_CHECK struct err *index_download(const struct work *w, const struct helm_repository *r,
                                      struct helm_index *ret);
/* The address of a chart in a repository that has no name here. */
MUST_CHECK struct err *repository_find_chart(const struct work *w,
                                             const struct fetch_access *access, struct str chart,
                                             struct str version, struct str *ret_url);
/* Of a chart in an index; tells where another version than the one asked for was taken. */
MUST_CHECK struct err *index_choose(const struct work *w, const struct helm_index *index,
                                    struct str chart, struct str version,
                                    const struct helm_index_entry **ret);

/* ---- locate.c ---- */

/* Where a chart is and how it is fetched. */
struct place {
    struct url url;
    struct str digest; /* hexadecimal; "": not known before */
    struct fetch_access access;
};

/* `access` is what is known before the chart's repository is. */
MUST_CHECK struct err *place_find(const struct work *w, struct str chart, struct str version,
                                  const struct fetch_access *access, struct place *ret);
/* The archive, from the content cache where it is there by digest. */
MUST_CHECK struct err *place_fetch(const struct work *w, const struct place *p, struct str *ret);
MUST_CHECK struct err *place_fetch_provenance(const struct work *w, const struct place *p,
                                              struct str *ret);
/* "web-1.2.3.tgz" */
struct str place_file_name(struct arena *a, const struct place *p);

/* ---- the operations ---- */
MUST_CHECK struct err *chart_pull(const struct work *w, struct str chart,
                                  const struct chart_pull *how);
MUST_CHECK struct err *chart_locate(const struct work *w, struct str chart, struct str *ret);
MUST_CHECK struct err *dependency_build(const struct work *w, const struct chart_dependencies *how);
MUST_CHECK struct err *dependency_update(const struct work *w,
                                         const struct chart_dependencies *how);
MUST_CHECK struct err *repository_add(const struct work *w,
                                      const struct chart_repository *repository, bool replace);
MUST_CHECK struct err *repository_remove(const struct work *w, const struct str *names,
                                         size_t count);
MUST_CHECK struct err *repository_update(const struct work *w, const struct str *names,
                                         size_t count);
MUST_CHECK struct err *repository_index(const struct work *w, const struct chart_index *how);
MUST_CHECK struct err *registry_login(const struct work *w, struct str host);
MUST_CHECK struct err *registry_logout(const struct work *w, struct str host);

#endif
