/* SPDX-License-Identifier: Apache-2.0 */
/*
 * core/apiserver/names.h - what names may look like, and what Kubernetes says when they do not.
 */
#ifndef CORE_APISERVER_NAMES_H
#define CORE_APISERVER_NAMES_H

#include "base/str.h"
#include "base/vec.h"

struct name_problems {
    struct str *items;
    size_t count;
    size_t cap;
};

void name_dns_label(struct arena *a, struct str s, struct name_problems *ret);
void name_dns_subdomain(struct arena *a, struct str s, struct name_problems *ret);
void name_dns1035_label(struct arena *a, struct str s, struct name_problems *ret);
void name_path_segment(struct arena *a, struct str s, struct name_problems *ret);
void name_label_key(struct arena *a, struct str s, struct name_problems *ret);
void name_label_value(struct arena *a, struct str s, struct name_problems *ret);
void name_port(struct arena *a, struct str s, struct name_problems *ret);
void name_config_key(struct arena *a, struct str s, struct name_problems *ret);
void name_env(struct arena *a, struct str s, struct name_problems *ret);

#endif
