/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ports/driving/charts.h - charts of repositories and registries, and the dependencies of a chart, as helm's commands do.
 *
 * Calls block. What they tell on their way goes to the report at once. Implementation: app/charts.
 */
#ifndef PORTS_DRIVING_CHARTS_H
#define PORTS_DRIVING_CHARTS_H

#include "base/run.h"
#include "base/secret.h"

/* Where helm keeps what it knows; paths of files and folders. */
struct chart_homes {
    struct str repositories;     /* repositories.yaml */
    struct str repository_cache; /* folder of indexes */
    struct str content_cache;    /* folder of charts by digest */
    struct str registry_config;  /* helm's config.json with credentials of registries */
    struct str docker_config;    /* docker's, asked second */
};

/* Who we are for the other side, and how it is reached. */
struct chart_access {
    struct str username;
    struct secret password;
    struct str ca_file; /* paths of PEM files; "": none */
    struct str cert_file;
    struct str key_file;
    bool pass_credentials; /* to other hosts than the repository's too */
    bool skip_verify;
    bool plain_http; /* registries are spoken to without TLS */
};

/* stream 1 is data, 2 progress and warnings; lines end in a newline. */
struct chart_report {
    void (*tell)(void *self, int stream, struct str text);
    void *self;
};

struct chart_request {
    struct chart_homes homes;
    struct chart_access access;
    struct chart_report report;
    struct str repository; /* URL of the repository that has the chart; "": the chart's name says */
    struct str version;    /* version or constraint; "": the newest release */
};

struct chart_pull {
    struct str folder;       /* where the archive or, unpacked, the chart goes */
    struct str untar_folder; /* below `folder`, unless absolute */
    bool untar;
    bool with_provenance; /* its .prov file too, unchecked */
    bool
        verify; /* the .prov file too, and nothing is written unless a key in `keyring` signed it */
    struct str keyring; /* file of public keys */
};

struct chart_dependencies {
    struct str folder; /* of the chart */
    bool skip_refresh; /* indexes in the cache are new enough */
};

/* A repository as it was given a name; paths and secrets are in request->access. */
struct chart_repository {
    struct str name;
    struct str url;
};

struct chart_repositories {
    struct chart_repository *items;
    size_t count;
    size_t cap;
};

struct chart_index {
    struct str folder; /* with archives, also in the folders below it; gets index.yaml */
    struct str url;    /* where they will be; "": beside the index */
    struct str merge;  /* an index to take more versions from; "": none */
    bool as_json;
};

struct charts_ops {
    /* `chart`: NAME with request->repository, REPOSITORY/NAME, a URL, oci://... ERR_* in helm's words. */
    struct err *(*pull)(void *self, struct run *r, const struct chart_request *request,
                        struct str chart, const struct chart_pull *how);
    /* An archive of this machine and the .prov file beside it, against a file of public keys. ERR_FORBIDDEN, ERR_INVALID. */
    struct err *(*verify)(void *self, struct run *r, const struct chart_request *request,
                          struct str file, struct str keyring);
    /* The same chart in the content cache, fetched if it is not there; *ret is the archive's path. */
    struct err *(*locate)(void *self, struct run *r, const struct chart_request *request,
                          struct str chart, struct str *ret);
    /* charts/ as Chart.lock says, or as update does where there is none. */
    struct err *(*dependency_build)(void *self, struct run *r, const struct chart_request *request,
                                    const struct chart_dependencies *how);
    /* charts/ and Chart.lock as Chart.yaml says. */
    struct err *(*dependency_update)(void *self, struct run *r, const struct chart_request *request,
                                     const struct chart_dependencies *how);
    /* Gives a repository a name, once its index was read. ERR_ALREADY_EXISTS: another one has it and `replace` is not set. */
    struct err *(*repository_add)(void *self, struct run *r, const struct chart_request *request,
                                  const struct chart_repository *repository, bool replace);
    /* ERR_NOT_FOUND. */
    struct err *(*repository_remove)(void *self, struct run *r, const struct chart_request *request,
                                     const struct str *names, size_t count);
    /* Fetches the indexes of these; count 0: of all. ERR_UNAVAILABLE: some could not be had, which was told. */
    struct err *(*repository_update)(void *self, struct run *r, const struct chart_request *request,
                                     const struct str *names, size_t count);
    struct err *(*repositories)(void *self, struct run *r, const struct chart_request *request,
                                struct chart_repositories *ret);
    struct err *(*repository_index)(void *self, struct run *r, const struct chart_request *request,
                                    const struct chart_index *how);
};

struct charts {
    const struct charts_ops *ops; /* no entry is NULL */
    void *self;
};

#endif
