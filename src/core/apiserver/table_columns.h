/* SPDX-License-Identifier: Apache-2.0 */
/* core/apiserver/table_columns.h - columns of built-in kinds, and the cells that take code; private to table*.c. */
#ifndef CORE_APISERVER_TABLE_COLUMNS_H
#define CORE_APISERVER_TABLE_COLUMNS_H

#include "core/apiserver/table.h"

struct cell_call {
    struct arena *arena;
    const struct val *object;
    struct wall_time now;
    struct str arg;
};

/* Never NULL. */
typedef const struct val *cell_fn(const struct cell_call *c);

struct table_column {
    struct str name;
    struct str type;
    int priority;
    cell_fn *cell;
    struct str arg; /* for the cell: mostly a path */
};

struct table_kind {
    struct str group;
    struct str kind;
    const struct table_column *columns; /* those behind the name */
    size_t count;
};

/* NULL: a kind without columns of its own (name and age). */
const struct table_kind *table_kind_of(const struct api_resource *r);

/* ---- cells ---- */

const struct val *cell_age(const struct cell_call *c);      /* of arg, default creationTimestamp */
const struct val *cell_text(const struct cell_call *c);     /* "" where absent */
const struct val *cell_or_none(const struct cell_call *c);  /* "<none>" */
const struct val *cell_or_unset(const struct cell_call *c); /* "<unset>" */
const struct val *cell_or_na(const struct cell_call *c);    /* "N/A" */
const struct val *cell_int(const struct cell_call *c);      /* 0 */
const struct val *cell_count(const struct cell_call *c);    /* entries, of several paths summed */
const struct val *cell_bool(const struct cell_call *c);     /* "True", "False", "<unset>" */
const struct val *cell_labels(const struct cell_call *c);   /* of a map */
const struct val *cell_selector(const struct cell_call *c); /* of a LabelSelector */
const struct val *cell_time(const struct cell_call *c);     /* as it stands */
const struct val *cell_containers(const struct cell_call *c);
const struct val *cell_images(const struct cell_call *c);
const struct val *cell_ratio(const struct cell_call *c);  /* "a/b" of two paths */
const struct val *cell_joined(const struct cell_call *c); /* "Kind/name" of a map */
const struct val *cell_phase(const struct cell_call *c);  /* Terminating once deleted */
const struct val *cell_access_modes(const struct cell_call *c);
const struct val *cell_subjects(const struct cell_call *c);
const struct val *cell_quota(const struct cell_call *c);
const struct val *cell_endpoints(const struct cell_call *c);
const struct val *cell_slice_ports(const struct cell_call *c);
const struct val *cell_slice_endpoints(const struct cell_call *c);
const struct val *cell_pod_ready(const struct cell_call *c);
const struct val *cell_pod_status(const struct cell_call *c);
const struct val *cell_pod_restarts(const struct cell_call *c);
const struct val *cell_pod_ip(const struct cell_call *c);
const struct val *cell_readiness_gates(const struct cell_call *c);
const struct val *cell_service_external(const struct cell_call *c);
const struct val *cell_service_ports(const struct cell_call *c);
const struct val *cell_cluster_ip(const struct cell_call *c);
const struct val *cell_job_status(const struct cell_call *c);
const struct val *cell_job_completions(const struct cell_call *c);
const struct val *cell_job_duration(const struct cell_call *c);
const struct val *cell_ingress_hosts(const struct cell_call *c);
const struct val *cell_ingress_address(const struct cell_call *c);
const struct val *cell_ingress_ports(const struct cell_call *c);
const struct val *cell_hpa_targets(const struct cell_call *c);
const struct val *cell_hpa_min(const struct cell_call *c);
const struct val *cell_event_last(const struct cell_call *c);
const struct val *cell_event_first(const struct cell_call *c);
const struct val *cell_event_object(const struct cell_call *c);
const struct val *cell_event_source(const struct cell_call *c);
const struct val *cell_event_count(const struct cell_call *c);
const struct val *cell_node_status(const struct cell_call *c);
const struct val *cell_node_roles(const struct cell_call *c);
const struct val *cell_node_address(const struct cell_call *c);
const struct val *cell_or_unknown(const struct cell_call *c);
const struct val *cell_claim(const struct cell_call *c);

#endif
