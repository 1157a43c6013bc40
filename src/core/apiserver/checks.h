/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/checks.h - the small rules that validation of every kind is made of, in Kubernetes' words.
 *
 * Each adds what is wrong to the list and says whether all was well. Source of truth: apimachinery pkg/util/validation,
 * pkg/api/validate/content, pkg/api/validation (1.35).
 */
#ifndef CORE_APISERVER_CHECKS_H
#define CORE_APISERVER_CHECKS_H

#include "core/apiserver/status.h"

struct check {
    struct arena *arena;
    struct field_errors *errs;
};

/* ---- places ---- */

/* "spec" and "ports" give "spec.ports"; an empty parent gives the child. */
struct str at_field(const struct check *c, struct str parent, const char *child);
struct str at_index(const struct check *c, struct str parent, size_t index);
struct str at_key(const struct check *c, struct str parent, struct str key); /* parent[key] */

/* ---- reports ---- */

void check_required(const struct check *c, struct str field, const char *detail);
void check_invalid(const struct check *c, struct str field, const struct val *v,
                   const char *detail);
void check_invalid_text(const struct check *c, struct str field, struct str value,
                        struct str detail);
void check_forbidden(const struct check *c, struct str field, const char *detail);
void check_duplicate(const struct check *c, struct str field, const struct val *v);
void check_too_long(const struct check *c, struct str field, size_t bytes_max);
/* `supported` is "A,B,C"; the list in the message is in that order. */
void check_not_supported(const struct check *c, struct str field, const struct val *v,
                         const char *supported);

/* ---- rules ---- */

/* v is one of "A,B,C"; else Unsupported value. */
bool check_one_of(const struct check *c, struct str field, const struct val *v,
                  const char *supported);
bool check_non_negative(const struct check *c, struct str field, const struct val *v);
bool check_port(const struct check *c, struct str field, const struct val *v);
bool check_port_name(const struct check *c, struct str field, struct str name);
bool check_dns_label(const struct check *c, struct str field, struct str name);     /* RFC 1123 */
bool check_dns_subdomain(const struct check *c, struct str field, struct str name); /* RFC 1123 */
bool check_dns1035_label(const struct check *c, struct str field, struct str name);
bool check_path_segment(const struct check *c, struct str field, struct str name);
bool check_qualified_name(const struct check *c, struct str field,
                          struct str name); /* label keys, finalizers */
bool check_label_value(const struct check *c, struct str field, struct str value);
bool check_labels(const struct check *c, struct str field, const struct val *labels);
bool check_config_key(const struct check *c, struct str field, struct str key);
bool check_env_name(const struct check *c, struct str field, struct str name);
bool check_ip(const struct check *c, struct str field, struct str text);
/* A LabelSelector; NULL is fine. */
bool check_label_selector(const struct check *c, struct str field, const struct val *selector);
/* v equals old; else "field is immutable". */
bool check_immutable(const struct check *c, struct str field, const struct val *v,
                     const struct val *old);

/* ---- the rules alone ---- */

bool is_dns_label(struct str s);
bool is_dns_subdomain(struct str s);
bool is_cidr(struct str s);
bool is_ip(struct str s); /* IPv4 in four decimals without leading zeros, or IPv6 */
/* What is wrong with a label key or value; "" nothing. */
struct str label_key_problem(struct arena *a, struct str key);
struct str label_value_problem(struct arena *a, struct str value);

#endif
